//! A formula's value in each period.

use chrono::TimeDelta;

use crate::board::Board;
use crate::board::rule::Formula;
use crate::clock::{Time, floor};
use crate::store::Store;
use crate::store::health::{Health, SourceId};
use crate::store::series::{MetricQuery, MetricSource, SeriesSet};

/// How late a datapoint may be before its period counts as missing; at least two periods are waited for.
///
/// CloudWatch publishes most metrics within three minutes.
const LATE: TimeDelta = TimeDelta::minutes(3);

/// The values of whole periods.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Values {
    /// Start of period and value, every period from the first that is known to the newest that counts.
    pub(super) points: Vec<(Time, Option<f64>)>,
    /// AWS's message on one of the metrics.
    pub(super) message: Option<String>,
    /// Why the newest periods are not known, if they are not.
    pub(super) unknown: Option<String>,
}

/// How a missing datapoint of one metric is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// There is no value.
    Nothing,
    /// As 0, where another metric of the formula has a datapoint: nothing of that sort happened.
    Zero,
}

/// The values of a formula over the whole periods of `[from, now)`; `None` where no answer has come yet.
///
/// Periods that have just ended are left out while their datapoints may still be on their way.
pub(super) fn values(
    formula: &Formula,
    (board, store): (&Board, &Store),
    gap: Gap,
    from: Time,
    now: Time,
) -> Option<Values> {
    let period = i64::from(formula.period_s.max(1));
    let step = TimeDelta::seconds(period);
    let inputs: Vec<(String, &MetricQuery, &SeriesSet)> =
        formula.queries(board).map(|(id, query)| Some((id, query, store.series(query)?))).collect::<Option<_>>()?;
    // A chart may have asked for a window of last week: what lies between that and the present is unknown.
    let known: Option<Vec<Time>> = inputs.iter().map(|(_, _, set)| Some(set.covered.newest()?.0)).collect();
    let known_from = known?.into_iter().max()?.max(from);
    let mut at = floor(known_from, period);
    if at < known_from {
        at += step;
    }
    let end = floor(now, period);
    let mut points = Vec::new();
    while at < end {
        points.push((at, value(formula, &inputs, gap, at, at + step)));
        at += step;
    }
    let late = LATE.max(step * 2);
    let health = store.health(SourceId::Metrics);
    let is_asked = matches!(health, Health::Live { .. });
    while let Some((at, None)) = points.last()
        && (!is_asked || now - (*at + step) < late)
    {
        points.pop();
    }
    let newest = points.last().map(|(at, _)| *at + step);
    let silent = !is_asked && newest.is_none_or(|newest| now - newest >= late);
    Some(Values {
        points,
        message: inputs.iter().find_map(|(_, _, set)| set.message.clone()),
        unknown: silent.then(|| {
            let words = health.trouble().map(|(error, _)| error.brief());
            format!("no datapoints: {}", words.unwrap_or_else(|| "GetMetricData has not answered".to_owned()))
        }),
    })
}

fn value(
    formula: &Formula,
    inputs: &[(String, &MetricQuery, &SeriesSet)],
    gap: Gap,
    from: Time,
    to: Time,
) -> Option<f64> {
    let own = |id: &str| {
        let (_, query, set) = inputs.iter().find(|(known, _, _)| known == id)?;
        over(query, set, from, to)
    };
    if gap == Gap::Zero && inputs.iter().any(|(id, _, _)| own(id).is_some()) {
        return formula.expr.scalar(&|id| own(id).or(Some(0.0)));
    }
    formula.expr.scalar(&own)
}

/// A metric over `[from, to)` as one number, by its statistic.
fn over(query: &MetricQuery, set: &SeriesSet, from: Time, to: Time) -> Option<f64> {
    let points = set.single()?.range(from, to);
    let values = || points.iter().map(|(_, value)| *value);
    if points.is_empty() {
        return None;
    }
    let total = values().sum::<f64>();
    let mean = total / points.len() as f64;
    match &query.source {
        MetricSource::Stat { stat, .. } => match stat.as_str() {
            "Sum" | "SampleCount" => Some(total),
            "Maximum" => values().reduce(f64::max),
            "Minimum" => values().reduce(f64::min),
            _ => Some(mean),
        },
        MetricSource::Expression { .. } => Some(mean),
    }
}
