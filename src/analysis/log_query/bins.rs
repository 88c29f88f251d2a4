//! `stats … by bin(…)` as lines over time.

use chrono::{NaiveDateTime, TimeDelta};
use indexmap::IndexMap;

use super::columns;
use super::meaning::{self, Meaning};
use crate::clock::Time;

/// How many times as large a figure is that makes a flat line of what stands beside it.
const APART: f64 = 50.0;

/// Rows by time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bins {
    /// The length of a bin in seconds.
    pub period_s: i64,
    /// The columns that are drawn, in their order, and whether each has another measure than the first.
    pub figures: Vec<(String, bool)>,
    /// A line for each figure and each group, what has gone wrong first, then the largest.
    pub lines: Vec<BinLine>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BinLine {
    /// What it is called.
    pub name: String,
    /// Which of the figures it is.
    pub figure: usize,
    /// The columns that tell it from others, with their values.
    pub keys: Vec<(String, String)>,
    /// What these mean.
    pub meaning: Meaning,
    /// Time and value, ascending.
    pub points: Vec<(Time, f64)>,
}

/// The rows as lines; `None` where no column is a bin, or no other a number.
///
/// Columns that are no numbers tell lines apart: `stats count(*) by issuer, bin(5m)` is a line an issuer. So do statuses,
/// whatever they are written as.
pub fn bins(rows: &[Vec<(String, String)>]) -> Option<Bins> {
    let names = columns::names(rows);
    let (bin, period_s) = names.iter().find_map(|name| Some((name, period(name, rows)?)))?;
    let is_number = |name: &String| {
        let mut values =
            rows.iter().filter_map(|row| columns::value(row, name)).filter(|value| !value.is_empty()).peekable();
        values.peek().is_some() && values.all(|value| columns::number(value).is_some())
    };
    let others = || names.iter().filter(|name| *name != bin);
    let (mut numbers, mut keys): (Vec<&String>, Vec<&String>) = others().partition(|name| is_number(name));
    if numbers.len() > 1 {
        let (statuses, figures): (Vec<&String>, Vec<&String>) =
            numbers.iter().copied().partition(|name| is_status(name, rows));
        if !figures.is_empty() {
            numbers = figures;
            keys.extend(statuses);
        }
    }
    if numbers.is_empty() {
        return None;
    }
    let mut lines: IndexMap<(Vec<&str>, usize), BinLine> = IndexMap::new();
    for row in rows {
        let Some(at) = columns::value(row, bin).and_then(time) else { continue };
        let key: Vec<&str> = keys.iter().map(|key| columns::value(row, key).unwrap_or_default()).collect();
        for (figure, number) in numbers.iter().enumerate() {
            let Some(value) = columns::value(row, number).and_then(columns::number) else { continue };
            let line = lines.entry((key.clone(), figure)).or_insert_with(|| line(&keys, &key, figure, &numbers));
            line.points.push((at, value));
        }
    }
    let mut lines: Vec<BinLine> = lines.into_values().collect();
    for line in &mut lines {
        line.points.sort_by_key(|(at, _)| *at);
    }
    let total = |line: &BinLine| line.points.iter().map(|(_, value)| value.abs()).sum::<f64>();
    lines.sort_by(|a, b| {
        // What went well is no less than what says nothing.
        let rank = |line: &BinLine| (line.meaning.min(Meaning::Plain), line.figure);
        let first = rank(a).cmp(&rank(b));
        first.then(total(b).total_cmp(&total(a))).then(a.name.cmp(&b.name))
    });
    let figures = measures(&numbers, &lines);
    (!lines.is_empty()).then_some(Bins { period_s, figures, lines })
}

fn line(keys: &[&String], values: &[&str], figure: usize, numbers: &[&String]) -> BinLine {
    let said: Vec<&str> = values.iter().map(|value| if value.is_empty() { "–" } else { *value }).collect();
    let number = numbers.get(figure).map_or("", |name| name.as_str());
    let name = match (keys.is_empty(), numbers.len()) {
        (true, _) => number.to_owned(),
        (false, 1) => said.join(" "),
        (false, _) => format!("{} {number}", said.join(" ")),
    };
    let keys: Vec<(String, String)> =
        keys.iter().zip(values).map(|(key, value)| ((*key).clone(), (*value).to_owned())).collect();
    let of_keys = keys.iter().map(|(key, value)| meaning::of(key, value)).filter(|meaning| *meaning != Meaning::Plain);
    let meaning = of_keys.min().unwrap_or_else(|| meaning::of("", number));
    BinLine { name, figure, keys, meaning, points: Vec::new() }
}

/// Whether all values of a column are HTTP statuses.
fn is_status(name: &str, rows: &[Vec<(String, String)>]) -> bool {
    let mut values =
        rows.iter().filter_map(|row| columns::value(row, name)).filter(|value| !value.is_empty()).peekable();
    values.peek().is_some() && values.all(|value| meaning::of(name, value) != Meaning::Plain)
}

/// Which figures have another measure than the first: so much larger or smaller that one of the two would be flat, or
/// whole numbers beside parts.
fn measures(numbers: &[&String], lines: &[BinLine]) -> Vec<(String, bool)> {
    let measure = |figure: usize| {
        let values = lines.iter().filter(|line| line.figure == figure).flat_map(|line| &line.points);
        let (size, whole) = values.fold((0.0_f64, true), |(size, whole), (_, value)| {
            (size.max(value.abs()), whole && value.fract().abs() < f64::EPSILON)
        });
        (size, whole)
    };
    let first = measure(0);
    let differs = |figure: usize| {
        let (a, b) = (first, measure(figure));
        let apart = a.0 > 0.0 && b.0 > 0.0 && (a.0 / b.0 >= APART || b.0 / a.0 >= APART);
        figure > 0 && b.0 > 0.0 && (apart || a.1 != b.1)
    };
    numbers.iter().enumerate().map(|(figure, name)| ((*name).clone(), differs(figure))).collect()
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
        let names: Vec<&str> = found.lines.iter().map(|line| line.name.as_str()).collect();
        assert_eq!((found.period_s, names), (300, vec!["A n", "B n", "A p", "B p"]));
        assert!(found.lines[0].points.is_sorted());
        assert_eq!(found.figures, [("n".to_owned(), false), ("p".to_owned(), true)], "a count and a part");
        assert_eq!(bins(&[row(&[("@timestamp", &at("00")), ("n", "1")])]), None);
        assert_eq!(bins(&[row(&[("bin(1h)", &at("00")), ("issuer", "x")])]), None, "nothing to draw");
    }

    #[test]
    fn what_failed_comes_first_however_small_it_is() {
        let at = "2026-01-15 10:00:00.000";
        let mut rows: Vec<_> = (0..20)
            .map(|n| row(&[("bin(5m)", at), ("event", &format!("E{n}")), ("n", &format!("{}", 100 + n))]))
            .collect();
        rows.push(row(&[("bin(5m)", at), ("event", "TOKEN_PROVISION_FAILURE"), ("n", "1")]));
        let found = bins(&rows).expect("bins");
        let names: Vec<&str> = found.lines.iter().map(|line| line.name.as_str()).take(3).collect();
        assert_eq!((found.lines.len(), names), (21, vec!["TOKEN_PROVISION_FAILURE", "E19", "E18"]));
        let rows = ["200", "504"].map(|status| row(&[("bin(5m)", at), ("status", status), ("n", "3")]));
        let names: Vec<String> = bins(&rows).expect("bins").lines.into_iter().map(|line| line.name).collect();
        assert_eq!(names, ["504", "200"], "a status is no figure");
        let rows = [("START", "5"), ("A_SUCCESS", "9"), ("END", "7")]
            .map(|(event, n)| row(&[("bin(5m)", at), ("event", event), ("n", n)]));
        let names: Vec<String> = bins(&rows).expect("bins").lines.into_iter().map(|line| line.name).collect();
        assert_eq!(names, ["A_SUCCESS", "END", "START"]);
    }

    #[test]
    fn figures_of_other_sizes_have_another_measure() {
        let at = "2026-01-15 10:00:00.000";
        let of = |a: &str, b: &str| bins(&[row(&[("bin(5m)", at), ("a", a), ("b", b)])]).expect("bins").figures[1].1;
        assert!(of("5000", "3") && of("40", "3.2"));
        assert!(!of("40", "3") && !of("1.5", "3.2") && !of("40", "0"));
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
