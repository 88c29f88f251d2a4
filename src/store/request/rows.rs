//! The requests of the feed that are kept.

use std::collections::{BTreeSet, HashMap, VecDeque};

use crate::board::FeedRules;
use crate::clock::Time;
use crate::store::log::LogEvent;
use crate::store::request::line::{Use, Wanted};
use crate::store::request::pace::{Pace, Second};
use crate::store::request::row::Row;
use crate::store::request::{Place, Request};

/// How many rows are kept.
pub const KEPT_ROWS: usize = 20_000;

/// How many changes are remembered, for readers that keep up by themselves.
const KEPT_CHANGES: usize = 8_192;

/// The newest requests, newest event first on screen, oldest dropped when there are too many.
#[derive(Debug, Clone, Default)]
pub struct Requests {
    rows: HashMap<u64, Row>,
    by_id: HashMap<Box<str>, u64>,
    /// Every row once.
    order: BTreeSet<Place>,
    next_serial: u64,
    counts: Counts,
    pace: Pace,
    /// Serials of the rows that changed, oldest change first.
    changes: VecDeque<u64>,
    revision: u64,
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

impl Requests {
    /// Folds events in.
    pub fn fold(&mut self, rules: &FeedRules, events: &[LogEvent]) {
        let wanted = Wanted::new(rules);
        for event in events {
            self.counts.events += 1;
            if self.fold_one(rules, &wanted, event).is_none() {
                self.counts.other += 1;
            }
            self.drop_oldest();
        }
    }

    fn fold_one(&mut self, rules: &FeedRules, wanted: &Wanted<'_>, event: &LogEvent) -> Option<()> {
        let line = wanted.read(&event.message)?;
        let name = line.text(Use::Event)?;
        let status = rules.statuses.iter().find(|(event, _)| *event == name)?.1;
        let id = line.id()?;
        let serial = match self.by_id.get(&*id) {
            Some(&serial) => serial,
            None => self.insert(&id, rules, event.time),
        };
        let row = self.rows.get_mut(&serial)?;
        let (place, ended, arrived) = (row.request.place(), (row.request.status, row.request.time), row.arrived);
        row.join(&line, status, event.time, rules);
        self.pace.arrive(arrived, row.arrived);
        self.pace.end(ended, (row.request.status, row.request.time));
        if row.request.time != place.time {
            self.order.remove(&place);
            self.order.insert(row.request.place());
        }
        self.revision += 1;
        self.changes.push_back(serial);
        if self.changes.len() > KEPT_CHANGES {
            self.changes.pop_front();
        }
        Some(())
    }

    fn insert(&mut self, id: &str, rules: &FeedRules, time: Time) -> u64 {
        let serial = self.next_serial;
        self.next_serial += 1;
        self.by_id.insert(id.into(), serial);
        let row = Row::new(id.into(), serial, rules.columns.len(), time);
        self.order.insert(row.request.place());
        self.rows.insert(serial, row);
        serial
    }

    fn drop_oldest(&mut self) {
        while self.order.len() > KEPT_ROWS {
            let Some(place) = self.order.pop_first() else { return };
            if let Some(row) = self.rows.remove(&place.serial) {
                self.by_id.remove(&row.request.id);
                self.counts.dropped += 1;
            }
        }
    }

    /// The rows, newest event first.
    pub fn newest_first(&self) -> impl DoubleEndedIterator<Item = &Request> + ExactSizeIterator {
        self.order.iter().rev().map(|place| &self.rows[&place.serial].request)
    }

    /// The places of the rows, oldest first: where a reader starts in the middle.
    pub const fn order(&self) -> &BTreeSet<Place> {
        &self.order
    }

    /// A row by its serial.
    pub fn get(&self, serial: u64) -> Option<&Request> {
        self.rows.get(&serial).map(|row| &row.request)
    }

    /// A row by its request id.
    pub fn by_id(&self, id: &str) -> Option<&Request> {
        self.get(*self.by_id.get(id)?)
    }

    /// How many rows are kept.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether no row is kept.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Requests that arrived in the sixty whole seconds before `now`.
    pub fn per_minute(&self, now: Time) -> usize {
        let to = now.timestamp();
        self.pace.range(to - 60, to).map(|second| second.arrived as usize).sum()
    }

    /// What happened in the seconds of `[from, to)`, ascending; seconds without anything are left out.
    pub fn seconds(&self, from: Time, to: Time) -> impl Iterator<Item = &Second> {
        self.pace.range(from.timestamp(), to.timestamp())
    }

    /// What has come through.
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// Grows with every change of a row.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Serials of the rows that changed since a revision, one a change; `None` where that is too long ago to tell.
    pub fn changed_since(&self, revision: u64) -> Option<impl Iterator<Item = u64>> {
        let changes = usize::try_from(self.revision.checked_sub(revision)?).ok()?;
        let skipped = self.changes.len().checked_sub(changes)?;
        Some(self.changes.iter().skip(skipped).copied())
    }
}

#[cfg(test)]
mod tests;
