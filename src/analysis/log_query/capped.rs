//! Rows that are not all there are: a query that does not say how many it wants gets 10,000.

use super::refine::commands;
use crate::insights;
use crate::store::rows::LogRows;
use crate::text::units::thousands;

/// Rows of a query that does not say how many (user guide, `limit`).
const DEFAULT: usize = 10_000;
/// Commands that say how many.
const LIMITS: [&str; 3] = ["limit", "head", "tail"];
/// Commands after which a row is not a record that matched.
const OTHERS: [&str; 9] =
    ["stats", "pattern", "diff", "logcompare", "anomaly", "dedup", "unnest", "join", "countfrequent"];

/// How many rows there are of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capped {
    rows: usize,
    /// All that matched; nobody knows it of rows that are no records.
    of: Option<usize>,
    /// Whether they are the newest.
    newest: bool,
}

impl Capped {
    /// What gives more.
    pub const ADVICE: &str = "| limit 100000 gives up to 100,000";

    /// Whether the rows of a query were cut without its wish; `None` where they are all that it asks for, and while it runs.
    pub fn of(text: &str, rows: &LogRows) -> Option<Self> {
        if rows.rows.len() != DEFAULT || rows.running {
            return None;
        }
        // A command in parentheses says nothing of the rows around it.
        let names: Vec<String> = match insights::parse(text) {
            Ok(query) => query.commands().iter().map(|name| name.to_ascii_lowercase()).collect(),
            Err(_) => commands(text).into_iter().map(|(_, name)| name).collect(),
        };
        let has = |wanted: &[&str]| names.iter().any(|name| wanted.contains(&name.as_str()));
        if has(&LIMITS) {
            return None;
        }
        let matched = rows.records_matched as usize;
        // More rows than records: each gave several.
        let of = (!has(&OTHERS) && matched >= DEFAULT).then_some(matched);
        if of == Some(DEFAULT) {
            return None;
        }
        Some(Self { rows: DEFAULT, of, newest: of.is_some() && !has(&["sort"]) })
    }

    /// `the newest 10,000 of 20,200 rows`.
    pub fn words(self) -> String {
        let which = if self.newest { "newest" } else { "first" };
        let rows = thousands(self.rows);
        match self.of {
            Some(of) => format!("the {which} {rows} of {} rows", thousands(of)),
            None => format!("the {which} {rows} rows, perhaps not all"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, rows: usize, matched: f64) -> Option<String> {
        let rows = LogRows { rows: vec![Vec::new(); rows], records_matched: matched, ..LogRows::default() };
        Capped::of(text, &rows).map(Capped::words)
    }

    #[test]
    fn rows_that_were_cut_without_being_asked_are_told() {
        let newest = "the newest 10,000 of 20,200 rows";
        let first = "the first 10,000 of 20,200 rows";
        let some = "the first 10,000 rows, perhaps not all";
        let cases = [
            ("fields @timestamp | filter level = 'ERROR'", Some(newest)),
            ("fields @timestamp | sort latency desc", Some(first)),
            ("stats count(*) by requestId", Some(some)),
            ("dedup requestId", Some(some)),
            ("anomaly | filter a = 1", Some(some)),
            ("fields @timestamp | limit 10000", None),
            ("fields @timestamp | head 10000", None),
            ("nonsense | limit 10000", None),
            ("filter a in (SOURCE '/b' | fields a | limit 5)", Some(newest)),
        ];
        for (text, expected) in cases {
            assert_eq!(told(text, 10_000, 20_200.0).as_deref(), expected, "{text}");
        }
        assert_eq!(told("fields a", 10_000, 10_000.0), None, "that is all of them");
        assert_eq!(told("fields a", 9_999, 20_200.0), None);
        assert_eq!(told("parse @message /(?<a>x)/ multi", 10_000, 90.0).as_deref(), Some(some));
        let running = LogRows { running: true, rows: vec![Vec::new(); 10_000], ..LogRows::default() };
        assert_eq!(Capped::of("stats count(*) by a", &running), None);
    }
}
