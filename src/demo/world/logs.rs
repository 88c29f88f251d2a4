//! Log groups, and the events of each as one ordered row.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::clock::Time;

use super::core::Core;
use super::dice::{About, Key};
use super::lines;
use super::metrics::NAMESPACE;
use super::orders;
use super::payments::{self, STAGES};
use super::request::Request;
use super::spans::SPANS;
use super::text::digits;
use super::time::{self, DAY_MINUTES, MINUTE_MS};
use super::{LogGroup, LogRecord, MetricFilter};

/// The token service's group.
pub(super) const TOKENS: &str = "/aws/lambda/token-provisioning-service";
/// CloudTrail's group.
pub(super) const TRAIL: &str = "aws-cloudtrail-logs-demo";
/// The shop's group.
pub(super) const ORDERS: &str = "/website/orders";
/// What the groups of payment stages begin with.
pub(super) const PAYMENTS: &str = "/payments/";

/// Streams that a group writes to at a time.
const STREAMS: u64 = 5;

/// When the groups were created: 2025-06-02T09:00:00Z, in milliseconds since the epoch.
const CREATED_MS: i64 = 1_748_854_800_000;

/// Every log group, by name.
pub(super) fn groups() -> Vec<LogGroup> {
    let group = |name: String, retention_days| LogGroup { name, created: time::instant(CREATED_MS), retention_days };
    let mut all = vec![group(TOKENS.to_owned(), 30), group(TRAIL.to_owned(), 90), group(ORDERS.to_owned(), 14)];
    all.extend(STAGES.iter().map(|stage| group(format!("{PAYMENTS}{}", stage.name), 30)));
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// The group of Transaction Search.
pub(super) fn spans() -> LogGroup {
    LogGroup { name: SPANS.to_owned(), created: time::instant(CREATED_MS), retention_days: 30 }
}

/// Every metric filter, by name.
pub(super) fn filters() -> Vec<MetricFilter> {
    let filter = |metric: &str, event: &str, value: &str, unit| MetricFilter {
        name: metric.to_owned(),
        log_group: TOKENS.to_owned(),
        pattern: format!("{{ $.event = \"{event}\" }}"),
        namespace: NAMESPACE.to_owned(),
        metric: metric.to_owned(),
        value: value.to_owned(),
        unit,
    };
    vec![
        filter("FailedTokenProvisioning", "TOKEN_PROVISION_FAILURE", "1", "Count"),
        filter("SuccessfulTokenProvisioning", "TOKEN_PROVISION_SUCCESS", "1", "Count"),
        filter("TokenProvisioningLatencyFromLogs", "TOKEN_PROVISION_SUCCESS", "$.processingTime", "Seconds"),
    ]
}

/// An event before it is written: what orders it, and what it is about.
pub(super) struct Draft<T> {
    /// Milliseconds since the epoch.
    pub(super) ms: i64,
    /// Its place among events of the same millisecond, unique there.
    pub(super) sequence: u64,
    /// Whose randomness chooses stream and id.
    pub(super) key: Key,
    /// What it is about.
    pub(super) about: T,
}

impl Core {
    /// Events of a group in `[from, to)`, ascending.
    pub(super) fn log_events(&self, group: &str, from: Time, to: Time) -> Vec<LogRecord> {
        let span = time::ms_from(from)..time::ms_from(to);
        if span.is_empty() {
            return Vec::new();
        }
        match group {
            TOKENS => {
                let mut records = self.record(group, self.token_drafts(&span), |draft, line| {
                    let (request, is_end) = &draft.about;
                    lines::token(self, request, *is_end, line);
                });
                if let Some(loading) = &self.loading {
                    records.extend(loading.records(&span));
                    records.sort_by(|a, b| (a.time, &a.id).cmp(&(b.time, &b.id)));
                }
                records
            }
            TRAIL => self.record(group, self.trail_drafts(&span), |draft, line| {
                self.write_trail(draft.ms, draft.key, &draft.about, line);
            }),
            SPANS => self.record(group, self.span_drafts(&span), |draft, line| line.push_str(&draft.about)),
            ORDERS => self.record(group, self.order_drafts(&span), |draft, line| {
                orders::write(draft.ms, &draft.about, line);
            }),
            other => {
                let stage = other.strip_prefix(PAYMENTS).and_then(|name| STAGES.iter().position(|s| s.name == name));
                stage.map_or_else(Vec::new, |stage| {
                    self.record(group, self.payment_drafts(stage, &span), |draft, line| {
                        payments::write(&draft.about, line);
                    })
                })
            }
        }
    }

    /// Events of CloudTrail's group in `[from, to)` that are about changes, ascending.
    pub(super) fn change_events(&self, from: Time, to: Time) -> Vec<LogRecord> {
        let mut drafts = Vec::new();
        self.change_drafts(&(time::ms_from(from)..time::ms_from(to)), &mut drafts);
        self.record(TRAIL, drafts, |draft, line| self.write_trail(draft.ms, draft.key, &draft.about, line))
    }

    /// Attempts' starts (`false`) and ends (`true`) in a span of milliseconds.
    fn token_drafts(&self, span: &std::ops::Range<i64>) -> Vec<Draft<(Request<'_>, bool)>> {
        let mut drafts = Vec::new();
        self.each_near(span, 1, |request| {
            for (ms, is_end) in [(request.start, false), (request.end, true)] {
                if span.contains(&ms) {
                    let sequence = request.sequence(is_end);
                    drafts.push(Draft { ms, sequence, key: request.key, about: (*request, is_end) });
                }
            }
        });
        drafts
    }

    /// Draws the attempts of every base minute that touches a span of milliseconds, and of some minutes before.
    pub(super) fn each_near<'w>(
        &'w self,
        span: &std::ops::Range<i64>,
        before: i64,
        mut visit: impl FnMut(&Request<'w>),
    ) {
        if span.is_empty() {
            return;
        }
        for base in span.start.div_euclid(MINUTE_MS) - before..=(span.end - 1).div_euclid(MINUTE_MS) {
            self.each(base, &mut visit);
        }
    }

    /// Orders drafts and writes them out as records.
    pub(super) fn record<T>(
        &self,
        group: &str,
        mut drafts: Vec<Draft<T>>,
        text: impl Fn(&Draft<T>, &mut String),
    ) -> Vec<LogRecord> {
        drafts.sort_unstable_by_key(|draft| (draft.ms, draft.sequence));
        let mut streams = Streams::of(self.key, group);
        let write = |draft: &Draft<T>| {
            let mut message = String::with_capacity(384);
            text(draft, &mut message);
            let (time, id) = (time::instant(draft.ms), event_id(draft.ms, draft.sequence, draft.key));
            LogRecord { time, stream: streams.at(draft.ms, draft.key), id, message }
        };
        drafts.iter().map(write).collect()
    }
}

/// An event id: 56 digits, ascending with time and then sequence.
fn event_id(ms: i64, sequence: u64, key: Key) -> String {
    let noise = key.of(About::EventId);
    let mut id = String::with_capacity(56);
    id.push_str("38");
    digits(&mut id, ms.unsigned_abs(), 13);
    digits(&mut id, sequence, 9);
    digits(&mut id, noise.bits(), 16);
    digits(&mut id, noise.with(1).bits(), 16);
    id
}

/// The streams of a group, a handful a day.
struct Streams {
    key: Key,
    is_trail: bool,
    day: i64,
    names: Vec<Arc<str>>,
}

impl Streams {
    fn of(world: Key, group: &str) -> Self {
        let key = group.bytes().fold(world.of(About::Stream), |key, byte| key.with(u64::from(byte)));
        Self { key, is_trail: group == TRAIL, day: i64::MIN, names: Vec::new() }
    }

    /// The stream of an event: a request's lines of one day are in the same.
    fn at(&mut self, ms: i64, key: Key) -> Arc<str> {
        let day = ms.div_euclid(DAY_MINUTES * MINUTE_MS);
        if day != self.day {
            self.day = day;
            self.names = (0..STREAMS).map(|number| self.name(day, number)).collect();
        }
        Arc::clone(&self.names[key.of(About::Stream).below(STREAMS) as usize])
    }

    fn name(&self, day: i64, number: u64) -> Arc<str> {
        if self.is_trail {
            return format!("123456789012_CloudTrail_us-east-1_{}", number + 1).into();
        }
        let id = self.key.with(day as u64).with(number);
        let mut name = String::with_capacity(50);
        let date = time::start_of(day * DAY_MINUTES).format("%Y/%m/%d");
        // Writing to a String cannot fail.
        let _ = write!(name, "{date}/[$LATEST]{:016x}{:016x}", id.bits(), id.with(1).bits());
        name.into()
    }
}
