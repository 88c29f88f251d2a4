//! The SDK's times and ours.

use aws_smithy_types::DateTime;

use crate::clock::Time;

/// Our time as the SDK writes it.
pub(super) fn to_aws(time: Time) -> DateTime {
    DateTime::from_secs_and_nanos(time.timestamp(), time.timestamp_subsec_nanos())
}

/// The SDK's time as ours, to the nearest microsecond, `None` where it is out of every calendar.
///
/// On the wire it may be seconds as a binary fraction, which is a little less or more than what was meant: cut to
/// milliseconds, 49.310 would come out as 49.309.
pub(super) fn from_aws(time: &DateTime) -> Option<Time> {
    let micros = i64::from((time.subsec_nanos() + 500) / 1_000);
    chrono::DateTime::from_timestamp_micros(time.secs().checked_mul(1_000_000)?.checked_add(micros)?)
}

/// A time of CloudWatch Logs, in milliseconds since the epoch.
pub(super) fn from_millis(millis: i64) -> Option<Time> {
    chrono::DateTime::from_timestamp_millis(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_back_as_they_went() {
        for text in ["2026-01-15T10:28:00.123Z", "1969-12-31T23:59:59.5Z"] {
            let time: Time = text.parse().expect("a time");
            assert_eq!(from_aws(&to_aws(time)), Some(time));
            assert_eq!(from_millis(time.timestamp_millis()), Some(time));
        }
    }

    #[test]
    fn binary_fractions_come_back_as_what_was_meant() {
        for (seconds, meant) in [(1_795_324_369.31, ".310"), (1_795_324_369.999_999_9, ".000"), (-0.25, ".750")] {
            let time = from_aws(&DateTime::from_secs_f64(seconds)).expect("a time");
            assert_eq!(time.format("%.3f").to_string(), meant, "{seconds}");
        }
    }
}
