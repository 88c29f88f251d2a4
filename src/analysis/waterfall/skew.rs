//! Clocks that differ: a called service whose segment begins before the call to it, or ends after it.

use super::words::label;
use crate::store::trace::{Span, SpanKind, Trace};
use crate::text::units;

/// What times may differ by for nothing: X-Ray's are written to the millisecond.
const NOISE_S: f64 = 0.001_000_5;

/// The clocks of two hosts as one call shows them.
#[derive(Debug, Clone, PartialEq)]
pub struct Skew {
    /// The row of the call.
    pub call: usize,
    /// The row of the segment that was called.
    pub called: usize,
    /// The service that called.
    pub from: String,
    /// The service that was called.
    pub to: String,
    /// Seconds by which the called one began before the call; 0 where it did not.
    pub early_s: f64,
    /// Seconds by which it ended after the call; 0 where it did not.
    pub late_s: f64,
}

impl Skew {
    /// The clocks differ by at least this much, in seconds.
    pub const fn least_s(&self) -> f64 {
        self.early_s.max(self.late_s)
    }

    /// What is said of it.
    pub fn words(&self) -> String {
        let Self { from, to, early_s, late_s, .. } = self;
        let value = |seconds: &f64| units::value(*seconds, crate::board::Unit::Seconds);
        let differ = "their clocks differ";
        match (*early_s > 0.0, *late_s > 0.0) {
            (true, false) => format!("{to} begins {} before {from} calls it: {differ}", value(early_s)),
            (true, true) => {
                let (early, late) = (value(early_s), value(late_s));
                format!("{to} begins {early} before {from} calls it and ends {late} after: {differ}")
            }
            (false, _) => {
                let late = value(late_s);
                format!("{to} ends {late} after the call from {from}: {differ}, or the call did not wait for it")
            }
        }
    }
}

/// Where a trace shows that clocks differ: the largest first, of calls between the same two services the worst alone.
///
/// The tree and its times stay as they are. A message to a queue or a call that waits for no answer may be worked on after
/// it: of those only a beginning before the call counts.
pub fn skews(trace: &Trace) -> Vec<Skew> {
    // For each row the segment that it is a part of.
    let mut segments: Vec<usize> = Vec::with_capacity(trace.spans.len());
    let mut found: Vec<Skew> = Vec::new();
    for (row, span) in trace.spans.iter().enumerate() {
        let is_own = span.kind == SpanKind::Segment;
        let above = span.parent.and_then(|parent| segments.get(parent)).copied();
        segments.push(if is_own { row } else { above.unwrap_or(row) });
        let (Some(call), Some(above)) = (span.parent, above) else { continue };
        if !is_own {
            continue;
        }
        let (Some(caller), Some(from)) = (trace.spans.get(call), trace.spans.get(above)) else { continue };
        let beyond = |seconds: f64| if seconds > NOISE_S { seconds } else { 0.0 };
        let early_s = beyond(caller.start_s - span.start_s);
        let late_s = match (caller.end_s, span.end_s) {
            (Some(answered), Some(end)) if span.start_s <= answered => beyond(end - answered),
            _ => 0.0,
        };
        // Whether a call waits is looked up only where that counts.
        let late_s = if late_s > 0.0 && waits(caller) { late_s } else { 0.0 };
        if early_s > 0.0 || late_s > 0.0 {
            found.push(Skew { call, called: row, from: label(from), to: label(span), early_s, late_s });
        }
    }
    // Stable: of equal ones the first stays.
    found.sort_by(|a, b| b.least_s().total_cmp(&a.least_s()));
    let mut said: std::collections::HashSet<(String, String)> = std::collections::HashSet::new();
    found.retain(|skew| said.insert((skew.from.clone(), skew.to.clone())));
    found
}

/// Whether a call lasts until it is answered.
fn waits(call: &Span) -> bool {
    /// Calls that hand something over and end.
    const HANDS_OVER: [&str; 9] = [
        "SendMessage",
        "SendMessageBatch",
        "Publish",
        "PublishBatch",
        "PutEvents",
        "InvokeAsync",
        "StartExecution",
        "PutRecord",
        "PutRecords",
    ];
    // A service's own record of a call that it only took in, as Lambda's of an event.
    let status = call.document.pointer("/http/response/status").and_then(serde_json::Value::as_u64);
    let is_event = call.document.pointer("/aws/invocation_type").is_some_and(|kind| kind == "Event");
    !HANDS_OVER.contains(&call.operation.as_str()) && status != Some(202) && !is_event
}
