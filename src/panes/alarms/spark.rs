//! A metric over the window in a few cells, each of which says whether something in it breaches.

use chrono::TimeDelta;

use crate::analysis::alarm::Comparison;
use crate::analysis::alarm::look::Limits;
use crate::clock::{Time, floor};
use crate::panes::Cx;
use crate::store::alarm::MetricAlarm;
use crate::store::rule::RuleStatus;

/// The worst value of each of some equal stretches of the window, oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spark {
    /// The value; `None` where there is no datapoint.
    pub values: Vec<Option<f64>>,
    /// Whether it breaches.
    pub breached: Vec<bool>,
}

/// A metric alarm's: what breaches is worse than what does not, then what is farther on the side that the alarm is about.
pub(super) fn of_alarm(metric: &MetricAlarm, cx: &Cx<'_>, cells: usize) -> Spark {
    let comparison = Comparison::parse(&metric.comparison);
    let limits = Limits::of(metric, metric.band.as_ref().and_then(|band| cx.store.series(band)));
    let Some(series) = cx.store.series(&metric.query).and_then(|set| set.single()) else {
        return of(&[], i64::from(metric.query.period_s.max(1)), cx, cells, |_, _| (false, 0.0));
    };
    of(&series.points, i64::from(metric.query.period_s.max(1)), cx, cells, |at, value| {
        let Some(comparison) = comparison else { return (false, value) };
        let Some((lower, upper)) = limits.and_then(|limits| limits.at(at)) else { return (false, value) };
        let beyond = match comparison {
            Comparison::OutsideBand => (value - upper).max(lower - value),
            _ if comparison.is_about_too_little() => -value,
            _ => value,
        };
        (comparison.breaches(value, lower, upper), beyond)
    })
}

/// A rule's, from what it has looked at. Which of it was bad the rule alone knows.
pub(super) fn of_rule(rule: &RuleStatus, cx: &Cx<'_>, cells: usize) -> Spark {
    let Some(track) = cx.store.rule_tracks.get(&rule.id) else { return Spark::default() };
    of(&track.points, track.period_s.max(1), cx, cells, |_, value| (false, value))
}

/// The points of the window in cells; `badness` tells of each whether it breaches, and what makes it worse than another.
fn of(
    points: &[(Time, f64)],
    period_s: i64,
    cx: &Cx<'_>,
    cells: usize,
    badness: impl Fn(Time, f64) -> (bool, f64),
) -> Spark {
    let to = floor(cx.window.end.map_or(cx.now, |end| end.min(cx.now)), period_s);
    let count = (cx.window.span.as_secs() as i64 / period_s).max(1) as u64;
    let each = count.div_ceil(cells.max(1) as u64);
    let (stretch, cells) = (TimeDelta::seconds(each as i64 * period_s), count.div_ceil(each) as i32);
    let mut spark = Spark::default();
    for back in (0..cells).rev() {
        let end = to - stretch * back;
        let from = points.partition_point(|(at, _)| *at < end - stretch);
        let until = points.partition_point(|(at, _)| *at < end);
        let worst = points[from..until.max(from)].iter().map(|(at, value)| (badness(*at, *value), *value)).reduce(
            |worst, next| match (worst.0.0, next.0.0) {
                (false, true) => next,
                (true, false) => worst,
                (_, _) if next.0.1 > worst.0.1 => next,
                (_, _) => worst,
            },
        );
        spark.values.push(worst.map(|(_, value)| value));
        spark.breached.push(worst.is_some_and(|((breaches, _), _)| breaches));
    }
    spark
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panes::incident;

    #[test]
    fn a_cell_shows_the_worst_of_its_stretch_and_bands_breach_too() {
        let world = incident::live();
        let spark = |name: &str, cells| {
            let alarm = world.store.alarm(name).and_then(|alarm| alarm.metric()).expect("a metric alarm");
            of_alarm(alarm, &world.cx(), cells)
        };
        let rate = spark("HighFailureRate", 6);
        assert_eq!(rate.breached, [false, false, false, false, false, true]);
        assert!(rate.values[5].is_some_and(|value| value > 14.0), "{rate:?}");
        let spike = spark("RequestSpike", 60);
        assert!(spike.breached.iter().any(|breached| *breached) && !spike.breached.iter().all(|breached| *breached));
        for (value, breached) in spike.values.iter().zip(&spike.breached) {
            let value = value.expect("a value");
            assert_eq!(*breached, !(2250.0..=2550.0).contains(&value), "{value}");
        }
    }
}
