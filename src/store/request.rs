//! Requests: log lines joined to one row a request, in whatever order the lines come.

use std::sync::Arc;

use chrono::TimeDelta;
use compact_str::CompactString;

use crate::board::{FeedRules, Status};
use crate::clock::Time;

mod line;
mod pace;
mod row;
mod rows;

pub use pace::Second;
pub use rows::{Counts, KEPT_ROWS, Requests, read};

pub use crate::store::lines::Place;

/// One request of the feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The request's id.
    pub id: Arc<str>,
    /// Where it stands.
    pub status: Status,
    /// When its START line was logged, if that has been seen.
    pub started: Option<Time>,
    /// The time of the event that decided where it stands: its end, or its start while it is pending.
    pub time: Time,
    /// Values of the board's feed columns, in their order; empty where no line has one.
    pub columns: Vec<CompactString>,
    /// Why it failed.
    pub reason: Option<CompactString>,
    /// How long it took, in seconds.
    pub latency_s: Option<f64>,
    /// Its correlation id.
    pub correlation_id: Option<CompactString>,
    /// Its X-Ray trace id.
    pub trace_id: Option<CompactString>,
    /// The order in which rows were first seen; identifies the row for as long as it is kept.
    pub serial: u64,
}

impl Request {
    /// Whether it has been pending for longer than the board allows.
    pub fn is_overdue(&self, now: Time, rules: &FeedRules) -> bool {
        self.status == Status::Pending
            && now - self.time > TimeDelta::from_std(rules.overdue_after).unwrap_or(TimeDelta::MAX)
    }
}
