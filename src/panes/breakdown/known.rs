//! What follows from the answers, worked out once for each.

use crate::analysis::breakdown::{Slice, add_latencies, reverse, slices};
use crate::analysis::cells::Cells;
use crate::analysis::suspects::{Finding, find, query};
use crate::clock::Time;
use crate::panes::Cx;
use crate::panes::breakdown::BreakdownPane;
use crate::panes::breakdown::ask::{Asks, answer};
use crate::store::health::Feed;
use crate::store::rows::{LogQuery, LogRows};

/// What is known of the cells and the suspects among them.
#[derive(Debug)]
pub(super) struct Known {
    /// Which answers it follows from.
    of: [Option<Time>; 2],
    /// Everything that ended, by all fields that may be causes.
    pub(super) cells: Cells,
    /// The suspects.
    pub(super) finding: Finding,
    /// Whether there were more combinations than AWS returns.
    pub(super) is_cut: bool,
}

impl BreakdownPane {
    /// Brings what is known up to date with the store.
    pub(super) fn keep_up(&mut self, cx: &Cx<'_>) {
        let Some((asks, [bad, good])) = self.answers(cx) else { return };
        let of = [bad.health.changed(), good.health.changed()];
        if self.known.as_ref().is_some_and(|known| known.of == of) {
            return;
        }
        let (Some(rules), Some(fields)) = (cx.board.feed.as_ref(), self.fields(cx)) else { return };
        let cells = Cells::gather(&fields.causes, rules, &bad.data, &good.data);
        let is_cut = asks.cells.iter().any(|query| answer(cx, query).is_some_and(|a| query::is_cut(a.data.rows.len())));
        let finding = find(&cells);
        self.known = Some(Known { of, cells, finding, is_cut });
    }

    /// The counts of both windows, once both are complete.
    fn answers<'a>(&self, cx: &Cx<'a>) -> Option<(Asks, [&'a Feed<LogRows>; 2])> {
        let asks = self.queries(cx)?;
        let [bad, good] = &asks.cells;
        let both = [complete(cx, bad)?, complete(cx, good)?];
        Some((asks, both))
    }

    /// The requests by the chosen field, as far as they are known.
    pub(super) fn slices(&self, cx: &Cx<'_>) -> Option<(String, Vec<Slice>)> {
        let (asks, windows, rules) = (self.queries(cx)?, self.windows(cx)?, cx.board.feed.as_ref()?);
        let field = self.field(self.fields(cx)?)?;
        let mut slices = match &asks.own {
            None => slices(&self.known.as_ref()?.cells.only(&self.target.path), &field, windows, self.order),
            Some([bad, good]) => {
                let (bad, good) = (complete(cx, bad)?, complete(cx, good)?);
                let cells = Cells::gather(std::slice::from_ref(&field), rules, &bad.data, &good.data);
                slices(&cells, &field, windows, self.order)
            }
        };
        if let Some(latencies) = asks.latencies.as_ref().and_then(|query| complete(cx, query)) {
            add_latencies(&mut slices, &field, &latencies.data, self.order);
        }
        if self.is_reversed {
            reverse(&mut slices, self.order);
        }
        Some((field, slices))
    }
}

/// An answer that is complete.
pub(super) fn complete<'a>(cx: &Cx<'a>, query: &LogQuery) -> Option<&'a Feed<LogRows>> {
    answer(cx, query).filter(|answer| !answer.data.running && answer.health.trouble().is_none())
}
