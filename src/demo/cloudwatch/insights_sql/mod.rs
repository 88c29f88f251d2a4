//! Metrics Insights SQL over the metrics of the world.
//!
//! Source: CloudWatch user guide, "Metrics Insights query components and syntax", "SQL inference" and "Metrics Insights
//! quotas": all observations of a period are taken together whichever metrics they come from, a metric without a label
//! key belongs to the group `Other`, a query reaches two weeks back and never below a minute.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::analysis::insights_sql::{Function, MOST_SERIES, Order, Sql};
use crate::analysis::math::Value;
use crate::clock::Time;
use crate::demo::world::{MetricName, World};
use crate::store::series::Series;

use super::query::Stat;
use super::sampler::{self, Line, Window};
use super::statistic::Statistic;

#[cfg(test)]
mod tests;

/// How many metrics one query processes.
const MOST_METRICS: usize = 10_000;
/// How far back a query reaches.
const REACH: TimeDelta = TimeDelta::days(14);
/// The value of a label key that a metric has not.
const OTHER: &str = "Other";

/// What a query came to: its series in their order, and for each label what the series stands for.
pub(super) struct Answer {
    /// One series, or one a group.
    pub(super) value: Value,
    /// The metric behind each label, with the group's dimensions alone: what dynamic labels are filled from.
    pub(super) behind: Vec<(String, Stat)>,
}

/// Answers a query in periods of `period_s` seconds.
pub(super) fn run(sql: &Sql, world: &World, period_s: u32, window: Window) -> Answer {
    let window = Window { from: window.from.max(window.now - REACH), ..window };
    let reads = |metric: &&MetricName| sql.reads(&metric.namespace, &metric.name, &metric.dimensions);
    let mut groups: BTreeMap<Vec<&str>, Vec<&MetricName>> = BTreeMap::new();
    for metric in world.metrics().iter().filter(reads).take(MOST_METRICS) {
        groups.entry(values(metric, &sql.group_by)).or_default().push(metric);
    }
    let statistic = statistic(sql.function);
    if sql.group_by.is_empty() {
        let metrics = groups.into_values().next().unwrap_or_default();
        let points = sampler::read(&[Line::new(world, metrics, statistic, period_s, window)]).concat();
        return Answer { value: Value::Series(Series { label: sql.metric.clone(), points }), behind: Vec::new() };
    }
    let of_group = |metrics: &Vec<&MetricName>| Line::new(world, metrics.iter().copied(), statistic, period_s, window);
    let read = sampler::read(&groups.values().map(of_group).collect::<Vec<_>>());
    let mut lines: Vec<(Series, Vec<&str>)> = groups
        .into_keys()
        .zip(read)
        .map(|(group, points)| (Series { label: group.join(" "), points }, group))
        .filter(|(line, _)| !line.points.is_empty())
        .collect();
    if let Some(order) = sql.order {
        sort(&mut lines, order);
    }
    lines.truncate(sql.limit.unwrap_or(MOST_SERIES));
    let behind =
        lines.iter().map(|(line, group)| (line.label.clone(), stat(sql, group, statistic, period_s))).collect();
    Answer { value: Value::List(lines.into_iter().map(|(line, _)| line).collect()), behind }
}

/// A metric's values of the label keys.
fn values<'m>(metric: &'m MetricName, keys: &[String]) -> Vec<&'m str> {
    let value = |key: &String| metric.dimensions.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    keys.iter().map(|key| value(key).unwrap_or(OTHER)).collect()
}

const fn statistic(function: Function) -> Statistic {
    match function {
        Function::Avg => Statistic::Average,
        Function::Count => Statistic::SampleCount,
        Function::Max => Statistic::Maximum,
        Function::Min => Statistic::Minimum,
        Function::Sum => Statistic::Sum,
    }
}

/// Sorts series by one number each; equal ones keep the order of their groups.
fn sort(lines: &mut [(Series, Vec<&str>)], order: Order) {
    lines.sort_by(|(a, _), (b, _)| {
        let (a, b) = (scalar(order.function, &a.points), scalar(order.function, &b.points));
        if order.descending { b.total_cmp(&a) } else { a.total_cmp(&b) }
    });
}

/// What a function makes of a series that is not empty.
fn scalar(function: Function, points: &[(Time, f64)]) -> f64 {
    let values = points.iter().map(|(_, value)| *value);
    let count = points.len() as f64;
    match function {
        Function::Avg => values.sum::<f64>() / count,
        Function::Count => count,
        Function::Max => values.fold(f64::MIN, f64::max),
        Function::Min => values.fold(f64::MAX, f64::min),
        Function::Sum => values.sum(),
    }
}

fn stat(sql: &Sql, group: &[&str], value: Statistic, period_s: u32) -> Stat {
    let pairs = sql.group_by.iter().zip(group).map(|(key, value)| (key.clone(), (*value).to_owned()));
    let (namespace, name) = (sql.source.namespace.clone(), sql.metric.clone());
    let metric = MetricName { namespace, name, dimensions: pairs.collect() };
    let name = match sql.function {
        Function::Avg => "Average",
        Function::Count => "SampleCount",
        Function::Max => "Maximum",
        Function::Min => "Minimum",
        Function::Sum => "Sum",
    };
    Stat { metric, value, name: name.to_owned(), period_s }
}
