//! The rows over time: which lines there are, which one the cursor is on, and which bin is read.

use crate::analysis::log_query::bins::{BinLine, Bins, bins};
use crate::app::action::Action;
use crate::clock::Time;
use crate::store::rows::LogRows;
use crate::widgets::chart::Kind;
use crate::widgets::list::ListState;

/// Lines that are drawn at a time; all of them are listed.
const MOST_DRAWN: usize = 12;

/// How the rows are looked at as a chart.
#[derive(Debug, Default)]
pub(super) struct Charting {
    /// Of which rows the bins are.
    revision: u64,
    bins: Option<Bins>,
    names: Vec<String>,
    /// The line under the cursor, by name.
    list: ListState<String>,
    pub(super) kind: Kind,
    /// Whether all figures are measured on one axis.
    pub(super) one_axis: bool,
    /// The bin that is read; the newest where there is none.
    pub(super) at: Option<Time>,
}

impl Charting {
    /// Takes in rows, if they are others than before.
    pub(super) fn sync(&mut self, rows: &LogRows, revision: u64) {
        if self.revision == revision {
            return;
        }
        self.revision = revision;
        self.bins = bins(&rows.rows);
        self.names = self.lines().iter().map(|line| line.name.clone()).collect();
        self.list.sync(&self.names);
    }

    /// The bins, where the rows have such, with the list of their lines.
    pub(super) const fn parts(&mut self) -> (Option<&Bins>, &mut ListState<String>) {
        (self.bins.as_ref(), &mut self.list)
    }

    /// Whether there is a chart of the rows.
    pub(super) const fn is_chart(&self) -> bool {
        self.bins.is_some()
    }

    /// How many lines there are.
    pub(super) fn count(&self) -> usize {
        self.lines().len()
    }

    /// Whether there are figures of several measures.
    pub(super) fn has_sizes(&self) -> bool {
        self.bins.as_ref().is_some_and(|bins| bins.figures.iter().any(|(_, differs)| *differs))
    }

    fn lines(&self) -> &[BinLine] {
        self.bins.as_ref().map_or(&[], |bins| &bins.lines)
    }

    /// The lines that are drawn, by number: that under the cursor first, as it lies on top, and the first ones.
    pub(super) fn drawn(&self) -> Vec<usize> {
        let cursor = self.list.row();
        let first = (0..self.count()).filter(|nth| *nth != cursor).take(MOST_DRAWN - 1);
        std::iter::once(cursor).filter(|nth| *nth < self.count()).chain(first).collect()
    }

    /// The first column that tells the line under the cursor from others, with its value.
    pub(super) fn key(&self) -> Option<(String, String)> {
        self.lines().get(self.list.row())?.keys.first().cloned()
    }

    /// The name of the line under the cursor.
    pub(super) fn name(&self) -> Option<&str> {
        self.lines().get(self.list.row()).map(|line| line.name.as_str())
    }

    /// Moves from line to line and from bin to bin; returns whether it had use for the action.
    pub(super) fn on(&mut self, action: Action) -> bool {
        match action {
            Action::ChartKind => self.kind = self.kind.next(),
            Action::OtherAxis => self.one_axis = !self.one_axis,
            Action::Left | Action::Right => self.read(action),
            action => return self.list.on(action, &self.names),
        }
        true
    }

    fn read(&mut self, action: Action) {
        let mut times: Vec<Time> = self.lines().iter().flat_map(|line| line.points.iter().map(|(at, _)| *at)).collect();
        times.sort_unstable();
        times.dedup();
        let Some(last) = times.len().checked_sub(1) else { return };
        let at = self.at.map_or(last + 1, |at| times.partition_point(|time| *time < at));
        // Beyond the newest bin nothing is read.
        self.at = match action {
            Action::Left => times.get(at.saturating_sub(1).min(last)).copied(),
            _ => times.get(at + 1).copied(),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_can_be_reached_and_every_bin_read() {
        let mut rows = LogRows::default();
        for n in 0..20 {
            for minute in ["00", "05"] {
                let at = format!("2026-01-15 10:{minute}:00.000");
                let pairs = [("bin(5m)", at), ("event", format!("E{n:02}")), ("n", format!("{}", 100 - n))];
                rows.rows.push(pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect());
            }
        }
        let mut charting = Charting::default();
        charting.sync(&rows, 1);
        assert_eq!((charting.count(), charting.drawn().len(), charting.name()), (20, 12, Some("E00")));
        charting.on(Action::Bottom);
        assert_eq!((charting.name(), charting.drawn()[0], charting.drawn().len()), (Some("E19"), 19, 12));
        assert_eq!(charting.key(), Some(("event".to_owned(), "E19".to_owned())));
        for (action, minute) in [
            (Action::Left, Some(5)),
            (Action::Left, Some(0)),
            (Action::Left, Some(0)),
            (Action::Right, Some(5)),
            (Action::Right, None),
        ] {
            charting.on(action);
            assert_eq!(charting.at.map(|at| at.timestamp() / 60 % 60), minute, "{action:?}");
        }
    }
}
