//! How a simulated resource behaves: what it publishes in a minute.

use crate::demo::world::dice::Key;
use crate::demo::world::rhythm;

/// What is published in a minute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::demo::world) enum Shape {
    /// About so many events a minute, each of value 1, following the day's rhythm.
    Events(f64),
    /// Now and then (in one minute of so many) a few events of value 1, at most `most`; one reading of 0 in all others.
    Rare {
        /// In one minute of how many.
        one_in: u64,
        /// How many at most.
        most: u64,
    },
    /// One reading a minute around a level; `noise` is the share by which it strays.
    Level {
        /// The level.
        around: f64,
        /// How far it strays, as a share of the level.
        noise: f64,
    },
    /// One reading a minute that follows the day's rhythm around a level.
    Tide {
        /// The mean of the day.
        around: f64,
        /// How far it strays, as a share of the level.
        noise: f64,
    },
    /// One reading a minute, always the same.
    Constant(f64),
    /// One reading a minute that grows from nothing to `most` in so many minutes, and falls back.
    Saw {
        /// The highest reading.
        most: f64,
        /// Minutes from one fall to the next.
        every: u64,
    },
    /// About so many durations a minute, most of them near the median, some of them long.
    Times {
        /// How many a minute.
        a_minute: f64,
        /// The median.
        median: f64,
    },
    /// About so many events a minute, of which a share have the value 1 and the others 0.
    Flags {
        /// How many a minute.
        a_minute: f64,
        /// The share of ones.
        share: f64,
    },
}

/// Steps of the distribution of durations: the share of events in thousandths, and the multiple of the median.
const TIMES: [(u64, f64); 8] =
    [(80, 0.5), (170, 0.75), (250, 0.95), (250, 1.1), (150, 1.4), (70, 2.0), (25, 3.2), (5, 6.0)];

impl Shape {
    /// Value and count of what is published in a minute, ascending by value.
    pub(super) fn values(self, key: Key, minute: i64) -> Vec<(f64, u64)> {
        let key = key.with(minute as u64);
        let tide = rhythm::expected_requests(1.0 / 60.0, minute);
        let strays = |around: f64, noise: f64| around * (1.0 + noise * key.noise());
        match self {
            Self::Events(mean) => times(1.0, whole(mean * tide, key)),
            Self::Rare { one_in, most } if key.below(one_in) == 0 => times(1.0, 1 + key.with(1).below(most)),
            Self::Rare { .. } => vec![(0.0, 1)],
            Self::Level { around, noise } => vec![(strays(around, noise), 1)],
            Self::Tide { around, noise } => vec![(strays(around * tide, noise), 1)],
            Self::Constant(value) => vec![(value, 1)],
            Self::Saw { most, every } => {
                let part = minute.rem_euclid(every as i64) as f64 / every as f64;
                vec![((most * part).round(), 1)]
            }
            Self::Times { a_minute, median } => durations(whole(a_minute * tide, key), median, key),
            Self::Flags { a_minute, share } => {
                let all = whole(a_minute * tide, key);
                let set = whole(all as f64 * share, key.with(1)).min(all);
                [(0.0, all - set), (1.0, set)].into_iter().filter(|(_, n)| *n > 0).collect()
            }
        }
    }
}

/// About so many: a whole number within a tenth of the mean, rounded by chance so that small means come out right.
fn whole(mean: f64, key: Key) -> u64 {
    let around = mean * (1.0 + 0.1 * key.with(2).noise());
    let up = key.with(3).unit() < around.fract();
    around.trunc() as u64 + u64::from(up)
}

fn times(value: f64, n: u64) -> Vec<(f64, u64)> {
    if n == 0 { Vec::new() } else { vec![(value, n)] }
}

fn durations(n: u64, median: f64, key: Key) -> Vec<(f64, u64)> {
    let stretch = 1.0 + 0.08 * key.with(4).noise();
    let mut left = n;
    let mut found: Vec<(f64, u64)> = Vec::new();
    for (share, multiple) in TIMES {
        let here = (n * share / 1000).min(left);
        left -= here;
        found.push((median * multiple * stretch, here));
    }
    // What rounding left over is near the median.
    found[3].1 += left;
    found.retain(|(_, n)| *n > 0);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [Shape; 8] = [
        Shape::Events(3.5),
        Shape::Rare { one_in: 40, most: 3 },
        Shape::Level { around: 62.0, noise: 0.1 },
        Shape::Tide { around: 62.0, noise: 0.1 },
        Shape::Constant(1.0),
        Shape::Saw { most: 1800.0, every: 30 },
        Shape::Times { a_minute: 12.0, median: 85.0 },
        Shape::Flags { a_minute: 30.0, share: 0.01 },
    ];

    #[test]
    fn values_are_finite_ascending_and_depend_on_key_and_minute_alone() {
        for shape in SHAPES {
            for minute in 29_474_000..29_474_600 {
                let values = shape.values(Key::new(7), minute);
                assert_eq!(values, shape.values(Key::new(7), minute), "{shape:?}");
                assert!(values.windows(2).all(|pair| pair[0].0 < pair[1].0), "{shape:?} {values:?}");
                assert!(values.iter().all(|(value, n)| value.is_finite() && *value >= 0.0 && *n > 0), "{shape:?}");
            }
        }
    }

    #[test]
    fn the_means_of_a_day_are_what_the_shape_says() {
        let day = 29_474_000..29_474_000 + 1440;
        let count = |shape: Shape| -> u64 {
            day.clone().flat_map(|minute| shape.values(Key::new(3), minute)).map(|(_, n)| n).sum()
        };
        let events = count(Shape::Events(3.5)) as f64 / 1440.0;
        assert!((events - 3.5).abs() < 0.1, "{events}");
        let times = count(Shape::Times { a_minute: 12.0, median: 85.0 }) as f64 / 1440.0;
        assert!((times - 12.0).abs() < 0.2, "{times}");
        let values = day.flat_map(|minute| Shape::Flags { a_minute: 30.0, share: 0.01 }.values(Key::new(3), minute));
        let ones: u64 = values.filter(|(value, _)| *value > 0.5).map(|(_, n)| n).sum();
        assert!((300..560).contains(&ones), "{ones}");
    }
}
