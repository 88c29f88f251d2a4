//! Times in log lines; those that say no zone are in UTC.

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeZone, Utc};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::clock::Time;

/// What a line says of its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stamp {
    At(Time),
    /// A JSON object without a time.
    Untimed,
    /// No JSON object.
    None,
}

/// Names under which JSON lines have their time, the most telling first.
const NAMES: [&str; 10] =
    ["@timestamp", "timestamp", "time", "ts", "datetime", "date", "eventTime", "event_time", "start_time", "_aws"];

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// How far into a line the time of an access log may stand.
const ACCESS: usize = 160;

/// The time of a line that is one JSON object.
pub(super) fn of_json(line: &str) -> Stamp {
    if !line.starts_with('{') {
        return Stamp::None;
    }
    let mut json = serde_json::Deserializer::from_str(line);
    let Ok(found) = json.deserialize_map(Object) else { return Stamp::None };
    if json.end().is_err() {
        return Stamp::None;
    }
    found.map_or(Stamp::Untimed, Stamp::At)
}

/// Finds the time in an object without keeping anything else of it.
struct Object;

impl<'de> Visitor<'de> for Object {
    type Value = Option<Time>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut best: Option<(usize, Time)> = None;
        while let Some(key) = map.next_key::<Key>()? {
            let Some(rank) = key.0 else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let value = map.next_value::<Moment>()?.0;
            if let Some(time) = value
                && best.is_none_or(|(known, _)| rank < known)
            {
                best = Some((rank, time));
            }
        }
        Ok(best.map(|(_, time)| time))
    }
}

/// The place of a key among those that hold a time.
struct Key(Option<usize>);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_str<E>(self, name: &str) -> Result<Key, E> {
                // EMF keeps its time in an object, as `Timestamp`.
                Ok(Key(NAMES.iter().position(|known| known.eq_ignore_ascii_case(name))))
            }
        }
        deserializer.deserialize_str(Name)
    }
}

/// A value that may be a time.
struct Moment(Option<Time>);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Moment;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }

            fn visit_str<E>(self, text: &str) -> Result<Moment, E> {
                Ok(Moment(of_text(text)))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Moment, E> {
                Ok(Moment(epoch(number as f64)))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Moment, E> {
                Ok(Moment(None))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Moment, E> {
                Ok(Moment(epoch(number)))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Moment, E> {
                Ok(Moment(None))
            }

            fn visit_unit<E>(self) -> Result<Moment, E> {
                Ok(Moment(None))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Moment, A::Error> {
                Object.visit_map(map).map(Moment)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Moment, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Moment(None))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// A text that is a time and nothing else.
fn of_text(text: &str) -> Option<Time> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        return epoch(number);
    }
    iso(text).or_else(|| access(text)).filter(|(_, end)| *end == text.len()).map(|(time, _)| time)
}

/// Seconds, milliseconds, microseconds or nanoseconds since the epoch, told apart by their size.
fn epoch(number: f64) -> Option<Time> {
    let millis = match number {
        it if !(1e8..1e20).contains(&it) => return None,
        it if it < 1e11 => it * 1e3,
        it if it < 1e14 => it,
        it if it < 1e17 => it / 1e3,
        it => it / 1e6,
    };
    DateTime::from_timestamp_millis(millis.round() as i64)
}

/// The time that a line begins with, and where it ends: ISO 8601 in its usual forms, epoch seconds or milliseconds, that of
/// syslog (which says no year: the one that is `near`), each perhaps in brackets; or that of an access log, further in.
pub(super) fn leading(line: &str, near: Time) -> Option<(Time, usize)> {
    let inner = line.strip_prefix('[').unwrap_or(line);
    let before = line.len() - inner.len();
    if let Some((time, end)) = iso(inner).or_else(|| syslog(inner, near)).or_else(|| digits(inner)) {
        let closed = usize::from(before > 0 && inner[end..].starts_with(']'));
        return Some((time, before + end + closed));
    }
    // `192.0.2.7 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200`: the whole line is the message.
    let mut end = line.len().min(ACCESS);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line[..end].match_indices('[').find_map(|(at, _)| access(&line[at + 1..])).map(|(time, _)| (time, 0))
}

/// Ten or thirteen digits and white space.
fn digits(text: &str) -> Option<(Time, usize)> {
    let end = text.find(|it: char| !it.is_ascii_digit() && it != '.')?;
    let whole = text[..end].split('.').next().unwrap_or_default().len();
    if !matches!(whole, 10 | 13) || !text[end..].starts_with([' ', '\t', ']']) {
        return None;
    }
    text[..end].parse().ok().and_then(epoch).map(|time| (time, end))
}

/// A number of so many digits at a place.
fn number(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let digits = bytes.get(at..at + count)?;
    digits.iter().all(u8::is_ascii_digit).then(|| digits.iter().fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0')))
}

fn is(bytes: &[u8], at: usize, wanted: &[u8]) -> bool {
    bytes.get(at).is_some_and(|byte| wanted.contains(byte))
}

/// `2026-01-15T10:28:07.912Z`, `2026-01-15 10:28:07,912`, `2026/01/15 10:28:07 +0100`.
fn iso(text: &str) -> Option<(Time, usize)> {
    let bytes = text.as_bytes();
    let year = number(bytes, 0, 4)?;
    if !is(bytes, 4, b"-/") || !is(bytes, 7, b"-/") || !is(bytes, 10, b"T t_") {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(year as i32, number(bytes, 5, 2)?, number(bytes, 8, 2)?)?;
    let (hour, minute) = (number(bytes, 11, 2)?, number(bytes, 14, 2)?);
    if !is(bytes, 13, b":") {
        return None;
    }
    let (mut second, mut nanos, mut end) = (0, 0, 16);
    if is(bytes, 16, b":") {
        second = number(bytes, 17, 2)?;
        end = 19;
        if is(bytes, 19, b".,") {
            let count = bytes[20..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            let kept = count.min(9);
            nanos = number(bytes, 20, kept)? * 10_u32.pow(9 - kept as u32);
            end = 20 + count;
        }
    }
    let local = date.and_hms_nano_opt(hour, minute, second.min(59), nanos)?;
    let (offset, zone) = zone(text, end);
    Some((offset.from_local_datetime(&local).single()?.with_timezone(&Utc), zone))
}

/// The zone after a time, and where it ends.
fn zone(text: &str, end: usize) -> (FixedOffset, usize) {
    let utc = || (Utc.fix_offset(), end);
    let bytes = text.as_bytes();
    if is(bytes, end, b"Zz") {
        return (Utc.fix_offset(), end + 1);
    }
    let at = if is(bytes, end, b" ") && is(bytes, end + 1, b"+-") { end + 1 } else { end };
    if !is(bytes, at, b"+-") {
        return utc();
    }
    let Some(hours) = number(bytes, at + 1, 2) else { return utc() };
    let colon = usize::from(is(bytes, at + 3, b":"));
    let minutes = number(bytes, at + 3 + colon, 2);
    let seconds = (hours * 3600 + minutes.unwrap_or(0) * 60) as i32;
    let sign = if is(bytes, at, b"-") { -1 } else { 1 };
    let after = if minutes.is_some() { at + 5 + colon } else { at + 3 };
    FixedOffset::east_opt(sign * seconds).map_or_else(utc, |offset| (offset, after))
}

/// UTC as an offset.
trait Fix {
    fn fix_offset(&self) -> FixedOffset;
}

impl Fix for Utc {
    fn fix_offset(&self) -> FixedOffset {
        use chrono::Offset;
        self.fix()
    }
}

/// `Jan  5 10:28:07`.
fn syslog(text: &str, near: Time) -> Option<(Time, usize)> {
    let bytes = text.as_bytes();
    let month = month(text.get(..3)?)?;
    let day = if is(bytes, 4, b" ") { number(bytes, 5, 1)? } else { number(bytes, 4, 2)? };
    let apart = is(bytes, 3, b" ") && is(bytes, 6, b" ") && is(bytes, 9, b":") && is(bytes, 12, b":");
    let date = NaiveDate::from_ymd_opt(near.year(), month, day).filter(|_| apart)?;
    let time = date.and_hms_opt(number(bytes, 7, 2)?, number(bytes, 10, 2)?, number(bytes, 13, 2)?.min(59))?;
    Some((time.and_utc(), 15))
}

/// `10/Oct/2000:13:55:36 -0700`.
fn access(text: &str) -> Option<(Time, usize)> {
    let bytes = text.as_bytes();
    let day = number(bytes, 0, 2)?;
    let month = month(text.get(3..6)?)?;
    let apart = is(bytes, 2, b"/") && is(bytes, 6, b"/") && is(bytes, 11, b":") && is(bytes, 14, b":");
    let date = NaiveDate::from_ymd_opt(number(bytes, 7, 4)? as i32, month, day).filter(|_| apart)?;
    let local = date.and_hms_opt(number(bytes, 12, 2)?, number(bytes, 15, 2)?, number(bytes, 18, 2)?.min(59))?;
    let (offset, end) = zone(text, 20);
    Some((offset.from_local_datetime(&local).single()?.with_timezone(&Utc), end))
}

fn month(name: &str) -> Option<u32> {
    MONTHS.iter().zip(1..).find(|(known, _)| **known == name).map(|(_, number)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().expect("a time")
    }

    #[test]
    fn lines_begin_with_times() {
        let near = at("2026-03-01T00:00:00Z");
        let cases = [
            ("2026-01-15T10:28:07.912Z INFO x", "2026-01-15T10:28:07.912Z", 24),
            ("2026-01-15 10:28:07,912 x", "2026-01-15T10:28:07.912Z", 23),
            ("[2026-01-15 10:28:07.912345678+01:00] x", "2026-01-15T09:28:07.912345678Z", 37),
            ("2026/01/15 10:28:07 +0130 x", "2026-01-15T08:58:07Z", 25),
            ("2026-01-15T10:28 x", "2026-01-15T10:28:00Z", 16),
            ("Jan  5 10:28:07 host app: x", "2026-01-05T10:28:07Z", 15),
            ("Jan 15 10:28:07 host app: x", "2026-01-15T10:28:07Z", 15),
            ("1768472887 x", "2026-01-15T10:28:07Z", 10),
            ("1768472887.5 x", "2026-01-15T10:28:07.500Z", 12),
            ("1768472887912\tx", "2026-01-15T10:28:07.912Z", 13),
            ("192.0.2.7 - - [15/Jan/2026:10:28:07 -0700] \"GET /\" 200", "2026-01-15T17:28:07Z", 0),
        ];
        for (line, time, end) in cases {
            assert_eq!(leading(line, near), Some((at(time), end)), "{line}");
        }
        for line in ["", "INFO x", "2026-13-15T10:28:07Z", "10:28:07 x", "12345 x", "[x] y", "2026", "é2026", "Jänner"]
        {
            assert_eq!(leading(line, near), None, "{line}");
        }
    }

    #[test]
    fn json_lines_have_times() {
        let time = Stamp::At(at("2026-01-15T10:28:07.500Z"));
        let cases = [
            (r#"{"a":{"time":1},"timestamp":"2026-01-15T10:28:07.5Z"}"#, time),
            (r#"{"time":1768472887.5}"#, time),
            (r#"{"ts":1768472887500,"x":[1,{"y":2}]}"#, time),
            (r#"{"Time":"1768472887500","@timestamp":"2026-01-15 10:28:07,5"}"#, time),
            (r#"{"_aws":{"Timestamp":1768472887500,"CloudWatchMetrics":[]},"n":1}"#, time),
            (r#"{"time":null,"ts":true,"date":[1],"datetime":{"a":1}}"#, Stamp::Untimed),
            (r#"{"a":1}"#, Stamp::Untimed),
            (r#"{"a":1"#, Stamp::None),
            (r#"{"a":1} x"#, Stamp::None),
            ("plain", Stamp::None),
        ];
        for (line, stamp) in cases {
            assert_eq!(of_json(line), stamp, "{line}");
        }
    }
}
