//! Which log lines are a segment's own.

use std::collections::HashSet;

use crate::store::log::{LogEvent, RequestLines};
use crate::store::trace::{Span, SpanKind, Trace};

/// How far a line may stand outside of its segment: log events have whole milliseconds, and a logger takes its time.
const MARGIN_MS: f64 = 5.0;

/// The lines of a span among those that carry the identifiers of its request: those of its time, out of the log groups
/// that its service names; where it names none, those that no other service of the trace names.
///
/// Segments name log groups in `aws.cloudwatch_logs` (X-Ray segment documents, developer guide).
pub(super) fn own_lines<'a>(trace: &Trace, at: usize, answers: &[&'a RequestLines]) -> Vec<(&'a str, &'a LogEvent)> {
    let Some(span) = trace.spans.get(at) else { return Vec::new() };
    let groups = service(trace, at).map_or(&[][..], |service| &service.log_groups);
    let claimed: HashSet<&String> = trace.spans.iter().flat_map(|span| &span.log_groups).collect();
    let is_of_group =
        |group: &String| if groups.is_empty() { !claimed.contains(group) } else { groups.contains(group) };
    let from = span.start_s * 1000.0 - MARGIN_MS;
    let to = span.end_s.map_or(f64::MAX, |end| end * 1000.0 + MARGIN_MS);
    let is_of_time = |event: &LogEvent| (from..=to).contains(&(event.time.timestamp_millis() as f64));
    let mut lines: Vec<(&str, &LogEvent)> = Vec::new();
    for (group, event) in answers.iter().flat_map(|answer| &answer.lines) {
        // A line that carries two of the identifiers is in both answers.
        if is_of_group(group) && is_of_time(event) && !lines.iter().any(|(have, line)| have == group && *line == event)
        {
            lines.push((group, event));
        }
    }
    lines.sort_by_key(|(_, event)| event.time);
    lines
}

/// The request id that the service of a span has of its own, as Lambda gives one.
pub(super) fn request_id(trace: &Trace, at: usize) -> Option<&str> {
    service(trace, at)?.document.get("aws")?.get("request_id")?.as_str().filter(|id| !id.is_empty())
}

/// The segment that a span is part of: what one service did.
fn service(trace: &Trace, at: usize) -> Option<&Span> {
    let mut above = std::iter::successors(trace.spans.get(at), |span| trace.spans.get(span.parent?));
    above.find(|span| span.kind == SpanKind::Segment)
}
