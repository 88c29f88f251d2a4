//! Anomaly bands, from the world's own expectation.

use std::cell::RefCell;
use std::collections::HashMap;

use chrono::TimeDelta;

use crate::analysis::math::Node;
use crate::clock::Time;
use crate::demo::world::{Expected, World};

use super::query::{Query, What};
use super::statistic::Statistic;

/// What a detector was trained on: what an expression stands for in terms of what the world expects.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Subject {
    /// `scale` times the requests of a period.
    Requests { scale: f64 },
    /// `offset + slope` times the success rate in percent.
    SuccessRate { offset: f64, slope: f64 },
}

/// How many ids an expression may draw on to be recognised.
const MOST: usize = 16;

/// One set of counts to try an expression on.
#[derive(Debug, Clone, Copy)]
struct Trial {
    requests: f64,
    success: f64,
    failure: f64,
}

/// Trials of which an expression's values tell what it computes.
const TRIALS: [Trial; 4] = [
    Trial { requests: 1000.0, success: 97.0, failure: 3.0 },
    Trial { requests: 2000.0, success: 40.0, failure: 60.0 },
    Trial { requests: 3000.0, success: 450.0, failure: 50.0 },
    Trial { requests: 500.0, success: 14.0, failure: 86.0 },
];

/// What an expression stands for, found by computing it on a few counts; `None` for what no detector is trained on.
///
/// So `100*s/(s+f)`, `s/(s+f)` and `100-100*f/(f+s)` are all the success rate, however they are spelled.
pub(super) fn subject(of: &Node, queries: &[Query]) -> Option<Subject> {
    let [a, b, c, d] = TRIALS.map(|trial| value(of, queries, trial, &RefCell::default()));
    let values = [a?, b?, c?, d?];
    let near = |x: f64, y: f64| (x - y).abs() <= 1e-9 * x.abs().max(y.abs()).max(1.0);
    let fits = |f: &dyn Fn(Trial) -> f64| TRIALS.iter().zip(values).all(|(trial, value)| near(f(*trial), value));
    let scale = values[0] / TRIALS[0].requests;
    if scale != 0.0 && fits(&|trial| scale * trial.requests) {
        return Some(Subject::Requests { scale });
    }
    let rate = |trial: Trial| 100.0 * trial.success / (trial.success + trial.failure);
    let slope = (values[1] - values[0]) / (rate(TRIALS[1]) - rate(TRIALS[0]));
    let offset = values[0] - slope * rate(TRIALS[0]);
    (slope.abs() > 1e-9 && fits(&|trial| offset + slope * rate(trial)))
        .then_some(Subject::SuccessRate { offset, slope })
}

/// The value of an expression for one trial; `known` holds those of ids that were computed before.
fn value(node: &Node, queries: &[Query], trial: Trial, known: &RefCell<HashMap<String, Option<f64>>>) -> Option<f64> {
    node.scalar(&|id| {
        if let Some(value) = known.borrow().get(id) {
            return *value;
        }
        // An expression that depends on itself has no value.
        known.borrow_mut().insert(id.to_owned(), None);
        let found = of_id(id, queries, trial, known);
        known.borrow_mut().insert(id.to_owned(), found);
        found
    })
}

fn of_id(id: &str, queries: &[Query], trial: Trial, known: &RefCell<HashMap<String, Option<f64>>>) -> Option<f64> {
    let query = queries.iter().find(|query| query.id == id)?;
    let stat = match &query.what {
        What::Expression(..) if known.borrow().len() > MOST => return None,
        What::Expression(expr, _) => return value(expr.root(), queries, trial, known),
        What::Stat(stat) => stat,
        What::Insights(..) => return None,
    };
    let rolled_up = stat.metric.dimensions.is_empty() && stat.metric.namespace == "TokenServices";
    match stat.metric.name.as_str() {
        _ if !rolled_up || !matches!(stat.value, Statistic::Sum | Statistic::SampleCount) => None,
        "TokenProvisioningRequests" => Some(trial.requests),
        "TokenProvisioningSuccess" | "SuccessfulTokenProvisioning" => Some(trial.success),
        "TokenProvisioningFailure" | "FailedTokenProvisioning" => Some(trial.failure),
        _ => None,
    }
}

impl Subject {
    /// What is expected of the period that starts at `start`.
    pub(super) fn expected(self, world: &World, start: Time, period_s: u32) -> Option<Expected> {
        let minutes = i64::from(period_s.max(60) / 60);
        let name = match self {
            Self::Requests { .. } => "TokenProvisioningRequests",
            Self::SuccessRate { .. } => "SuccessRate",
        };
        let mut sum = Expected { mean: 0.0, sd: 0.0 };
        for minute in 0..minutes {
            let expected = world.expected(name, start + TimeDelta::minutes(minute))?;
            sum = Expected { mean: sum.mean + expected.mean, sd: sum.sd + expected.sd };
        }
        let count = minutes as f64;
        Some(match self {
            Self::Requests { scale } => Expected { mean: scale * sum.mean, sd: scale.abs() * sum.sd },
            Self::SuccessRate { offset, slope } => {
                Expected { mean: offset + slope * sum.mean / count, sd: slope.abs() * sum.sd / count }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::math::Expr;
    use crate::demo::cloudwatch::query::Stat;
    use crate::demo::world::MetricName;

    fn stat(id: &str, name: &str, stat: &str) -> Query {
        let metric =
            MetricName { namespace: "TokenServices".to_owned(), name: name.to_owned(), dimensions: Vec::new() };
        let statistic = Statistic::parse(stat).expect("valid");
        let what = What::Stat(Stat { metric, value: statistic, name: stat.to_owned(), period_s: 60 });
        Query { id: id.to_owned(), label: None, returned: true, what }
    }

    #[test]
    fn the_rate_is_known_however_it_is_spelled() {
        let total = Expr::parse("SUM([s, f]) + 0 * s").expect("valid");
        let queries = [
            stat("r", "TokenProvisioningRequests", "Sum"),
            stat("s", "TokenProvisioningSuccess", "Sum"),
            stat("f", "FailedTokenProvisioning", "Sum"),
            stat("l", "TokenProvisioningLatency", "Average"),
            stat("m", "TokenProvisioningSuccess", "Maximum"),
            Query { id: "t".to_owned(), label: None, returned: false, what: What::Expression(total, None) },
        ];
        let rate = |offset, slope| Some(Subject::SuccessRate { offset, slope });
        let cases = [
            ("r", Some(Subject::Requests { scale: 1.0 })),
            ("r / 60", Some(Subject::Requests { scale: 1.0 / 60.0 })),
            ("100 * s / (s + f)", rate(0.0, 1.0)),
            ("100 * s / t", rate(0.0, 1.0)),
            ("s / (FILL(f, 0) + s)", rate(0.0, 0.01)),
            ("100 * f / (s + f)", rate(100.0, -1.0)),
            ("l", None),
            ("s", None),
            ("100 * m / (m + f)", None),
            ("s / r", None),
            ("5", None),
        ];
        for (text, expected) in cases {
            let found = subject(Expr::parse(text).expect(text).root(), &queries);
            let close = match (found, expected) {
                (Some(Subject::SuccessRate { offset, slope }), Some(Subject::SuccessRate { offset: o, slope: s })) => {
                    (offset - o).abs() < 1e-9 && (slope - s).abs() < 1e-9
                }
                (found, expected) => found == expected,
            };
            assert!(close, "{text}: {found:?}");
        }
    }
}
