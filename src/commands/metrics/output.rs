//! Series as a table, JSON, CSV and sparklines.

use std::collections::BTreeMap;
use std::io::{self, Write};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::{Value, json};

use super::{Output, Printed};
use crate::analysis::summary::Summary;
use crate::clock::Time;
use crate::commands::sheet::{self, plain};
use crate::store::window::Window;
use crate::text::time::{rfc3339, rfc3339_s};
use crate::text::units::NOTHING;
use crate::text::{Align, pad, width};
use crate::widgets::sparkline::{Scale, Sparkline};
use crate::widgets::theme::{Role, Theme};

/// Cells of a sparkline.
const BARS: usize = 60;
/// The widest label in front of a sparkline.
const LABEL: usize = 48;
/// Decimals of a value in a table.
const DECIMALS: usize = 6;

pub(super) fn write(
    series: &[Printed],
    window: Window,
    now: Time,
    output: Output,
    out: &mut dyn Write,
) -> io::Result<()> {
    match output {
        Output::Table if series.iter().all(|series| series.points.is_empty()) => Ok(()),
        Output::Table => table(series, out),
        Output::Json => writeln!(out, "{}", document(series, window, now)),
        Output::Csv => csv(series, out),
        Output::Spark => series.iter().try_for_each(|series| spark(series, window, now, out)),
    }
}

/// The contract: a missing datapoint is absent.
fn document(series: &[Printed], window: Window, now: Time) -> Value {
    let one = |series: &Printed| {
        let points: Vec<Value> = series.points.iter().map(|(at, value)| json!([rfc3339_s(*at), value])).collect();
        let mut one = json!({ "id": series.id, "label": series.label, "period_s": series.period_s });
        if let Some(stat) = &series.stat {
            one["stat"] = stat.as_str().into();
        }
        one["points"] = points.into();
        one
    };
    let (_, to) = window.range(now);
    let series: Vec<Value> = series.iter().map(one).collect();
    json!({ "schema": "barograph/v1", "at": rfc3339(to), "window_s": window.span.as_secs(), "series": series })
}

/// The values of all series by time, `None` for a missing one.
fn rows(series: &[Printed]) -> BTreeMap<Time, Vec<Option<f64>>> {
    let mut rows: BTreeMap<Time, Vec<Option<f64>>> = BTreeMap::new();
    for (column, one) in series.iter().enumerate() {
        for (at, value) in &one.points {
            rows.entry(*at).or_insert_with(|| vec![None; series.len()])[column] = Some(*value);
        }
    }
    rows
}

fn table(series: &[Printed], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<(String, Vec<String>)> = rows(series)
        .into_iter()
        .map(|(at, values)| {
            let cells = values.into_iter().map(|value| value.map_or_else(|| NOTHING.to_owned(), figure));
            (rfc3339_s(at), cells.collect())
        })
        .collect();
    let widest = |column: usize| {
        let cells = rows.iter().map(|(_, cells)| width(&cells[column]));
        cells.chain([width(&series[column].label)]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..series.len()).map(widest).collect();
    let mut line = |time: &str, cells: &mut dyn Iterator<Item = &String>| {
        write!(out, "{time:20}")?;
        for (cell, width) in cells.zip(&widths) {
            write!(out, "  {}", pad(cell, *width, Align::Right))?;
        }
        writeln!(out)
    };
    line("TIME", &mut series.iter().map(|series| &series.label))?;
    rows.iter().try_for_each(|(time, cells)| line(time, &mut cells.iter()))
}

fn csv(series: &[Printed], out: &mut dyn Write) -> io::Result<()> {
    let labels = series.iter().map(|series| series.label.as_str());
    let values = |values: Vec<Option<f64>>| values.into_iter().map(|v| v.map(|v| v.to_string()).unwrap_or_default());
    let rows = rows(series).into_iter().map(|(at, found)| std::iter::once(rfc3339_s(at)).chain(values(found)));
    sheet::csv(std::iter::once("time").chain(labels), rows, out)
}

fn figure(value: f64) -> String {
    plain(value, DECIMALS)
}

/// `label  ▁▂▃█  min 1  mean 2  max 3  last 3`, the whole window in so many bars, `·` where there is no datapoint.
fn spark(series: &Printed, window: Window, now: Time, out: &mut dyn Write) -> io::Result<()> {
    let label = pad(&crate::text::truncate(&series.label, LABEL), LABEL, Align::Left);
    let bars = bars(&values(series, window, now));
    let Some(summary) = Summary::of(series.points.iter().map(|(_, value)| *value)) else {
        return writeln!(out, "{label}  {bars}  no datapoints");
    };
    let figures = [("min", summary.min), ("mean", summary.mean), ("max", summary.max), ("last", summary.last)];
    let figures = figures.map(|(word, value)| format!("{word} {}", figure(value))).join("  ");
    writeln!(out, "{label}  {bars}  {figures}")
}

/// The values of the window in at most so many stretches: of each the largest, so that no peak is lost.
fn values(series: &Printed, window: Window, now: Time) -> Vec<Option<f64>> {
    let (from, to) = window.whole_periods(now, series.period_s);
    let periods = ((to - from).num_seconds() / i64::from(series.period_s.max(1))).max(1) as usize;
    let count = periods.min(BARS);
    let mut values: Vec<Option<f64>> = vec![None; count];
    for (at, value) in &series.points {
        let nth = ((*at - from).num_seconds().max(0) as usize / series.period_s.max(1) as usize).min(periods - 1);
        let slot = &mut values[nth * count / periods];
        *slot = Some(slot.map_or(*value, |known| known.max(*value)));
    }
    values
}

fn bars(values: &[Option<f64>]) -> String {
    let area = Rect::new(0, 0, values.len() as u16, 1);
    let mut buffer = Buffer::empty(area);
    let line = Sparkline { values, scale: Scale::FromZero, role: Role::Text, bounds: &[], air: 0 };
    line.draw(area, &mut buffer, &Theme::plain("text"));
    buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(minute: i64) -> Time {
        chrono::DateTime::from_timestamp(1_768_471_200 + minute * 60, 0).expect("in range")
    }

    fn series(id: &str, label: &str, stat: Option<&str>, points: &[(i64, f64)]) -> Printed {
        let points = points.iter().map(|(minute, value)| (at(*minute), *value)).collect();
        Printed { id: id.to_owned(), label: label.to_owned(), period_s: 60, stat: stat.map(str::to_owned), points }
    }

    fn written(output: Output) -> String {
        let all = [
            series("m1", "errors", Some("Sum"), &[(0, 1.0), (1, 2.5)]),
            series("e2", "a \"b\", c", None, &[(1, 1_234_567.0), (3, 0.1 + 0.2)]),
        ];
        let mut out = Vec::new();
        write(&all, Window::live(Duration::from_mins(4)), at(4), output, &mut out).expect("written");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn the_document_is_the_contract() {
        assert_eq!(
            written(Output::Json),
            "{\"schema\":\"barograph/v1\",\"at\":\"2026-01-15T10:04:00.000Z\",\"window_s\":240,\"series\":[\
             {\"id\":\"m1\",\"label\":\"errors\",\"period_s\":60,\"stat\":\"Sum\",\"points\":\
             [[\"2026-01-15T10:00:00Z\",1.0],[\"2026-01-15T10:01:00Z\",2.5]]},\
             {\"id\":\"e2\",\"label\":\"a \\\"b\\\", c\",\"period_s\":60,\"points\":\
             [[\"2026-01-15T10:01:00Z\",1234567.0],[\"2026-01-15T10:03:00Z\",0.30000000000000004]]}]}\n"
        );
    }

    #[test]
    fn missing_is_a_dash_in_a_table_and_nothing_in_csv() {
        assert_eq!(
            written(Output::Table),
            "TIME                  errors  a \"b\", c\n\
             2026-01-15T10:00:00Z       1         –\n\
             2026-01-15T10:01:00Z     2.5   1234567\n\
             2026-01-15T10:03:00Z       –       0.3\n"
        );
        assert_eq!(
            written(Output::Csv),
            "time,errors,\"a \"\"b\"\", c\"\n2026-01-15T10:00:00Z,1,\n2026-01-15T10:01:00Z,2.5,1234567\n\
             2026-01-15T10:03:00Z,,0.30000000000000004\n"
        );
    }

    #[test]
    fn a_sparkline_stands_for_the_whole_window() {
        let text = written(Output::Spark);
        let first = text.lines().next().expect("a line");
        assert!(first.contains("▄█··  min 1  mean 1.75  max 2.5  last 2.5"), "{first}");
        let long = series(
            "m",
            "x",
            None,
            &(0..240).map(|minute| (minute, if minute == 100 { 9.0 } else { 0.0 })).collect::<Vec<_>>(),
        );
        let bars = bars(&values(&long, Window::live(Duration::from_hours(4)), at(240)));
        assert_eq!(bars.chars().count(), BARS);
        assert_eq!(bars.chars().position(|bar| bar == '█'), Some(25), "the peak is not lost");
    }
}
