//! Datapoints of short periods as fewer of a long one.

use crate::clock::{Time, floor};

/// What the datapoints of a long period are together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Together {
    /// Their sum: counts.
    Sum,
    /// The last of them: gauges.
    Last,
}

/// Datapoints (start of period, value; ascending) as one a period of `period_s` seconds, aligned to the epoch.
///
/// A period without any datapoint stays missing. One that begins before `known_from` is left out, since part of it is
/// unknown.
pub fn roll_up(points: &[(Time, f64)], period_s: i64, together: Together, known_from: Time) -> Vec<(Time, f64)> {
    let mut rolled: Vec<(Time, f64)> = Vec::new();
    for &(at, value) in points {
        let start = floor(at, period_s);
        if start < known_from {
            continue;
        }
        match (rolled.last_mut(), together) {
            (Some((last, sum)), Together::Sum) if *last == start => *sum += value,
            (Some((last, kept)), Together::Last) if *last == start => *kept = value,
            (_, Together::Sum | Together::Last) => rolled.push((start, value)),
        }
    }
    rolled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(minute: i64) -> Time {
        chrono::DateTime::from_timestamp(minute * 60, 0).expect("in range")
    }

    #[test]
    fn hours_add_up_or_take_the_last() {
        let points: Vec<_> = [30, 59, 60, 61, 185].map(|minute| (t(minute), minute as f64)).to_vec();
        let cases = [
            (Together::Sum, 0, vec![(t(0), 89.0), (t(60), 121.0), (t(180), 185.0)]),
            (Together::Last, 0, vec![(t(0), 59.0), (t(60), 61.0), (t(180), 185.0)]),
            (Together::Sum, 30, vec![(t(60), 121.0), (t(180), 185.0)]),
        ];
        for (together, known_from, expected) in cases {
            assert_eq!(roll_up(&points, 3600, together, t(known_from)), expected);
        }
        assert!(roll_up(&[], 3600, Together::Sum, t(0)).is_empty());
    }
}
