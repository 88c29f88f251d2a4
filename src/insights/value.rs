//! The values of the query language.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime};
use serde_json::Value as Json;

use crate::text::time;

/// A value; text that reads like a number is one wherever a number is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Missing,
    Text(Cow<'a, str>),
    Number(f64),
    Bool(bool),
    /// Milliseconds since the epoch.
    Time(i64),
    /// A map or a list.
    Json(Arc<Json>),
}

impl<'a> Value<'a> {
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A number, or nothing where there is none: a division by zero, say.
    pub(super) fn number(number: f64) -> Self {
        if number.is_finite() { Self::Number(number) } else { Self::Missing }
    }

    pub(super) fn is_missing(&self) -> bool {
        *self == Self::Missing
    }

    /// The same value, free of what it was borrowed from.
    pub(super) fn owned(self) -> Value<'static> {
        match self {
            Self::Missing => Value::Missing,
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Number(number) => Value::Number(number),
            Self::Bool(flag) => Value::Bool(flag),
            Self::Time(at) => Value::Time(at),
            Self::Json(json) => Value::Json(json),
        }
    }

    /// The same value, borrowed.
    pub(super) fn borrowed(&self) -> Value<'_> {
        match self {
            Self::Missing => Value::Missing,
            Self::Text(text) => Value::Text(Cow::Borrowed(text)),
            Self::Number(number) => Value::Number(*number),
            Self::Bool(flag) => Value::Bool(*flag),
            Self::Time(at) => Value::Time(*at),
            Self::Json(json) => Value::Json(Arc::clone(json)),
        }
    }

    pub(super) fn as_number(&self) -> Option<f64> {
        match self {
            Self::Missing | Self::Json(_) => None,
            Self::Text(text) => parse_number(text),
            Self::Number(number) => Some(*number),
            Self::Bool(flag) => Some(f64::from(*flag)),
            Self::Time(at) => Some(*at as f64),
        }
    }

    /// A time as milliseconds since the epoch: a time, a number of them, or the text of either.
    pub(super) fn as_millis(&self) -> Option<i64> {
        match self {
            Self::Text(text) => parse_number(text).map(|it| it as i64).or_else(|| parse_time(text)),
            Self::Missing | Self::Number(_) | Self::Bool(_) | Self::Time(_) | Self::Json(_) => {
                self.as_number().map(|it| it as i64)
            }
        }
    }

    /// The text as a result shows it; `None` for a missing value.
    ///
    /// Times are `YYYY-MM-DD HH:MM:SS.mmm` in UTC; computed numbers have at most four decimals (four digits, where they
    /// are smaller than a thousandth), true is 1.
    pub(super) fn as_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Missing => None,
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Number(number) => Some(Cow::Owned(format_number(*number))),
            Self::Bool(flag) => Some(Cow::Borrowed(if *flag { "1" } else { "0" })),
            Self::Time(at) => Some(Cow::Owned(format_time(*at))),
            Self::Json(json) => Some(Cow::Owned(json.to_string())),
        }
    }

    /// Whether a filter lets it pass.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Missing | Self::Json(_) => false,
            Self::Bool(flag) => *flag,
            Self::Number(number) => *number != 0.0,
            Self::Text(text) => text == "true" || parse_number(text).is_some_and(|number| number != 0.0),
            Self::Time(_) => true,
        }
    }

    /// How it compares: as numbers where both are, as times where one is a time and the other the text of one, else as
    /// text; `None` where one is missing.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(flag), Self::Text(text)) => return bool_text(*flag, text),
            (Self::Text(text), Self::Bool(flag)) => return bool_text(*flag, text).map(Ordering::reverse),
            (Self::Time(at), Self::Text(text)) => {
                if let Some(other) = time_text(text) {
                    return Some(at.cmp(&other));
                }
            }
            (Self::Text(text), Self::Time(at)) => {
                if let Some(other) = time_text(text) {
                    return Some(other.cmp(at));
                }
            }
            _ => {}
        }
        match (self.as_number(), other.as_number()) {
            (Some(one), Some(two)) => one.partial_cmp(&two),
            _ => Some(self.as_text()?.as_ref().cmp(other.as_text()?.as_ref())),
        }
    }

    /// The order of `sort`: text before numbers, what is missing after both.
    pub(super) fn sort(&self, other: &Self) -> Ordering {
        let rank = |value: &Self, number: Option<f64>| match (value, number) {
            (Self::Missing, _) => 2,
            (_, Some(_)) => 1,
            (_, None) => 0,
        };
        let (one, two) = (self.as_number(), other.as_number());
        rank(self, one).cmp(&rank(other, two)).then_with(|| match (one, two) {
            (Some(one), Some(two)) => one.total_cmp(&two),
            _ => self.as_text().cmp(&other.as_text()),
        })
    }
}

fn bool_text(flag: bool, text: &str) -> Option<Ordering> {
    match text {
        "true" => Some(flag.cmp(&true)),
        "false" => Some(flag.cmp(&false)),
        _ => parse_number(text).and_then(|number| f64::from(flag).partial_cmp(&number)),
    }
}

/// The text of a time; a number is none.
fn time_text(text: &str) -> Option<i64> {
    parse_number(text).is_none().then(|| parse_time(text)).flatten()
}

fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim();
    // `inf` and `nan` are words, not numbers.
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().filter(|number: &f64| number.is_finite())
}

/// `2026-01-15T10:28:07.912Z`, `2026-01-15 10:28:07.912`, and both without seconds.
fn parse_time(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.timestamp_millis());
    }
    let forms = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
    let utc = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    let at = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(utc, form).ok());
    at.map(|at| at.and_utc().timestamp_millis())
}

fn format_number(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let decimals = if number.abs() >= 0.001 { 4 } else { 3 - number.abs().log10().floor() as i32 };
    let text = format!("{number:.*}", decimals.clamp(0, 300) as usize);
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn format_time(at: i64) -> String {
    DateTime::from_timestamp_millis(at).map_or_else(|| at.to_string(), time::insights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_short() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (3.0, "3"),
            (-1200.0, "-1200"),
            (1.0 / 3.0, "0.3333"),
            (2.5, "2.5"),
            (0.000_012_346, "0.00001235"),
            (1e18, "1000000000000000000"),
        ];
        for (number, text) in cases {
            assert_eq!(format_number(number), text);
        }
    }

    #[test]
    fn order() {
        let (text, number, missing) = (Value::text("b"), Value::text("10"), Value::Missing);
        assert_eq!(text.sort(&number), Ordering::Less);
        assert_eq!(number.sort(&Value::Number(9.0)), Ordering::Greater);
        assert_eq!(number.sort(&missing), Ordering::Less);
        assert_eq!(text.compare(&missing), None);
        assert_eq!(Value::Bool(true).compare(&Value::text("true")), Some(Ordering::Equal));
        assert_eq!(Value::text("1").compare(&Value::Bool(true)), Some(Ordering::Equal));
        assert_eq!(Value::Bool(true).compare(&Value::text("maybe")), None);
    }
}
