//! What an alarm of the estate is.

use chrono::{DateTime, TimeDelta};

use crate::analysis::alarm::{Comparison, MofN};
use crate::clock::Time;
use crate::demo::Estate;
use crate::demo::cloudwatch::query::Query;

/// An alarm.
#[derive(Debug, Clone)]
pub(super) struct Definition {
    /// Its name.
    pub(super) name: &'static str,
    /// Its description.
    pub(super) description: &'static str,
    /// What it watches.
    pub(super) watch: Watch,
    /// Whether it takes its actions.
    pub(super) actions_enabled: bool,
    /// The alarm that keeps a composite one from taking its actions.
    pub(super) suppressor: Option<Suppressor>,
    /// Whether it stays in its first state through every incident, by how the world is built.
    pub(super) calm: bool,
    /// Its tags.
    pub(super) tags: &'static [(&'static str, &'static str)],
}

/// What keeps a composite alarm from taking its actions while it is in `ALARM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Suppressor {
    /// The alarm's name.
    pub(super) name: &'static str,
    /// Seconds that the composite waits for it.
    pub(super) wait_s: i64,
    /// Seconds that it goes on after it.
    pub(super) extension_s: i64,
}

/// What an alarm watches.
#[derive(Debug, Clone)]
pub(super) enum Watch {
    /// A metric or expression.
    Metric(MetricWatch),
    /// A rule over other alarms.
    Composite(&'static str),
    /// The results of a scheduled query.
    Logs(LogWatch),
}

/// A metric or expression against a threshold or band.
#[derive(Debug, Clone)]
pub(super) struct MetricWatch {
    /// What is asked each period; a single statistic unless there is an expression.
    pub(super) queries: Vec<Query>,
    /// The id of the watched value.
    pub(super) watched: &'static str,
    /// The fixed threshold, or the id of the band.
    pub(super) limit: Limit,
    /// What breaches.
    pub(super) comparison: Comparison,
    /// The period in seconds.
    pub(super) period_s: u32,
    /// When it fires.
    pub(super) rule: MofN,
}

/// What a scheduled query counts, against a threshold.
#[derive(Debug, Clone)]
pub(super) struct LogWatch {
    /// The query, in Logs Insights' language.
    pub(super) query: &'static str,
    /// What makes a number of its rows.
    pub(super) aggregation: &'static str,
    /// The log group.
    pub(super) group: &'static str,
    /// How often it runs and how far it looks back, in seconds.
    pub(super) every_s: u32,
    /// The threshold.
    pub(super) threshold: f64,
    /// What breaches.
    pub(super) comparison: Comparison,
    /// When it fires.
    pub(super) rule: MofN,
}

/// What a value is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Limit {
    /// A number in the metric's unit.
    Threshold(f64),
    /// The band that the query of this id returns.
    Band(&'static str),
}

impl LogWatch {
    /// The query as it is run: what is found, then what makes a number of it.
    pub(super) fn whole_query(&self) -> String {
        format!("{} | stats {}", self.query, self.aggregation)
    }
}

impl Watch {
    /// When it fires, and its period in seconds; `None` for a composite.
    pub(super) const fn rule(&self) -> Option<(MofN, u32)> {
        match self {
            Self::Metric(watch) => Some((watch.rule, watch.period_s)),
            Self::Logs(watch) => Some((watch.rule, watch.every_s)),
            Self::Composite(_) => None,
        }
    }

    /// What it compares a value with, and how; `None` for a composite.
    pub(super) const fn limit(&self) -> Option<(Limit, Comparison)> {
        match self {
            Self::Metric(watch) => Some((watch.limit, watch.comparison)),
            Self::Logs(watch) => Some((Limit::Threshold(watch.threshold), watch.comparison)),
            Self::Composite(_) => None,
        }
    }
}

impl Definition {
    /// Its ARN.
    pub(super) fn arn(&self) -> String {
        arn(self.name)
    }

    /// AWS's name for its type.
    pub(super) const fn kind(&self) -> &'static str {
        match self.watch {
            Watch::Metric(_) => "MetricAlarm",
            Watch::Composite(_) => "CompositeAlarm",
            Watch::Logs(_) => "LogAlarm",
        }
    }
}

/// The ARN of an alarm of this name.
pub(super) fn arn(name: &str) -> String {
    format!("arn:aws:cloudwatch:{}:{}:alarm:{name}", Estate::REGION, Estate::ACCOUNT)
}

/// The topic that all alarms notify.
pub(super) fn topic() -> String {
    format!("arn:aws:sns:{}:{}:token-alerts", Estate::REGION, Estate::ACCOUNT)
}

/// When the alarms were created: 3 November 2025, or ten years before that for as long as it is not in the past.
pub(super) fn created(now: Time) -> Time {
    let mut at = DateTime::from_timestamp(1_762_160_400, 0).unwrap_or(now);
    while at + TimeDelta::hours(1) > now {
        at -= TimeDelta::days(3652);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alarms_are_older_than_any_present() {
        for now in ["2026-01-15T10:28:00Z", "2025-11-03T09:30:00Z", "2019-01-01T00:00:00Z", "2040-01-01T00:00:00Z"] {
            let now: Time = now.parse().expect("a time");
            assert!(created(now) < now);
        }
        let created = created("2026-01-15T10:28:00Z".parse().expect("a time"));
        assert_eq!(created.to_rfc3339(), "2025-11-03T09:00:00+00:00");
    }
}
