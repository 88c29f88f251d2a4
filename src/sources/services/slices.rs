//! A window cut into what one call may ask.

use chrono::TimeDelta;

use crate::clock::{Time, floor};

/// The longest range of one GetServiceGraph call (X-Ray API reference).
pub(in crate::sources) const SLICE: TimeDelta = TimeDelta::hours(6);

/// A range cut into what one call may ask, oldest first. A longer one is cut at multiples of six hours, so that a window
/// that moves on keeps its inner slices.
pub(in crate::sources) fn slices(from: Time, to: Time) -> Vec<(Time, Time)> {
    if from >= to {
        return Vec::new();
    }
    if to - from <= SLICE {
        return vec![(from, to)];
    }
    let mut cut = Vec::new();
    let mut start = from;
    while start < to {
        let end = (floor(start, SLICE.num_seconds()) + SLICE).min(to);
        cut.push((start, end));
        start = end;
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(text: &str) -> Time {
        text.parse().expect("a time")
    }

    #[test]
    fn slices_are_at_most_six_hours_and_leave_nothing_out() {
        let (from, to) = (t("2026-01-14T22:28:00Z"), t("2026-01-15T11:28:00Z"));
        let cut = slices(from, to);
        assert_eq!(cut.len(), 3);
        assert_eq!((cut[0].0, cut[2].1), (from, to));
        assert_eq!(cut[1], (t("2026-01-15T00:00:00Z"), t("2026-01-15T06:00:00Z")));
        assert!(cut.windows(2).all(|two| two[0].1 == two[1].0));
        assert_eq!(slices(t("2026-01-15T05:00:00Z"), t("2026-01-15T11:00:00Z")).len(), 1, "six hours are one call");
        assert!(slices(from, from).is_empty());
    }
}
