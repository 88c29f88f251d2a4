//! What an expression can evaluate to.

use crate::store::series::Series;

use super::MathError;
use super::eval;
use super::lines;
use super::node::Op;

/// A scalar, a time series, or an array of time series: AWS's S, TS and TS[].
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number.
    Scalar(f64),
    /// One line of datapoints.
    Series(Series),
    /// Several lines.
    List(Vec<Series>),
}

impl Value {
    /// The lines, `None` for a scalar, which is no final result of an expression.
    pub fn into_series(self) -> Option<Vec<Series>> {
        match self {
            Self::Scalar(_) => None,
            Self::Series(series) => Some(vec![series]),
            Self::List(list) => Some(list),
        }
    }

    /// AWS's word for the kind, for error messages.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Scalar(_) => "Scalar",
            Self::Series(_) => "TimeSeries",
            Self::List(_) => "TimeSeries[]",
        }
    }

    /// Maps every value; a datapoint or scalar without a result is dropped.
    pub(super) fn map(self, f: impl Fn(f64) -> Option<f64> + Copy) -> Self {
        match self {
            Self::Scalar(value) => f(value).map_or_else(|| Self::Series(Series::default()), Self::Scalar),
            Self::Series(series) => Self::Series(lines::map(series, f)),
            Self::List(list) => Self::List(list.into_iter().map(|series| lines::map(series, f)).collect()),
        }
    }

    /// Two operands, datapoint by datapoint: arithmetic needs one on both sides, and division by zero drops it;
    /// comparisons and logic take a missing one for 0.
    pub(super) fn combine(op: Op, at: usize, left: Self, right: Self) -> Result<Self, MathError> {
        Ok(match (left, right) {
            (Self::Scalar(a), b) => b.map(|value| op.apply(a, value)),
            (a, Self::Scalar(b)) => a.map(|value| op.apply(value, b)),
            (Self::Series(a), Self::Series(b)) => Self::Series(eval::joined(op, &a, &b)),
            (Self::Series(a), Self::List(list)) => {
                Self::List(list.iter().map(|b| Series { label: b.label.clone(), ..eval::joined(op, &a, b) }).collect())
            }
            (Self::List(list), Self::Series(b)) => Self::List(list.iter().map(|a| eval::joined(op, a, &b)).collect()),
            (a @ Self::List(_), b @ Self::List(_)) => {
                let message = format!("Unsupported operand type(s) for {}: '[{}, {}]'", op.sign(), a.kind(), b.kind());
                return Err(MathError::new(at, message));
            }
        })
    }
}
