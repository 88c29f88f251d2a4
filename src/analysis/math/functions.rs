//! The functions of metric math.

use chrono::{Datelike, Timelike};

use crate::clock::Time;
use crate::store::series::Series;

use super::MathError;
use super::eval::{self, Env};
use super::lines::{self, Filler, Fold};
use super::node::{Kind, Node};
use super::value::Value;

/// Calls a function.
pub(super) fn call(at: usize, name: &str, arguments: &[Node], env: &dyn Env) -> Result<Value, MathError> {
    if let Some(fold) = Fold::parse(name) {
        return Ok(aggregate(fold, eval::node(only(at, name, arguments)?, env)?));
    }
    if let Some(of_time) = calendar(name) {
        eval::node(only(at, name, arguments)?, env)?;
        let points = env.times().into_iter().map(|t| (t, of_time(t))).collect();
        return Ok(Value::Series(Series { label: String::new(), points }));
    }
    let each = |f: fn(Series) -> Series| {
        let argument = only(at, name, arguments)?;
        match eval::node(argument, env)? {
            Value::Scalar(_) => Err(MathError::new(argument.at, format!("{name} takes time series, not scalars"))),
            Value::Series(series) => Ok(Value::Series(f(series))),
            Value::List(list) => Ok(Value::List(list.into_iter().map(f).collect())),
        }
    };
    let map = |f: fn(f64) -> f64| {
        let value = eval::node(only(at, name, arguments)?, env)?;
        Ok(value.map(|v| Some(f(v)).filter(|result| result.is_finite())))
    };
    match name {
        "ABS" => map(f64::abs),
        "CEIL" => map(f64::ceil),
        "FLOOR" => map(f64::floor),
        "LOG" => map(libm::log),
        "LOG10" => map(libm::log10),
        "DIFF" => each(|series| lines::difference(series, false)),
        "RATE" => each(|series| lines::difference(series, true)),
        "DIFF_TIME" => each(lines::difference_of_time),
        "RUNNING_SUM" => each(lines::running_sum),
        "IF" => eval::choose(at, arguments, env),
        "FILL" => fill(at, arguments, env),
        "METRICS" => metrics(at, arguments, env),
        "METRIC_COUNT" => Ok(Value::Scalar(array(at, name, arguments.first(), env)?.len() as f64)),
        "REMOVE_EMPTY" => {
            let mut list = array(at, name, arguments.first(), env)?;
            list.retain(|series| !series.points.is_empty());
            Ok(Value::List(list))
        }
        "FIRST" => array(at, name, arguments.first(), env).map(|list| pick(list.into_iter().next())),
        "LAST" => array(at, name, arguments.first(), env).map(|list| pick(list.into_iter().last())),
        "SLICE" => slice(at, arguments, env),
        "SORT" => sort(at, arguments, env),
        "PERIOD" => period(only(at, name, arguments)?, env),
        "TIME_SERIES" => {
            let value = number(only(at, name, arguments)?, env)?;
            let points = env.times().into_iter().map(|t| (t, value)).collect();
            Ok(Value::Series(Series { label: String::new(), points }))
        }
        "SEARCH" => search(at, arguments, env),
        "ANOMALY_DETECTION_BAND" => band(at, arguments, env),
        _ => Err(MathError::new(at, format!("Unsupported function '{name}'"))),
    }
}

fn only<'a>(at: usize, name: &str, arguments: &'a [Node]) -> Result<&'a Node, MathError> {
    match arguments {
        [only] => Ok(only),
        other => Err(MathError::new(at, format!("{name} takes 1 argument, found {}", other.len()))),
    }
}

fn number(argument: &Node, env: &dyn Env) -> Result<f64, MathError> {
    match eval::node(argument, env)? {
        Value::Scalar(value) => Ok(value),
        other @ (Value::Series(_) | Value::List(_)) => {
            Err(MathError::new(argument.at, format!("Expected a scalar, found {}", other.kind())))
        }
    }
}

fn array(at: usize, name: &str, argument: Option<&Node>, env: &dyn Env) -> Result<Vec<Series>, MathError> {
    let argument = argument.ok_or_else(|| MathError::new(at, format!("{name} takes an array of time series")))?;
    eval::node(argument, env)?
        .into_series()
        .ok_or_else(|| MathError::new(argument.at, format!("{name} takes an array of time series")))
}

fn pick(series: Option<Series>) -> Value {
    Value::Series(series.unwrap_or_default())
}

/// One line becomes a scalar, an array becomes one line.
fn aggregate(fold: Fold, value: Value) -> Value {
    match value {
        Value::Scalar(value) => Value::Scalar(fold.of(&[value]).unwrap_or(value)),
        Value::Series(series) => {
            fold.of(&lines::values(&series)).map_or_else(|| Value::Series(Series::default()), Value::Scalar)
        }
        Value::List(list) => Value::Series(lines::across(&list, fold)),
    }
}

fn calendar(name: &str) -> Option<fn(Time) -> f64> {
    Some(match name {
        "MINUTE" => |t| f64::from(t.minute()),
        "HOUR" => |t| f64::from(t.hour()),
        "DAY" => |t| f64::from(t.weekday().number_from_monday()),
        "DATE" => |t| f64::from(t.day()),
        "MONTH" => |t| f64::from(t.month()),
        "YEAR" => |t| f64::from(t.year()),
        "EPOCH" => |t| t.timestamp() as f64,
        _ => return None,
    })
}

fn fill(at: usize, arguments: &[Node], env: &dyn Env) -> Result<Value, MathError> {
    let [argument, filler] = arguments else {
        return Err(MathError::new(at, format!("FILL takes 2 arguments, found {}", arguments.len())));
    };
    let value = eval::node(argument, env)?;
    let filler = match &filler.kind {
        Kind::Word(word) if word == "REPEAT" => Filler::Repeat,
        Kind::Word(word) if word == "LINEAR" => Filler::Linear,
        _ => match eval::node(filler, env)? {
            Value::Scalar(value) => Filler::Number(value),
            Value::Series(series) => Filler::Series(series),
            Value::List(_) => {
                return Err(MathError::new(filler.at, "FILL fills with a scalar, one time series, REPEAT or LINEAR"));
            }
        },
    };
    let times = env.times();
    Ok(match value {
        Value::Scalar(value) => Value::Scalar(value),
        Value::Series(series) => Value::Series(lines::fill(series, &times, &filler)),
        Value::List(list) => Value::List(list.into_iter().map(|series| lines::fill(series, &times, &filler)).collect()),
    })
}

fn metrics(at: usize, arguments: &[Node], env: &dyn Env) -> Result<Value, MathError> {
    let part = match arguments {
        [] => "",
        [Node { kind: Kind::Text(part), .. }] => part,
        _ => return Err(MathError::new(at, "METRICS takes at most one string")),
    };
    let found = env.metrics().into_iter().filter(|(id, _)| id.contains(part)).map(|(_, series)| series);
    Ok(Value::List(found.collect()))
}

fn slice(at: usize, arguments: &[Node], env: &dyn Env) -> Result<Value, MathError> {
    let (first, bounds) = match arguments {
        [first, bounds @ ..] if (1..=2).contains(&bounds.len()) => (first, bounds),
        _ => return Err(MathError::new(at, "SLICE takes an array, a start and optionally an end")),
    };
    let list = array(at, "SLICE", Some(first), env)?;
    let bound = |node: &Node| number(node, env).map(|value| (value.max(0.0) as usize).min(list.len()));
    let start = bound(&bounds[0])?;
    let end = bounds.get(1).map(bound).transpose()?.unwrap_or(list.len());
    Ok(Value::List(list[start..end.max(start)].to_vec()))
}

fn sort(at: usize, arguments: &[Node], env: &dyn Env) -> Result<Value, MathError> {
    let usage = || MathError::new(at, "SORT takes an array, AVG, MIN, MAX or SUM, ASC or DESC, and optionally a limit");
    let (first, by, order, limit) = match arguments {
        [first, by, order] => (first, by, order, None),
        [first, by, order, limit] => (first, by, order, Some(number(limit, env)?.max(0.0) as usize)),
        _ => return Err(usage()),
    };
    let (Kind::Word(by), Kind::Word(order)) = (&by.kind, &order.kind) else { return Err(usage()) };
    let fold = Fold::parse(by).ok_or_else(usage)?;
    if order != "ASC" && order != "DESC" {
        return Err(usage());
    }
    let mut list = array(at, "SORT", Some(first), env)?;
    // A line without datapoints has no value to sort by and comes last.
    let key = |series: &Series| fold.of(&lines::values(series));
    list.sort_by(|a, b| match (key(a), key(b)) {
        (Some(a), Some(b)) if order == "DESC" => b.total_cmp(&a),
        (Some(a), Some(b)) => a.total_cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    list.truncate(limit.unwrap_or(list.len()));
    Ok(Value::List(list))
}

fn period(argument: &Node, env: &dyn Env) -> Result<Value, MathError> {
    let found = match &argument.kind {
        Kind::Id(id) => env.period(id),
        _ => None,
    };
    let period = found.ok_or_else(|| MathError::new(argument.at, "PERIOD takes a metric, not an expression"))?;
    Ok(Value::Scalar(f64::from(period)))
}

fn search(at: usize, arguments: &[Node], env: &dyn Env) -> Result<Value, MathError> {
    let usage = || MathError::new(at, "SEARCH takes a search string, a statistic and optionally a period in seconds");
    let (query, stat, period) = match arguments {
        [query, stat] => (query, stat, None),
        [query, stat, Node { kind: Kind::Number(seconds), .. }] => (query, stat, Some(*seconds as u32)),
        _ => return Err(usage()),
    };
    let (Kind::Text(text), Kind::Text(stat)) = (&query.kind, &stat.kind) else { return Err(usage()) };
    env.search(text, stat, period).map(Value::List).map_err(|message| MathError::new(query.at, message))
}

fn band(at: usize, arguments: &[Node], env: &dyn Env) -> Result<Value, MathError> {
    let (of, width) = match arguments {
        [of] => (of, 2.0),
        [of, width] => (of, number(width, env)?),
        _ => return Err(MathError::new(at, "ANOMALY_DETECTION_BAND takes a metric and optionally a width")),
    };
    if width <= 0.0 {
        return Err(MathError::new(at, "The width of ANOMALY_DETECTION_BAND must be greater than 0"));
    }
    env.band(of, width).map(|lines| Value::List(lines.into())).map_err(|message| MathError::new(of.at, message))
}
