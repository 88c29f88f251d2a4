//! The operations over the documented world.

mod alarms;
mod calls;
mod metrics;

use super::call;
use crate::clock::{Clock, Time};
use crate::demo::Estate;
use crate::demo::wire::Wire;
use crate::demo::world::{MetricName, Schedule, World, WorldConfig};

pub(super) fn time(text: &str) -> Time {
    format!("2026-01-15T{text}Z").parse().expect("a time")
}

/// The world of seed 7 as it stands at a time of the day of its incident.
pub(super) fn estate(at: &str) -> Estate {
    let now = time(at);
    let world = World::new(WorldConfig { seed: 7, rate: 40.0, schedule: Schedule::Day(now) });
    Estate { world, clock: Clock::fixed(now) }
}

pub(super) fn ask(estate: &Estate, operation: &str, input: &Wire) -> Wire {
    call(estate, operation, input).unwrap_or_else(|error| panic!("{operation}: {error:?}"))
}

/// A query for a rolled-up metric of the token service.
pub(super) fn metric(id: &str, name: &str, stat: &str, period: i64) -> Wire {
    let metric = Wire::map([("Namespace", "TokenServices".into()), ("MetricName", name.into())]);
    let stat = Wire::map([("Metric", metric), ("Period", period.into()), ("Stat", stat.into())]);
    Wire::map([("Id", id.into()), ("MetricStat", stat)])
}

pub(super) fn expression(id: &str, text: &str) -> Wire {
    Wire::map([("Id", id.into()), ("Expression", text.into())])
}

pub(super) fn with(query: Wire, member: &str, value: impl Into<Wire>) -> Wire {
    let Wire::Map(mut members) = query else { panic!("no structure") };
    members.push((member.to_owned(), value.into()));
    Wire::Map(members)
}

pub(super) fn request(queries: Vec<Wire>, from: &str, to: &str) -> Wire {
    Wire::map([
        ("MetricDataQueries", Wire::List(queries)),
        ("StartTime", time(from).into()),
        ("EndTime", time(to).into()),
        ("ScanBy", "TimestampAscending".into()),
    ])
}

/// Id, label and datapoints of a result.
pub(super) type Line = (String, String, Vec<(Time, f64)>);

/// Every result.
pub(super) fn results(answer: &Wire) -> Vec<Line> {
    let one = |result: &Wire| {
        let times = result.items("Timestamps").iter().map(|t| t.as_time().expect("a time"));
        let values = result.items("Values").iter().map(|v| v.as_f64().expect("a value"));
        let text = |name: &str| result.text(name).expect("text").to_owned();
        (text("Id"), text("Label"), times.zip(values).collect())
    };
    answer.items("MetricDataResults").iter().map(one).collect()
}

pub(super) fn data(estate: &Estate, queries: Vec<Wire>, from: &str, to: &str) -> Vec<Line> {
    results(&ask(estate, "GetMetricData", &request(queries, from, to)))
}

/// Every value published in a span, ascending.
pub(super) fn published(estate: &Estate, name: &str, from: &str, to: &str) -> Vec<f64> {
    let metric = MetricName { namespace: "TokenServices".to_owned(), name: name.to_owned(), dimensions: Vec::new() };
    let minutes = estate.world.samples(&metric, time(from), time(to), estate.now()).expect("a metric");
    let pairs = minutes.iter().flat_map(|(_, minute)| minute.values.iter());
    let mut values: Vec<f64> = pairs.flat_map(|(value, times)| vec![*value; *times as usize]).collect();
    values.sort_by(f64::total_cmp);
    values
}
