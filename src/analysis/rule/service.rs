//! A measure of a service or an edge of the service graph, period by period.

use chrono::TimeDelta;

use super::values::Values;
use crate::board::rule::{Measure, ServiceWatch};
use crate::clock::{Time, floor};
use crate::store::Store;
use crate::store::health::{Health, SourceId};

/// How long after its end a period is waited for: X-Ray shows traces within a minute.
const SETTLES: TimeDelta = TimeDelta::minutes(1);
/// How late a period may be before it counts as missing; at least two periods are waited for.
const LATE: TimeDelta = TimeDelta::minutes(3);

/// The values of a measure over the whole periods of `[from, now)`; `None` where no answer has come yet.
///
/// A period without requests has no value, but a rate of requests of 0.
pub(super) fn values(watch: &ServiceWatch, store: &Store, from: Time, now: Time) -> Option<Values> {
    let trend = store.followed_services.get(&watch.query())?;
    let (known_from, _) = trend.data.covered?;
    let asked = trend.health.changed().unwrap_or(now).min(now);
    let period = i64::from(watch.period_s.max(1));
    let step = TimeDelta::seconds(period);
    let known_from = known_from.max(from);
    let mut at = floor(known_from, period);
    if at < known_from {
        at += step;
    }
    let told = &trend.data.points;
    let end = floor(asked - SETTLES, period);
    let mut points = Vec::new();
    while at < end {
        let index = told.partition_point(|point| point.at < at);
        let point = told.get(index).filter(|point| point.at < at + step);
        let value = match (point, watch.measure) {
            (Some(point), measure) => measure.of(&point.statistics, watch.period_s),
            (None, Measure::RequestRate) => Some(0.0),
            (None, _) => None,
        };
        points.push((at, value));
        at += step;
    }
    let late = LATE.max(step * 2);
    while let Some((at, None)) = points.last()
        && now - (*at + step) < late
    {
        points.pop();
    }
    let health = store.health(SourceId::ServiceRules);
    let newest = points.last().map(|(at, _)| *at + step);
    let silent = !matches!(health, Health::Live { .. }) && newest.is_none_or(|newest| now - newest >= late);
    Some(Values {
        points,
        message: None,
        unknown: silent.then(|| {
            let words = health.trouble().map(|(error, _)| error.brief());
            let silence = || "GetTimeSeriesServiceStatistics has not answered".to_owned();
            format!("no datapoints: {}", words.unwrap_or_else(silence))
        }),
    })
}
