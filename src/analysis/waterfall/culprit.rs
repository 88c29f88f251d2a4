//! The failure that others only pass on.

use std::cmp::Reverse;

use crate::store::trace::{Span, Trace};

/// The row of the failure that others only pass on: a fault before a refused call; those that say why before others, the
/// deepest, the first of them.
pub fn culprit(trace: &Trace) -> Option<usize> {
    let is_fault = trace.spans.iter().any(|span| span.fault);
    let failed = |span: &&Span| if is_fault { span.fault } else { span.has_failed() };
    let rows = trace.spans.iter().enumerate().filter(|(_, span)| failed(span));
    let worth = |(row, span): (usize, &Span)| (span.has_cause, span.depth, Reverse(row));
    rows.map(worth).max().map(|(_, _, row)| row.0)
}
