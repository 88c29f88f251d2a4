//! The requests of the feed that are kept.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use crate::board::{FeedRules, Status};
use crate::clock::Time;
use crate::store::lines::{Kind, Lines};
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
    rows: HashMap<u64, Row, Neighbours>,
    by_id: HashMap<Arc<str>, u64>,
    /// Every row once, at the place of the line that decided where it stands.
    order: BTreeMap<Place, u64>,
    next_serial: u64,
    counts: Counts,
    pace: Pace,
    /// Serials of the rows that changed, oldest change first.
    changes: VecDeque<u64>,
    revision: u64,
}

/// Puts rows that came one after the other side by side, where the processor has them at hand: serials are our own, so
/// nobody can choose them ill.
type Neighbours = BuildHasherDefault<Serial>;

#[derive(Debug, Clone, Copy, Default)]
struct Serial(u64);

impl Hasher for Serial {
    fn finish(&self) -> u64 {
        // The lower bits choose the slot, the upper seven tell rows of near slots apart.
        self.0 ^ self.0 << 57
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, serial: u64) {
        self.0 = serial;
    }
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

/// The request that one line alone tells of: how an older one looks whose other lines are not put together any more.
pub fn read(rules: &FeedRules, line: &crate::store::lines::Line) -> Option<Request> {
    let status = match line.kind {
        Kind::Other | Kind::Trouble => return None,
        Kind::Start => Status::Pending,
        Kind::Success => Status::Success,
        Kind::Failed => Status::Failed,
    };
    let wanted = Wanted::new(rules);
    let fields = wanted.read(&line.text)?;
    let mut row = Row::new(fields.id()?.as_ref().into(), u64::MAX, rules.columns.len(), line.place);
    row.join(&fields, status, (line.place.time(), line.place), rules);
    Some(row.request)
}

impl Requests {
    /// Folds events in: their lines among `lines`, and as requests where they are part of the feed.
    pub fn fold(&mut self, rules: &FeedRules, events: &[LogEvent], lines: &mut Lines) {
        let wanted = Wanted::new(rules);
        for event in events {
            self.counts.events += 1;
            let place = lines.place(event);
            let kind = self.fold_one(rules, &wanted, event, place);
            if matches!(kind, Kind::Other | Kind::Trouble) {
                self.counts.other += 1;
            }
            lines.put(place, event, kind);
            self.drop_oldest();
        }
    }

    fn fold_one(&mut self, rules: &FeedRules, wanted: &Wanted<'_>, event: &LogEvent, place: Place) -> Kind {
        let Some(line) = wanted.read(&event.message) else { return Kind::of_plain(&event.message) };
        let name = line.text(Use::Event);
        let status = name.and_then(|name| Some(rules.statuses.iter().find(|(event, _)| *event == name)?.1));
        let (Some(status), Some(id)) = (status, line.id()) else {
            return Kind::of_level(line.text(Use::Level).as_deref().unwrap_or_default());
        };
        let serial = match self.by_id.get(&*id) {
            Some(&serial) => serial,
            None => self.insert(&id, rules, place),
        };
        let kind = match status {
            Status::Pending => Kind::Start,
            Status::Success => Kind::Success,
            Status::Failed => Kind::Failed,
        };
        let Some(row) = self.rows.get_mut(&serial) else { return kind };
        let (before, ended, arrived) = (row.place, (row.request.status, row.request.time), row.arrived);
        row.join(&line, status, (event.time, place), rules);
        self.pace.arrive(arrived, row.arrived);
        self.pace.end(ended, (row.request.status, row.request.time));
        if row.place != before {
            self.order.remove(&before);
            self.order.insert(row.place, serial);
        }
        self.revision += 1;
        self.changes.push_back(serial);
        if self.changes.len() > KEPT_CHANGES {
            self.changes.pop_front();
        }
        kind
    }

    fn insert(&mut self, id: &str, rules: &FeedRules, place: Place) -> u64 {
        let serial = self.next_serial;
        self.next_serial += 1;
        let id: Arc<str> = id.into();
        let row = Row::new(Arc::clone(&id), serial, rules.columns.len(), place);
        self.by_id.insert(id, serial);
        self.order.insert(place, serial);
        self.rows.insert(serial, row);
        serial
    }

    fn drop_oldest(&mut self) {
        while self.order.len() > KEPT_ROWS {
            let Some((_, serial)) = self.order.pop_first() else { return };
            if let Some(row) = self.rows.remove(&serial) {
                self.by_id.remove(&row.request.id);
                self.counts.dropped += 1;
            }
        }
    }

    /// The rows, newest event first.
    pub fn newest_first(&self) -> impl DoubleEndedIterator<Item = &Request> + ExactSizeIterator {
        self.order.values().rev().map(|serial| &self.rows[serial].request)
    }

    /// The places of the rows and their serials, oldest first: where a reader starts in the middle.
    pub const fn order(&self) -> &BTreeMap<Place, u64> {
        &self.order
    }

    /// The row whose deciding line stands at a place.
    pub fn at(&self, place: Place) -> Option<&Request> {
        self.get(*self.order.get(&place)?)
    }

    /// Where a row stands.
    pub fn place(&self, serial: u64) -> Option<Place> {
        self.rows.get(&serial).map(|row| row.place)
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
