//! Values of options, each read and refused in words of its own.

use std::time::Duration;

use crate::analysis::expression;
use crate::clock::{Clock, Time};
use crate::store::alarm::AlarmState;
use crate::text::time::TimeError;
use crate::text::{parse_span, parse_time};

pub(super) fn time(text: &str) -> Result<Time, TimeError> {
    parse_time(text, Clock::system().now())
}

pub(super) fn window(text: &str) -> Result<Duration, String> {
    let span = parse_span(text).map_err(|error| error.to_string())?;
    if span < Duration::from_mins(1) { Err("a window is at least 1m".to_owned()) } else { Ok(span) }
}

pub(super) fn metric_period(text: &str) -> Result<u32, String> {
    let period = expression::period(text);
    period.ok_or_else(|| "a period is 1s, 5s, 10s, 20s, 30s or whole minutes, such as 60s, 5m or 1h".to_owned())
}

pub(super) fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| "must be a number above 0".to_owned())
}

pub(super) fn not_negative(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "must be a number, 0 or above".to_owned())
}

pub(super) fn endpoint(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    match host {
        Some(host) if !host.is_empty() && !text.contains(char::is_whitespace) => Ok(text.to_owned()),
        Some(_) | None => Err("write it like http://127.0.0.1:4577".to_owned()),
    }
}

pub(super) fn alarm_state(text: &str) -> Result<AlarmState, String> {
    let states = [AlarmState::Alarm, AlarmState::Ok, AlarmState::InsufficientData];
    let state = states.into_iter().find(|state| state.name().eq_ignore_ascii_case(text));
    state.ok_or_else(|| "there are ALARM, OK and INSUFFICIENT_DATA".to_owned())
}
