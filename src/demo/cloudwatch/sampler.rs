//! Statistics of published values, period by period.

use chrono::TimeDelta;

use crate::clock::{Time, floor};
use crate::demo::world::{MetricName, Readings, World};

use super::statistic::Statistic;

/// How far back datapoints of at most so many seconds are kept: period below, days (user guide, "Metrics retention").
const RETENTION: [(u32, i64); 3] = [(300, 15), (3600, 63), (u32::MAX, 455)];

/// So much time is read of all lines before the next, while the world remembers the single requests behind it.
const STRETCH: TimeDelta = TimeDelta::hours(3);

/// From how much time on two threads share the reading.
const LONG: TimeDelta = TimeDelta::hours(6);

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
        let first = floor(self.kept_from(period_s), step);
        let count = ((end - first).num_milliseconds().max(0) as u64).div_ceil(step as u64 * 1000);
        (0..count as i64).map(|i| first + TimeDelta::seconds(i * step)).collect()
    }

    /// Its first instant of which datapoints of a period are kept.
    fn kept_from(&self, period_s: u32) -> Time {
        let days = RETENTION.iter().find(|(below, _)| period_s < *below).map_or(455, |(_, days)| *days);
        self.from.max(self.now - TimeDelta::days(days))
    }
}

/// A statistic of a metric, or of several taken together, in periods.
#[derive(Debug, Clone)]
pub(super) struct Line<'w> {
    metrics: Vec<Readings<'w>>,
    stat: Statistic,
    step: TimeDelta,
    /// The start of its first period.
    from: Time,
    /// The end of the last, or of what is told of it.
    to: Time,
    now: Time,
}

impl<'w> Line<'w> {
    /// A statistic of all values of some metrics; a metric that nobody publishes has none.
    ///
    /// Periods are aligned to the clock. Values come by the minute, so a period below 60 s has them at whole minutes.
    pub(super) fn new<'m>(
        world: &'w World,
        metrics: impl IntoIterator<Item = &'m MetricName>,
        stat: Statistic,
        period_s: u32,
        window: Window,
    ) -> Self {
        let step = i64::from(period_s.max(60));
        let last = floor(window.to - TimeDelta::nanoseconds(1), step);
        Self {
            metrics: metrics.into_iter().filter_map(|metric| world.readings(metric)).collect(),
            stat,
            step: TimeDelta::seconds(step),
            from: floor(window.kept_from(period_s), step),
            to: (last + TimeDelta::seconds(step)).min(window.now),
            now: window.now,
        }
    }

    /// The same of one metric with periods counted from the window's start, as GetMetricStatistics has them.
    pub(super) fn from_start(
        world: &'w World,
        metric: &MetricName,
        stat: Statistic,
        period_s: u32,
        window: Window,
    ) -> Self {
        let line = Self::new(world, [metric], stat, period_s, window);
        Self { from: floor(window.kept_from(period_s), 60), to: window.to.min(window.now), ..line }
    }

    /// Its periods that start before an instant, and the others.
    fn halves(&self, at: Time) -> (Self, Self) {
        let step = self.step.num_seconds();
        let before = (at - self.from).num_seconds().max(0) / step * step;
        let cut = (self.from + TimeDelta::seconds(before)).min(self.to);
        (Self { to: cut, ..self.clone() }, Self { from: cut, ..self.clone() })
    }
}

/// One value for each period of each line that has data.
///
/// A long span is read by two threads, one half each.
pub(super) fn read(lines: &[Line<'_>]) -> Vec<Vec<(Time, f64)>> {
    let Some(middle) = middle(lines) else { return in_order(lines) };
    let (older, newer): (Vec<_>, Vec<_>) = lines.iter().map(|line| line.halves(middle)).unzip();
    let (mut points, mut rest) = (Vec::new(), Vec::new());
    std::thread::scope(|scope| {
        scope.spawn(|| points = in_order(&older));
        rest = in_order(&newer);
    });
    for (points, rest) in points.iter_mut().zip(rest) {
        points.extend(rest);
    }
    points
}

/// Where to cut lines so that there is about as much to draw on both sides; `None` for a short span.
fn middle(lines: &[Line<'_>]) -> Option<Time> {
    let from = lines.iter().map(|line| line.from.max(line.now - TimeDelta::days(RETENTION[0].1))).min()?;
    let to = lines.iter().map(|line| line.to).max()?;
    (to - from > LONG).then(|| from + (to - from) / 2)
}

/// Reads all lines from their oldest period to the newest.
fn in_order(lines: &[Line<'_>]) -> Vec<Vec<(Time, f64)>> {
    let mut read: Vec<(Time, Vec<(Time, f64)>)> = lines.iter().map(|line| (line.from, Vec::new())).collect();
    let mut until = lines.iter().map(|line| line.from).min().unwrap_or_default();
    while lines.iter().zip(&read).any(|(line, (next, _))| *next < line.to) {
        until += STRETCH;
        for (line, (next, points)) in lines.iter().zip(&mut read) {
            while *next < until.min(line.to) {
                let end = *next + line.step;
                let value = line.stat.over(&line.metrics, *next, end.min(line.to), line.now);
                points.extend(value.map(|value| (*next, value)));
                *next = end;
            }
        }
    }
    read.into_iter().map(|(_, points)| points).collect()
}
