//! Rules from a board file, over datapoints and log events made by hand.

use std::time::Duration;

use chrono::TimeDelta;

use super::*;
use crate::app::msg::Update;
use crate::board;
use crate::store::counts::CountBatch;
use crate::store::health::{ErrorKind, SourceError, SourceId};
use crate::store::rule::RuleState;
use crate::store::series::{MetricBatch, MetricResult, Series};

mod burns;
mod engines;
mod rates;
mod services;
mod surges;
mod thresholds;

const METRICS: &str = r#"
[[metric]]
id = "m"
namespace = "N"
name = "M"
stat = "Average"

[[metric]]
id = "good"
namespace = "N"
name = "Good"
stat = "Sum"

[[metric]]
id = "bad"
namespace = "N"
name = "Bad"
stat = "Sum"
"#;

/// A board with the metrics `m`, `good` and `bad` of a minute, and these rules.
fn board(rules: &str) -> Board {
    let (board, problems) = board::load_text("test.toml", &format!("{METRICS}\n{rules}"), &[]);
    assert_eq!(problems, []);
    board.expect("a board")
}

/// A time of the day of these tests.
fn at(text: &str) -> Time {
    format!("2026-01-15T{text}Z").parse().expect("a time")
}

fn clock(time: Time) -> String {
    time.format("%H:%M:%S").to_string()
}

/// An answer to a metric's query: a value a minute from `from`, `-` for none.
fn answer(board: &Board, id: &str, from: Time, values: &[Option<f64>], now: Time) -> Update {
    let query = board.metrics[id].clone();
    let minutes = (0..).map(|minute| from + TimeDelta::minutes(minute));
    let points = minutes.zip(values).filter_map(|(at, value)| Some((at, (*value)?))).collect();
    let series = vec![Series { label: id.to_owned(), points }];
    let result = MetricResult { query, from, to: now, series, message: None };
    Update::Metrics(MetricBatch { at: now, results: vec![result] })
}

/// Numbers with `-` for a missing one.
fn numbers(text: &str) -> Vec<Option<f64>> {
    text.split_whitespace().map(|word| word.parse().ok()).collect()
}

fn failure(source: SourceId, now: Time) -> SourceError {
    let (kind, operation) = (ErrorKind::Throttled, source.name().to_owned());
    SourceError { kind, operation, message: "too many calls".to_owned(), at: now, retry_in: None }
}

/// What the board's first rule says, looked at for the first time.
fn first_look(board: &Board, store: &Store, from: Time, now: Time) -> Trace {
    trace(&board.rules[0], (board, store), &mut Memory::default(), from, now)
}

/// `10:00:00 Quiet` for each change of state in a trace.
fn changes(trace: &Trace) -> Vec<String> {
    let mut last = None;
    let news = trace.looks.iter().filter(|look| last.replace(look.state) != Some(look.state));
    news.map(|look| format!("{} {:?}", clock(look.at), look.state)).collect()
}
