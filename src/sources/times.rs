//! The SDK's times and ours.

use aws_smithy_types::DateTime;

use crate::clock::Time;

/// Our time as the SDK writes it.
pub(super) fn to_aws(time: Time) -> DateTime {
    DateTime::from_secs_and_nanos(time.timestamp(), time.timestamp_subsec_nanos())
}

/// The SDK's time as ours, `None` where it is out of every calendar.
pub(super) fn from_aws(time: &DateTime) -> Option<Time> {
    chrono::DateTime::from_timestamp(time.secs(), time.subsec_nanos())
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
}
