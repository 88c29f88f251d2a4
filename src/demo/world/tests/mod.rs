//! What the world's outputs promise one another.

mod counts;
mod groups;
mod incident;
mod order;
mod thinning;
mod traces;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::Value;

use super::logs::TOKENS;
use super::*;

fn at(text: &str) -> Time {
    text.parse().expect("a time")
}

fn world(rate: f64) -> World {
    World::new(WorldConfig { seed: 7, rate, schedule: Schedule::Day(at("2026-01-15T10:28:00Z")) })
}

fn metric(name: &str, dimensions: &[(&str, &str)]) -> MetricName {
    let dimensions = dimensions.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    MetricName { namespace: "TokenServices".to_owned(), name: name.to_owned(), dimensions }
}

const LATE: &str = "2026-01-16T12:00:00Z";

fn minutes(from: &str, n: i64) -> (Time, Time) {
    (at(from), at(from) + TimeDelta::minutes(n))
}

/// Sum and sample count of a roll-up, by minute.
fn sums(world: &World, name: &str, (from, to): (Time, Time)) -> BTreeMap<Time, (f64, u64)> {
    let samples = world.samples(&metric(name, &[]), from, to, at(LATE)).expect("a metric");
    let sum = |d: &Distribution| d.values.iter().map(|(v, n)| v * *n as f64).sum();
    let count = |d: &Distribution| d.values.iter().map(|(_, n)| n).sum();
    samples.iter().map(|(time, d)| (*time, (sum(d), count(d)))).collect()
}

fn parsed(world: &World, (from, to): (Time, Time)) -> Vec<(Time, Value)> {
    let read = |r: LogRecord| (r.time, serde_json::from_str(&r.message).expect("JSON"));
    world.log_events(TOKENS, from, to).into_iter().map(read).collect()
}

fn minute_start(time: Time) -> Time {
    crate::clock::floor(time, 60)
}
