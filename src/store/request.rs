//! Requests: log lines joined to one row a request, in whatever order the lines come.

use std::collections::{HashMap, VecDeque};

use chrono::TimeDelta;
use serde_json::Value;

use crate::board::{FeedRules, Status};
use crate::clock::Time;
use crate::store::log::LogEvent;

/// One request of the feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The request's id.
    pub id: Box<str>,
    /// Where it stands.
    pub status: Status,
    /// When its START line was logged, if that has been seen.
    pub started: Option<Time>,
    /// The time of its newest event.
    pub time: Time,
    /// Values of the board's feed columns, in their order; empty where a line has none.
    pub columns: Vec<Box<str>>,
    /// Why it failed.
    pub reason: Option<Box<str>>,
    /// How long it took, in seconds.
    pub latency_s: Option<f64>,
    /// Its correlation id.
    pub correlation_id: Option<Box<str>>,
    /// Its X-Ray trace id.
    pub trace_id: Option<Box<str>>,
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

/// The newest requests, newest event first on screen, oldest dropped when there are too many.
#[derive(Debug, Default)]
pub struct Requests {
    rows: HashMap<u64, Request>,
    by_id: HashMap<Box<str>, u64>,
    /// Serials by time of newest event, ascending; holds every row once.
    order: VecDeque<(Time, u64)>,
    next_serial: u64,
    counts: Counts,
    /// Starts (or ends) of requests, for the rate.
    recent: VecDeque<Time>,
}

/// What has come through the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Events received.
    pub events: u64,
    /// Events that are no part of the feed: other events, and lines that are not JSON.
    pub other: u64,
    /// Rows dropped because there were too many.
    pub dropped: u64,
}

/// How many rows are kept.
pub const KEPT_ROWS: usize = 20_000;

impl Requests {
    /// Folds events in.
    pub fn fold(&mut self, rules: &FeedRules, events: &[LogEvent]) {
        for event in events {
            self.counts.events += 1;
            if self.fold_one(rules, event).is_none() {
                self.counts.other += 1;
            }
        }
        while self.order.len() > KEPT_ROWS {
            let Some((_, serial)) = self.order.pop_front() else { break };
            if let Some(row) = self.rows.remove(&serial) {
                self.by_id.remove(&row.id);
                self.counts.dropped += 1;
            }
        }
    }

    fn fold_one(&mut self, rules: &FeedRules, event: &LogEvent) -> Option<()> {
        let line: Value = serde_json::from_str(&event.message).ok()?;
        let text = |field: &str| line.get(field).and_then(Value::as_str).map(Box::<str>::from);
        let name = line.get(&rules.event_field)?.as_str()?;
        let status = rules.statuses.iter().find(|(event, _)| event == name)?.1;
        let id = text(&rules.id_field)?;
        let serial = match self.by_id.get(&id) {
            Some(&serial) => serial,
            None => self.insert(id, rules, event.time, status),
        };
        let row = self.rows.get_mut(&serial)?;
        if status == Status::Pending {
            row.started = Some(row.started.map_or(event.time, |seen| seen.min(event.time)));
        }
        // An end outranks a start, whichever line came first; of two ends the later one stands.
        let newer = match (row.status, status) {
            (Status::Pending, _) => event.time >= row.time || status != Status::Pending,
            (_, Status::Pending) => false,
            (_, _) => event.time >= row.time,
        };
        for (slot, column) in row.columns.iter_mut().zip(&rules.columns) {
            if (slot.is_empty() || newer)
                && let Some(value) = line.get(&column.field)
            {
                *slot = plain(value);
            }
        }
        if newer {
            let old = row.time;
            row.status = status;
            row.time = event.time;
            row.reason = text(&rules.reason_field).or(row.reason.take());
            row.latency_s = line.get(&rules.latency_field).and_then(Value::as_f64).or(row.latency_s);
            self.reorder(serial, old, event.time);
        }
        let row = self.rows.get_mut(&serial)?;
        row.correlation_id = row.correlation_id.take().or_else(|| text(&rules.correlation_field));
        row.trace_id = row.trace_id.take().or_else(|| text(&rules.trace_field));
        Some(())
    }

    fn insert(&mut self, id: Box<str>, rules: &FeedRules, time: Time, status: Status) -> u64 {
        let serial = self.next_serial;
        self.next_serial += 1;
        self.by_id.insert(id.clone(), serial);
        let row = Request {
            id,
            status,
            started: None,
            time,
            columns: vec![Box::default(); rules.columns.len()],
            reason: None,
            latency_s: None,
            correlation_id: None,
            trace_id: None,
            serial,
        };
        self.rows.insert(serial, row);
        let slot = self.order.partition_point(|&(t, s)| (t, s) < (time, serial));
        self.order.insert(slot, (time, serial));
        let slot = self.recent.partition_point(|t| *t <= time);
        self.recent.insert(slot, time);
        while self.recent.len() > KEPT_ROWS * 4 {
            self.recent.pop_front();
        }
        serial
    }

    fn reorder(&mut self, serial: u64, old: Time, new: Time) {
        if old == new {
            return;
        }
        let from = self.order.partition_point(|&(t, s)| (t, s) < (old, serial));
        if self.order.get(from) == Some(&(old, serial)) {
            self.order.remove(from);
        }
        let to = self.order.partition_point(|&(t, s)| (t, s) < (new, serial));
        self.order.insert(to, (new, serial));
    }

    /// The rows, newest event first.
    pub fn newest_first(&self) -> impl DoubleEndedIterator<Item = &Request> + ExactSizeIterator {
        self.order.iter().rev().map(|(_, serial)| &self.rows[serial])
    }

    /// A row by its serial.
    pub fn get(&self, serial: u64) -> Option<&Request> {
        self.rows.get(&serial)
    }

    /// A row by its request id.
    pub fn by_id(&self, id: &str) -> Option<&Request> {
        self.rows.get(self.by_id.get(id)?)
    }

    /// How many rows are kept.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether no row is kept.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Requests first seen in the minute before `now`.
    pub fn per_minute(&self, now: Time) -> usize {
        let from = self.recent.partition_point(|t| *t <= now - TimeDelta::seconds(60));
        let to = self.recent.partition_point(|t| *t <= now);
        to.saturating_sub(from)
    }

    /// What has come through.
    pub const fn counts(&self) -> Counts {
        self.counts
    }
}

fn plain(value: &Value) -> Box<str> {
    match value {
        Value::String(text) => text.as_str().into(),
        Value::Null => Box::default(),
        other => other.to_string().into(),
    }
}
