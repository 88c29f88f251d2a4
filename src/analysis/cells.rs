//! Attempts and failures by combination of field values, in a bad window and in a good one.

use std::collections::BTreeMap;

use crate::board::{FeedRules, Status};
use crate::store::rows::LogRows;

/// The name under which queries count lines.
pub const COUNT: &str = "n";

/// How many attempts there were, and how many of them failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Attempts that ended, well or badly.
    pub attempts: u64,
    /// Those that ended badly.
    pub failures: u64,
}

impl Tally {
    /// The share of attempts that failed, 0–1; `None` without attempts.
    pub fn rate(self) -> Option<f64> {
        (self.attempts > 0).then(|| self.failures as f64 / self.attempts as f64)
    }

    /// Both counts together.
    pub const fn plus(self, other: Self) -> Self {
        Self { attempts: self.attempts + other.attempts, failures: self.failures + other.failures }
    }

    /// What remains without a part of it.
    pub const fn minus(self, part: Self) -> Self {
        Self {
            attempts: self.attempts.saturating_sub(part.attempts),
            failures: self.failures.saturating_sub(part.failures),
        }
    }
}

/// One combination of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// A value for each field of [`Cells::fields`]; `None` where lines lack it.
    pub values: Vec<Option<Box<str>>>,
    /// What happened in the bad window.
    pub bad: Tally,
    /// What happened in the good window.
    pub good: Tally,
}

/// Every combination of values that occurred, each once, in the order of the values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cells {
    /// Names of the fields, as in the log lines.
    pub fields: Vec<String>,
    /// The combinations.
    pub cells: Vec<Cell>,
}

impl Cells {
    /// Gathers the rows of one query over two windows; each row is an event, values of `fields` and a count.
    pub fn gather(fields: &[String], rules: &FeedRules, bad: &LogRows, good: &LogRows) -> Self {
        let mut cells: BTreeMap<Vec<Option<Box<str>>>, [Ends; 2]> = BTreeMap::new();
        for (window, rows) in [bad, good].into_iter().enumerate() {
            for row in &rows.rows {
                let value = |name: &str| row.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
                let status = value(&rules.event_field).and_then(|event| status_of(rules, event));
                let count = value(COUNT).and_then(count);
                let (Some(status), Some(count)) = (status, count) else { continue };
                let values = fields.iter().map(|name| value(name).filter(|text| !text.is_empty()).map(Into::into));
                cells.entry(values.collect()).or_default()[window].add(status, count);
            }
        }
        let cells =
            cells.into_iter().map(|(values, [bad, good])| Cell { values, bad: bad.tally(), good: good.tally() });
        Self { fields: fields.to_vec(), cells: cells.collect() }
    }

    /// Everything in both windows together: bad, good.
    pub fn totals(&self) -> (Tally, Tally) {
        sum(&self.cells)
    }

    /// Those cells that have each of these values.
    pub fn only(&self, path: &[(String, String)]) -> Self {
        let places: Vec<(Option<usize>, &str)> =
            path.iter().map(|(field, value)| (self.fields.iter().position(|name| name == field), &**value)).collect();
        let fits = |cell: &&Cell| {
            places.iter().all(|(place, value)| place.is_some_and(|at| cell.values[at].as_deref() == Some(value)))
        };
        Self { fields: self.fields.clone(), cells: self.cells.iter().filter(fits).cloned().collect() }
    }
}

/// Both windows of some cells: bad, good.
pub(super) fn sum<'a>(cells: impl IntoIterator<Item = &'a Cell>) -> (Tally, Tally) {
    cells
        .into_iter()
        .fold(Default::default(), |(bad, good): (Tally, Tally), cell| (bad.plus(cell.bad), good.plus(cell.good)))
}

/// What an event means for its request; `None` for events that are no part of the feed.
pub(super) fn status_of(rules: &FeedRules, event: &str) -> Option<Status> {
    rules.statuses.iter().find(|(name, _)| name == event).map(|(_, status)| *status)
}

/// A count as Logs Insights writes it.
fn count(text: &str) -> Option<u64> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0)?;
    Some(number.round() as u64)
}

/// Lines by what they mean.
#[derive(Debug, Clone, Copy, Default)]
struct Ends {
    pending: u64,
    success: u64,
    failed: u64,
}

impl Ends {
    const fn add(&mut self, status: Status, count: u64) {
        match status {
            Status::Pending => self.pending += count,
            Status::Success => self.success += count,
            Status::Failed => self.failed += count,
        }
    }

    /// Attempts that ended; where no line says that one ended well, those that started.
    fn tally(self) -> Tally {
        let attempts = if self.pending > 0 && self.success == 0 {
            self.pending.max(self.failed)
        } else {
            self.success + self.failed
        };
        Tally { attempts, failures: self.failed }
    }
}

/// The rules of a small feed, for tests.
#[cfg(test)]
pub(super) mod fixture {
    use std::time::Duration;

    use crate::board::{FeedRules, Status};

    pub(crate) fn rules() -> FeedRules {
        FeedRules {
            log_groups: vec!["/a".into()],
            event_field: "event".into(),
            statuses: vec![
                ("START".into(), Status::Pending),
                ("OK".into(), Status::Success),
                ("BAD".into(), Status::Failed),
                ("REFUSED".into(), Status::Failed),
            ],
            id_field: "id".into(),
            correlation_field: "correlation".into(),
            trace_field: "trace".into(),
            latency_field: "took".into(),
            reason_field: "reason".into(),
            columns: Vec::new(),
            identifiers: Vec::new(),
            annotations: Vec::new(),
            overdue_after: Duration::from_mins(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fixture::rules;
    use super::*;

    fn rows(rows: &[(&str, &str, &str)]) -> LogRows {
        let row = |(event, os, n): &(&str, &str, &str)| {
            let mut row = vec![("event".to_owned(), (*event).to_owned())];
            if !os.is_empty() {
                row.push(("os".to_owned(), (*os).to_owned()));
            }
            row.push((COUNT.to_owned(), (*n).to_owned()));
            row
        };
        LogRows { rows: rows.iter().map(row).collect(), ..LogRows::default() }
    }

    #[test]
    fn events_of_one_combination_become_one_cell() {
        let bad = rows(&[("OK", "iOS", "90"), ("BAD", "iOS", "7"), ("REFUSED", "iOS", "3"), ("BAD", "", "5")]);
        let good = rows(&[("OK", "iOS", "99"), ("OK", "Android", "1e2"), ("ELSE", "iOS", "1"), ("OK", "iOS", "?")]);
        let cells = Cells::gather(&["os".to_owned()], &rules(), &bad, &good);
        let tally = |attempts, failures| Tally { attempts, failures };
        let found: Vec<_> = cells.cells.iter().map(|c| (c.values[0].as_deref(), c.bad, c.good)).collect();
        assert_eq!(
            found,
            [
                (None, tally(5, 5), tally(0, 0)),
                (Some("Android"), tally(0, 0), tally(100, 0)),
                (Some("iOS"), tally(100, 10), tally(99, 0)),
            ]
        );
        assert_eq!(cells.totals(), (tally(105, 15), tally(199, 0)));
        let path = [("os".to_owned(), "iOS".to_owned())];
        assert_eq!(cells.only(&path).totals().0, tally(100, 10));
        assert!(cells.only(&[("none".to_owned(), "iOS".to_owned())]).cells.is_empty());
    }

    #[test]
    fn where_nothing_says_that_it_ended_well_starts_are_attempts() {
        let bad = rows(&[("START", "iOS", "50"), ("BAD", "iOS", "7")]);
        let cells = Cells::gather(&["os".to_owned()], &rules(), &bad, &LogRows::default());
        assert_eq!(cells.totals().0, Tally { attempts: 50, failures: 7 });
    }
}
