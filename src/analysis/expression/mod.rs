//! What a user types to name metrics: a board's id, a metric's reference, metric math over either, `SEARCH`, Metrics
//! Insights SQL; parsed into queries, with the place of what is wrong.
//!
//! ```text
//! LINE      = [ ID "=" ] EXPR [ as "LABEL" ]
//! EXPR      = SQL | MATH                                  SQL begins with SELECT
//! MATH      = metric math over ID, REFERENCE, SEARCH('…', 'STAT', PERIOD)
//! REFERENCE = NAMESPACE ":" NAME [ "{" KEY "=" VALUE { "," KEY "=" VALUE } "}" ] [ ":" STAT [ ":" PERIOD ] ] [ "@" ACCOUNT ]
//! ```
//!
//! `docs/metrics.md` has it in full.

mod check;
mod place;
mod reference;
mod resolve;
#[cfg(test)]
mod tests;
mod write;

use super::math::MathError;
use crate::board::Board;
use crate::store::series::{MetricQuery, MetricSource};

pub use reference::{NO_PERIOD, no_statistic};
pub use write::{text, title};

/// The period of a reference that names none, in seconds, where nothing else decides.
pub const DEFAULT_PERIOD_S: u32 = 60;
/// How many queries a line may stand on; GetMetricData takes 500 in a call.
const MOST_QUERIES: usize = 500;

/// What an expression can refer to, and what it takes where it says nothing.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    /// The board, whose metrics, cards and charts have ids; without one, there are none.
    pub board: Option<&'a Board>,
    /// What was named before, which comes before the board's ids; `METRICS()` are those that are metrics.
    pub named: Vec<(String, MetricQuery)>,
    /// The statistic of a reference that names none; `None` leaves each its [usual](crate::analysis::statistic::usual).
    pub statistic: Option<&'a str>,
    /// The period in seconds of what names none, the board's metrics included; `None` leaves each its own.
    pub period_s: Option<u32>,
}

impl<'a> Scope<'a> {
    /// A scope of a board alone.
    pub fn new(board: &'a Board) -> Self {
        Self { board: Some(board), ..Self::free() }
    }

    /// A scope of no board: references, searches and SQL alone.
    pub const fn free() -> Self {
        Self { board: None, named: Vec::new(), statistic: None, period_s: None }
    }
}

/// One query with the name it goes by.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its id: the one it was given, the board's, or a made-up `m1`, `e2`.
    pub id: String,
    /// What it is called where AWS gives no better name.
    pub title: String,
    /// The query.
    pub query: MetricQuery,
}

/// Parses one line; `nth` numbers it among others, from 1. A chart's id makes a line of each of its series.
///
/// # Errors
/// What is wrong, and the byte offset at which.
pub fn parse(text: &str, scope: &Scope<'_>, nth: usize) -> Result<Vec<Line>, MathError> {
    resolve::line(text, scope, nth)
}

/// Parses several lines, each of which may use the ids of those before it.
///
/// # Errors
/// The number of the line from 0, what is wrong, and the byte offset at which.
pub fn parse_all<T: AsRef<str>>(texts: &[T], mut scope: Scope<'_>) -> Result<Vec<Line>, (usize, MathError)> {
    let mut lines: Vec<Line> = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        for line in parse(text.as_ref(), &scope, index + 1).map_err(|error| (index, error))? {
            scope.named.retain(|(id, _)| *id != line.id);
            scope.named.push((line.id.clone(), line.query.clone()));
            lines.push(line);
        }
    }
    Ok(lines)
}

/// A period by its text: seconds, or a number with `s`, `m`, `h` or `d`; one that CloudWatch takes.
pub fn period(text: &str) -> Option<u32> {
    let (number, unit) = match text.char_indices().last()? {
        (at, 's') => (&text[..at], 1),
        (at, 'm') => (&text[..at], 60),
        (at, 'h') => (&text[..at], 3_600),
        (at, 'd') => (&text[..at], 86_400),
        _ => (text, 1),
    };
    let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = number.parse::<u32>().ok().filter(|_| plain)?.checked_mul(unit)?;
    let taken = matches!(seconds, 1 | 5 | 10 | 20 | 30) || (seconds > 0 && seconds.is_multiple_of(60));
    (taken && seconds <= 31_536_000).then_some(seconds)
}

/// A period as [`period`] reads it: `60s`, `5m`, `1h`, `1d`.
pub fn period_text(seconds: u32) -> String {
    match seconds {
        s if s > 0 && s.is_multiple_of(86_400) => format!("{}d", s / 86_400),
        s if s > 0 && s.is_multiple_of(3_600) => format!("{}h", s / 3_600),
        s if s > 60 && s.is_multiple_of(60) => format!("{}m", s / 60),
        s => format!("{s}s"),
    }
}

/// The query with another period, for all that it stands on.
pub fn with_period(query: &MetricQuery, period_s: u32) -> MetricQuery {
    let source = match &query.source {
        stat @ MetricSource::Stat { .. } => stat.clone(),
        MetricSource::Expression { text, inputs } => MetricSource::Expression {
            text: text.clone(),
            inputs: inputs.iter().map(|(id, input)| (id.clone(), with_period(input, period_s))).collect(),
        },
    };
    MetricQuery { source, period_s, ..query.clone() }
}

/// How many queries a query is, its inputs counted.
fn size(query: &MetricQuery) -> usize {
    match &query.source {
        MetricSource::Stat { .. } => 1,
        MetricSource::Expression { inputs, .. } => 1 + inputs.iter().map(|(_, input)| size(input)).sum::<usize>(),
    }
}
