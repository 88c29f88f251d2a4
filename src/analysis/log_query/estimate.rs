//! What a query will cost, before it runs.

use chrono::TimeDelta;

use crate::clock::Time;
use crate::store::cost::BYTES_PER_GB;
use crate::store::logbook::LogGroup;

/// What a query over some groups and a window is likely to scan.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Estimate {
    /// Bytes.
    pub bytes: f64,
    /// Groups whose size is not known, and which are not in it.
    pub unknown: usize,
}

impl Estimate {
    /// Of the groups over `[from, to)`: the share of a group's stored bytes that the window has of the time for which
    /// the group keeps events. A group grows evenly as far as this knows.
    pub fn of<'g>(groups: impl Iterator<Item = Option<&'g LogGroup>>, (from, to): (Time, Time), now: Time) -> Self {
        let mut estimate = Self::default();
        for group in groups {
            match group.and_then(|group| one(group, (from, to), now)) {
                Some(bytes) => estimate.bytes += bytes,
                None => estimate.unknown += 1,
            }
        }
        estimate
    }

    /// What that costs in US dollars at a price a gigabyte.
    pub fn usd(self, usd_per_gb: f64) -> f64 {
        usd(self.bytes, usd_per_gb)
    }

    /// `≈ 1.2 GiB, $0.006`, and how many groups are not in it.
    pub fn words(self, usd_per_gb: f64) -> String {
        let unknown = match self.unknown {
            0 => String::new(),
            1 => " and one group of unknown size".to_owned(),
            count => format!(" and {count} groups of unknown size"),
        };
        format!("≈ {}{unknown}", cost_words(self.bytes, usd_per_gb))
    }
}

/// What scanning costs in US dollars.
pub fn usd(bytes: f64, usd_per_gb: f64) -> f64 {
    bytes / BYTES_PER_GB * usd_per_gb
}

/// `1.2 GiB, $0.006`; where reading costs nothing, the bytes alone.
pub fn cost_words(bytes: f64, usd_per_gb: f64) -> String {
    if usd_per_gb <= 0.0 {
        return bytes_words(bytes);
    }
    format!("{}, {}", bytes_words(bytes), dollars(usd(bytes, usd_per_gb)))
}

/// Bytes in the unit that suits them, by 1,024; a gigabyte that AWS bills is a GiB.
pub fn bytes_words(bytes: f64) -> String {
    let mut value = bytes.max(0.0);
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if value < 1_000.0 {
            let decimals = usize::from(unit != "B" && value < 100.0);
            return format!("{value:.decimals$} {unit}");
        }
        value /= 1_024.0;
    }
    format!("{value:.1} TiB")
}

/// Dollars with as many digits as say something.
pub fn dollars(usd: f64) -> String {
    match usd {
        usd if usd <= 0.0 => "$0".to_owned(),
        usd if usd < 0.001 => "< $0.001".to_owned(),
        usd if usd < 1.0 => format!("${usd:.3}"),
        usd => format!("${usd:.2}"),
    }
}

fn one(group: &LogGroup, (from, to): (Time, Time), now: Time) -> Option<f64> {
    let stored = group.stored_bytes? as f64;
    let kept = group.retention_days.map(|days| now - TimeDelta::days(i64::from(days)));
    // Without an age nothing is known of how the bytes spread over time.
    let oldest = [kept, group.created].into_iter().flatten().max()?;
    let whole = (now - oldest).num_milliseconds().max(1) as f64;
    let asked = (to.min(now) - from.max(oldest)).num_milliseconds().max(0) as f64;
    Some(stored * (asked / whole).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> Time {
        chrono::DateTime::from_timestamp(n * 86_400, 0).expect("in range")
    }

    fn group(created: i64, retention_days: Option<u32>, stored_bytes: Option<u64>) -> LogGroup {
        let created = Some(day(created));
        LogGroup { name: "g".to_owned(), arn: String::new(), created, stored_bytes, retention_days }
    }

    #[test]
    fn the_window_has_its_share_of_what_is_kept() {
        let now = day(1_000);
        let of = |group: &LogGroup, from, to| Estimate::of([Some(group)].into_iter(), (day(from), day(to)), now).bytes;
        let month = group(0, Some(30), Some(30_000));
        assert!((of(&month, 999, 1_000) - 1_000.0).abs() < 1e-6);
        assert!((of(&month, 0, 1_000) - 30_000.0).abs() < 1e-6, "what is kept no longer is not scanned");
        assert!((of(&month, 0, 10)).abs() < 1e-6);
        let young = group(990, Some(30), Some(10_000));
        assert!((of(&young, 998, 1_001) - 2_000.0).abs() < 1e-6, "and nothing after now");
        let unknown = group(0, None, None);
        let estimate = Estimate::of([Some(&month), Some(&unknown), None].into_iter(), (day(999), now), now);
        assert_eq!(estimate.unknown, 2);
        assert_eq!(
            estimate.words(0.005),
            "≈ 1000 B, < $0.001 and 2 groups of unknown size".replace("1000 B", "1.0 KiB")
        );
    }

    #[test]
    fn figures_are_short() {
        let cases = [
            (0.0, "0 B, $0"),
            (2_048.0, "2.0 KiB, < $0.001"),
            (BYTES_PER_GB * 1.25, "1.2 GiB, $0.006"),
            (BYTES_PER_GB * 4_000.0, "3.9 TiB, $20.00"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(cost_words(bytes, 0.005), expected);
        }
    }
}
