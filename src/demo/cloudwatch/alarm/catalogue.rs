//! The alarms of the estate.

use crate::analysis::alarm::{Comparison, MofN, TreatMissing};
use crate::analysis::math::Expr;
use crate::demo::cloudwatch::query::{Query, Stat, What};
use crate::demo::cloudwatch::statistic::Statistic;
use crate::demo::world::MetricName;

use super::definition::{Definition, Limit, LogWatch, MetricWatch, Suppressor, Watch};

/// Tags of the alarms, by team.
const TOKENS: &[(&str, &str)] = &[("team", "tokens"), ("severity", "critical")];
/// Of those that say something less urgent.
const WALLETS: &[(&str, &str)] = &[("team", "wallets"), ("severity", "warning")];
/// Of the payments.
const PAYMENTS: &[(&str, &str)] = &[("team", "payments"), ("severity", "warning"), ("service", "orders and refunds")];
const MISSING: TreatMissing = TreatMissing::Missing;
const NOT_BREACHING: TreatMissing = TreatMissing::NotBreaching;

/// All alarms: metric alarms, then composite ones, which so come after their children, then log alarms; each by name.
///
/// Six of them stay calm in every incident: they are there to be looked at.
///
/// `rate` is the estate's baseline in requests a second: the one threshold on a count is 600 at 40/s and grows with it.
pub(super) fn definitions(rate: f64) -> Vec<Definition> {
    let metric = |name, description, watch| plain(name, description, Watch::Metric(watch));
    let mut all = vec![
        metric(
            "FailedProvisioningCount",
            "Failed token provisionings in five minutes, counted by the metric filter",
            MetricWatch {
                queries: vec![stat("m1", "FailedTokenProvisioning", "Sum", 300, true)],
                watched: "m1",
                limit: Limit::Threshold((15.0 * rate).round()),
                comparison: Comparison::Above,
                period_s: 300,
                rule: MofN { evaluation_periods: 2, datapoints_to_alarm: 2, missing: TreatMissing::NotBreaching },
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
                rule: MofN { evaluation_periods: 3, datapoints_to_alarm: 3, missing: TreatMissing::Missing },
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
                comparison: Comparison::OutsideBand,
                period_s: 60,
                rule: MofN { evaluation_periods: 5, datapoints_to_alarm: 3, missing: TreatMissing::Ignore },
            },
        ),
        metric("SuccessRateDecline", "The success rate is below what is expected of the hour", success_rate_decline()),
        plain(
            "TokenProvisioningUnhealthy",
            "Token provisioning fails or is slow",
            Watch::Composite("ALARM(HighFailureRate) OR ALARM(HighLatency)"),
        ),
    ];
    all.extend(calm());
    let place = |watch: &Watch| match watch {
        Watch::Metric(_) => 0,
        Watch::Composite(_) => 1,
        Watch::Logs(_) => 2,
    };
    all.sort_by_key(|alarm| (place(&alarm.watch), alarm.name));
    all
}

/// The alarms that stay calm in every incident.
fn calm() -> Vec<Definition> {
    let metric = |name, description, watch| calmly(name, description, Watch::Metric(watch));
    vec![
        Definition {
            actions_enabled: false,
            tags: WALLETS,
            ..metric(
                "ActiveTokensDrop",
                "Fewer than a million tokens are active. Its actions are off until the migration is over",
                one(stat("m1", "ActiveTokenCount", "Minimum", 300, true), Comparison::Below, 1_000_000.0, MISSING),
            )
        },
        Definition {
            tags: PAYMENTS,
            ..metric(
                "MaintenanceWindow",
                "On while somebody works on the estate; keeps TokenEstateDegraded quiet",
                one(stat("m1", "MaintenanceMode", "Maximum", 300, true), Comparison::AtLeast, 1.0, NOT_BREACHING),
            )
        },
        Definition {
            tags: WALLETS,
            ..metric(
                "ProvisioningP95",
                "The slowest twentieth of the provisionings takes longer than the clients wait",
                MetricWatch {
                    rule: MofN { evaluation_periods: 3, datapoints_to_alarm: 2, missing: TreatMissing::NotBreaching },
                    ..one(stat("m1", "TokenProvisioningLatency", "p95", 300, true), Comparison::Above, 30.0, MISSING)
                },
            )
        },
        Definition {
            tags: PAYMENTS,
            ..metric(
                "RefundFailures",
                "Failed refunds. The metric is published when a refund fails, which none has yet",
                one(stat("m1", "RefundFailure", "Sum", 300, true), Comparison::Above, 0.0, MISSING),
            )
        },
        Definition {
            suppressor: Some(Suppressor { name: "MaintenanceWindow", wait_s: 60, extension_s: 120 }),
            ..calmly(
                "TokenEstateDegraded",
                "What customers notice, outside of maintenance",
                Watch::Composite("ALARM(ProvisioningP95) OR (ALARM(RefundFailures) AND NOT OK(ActiveTokensDrop))"),
            )
        },
        Definition {
            tags: PAYMENTS,
            ..calmly(
                "OrderSurge",
                "More orders in five minutes than the warehouse packs in an hour",
                Watch::Logs(LogWatch {
                    query: "fields @timestamp, InvoiceNo, Country",
                    aggregation: "count(*)",
                    group: "/website/orders",
                    every_s: 300,
                    threshold: 1_000.0,
                    comparison: Comparison::Above,
                    rule: MofN { evaluation_periods: 2, datapoints_to_alarm: 1, missing: TreatMissing::NotBreaching },
                }),
            )
        },
    ]
}

/// An alarm that no incident moves.
fn calmly(name: &'static str, description: &'static str, watch: Watch) -> Definition {
    Definition { calm: true, ..plain(name, description, watch) }
}

/// An alarm that takes its actions and that nothing suppresses.
const fn plain(name: &'static str, description: &'static str, watch: Watch) -> Definition {
    Definition { name, description, watch, actions_enabled: true, suppressor: None, calm: false, tags: TOKENS }
}

/// One statistic of five minutes against a threshold, once.
fn one(stat: Query, comparison: Comparison, threshold: f64, missing: TreatMissing) -> MetricWatch {
    MetricWatch {
        queries: vec![stat],
        watched: "m1",
        limit: Limit::Threshold(threshold),
        comparison,
        period_s: 300,
        rule: MofN { evaluation_periods: 1, datapoints_to_alarm: 1, missing },
    }
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
        rule: MofN { evaluation_periods: 2, datapoints_to_alarm: 2, missing: TreatMissing::Missing },
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
        comparison: Comparison::BelowBand,
        period_s: 60,
        rule: MofN { evaluation_periods: 5, datapoints_to_alarm: 3, missing: TreatMissing::Ignore },
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
        assert_eq!(definitions(40.0).len(), 12);
    }
}
