//! GetMetricStatistics.

use std::collections::BTreeMap;

use crate::clock::Time;
use crate::demo::Estate;
use crate::demo::wire::{ApiError, Wire};

use super::get_metric_data::window;
use super::query::{invalid, metric_name, missing, period, statistic};
use super::sampler::{self, Line};

/// How many datapoints an answer may have.
const MOST: i64 = 1440;

/// The values of one period, by name.
#[derive(Default)]
struct Row<'a> {
    plain: Vec<(&'a str, f64)>,
    extended: Vec<(&'a str, f64)>,
}

/// Answers GetMetricStatistics. Periods count from the start of the window, as AWS's do.
pub(super) fn get_metric_statistics(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let metric = metric_name(input, "Metric")?;
    let window = window(input, estate.now())?;
    let seconds = input.i64("Period").ok_or_else(|| missing("Period"))?;
    let period_s = period(seconds, "Period")?;
    let (plain, extended) = (input.texts("Statistics"), input.texts("ExtendedStatistics"));
    if plain.is_empty() && extended.is_empty() {
        return Err(missing("Statistics"));
    }
    if !plain.is_empty() && !extended.is_empty() {
        let message = "The parameters Statistics and ExtendedStatistics can not both be specified.";
        return Err(ApiError::bad("InvalidParameterCombination", message));
    }
    let asked = (window.to - window.from).num_seconds() / i64::from(period_s);
    if asked > MOST {
        return Err(ApiError::bad(
            "InvalidParameterCombination",
            format!(
                "You have requested up to {asked} datapoints, which exceeds the limit of {MOST}. You may reduce the \
                 datapoints requested by increasing Period, or decreasing the time range."
            ),
        ));
    }
    let read = |stat| sampler::read(&[Line::from_start(&estate.world, &metric, stat, period_s, window)]).concat();
    let mut rows: BTreeMap<Time, Row<'_>> = BTreeMap::new();
    for &name in &plain {
        if !["SampleCount", "Average", "Sum", "Minimum", "Maximum"].contains(&name) {
            return Err(invalid(format!("The value {name} for parameter Statistics.member.1 is not supported.")));
        }
        let stat = statistic(name, "Statistics.member.1")?;
        for (t, value) in read(stat) {
            rows.entry(t).or_default().plain.push((name, value));
        }
    }
    for &name in &extended {
        let stat = statistic(name, "ExtendedStatistics.member.1")?;
        for (t, value) in read(stat) {
            rows.entry(t).or_default().extended.push((name, value));
        }
    }
    let unit = input.text("Unit").unwrap_or("None");
    let datapoint = |(t, row): (Time, Row<'_>)| {
        let values = row.plain.into_iter().map(|(name, value)| (name, Wire::Float(value)));
        let extended = Wire::map(row.extended.into_iter().map(|(name, value)| (name, Wire::Float(value))));
        let extended = if extended == Wire::Map(Vec::new()) { Wire::Null } else { extended };
        Wire::map(
            [("Timestamp", Wire::Time(t))]
                .into_iter()
                .chain(values)
                .chain([("Unit", unit.into()), ("ExtendedStatistics", extended)]),
        )
    };
    let points: Vec<Wire> = rows.into_iter().map(datapoint).collect();
    Ok(Wire::map([("Label", metric.name.as_str().into()), ("Datapoints", Wire::List(points))]))
}
