//! What has to be known for a rule.

use std::time::Duration;

use crate::board::{Board, Rule, RuleKind};
use crate::store::counts::CountQuery;
use crate::store::graph::TrendQuery;
use crate::store::series::MetricQuery;

/// One thing that a rule stands on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Need {
    /// A metric's datapoints of the last `span`.
    Metric {
        /// The query.
        query: MetricQuery,
        /// How far back.
        span: Duration,
    },
    /// Statistics of a service or an edge over the last `span`.
    Service {
        /// The query.
        query: TrendQuery,
        /// How far back.
        span: Duration,
    },
    /// Times of log events.
    Counts(CountQuery),
}

impl Need {
    /// Takes in another need of the same thing, over the longer of both spans; whether it was of the same thing.
    pub(super) fn take_in(&mut self, other: &Self) -> bool {
        let (longest, span) = match (self, other) {
            (Self::Metric { query, span }, Self::Metric { query: same, span: other }) if query == same => (span, other),
            (Self::Service { query, span }, Self::Service { query: same, span: other }) if query == same => {
                (span, other)
            }
            (Self::Counts(query), Self::Counts(same)) => return query == same,
            (Self::Metric { .. } | Self::Service { .. } | Self::Counts(_), _) => return false,
        };
        *longest = (*longest).max(*span);
        true
    }
}

/// What a rule needs so that its states over the last `look_back` are known.
pub fn needs(rule: &Rule, board: &Board, look_back: Duration) -> Vec<Need> {
    let periods = |count: u32, period_s: u32| Duration::from_secs(u64::from(count) * u64::from(period_s));
    let metric =
        |query: &MetricQuery, before: Duration| Need::Metric { query: query.clone(), span: look_back + before };
    match &rule.kind {
        RuleKind::Threshold { value, datapoints, .. } => {
            let before = periods(datapoints.of + 1, value.period_s);
            value.queries(board).map(|(_, query)| metric(query, before)).collect()
        }
        RuleKind::Surge { value, history, .. } => {
            value.queries(board).map(|(_, query)| metric(query, *history)).collect()
        }
        RuleKind::Service { watch, datapoints, .. } => {
            let before = periods(datapoints.of + 1, watch.period_s);
            vec![Need::Service { query: watch.query(), span: look_back + before }]
        }
        RuleKind::Rate { events, .. } => vec![Need::Counts(events.clone())],
        RuleKind::Burn { slo, windows } => {
            let Some(slo) = board.slos.iter().find(|known| known.id == *slo) else { return Vec::new() };
            let before = windows.long + periods(2, slo.total.period_s);
            let both = slo.good.queries(board).chain(slo.total.queries(board));
            let mut found: Vec<Need> = both.map(|(_, query)| metric(query, before)).collect();
            found.dedup();
            found
        }
    }
}
