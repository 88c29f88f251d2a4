//! What is bad, and what is good to compare it with.

use chrono::TimeDelta;

use crate::board::AlarmFilter;
use crate::clock::{Time, floor};
use crate::store::alarm::{Alarm, AlarmState};

/// The bad window where nothing fires.
const RECENT: TimeDelta = TimeDelta::minutes(15);
/// How far back an alarm may have begun: one that has fired for days says nothing about now, and reading costs.
const OLDEST: TimeDelta = TimeDelta::hours(6);
/// The good window ends where the bad one begins, and is so long.
const GOOD: TimeDelta = TimeDelta::hours(1);
/// The shortest bad window: an alarm that has just begun to fire.
const SHORTEST: TimeDelta = TimeDelta::minutes(1);

/// A stretch of time, `[from, to)`, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// Its first instant.
    pub from: Time,
    /// The instant after it.
    pub to: Time,
}

/// A bad window and the good one that it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Windows {
    /// When things went wrong.
    pub bad: Span,
    /// When they were well.
    pub good: Span,
}

impl Windows {
    /// Since the oldest firing alarm of the board began, at most six hours ago; the last quarter of an hour where none
    /// does. With the hour before.
    pub fn of_alarms(alarms: &[Alarm], shown: &AlarmFilter, now: Time) -> Self {
        let now = floor(now, 1);
        let firing = alarms.iter().filter(|alarm| alarm.state == AlarmState::Alarm && shown.shows(&alarm.name));
        let since = firing.filter_map(|alarm| alarm.since).filter(|since| *since < now && *since >= now - OLDEST).min();
        let from = since.map_or(now - RECENT, |since| floor(since, 1).min(now - SHORTEST));
        Self::of_bad(Span { from, to: now })
    }

    /// A bad window with the hour before it.
    pub fn of_bad(bad: Span) -> Self {
        Self { bad, good: Span { from: bad.from - GOOD, to: bad.from } }
    }

    /// A few periods around a point in time, with the hour before.
    pub fn around(at: Time, period_s: i64, now: Time) -> Self {
        let half = TimeDelta::seconds(period_s.max(60) * 2);
        let to = (at + half + TimeDelta::seconds(period_s.max(0))).min(floor(now, 1));
        Self::of_bad(Span { from: (at - half).min(to - SHORTEST), to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::alarm::AlarmKind;

    fn at(text: &str) -> Time {
        format!("2026-01-15T{text}Z").parse().expect("a time")
    }

    fn alarm(name: &str, state: AlarmState, since: &str) -> Alarm {
        Alarm {
            name: name.into(),
            description: String::new(),
            kind: AlarmKind::Composite { rule: String::new(), children: Vec::new() },
            state,
            since: Some(at(since)),
            reason: String::new(),
            value: None,
            actions_enabled: true,
            actions: Vec::new(),
            evaluation_state: None,
            setup: crate::store::alarm::AlarmSetup::default(),
        }
    }

    #[test]
    fn the_oldest_alarm_that_fires_begins_the_bad_window() {
        let alarms = [
            alarm("a", AlarmState::Alarm, "10:20:00"),
            alarm("b", AlarmState::Alarm, "10:13:30.250"),
            alarm("chronic", AlarmState::Alarm, "01:00:00"),
            alarm("fine", AlarmState::Ok, "09:00:00"),
        ];
        let windows = Windows::of_alarms(&alarms, &AlarmFilter::default(), at("10:28:00.5"));
        assert_eq!(windows.bad, Span { from: at("10:13:30"), to: at("10:28:00") });
        assert_eq!(windows.good, Span { from: at("09:13:30"), to: at("10:13:30") });
        let quiet = Windows::of_alarms(&alarms[2..], &AlarmFilter::default(), at("10:28:00"));
        assert_eq!(quiet.bad, Span { from: at("10:13:00"), to: at("10:28:00") });
        let fresh =
            Windows::of_alarms(&[alarm("a", AlarmState::Alarm, "10:27:59")], &AlarmFilter::default(), at("10:28:00"));
        assert_eq!(fresh.bad.from, at("10:27:00"));
    }

    #[test]
    fn a_point_has_a_window_around_it_that_ends_by_now() {
        let windows = Windows::around(at("10:20:00"), 60, at("10:28:00"));
        assert_eq!(windows.bad, Span { from: at("10:18:00"), to: at("10:23:00") });
        assert_eq!(
            Windows::around(at("10:27:00"), 60, at("10:28:00")).bad,
            Span { from: at("10:25:00"), to: at("10:28:00") }
        );
    }
}
