//! What a card says: its value, its change against the window before, its state.

use chrono::TimeDelta;

use crate::board::{Board, Card, ChangeUnit, Over, Severity, Threshold, Unit};
use crate::clock::{Time, floor};
use crate::store::Store;
use crate::store::health::SourceId;
use crate::store::series::MetricQuery;
use crate::store::window::{Shift, Window};

mod span;

use span::Metric;

/// How many periods back the newest datapoint is looked for; an older one no longer speaks for the present.
///
/// CloudWatch publishes most metrics within two to three minutes.
const NEWEST_WITHIN: i64 = 5;

/// A card's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct CardView {
    /// The value in the card's unit; `None` where the formula has none (missing datapoints, division by zero).
    pub value: Option<f64>,
    /// Seconds that the value is taken over, whole periods; for [`Over::Newest`] one period.
    pub span_s: i64,
    /// The change in percent or percentage points; `None` where the window before has no value or is not known yet.
    pub change: Option<f64>,
    /// What the thresholds say of the value.
    pub state: CardState,
    /// The threshold that is passed, the most severe first.
    pub passed: Option<Threshold>,
    /// The second figure: its label and value.
    pub below: Option<(String, Option<f64>)>,
    /// `waiting`, `live`, `stale` or `failed`: the metrics' health, and `waiting` while the answer is on its way.
    pub health: &'static str,
    /// AWS's message on one of the card's metrics, such as `Forbidden`.
    pub message: Option<String>,
}

/// What a card's thresholds say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardState {
    /// No threshold is passed.
    Ok,
    /// A warning threshold is passed.
    Warning,
    /// A critical threshold is passed.
    Critical,
    /// There is no value.
    NoData,
}

impl CardState {
    /// Its word in the JSON contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Critical => "critical",
            Self::NoData => "no_data",
        }
    }
}

/// A card's figures at `now`, over whole periods alone: a period that still runs is never counted.
///
/// The span is [`Card::over`], and ends with the window. The change compares [`Over::Window`] with the window before;
/// [`Over::Last`] with the same formula over the whole window before; [`Over::Newest`] with the end of the window
/// before.
pub fn card_value(card: &Card, board: &Board, store: &Store, window: Window, now: Time) -> CardView {
    let queries = counted(card, board, window, now);
    let metrics = Metric::all(card, &queries, store);
    let spans = Spans::of(&queries, window, now);
    let value = spans.value(card, &metrics);
    let passed = value.and_then(|value| passed(&card.thresholds, value));
    let known_from = spans.known_from(card);
    let known = metrics.iter().all(|metric| metric.knows(known_from, spans.to));
    CardView {
        value,
        span_s: (spans.to - known_from).num_seconds(),
        change: value.and_then(|value| change(card.change, value, spans.before(card, &metrics)?)),
        state: match (value, passed.map(|threshold| threshold.severity)) {
            (None, _) => CardState::NoData,
            (Some(_), None) => CardState::Ok,
            (Some(_), Some(Severity::Warning)) => CardState::Warning,
            (Some(_), Some(Severity::Critical)) => CardState::Critical,
        },
        passed,
        below: card.below.as_ref().map(|(label, id)| (label.clone(), newest(board, store, id, window, now))),
        health: match store.health(SourceId::Metrics).word() {
            "live" if !known => "waiting",
            word => word,
        },
        message: metrics.iter().find_map(Metric::message),
    }
}

/// The card's formula over `cells` equal stretches of the window, oldest first, for a sparkline.
///
/// Each stretch has as many whole periods as the next; there are fewer than `cells` where the window has fewer
/// periods, and the first stretch may begin before the window so that no stretch is cut. A stretch without a value
/// is `None`.
pub fn card_spark(
    card: &Card,
    board: &Board,
    store: &Store,
    window: Window,
    now: Time,
    cells: usize,
) -> Vec<Option<f64>> {
    let queries = counted(card, board, window, now);
    let metrics = Metric::all(card, &queries, store);
    let spans = Spans::of(&queries, window, now);
    let periods = ((spans.to - spans.from).num_seconds() / spans.period_s).max(1);
    let each = (periods as u64).div_ceil(cells.max(1) as u64) as i64 * spans.period_s;
    let count = (cells as i64).min(periods);
    (0..count)
        .rev()
        .map(|back| {
            let to = spans.to - TimeDelta::seconds(back * each);
            let from = to - TimeDelta::seconds(each);
            match card.over {
                Over::Window | Over::Last(_) => span::total(card, &metrics, from, to),
                Over::Newest => span::newest(card, &metrics, from, to, spans.period_s),
            }
        })
        .collect()
}

/// The card's formula for each whole period from the window's first to its last, and for the one that holds its end.
///
/// Periods without a value are absent. `queries` are the card's metrics with the periods that the store has them with,
/// such as [`drawn`] gives.
pub fn card_points(
    card: &Card,
    queries: &[(String, MetricQuery)],
    store: &Store,
    from: Time,
    to: Time,
) -> Vec<(Time, f64)> {
    let metrics = Metric::all(card, queries, store);
    let period = period_s(queries);
    let mut points = Vec::new();
    let mut at = floor(from, period);
    while at < to {
        let end = at + TimeDelta::seconds(period);
        if let Some(value) = span::total(card, &metrics, at, end) {
            points.push((at, value));
        }
        at = end;
    }
    points
}

/// The period of a card in seconds: the longest of its metrics'.
pub fn period_s(queries: &[(String, MetricQuery)]) -> i64 {
    queries.iter().map(|(_, query)| i64::from(query.period_s.max(1))).max().unwrap_or(60)
}

/// The card's metrics as its figures need them: on their own periods, as long as CloudWatch keeps those for the window
/// and the one before.
pub fn counted(card: &Card, board: &Board, window: Window, now: Time) -> Vec<(String, MetricQuery)> {
    queries(card, board).map(|(id, query)| (id, query.counted(window, Some(Shift::Window), now))).collect()
}

/// The card's metrics as its curve needs them: no more datapoints than can be seen.
pub fn drawn(
    card: &Card,
    board: &Board,
    window: Window,
    compare: Option<Shift>,
    now: Time,
) -> Vec<(String, MetricQuery)> {
    queries(card, board).map(|(id, query)| (id, query.drawn(window, compare, now))).collect()
}

/// The metrics that a card's formula names, by id.
pub fn queries<'a>(card: &Card, board: &'a Board) -> impl Iterator<Item = (String, &'a MetricQuery)> {
    card.value.ids().into_iter().filter_map(|id| board.metrics.get(&id).map(|query| (id, query)))
}

/// The stretches of time a card's value and change are taken over, all on period boundaries.
struct Spans {
    period_s: i64,
    from: Time,
    to: Time,
}

impl Spans {
    fn of(queries: &[(String, MetricQuery)], window: Window, now: Time) -> Self {
        let period_s = period_s(queries);
        let to = floor(window.end.map_or(now, |end| end.min(now)), period_s);
        let count = (window.span.as_secs() as i64 / period_s).max(1);
        Self { period_s, from: to - TimeDelta::seconds(count * period_s), to }
    }

    /// From when on datapoints decide the value.
    fn known_from(&self, card: &Card) -> Time {
        match card.over {
            Over::Window => self.from,
            Over::Last(span) => self.last(span.as_secs() as i64),
            Over::Newest => self.to - TimeDelta::seconds(self.period_s),
        }
    }

    fn last(&self, seconds: i64) -> Time {
        self.to - TimeDelta::seconds((seconds / self.period_s).max(1) * self.period_s)
    }

    fn value(&self, card: &Card, metrics: &[Metric<'_>]) -> Option<f64> {
        let from = self.known_from(card);
        if !metrics.iter().all(|metric| metric.knows(from, self.to)) {
            return None;
        }
        match card.over {
            Over::Window | Over::Last(_) => span::total(card, metrics, from, self.to),
            Over::Newest => span::newest(card, metrics, self.newest_from(self.to), self.to, self.period_s),
        }
    }

    /// The value to compare with.
    fn before(&self, card: &Card, metrics: &[Metric<'_>]) -> Option<f64> {
        let from = self.from - (self.to - self.from);
        match card.over {
            Over::Window | Over::Last(_) => {
                let known = metrics.iter().all(|metric| metric.knows(from, self.from));
                known.then(|| span::total(card, metrics, from, self.from)).flatten()
            }
            Over::Newest => span::newest(card, metrics, self.newest_from(self.from), self.from, self.period_s),
        }
    }

    fn newest_from(&self, to: Time) -> Time {
        to - TimeDelta::seconds(NEWEST_WITHIN * self.period_s)
    }
}

/// The newest whole period's datapoint of a metric, not older than [`NEWEST_WITHIN`] periods.
fn newest(board: &Board, store: &Store, id: &str, window: Window, now: Time) -> Option<f64> {
    let query = &board.metrics.get(id)?.counted(window, Some(Shift::Window), now);
    let period = i64::from(query.period_s.max(1));
    let to = floor(window.end.map_or(now, |end| end.min(now)), period);
    let from = to - TimeDelta::seconds(NEWEST_WITHIN * period);
    store.series(query)?.single()?.range(from, to).last().map(|(_, value)| *value)
}

fn passed(thresholds: &[Threshold], value: f64) -> Option<Threshold> {
    thresholds
        .iter()
        .find(|threshold| if threshold.above { value > threshold.value } else { value < threshold.value })
        .copied()
}

fn change(unit: ChangeUnit, value: f64, before: f64) -> Option<f64> {
    match unit {
        ChangeUnit::Points => Some(value - before),
        ChangeUnit::Percent if before == 0.0 => None,
        ChangeUnit::Percent => Some((value - before) / before.abs() * 100.0),
    }
}

/// Whether a sum is what the datapoints of a unit's expression mean together; a mean otherwise.
const fn adds_up(unit: Unit) -> bool {
    match unit {
        Unit::Count | Unit::Bytes | Unit::None => true,
        Unit::Percent | Unit::Seconds | Unit::Milliseconds => false,
    }
}

#[cfg(test)]
mod tests;
