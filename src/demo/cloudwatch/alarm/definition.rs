//! The alarms of the estate.

use chrono::{DateTime, TimeDelta};

use crate::analysis::math::Expr;
use crate::clock::Time;
use crate::demo::Estate;
use crate::demo::cloudwatch::query::{Query, Stat, What};
use crate::demo::cloudwatch::statistic::Statistic;
use crate::demo::world::MetricName;

use super::evaluate::{Rule, TreatMissing};

/// An alarm.
#[derive(Debug, Clone)]
pub(super) struct Definition {
    /// Its name.
    pub(super) name: &'static str,
    /// Its description.
    pub(super) description: &'static str,
    /// What it watches.
    pub(super) watch: Watch,
}

/// What an alarm watches.
#[derive(Debug, Clone)]
pub(super) enum Watch {
    /// A metric or expression.
    Metric(MetricWatch),
    /// A rule over other alarms.
    Composite(&'static str),
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
    pub(super) rule: Rule,
}

/// What a value is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Limit {
    /// A number in the metric's unit.
    Threshold(f64),
    /// The band that the query of this id returns.
    Band(&'static str),
}

/// AWS's comparison operators, those that the estate uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    /// `GreaterThanThreshold`.
    Above,
    /// `LessThanLowerThreshold`, of a band.
    Below,
    /// `LessThanLowerOrGreaterThanUpperThreshold`, of a band.
    Outside,
}

impl Comparison {
    /// AWS's word.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Above => "GreaterThanThreshold",
            Self::Below => "LessThanLowerThreshold",
            Self::Outside => "LessThanLowerOrGreaterThanUpperThreshold",
        }
    }

    /// Whether a value breaches, given the lower and upper limit (the same one for a fixed threshold).
    pub(super) fn breaches(self, value: f64, lower: f64, upper: f64) -> bool {
        match self {
            Self::Above => value > upper,
            Self::Below => value < lower,
            Self::Outside => value < lower || value > upper,
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

/// All alarms by name, metric alarms first, so that a composite alarm comes after its children.
///
/// `rate` is the estate's baseline in requests a second: the one threshold on a count is 600 at 40/s and grows with it.
pub(super) fn definitions(rate: f64) -> Vec<Definition> {
    let metric = |name, description, watch| Definition { name, description, watch: Watch::Metric(watch) };
    vec![
        metric(
            "FailedProvisioningCount",
            "Failed token provisionings in five minutes, counted by the metric filter",
            MetricWatch {
                queries: vec![stat("m1", "FailedTokenProvisioning", "Sum", 300, true)],
                watched: "m1",
                limit: Limit::Threshold((15.0 * rate).round()),
                comparison: Comparison::Above,
                period_s: 300,
                rule: Rule { evaluation_periods: 2, datapoints_to_alarm: 2, missing: TreatMissing::NotBreaching },
            },
        ),
        metric("HighFailureRate", "More than 5 % of token provisionings fail", high_failure_rate()),
        metric(
            "HighLatency",
            "Token provisioning takes more than 3 seconds on average",
            MetricWatch {
                queries: vec![stat("m1", "TokenProvisioningLatency", "Average", 300, true)],
                watched: "m1",
                limit: Limit::Threshold(3.0),
                comparison: Comparison::Above,
                period_s: 300,
                rule: Rule { evaluation_periods: 3, datapoints_to_alarm: 3, missing: TreatMissing::Missing },
            },
        ),
        metric(
            "RequestSpike",
            "Token provisioning requests are outside what is expected of the hour",
            MetricWatch {
                queries: [
                    Some(stat("m1", "TokenProvisioningRequests", "Sum", 60, true)),
                    expression("ad1", "ANOMALY_DETECTION_BAND(m1, 2)", "Requests (expected)", true),
                ]
                .into_iter()
                .flatten()
                .collect(),
                watched: "m1",
                limit: Limit::Band("ad1"),
                comparison: Comparison::Outside,
                period_s: 60,
                rule: Rule { evaluation_periods: 5, datapoints_to_alarm: 3, missing: TreatMissing::Ignore },
            },
        ),
        metric("SuccessRateDecline", "The success rate is below what is expected of the hour", success_rate_decline()),
        Definition {
            name: "TokenProvisioningUnhealthy",
            description: "Token provisioning fails or is slow",
            watch: Watch::Composite("ALARM(HighFailureRate) OR ALARM(HighLatency)"),
        },
    ]
}

fn high_failure_rate() -> MetricWatch {
    MetricWatch {
        queries: [
            Some(stat("failure", "TokenProvisioningFailure", "Sum", 300, false)),
            Some(stat("success", "TokenProvisioningSuccess", "Sum", 300, false)),
            expression("rate", "100 * failure / (failure + success)", "Failure rate", true),
        ]
        .into_iter()
        .flatten()
        .collect(),
        watched: "rate",
        limit: Limit::Threshold(5.0),
        comparison: Comparison::Above,
        period_s: 300,
        rule: Rule { evaluation_periods: 2, datapoints_to_alarm: 2, missing: TreatMissing::Missing },
    }
}

fn success_rate_decline() -> MetricWatch {
    MetricWatch {
        queries: [
            Some(stat("success", "TokenProvisioningSuccess", "Sum", 60, false)),
            Some(stat("failure", "TokenProvisioningFailure", "Sum", 60, false)),
            expression("rate", "100 * success / (success + failure)", "Success rate", true),
            expression("ad1", "ANOMALY_DETECTION_BAND(rate, 2)", "Success rate (expected)", true),
        ]
        .into_iter()
        .flatten()
        .collect(),
        watched: "rate",
        limit: Limit::Band("ad1"),
        comparison: Comparison::Below,
        period_s: 60,
        rule: Rule { evaluation_periods: 5, datapoints_to_alarm: 3, missing: TreatMissing::Ignore },
    }
}

/// A statistic of a metric of the token service, rolled up.
fn stat(id: &str, name: &str, statistic: &str, period_s: u32, returned: bool) -> Query {
    let metric = MetricName { namespace: "TokenServices".to_owned(), name: name.to_owned(), dimensions: Vec::new() };
    let value = Statistic::parse(statistic).unwrap_or(Statistic::Sum);
    let what = What::Stat(Stat { metric, value, name: statistic.to_owned(), period_s });
    Query { id: id.to_owned(), label: None, returned, what }
}

fn expression(id: &str, text: &str, label: &str, returned: bool) -> Option<Query> {
    let what = What::Expression(Expr::parse(text).ok()?, None);
    Some(Query { id: id.to_owned(), label: Some(label.to_owned()), returned, what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alarm_asks_for_what_it_watches() {
        for definition in definitions(40.0) {
            let Watch::Metric(watch) = &definition.watch else { continue };
            let has = |id: &str| watch.queries.iter().any(|query| query.id == id);
            assert!(has(watch.watched), "{}", definition.name);
            if let Limit::Band(id) = watch.limit {
                assert!(has(id), "{}", definition.name);
            }
            for query in &watch.queries {
                if let What::Expression(expr, _) = &query.what {
                    assert!(expr.ids().iter().all(|id| has(id)), "{}", definition.name);
                }
            }
        }
        assert_eq!(definitions(40.0).len(), 6);
    }

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
