//! Evaluates the queries of one call, each once, inputs before what needs them.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::analysis::math::{Env, Expr, MathError, Node, Value, evaluate};
use crate::analysis::search::{self, Search};
use crate::clock::Time;
use crate::demo::wire::ApiError;
use crate::demo::world::{MetricName, World};
use crate::store::series::Series;

use super::band;
use super::insights_sql;
use super::label;
use super::query::{self, Query, Stat, What};
use super::sampler::{self, Line, Window};
use super::statistic::Statistic;

/// The period of an expression without metrics and without one of its own.
const DEFAULT_PERIOD_S: u32 = 60;

/// What one query came to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    /// Its value.
    pub(super) value: Value,
    /// The period of its datapoints in seconds.
    pub(super) period_s: u32,
    /// Remarks: AWS's code and sentence.
    pub(super) remarks: Vec<(&'static str, String)>,
}

/// The queries of one call over one window.
pub(super) struct Batch<'a> {
    world: &'a World,
    queries: &'a [Query],
    window: Window,
    done: HashMap<&'a str, Outcome>,
    /// Metrics that searches found, by the labels they were given.
    found: RefCell<HashMap<String, Stat>>,
}

impl<'a> Batch<'a> {
    /// Evaluates all queries; one invalid expression fails the call.
    pub(super) fn run(world: &'a World, queries: &'a [Query], window: Window) -> Result<Self, ApiError> {
        let mut batch = Self { world, queries, window, done: HashMap::new(), found: RefCell::default() };
        batch.done.extend(batch.stats());
        let waits = |query: &&Query| !matches!(query.what, What::Stat(_));
        let mut waiting: Vec<(&Query, Vec<String>)> =
            queries.iter().filter(waits).map(|query| (query, inputs(query))).collect();
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut later = Vec::new();
            for (query, inputs) in waiting {
                if inputs.iter().all(|id| batch.done.contains_key(id.as_str())) {
                    let outcome = batch.outcome(query)?;
                    batch.done.insert(&query.id, outcome);
                } else {
                    later.push((query, inputs));
                }
            }
            if later.len() == before {
                return Err(query::in_expression(&later[0].0.id, "the expression depends on itself"));
            }
            waiting = later;
        }
        Ok(batch)
    }

    /// What a query came to.
    pub(super) fn get(&self, id: &str) -> Option<&Outcome> {
        self.done.get(id)
    }

    /// The metric that a search found and labelled so.
    pub(super) fn found(&self, label: &str) -> Option<Stat> {
        self.found.borrow().get(label).cloned()
    }

    /// What the queries of plain statistics came to, all read together.
    fn stats(&self) -> Vec<(&'a str, Outcome)> {
        let stat = |query: &'a Query| match &query.what {
            What::Stat(stat) => Some((query.id.as_str(), stat)),
            What::Expression(..) | What::Insights(..) => None,
        };
        let stats: Vec<(&str, &Stat)> = self.queries.iter().filter_map(stat).collect();
        let line = |(_, stat): &(&str, &Stat)| self.line(&stat.metric, stat.value, stat.period_s);
        let read = sampler::read(&stats.iter().map(line).collect::<Vec<_>>());
        stats.into_iter().zip(read).map(|((id, stat), points)| (id, of_stat(stat, points))).collect()
    }

    fn line(&self, metric: &MetricName, stat: Statistic, period_s: u32) -> Line<'a> {
        Line::new(self.world, [metric], stat, period_s, self.window)
    }

    fn outcome(&self, query: &Query) -> Result<Outcome, ApiError> {
        match &query.what {
            What::Stat(stat) => {
                let line = self.line(&stat.metric, stat.value, stat.period_s);
                Ok(of_stat(stat, sampler::read(&[line]).concat()))
            }
            What::Insights(sql, period_s) => {
                let answer = insights_sql::run(sql, self.world, *period_s, self.window);
                self.found.borrow_mut().extend(answer.behind);
                Ok(Outcome { value: answer.value, period_s: *period_s, remarks: Vec::new() })
            }
            What::Expression(expr, period_s) => {
                self.expression(expr, *period_s).map_err(|error| query::in_expression(&query.id, &error.to_string()))
            }
        }
    }

    fn expression(&self, expr: &Expr, own: Option<u32>) -> Result<Outcome, MathError> {
        let of_inputs = expr.ids().iter().filter_map(|id| self.done.get(id.as_str())).map(|done| done.period_s).min();
        let env = Scope {
            batch: self,
            period_s: own.or(of_inputs).unwrap_or(DEFAULT_PERIOD_S),
            searched_s: RefCell::default(),
            own,
            remarks: RefCell::default(),
        };
        let value = evaluate(expr, &env)?;
        let period_s = own.or(of_inputs).or(env.searched_s.take()).unwrap_or(DEFAULT_PERIOD_S);
        Ok(Outcome { value, period_s, remarks: env.remarks.take() })
    }
}

fn of_stat(stat: &Stat, points: Vec<(Time, f64)>) -> Outcome {
    let series = Series { label: stat.metric.name.clone(), points };
    Outcome { value: Value::Series(series), period_s: stat.period_s, remarks: Vec::new() }
}

/// The ids that must be known before a query.
fn inputs(query: &Query) -> Vec<String> {
    match &query.what {
        What::Stat(_) | What::Insights(..) => Vec::new(),
        What::Expression(expr, _) => expr.ids(),
    }
}

/// What one expression sees.
struct Scope<'a> {
    batch: &'a Batch<'a>,
    period_s: u32,
    own: Option<u32>,
    searched_s: RefCell<Option<u32>>,
    remarks: RefCell<Vec<(&'static str, String)>>,
}

impl Env for Scope<'_> {
    fn value(&self, id: &str) -> Result<Value, String> {
        let done = self.batch.done.get(id).ok_or_else(|| format!("'{id}' is not defined"))?;
        Ok(done.value.clone())
    }

    fn metrics(&self) -> Vec<(String, Series)> {
        let stats = self.batch.queries.iter().filter(|query| matches!(query.what, What::Stat(_)));
        let series = |query: &Query| match &self.batch.done.get(query.id.as_str())?.value {
            Value::Series(series) => Some((query.id.clone(), series.clone())),
            _ => None,
        };
        stats.filter_map(series).collect()
    }

    fn period(&self, id: &str) -> Option<u32> {
        self.batch.queries.iter().find(|query| query.id == id).and_then(|query| match &query.what {
            What::Stat(stat) => Some(stat.period_s),
            What::Expression(..) => None,
            What::Insights(_, period_s) => Some(*period_s),
        })
    }

    fn times(&self) -> Vec<Time> {
        self.batch.window.times(self.period_s)
    }

    fn search(&self, text: &str, stat: &str, period_s: Option<u32>) -> Result<Vec<Series>, String> {
        let search = Search::parse(text).map_err(|error| error.message)?;
        let statistic = Statistic::parse(stat).ok_or_else(|| format!("Unsupported statistic '{stat}'"))?;
        let period_s = period_s.or(self.own).ok_or("SEARCH needs a period")?;
        let period_s = query::period(i64::from(period_s), "Period").map_err(|error| error.message)?;
        *self.searched_s.borrow_mut() = Some(period_s);
        let finds = |metric: &&MetricName| search.finds(&metric.namespace, &metric.name, &metric.dimensions);
        let mut metrics: Vec<_> = self.batch.world.metrics().iter().filter(finds).collect();
        if metrics.len() > search::MOST {
            metrics.truncate(search::MOST);
            let sentence = "The maximum number of allowed metrics, 100, has been exceeded".to_owned();
            self.remarks.borrow_mut().push(("MaxMetricsExceeded", sentence));
        }
        let read: Vec<Line<'_>> = metrics.iter().map(|metric| self.batch.line(metric, statistic, period_s)).collect();
        let mut lines = Vec::with_capacity(metrics.len());
        for ((metric, label), points) in metrics.iter().zip(label::apart(&metrics)).zip(sampler::read(&read)) {
            let stat = Stat { metric: (*metric).clone(), value: statistic, name: stat.to_owned(), period_s };
            self.batch.found.borrow_mut().insert(label.clone(), stat);
            lines.push(Series { label, points });
        }
        Ok(lines)
    }

    fn band(&self, of: &Node, width: f64) -> Result<[Series; 2], String> {
        let line = |label: &str| Series { label: label.to_owned(), points: Vec::new() };
        let mut lines = [line("High"), line("Low")];
        let Some(subject) = band::subject(of, self.batch.queries) else {
            let sentence = "No anomaly detection model is trained for this metric or expression".to_owned();
            self.remarks.borrow_mut().push(("AnomalyDetectionModelMissing", sentence));
            return Ok(lines);
        };
        for t in self.times() {
            let Some(expected) = subject.expected(self.batch.world, t, self.period_s) else { continue };
            lines[0].points.push((t, expected.mean + width * expected.sd));
            lines[1].points.push((t, expected.mean - width * expected.sd));
        }
        Ok(lines)
    }
}
