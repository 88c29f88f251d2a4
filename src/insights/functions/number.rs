//! Functions of numbers; what is no number gives nothing.

use crate::insights::value::Value;

fn number(arguments: &[Value<'_>], by: fn(f64) -> f64) -> Value<'static> {
    arguments[0].as_number().map_or(Value::Missing, |it| Value::number(by(it)))
}

/// The largest or smallest of those that are numbers.
fn extreme(arguments: &[Value<'_>], by: fn(f64, f64) -> f64) -> Value<'static> {
    arguments.iter().filter_map(Value::as_number).reduce(by).map_or(Value::Missing, Value::Number)
}

pub(super) fn abs(it: &[Value<'_>]) -> Value<'static> {
    number(it, f64::abs)
}

pub(super) fn ceil(it: &[Value<'_>]) -> Value<'static> {
    number(it, f64::ceil)
}

pub(super) fn floor(it: &[Value<'_>]) -> Value<'static> {
    number(it, f64::floor)
}

pub(super) fn round(it: &[Value<'_>]) -> Value<'static> {
    number(it, f64::round)
}

pub(super) fn log(it: &[Value<'_>]) -> Value<'static> {
    number(it, libm::log)
}

pub(super) fn sqrt(it: &[Value<'_>]) -> Value<'static> {
    number(it, f64::sqrt)
}

pub(super) fn greatest(it: &[Value<'_>]) -> Value<'static> {
    extreme(it, f64::max)
}

pub(super) fn least(it: &[Value<'_>]) -> Value<'static> {
    extreme(it, f64::min)
}
