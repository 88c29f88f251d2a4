//! The simulated estate: a pure function of (seed, rate, schedule, time).
//!
//! Counts a minute and cell come first, single requests are drawn from those; metrics, logs, traces, CloudTrail and the
//! service graph are all read off the same requests. See `docs/demo.md`.

mod cache;
mod calls;
mod card;
mod cause;
mod core;
mod dice;
mod graph;
mod incident;
mod latency;
mod lines;
mod load;
mod logs;
mod metrics;
mod minute;
mod node;
mod orders;
mod otel;
mod payments;
mod plan;
mod quantiles;
mod readings;
mod request;
mod resources;
mod rhythm;
mod samples;
mod segments;
mod spans;
mod steps;
mod tally;
mod text;
mod thinning;
mod time;
mod trace;
mod trail;
mod vocabulary;
mod whereabouts;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::Value;

use crate::clock::Time;
use crate::store::graph::{ServiceGraph, ServiceKey, ServicePoint};

pub use self::cause::{Cause, CauseError};
use self::core::Core;
pub use self::load::{Load, LoadError};
pub use self::readings::Readings;

/// What decides a world.
#[derive(Debug, Clone, PartialEq)]
pub struct WorldConfig {
    /// The seed; 7 is the documented world.
    pub seed: u64,
    /// Baseline requests a second.
    pub rate: f64,
    /// When incidents happen.
    pub schedule: Schedule,
}

/// When incidents happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// One, from 10:10 to 10:40 UTC of the day of this instant; other days have none.
    Day(Time),
    /// One that started 21 minutes before this instant (to the minute), then one every two hours.
    Live(Time),
}

/// The simulated estate; cheap to clone.
#[derive(Debug, Clone)]
pub struct World(Arc<Core>);

/// A metric's identity.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MetricName {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// Dimensions, sorted by name.
    pub dimensions: Vec<(String, String)>,
}

/// The values that were published for one metric in some span of time, from which every statistic follows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Distribution {
    /// Value and how often it was published, ascending by value, no value twice.
    pub values: Vec<(f64, u64)>,
}

/// What an anomaly detector that knows the world's own expected rate would expect of a minute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// The expected value.
    pub mean: f64,
    /// Its standard deviation.
    pub sd: f64,
}

/// A log group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogGroup {
    /// Its name.
    pub name: String,
    /// When it was created.
    pub created: Time,
    /// Retention in days.
    pub retention_days: i32,
}

/// One log event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRecord {
    /// Event time, whole milliseconds.
    pub time: Time,
    /// The log stream.
    pub stream: Arc<str>,
    /// The event id: unique in its group, 56 digits as AWS's are; its order is the order of events.
    pub id: String,
    /// The text.
    pub message: String,
}

/// A metric filter on a log group.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricFilter {
    /// Its name.
    pub name: String,
    /// The log group.
    pub log_group: String,
    /// The filter pattern.
    pub pattern: String,
    /// Namespace of the metric it feeds.
    pub namespace: String,
    /// Name of the metric it feeds.
    pub metric: String,
    /// The value it publishes: a number or a selector such as `$.processingTime`.
    pub value: String,
    /// The metric's unit.
    pub unit: &'static str,
}

/// What GetTraceSummaries says of one trace.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceSummary {
    /// Trace id.
    pub id: String,
    /// Start.
    pub start: Time,
    /// Duration in seconds, of the whole trace.
    pub duration_s: f64,
    /// Response time of the root in seconds.
    pub response_time_s: f64,
    /// 5xx anywhere.
    pub fault: bool,
    /// 4xx anywhere.
    pub error: bool,
    /// 429 anywhere.
    pub throttle: bool,
    /// HTTP method, URL and status of the root.
    pub http: (String, String, u16),
    /// Annotations: key, value, and the names of the services that set it.
    pub annotations: Vec<(String, String, Vec<String>)>,
    /// Services that took part.
    pub services: Vec<ServiceKey>,
}

/// One whole trace.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceRecord {
    /// Trace id.
    pub id: String,
    /// Duration in seconds.
    pub duration_s: f64,
    /// Segment id and document.
    pub segments: Vec<(String, Value)>,
}

impl World {
    /// CloudTrail's log group.
    pub const TRAIL: &str = logs::TRAIL;

    /// Builds the world; cheap, nothing is simulated yet.
    pub fn new(config: WorldConfig) -> Self {
        Self(Arc::new(Core::new(config, None)))
    }

    /// Builds the world with a cause of its own in place of the seed's.
    pub fn with_cause(config: WorldConfig, cause: Cause) -> Self {
        Self(Arc::new(Core::new(config, Some(cause))))
    }

    /// Builds the world with load on the token service's group from an instant on, and a cause of its own if there is one.
    pub fn with_load(config: WorldConfig, cause: Option<Cause>, load: Load, from: Time) -> Self {
        let mut core = Core::new(config, cause);
        core.loading = Some(load::Loading::new(load, from));
        Self(Arc::new(core))
    }

    /// The same world with the log group of Transaction Search, to which every span is written.
    pub fn with_spans(&self) -> Self {
        let mut core = Core::new(self.0.config.clone(), Some(self.0.cause));
        core.groups.push(logs::spans());
        Self(Arc::new(core))
    }

    /// What is wrong in its incidents.
    pub fn cause(&self) -> Cause {
        self.0.cause
    }

    /// Baseline requests a second.
    pub fn rate(&self) -> f64 {
        self.0.config.rate
    }

    /// Start and end of the incident that is under way or was the last to start by `now`, if any.
    pub fn incident(&self, now: Time) -> Option<(Time, Time)> {
        self.0.incidents.last_span(now)
    }

    /// Every metric that is published.
    pub fn metrics(&self) -> &[MetricName] {
        self.0.catalogue.names()
    }

    /// What was published for `metric` in each minute of `[from, to)` that has data, by `now`: minute start and values.
    /// `None` for a metric that does not exist. The minute that holds `now` has what was published so far.
    pub fn samples(&self, metric: &MetricName, from: Time, to: Time, now: Time) -> Option<Vec<(Time, Distribution)>> {
        self.0.samples(metric, from, to, now)
    }

    /// What is published for `metric`, all together over any span; `None` for a metric that does not exist.
    pub fn readings(&self, metric: &MetricName) -> Option<Readings<'_>> {
        self.0.readings(metric)
    }

    /// What an anomaly detector would expect of the minute that starts at `minute`: for the Sum of
    /// `TokenProvisioningRequests`, and for the success rate in percent under the name `SuccessRate`.
    pub fn expected(&self, name: &str, minute: Time) -> Option<Expected> {
        rhythm::expected(self.0.config.rate, name, time::minute_of(minute))
    }

    /// Every log group.
    pub fn log_groups(&self) -> &[LogGroup] {
        &self.0.groups
    }

    /// Events of a group with time in `[from, to)`, ascending by time then id. Ask for a minute or a few at a time.
    pub fn log_events(&self, group: &str, from: Time, to: Time) -> Vec<LogRecord> {
        self.0.log_events(group, from, to)
    }

    /// Those events of CloudTrail's group that are about changes, which are few, without looking at the others.
    pub fn change_events(&self, from: Time, to: Time) -> Vec<LogRecord> {
        self.0.change_events(from, to)
    }

    /// The stretches of `[from, to)`, ascending, outside which a group (or any) has no line with one of these terms; `None`
    /// where that cannot be told without looking.
    pub fn whereabouts(
        &self,
        group: Option<&str>,
        terms: &[String],
        from: Time,
        to: Time,
    ) -> Option<Vec<(Time, Time)>> {
        let span = time::ms_from(from)..time::ms_from(to);
        let stretches = self.0.whereabouts(group, terms, &span)?;
        Some(stretches.into_iter().map(|span| (time::instant(span.start), time::instant(span.end))).collect())
    }

    /// Bytes that a group takes in a second, about: what its size and the price of a query are reckoned from.
    pub fn bytes_a_second(&self, group: &str) -> f64 {
        let a_request = match group {
            Self::TRAIL => 940.0,
            logs::TOKENS => 880.0,
            logs::ORDERS => 5.0,
            _ => 17.0,
        };
        a_request * self.rate()
    }

    /// Every metric filter.
    pub fn metric_filters(&self) -> &[MetricFilter] {
        &self.0.filters
    }

    /// The service graph of requests that ended in `[from, to)`.
    pub fn graph(&self, from: Time, to: Time) -> ServiceGraph {
        self.graph_of(None, from, to)
    }

    /// The same of one issuer's requests alone, where one is named.
    pub fn graph_of(&self, issuer: Option<&str>, from: Time, to: Time) -> ServiceGraph {
        self.0.graph(from, to, issuer)
    }

    /// A service's statistics a period of `[from, to)`; `None` for an unknown service.
    pub fn service_trend(
        &self,
        service: &ServiceKey,
        from: Time,
        to: Time,
        period_s: u32,
    ) -> Option<Vec<ServicePoint>> {
        self.service_trend_of(None, service, (from, to), period_s)
    }

    /// The same of one issuer's requests alone, where one is named.
    pub fn service_trend_of(
        &self,
        issuer: Option<&str>,
        service: &ServiceKey,
        span: (Time, Time),
        period_s: u32,
    ) -> Option<Vec<ServicePoint>> {
        self.0.service_trend(service, span, period_s, issuer)
    }

    /// Summaries of traces that ended in `[from, to)`, ascending by end.
    pub fn trace_summaries(&self, from: Time, to: Time) -> Vec<TraceSummary> {
        self.0.trace_summaries(from, to)
    }

    /// Traces by id, those that there are, as [`trace`](Self::trace) has them: what is simulated is gone through once for all.
    pub fn traces(&self, ids: &[&str], now: Time) -> Vec<TraceRecord> {
        self.0.traces(ids, now)
    }

    /// A trace by id, with what had happened by `now` (segments still running are `in_progress`).
    pub fn trace(&self, id: &str, now: Time) -> Option<TraceRecord> {
        self.0.trace(id, now)
    }
}
