//! The log group to which Transaction Search writes every span of every trace.

use std::ops::Range;

use serde_json::{Map, Value, json};

use super::core::Core;
use super::lines;
use super::logs::Draft;
use super::request::Request;
use super::segments;

/// Its name.
pub(super) const SPANS: &str = "aws/spans";
/// Spans of one trace at the same instant that are told apart.
const AT_ONCE: u64 = 32;

impl Core {
    /// The spans of the traces that ended in a span of milliseconds, each at its own end.
    pub(super) fn span_drafts(&self, span: &Range<i64>) -> Vec<Draft<String>> {
        let mut drafts = Vec::new();
        self.each_near(span, 1, |request| {
            if request.end < span.start || request.start >= span.end {
                return;
            }
            let mut number = 0;
            for (_, document) in segments::documents(self, request, i64::MAX) {
                let service = document.get("name").cloned().unwrap_or_default();
                walk(&document, &mut |part| {
                    number += 1;
                    let Some((ms, about)) = record(request, part, &service) else { return };
                    if span.contains(&ms) {
                        let sequence = request.sequence(true) * AT_ONCE + number % AT_ONCE;
                        drafts.push(Draft { ms, sequence, key: request.key, about });
                    }
                });
            }
        });
        drafts
    }
}

fn walk(document: &Value, seen: &mut impl FnMut(&Value)) {
    seen(document);
    for child in document.get("subsegments").and_then(Value::as_array).into_iter().flatten() {
        walk(child, seen);
    }
}

/// A segment as a span, with its end in milliseconds; none while it is in progress.
fn record(request: &Request<'_>, segment: &Value, service: &Value) -> Option<(i64, String)> {
    let instant = |name: &str| segment.get(name).and_then(Value::as_f64).map(|seconds| (seconds * 1e3).round() as i64);
    let (start, end) = (instant("start_time")?, instant("end_time")?);
    let is = |name: &str| segment.get(name) == Some(&Value::Bool(true));
    let code = if is("fault") || is("error") { "ERROR" } else { "UNSET" };
    let trace: String = lines::trace_id_of(request).chars().skip(2).filter(|c| *c != '-').collect();
    let attributes = segment.get("annotations").and_then(Value::as_object).cloned().unwrap_or_else(Map::new);
    let span = json!({
        "resource": { "attributes": { "service.name": service } },
        "traceId": trace,
        "spanId": segment.get("id"),
        "name": segment.get("name"),
        "startTimeUnixNano": start * 1_000_000,
        "endTimeUnixNano": end * 1_000_000,
        "durationNano": (end - start) * 1_000_000,
        "attributes": attributes,
        "status": { "code": code },
    });
    Some((end, span.to_string()))
}
