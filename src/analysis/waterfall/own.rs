//! Own time: what a span spent itself, and not what it called.

use super::interval;
use crate::store::trace::Trace;

/// Seconds that each span spent itself, by its row: its duration less the union of its children's intervals, each clipped
/// to its own. `None` while a span is in progress.
///
/// Children that run at once count once; what runs on after its parent counts as far as it lies within it.
pub fn own_s(trace: &Trace) -> Vec<Option<f64>> {
    let now = interval::last(trace);
    let own = |(row, span): (usize, &crate::store::trace::Span)| {
        let took = span.took_s()?;
        let whole = interval::of(span, now);
        // Children stand by their starts.
        let (mut below, mut covered) = (0.0, whole.0);
        for child in trace.children(row).filter_map(|child| trace.spans.get(child)) {
            let Some((from, to)) = interval::within(interval::of(child, now), (covered, whole.1)) else { continue };
            below += to - from;
            covered = to;
        }
        Some((took - below).max(0.0))
    };
    trace.spans.iter().enumerate().map(own).collect()
}

/// The row with the most own time, the first of several.
pub(super) fn slowest(own_s: &[Option<f64>]) -> Option<usize> {
    let known = own_s.iter().enumerate().filter_map(|(row, own)| Some((row, (*own)?)));
    known.rev().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(row, _)| row)
}
