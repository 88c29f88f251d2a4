//! Answers of CloudWatch Logs Insights: a query, and the rows that it found.

use crate::clock::Time;
use crate::text::{clean, clean_field};

/// Log groups that one query may read (API Reference, StartQuery).
pub const MOST_GROUPS: usize = 50;

/// A Logs Insights query; its equality decides whether two panes share one answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LogQuery {
    /// The query's text.
    pub text: String,
    /// Log groups by name or ARN, at most 50.
    pub groups: Vec<String>,
    /// From when (inclusive) until when (exclusive), in whole seconds; `None` for the window on screen.
    pub span: Option<(Time, Time)>,
}

/// What a query found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LogRows {
    /// Rows of field and value in AWS's order, sanitised.
    pub rows: Vec<Vec<(String, String)>>,
    /// Whether the query is still running and more may come.
    pub running: bool,
    /// Log events that matched.
    pub records_matched: f64,
    /// Log events that were read.
    pub records_scanned: f64,
    /// Bytes that were read: what the query costs.
    pub bytes_scanned: f64,
}

/// A row as it is kept: sanitised, and masked by the names of its fields as they came.
pub fn clean_row(row: Vec<(String, String)>) -> Vec<(String, String)> {
    let pair = |(name, value): (String, String)| (clean(&name).into_owned(), clean_field(&name, &value).into_owned());
    row.into_iter().map(pair).collect()
}
