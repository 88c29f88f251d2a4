//! Periods of time, as `bin` takes them.

use chrono::{DateTime, Datelike, Months, NaiveDate};

/// A period: of fixed length, or of months, which have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    Millis(i64),
    Months(i64),
}

/// Units by their names; those of more than one letter have a plural.
const UNITS: &[(&[&str], Span)] = &[
    (&["ms", "msec", "millisecond"], Span::Millis(1)),
    (&["s", "sec", "second"], Span::Millis(1000)),
    (&["m", "min", "minute"], Span::Millis(60_000)),
    (&["h", "hr", "hour"], Span::Millis(3_600_000)),
    (&["d", "day"], Span::Millis(86_400_000)),
    (&["w", "week"], Span::Millis(604_800_000)),
    (&["mo", "mon", "month"], Span::Months(1)),
    (&["q", "qtr", "quarter"], Span::Months(3)),
    (&["y", "yr", "year"], Span::Months(12)),
];

impl Span {
    /// So many of a unit.
    pub(super) fn of(count: i64, unit: &str) -> Option<Self> {
        let unit = unit.to_ascii_lowercase();
        let is = |name: &&str| *name == unit || (name.len() > 1 && unit.strip_suffix('s') == Some(name));
        let (_, one) = UNITS.iter().find(|(names, _)| names.iter().any(is))?;
        match one {
            Self::Millis(millis) => count.checked_mul(*millis).map(Self::Millis),
            Self::Months(months) => count.checked_mul(*months).filter(|it| *it <= 12_000).map(Self::Months),
        }
    }

    /// The beginning of the period that a time is in: counted from the epoch, months from the year 0. All in UTC.
    pub(super) fn floor(self, at: i64) -> i64 {
        match self {
            Self::Millis(millis) => at.div_euclid(millis) * millis,
            Self::Months(months) => month(at, months, 0).unwrap_or(at),
        }
    }

    /// The beginning of the next period, or the time itself where it is one.
    pub(super) fn ceil(self, at: i64) -> i64 {
        let floor = self.floor(at);
        if floor == at { at } else { self.next(floor) }
    }

    /// The period after the one that begins at a time.
    pub(super) fn next(self, at: i64) -> i64 {
        match self {
            Self::Millis(millis) => at.saturating_add(millis),
            Self::Months(months) => month(at, months, months).filter(|next| *next > at).unwrap_or(i64::MAX),
        }
    }
}

/// The beginning of a period of months, so many months later.
fn month(at: i64, months: i64, later: i64) -> Option<i64> {
    let date = DateTime::from_timestamp_millis(at)?.date_naive();
    let index = i64::from(date.year()) * 12 + i64::from(date.month0());
    let first = index.div_euclid(months) * months;
    let start = NaiveDate::from_ymd_opt(i32::try_from(first.div_euclid(12)).ok()?, first.rem_euclid(12) as u32 + 1, 1)?;
    let start = start.checked_add_months(Months::new(u32::try_from(later).ok()?))?;
    Some(start.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_their_plurals() {
        let cases = [("ms", 1), ("secs", 1000), ("minutes", 60_000), ("hrs", 3_600_000), ("D", 86_400_000)];
        for (unit, millis) in cases {
            assert_eq!(Span::of(1, unit), Some(Span::Millis(millis)), "{unit}");
        }
        assert_eq!(Span::of(2, "qtrs"), Some(Span::Months(6)));
        for unit in ["x", "ss", "", "hs"] {
            assert_eq!(Span::of(1, unit), None, "{unit}");
        }
        assert_eq!(Span::of(i64::MAX, "d"), None);
    }

    #[test]
    fn months_begin_on_the_first() {
        let at = |text: &str| text.parse::<DateTime<chrono::Utc>>().expect("a time").timestamp_millis();
        let time = at("2026-02-28T23:00:00Z");
        assert_eq!(Span::Months(1).floor(time), at("2026-02-01T00:00:00Z"));
        assert_eq!(Span::Months(1).ceil(time), at("2026-03-01T00:00:00Z"));
        assert_eq!(Span::Months(3).floor(time), at("2026-01-01T00:00:00Z"));
        assert_eq!(Span::Months(12).next(at("2026-01-01T00:00:00Z")), at("2027-01-01T00:00:00Z"));
        assert_eq!(Span::Millis(1000).ceil(1000), 1000);
        assert_eq!(Span::Months(1).floor(i64::MAX), i64::MAX);
    }
}
