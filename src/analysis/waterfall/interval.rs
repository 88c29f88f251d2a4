//! Spans as intervals of time.

use crate::store::trace::{Span, Trace};

/// Start and end of a span in epoch seconds; one that has not ended lasts to `now`, the end of what is known.
pub(super) fn of(span: &Span, now: f64) -> (f64, f64) {
    let end = span.end_s.unwrap_or(now);
    (span.start_s, end.max(span.start_s))
}

/// The part of an interval that lies within another; `None` where they do not meet.
pub(super) fn within((from, to): (f64, f64), (low, high): (f64, f64)) -> Option<(f64, f64)> {
    let (from, to) = (from.max(low), to.min(high));
    (from < to).then_some((from, to))
}

/// The end of what is known of a trace.
pub(super) fn last(trace: &Trace) -> f64 {
    trace.span().map_or(0.0, |(_, end)| end)
}
