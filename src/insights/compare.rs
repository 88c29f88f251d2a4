//! The commands `diff` and `logcompare`: which window a query's own is compared with.

use std::ops::Range;

use chrono::{Months, TimeDelta};

use crate::clock::Time;

/// A stretch of time, `[from, to)`.
pub type Window = (Time, Time);

/// What a query is compared with, and where it says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    pub(super) shift: Shift,
    /// The bytes of the command in the query.
    pub place: Range<usize>,
}

/// How far back the other window lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shift {
    /// By its own length.
    Length,
    /// By so long.
    Millis(i64),
    /// To the same day and time of the month before.
    Month,
}

/// What was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// The query's own window, and the other.
    pub windows: [Window; 2],
    /// The records looked at in each.
    pub records: [u64; 2],
}

impl Against {
    /// The window that `own` is compared with: as long, and so much earlier.
    pub fn before(&self, own: Window) -> Window {
        let (from, to) = own;
        let length = to - from;
        let start = match self.shift {
            Shift::Length => from.checked_sub_signed(length),
            Shift::Millis(millis) => from.checked_sub_signed(TimeDelta::milliseconds(millis)),
            Shift::Month => from.checked_sub_months(Months::new(1)),
        };
        let start = start.unwrap_or(Time::MIN_UTC);
        (start, start + length)
    }

    /// The latest window of records that has its other among them too: the later half of their time where it is compared
    /// with the time right before. `None` where the records are of too short a time.
    pub fn latest(&self, (first, end): Window) -> Option<Window> {
        let whole = end - first;
        let shift = match self.shift {
            Shift::Length => whole / 2,
            Shift::Millis(_) | Shift::Month => end - self.before((end, end)).0,
        };
        let length = shift.min(whole - shift);
        (length > TimeDelta::zero()).then(|| (end - length, end))
    }
}

/// The windows to be read, the latest first; what they have in common once.
pub(super) fn to_read(own: Window, before: Window) -> Vec<Window> {
    if before.1 > own.0 {
        return vec![(own.0.min(before.0), own.1.max(before.1))];
    }
    vec![own, before]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().expect("a time")
    }

    fn shown((from, to): Window) -> String {
        format!("{} {}", from.format("%m-%d %H:%M"), to.format("%m-%d %H:%M"))
    }

    #[test]
    fn the_other_window_is_as_long_and_earlier() {
        let own = (at("2026-03-31T10:00:00Z"), at("2026-03-31T10:30:00Z"));
        let cases = [
            (Shift::Length, "03-31 09:30 03-31 10:00"),
            (Shift::Millis(86_400_000), "03-30 10:00 03-30 10:30"),
            (Shift::Millis(7 * 86_400_000), "03-24 10:00 03-24 10:30"),
            (Shift::Month, "02-28 10:00 02-28 10:30"),
        ];
        for (shift, expected) in cases {
            assert_eq!(shown(Against { shift, place: 0..4 }.before(own)), expected, "{shift:?}");
        }
    }

    #[test]
    fn records_without_a_window_are_compared_as_far_as_they_reach() {
        let all = (at("2026-01-14T09:00:00Z"), at("2026-01-15T11:00:00Z"));
        let latest = |shift| Against { shift, place: 0..4 }.latest(all).map(shown);
        assert_eq!(latest(Shift::Length).as_deref(), Some("01-14 22:00 01-15 11:00"));
        assert_eq!(latest(Shift::Millis(86_400_000)).as_deref(), Some("01-15 09:00 01-15 11:00"));
        assert_eq!(latest(Shift::Millis(7 * 86_400_000)), None);
        assert_eq!(latest(Shift::Month), None);
    }

    #[test]
    fn what_windows_share_is_read_once() {
        let (one, two, three) = (at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z"), at("2026-01-03T00:00:00Z"));
        assert_eq!(to_read((two, three), (one, two)), [(two, three), (one, two)]);
        let late = two + TimeDelta::hours(1);
        assert_eq!(to_read((two, three), (one, late)), [(one, three)]);
    }
}
