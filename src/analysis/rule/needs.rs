//! What has to be known for a rule.

use std::time::Duration;

use crate::board::{Board, Rule, RuleKind};
use crate::store::counts::CountQuery;
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
    /// Times of log events.
    Counts(CountQuery),
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
