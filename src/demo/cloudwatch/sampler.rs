//! Statistics of published values, period by period.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use chrono::TimeDelta;

use crate::clock::{Time, floor};
use crate::demo::world::{Distribution, MetricName, World};

use super::statistic::Statistic;

/// How far back datapoints of at most so many seconds are kept: period below, days (user guide, "Metrics retention").
const RETENTION: [(u32, i64); 3] = [(300, 15), (3600, 63), (u32::MAX, 455)];

/// The minutes of one metric.
type Minutes = Rc<Vec<(Time, Distribution)>>;

/// The span a call asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// First instant.
    pub(super) from: Time,
    /// End, exclusive.
    pub(super) to: Time,
    /// The present: nothing later is told.
    pub(super) now: Time,
}

impl Window {
    /// The starts of its periods, aligned to the clock: from the one that holds the start, up to the present, no older
    /// than what is kept.
    pub(super) fn times(&self, period_s: u32) -> Vec<Time> {
        let step = i64::from(period_s.max(60));
        let end = self.to.min(self.now);
        let first = floor(self.from.max(self.now - retention(period_s)), step);
        let count = ((end - first).num_milliseconds().max(0) as u64).div_ceil(step as u64 * 1000);
        (0..count as i64).map(|i| first + TimeDelta::seconds(i * step)).collect()
    }
}

/// Reads metrics of the world, each stretch of minutes once a call.
pub(super) struct Sampler<'a> {
    world: &'a World,
    read: RefCell<HashMap<MetricName, (Window, Option<Minutes>)>>,
}

impl<'a> Sampler<'a> {
    /// A sampler that has read nothing yet.
    pub(super) fn new(world: &'a World) -> Self {
        Self { world, read: RefCell::default() }
    }

    /// The world it reads.
    pub(super) const fn world(&self) -> &'a World {
        self.world
    }

    /// One value for each period that has data; nothing for a metric that nobody publishes.
    ///
    /// Periods are aligned to the clock. Values come by the minute, so a period below 60 s has them at whole minutes.
    pub(super) fn points(
        &self,
        metric: &MetricName,
        stat: Statistic,
        period_s: u32,
        window: Window,
    ) -> Vec<(Time, f64)> {
        let step = i64::from(period_s.max(60));
        let oldest = window.now - retention(period_s);
        let from = floor(window.from.max(oldest), step);
        let last = floor(window.to - TimeDelta::nanoseconds(1), step);
        let Some(minutes) = self.minutes(metric, Window { from, to: last + TimeDelta::seconds(step), ..window }) else {
            return Vec::new();
        };
        bucketed(&minutes, stat, |minute| floor(minute, step))
    }

    /// One value for each period in which any of the metrics has data: all their values are taken together.
    pub(super) fn points_together(
        &self,
        metrics: &[&MetricName],
        stat: Statistic,
        period_s: u32,
        window: Window,
    ) -> Vec<(Time, f64)> {
        if let [metric] = metrics {
            return self.points(metric, stat, period_s, window);
        }
        let step = i64::from(period_s.max(60));
        let from = floor(window.from.max(window.now - retention(period_s)), step);
        let last = floor(window.to - TimeDelta::nanoseconds(1), step);
        let window = Window { from, to: last + TimeDelta::seconds(step), ..window };
        let of_each = metrics.iter().filter_map(|metric| self.minutes(metric, window));
        let mut all: Vec<(Time, Distribution)> = of_each.flat_map(|minutes| minutes.to_vec()).collect();
        all.sort_by_key(|(at, _)| *at);
        bucketed(&all, stat, |minute| floor(minute, step))
    }

    /// The same with periods counted from the window's start, as GetMetricStatistics has them.
    pub(super) fn points_from_start(
        &self,
        metric: &MetricName,
        stat: Statistic,
        period_s: u32,
        window: Window,
    ) -> Vec<(Time, f64)> {
        let step = i64::from(period_s.max(60));
        let from = floor(window.from.max(window.now - retention(period_s)), 60);
        let Some(minutes) = self.minutes(metric, Window { from, ..window }) else { return Vec::new() };
        let bucket = |minute: Time| from + TimeDelta::seconds((minute - from).num_seconds() / step * step);
        bucketed(&minutes, stat, bucket)
    }

    fn minutes(&self, metric: &MetricName, window: Window) -> Option<Minutes> {
        if let Some((held, minutes)) = self.read.borrow().get(metric)
            && held.now == window.now
            && held.from <= window.from
            && held.to >= window.to
        {
            return minutes.as_ref().map(|minutes| slice(minutes, window));
        }
        let minutes = self.world.samples(metric, window.from, window.to, window.now).map(Rc::new);
        self.read.borrow_mut().insert(metric.clone(), (window, minutes.clone()));
        minutes
    }
}

/// The minutes within a window; the whole list is shared where it has no others.
fn slice(minutes: &Minutes, window: Window) -> Minutes {
    let start = minutes.partition_point(|(t, _)| *t < window.from);
    let end = minutes.partition_point(|(t, _)| *t < window.to);
    if start == 0 && end == minutes.len() { Rc::clone(minutes) } else { Rc::new(minutes[start..end].to_vec()) }
}

/// One value a bucket; `bucket` tells the start of the one that a minute falls into.
fn bucketed(minutes: &[(Time, Distribution)], stat: Statistic, bucket: impl Fn(Time) -> Time) -> Vec<(Time, f64)> {
    minutes
        .chunk_by(|a, b| bucket(a.0) == bucket(b.0))
        .filter_map(|minutes| Some((bucket(minutes[0].0), stat.of(minutes)?)))
        .collect()
}

fn retention(period_s: u32) -> TimeDelta {
    let days = RETENTION.iter().find(|(below, _)| period_s < *below).map_or(455, |(_, days)| *days);
    TimeDelta::days(days)
}
