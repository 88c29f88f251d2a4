//! When incidents are: from the schedule to whole minutes.

use crate::clock::Time;

use super::Schedule;
use super::time::{self, DAY_MINUTES};

/// How long an incident lasts, in minutes.
pub(super) const LASTS: i64 = 30;

/// Minutes of an incident in which orders flood in.
pub(super) const FLOOD: std::ops::Range<i64> = 12..14;

/// Minutes from one live incident to the next.
const EVERY: i64 = 120;

/// How long before a live start its first incident began, in minutes.
const HEAD_START: i64 = 21;

/// Minute of the day at which the scripted incident begins: 10:10 UTC.
const SCRIPTED: i64 = 10 * 60 + 10;

/// The incidents of a world, in minutes since the epoch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Incidents {
    first: i64,
    /// Minutes between two starts, `None` where there is only one.
    every: Option<i64>,
}

impl Incidents {
    /// The incidents of a schedule.
    pub(super) fn new(schedule: Schedule) -> Self {
        match schedule {
            Schedule::Day(day) => {
                let midnight = time::minute_of(day).div_euclid(DAY_MINUTES) * DAY_MINUTES;
                Self { first: midnight + SCRIPTED, every: None }
            }
            Schedule::Live(launch) => Self { first: time::minute_of(launch) - HEAD_START, every: Some(EVERY) },
        }
    }

    /// Start of the last incident that had started by `minute`.
    pub(super) fn last_by(&self, minute: i64) -> Option<i64> {
        if minute < self.first {
            return None;
        }
        let since = minute - self.first;
        Some(self.every.map_or(self.first, |every| minute - since.rem_euclid(every)))
    }

    /// Whether `minute` lies in an incident.
    pub(super) fn covers(&self, minute: i64) -> bool {
        self.age(minute).is_some_and(|age| age < LASTS)
    }

    /// Minutes since the last incident started.
    pub(super) fn age(&self, minute: i64) -> Option<i64> {
        self.last_by(minute).map(|start| minute - start)
    }

    /// Whether requests that start in `minute` may be retried on the other side of an incident's start or end.
    pub(super) fn is_boundary(&self, minute: i64) -> bool {
        self.covers(minute) != self.covers(minute + 1)
    }

    /// Start and end of the incident under way or last to start by an instant.
    pub(super) fn last_span(&self, now: Time) -> Option<(Time, Time)> {
        let start = self.last_by(time::minute_of(now))?;
        Some((time::start_of(start), time::start_of(start + LASTS)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().expect("a time")
    }

    #[test]
    fn a_day_has_one_incident() {
        let incidents = Incidents::new(Schedule::Day(at("2026-01-15T23:28:00Z")));
        let span = Some((at("2026-01-15T10:10:00Z"), at("2026-01-15T10:40:00Z")));
        assert_eq!(incidents.last_span(at("2026-01-15T10:09:59.999Z")), None);
        assert_eq!(incidents.last_span(at("2026-01-15T10:10:00Z")), span);
        assert_eq!(incidents.last_span(at("2026-01-17T10:20:00Z")), span);
        assert!(!incidents.covers(time::minute_of(at("2026-01-16T10:20:00Z"))));
        assert!(incidents.covers(time::minute_of(at("2026-01-15T10:39:00Z"))));
        assert!(!incidents.covers(time::minute_of(at("2026-01-15T10:40:00Z"))));
    }

    #[test]
    fn a_live_world_starts_in_one_and_repeats_it() {
        let incidents = Incidents::new(Schedule::Live(at("2026-03-01T17:45:31Z")));
        let first = Some((at("2026-03-01T17:24:00Z"), at("2026-03-01T17:54:00Z")));
        assert_eq!(incidents.last_span(at("2026-03-01T17:45:31Z")), first);
        assert_eq!(incidents.last_span(at("2026-03-01T17:23:59Z")), None);
        let second = Some((at("2026-03-01T19:24:00Z"), at("2026-03-01T19:54:00Z")));
        assert_eq!(incidents.last_span(at("2026-03-01T20:00:00Z")), second);
    }
}
