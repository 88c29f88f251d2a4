//! One number a metric over a span, and a card's formula over those numbers.

use chrono::TimeDelta;

use super::adds_up;
use crate::board::{Card, Unit};
use crate::clock::Time;
use crate::store::Store;
use crate::store::series::{MetricQuery, MetricSource, SeriesSet};

/// A metric that a card's formula names, with what is known of it.
pub(super) struct Metric<'a> {
    id: &'a str,
    query: &'a MetricQuery,
    set: Option<&'a SeriesSet>,
    unit: Unit,
}

impl<'a> Metric<'a> {
    pub(super) fn all(card: &Card, queries: &'a [(String, MetricQuery)], store: &'a Store) -> Vec<Self> {
        let metric =
            |(id, query): &'a (String, MetricQuery)| Self { id, query, set: store.series(query), unit: card.unit };
        queries.iter().map(metric).collect()
    }

    /// Whether datapoints of `[from, to)` have been asked for and answered, as far as answers have come at all.
    ///
    /// The newest may be on their way: a value over what has come is not wrong, only a little old.
    pub(super) fn knows(&self, from: Time, to: Time) -> bool {
        let Some(covered) = self.set.map(|set| &set.covered) else { return false };
        let slack = TimeDelta::seconds(i64::from(self.query.period_s));
        let begins = covered.start().is_some_and(|start| start < from + slack);
        let ends = covered.end().map_or(to, |end| end.min(to));
        begins && covered.missing(from + slack, ends).is_empty()
    }

    pub(super) fn message(&self) -> Option<String> {
        self.set.and_then(|set| set.message.clone())
    }

    /// The metric over `[from, to)` as one number, by its statistic: sums add up, a maximum is the largest, an average
    /// or percentile is the mean of its datapoints.
    fn over(&self, from: Time, to: Time) -> Option<f64> {
        let points = self.set?.single()?.range(from, to);
        let values = || points.iter().map(|(_, value)| *value);
        let total = || values().sum::<f64>();
        if points.is_empty() {
            return None;
        }
        let mean = || total() / points.len() as f64;
        match &self.query.source {
            MetricSource::Stat { stat, .. } => match stat.as_str() {
                "Sum" | "SampleCount" => Some(total()),
                "Maximum" => values().reduce(f64::max),
                "Minimum" => values().reduce(f64::min),
                _ => Some(mean()),
            },
            MetricSource::Expression { .. } => Some(if adds_up(self.unit) { total() } else { mean() }),
        }
    }
}

/// The card's formula over `[from, to)`.
pub(super) fn total(card: &Card, metrics: &[Metric<'_>], from: Time, to: Time) -> Option<f64> {
    let of = |id: &str| metrics.iter().find(|metric| metric.id == id)?.over(from, to);
    card.value.scalar(&of).filter(|value| value.is_finite())
}

/// The card's formula for the newest period in `[from, to)` for which it has a value.
pub(super) fn newest(card: &Card, metrics: &[Metric<'_>], from: Time, to: Time, period_s: i64) -> Option<f64> {
    let mut end = to;
    while end > from {
        let start = end - TimeDelta::seconds(period_s);
        if let Some(value) = total(card, metrics, start, end) {
            return Some(value);
        }
        end = start;
    }
    None
}
