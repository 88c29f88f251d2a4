//! Patterns of the rows' lines, and which of them are new.

use std::collections::HashSet;

use super::table::Table;
use crate::analysis::drain::{Drain, Settings};
use crate::analysis::log_query::columns;
use crate::store::rows::LogRows;
use crate::text::{clean_field_head, truncate};
use crate::widgets::list::ListState;

/// Lines that are looked at: the first ones of the rows.
pub(super) const MOST_LINES: usize = 20_000;
/// The column that patterns are made of, where there is one.
const MESSAGE: &str = "@message";
/// Bytes of a line that are looked at.
const LONGEST: usize = 4_096;

/// A pattern with its lines.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pattern {
    /// Lines that differ in `<*>` alone.
    pub(super) template: String,
    /// Lines of the rows that have it.
    pub(super) count: usize,
    /// Lines of the window before that had it; `None` where that has not been asked.
    pub(super) before: Option<usize>,
    /// A line that has it.
    pub(super) example: String,
}

/// The patterns of rows.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    /// What they were made from.
    stamp: Option<(u64, Option<usize>)>,
    pub(super) column: String,
    pub(super) found: Vec<Pattern>,
    pub(super) lines: usize,
    pub(super) list: ListState<String>,
    /// Whether they are compared with the window before.
    pub(super) compares: bool,
}

impl Patterns {
    /// Makes the patterns of the rows that are shown, unless they are made of these very rows. What there was before
    /// passes the same filter.
    pub(super) fn sync(&mut self, rows: &LogRows, table: &Table, before: Option<&LogRows>) {
        let stamp = (table.revision, before.map(|rows| rows.rows.len()));
        if self.stamp == Some(stamp) {
            return;
        }
        self.stamp = Some(stamp);
        let Some(column) = column(rows) else { return };
        let mut drain = Drain::new(Settings::default());
        let mut counts: Vec<(usize, usize)> = Vec::new();
        let mut add = |lines: &mut dyn Iterator<Item = &str>, now: bool| {
            let mut seen = 0;
            for line in lines.take(MOST_LINES) {
                let at = drain.add(cut(line)).index();
                if counts.len() <= at {
                    counts.resize(at + 1, (0, 0));
                }
                if let Some(count) = counts.get_mut(at) {
                    *(if now { &mut count.0 } else { &mut count.1 }) += 1;
                }
                seen += 1;
            }
            seen
        };
        if let Some(before) = before {
            let passing = before.rows.iter().filter(|row| table.filter.is_empty() || table.passes(row));
            add(&mut passing.filter_map(|row| columns::value(row, &column)), false);
        }
        let shown = table.order.iter().filter_map(|at| rows.rows.get(*at));
        self.lines = add(&mut shown.filter_map(|row| columns::value(row, &column)), true);
        let mut found: Vec<Pattern> = drain
            .clusters()
            .zip(counts)
            .filter(|(_, (now, _))| *now > 0)
            .map(|((_, cluster), (count, earlier))| Pattern {
                template: cluster.template(),
                count,
                before: before.map(|_| earlier),
                example: cluster.example().to_owned(),
            })
            .collect();
        let is_new = |pattern: &Pattern| pattern.before == Some(0);
        found.sort_by(|a, b| is_new(b).cmp(&is_new(a)).then(b.count.cmp(&a.count)).then(a.template.cmp(&b.template)));
        self.found = found;
        self.column = column;
        self.list.sync(&self.keys());
    }

    /// What the cursor can stand on.
    pub(super) fn keys(&self) -> Vec<String> {
        self.found.iter().map(|pattern| pattern.template.clone()).collect()
    }

    /// The pattern under the cursor.
    pub(super) fn current(&self) -> Option<&Pattern> {
        self.found.get(self.list.row())
    }
}

/// The column that patterns are made of: that of the lines, else that of the longest values.
fn column(rows: &LogRows) -> Option<String> {
    let names = columns::names(&rows.rows);
    let message = names.iter().find(|name| *name == MESSAGE);
    message.or_else(|| names.iter().max_by_key(|name| mean(rows, name))).cloned()
}

/// The rows whose lines have the pattern of this line, by number.
pub(super) fn alike(rows: &LogRows, example: &str) -> HashSet<usize> {
    let Some(column) = column(rows) else { return HashSet::new() };
    let mut drain = Drain::new(Settings::default());
    let lines = rows.rows.iter().enumerate().filter_map(|(at, row)| Some((at, columns::value(row, &column)?)));
    let found: Vec<(usize, usize)> =
        lines.take(MOST_LINES).map(|(at, line)| (at, drain.add(cut(line)).index())).collect();
    let wanted = drain.add(cut(example)).index();
    found.into_iter().filter(|(_, cluster)| *cluster == wanted).map(|(at, _)| at).collect()
}

/// The mean length of a column's values: lines of text are the longest.
fn mean(rows: &LogRows, name: &str) -> usize {
    let values = rows.rows.iter().take(50).filter_map(|row| columns::value(row, name));
    values.map(str::len).sum()
}

fn cut(line: &str) -> &str {
    let mut end = line.len().min(LONGEST);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    &line[..end]
}

/// The value of a field as it may be shown, of which no more is looked at than could be drawn.
pub(super) fn shown(name: &str, text: &str, cells: usize) -> String {
    // A cell takes a cluster of a few bytes at most in any text that somebody reads.
    let head = clean_field_head(name, text, cells.saturating_mul(16) + 16);
    truncate(&head, cells).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[&str]) -> LogRows {
        let row = |line: &&str| vec![("@message".to_owned(), (*line).to_owned())];
        LogRows { rows: lines.iter().map(row).collect(), ..LogRows::default() }
    }

    #[test]
    fn what_was_not_there_before_is_new() {
        let now = rows(&["user 1 logged in", "user 22 logged in", "disk full on a", "user 7 logged in"]);
        let mut patterns = Patterns::default();
        let mut table = Table::default();
        table.sync(&now, &[]);
        patterns.sync(&now, &table, None);
        assert_eq!((patterns.found.len(), patterns.found[0].count, patterns.found[0].before), (2, 3, None));
        patterns.sync(&now, &table, Some(&rows(&["user 3 logged in"])));
        let told: Vec<_> = patterns.found.iter().map(|pattern| (pattern.count, pattern.before)).collect();
        assert_eq!(told, [(1, Some(0)), (3, Some(1))]);
    }

    #[test]
    fn patterns_are_those_of_the_rows_that_are_shown() {
        let now = rows(&["user 1 logged in", "user 22 logged in", "disk full on a", "user 7 logged in"]);
        let (mut patterns, mut table) = (Patterns::default(), Table::default());
        table.filter = "22".to_owned();
        table.sync(&now, &[]);
        patterns.sync(&now, &table, Some(&rows(&["user 3 logged in", "user 22 logged in"])));
        let told: Vec<_> = patterns.found.iter().map(|pattern| (pattern.count, pattern.before)).collect();
        assert_eq!((patterns.lines, told), (1, vec![(1, Some(1))]));
        table.filter.clear();
        let pattern = patterns.found[0].clone();
        table.show_alike(pattern.template, pattern.example, &now);
        assert_eq!((table.order.clone(), table.is_filtered()), (vec![0, 1, 3], true));
        table.renew();
        table.sync(&now, &[]);
        assert_eq!(table.order.len(), 4);
    }
}
