//! The service graph, summed from the calls of every minute.

use std::sync::Arc;

use crate::clock::Time;
use crate::store::graph::{Edge, Nature, Service, ServiceGraph, ServiceKey, ServicePoint, Statistics};

use super::calls::{self, BUCKETS, Calls, Counting};
use super::core::Core;
use super::node::{self, NODES, Node};
use super::time::{self, MINUTE_MS};
use super::vocabulary::ISSUERS;

/// What one service answered over a window.
struct Sum {
    verdicts: [u64; 4],
    total_ms: u64,
    histogram: Vec<u64>,
}

impl Sum {
    fn over(minutes: &[Arc<Calls>], node: Node) -> Self {
        let mut sum = Self { verdicts: [0; 4], total_ms: 0, histogram: vec![0; BUCKETS] };
        for answers in minutes.iter().map(|calls| calls.answers(node)) {
            for (total, n) in sum.verdicts.iter_mut().zip(answers.verdicts) {
                *total += u64::from(n);
            }
            sum.total_ms += answers.total_ms;
            for (bucket, n) in answers.histogram() {
                sum.histogram[bucket] += n;
            }
        }
        sum
    }

    fn statistics(&self) -> Statistics {
        let [ok, error, throttle, fault] = self.verdicts;
        let filled = self.histogram.iter().enumerate().filter(|(_, n)| **n > 0);
        Statistics {
            ok,
            error: error + throttle,
            throttle,
            error_other: error,
            fault,
            fault_other: fault,
            total: ok + error + throttle + fault,
            total_time_s: self.total_ms as f64 / 1000.0,
            histogram: filled.map(|(bucket, n)| (f64::from(calls::value_ms(bucket)) / 1000.0, *n)).collect(),
            durations: Vec::new(),
        }
    }
}

impl Core {
    /// The service graph of attempts that ended in `[from, to)`, of one issuer where one is named.
    pub(super) fn graph(&self, from: Time, to: Time, issuer: Option<&str>) -> ServiceGraph {
        let minutes = self.calls(from, to, issuer);
        let mut services = vec![Service {
            key: node::client(),
            state: "unknown".to_owned(),
            nature: Nature::Client,
            ..Service::default()
        }];
        let mut edges = Vec::new();
        for node in NODES {
            let statistics = Sum::over(&minutes, node).statistics();
            let caller = node.caller().map_or_else(node::client, Node::key);
            edges.push(Edge { from: caller, to: node.key(), statistics: statistics.clone(), ..Edge::default() });
            let state = if node.reports() { "active" } else { "unknown" };
            services.push(Service {
                nature: Nature::of(node.kind(), state),
                key: node.key(),
                state: state.to_owned(),
                root: node.caller().is_none(),
                statistics,
                ..Service::default()
            });
        }
        edges.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
        ServiceGraph { services, edges, window: Some((from, to)), ..ServiceGraph::default() }
    }

    /// What a service answered in each period of `[from, to)`, aligned to the epoch; the client answers nothing.
    pub(super) fn service_trend(
        &self,
        service: &ServiceKey,
        (from, to): (Time, Time),
        period_s: u32,
        issuer: Option<&str>,
    ) -> Option<Vec<ServicePoint>> {
        let node = Node::of(service)?;
        let period_s = i64::from(period_s.max(1));
        let first = crate::clock::floor(from, period_s);
        let starts = (first.timestamp()..=to.timestamp()).step_by(period_s as usize);
        let point = |start_s: i64| {
            let at = time::instant(start_s * 1000);
            let end = time::instant((start_s + period_s) * 1000);
            let statistics = Sum::over(&self.calls(at.max(from), end.min(to), issuer), node).statistics();
            ServicePoint { at, statistics }
        };
        Some(starts.map(point).filter(|point| point.at < to).collect())
    }

    /// The calls of attempts that ended in `[from, to)`: whole minutes as they are kept, the rest counted anew.
    fn calls(&self, from: Time, to: Time, issuer: Option<&str>) -> Vec<Arc<Calls>> {
        let span = time::ms_from(from)..time::ms_from(to);
        if span.is_empty() {
            return Vec::new();
        }
        // What is kept of a minute: the calls of all, then those of each issuer.
        let part =
            issuer.and_then(|name| ISSUERS.iter().position(|(issuer, _)| *issuer == name)).map_or(0, |at| at + 1);
        let number = |minute: i64| minute * (ISSUERS.len() as i64 + 1) + part as i64;
        let minutes = span.start.div_euclid(MINUTE_MS)..=(span.end - 1).div_euclid(MINUTE_MS);
        let of_minute = |minute: i64| {
            let whole = minute * MINUTE_MS..(minute + 1) * MINUTE_MS;
            if span.start <= whole.start && whole.end <= span.end {
                return self.cache.calls.get(number(minute), || self.count_calls(&whole, issuer), Calls::cost);
            }
            Arc::new(self.count_calls(&(span.start.max(whole.start)..span.end.min(whole.end)), issuer))
        };
        minutes.map(of_minute).collect()
    }

    fn count_calls(&self, span: &std::ops::Range<i64>, issuer: Option<&str>) -> Calls {
        let mut counting = Counting::new();
        self.each_near(span, 1, |request| {
            let is_told = issuer.is_none_or(|issuer| request.cell.issuer_name() == issuer);
            if is_told && span.contains(&request.end) {
                node::calls(request, |node, call| counting.count(node, call));
            }
        });
        counting.seal()
    }
}
