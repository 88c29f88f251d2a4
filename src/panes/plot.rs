//! A board's chart as the chart widget draws it.

use std::borrow::Cow;

use super::cursor::{Cursor, Scope, wall};
use super::{Cx, changes};
use crate::analysis::rollup::{Together, roll_up};
use crate::app::effect::Subscription;
use crate::board::{Board, Chart as BoardChart};
use crate::clock::Time;
use crate::store::health::{Health, SourceId};
use crate::store::series::SeriesSet;
use crate::text::{clean, units};
use crate::widgets::chart::{Chart, Line, figure};
use crate::widgets::legend::Entry;

/// Seconds of the period of a roll-up.
pub const HOUR_S: i64 = 3600;

/// The period of a board's chart in seconds: the longest of its metrics'.
pub fn period_s(chart: &BoardChart, board: &Board) -> i64 {
    let periods = chart.series.iter().filter_map(|series| board.metrics.get(&series.metric));
    periods.map(|query| i64::from(query.period_s.max(1))).max().unwrap_or(60)
}

/// What a board's chart needs; the window before only for a roll-up, whose first hour may begin in it.
pub fn wants(chart: &BoardChart, board: &Board, rolled: bool) -> Vec<Subscription> {
    let queries = chart.series.iter().filter_map(|series| board.metrics.get(&series.metric));
    queries.map(|query| Subscription::Metric { query: query.clone(), before: rolled }).collect()
}

/// A chart's title with its period: `Provisioning trend · 1 min`.
pub fn title(title: &str, period_s: i64, rolled: bool) -> String {
    let period = match (rolled, period_s) {
        (true, _) => "1 h roll-up".to_owned(),
        (false, s) if s % HOUR_S == 0 => format!("{} h", s / HOUR_S),
        (false, s) if s % 60 == 0 => format!("{} min", s / 60),
        (false, s) => format!("{s} s"),
    };
    format!("{} · {period}", clean(title))
}

/// A board's chart over the window, on its own period or rolled up to hours.
pub fn chart<'a>(chart: &BoardChart, cx: &Cx<'a>, rolled: bool, cursor: Cursor) -> Chart<'a> {
    let period_s = if rolled { HOUR_S } else { period_s(chart, cx.board) };
    let scope = Scope::new(cx.window, cx.now, period_s);
    let lines = chart
        .series
        .iter()
        .map(|series| {
            let set = cx.board.metrics.get(&series.metric).and_then(|query| cx.store.series(query));
            let together = if series.adds_up { Together::Sum } else { Together::Last };
            let points = set.map_or(Cow::Borrowed(&[][..]), |set| points(set, rolled.then_some(together), scope.from));
            Line::new(clean(&series.label).into_owned(), series.role, points)
        })
        .collect();
    Chart {
        lines,
        cursor: cursor.at(scope),
        annotations: changes::annotations(cx),
        empty: empty(cx.store.health(SourceId::Metrics)).to_owned(),
        ..Chart::new((scope.from, scope.to), period_s, cx.now, chart.unit, wall(cx.zone))
    }
}

fn points(set: &SeriesSet, together: Option<Together>, from: Time) -> Cow<'_, [(Time, f64)]> {
    let Some(series) = set.single() else { return Cow::Borrowed(&[]) };
    let Some(together) = together else { return Cow::Borrowed(&series.points) };
    let start = series.points.partition_point(|(at, _)| *at < from);
    let known_from = set.covers_from.unwrap_or(from);
    Cow::Owned(roll_up(&series.points[start..], HOUR_S, together, known_from))
}

/// What a chart without any point says.
pub const fn empty(health: &Health) -> &'static str {
    match health {
        Health::Waiting => "waiting for the first datapoints",
        Health::Failed { .. } => "no answer yet",
        Health::Live { .. } | Health::Stale { .. } => "no datapoints in this window",
    }
}

/// The legend of a chart, with each line's newest value of a period that is over.
pub fn legend(chart: &Chart<'_>) -> Vec<Entry> {
    let lines = chart.lines.iter().filter(|line| !line.faint);
    lines
        .map(|line| {
            let value = newest(chart, line).map_or_else(|| units::NOTHING.to_owned(), |v| figure(v, chart.unit));
            Entry { label: line.label.clone(), value, role: line.role }
        })
        .collect()
}

/// A line's newest value in the chart, of a period that is over.
pub fn newest(chart: &Chart<'_>, line: &Line<'_>) -> Option<f64> {
    finished(chart, line).last().map(|(_, value)| value)
}

/// A line's points in the chart whose period is over.
pub fn finished<'c>(chart: &'c Chart<'_>, line: &'c Line<'_>) -> impl Iterator<Item = (Time, f64)> + 'c {
    let over = move |at: Time| at + chrono::TimeDelta::seconds(chart.period_s) <= chart.now;
    line.points.iter().copied().filter(move |(at, _)| *at >= chart.from && *at < chart.to && over(*at))
}
