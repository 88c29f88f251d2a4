//! Traces: finding them, and what their summaries say.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::clock::Time;

use super::core::Core;
use super::lines;
use super::node::{self, Node};
use super::request::Request;
use super::segments;
use super::steps::Verdict;
use super::time;
use super::{TraceRecord, TraceSummary};

/// The method of every request.
pub(super) const METHOD: &str = "POST";
/// Its URL.
pub(super) const URL: &str = "https://token-api.example.com/prod/tokens";

impl Core {
    /// A trace with what had happened by `now`.
    pub(super) fn trace(&self, id: &str, now: Time) -> Option<TraceRecord> {
        self.traces(&[id], now).pop()
    }

    /// Traces with what had happened by `now`.
    pub(super) fn traces(&self, ids: &[&str], now: Time) -> Vec<TraceRecord> {
        let now = now.timestamp_millis();
        let seconds: HashSet<i64> = ids.iter().filter_map(|id| epoch_of(id)).collect();
        let ids: HashSet<&str> = ids.iter().copied().collect();
        let minutes: BTreeSet<i64> = seconds.iter().map(|second| second.div_euclid(60)).collect();
        // What started in a minute may stand with the minute before.
        let bases: BTreeSet<i64> = minutes.iter().flat_map(|minute| [minute - 1, *minute]).collect();
        let mut found: HashMap<String, Request<'_>> = HashMap::new();
        for base in bases {
            self.each(base, |request| {
                if seconds.contains(&request.start.div_euclid(1000)) && request.start <= now {
                    let id = lines::trace_id_of(request);
                    if ids.contains(id.as_str()) {
                        found.insert(id, *request);
                    }
                }
            });
        }
        let record = |(id, request): (String, Request<'_>)| {
            let known = request.end.min(now) - request.start;
            let segments = segments::documents(self, &request, now);
            TraceRecord { id, duration_s: known as f64 / 1000.0, segments }
        };
        found.into_iter().map(record).collect()
    }

    /// Summaries of traces that ended in `[from, to)`, ascending by end.
    pub(super) fn trace_summaries(&self, from: Time, to: Time) -> Vec<TraceSummary> {
        let span = time::ms_from(from)..time::ms_from(to);
        let mut ended = Vec::new();
        self.each_near(&span, 1, |request| {
            if span.contains(&request.end) {
                ended.push(*request);
            }
        });
        ended.sort_unstable_by_key(|request| (request.end, request.sequence(true)));
        ended.iter().map(|request| self.summary(request)).collect()
    }

    fn summary(&self, request: &Request<'_>) -> TraceSummary {
        let mut services: Vec<Node> = Vec::new();
        let (mut fault, mut error, mut throttle) = (false, false, false);
        node::calls(request, |node, call| {
            if !services.contains(&node) {
                services.push(node);
            }
            match call.verdict {
                Verdict::Ok => {}
                Verdict::Error => error = true,
                Verdict::Throttle => (error, throttle) = (true, true),
                Verdict::Fault => fault = true,
            }
        });
        let duration_s = f64::from(request.took()) / 1000.0;
        let status = segments::status(request);
        let annotated = vec![Node::Service.name().to_owned()];
        let annotations = segments::annotations(self, request);
        TraceSummary {
            id: lines::trace_id_of(request),
            start: time::instant(request.start),
            duration_s,
            response_time_s: duration_s,
            fault,
            error,
            throttle,
            http: (METHOD.to_owned(), URL.to_owned(), status),
            annotations: annotations.map(|(key, value)| (key.to_owned(), value, annotated.clone())).into(),
            services: services.into_iter().map(Node::key).collect(),
        }
    }
}

/// The second in which a trace started, from its id `1-<8 hex>-<24 hex>`.
fn epoch_of(id: &str) -> Option<i64> {
    let (epoch, tail) = id.strip_prefix("1-")?.split_once('-')?;
    let is_well_formed = epoch.len() == 8 && tail.len() == 24;
    is_well_formed.then(|| i64::from_str_radix(epoch, 16).ok()).flatten()
}
