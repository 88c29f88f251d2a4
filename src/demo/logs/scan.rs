//! Reading a log group in strides, forward or backward, within bounds.

use chrono::{DateTime, TimeDelta};

use super::quotas::Quotas;
use crate::clock::Time;
use crate::demo::world::{LogRecord, World};

/// The direction of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Earliest first.
    Forward,
    /// Latest first.
    Backward,
}

/// A place between two events of a group: before or after the event `id` of the instant, or, without an id, before
/// every event of the instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The instant, whole milliseconds.
    pub(super) time: Time,
    /// The event that was read last, at this instant.
    pub(super) id: Option<String>,
}

impl Place {
    /// The place before everything that happens at `time` or later.
    pub(super) const fn before(time: Time) -> Self {
        Self { time, id: None }
    }

    /// The place of an event.
    pub(super) fn of(record: &LogRecord) -> Self {
        Self { time: record.time, id: Some(record.id.clone()) }
    }

    /// Its text in a paging token.
    pub(super) fn encode(&self) -> String {
        format!("{}|{}", self.time.timestamp_millis(), self.id.as_deref().unwrap_or_default())
    }

    /// The place that such a text stands for.
    pub(super) fn decode(text: &str) -> Option<Self> {
        let (millis, id) = text.split_once('|')?;
        let time = DateTime::from_timestamp_millis(millis.parse().ok()?)?;
        Some(Self { time, id: (!id.is_empty()).then(|| id.to_owned()) })
    }

    /// Whether a record lies on the far side of this place when it is passed in `direction`.
    fn lies_before(&self, record: &LogRecord, direction: Direction) -> bool {
        let key = (record.time, Some(record.id.as_str()));
        let place = (self.time, self.id.as_deref());
        match direction {
            Direction::Forward => key > place,
            Direction::Backward => key < place,
        }
    }
}

/// A scan of a group over `[from, to)`.
#[derive(Debug, Clone)]
pub(super) struct Scan<'a> {
    pub(super) world: &'a World,
    pub(super) group: &'a str,
    pub(super) from: Time,
    pub(super) to: Time,
    pub(super) direction: Direction,
    /// Whether only events about changes can be wanted: those of CloudTrail's group that are kept apart.
    pub(super) changes_alone: bool,
    /// The stretches outside which nothing wanted can be, where that is known.
    pub(super) stretches: Option<Vec<(Time, Time)>>,
}

/// What one page of a scan holds.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The events kept, in the scan's direction.
    pub(super) events: Vec<LogRecord>,
    /// Where to go on; `None` where the scan is complete.
    pub(super) next: Option<Place>,
}

/// The bytes that an event counts for against a page, beside its text (CloudWatch Logs quotas: 26 an event).
const OVERHEAD: usize = 26;

/// Strides read for one page, however empty: about a day and a half of silence.
const STRIDES: usize = 220;

impl Scan<'_> {
    /// Reads on from `place` (or from the beginning) until `limit` events are kept, a quota is reached, or the range is
    /// read to its end.
    pub(super) fn page(
        &self,
        place: Option<Place>,
        limit: usize,
        quotas: Quotas,
        mut keep: impl FnMut(&LogRecord) -> bool,
    ) -> Page {
        let mut page = Page::default();
        let mut place = place.unwrap_or_else(|| self.start());
        let (mut scanned, mut bytes) = (0, 0);
        let mut stride = Stride::new();
        for _ in 0..STRIDES {
            let Some((from, to)) = self.slice(&place, stride.span) else { return page };
            let mut records = match &self.stretches {
                Some(stretches) => {
                    let inside = stretches.iter().map(|(start, end)| (from.max(*start), to.min(*end)));
                    inside.flat_map(|(from, to)| self.world.log_events(self.group, from, to)).collect()
                }
                None if self.changes_alone => self.world.change_events(from, to),
                None => self.world.log_events(self.group, from, to),
            };
            stride.learn(records.len());
            if self.direction == Direction::Backward {
                records.reverse();
            }
            for record in records {
                if !place.lies_before(&record, self.direction) {
                    continue;
                }
                scanned += 1;
                if keep(&record) {
                    let size = record.message.len() + OVERHEAD;
                    if !page.events.is_empty() && bytes + size > quotas.page_bytes {
                        // The page is full: this event opens the next one.
                        page.next = Some(place);
                        return page;
                    }
                    bytes += size;
                    place = Place::of(&record);
                    page.events.push(record);
                } else {
                    place = Place::of(&record);
                }
                if page.events.len() >= limit || scanned >= quotas.scanned_events {
                    page.next = Some(place);
                    return page;
                }
            }
            place = Place::before(match self.direction {
                Direction::Forward => to,
                Direction::Backward => from,
            });
        }
        page.next = Some(place);
        page
    }

    fn start(&self) -> Place {
        Place::before(match self.direction {
            Direction::Forward => self.from,
            Direction::Backward => self.to,
        })
    }

    /// The next stretch of time to read, `None` at the end of the range.
    fn slice(&self, place: &Place, span: TimeDelta) -> Option<(Time, Time)> {
        let (from, to) = match self.direction {
            Direction::Forward => {
                let from = place.time.max(self.from);
                (from, self.to.min(from + span))
            }
            Direction::Backward => {
                // An event's own millisecond may hold earlier events still to be read.
                let end = if place.id.is_some() { place.time + TimeDelta::milliseconds(1) } else { place.time };
                let to = end.min(self.to);
                (self.from.max(to - span), to)
            }
        };
        (from < to).then_some((from, to))
    }
}

/// How long a stretch to ask the world for: a few thousand events, whatever the group's rate.
#[derive(Debug)]
struct Stride {
    span: TimeDelta,
}

impl Stride {
    const FEW: usize = 1_000;
    const MANY: usize = 12_000;
    const LONGEST: TimeDelta = TimeDelta::minutes(10);

    fn new() -> Self {
        Self { span: TimeDelta::seconds(15) }
    }

    fn learn(&mut self, found: usize) {
        if found < Self::FEW {
            self.span = (self.span * 3).min(Self::LONGEST);
        } else if found > Self::MANY {
            self.span = (self.span / 4).max(TimeDelta::milliseconds(50));
        }
    }
}
