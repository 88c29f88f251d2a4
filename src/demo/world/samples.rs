//! The values published for a metric, read off the minutes.

use std::collections::BTreeMap;

use crate::clock::Time;

use super::core::Core;
use super::dice::About;
use super::metrics::{Measure, Resource, Series};
use super::minute::Minute;
use super::tally::{Of, Tally};
use super::time::{self, MINUTE_MS};
use super::{Distribution, MetricName};

/// Read capacity units of one eventually consistent read.
const READ_UNITS: f64 = 0.5;

impl Core {
    /// What was published for a metric in each minute that starts in `[from, to)` and has data, by `now`.
    pub(super) fn samples(
        &self,
        metric: &MetricName,
        from: Time,
        to: Time,
        now: Time,
    ) -> Option<Vec<(Time, Distribution)>> {
        let series = self.catalogue.series(metric)?;
        if let Series::Across(metrics) = series {
            return Some(merged(metrics.iter().filter_map(|metric| self.samples(metric, from, to, now))));
        }
        let until = time::ms_from(now);
        let minutes = time::minute_from(from)..time::minute_from(to.min(now));
        let mut found = Vec::new();
        for number in minutes {
            let values = match series {
                Series::Tokens(measure, combo) => self.measured(&self.minute(number, until), *measure, *combo),
                Series::Resource(resource) => self.of_resource(&self.minute(number, until), *resource, until),
                Series::Published(published) => published.values(self.key, number),
                Series::Across(_) => Vec::new(),
            };
            if !values.is_empty() {
                found.push((time::start_of(number), Distribution { values }));
            }
        }
        Some(found)
    }

    fn measured(&self, minute: &Minute, measure: Measure, combo: Option<usize>) -> Vec<(f64, u64)> {
        let of = |only_successes| Of { combo, only_successes };
        match measure {
            Measure::Requests => ones(minute.count(combo, |t, c| t.starts[c])),
            Measure::Success => ones(minute.count(combo, |t, c| t.successes[c])),
            Measure::Failure => ones(minute.count(combo, |t, c| t.failures[c])),
            Measure::Latency => scaled(&minute.latencies(of(false)), 1000.0),
            Measure::SuccessLatency => scaled(&minute.latencies(of(true)), 1000.0),
            Measure::Active => gauge(self.active_tokens(minute, combo)),
            Measure::Pending => gauge(self.pending(minute, combo)),
        }
    }

    fn of_resource(&self, minute: &Minute, resource: Resource, until: i64) -> Vec<(f64, u64)> {
        let starts = || minute.count(None, |t, c| t.starts[c]);
        let ends = || minute.count(None, Tally::ends);
        let faults = || minute.total(|t| t.faults);
        let failures = || minute.count(None, |t, c| t.failures[c]);
        let all = Of { combo: None, only_successes: false };
        match resource {
            Resource::Invocations => ones(starts()),
            Resource::Errors | Resource::ApiServerErrors => flags(faults(), ends()),
            Resource::Throttles => flags(0, starts()),
            Resource::Duration | Resource::ApiLatency => scaled(&minute.latencies(all), 1.0),
            Resource::ThrottledReads => ones(minute.total(|t| t.throttled)),
            Resource::ReadCapacity => repeated(READ_UNITS, minute.total(|t| t.reads)),
            Resource::ApiCount => ones(ends()),
            Resource::ApiClientErrors => flags(failures() - faults(), ends()),
            Resource::DeadLetters => gauge(self.dead_letters(until.min((minute.number() + 1) * MINUTE_MS))),
            Resource::SumOffsetLag => gauge(self.lag(minute)),
            Resource::MaxOffsetLag => gauge(self.lag(minute).div_ceil(3)),
            Resource::ReplicationLatency => gauge(40 + self.gauge_noise(minute, 1).below(25)),
            Resource::MessageLag => gauge(self.lag(minute) / 2),
        }
    }

    /// Messages that the payments' consumers are behind: a fraction of a minute's successes, growing with the load.
    fn lag(&self, minute: &Minute) -> u64 {
        let successes = minute.count(None, |t, c| t.successes[c]);
        successes * (4 + self.gauge_noise(minute, 2).below(5)) / 1000
    }

    fn gauge_noise(&self, minute: &Minute, which: u64) -> super::dice::Key {
        self.key.of(About::Gauge).with(minute.number() as u64).with(which)
    }
}

/// What several metrics published, minute by minute.
fn merged(all: impl Iterator<Item = Vec<(Time, Distribution)>>) -> Vec<(Time, Distribution)> {
    let mut minutes: BTreeMap<Time, Vec<(f64, u64)>> = BTreeMap::new();
    for (at, distribution) in all.flatten() {
        minutes.entry(at).or_default().extend(distribution.values);
    }
    let minutes = minutes.into_iter().map(|(at, mut values)| {
        values.sort_by(|a, b| a.0.total_cmp(&b.0));
        values.dedup_by(|next, kept| {
            let same = next.0.total_cmp(&kept.0).is_eq();
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        (at, Distribution { values })
    });
    minutes.collect()
}

/// A counter's values: 1 for each event, nothing where there was none.
fn ones(n: u64) -> Vec<(f64, u64)> {
    repeated(1.0, n)
}

fn repeated(value: f64, n: u64) -> Vec<(f64, u64)> {
    if n == 0 { Vec::new() } else { vec![(value, n)] }
}

/// A flag's values: 1 for `set` of `n` events, 0 for the others.
fn flags(set: u64, n: u64) -> Vec<(f64, u64)> {
    [(0.0, n - set), (1.0, set)].into_iter().filter(|(_, n)| *n > 0).collect()
}

fn gauge(value: u64) -> Vec<(f64, u64)> {
    vec![(value as f64, 1)]
}

/// Milliseconds in another unit of so many milliseconds.
fn scaled(latencies: &[(u32, u64)], unit_ms: f64) -> Vec<(f64, u64)> {
    latencies.iter().map(|&(ms, n)| (f64::from(ms) / unit_ms, n)).collect()
}
