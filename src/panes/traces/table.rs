//! A list of traces as a table: columns, order, filter, cursor.

use std::collections::HashMap;

use super::columns::{Column, suited};
use super::view::Look;
use crate::app::action::Action;
use crate::store::trace_list::TraceSummary;
use crate::widgets::list::ListState;

/// How a list is looked at.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The columns that were chosen; those that suit what was seen where nothing was.
    pub(super) chosen: Option<Vec<Column>>,
    /// The column that rows are sorted by, and whether the greatest come first.
    pub(super) sort: Option<(Column, bool)>,
    /// The column under the cursor.
    column: Option<Column>,
    /// The first column on screen.
    pub(super) first: usize,
    pub(super) filter: String,
    pub(super) list: ListState<String>,
    /// How wide the texts of columns have been, so that going through rows does not move them about.
    widest: HashMap<Column, usize>,
}

impl Table {
    /// Begins with its first row, as other rows are shown.
    pub(super) fn begin(&mut self) {
        self.list = ListState::new();
        self.widest.clear();
    }

    /// How wide a column is whose texts on screen are so wide.
    pub(super) fn wide(&mut self, column: &Column, wide: usize) -> usize {
        let widest = self.widest.entry(column.clone()).or_default();
        *widest = wide.max(*widest);
        *widest
    }

    /// Its columns.
    pub(super) fn columns(&self, traces: &[TraceSummary]) -> Vec<Column> {
        self.columns_of(traces).0
    }

    /// Its columns, and those that are left out as every trace has the same there, with that. What was chosen stays.
    pub(super) fn columns_of(&self, traces: &[TraceSummary]) -> (Vec<Column>, Vec<(Column, String)>) {
        if let Some(chosen) = &self.chosen {
            return (chosen.clone(), Vec::new());
        }
        let mut common = Vec::new();
        let mut columns = suited(traces);
        columns.retain(|column| match column.common(traces) {
            Some(value) => {
                common.push((column.clone(), value));
                false
            }
            None => true,
        });
        (columns, common)
    }

    /// The place of the column under the cursor.
    pub(super) fn at(&self, columns: &[Column]) -> usize {
        self.column.as_ref().and_then(|own| columns.iter().position(|column| column == own)).unwrap_or(0)
    }

    /// The column that the user has moved to.
    pub(super) const fn column(&self) -> Option<&Column> {
        self.column.as_ref()
    }

    /// Moves the cursor and sorts; returns whether it had use for the action.
    pub(super) fn on(&mut self, action: Action, look: &Look<'_>) -> bool {
        let (columns, shown, keys) = (look.columns(), &look.shown, look.keys());
        match action {
            Action::Left | Action::Right => {
                let at = self.at(columns);
                let to = if action == Action::Left { at.saturating_sub(1) } else { at + 1 };
                self.column = columns.get(to.min(columns.len().saturating_sub(1))).cloned();
            }
            Action::Sort => {
                let Some(column) = columns.get(self.at(columns)).cloned() else { return true };
                self.sort = match self.sort.take() {
                    Some((own, true)) if own == column => Some((own, false)),
                    Some((own, false)) if own == column => None,
                    _ => Some((column, true)),
                };
                self.list = ListState::new();
            }
            Action::Reverse => {
                if let Some((_, descending)) = &mut self.sort {
                    *descending = !*descending;
                }
                self.list = ListState::new();
            }
            Action::NextError | Action::PreviousError => {
                let Some(row) = self.list.sync(keys) else { return true };
                let failed = |row: &usize| shown.get(*row).is_some_and(|trace| trace.failed());
                let next = if action == Action::NextError {
                    (row + 1..shown.len()).find(failed)
                } else {
                    (0..row).rev().find(failed)
                };
                if let Some(next) = next {
                    self.list.select_row(next, keys);
                }
            }
            action => return self.list.on(action, keys),
        }
        true
    }

    /// The sign of the order in a heading.
    pub(super) fn arrow(&self, column: &Column) -> &'static str {
        match &self.sort {
            Some((own, true)) if own == column => "▼",
            Some((own, false)) if own == column => "▲",
            _ => "",
        }
    }
}
