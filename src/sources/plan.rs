//! Plans the fewest GetMetricData calls that answer all queries that are due.

use chrono::TimeDelta;
use indexmap::IndexMap;

use super::ids;
use crate::clock::{Time, floor};
use crate::store::series::{MetricQuery, MetricSource};

/// Queries that one call may hold (CloudWatch API reference, GetMetricData).
const QUERIES: usize = 500;
/// Datapoints that one call may return.
const DATAPOINTS: i64 = 100_800;
/// How many series a `SEARCH` is taken to find when datapoints are estimated.
const SEARCH_SERIES: i64 = 20;
/// The longest common period that queries of different periods are aligned to, in seconds.
const COMMON_PERIOD: i64 = 3_600;

/// The distance of two stretches of time up to which they may share a call, however short they are.
const NEAR: TimeDelta = TimeDelta::hours(1);

/// One query over `[from, to)`, both on boundaries of its period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ask {
    /// The query.
    pub(super) query: MetricQuery,
    /// First period start.
    pub(super) from: Time,
    /// End of the last period, exclusive.
    pub(super) to: Time,
    /// Whether it must not share a call, because AWS refused it before.
    pub(super) alone: bool,
}

/// One query of a call, in AWS's terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its id in the call.
    pub(super) id: String,
    /// The statistic, or the expression with the call's ids in its text.
    pub(super) source: EntrySource,
    /// Its period in seconds.
    pub(super) period_s: u32,
    /// The account that owns the metric, when it is not the caller's.
    pub(super) account: Option<String>,
    /// The label that AWS is asked to give.
    pub(super) label: Option<String>,
    /// Whether its datapoints are wanted, or only what is made of them.
    pub(super) returned: bool,
}

/// What an entry asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum EntrySource {
    /// A statistic: namespace, name, dimensions, statistic.
    Stat(String, String, Vec<(String, String)>, String),
    /// An expression.
    Expression(String),
}

/// One GetMetricData call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    /// Start, on a boundary of every period in it.
    pub(super) from: Time,
    /// End, exclusive.
    pub(super) to: Time,
    /// Its queries.
    pub(super) entries: Vec<Entry>,
    /// What it answers: the id of the entry, and what was asked.
    pub(super) answers: Vec<(String, Ask)>,
}

/// The calls, and what can't be asked at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Plan {
    /// The calls.
    pub(super) calls: Vec<Call>,
    /// Queries that no call can hold, and why.
    pub(super) rejected: Vec<(Ask, String)>,
}

/// Whether a text finds any number of metrics by itself: a `SEARCH` or Metrics Insights SQL.
pub(super) fn is_multiple(text: &str) -> bool {
    is_sql(text) || text.contains("SEARCH(") || text.contains("SEARCH (")
}

/// Whether a text is Metrics Insights SQL, of which a call may hold one.
pub(super) fn is_sql(text: &str) -> bool {
    text.trim_start().get(..6).is_some_and(|start| start.eq_ignore_ascii_case("select"))
}

/// Plans the calls for what is asked.
pub(super) fn plan(asks: &[Ask]) -> Plan {
    let mut plan = Plan::default();
    let mut sheets: Vec<Sheet> = Vec::new();
    for ask in asks {
        if let Err(why) = check(&ask.query) {
            plan.rejected.push((ask.clone(), why));
            continue;
        }
        let taken = sheets.iter_mut().any(|sheet| sheet.take(ask));
        if !taken {
            sheets.push(Sheet::new(ask));
        }
    }
    plan.calls = sheets.into_iter().map(Sheet::finish).collect();
    plan
}

/// Whether every expression names its inputs alone.
fn check(query: &MetricQuery) -> Result<(), String> {
    let MetricSource::Expression { text, inputs } = &query.source else { return Ok(()) };
    if text.trim().is_empty() {
        return Err("the expression is empty".to_owned());
    }
    if !is_sql(text) {
        ids::rename(text, &[], &|id| inputs.iter().any(|(own, _)| own == id).then(String::new))?;
    }
    inputs.iter().try_for_each(|(_, input)| check(input))
}

/// A call while it fills.
#[derive(Debug, Clone)]
struct Sheet {
    from: Time,
    to: Time,
    common_period: i64,
    closed: bool,
    entries: IndexMap<MetricQuery, Entry>,
    asks: Vec<Ask>,
}

impl Sheet {
    fn new(ask: &Ask) -> Self {
        let mut sheet = Self {
            from: ask.from,
            to: ask.to,
            common_period: i64::from(ask.query.period_s.max(1)),
            closed: false,
            entries: IndexMap::new(),
            asks: Vec::new(),
        };
        sheet.add(ask);
        sheet
    }

    /// Takes the query in if the call stays within AWS's limits.
    fn take(&mut self, ask: &Ask) -> bool {
        let period = i64::from(ask.query.period_s.max(1));
        let common = lowest_multiple(self.common_period, period);
        let one_period = self.common_period == period;
        // A label that tells values tells them of the call's whole range.
        let telling = ask.query.label_tells_values() || self.entries.keys().any(MetricQuery::label_tells_values);
        if telling && (ask.from, ask.to) != (self.from, self.to) {
            return false;
        }
        if self.closed || ask.alone || (!one_period && common > COMMON_PERIOD) {
            return false;
        }
        // A call returns all between its ends: yesterday's window and today's are two calls, not one over both days.
        let apart = (ask.from - self.to).max(self.from - ask.to);
        if apart > (self.to - self.from).max(ask.to - ask.from).max(NEAR) {
            return false;
        }
        let mut larger = self.clone();
        larger.common_period = common;
        larger.from = self.from.min(ask.from);
        larger.to = self.to.max(ask.to);
        larger.add(ask);
        if !larger.fits() {
            return false;
        }
        *self = larger;
        true
    }

    fn add(&mut self, ask: &Ask) {
        self.closed |= ask.alone;
        self.enter(&ask.query, true);
        // The same query over two stretches of time shares one entry.
        self.asks.push(ask.clone());
    }

    /// Enters a query and its inputs, each once; its id in the call.
    fn enter(&mut self, query: &MetricQuery, returned: bool) -> String {
        if let Some(entry) = self.entries.get_mut(query) {
            entry.returned |= returned;
            return entry.id.clone();
        }
        let source = match &query.source {
            MetricSource::Stat { namespace, name, dimensions, stat } => {
                EntrySource::Stat(namespace.clone(), name.clone(), dimensions.clone(), stat.clone())
            }
            MetricSource::Expression { text, inputs } => {
                let new: Vec<(&str, String, bool)> = inputs
                    .iter()
                    .map(|(own, input)| {
                        let is_metric = matches!(input.source, MetricSource::Stat { .. });
                        (own.as_str(), self.enter(input, false), is_metric)
                    })
                    .collect();
                EntrySource::Expression(renamed(text, &new))
            }
        };
        let id = format!("q{}", self.entries.len());
        let (account, label) = (query.account.clone(), query.label.clone());
        let entry = Entry { id: id.clone(), source, period_s: query.period_s, account, label, returned };
        self.entries.insert(query.clone(), entry);
        id
    }

    fn fits(&self) -> bool {
        let span = (self.to - floor(self.from, self.common_period)).num_seconds();
        let points = |query: &MetricQuery| {
            let many = matches!(&query.source, MetricSource::Expression { text, .. } if is_multiple(text));
            (span / i64::from(query.period_s.max(1)) + 1) * if many { SEARCH_SERIES } else { 1 }
        };
        let sql =
            self.entries.keys().filter(|q| matches!(&q.source, MetricSource::Expression { text, .. } if is_sql(text)));
        self.entries.len() <= QUERIES && sql.count() <= 1 && self.entries.keys().map(points).sum::<i64>() <= DATAPOINTS
    }

    fn finish(self) -> Call {
        let answers =
            self.asks.into_iter().filter_map(|ask| Some((self.entries.get(&ask.query)?.id.clone(), ask))).collect();
        Call {
            from: floor(self.from, self.common_period),
            to: self.to,
            entries: self.entries.into_values().collect(),
            answers,
        }
    }
}

/// The text with the call's ids; [`check`] has seen to it that it names its inputs alone.
fn renamed(text: &str, inputs: &[(&str, String, bool)]) -> String {
    if is_sql(text) {
        return text.to_owned();
    }
    let metrics: Vec<(&str, &str)> =
        inputs.iter().filter(|(_, _, is_metric)| *is_metric).map(|(own, new, _)| (*own, new.as_str())).collect();
    let rename = |id: &str| inputs.iter().find(|(own, _, _)| *own == id).map(|(_, new, _)| new.clone());
    ids::rename(text, &metrics, &rename).unwrap_or_else(|_| text.to_owned())
}

/// The lowest common multiple of two periods.
fn lowest_multiple(a: i64, b: i64) -> i64 {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    a / x * b
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
