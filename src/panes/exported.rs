//! The rows of panes as tables, for `export`.

use crate::export::Table;

mod charts;
mod signals;
mod story;
mod traffic;

pub use charts::{cards, charts};
pub use signals::{EPISODE_COLUMNS, alarms, changes, episodes, events};
pub use story::{investigations, story};
pub use traffic::{calls, lines, requests, services, slices, spans, split, suspects, trace_groups, traces};

/// What a pane has to export.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported {
    /// What its rows are, in a word that a file's name can have.
    pub name: &'static str,
    /// All rows that its filter lets through.
    pub table: Table,
    /// The row under the cursor.
    pub selected: Option<usize>,
    /// The marked rows.
    pub marked: Vec<usize>,
    /// That its rows are not all there are, in words.
    pub partial: Option<String>,
}

impl Exported {
    /// A table without a cursor and marks.
    pub const fn new(name: &'static str, table: Table) -> Self {
        Self { name, table, selected: None, marked: Vec::new(), partial: None }
    }

    /// The same, said to be a part.
    pub fn part(self, partial: Option<String>) -> Self {
        Self { partial, ..self }
    }

    /// The same with the cursor on a row.
    pub fn at(self, row: Option<usize>) -> Self {
        Self { selected: row.filter(|row| *row < self.table.len()), ..self }
    }
}
