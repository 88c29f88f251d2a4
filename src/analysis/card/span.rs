//! One number a metric over a span, and a card's formula over those numbers.

use chrono::TimeDelta;

use super::adds_up;
use crate::board::{Board, Card, Unit};
use crate::clock::Time;
use crate::store::Store;
use crate::store::series::{MetricQuery, MetricSource, SeriesSet};

/// A metric that a card's formula names, with what is known of it.
pub(super) struct Metric<'a> {
    id: String,
    query: &'a MetricQuery,
    set: Option<&'a SeriesSet>,
    unit: Unit,
}

impl<'a> Metric<'a> {
    pub(super) fn all(card: &Card, board: &'a Board, store: &'a Store) -> Vec<Self> {
        super::queries(card, board)
            .map(|(id, query)| Self { id, query, set: store.series(query), unit: card.unit })
            .collect()
    }

    /// Whether datapoints from `from` on have been asked for and answered.
    pub(super) fn knows(&self, from: Time) -> bool {
        let slack = TimeDelta::seconds(i64::from(self.query.period_s));
        self.set.and_then(|set| set.covers_from).is_some_and(|covered| covered < from + slack)
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
