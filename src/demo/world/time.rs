//! Instants as the world counts them: whole milliseconds and whole minutes since the epoch.

use chrono::{DateTime, Datelike, Timelike};

use crate::clock::Time;

use super::text::digits;

/// Milliseconds of a minute.
pub(super) const MINUTE_MS: i64 = 60_000;

/// Minutes of a day.
pub(super) const DAY_MINUTES: i64 = 1440;

/// The minute that holds an instant.
pub(super) fn minute_of(at: Time) -> i64 {
    at.timestamp().div_euclid(60)
}

/// The first minute that starts at or after an instant.
pub(super) fn minute_from(at: Time) -> i64 {
    ms_from(at).div_euclid(MINUTE_MS) + i64::from(ms_from(at).rem_euclid(MINUTE_MS) > 0)
}

/// The start of a minute.
pub(super) fn start_of(minute: i64) -> Time {
    instant(minute * MINUTE_MS)
}

/// The instant of a millisecond.
pub(super) fn instant(ms: i64) -> Time {
    DateTime::from_timestamp_millis(ms).unwrap_or_default()
}

/// The first whole millisecond at or after an instant.
pub(super) fn ms_from(at: Time) -> i64 {
    let ms = at.timestamp_millis();
    ms + i64::from(instant(ms) < at)
}

/// Appends an instant to the second, such as `2026-01-15T10:28:06Z`.
pub(super) fn write(line: &mut String, ms: i64) {
    let at = instant(ms);
    digits(line, u64::from(at.year().unsigned_abs()), 4);
    for (mark, value) in [('-', at.month()), ('-', at.day()), ('T', at.hour()), (':', at.minute()), (':', at.second())]
    {
        line.push(mark);
        digits(line, u64::from(value), 2);
    }
    line.push('Z');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_round_up_to_what_lies_inside() {
        let at = |text: &str| text.parse::<Time>().expect("a time");
        assert_eq!(ms_from(at("1970-01-01T00:00:01.0000001Z")), 1001);
        assert_eq!(ms_from(at("1970-01-01T00:00:01Z")), 1000);
        assert_eq!(minute_from(at("1970-01-01T00:01:00Z")), 1);
        assert_eq!(minute_from(at("1970-01-01T00:01:00.001Z")), 2);
        assert_eq!(start_of(minute_of(at("1970-01-01T00:01:59.999Z"))), at("1970-01-01T00:01:00Z"));
    }

    #[test]
    fn instants_are_written_as_rfc_3339() {
        let mut line = String::new();
        write(&mut line, 1_768_472_886_912);
        assert_eq!(line, "2026-01-15T10:28:06Z");
    }
}
