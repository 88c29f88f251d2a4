//! `stats … by bin(…)` as lines over time.

use chrono::{NaiveDateTime, TimeDelta};
use indexmap::IndexMap;

use super::columns;
use crate::clock::Time;

/// Lines that are drawn at most.
const MOST_LINES: usize = 12;

/// Rows by time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bins {
    /// The length of a bin in seconds.
    pub period_s: i64,
    /// Lines: name and points, ascending.
    pub lines: Vec<(String, Vec<(Time, f64)>)>,
    /// Lines that are left out, as there are too many.
    pub left_out: usize,
}

/// The rows as lines; `None` where no column is a bin, or no other a number.
///
/// Columns that are no numbers tell lines apart: `stats count(*) by issuer, bin(5m)` is a line an issuer.
pub fn bins(rows: &[Vec<(String, String)>]) -> Option<Bins> {
    let names = columns::names(rows);
    let (bin, period_s) = names.iter().find_map(|name| Some((name, period(name, rows)?)))?;
    let is_number = |name: &String| {
        let mut values =
            rows.iter().filter_map(|row| columns::value(row, name)).filter(|value| !value.is_empty()).peekable();
        values.peek().is_some() && values.all(|value| columns::number(value).is_some())
    };
    let (numbers, keys): (Vec<&String>, Vec<&String>) =
        names.iter().filter(|name| *name != bin).partition(|name| is_number(name));
    if numbers.is_empty() {
        return None;
    }
    let mut lines: IndexMap<String, Vec<(Time, f64)>> = IndexMap::new();
    for row in rows {
        let Some(at) = columns::value(row, bin).and_then(time) else { continue };
        let key: Vec<&str> = keys.iter().filter_map(|key| columns::value(row, key)).collect();
        for number in &numbers {
            let Some(value) = columns::value(row, number).and_then(columns::number) else { continue };
            let name = match (keys.is_empty(), numbers.len()) {
                (true, _) => (*number).clone(),
                (false, 1) => key.join(" "),
                (false, _) => format!("{} {number}", key.join(" ")),
            };
            lines.entry(name).or_default().push((at, value));
        }
    }
    let mut lines: Vec<(String, Vec<(Time, f64)>)> = lines.into_iter().collect();
    for (_, points) in &mut lines {
        points.sort_by_key(|(at, _)| *at);
    }
    // The largest stay, as on every chart.
    let total = |points: &[(Time, f64)]| points.iter().map(|(_, value)| value.abs()).sum::<f64>();
    let left_out = lines.len().saturating_sub(MOST_LINES);
    if left_out > 0 {
        lines.sort_by(|a, b| total(&b.1).total_cmp(&total(&a.1)));
        lines.truncate(MOST_LINES);
    }
    (!lines.is_empty()).then_some(Bins { period_s, lines, left_out })
}

/// The length of the bins of a column: by its name, or, where that is another, by its times.
fn period(name: &str, rows: &[Vec<(String, String)>]) -> Option<i64> {
    if let Some(span) = name.strip_prefix("bin(").and_then(|rest| rest.strip_suffix(')')) {
        return span_s(span.trim());
    }
    if matches!(name, "@timestamp" | "@ingestionTime") {
        return None;
    }
    // `bin(5m) as t`: distinct times that all lie on a raster.
    let mut times = Vec::new();
    for row in rows {
        times.push(columns::value(row, name).and_then(time)?);
    }
    times.sort_unstable();
    times.dedup();
    let steps = times.windows(2).map(|two| two[1] - two[0]);
    let step = steps.min().filter(|step| *step >= TimeDelta::seconds(1))?.num_seconds();
    times.iter().all(|at| at.timestamp_millis() % (step * 1_000) == 0).then_some(step)
}

/// Units of spans by their shortest form, in seconds (Logs Insights user guide, "bin").
fn span_s(span: &str) -> Option<i64> {
    let end = span.find(|c: char| !c.is_ascii_digit()).unwrap_or(span.len());
    let count: i64 = if end == 0 { 1 } else { span[..end].parse().ok()? };
    let unit = match span[end..].trim() {
        "ms" | "msec" | "s" | "sec" | "second" | "seconds" | "" => 1,
        "m" | "min" | "minute" | "minutes" => 60,
        "h" | "hr" | "hour" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => 7 * 86_400,
        "mo" | "month" | "months" => 30 * 86_400,
        "q" | "qtr" | "quarter" => 91 * 86_400,
        "y" | "yr" | "year" => 365 * 86_400,
        _ => return None,
    };
    count.checked_mul(unit).filter(|span| *span > 0)
}

/// A time as Logs Insights writes it.
pub fn time(text: &str) -> Option<Time> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok().map(|time| time.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn a_line_for_each_figure_and_each_group() {
        let at = |minute: &str| format!("2026-01-15 10:{minute}:00.000");
        let rows = |issuers: &[&str]| -> Vec<Vec<(String, String)>> {
            let mut rows = Vec::new();
            for minute in ["05", "00"] {
                for issuer in issuers {
                    rows.push(row(&[("bin(5m)", &at(minute)), ("issuer", issuer), ("n", "3"), ("p", "1.5")]));
                }
            }
            rows
        };
        let found = bins(&rows(&["A", "B"])).expect("bins");
        let names: Vec<&str> = found.lines.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((found.period_s, names), (300, vec!["A n", "A p", "B n", "B p"]));
        assert!(found.lines[0].1.is_sorted());
        assert_eq!(bins(&[row(&[("@timestamp", &at("00")), ("n", "1")])]), None);
        assert_eq!(bins(&[row(&[("bin(1h)", &at("00")), ("issuer", "x")])]), None, "nothing to draw");
    }

    #[test]
    fn bins_under_another_name_are_found_by_their_raster() {
        let rows = [
            row(&[("t", "2026-01-15 10:00:00.000"), ("n", "1")]),
            row(&[("t", "2026-01-15 10:05:00.000"), ("n", "2")]),
        ];
        assert_eq!(bins(&rows).map(|bins| bins.period_s), Some(300));
        assert_eq!(span_s("5m"), Some(300));
        assert_eq!(span_s("1 hour"), Some(3_600));
        assert_eq!(span_s("x"), None);
    }
}
