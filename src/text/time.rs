//! Times as people and JSON documents write them.

use std::fmt::Display;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeDelta, TimeZone, Utc};

use super::units::parse_span;
use crate::clock::Time;

/// The time of day: `10:28:07`, in the zone of the given time.
pub fn clock<Z: TimeZone>(at: &DateTime<Z>) -> String
where
    Z::Offset: Display,
{
    at.format("%H:%M:%S").to_string()
}

/// The time of day with milliseconds: `10:28:07.912`.
pub fn clock_ms<Z: TimeZone>(at: &DateTime<Z>) -> String
where
    Z::Offset: Display,
{
    at.format("%H:%M:%S%.3f").to_string()
}

/// Hours and minutes, for axes: `10:28`.
pub fn minute<Z: TimeZone>(at: &DateTime<Z>) -> String
where
    Z::Offset: Display,
{
    at.format("%H:%M").to_string()
}

/// The time of day, and before it the date where that is not today's: `10:28:07`, `2026-01-14 23:59:58`.
pub fn moment<Z: TimeZone>(at: &DateTime<Z>, now: &DateTime<Z>) -> String
where
    Z::Offset: Display,
{
    if at.date_naive() == now.date_naive() {
        return clock(at);
    }
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// RFC 3339 in UTC with milliseconds, as every JSON document of the program has it: `2026-01-15T10:28:07.912Z`.
pub fn rfc3339(at: Time) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// RFC 3339 in UTC without the milliseconds that no period has: `2026-01-15T10:28:07Z`.
pub fn rfc3339_s(at: Time) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A time as Logs Insights writes it: `2026-01-15 10:28:07.912`, in UTC.
pub fn insights(at: Time) -> String {
    at.format("%Y-%m-%d %H:%M:%S%.3f").to_string()
}

/// A time that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time: write it like 2026-01-15T10:28:00Z, 2026-01-15 10:28, 10:28, -2h or now")]
pub struct TimeError(pub String);

/// A time as people write it on the command line; what says no zone is UTC.
///
/// RFC 3339; a date with or without a time of day; a time of day (the latest such moment that is not after `now`);
/// `now`; a span before it (`-2h`); epoch seconds or milliseconds (10 or 13 digits).
pub fn parse_time(text: &str, now: Time) -> Result<Time, TimeError> {
    let fail = || TimeError(text.to_owned());
    let text = text.trim();
    if text == "now" {
        return Ok(now);
    }
    if let Some(span) = text.strip_prefix('-') {
        let span = parse_span(span).map_err(|_| fail())?;
        let span = TimeDelta::from_std(span).map_err(|_| fail())?;
        return now.checked_sub_signed(span).ok_or_else(fail);
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.with_timezone(&Utc));
    }
    let dated = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    if let Some(at) = dated.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok()) {
        return Ok(at.and_utc());
    }
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Ok(date.and_time(NaiveTime::MIN).and_utc());
    }
    let timed = ["%H:%M:%S%.f", "%H:%M"];
    if let Some(time) = timed.iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok()) {
        let today = now.date_naive().and_time(time).and_utc();
        return Ok(if today > now { today - TimeDelta::days(1) } else { today });
    }
    let epoch = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    let at = match (epoch, text.len()) {
        (Some(seconds), 10) => DateTime::from_timestamp(seconds, 0),
        (Some(milliseconds), 13) => DateTime::from_timestamp_millis(milliseconds),
        _ => None,
    };
    at.ok_or_else(fail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().expect("a time")
    }

    #[test]
    fn forms() {
        let now = at("2026-01-15T10:28:07.912Z");
        assert_eq!(clock(&now), "10:28:07");
        assert_eq!(clock_ms(&now), "10:28:07.912");
        assert_eq!(minute(&now), "10:28");
        assert_eq!(moment(&at("2026-01-14T23:59:58Z"), &now), "2026-01-14 23:59:58");
        assert_eq!(moment(&now, &now), "10:28:07");
        assert_eq!(rfc3339(now), "2026-01-15T10:28:07.912Z");
        assert_eq!(insights(at("2026-01-15T10:28:07Z")), "2026-01-15 10:28:07.000");
    }

    #[test]
    fn times_are_read() {
        let now = at("2026-01-15T10:28:07Z");
        let cases = [
            ("2026-01-15T10:28:00Z", "2026-01-15T10:28:00Z"),
            ("2026-01-15T10:28:00.25+01:00", "2026-01-15T09:28:00.250Z"),
            ("2026-01-15T10:28:00", "2026-01-15T10:28:00Z"),
            ("2026-01-15 10:28", "2026-01-15T10:28:00Z"),
            ("2026-01-15 10:28:30.5", "2026-01-15T10:28:30.500Z"),
            ("2026-01-15", "2026-01-15T00:00:00Z"),
            ("10:28", "2026-01-15T10:28:00Z"),
            ("10:29", "2026-01-14T10:29:00Z"),
            ("09:00:01", "2026-01-15T09:00:01Z"),
            ("now", "2026-01-15T10:28:07Z"),
            ("-2h", "2026-01-15T08:28:07Z"),
            ("-1d12h", "2026-01-13T22:28:07Z"),
            ("1768472887", "2026-01-15T10:28:07Z"),
            ("1768472887912", "2026-01-15T10:28:07.912Z"),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_time(text, now), Ok(at(expected)), "{text}");
        }
        for text in ["", "yesterday", "2026-13-01", "25:00", "-", "-2y", "2h", "12345", "2026-01-15T10:28:00 Z Z"] {
            assert_eq!(parse_time(text, now), Err(TimeError(text.to_owned())), "{text}");
        }
    }
}
