//! Queries as the chart widget draws them: metrics and expressions that stand on no board.

use std::borrow::Cow;
use std::ops::Range;

use chrono::TimeDelta;

use super::cursor::{Scope, wall};
use super::look::Look;
use super::plot::{SETTLING, empty, largest};
use super::{Cx, changes};
use crate::app::effect::Subscription;
use crate::board::Unit;
use crate::clock::Time;
use crate::store::health::SourceId;
use crate::store::series::{MetricQuery, MetricSource, Series};
use crate::store::window::Shift;
use crate::text::clean;
use crate::widgets::axis::Scaling;
use crate::widgets::chart::{Chart, Kind, Line, Side};
use crate::widgets::theme::Role;

mod axes;

/// Lines that one chart draws: as many as have a glyph of their own.
pub const MOST_LINES: usize = GLYPHS.len();

/// The colours of lines, in their order, again from the first after the last.
pub const ROLES: [Role; 6] = [Role::Series1, Role::Series2, Role::Series3, Role::Series4, Role::Series5, Role::Series6];

/// The glyphs of lines, in their order; the first are those of the colours.
pub const GLYPHS: [&str; 24] = [
    "●", "■", "▲", "◆", "○", "□", "△", "◇", "▼", "▽", "★", "☆", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k",
    "l",
];

/// A query with the name that its line has where AWS gives no better one.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// The name.
    pub title: String,
    /// The query, with its own period.
    pub query: MetricQuery,
    /// The axis that was chosen for it; `None` leaves that to what it is measured in.
    pub side: Option<Side>,
}

/// Queries as one chart, and which of its lines are whose.
#[derive(Debug)]
pub struct Plotted<'a> {
    /// The chart.
    pub chart: Chart<'a>,
    /// What each query has in it.
    pub parts: Vec<Part>,
}

/// What one query has in a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its lines: the largest of what it finds.
    pub lines: Range<usize>,
    /// How many series it finds.
    pub found: usize,
    /// The axis that they are measured on.
    pub side: Side,
    /// AWS's message on it.
    pub message: Option<String>,
}

/// What the queries need over the window, with the periods that suit it.
pub fn wants<'q>(queries: impl Iterator<Item = &'q MetricQuery>, cx: &Cx<'_>, look: &Look) -> Vec<Subscription> {
    let drawn = queries.map(|query| query.drawn(cx.window, look.compare, cx.now));
    drawn.map(|query| Subscription::Metric { query, compare: look.compare }).collect()
}

/// The periods of the window that queries are drawn with: the longest that any of them needs.
pub fn scope<'q>(queries: impl Iterator<Item = &'q MetricQuery>, cx: &Cx<'_>, look: &Look) -> Scope {
    let periods = queries.map(|query| query.drawn(cx.window, look.compare, cx.now).period_s);
    Scope::new(cx.window, cx.now, i64::from(periods.max().unwrap_or(60).max(1)))
}

/// The series of the queries over the window, `first` being the colour that the first of them has.
pub fn plotted<'a>(queries: &[Named], first: usize, cx: &Cx<'a>, look: &Look) -> Plotted<'a> {
    let scope = scope(queries.iter().map(|named| &named.query), cx, look);
    let mut lines: Vec<Line<'a>> = Vec::new();
    let mut parts: Vec<Part> = Vec::new();
    for named in queries {
        let query = named.query.drawn(cx.window, look.compare, cx.now);
        let start = lines.len();
        let set = cx.store.series(&query);
        let back = look.compare.map(|shift| shift.back(cx.window, query.period_s));
        let found = set.map_or(0, |set| set.series.len());
        for series in set.map(|set| largest(set, scope)).unwrap_or_default() {
            if lines.len() == MOST_LINES {
                break;
            }
            let nth = (first + lines.len()) % MOST_LINES;
            lines.push(Line {
                glyph: GLYPHS[nth],
                earlier: back.map_or(Cow::Borrowed(&[][..]), |back| Cow::Owned(moved(series, scope, back))),
                ..Line::new(label(named, series, found), ROLES[nth % ROLES.len()], Cow::Borrowed(&series.points))
            });
        }
        let message = set.and_then(|set| set.message.as_deref()).map(|message| clean(message).into_owned());
        parts.push(Part { lines: start..lines.len(), found, side: Side::Left, message });
    }
    let scaling = look.scaling(Scaling::Linear);
    let [unit, right_unit] = axes::assign(queries, &mut parts, &mut lines, scope, scaling, cx);
    let health = cx.store.health(SourceId::Metrics);
    let message = parts.iter().find_map(|part| part.message.clone());
    let chart = Chart {
        kind: look.kind(Kind::Lines),
        left_out: parts.iter().map(|part| part.found).sum::<usize>() - lines.len(),
        lines,
        settling: SETTLING,
        scaling,
        right_unit,
        compared: look.compare.map(Shift::words),
        annotations: changes::annotations(cx),
        cursor: look.cursor.at(scope),
        empty: message.unwrap_or_else(|| empty(health).to_owned()),
        ..Chart::new((scope.from, scope.to), scope.period_s, cx.now, unit, wall(cx.zone))
    };
    Plotted { chart, parts }
}

/// What a chart is compared with, as part of its title: ` · ┄ the day before`.
pub fn compared(chart: &Chart<'_>) -> String {
    let Some(words) = chart.compared else { return String::new() };
    let known = chart.lines.is_empty() || chart.lines.iter().any(|line| !line.earlier.is_empty());
    if known { format!(" · ┄ {words}") } else { format!(" · no datapoints {words}") }
}

/// The unit of all queries, if they have one.
fn common(mut units: impl Iterator<Item = Unit>) -> Unit {
    let Some(first) = units.next() else { return Unit::None };
    if units.all(|unit| unit == first) { first } else { Unit::None }
}

/// AWS's label where it was asked for one, or where there are several series; else the query's own name.
fn label(named: &Named, series: &Series, count: usize) -> String {
    let one_metric = matches!(named.query.source, MetricSource::Stat { .. });
    let of_aws = named.query.label.is_some() || (count > 1 && !one_metric);
    clean(if of_aws && !series.label.is_empty() { &series.label } else { &named.title }).into_owned()
}

fn moved(series: &Series, scope: Scope, back: TimeDelta) -> Vec<(Time, f64)> {
    series.range(scope.from - back, scope.to - back).iter().map(|(at, value)| (*at + back, *value)).collect()
}
