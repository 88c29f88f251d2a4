//! What is worked out of a trace once, for all of its rows.

use super::name;
use crate::analysis::waterfall::{Gap, Skew, Waterfall};
use crate::store::trace::Trace;
use crate::widgets::waterfall::room;

/// A trace's figures by its rows.
#[derive(Debug, Default)]
pub(super) struct Figures {
    waterfall: Waterfall,
    /// From when to when the critical path goes through each row, in epoch seconds.
    sections: Vec<Vec<(f64, f64)>>,
    /// Rows by their own time, the greatest first.
    slowest: Vec<usize>,
    /// Cells of the longest name with its indent.
    pub(super) names: u16,
    /// Earliest start and latest end in epoch seconds.
    pub(super) extent: (f64, f64),
    /// What is to be said of the trace as a whole, the weightiest first.
    pub(super) notes: Vec<String>,
}

impl Figures {
    /// Those of a trace.
    pub(super) fn of(trace: &Trace) -> Self {
        let waterfall = Waterfall::of(trace);
        let sections = waterfall.path.by_row();
        let mut slowest: Vec<usize> = (0..trace.spans.len()).collect();
        let own = |row: usize| waterfall.own_s.get(row).copied().flatten().unwrap_or(-1.0);
        slowest.sort_by(|&a, &b| own(b).total_cmp(&own(a)).then(a.cmp(&b)));
        let mut notes = trace.problems.clone();
        // What is in progress says so in its row.
        let gaps = waterfall.gaps.iter().filter(|gap| !matches!(gap, Gap::InProgress { .. }));
        notes.extend(gaps.map(Gap::words));
        notes.extend(waterfall.skews.iter().map(Skew::words));
        let names = trace.spans.iter().map(|span| room(&name(span), span.depth)).max().unwrap_or_default();
        Self { waterfall, sections, slowest, names, extent: trace.span().unwrap_or_default(), notes }
    }

    /// The failure that others only pass on.
    pub(super) const fn culprit(&self) -> Option<usize> {
        self.waterfall.culprit
    }

    /// Seconds that a span spent itself.
    pub(super) fn own_s(&self, row: usize) -> Option<f64> {
        self.waterfall.own_s.get(row).copied().flatten()
    }

    /// When the trace's end waited for a span itself.
    pub(super) fn critical(&self, row: usize) -> &[(f64, f64)] {
        self.sections.get(row).map_or(&[], Vec::as_slice)
    }

    /// The next slower span; the slowest where there is none.
    pub(super) fn slower(&self, row: usize) -> Option<usize> {
        let place = self.slowest.iter().position(|other| *other == row)?;
        self.slowest.get(place.saturating_sub(1)).copied()
    }

    /// The span that is slowest after this one.
    pub(super) fn faster(&self, row: usize) -> Option<usize> {
        let place = self.slowest.iter().position(|other| *other == row)?;
        self.slowest.get(place + 1).copied()
    }

    /// The slowest of all.
    pub(super) fn slowest(&self) -> Option<usize> {
        self.slowest.first().copied()
    }
}
