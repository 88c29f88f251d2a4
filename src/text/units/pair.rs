//! Two values side by side, to be compared: both in one scale.

use super::{HUGE, digits, scale, time, value};
use crate::board::Unit;

/// From here on a count is not written in full.
const FULL: f64 = 1e6;
/// How many times smaller a value may be than the other and still be written in the other's scale.
const APART: f64 = 100.0;

/// Two values as texts in one scale, each with its unit: `2,660` and `2,453`, `2.203 M` and `1 M`, `0.82 s` and `3 s`.
///
/// The second is a bound: it has no zeros that say nothing. Values that are too far apart have each their own scale.
pub fn pair(one: f64, bound: f64, unit: Unit) -> (String, String) {
    let large = one.abs().max(bound.abs());
    let near = |number: f64| number == 0.0 || number.abs() * APART >= large;
    if !one.is_finite() || !bound.is_finite() || large >= HUGE {
        return (value(one, unit), short(&value(bound, unit)));
    }
    match unit {
        Unit::Count | Unit::None if large < FULL => (full(one), full(bound)),
        Unit::Count | Unit::None | Unit::Bytes if near(one) && near(bound) => {
            let (scaled, prefix) = scale(large, 4);
            let by = scaled / large;
            let suffix = if unit == Unit::Bytes { format!("{prefix}B") } else { prefix.to_owned() };
            let text = |number: f64, short| format!("{} {suffix}", digits(number * by, 4, short)).trim_end().to_owned();
            (text(one, false), text(bound, true))
        }
        Unit::Seconds if near(one) && near(bound) => seconds(one, bound),
        Unit::Milliseconds if near(one) && near(bound) => seconds(one / 1000.0, bound / 1000.0),
        Unit::Count | Unit::None | Unit::Bytes | Unit::Percent | Unit::Seconds | Unit::Milliseconds => {
            (value(one, unit), short(&value(bound, unit)))
        }
    }
}

/// Two times of about the same size: in seconds where one of them is, so that nobody has to convert.
fn seconds(one: f64, bound: f64) -> (String, String) {
    let in_seconds = |number: f64| (0.9995..600.0).contains(&number.abs());
    let mixed = |number: f64| number.abs() < 0.9995;
    let text = |number: f64| format!("{} s", digits(number, 3, false));
    if (in_seconds(one) && mixed(bound)) || (in_seconds(bound) && mixed(one)) {
        return (text(one), short(&text(bound)));
    }
    (time(one, "s"), short(&time(bound, "s")))
}

/// A count up to a million: whole from a thousand on, `2,453`.
fn full(value: f64) -> String {
    if value.abs() < 999.5 {
        return digits(value, 3, true);
    }
    let plain = format!("{:.0}", value.abs());
    let mut text = String::from(if value < 0.0 { "-" } else { "" });
    for (i, digit) in plain.chars().enumerate() {
        if i > 0 && (plain.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its unit, without zeros that say nothing.
fn short(text: &str) -> String {
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let number = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    format!("{number} {unit}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_a_comparison_have_one_scale() {
        let cases = [
            (2660.0, 2453.2, Unit::None, "2,660", "2,453"),
            (2_202_788.0, 1e6, Unit::Count, "2.203 M", "1 M"),
            (90.0, 1000.0, Unit::None, "90", "1,000"),
            (2.57, 14.4, Unit::None, "2.57", "14.4"),
            (90.0, 5e6, Unit::Count, "90", "5 M"),
            (431_200.0, 2e6, Unit::Count, "0.431 M", "2 M"),
            (14.6, 5.0, Unit::Percent, "14.6 %", "5 %"),
            (0.82, 3.0, Unit::Seconds, "0.82 s", "3 s"),
            (820.0, 500.0, Unit::Milliseconds, "820 ms", "500 ms"),
            (4.12, 3.0, Unit::Seconds, "4.12 s", "3 s"),
            (0.004, 3.0, Unit::Seconds, "4.00 ms", "3 s"),
            (2.5e9, 2e8, Unit::Bytes, "2.500 GB", "0.2 GB"),
            (0.0, 3.0, Unit::Seconds, "0.00 s", "3 s"),
            (f64::NAN, 3.0, Unit::Count, "–", "3"),
        ];
        for (one, bound, unit, left, right) in cases {
            assert_eq!(pair(one, bound, unit), (left.to_owned(), right.to_owned()), "{one} {bound} {unit:?}");
        }
    }
}
