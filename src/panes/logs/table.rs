//! The rows of a query as a table: order, columns, cursor.

use std::collections::HashSet;

use regex::{Regex, RegexBuilder};

use super::patterns;
use crate::analysis::log_query::columns;
use crate::app::action::Action;
use crate::store::rows::LogRows;
use crate::widgets::list::ListState;

/// What a table was laid out from, so that it is not laid out again for each frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Stamp {
    at: usize,
    rows: usize,
    running: bool,
    scanned: u64,
}

/// How wide a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Breadth {
    /// As wide as its values, within bounds.
    #[default]
    Fit,
    /// As wide as the screen.
    Wide,
    /// A few cells.
    Narrow,
}

/// The rows of one pattern.
#[derive(Debug, Default)]
pub(super) struct Alike {
    /// The pattern.
    pub(super) template: String,
    /// A line that has it.
    example: String,
    /// Those of the rows that have it.
    rows: HashSet<usize>,
}

/// Rows in order, and the columns that are shown.
#[derive(Debug, Default)]
pub(super) struct Table {
    stamp: Stamp,
    /// How many times other rows, or others of them, were taken in.
    pub(super) revision: u64,
    /// All columns, pinned ones first.
    names: Vec<String>,
    pub(super) hidden: Vec<String>,
    pub(super) pinned: Vec<String>,
    pub(super) breadths: Vec<(String, Breadth)>,
    /// The column that rows are sorted by, and whether the greatest come first.
    pub(super) sort: Option<(String, bool)>,
    pub(super) filter: String,
    /// The pattern whose rows alone are shown.
    pub(super) alike: Option<Alike>,
    /// Rows by number, as they are shown.
    pub(super) order: Vec<usize>,
    pub(super) list: ListState<usize>,
    /// The column under the cursor.
    pub(super) column: Option<String>,
    /// The first column on screen that is not pinned.
    pub(super) first: usize,
}

impl Table {
    /// Forgets the rows, but not how they are looked at.
    pub(super) fn renew(&mut self) {
        self.stamp = Stamp::default();
        self.list = ListState::new();
        self.alike = None;
    }

    /// Shows the rows of a pattern alone.
    pub(super) fn show_alike(&mut self, template: String, example: String, rows: &LogRows) {
        let found = patterns::alike(rows, &example);
        self.alike = Some(Alike { template, example, rows: found });
        self.arrange(rows);
    }

    /// Whether some of the rows are not shown.
    pub(super) const fn is_filtered(&self) -> bool {
        !self.filter.is_empty() || self.alike.is_some()
    }

    /// Whether a row passes the filter that is typed.
    pub(super) fn passes(&self, row: &[(String, String)]) -> bool {
        self.wanted().is_none_or(|wanted| holds(&wanted, row))
    }

    fn wanted(&self) -> Option<Regex> {
        let wanted = RegexBuilder::new(&regex::escape(&self.filter)).case_insensitive(true).build().ok();
        wanted.filter(|_| !self.filter.is_empty())
    }

    /// Takes in rows, if they are others than before, and the columns that the query asks for.
    pub(super) fn sync(&mut self, rows: &LogRows, asked: &[String]) {
        let stamp = Stamp {
            at: rows.rows.as_ptr() as usize,
            rows: rows.rows.len(),
            running: rows.running,
            scanned: rows.records_scanned.to_bits(),
        };
        if self.stamp == stamp {
            return;
        }
        self.stamp = stamp;
        self.names = columns::all(&rows.rows, asked);
        if let Some(alike) = &mut self.alike {
            alike.rows = patterns::alike(rows, &alike.example);
        }
        self.arrange(rows);
    }

    /// Sorts and filters anew.
    pub(super) fn arrange(&mut self, rows: &LogRows) {
        let wanted = self.wanted();
        let passes = |at: &usize| {
            let is_wanted = |row: &Vec<_>| wanted.as_ref().is_none_or(|wanted| holds(wanted, row));
            let is_alike = self.alike.as_ref().is_none_or(|alike| alike.rows.contains(at));
            is_alike && rows.rows.get(*at).is_some_and(is_wanted)
        };
        self.order = (0..rows.rows.len()).filter(passes).collect();
        self.revision += 1;
        if let Some((name, descending)) = &self.sort {
            let value = |at: &usize| rows.rows.get(*at).and_then(|row| columns::value(row, name));
            self.order.sort_by(|a, b| {
                let (a, b) = (value(a), value(b));
                let order = columns::compare(a, b);
                // What is missing stays last whichever way the others go.
                let both = a.is_some_and(|a| !a.is_empty()) && b.is_some_and(|b| !b.is_empty());
                if *descending && both { order.reverse() } else { order }
            });
        }
        self.list.sync(&self.order);
    }

    /// The columns that are shown, pinned ones first.
    pub(super) fn shown(&self) -> Vec<&str> {
        let visible = self.names.iter().filter(|name| !self.hidden.contains(name));
        let (mut pinned, others): (Vec<&str>, Vec<&str>) =
            visible.map(String::as_str).partition(|name| self.pinned.iter().any(|pinned| pinned == name));
        pinned.extend(others);
        pinned
    }

    /// How many of the shown columns are pinned.
    pub(super) fn pins(&self) -> usize {
        self.shown().iter().filter(|name| self.pinned.iter().any(|pinned| pinned == *name)).count()
    }

    /// The place of the column under the cursor among those that are shown.
    pub(super) fn at(&self) -> usize {
        let shown = self.shown();
        let at = self.column.as_ref().and_then(|name| shown.iter().position(|shown| shown == name));
        at.unwrap_or(0)
    }

    /// The name of the column under the cursor.
    pub(super) fn current(&self) -> Option<String> {
        self.shown().get(self.at()).map(|name| (*name).to_owned())
    }

    /// The row under the cursor.
    pub(super) fn row<'r>(&self, rows: &'r LogRows) -> Option<&'r Vec<(String, String)>> {
        rows.rows.get(*self.order.get(self.list.row())?)
    }

    /// The value under the cursor, with its column.
    pub(super) fn value<'r>(&self, rows: &'r LogRows) -> Option<(String, Option<&'r str>)> {
        let name = self.current()?;
        let value = columns::value(self.row(rows)?, &name);
        Some((name, value))
    }

    /// Moves the cursor, sorts, hides, pins; returns whether it had use for the action.
    pub(super) fn on(&mut self, action: Action, rows: &LogRows) -> bool {
        let count = self.shown().len();
        match action {
            Action::Left | Action::Right if count > 0 => {
                let at = self.at();
                let to = if action == Action::Left { at.saturating_sub(1) } else { (at + 1).min(count - 1) };
                self.column = self.shown().get(to).map(|name| (*name).to_owned());
            }
            Action::Sort => {
                let Some(name) = self.current() else { return true };
                self.sort = match self.sort.take() {
                    Some((column, true)) if column == name => Some((column, false)),
                    Some((column, false)) if column == name => None,
                    _ => Some((name, true)),
                };
                self.arrange(rows);
                self.go_to_top();
            }
            Action::Reverse => {
                if let Some((_, descending)) = &mut self.sort {
                    *descending = !*descending;
                }
                self.arrange(rows);
                self.go_to_top();
            }
            Action::HideColumn => {
                if let Some(name) = self.current().filter(|_| count > 1) {
                    let at = self.at();
                    self.hidden.push(name);
                    let shown = self.shown();
                    self.column = shown.get(at.min(shown.len().saturating_sub(1))).map(|name| (*name).to_owned());
                }
            }
            Action::ShowColumns => {
                self.hidden.clear();
                self.breadths.clear();
            }
            Action::Pick => {
                if let Some(name) = self.current() {
                    self.column = Some(name.clone());
                    match self.pinned.iter().position(|pinned| *pinned == name) {
                        Some(at) => drop(self.pinned.remove(at)),
                        None => self.pinned.push(name),
                    }
                }
            }
            Action::WidenColumn => {
                if let Some(name) = self.current() {
                    let next = match self.breadth(&name) {
                        Breadth::Fit => Breadth::Wide,
                        Breadth::Wide => Breadth::Narrow,
                        Breadth::Narrow => Breadth::Fit,
                    };
                    self.breadths.retain(|(known, _)| *known != name);
                    self.breadths.push((name, next));
                }
            }
            action => return self.list.on(action, &self.order),
        }
        true
    }

    /// Puts the cursor where the order begins: what was sorted for stands there.
    fn go_to_top(&mut self) {
        self.list.select_row(0, &self.order);
    }

    /// How wide a column is to be.
    pub(super) fn breadth(&self, name: &str) -> Breadth {
        self.breadths.iter().find(|(known, _)| known == name).map(|(_, breadth)| *breadth).unwrap_or_default()
    }

    /// The sign of the order in a heading.
    pub(super) fn arrow(&self, name: &str) -> &'static str {
        match &self.sort {
            Some((column, true)) if column == name => "▼",
            Some((column, false)) if column == name => "▲",
            _ => "",
        }
    }

    /// Compares nothing: the order in which AWS gave the rows.
    #[cfg(test)]
    fn is_plain(&self) -> bool {
        self.order.windows(2).all(|two| two[0] < two[1])
    }
}

/// Whether a row has a text in one of its values.
fn holds(wanted: &Regex, row: &[(String, String)]) -> bool {
    row.iter().any(|(name, value)| name != columns::POINTER && wanted.is_match(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> LogRows {
        let row = |a: &str, n: &str| {
            vec![("a".to_owned(), a.to_owned()), ("n".to_owned(), n.to_owned()), ("@ptr".to_owned(), "p".to_owned())]
        };
        let rows = vec![row("x", "9"), row("Y", "10"), row("z", "")];
        LogRows { rows, ..LogRows::default() }
    }

    #[test]
    fn a_table_sorts_filters_hides_and_pins() {
        let rows = rows();
        let mut table = Table::default();
        table.sync(&rows, &[]);
        assert_eq!(table.shown(), ["a", "n"]);
        assert!(table.is_plain());
        table.on(Action::Right, &rows);
        table.on(Action::Sort, &rows);
        assert_eq!(table.order, [1, 0, 2], "the greatest first, the missing last");
        assert_eq!((table.list.row(), table.list.key()), (0, Some(&1)), "the cursor is where the order begins");
        table.on(Action::Bottom, &rows);
        table.on(Action::Sort, &rows);
        assert_eq!(table.order, [0, 1, 2]);
        assert_eq!(table.list.visible(3, 1), 0..1, "what was sorted for is on screen");
        table.on(Action::Bottom, &rows);
        table.on(Action::Reverse, &rows);
        assert_eq!(table.list.row(), 0);
        table.on(Action::Reverse, &rows);
        table.on(Action::Sort, &rows);
        assert!(table.is_plain() && table.sort.is_none());
        table.on(Action::Pick, &rows);
        assert_eq!((table.shown(), table.pins(), table.current().as_deref()), (vec!["n", "a"], 1, Some("n")));
        table.on(Action::HideColumn, &rows);
        assert_eq!(table.shown(), ["a"]);
        table.on(Action::HideColumn, &rows);
        assert_eq!(table.shown(), ["a"], "the last one stays");
        table.on(Action::ShowColumns, &rows);
        table.filter = "y".to_owned();
        table.arrange(&rows);
        assert_eq!(table.order, [1]);
        table.filter = "P".to_owned();
        table.arrange(&rows);
        assert!(table.order.is_empty(), "the pointer is no text of the row");
    }
}
