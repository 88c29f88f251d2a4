//! The same time on earlier days.

use std::collections::VecDeque;

use chrono::TimeDelta;

use super::window::median;
use crate::clock::Time;

/// The datapoints of the last days, to be asked what was there at the same time of day.
#[derive(Debug, Clone)]
pub(super) struct Season {
    days: u16,
    jitter: TimeDelta,
    capacity: usize,
    points: VecDeque<(Time, f64)>,
}

/// What earlier days had at one time of day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SameTime {
    /// What at least half of the days went down to.
    pub(super) low: f64,
    /// The middle of the days.
    pub(super) middle: f64,
    /// What at least half of the days went up to.
    pub(super) high: f64,
}

/// A rhythm is believed from the second day on: one earlier day may have had an incident of its own.
const DAYS_TO_BELIEVE: usize = 2;

/// The most datapoints that are kept: a week of minutes.
const MOST: i64 = 10_200;

impl Season {
    pub(super) fn new(days: u16, jitter: TimeDelta, grid: TimeDelta) -> Self {
        let span = TimeDelta::days(i64::from(days)) + jitter;
        let capacity = (span.num_milliseconds() / grid.num_milliseconds().max(1)).clamp(1, MOST) as usize + 1;
        Self { days, jitter, capacity, points: VecDeque::new() }
    }

    pub(super) fn push(&mut self, at: Time, value: f64) {
        if self.points.len() == self.capacity {
            self.points.pop_front();
        }
        self.points.push_back((at, value));
    }

    /// What the earlier days had around the time of day of `at`; `None` where fewer than two had datapoints then.
    pub(super) fn same_time(&self, at: Time) -> Option<SameTime> {
        let (mut lows, mut middles, mut highs) = (Vec::new(), Vec::new(), Vec::new());
        for day in 1..=self.days {
            let then = at - TimeDelta::days(i64::from(day));
            let from = self.points.partition_point(|(t, _)| *t < then - self.jitter);
            let to = self.points.partition_point(|(t, _)| *t <= then + self.jitter);
            if from == to {
                continue;
            }
            let (mut low, mut high, mut sum) = (f64::INFINITY, f64::NEG_INFINITY, 0.0);
            for (_, value) in self.points.range(from..to) {
                low = low.min(*value);
                high = high.max(*value);
                sum += value;
            }
            lows.push(low);
            highs.push(high);
            middles.push(sum / (to - from) as f64);
        }
        if middles.len() < DAYS_TO_BELIEVE {
            return None;
        }
        for column in [&mut lows, &mut middles, &mut highs] {
            column.sort_by(f64::total_cmp);
        }
        Some(SameTime { low: lows[lows.len() / 2], middle: median(&middles)?, high: highs[(highs.len() - 1) / 2] })
    }
}
