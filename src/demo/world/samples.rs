//! What is published for a metric in one minute.

use crate::clock::Time;

use super::core::Core;
use super::dice::About;
use super::metrics::{Measure, Resource};
use super::minute::Minute;
use super::tally::Tally;
use super::time;
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
        let readings = self.readings(metric)?;
        let minutes = time::minute_from(from)..time::minute_from(to.min(now));
        let published = minutes.map(|minute| (time::start_of(minute), readings.of_minute(minute, time::ms_from(now))));
        Some(published.filter(|(_, distribution)| !distribution.values.is_empty()).collect())
    }

    /// The values that the service and its filters publish of a minute; latencies apart.
    pub(super) fn measured(&self, minute: &Minute, measure: Measure, combo: Option<usize>) -> Vec<(f64, u64)> {
        match measure {
            Measure::Requests => ones(minute.tally.count(combo, |t, c| t.starts[c])),
            Measure::Success => ones(minute.tally.count(combo, |t, c| t.successes[c])),
            Measure::Failure => ones(minute.tally.count(combo, |t, c| t.failures[c])),
            Measure::Active => gauge(self.active_tokens(minute, combo)),
            Measure::Pending => gauge(self.pending(minute, combo)),
            Measure::Latency | Measure::SuccessLatency => Vec::new(),
        }
    }

    /// The values that AWS publishes of a minute; latencies apart.
    pub(super) fn of_resource(&self, minute: &Minute, resource: Resource) -> Vec<(f64, u64)> {
        let tally = &minute.tally;
        let starts = || tally.count(None, |t, c| t.starts[c]);
        let ends = || tally.count(None, Tally::ends);
        let failures = || tally.count(None, |t, c| t.failures[c]);
        let faults = u64::from(tally.faults);
        match resource {
            Resource::Invocations => ones(starts()),
            Resource::Errors | Resource::ApiServerErrors => flags(faults, ends()),
            Resource::Throttles => flags(0, starts()),
            Resource::ThrottledReads => ones(u64::from(tally.throttled)),
            Resource::ReadCapacity => repeated(READ_UNITS, u64::from(tally.reads)),
            Resource::ApiCount => ones(ends()),
            Resource::ApiClientErrors => flags(failures() - faults, ends()),
            Resource::DeadLetters => gauge(self.dead_letters(minute)),
            Resource::SumOffsetLag => gauge(self.lag(minute)),
            Resource::MaxOffsetLag => gauge(self.lag(minute).div_ceil(3)),
            Resource::ReplicationLatency => gauge(40 + self.gauge_noise(minute, 1).below(25)),
            Resource::MessageLag => gauge(self.lag(minute) / 2),
            Resource::Duration | Resource::ApiLatency => Vec::new(),
        }
    }

    /// Messages that the payments' consumers are behind: a fraction of a minute's successes, growing with the load.
    fn lag(&self, minute: &Minute) -> u64 {
        let successes = minute.tally.count(None, |t, c| t.successes[c]);
        successes * (4 + self.gauge_noise(minute, 2).below(5)) / 1000
    }

    fn gauge_noise(&self, minute: &Minute, which: u64) -> super::dice::Key {
        self.key.of(About::Gauge).with(minute.number() as u64).with(which)
    }
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
