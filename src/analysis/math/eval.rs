//! Evaluation over time series.

use crate::clock::Time;
use crate::store::series::Series;

use super::functions;
use super::lines;
use super::node::{Kind, Node, Op};
use super::value::Value;
use super::{Expr, MathError};

/// What an expression can refer to. Errors are sentences; the evaluator adds the position.
pub trait Env {
    /// The value of a metric or expression id.
    fn value(&self, id: &str) -> Result<Value, String>;

    /// Ids and lines of all metrics of the request, for `METRICS()`; expressions are not among them.
    fn metrics(&self) -> Vec<(String, Series)>;

    /// The period in seconds of a metric id, `None` for an expression.
    fn period(&self, id: &str) -> Option<u32>;

    /// Every period start of the window, ascending.
    fn times(&self) -> Vec<Time>;

    /// The lines of a `SEARCH(query, stat[, period])`.
    fn search(&self, query: &str, stat: &str, period_s: Option<u32>) -> Result<Vec<Series>, String>;

    /// Upper and lower line of the band of `width` standard deviations around what `of` stands for.
    fn band(&self, of: &Node, width: f64) -> Result<[Series; 2], String>;
}

/// Evaluates an expression.
pub fn evaluate(expr: &Expr, env: &dyn Env) -> Result<Value, MathError> {
    node(expr.root(), env)
}

/// Evaluates a part of an expression.
pub(super) fn node(node: &Node, env: &dyn Env) -> Result<Value, MathError> {
    match &node.kind {
        Kind::Number(value) => Ok(Value::Scalar(*value)),
        Kind::Id(id) => env.value(id).map_err(|message| MathError::new(node.at, message)),
        Kind::Negate(inner) => Ok(self::node(inner, env)?.map(|value| Some(-value))),
        Kind::Binary(op, left, right) => Value::combine(*op, node.at, self::node(left, env)?, self::node(right, env)?),
        Kind::Call(name, arguments) => functions::call(node.at, name, arguments, env),
        Kind::List(items) => list(items, env).map(Value::List),
        Kind::Text(_) | Kind::Word(_) => Err(MathError::new(node.at, "Unsupported type in expression")),
    }
}

/// The lines of all items, one after another; scalars are no lines.
fn list(items: &[Node], env: &dyn Env) -> Result<Vec<Series>, MathError> {
    let mut found = Vec::new();
    for item in items {
        let Some(series) = node(item, env)?.into_series() else {
            return Err(MathError::new(item.at, "An array takes time series, not scalars"));
        };
        found.extend(series);
    }
    Ok(found)
}

/// `IF(condition, then[, otherwise])`, point by point where the condition is a line.
///
/// Where the condition holds and `then` has no datapoint the result is 0, where it fails and `otherwise` has none the
/// datapoint is dropped (user guide, "Using IF expressions").
pub(super) fn choose(at: usize, arguments: &[Node], env: &dyn Env) -> Result<Value, MathError> {
    let (condition, then, otherwise) = match arguments {
        [condition, then] => (condition, then, None),
        [condition, then, otherwise] => (condition, then, Some(otherwise)),
        _ => return Err(MathError::new(at, "IF takes a condition, a value and optionally another value")),
    };
    let then = node(then, env)?;
    let otherwise = otherwise.map(|otherwise| node(otherwise, env)).transpose()?;
    let condition = match node(condition, env)? {
        Value::Scalar(value) if value != 0.0 => return Ok(then),
        Value::Scalar(_) => return Ok(otherwise.unwrap_or_else(|| Value::Series(Series::default()))),
        Value::Series(condition) => condition,
        Value::List(_) => return Err(MathError::new(at, "The condition of IF is a single time series or a scalar")),
    };
    let value = |branch: &Value, t: Time| match branch {
        Value::Scalar(value) => Ok(Some(*value)),
        Value::Series(series) => Ok(series.at(t)),
        Value::List(_) => Err(MathError::new(at, "IF chooses between scalars and single time series")),
    };
    let mut points = Vec::with_capacity(condition.points.len());
    for (t, holds) in condition.points {
        let chosen = match &otherwise {
            _ if holds != 0.0 => value(&then, t)?.or(Some(0.0)),
            Some(otherwise) => value(otherwise, t)?,
            None => None,
        };
        points.extend(chosen.map(|value| (t, value)));
    }
    Ok(Value::Series(Series { label: condition.label, points }))
}

/// Two lines, datapoint by datapoint; one that is missing on one side counts as 0 in comparisons and logic only.
pub(super) fn joined(op: Op, a: &Series, b: &Series) -> Series {
    match op {
        Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Power => lines::zip(op, a, b),
        Op::Or | Op::And | Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual | Op::Equal | Op::NotEqual => {
            lines::zip_or_zero(op, a, b)
        }
    }
}
