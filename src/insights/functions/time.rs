//! Functions of times.

use crate::insights::value::Value;

pub(super) fn from_millis(arguments: &[Value<'_>]) -> Value<'static> {
    arguments[0].as_number().map_or(Value::Missing, |it| Value::Time(it as i64))
}

pub(super) fn to_millis(arguments: &[Value<'_>]) -> Value<'static> {
    arguments[0].as_millis().map_or(Value::Missing, |it| Value::Number(it as f64))
}
