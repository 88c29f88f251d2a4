//! Numbers and durations as people read them.

use std::time::Duration;

use crate::board::{ChangeUnit, Unit};

mod pair;
mod thousands;

pub use pair::pair;
pub use thousands::{counted, thousands};

/// What stands where there is no number.
pub const NOTHING: &str = "–";
/// From here on no prefix helps.
const HUGE: f64 = 1e17;

/// A figure at so many decimals, without the noise of binary fractions.
pub fn round(value: f64, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    (value * scale).round() / scale
}

/// A value with its unit in about seven cells: `431.2 k`, `85.4 %`, `4.12 s`, `820 ms`, `1.204 M`.
///
/// Counts from a thousand on keep four digits, times three; sizes go in steps of 1,000. Not a number is `–`.
pub fn value(value: f64, unit: Unit) -> String {
    if value.is_nan() {
        return NOTHING.to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "-∞" }.to_owned();
    }
    if value.abs() >= HUGE {
        return format!("{value:.1e}");
    }
    match unit {
        Unit::Count | Unit::None => count(value),
        Unit::Percent => format!("{} %", percentage(value)),
        Unit::Seconds => time(value, "s"),
        Unit::Milliseconds => time(value / 1000.0, "ms"),
        Unit::Bytes => {
            let (scaled, prefix) = scale(value, 4);
            format!("{} {prefix}B", if prefix.is_empty() { digits(scaled, 3, true) } else { digits(scaled, 4, false) })
        }
    }
}

fn count(value: f64) -> String {
    let (scaled, prefix) = scale(value, 4);
    match prefix {
        "" => digits(scaled, 3, true),
        _ => format!("{} {prefix}", digits(scaled, 4, false)),
    }
}

fn percentage(value: f64) -> String {
    let decimals = usize::from(value.abs() < 999.95);
    unsigned_zero(format!("{value:.decimals$}"))
}

/// A time in the unit that suits its size; `zero` is the unit of nothing at all.
fn time(seconds: f64, zero: &str) -> String {
    let size = seconds.abs();
    if size == 0.0 {
        return format!("0.00 {zero}");
    }
    if size < 0.9995 {
        return format!("{} ms", digits(seconds * 1000.0, 3, false));
    }
    if size < 600.0 {
        return format!("{} s", digits(seconds, 3, false));
    }
    span(seconds.round() as i64)
}

/// A change with its direction: `▲ 1.8 %`, `▼ 12.7 pt`, `= 0.0 %`; not a number is `–`.
pub fn change(change: f64, unit: ChangeUnit) -> String {
    if change.is_nan() {
        return NOTHING.to_owned();
    }
    let unit = match unit {
        ChangeUnit::Percent => "%",
        ChangeUnit::Points => "pt",
    };
    let size = change.abs();
    let number = match size {
        _ if size.is_infinite() => "∞".to_owned(),
        _ if size < 99.95 => format!("{size:.1}"),
        _ if size < 9999.5 => format!("{size:.0}"),
        _ if size >= HUGE => format!("{size:.1e}"),
        _ => count(size),
    };
    let direction = match number.as_str() {
        "0.0" => '=',
        _ if change > 0.0 => '▲',
        _ => '▼',
    };
    format!("{direction} {number} {unit}")
}

/// A tick of a value axis, as short as it can be: `3k`, `1.5k`, `0`, `50%`, `500ms`.
pub fn axis(value: f64, unit: Unit) -> String {
    if !value.is_finite() || value.abs() >= HUGE {
        return self::value(value, unit);
    }
    let (value, suffix) = match unit {
        Unit::Count | Unit::None => (value, ""),
        Unit::Percent => (value, "%"),
        Unit::Bytes => (value, "B"),
        Unit::Seconds if value != 0.0 && value.abs() < 0.9995 => (value * 1000.0, "ms"),
        Unit::Seconds => (value, "s"),
        Unit::Milliseconds if value.abs() >= 999.5 => (value / 1000.0, "s"),
        Unit::Milliseconds => (value, "ms"),
    };
    if value == 0.0 {
        return "0".to_owned();
    }
    let (scaled, prefix) = scale(value, 3);
    format!("{}{prefix}{suffix}", digits(scaled, 3, true))
}

/// A share of all, 0–1, in percent: `14.6 %`, `0.0 %` of none. A few are never none: `<0.1 %`.
pub fn share(share: f64) -> String {
    match 100.0 * share {
        percent if percent > 0.0 && percent < 0.05 => "<0.1 %".to_owned(),
        percent => value(percent, Unit::Percent),
    }
}

/// How many a minute there were in so many seconds, short: `2.22k/min`, `48/min`, `0.4/min`. A few are never none.
pub fn per_minute(count: u64, seconds: f64) -> String {
    let rate = count as f64 * 60.0 / seconds.max(1.0);
    match rate {
        // Beside one another they have the same digits: `2.30k/min` below `2.22k/min`.
        _ if (999.5..HUGE).contains(&rate) => {
            let (scaled, prefix) = scale(rate, 3);
            format!("{}{prefix}/min", digits(scaled, 3, false))
        }
        _ if rate >= 10.0 => format!("{}/min", axis(rate.round(), Unit::Count)),
        _ if count > 0 && rate < 0.01 => "<0.01/min".to_owned(),
        _ => format!("{}/min", axis(round(rate, if rate < 1.0 { 2 } else { 1 }), Unit::Count)),
    }
}

/// The value in steps of 1,000 with the step's prefix, so that it still fits when rounded to `figures` digits (three
/// where there is no prefix).
fn scale(value: f64, figures: i32) -> (f64, &'static str) {
    let limit = 1000.0 - 0.5 * 10f64.powi(3 - figures);
    let mut scaled = value;
    for prefix in ["", "k", "M", "G", "T"] {
        if scaled.abs() < if prefix.is_empty() { 999.5 } else { limit } {
            return (scaled, prefix);
        }
        scaled /= 1000.0;
    }
    (scaled, "P")
}

/// A number in so many significant digits, but all those before the point; `short` leaves out zeros at the end.
fn digits(value: f64, figures: usize, short: bool) -> String {
    let decimals = |size: f64| match size {
        _ if size < 10.0 => figures.saturating_sub(1),
        _ if size < 100.0 => figures.saturating_sub(2),
        _ => figures.saturating_sub(3),
    };
    // Rounding can add a digit: 9.996 is 10.0.
    let rounded = format!("{:.*}", decimals(value.abs()), value.abs()).parse().unwrap_or(value.abs());
    let text = unsigned_zero(format!("{value:.*}", decimals(rounded)));
    if short && text.contains('.') {
        return unsigned_zero(text.trim_end_matches('0').trim_end_matches('.').to_owned());
    }
    text
}

/// `0.0` for `-0.0`.
fn unsigned_zero(text: String) -> String {
    match text.strip_prefix('-') {
        Some(rest) if !rest.contains(|digit| matches!(digit, '1'..='9')) => rest.to_owned(),
        _ => text,
    }
}

/// A span as one or two units, rounded down: `45s`, `8m`, `3h`, `3h 20m`, `2d 4h`.
pub fn span(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.unsigned_abs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let text = match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}s"),
        (0, 0, _) => format!("{minutes}m"),
        (0, _, _) => two(hours, 'h', minutes % 60, 'm'),
        _ => two(days, 'd', hours % 24, 'h'),
    };
    format!("{sign}{text}")
}

/// How long something lasted, to the second below an hour: `45s`, `1m 59s`, `8m`; longer ones as [`span`] has them.
pub fn lasted(seconds: i64) -> String {
    let seconds = seconds.max(0);
    if !(60..3600).contains(&seconds) {
        return span(seconds);
    }
    let seconds = seconds.unsigned_abs();
    two(seconds / 60, 'm', seconds % 60, 's')
}

fn two(large: u64, large_unit: char, small: u64, small_unit: char) -> String {
    match small {
        0 => format!("{large}{large_unit}"),
        _ => format!("{large}{large_unit} {small}{small_unit}"),
    }
}

/// A span that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a span of time: write it like 15s, 90m, 3h, 1h30m or 7d")]
pub struct SpanError(pub String);

/// A count with its noun: `1 event`, `2 events`.
pub fn plural(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// A span as people write it: `15s`, `90m`, `3h`, `1h30m`, `2d 4h`, `1w`, `500ms`; reads what [`span`] writes.
pub fn parse_span(text: &str) -> Result<Duration, SpanError> {
    let fail = || SpanError(text.to_owned());
    let mut total = Duration::ZERO;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(fail());
    }
    while !rest.is_empty() {
        let number = rest.len() - rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
        let unit =
            rest[number..].len() - rest[number..].trim_start_matches(|letter: char| letter.is_ascii_alphabetic()).len();
        let count: u64 = rest[..number].parse().map_err(|_| fail())?;
        let milliseconds: u64 = match &rest[number..number + unit] {
            "ms" => 1,
            "s" => 1000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 604_800_000,
            _ => return Err(fail()),
        };
        let part = count.checked_mul(milliseconds).map(Duration::from_millis).ok_or_else(fail)?;
        total = total.checked_add(part).ok_or_else(fail)?;
        rest = rest[number + unit..].trim_start();
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_a_minute_are_not_none() {
        let cases = [(0, "0/min"), (1, "<0.01/min"), (4, "0.02/min"), (200, "1.1/min"), (1_800, "10/min")];
        for (count, shown) in cases {
            assert_eq!(per_minute(count, 3.0 * 3_600.0), shown);
        }
        assert_eq!((per_minute(133_000, 3_600.0), per_minute(5, 0.0)), ("2.22k/min".to_owned(), "300/min".to_owned()));
    }

    #[test]
    fn a_small_share_is_not_none() {
        let cases = [(0.0, "0.0 %"), (0.0004, "<0.1 %"), (0.0007, "0.1 %"), (0.146, "14.6 %"), (1.0, "100.0 %")];
        for (part, shown) in cases {
            assert_eq!(share(part), shown);
        }
        assert_eq!((per_minute(138_000, 3_600.0), per_minute(59_960, 3_600.0)), ("2.30k/min".into(), "999/min".into()));
    }

    #[test]
    fn values() {
        let cases = [
            (0.0, Unit::Count, "0"),
            (-0.0, Unit::Count, "0"),
            (-0.0001, Unit::Count, "0"),
            (40.0, Unit::Count, "40"),
            (14.6, Unit::Count, "14.6"),
            (999.0, Unit::Count, "999"),
            (999.9, Unit::Count, "1.000 k"),
            (1000.0, Unit::Count, "1.000 k"),
            (431_200.0, Unit::Count, "431.2 k"),
            (999_949.0, Unit::Count, "999.9 k"),
            (999_950.0, Unit::Count, "1.000 M"),
            (1_204_000.0, Unit::Count, "1.204 M"),
            (-2391.0, Unit::None, "-2.391 k"),
            (9.9996, Unit::None, "10"),
            (3e16, Unit::Count, "30.00 P"),
            (3e18, Unit::Count, "3.0e18"),
            (85.4, Unit::Percent, "85.4 %"),
            (100.0, Unit::Percent, "100.0 %"),
            (0.0, Unit::Percent, "0.0 %"),
            (4.12, Unit::Seconds, "4.12 s"),
            (24.31, Unit::Seconds, "24.3 s"),
            (9.996, Unit::Seconds, "10.0 s"),
            (120.4, Unit::Seconds, "120 s"),
            (3600.0, Unit::Seconds, "1h"),
            (0.82, Unit::Seconds, "820 ms"),
            (0.0, Unit::Seconds, "0.00 s"),
            (820.0, Unit::Milliseconds, "820 ms"),
            (4120.0, Unit::Milliseconds, "4.12 s"),
            (1.25, Unit::Milliseconds, "1.25 ms"),
            (512.0, Unit::Bytes, "512 B"),
            (1_500_000.0, Unit::Bytes, "1.500 MB"),
            (f64::NAN, Unit::Count, "–"),
            (f64::INFINITY, Unit::Seconds, "∞"),
            (f64::NEG_INFINITY, Unit::Seconds, "-∞"),
        ];
        for (number, unit, text) in cases {
            assert_eq!(value(number, unit), text, "{number} {unit:?}");
        }
    }

    #[test]
    fn changes() {
        let cases = [
            (1.8, ChangeUnit::Percent, "▲ 1.8 %"),
            (-12.7, ChangeUnit::Points, "▼ 12.7 pt"),
            (0.04, ChangeUnit::Percent, "= 0.0 %"),
            (-0.04, ChangeUnit::Points, "= 0.0 pt"),
            (358.2, ChangeUnit::Percent, "▲ 358 %"),
            (123_456.0, ChangeUnit::Percent, "▲ 123.5 k %"),
            (f64::INFINITY, ChangeUnit::Percent, "▲ ∞ %"),
            (f64::NAN, ChangeUnit::Percent, "–"),
        ];
        for (number, unit, text) in cases {
            assert_eq!(change(number, unit), text, "{number}");
        }
    }

    #[test]
    fn ticks() {
        let cases = [
            (0.0, Unit::Seconds, "0"),
            (1500.0, Unit::Count, "1.5k"),
            (3000.0, Unit::Count, "3k"),
            (0.25, Unit::None, "0.25"),
            (50.0, Unit::Percent, "50%"),
            (0.5, Unit::Seconds, "500ms"),
            (1.5, Unit::Seconds, "1.5s"),
            (2000.0, Unit::Milliseconds, "2s"),
            (2_000_000.0, Unit::Bytes, "2MB"),
            (-250.0, Unit::Count, "-250"),
        ];
        for (number, unit, text) in cases {
            assert_eq!(axis(number, unit), text, "{number} {unit:?}");
        }
    }

    #[test]
    fn spans_read_back() {
        let cases = [(45, "45s"), (480, "8m"), (10_800, "3h"), (12_000, "3h 20m"), (187_200, "2d 4h"), (0, "0s")];
        for (seconds, text) in cases {
            assert_eq!(span(seconds), text);
            assert_eq!(parse_span(text), Ok(Duration::from_secs(seconds as u64)), "{text}");
        }
        assert_eq!(span(-90), "-1m");
        for (seconds, text) in
            [(119, "1m 59s"), (59, "59s"), (480, "8m"), (3599, "59m 59s"), (12_000, "3h 20m"), (-1, "0s")]
        {
            assert_eq!(lasted(seconds), text);
        }
        assert_eq!(parse_span("1h30m"), Ok(Duration::from_mins(90)));
        assert_eq!(parse_span(" 500ms "), Ok(Duration::from_millis(500)));
        for text in ["", "3", "h", "3 h", "-3h", "3y", "99999999999999999999s", "18446744073709551615w", "3h!"] {
            assert_eq!(parse_span(text), Err(SpanError(text.to_owned())), "{text}");
        }
    }
}
