//! Rules on a service or an edge of the service graph: what of it is measured.

use super::reading::{datapoints, limit, missing};
use super::{Datapoints, Limit, Missing, RuleKind};
use crate::board::Unit;
use crate::config::{Section, Value};
use crate::store::graph::{Entity, ServiceKey, Statistics, TrendQuery};

/// Three of five minutes, where a rule says nothing else: a single minute is seldom worth a notice.
const USUAL: Datapoints = Datapoints { to_alarm: 3, of: 5 };

/// What X-Ray counts of a service or an edge, and what of that is held against a bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceWatch {
    /// The service or the edge.
    pub entity: Entity,
    /// What of it is measured.
    pub measure: Measure,
    /// The period in seconds, 60 or 300.
    pub period_s: u32,
}

impl ServiceWatch {
    /// What is asked of X-Ray.
    pub fn query(&self) -> TrendQuery {
        TrendQuery { entity: self.entity.clone(), period_s: self.period_s }
    }

    /// The traces in which what is measured shows, as a filter expression.
    pub fn filter(&self, bound: Limit) -> String {
        let block = match self.measure {
            Measure::FaultRate => "fault = true".to_owned(),
            Measure::ErrorRate => "error = true".to_owned(),
            Measure::ThrottleRate => "throttle = true".to_owned(),
            Measure::Mean | Measure::P50 | Measure::P90 | Measure::P99 if bound.sign.is_upper() => {
                format!("responsetime > {}", bound.value)
            }
            Measure::Mean | Measure::P50 | Measure::P90 | Measure::P99 | Measure::RequestRate => String::new(),
        };
        self.entity.filter(&block)
    }
}

/// What of a service or an edge is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// The share of requests that were faults (5xx).
    FaultRate,
    /// The share of requests that were errors (4xx, throttles among them).
    ErrorRate,
    /// The share of requests that were throttled (429).
    ThrottleRate,
    /// The mean response time.
    Mean,
    /// The median response time.
    P50,
    /// The 90th percentile of the response time.
    P90,
    /// The 99th percentile of the response time.
    P99,
    /// Requests a second.
    RequestRate,
}

impl Measure {
    /// Every measure with its word in a board file.
    pub const WORDS: [(&'static str, Self); 8] = [
        ("fault_rate", Self::FaultRate),
        ("error_rate", Self::ErrorRate),
        ("throttle_rate", Self::ThrottleRate),
        ("mean", Self::Mean),
        ("p50", Self::P50),
        ("p90", Self::P90),
        ("p99", Self::P99),
        ("request_rate", Self::RequestRate),
    ];

    /// Its word in a board file.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, measure)| *measure == self).map_or("", |(word, _)| word)
    }

    /// What it is, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::FaultRate => "share of faults",
            Self::ErrorRate => "share of errors",
            Self::ThrottleRate => "share of throttles",
            Self::Mean => "mean response time",
            Self::P50 => "p50 of the response time",
            Self::P90 => "p90 of the response time",
            Self::P99 => "p99 of the response time",
            Self::RequestRate => "requests a second",
        }
    }

    /// The unit of its value.
    pub const fn unit(self) -> Unit {
        match self {
            Self::FaultRate | Self::ErrorRate | Self::ThrottleRate => Unit::Percent,
            Self::Mean | Self::P50 | Self::P90 | Self::P99 => Unit::Seconds,
            Self::RequestRate => Unit::Count,
        }
    }

    /// Its value in its unit over a period; `None` where there were no requests, but of their rate.
    pub fn of(self, statistics: &Statistics, period_s: u32) -> Option<f64> {
        let share = |share: f64| (statistics.total > 0).then_some(100.0 * share);
        match self {
            Self::FaultRate => share(statistics.fault_share()),
            Self::ErrorRate => share(statistics.error_share()),
            Self::ThrottleRate => share(statistics.throttle_share()),
            Self::Mean => statistics.mean(),
            Self::P50 => statistics.percentile(0.5),
            Self::P90 => statistics.percentile(0.9),
            Self::P99 => statistics.percentile(0.99),
            Self::RequestRate => Some(statistics.total as f64 / f64::from(period_s.max(1))),
        }
    }

    const fn is_share(self) -> bool {
        matches!(self, Self::FaultRate | Self::ErrorRate | Self::ThrottleRate)
    }
}

/// Reads a rule on a service or an edge; the unit is that of what is measured.
pub(super) fn read(section: &mut Section<'_>) -> Option<(RuleKind, Unit)> {
    let entity = entity(section);
    let measure = section.need("measure").and_then(|value| value.choice("measure", &Measure::WORDS));
    let period_s = section.get("period").map_or(Some(60), |value| period(&value));
    let given = bound(section, measure);
    let datapoints = datapoints(section, USUAL);
    let missing = section.get("treat_missing").map_or(Some(Missing::Missing), |value| missing(&value));
    let (measure, bound) = (measure?, given?);
    let watch = ServiceWatch { entity: entity?, measure, period_s: period_s? };
    Some((RuleKind::Service { watch, bound, datapoints: datapoints?, missing: missing? }, measure.unit()))
}

/// Reads the bound; shares are written from 0 to 1, and shown in percent as everywhere.
fn bound(section: &mut Section<'_>, measure: Option<Measure>) -> Option<Limit> {
    let keys = super::Sign::KEYS.map(|(key, _)| section.get(key));
    let bound = limit(section)?;
    if !measure?.is_share() {
        return Some(bound);
    }
    if !(0.0..=1.0).contains(&bound.value) {
        let written = keys.into_iter().flatten().next()?;
        let key = written.key();
        written.fail(format!("`{key}` of a share is from 0 to 1: 5 % is 0.05"));
        return None;
    }
    // 0.05 is 5, not 5.000000000000001.
    Some(Limit { value: (bound.value * 1e10).round() / 1e8, ..bound })
}

fn entity(section: &mut Section<'_>) -> Option<Entity> {
    let (service, edge) = (section.get("service"), section.get("edge"));
    let kind = section.name("type");
    match (&service, &edge) {
        (Some(service), None) => {
            let name = service.name()?;
            Some(Entity::Service(ServiceKey { kind: kind.unwrap_or_default(), name }))
        }
        (None, Some(edge)) => {
            let names = edge.names()?;
            let [from, to] = names.as_slice() else {
                edge.fail("`edge` names two services: `[\"caller\", \"called\"]`");
                return None;
            };
            if kind.is_some() {
                edge.fail("`type` goes with `service`; an edge is known by two names");
                return None;
            }
            let key = |name: &String| ServiceKey { kind: String::new(), name: name.clone() };
            Some(Entity::Edge(key(from), key(to)))
        }
        (Some(_), Some(edge)) => {
            edge.fail("a rule is on a `service` or on an `edge`, not on both");
            None
        }
        (None, None) => {
            section.fail("a rule on X-Ray needs `service = \"name\"` or `edge = [\"caller\", \"called\"]`");
            None
        }
    }
}

/// X-Ray's statistics over time have periods of 60 and 300 seconds.
fn period(value: &Value<'_>) -> Option<u32> {
    match value.span()?.as_secs() {
        60 => Some(60),
        300 => Some(300),
        _ => {
            value.fail("`period` must be \"60s\" or \"5m\": X-Ray has no other");
            None
        }
    }
}
