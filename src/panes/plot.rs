//! A board's chart as the chart widget draws it.

use std::borrow::Cow;

use chrono::TimeDelta;

use super::cards::bound;
use super::cursor::{Scope, wall};
use super::look::Look;
use super::{Cx, changes};
use crate::analysis::rollup::{Together, roll_up};
use crate::app::effect::Subscription;
use crate::board::{Chart as BoardChart, ChartSeries};
use crate::clock::Time;
use crate::store::health::{Health, SourceId};
use crate::store::series::{MetricQuery, Series, SeriesSet};
use crate::store::window::Shift;
use crate::text::{clean, units};
use crate::widgets::chart::{Chart, Kind, Line, Side, figure};
use crate::widgets::legend::Entry;
use crate::widgets::theme::Role;

/// Seconds of the period of a roll-up.
pub const HOUR_S: i64 = 3600;

/// How long after its period CloudWatch may still change a datapoint: services publish one to three minutes late.
pub const SETTLING: TimeDelta = TimeDelta::minutes(3);

/// The roles of the series that one query finds: as many as have a glyph of their own.
const SEVERAL: [Role; 6] = [Role::Series1, Role::Series2, Role::Series3, Role::Series4, Role::Series5, Role::Series6];

/// Points of a line: start of period and value.
type Points<'a> = Cow<'a, [(Time, f64)]>;

/// A chart's metrics with the periods that suit the window, each with its line.
pub fn queries<'c>(
    chart: &'c BoardChart,
    cx: &'c Cx<'_>,
    look: &'c Look,
) -> impl Iterator<Item = (&'c ChartSeries, MetricQuery)> {
    let named = chart.series.iter().filter_map(|series| Some((series, cx.board.metrics.get(&series.metric)?)));
    named.map(|(series, query)| (series, query.drawn(cx.window, look.reach(), cx.now)))
}

/// The period that a board's chart is drawn with, in seconds: the longest of its metrics', or an hour rolled up.
pub fn period_s(chart: &BoardChart, cx: &Cx<'_>, look: &Look) -> i64 {
    let own = queries(chart, cx, look).map(|(_, query)| i64::from(query.period_s.max(1))).max().unwrap_or(60);
    if look.rolled { own.max(HOUR_S) } else { own }
}

/// What a board's chart needs: the window, and the earlier one that it is compared with.
pub fn wants(chart: &BoardChart, cx: &Cx<'_>, look: &Look) -> Vec<Subscription> {
    let mut wanted = Vec::new();
    for (_, query) in queries(chart, cx, look) {
        if look.rolled && look.compare.is_some() {
            wanted.push(Subscription::Metric { query: query.clone(), compare: Some(Shift::Window) });
        }
        wanted.push(Subscription::Metric { query, compare: look.reach() });
    }
    wanted
}

/// A chart's title with its period, and with what is not ordinary: `Provisioning trend · 1 min · stacked`.
pub fn title(title: &str, chart: &Chart<'_>, look: &Look) -> String {
    let mut words = vec![clean(title).into_owned(), period(chart.period_s)];
    if look.rolled {
        words[1].push_str(" roll-up");
    }
    if chart.kind != Kind::Lines {
        words.push(chart.kind.name().to_owned());
    }
    if chart.is_log() {
        words.push("log".to_owned());
    }
    if chart.left_out > 0 {
        words.push(format!("{} of {}", chart.lines.len(), chart.lines.len() + chart.left_out));
    }
    words.join(" · ")
}

/// A period in words: `30 s`, `5 min`, `1 h`, `7 d`.
pub fn period(period_s: i64) -> String {
    match period_s {
        s if s > 86_400 && s % 86_400 == 0 => format!("{} d", s / 86_400),
        s if s % HOUR_S == 0 => format!("{} h", s / HOUR_S),
        s if s % 60 == 0 => format!("{} min", s / 60),
        s => format!("{s} s"),
    }
}

/// A board's chart over the window, on the period that suits it or rolled up to hours.
pub fn chart<'a>(definition: &BoardChart, cx: &Cx<'a>, look: &Look) -> Chart<'a> {
    let period_s = period_s(definition, cx, look);
    let scope = Scope::new(cx.window, cx.now, period_s);
    let mut lines = Vec::new();
    let mut left_out = 0;
    for (series, query) in queries(definition, cx, look) {
        let Some(set) = cx.store.series(&query).filter(|set| !set.series.is_empty()) else {
            lines.push(Line { side: series.side, ..Line::new(named(series, None), series.role, Cow::Borrowed(&[])) });
            continue;
        };
        let back = look.compare.map(|shift| shift.back(cx.window, query.period_s));
        let shown = largest(set, scope);
        left_out += set.series.len() - shown.len();
        for (nth, found) in shown.iter().enumerate() {
            let (label, role) = match shown.len() {
                1 => (named(series, None), series.role),
                _ => (named(series, Some(&found.label)), SEVERAL[nth % SEVERAL.len()]),
            };
            let drawn = Drawn { set, found, together: together(series, look), scope };
            lines.push(Line {
                side: series.side,
                earlier: back.map_or(Cow::Borrowed(&[][..]), |back| drawn.points(back)),
                ..Line::new(label, role, drawn.points(TimeDelta::zero()))
            });
        }
    }
    Chart {
        kind: look.kind(definition.kind),
        lines,
        left_out,
        settling: SETTLING,
        right_unit: definition.right_unit,
        scaling: look.scaling(definition.scaling),
        bounds: definition.thresholds.iter().map(bound).collect(),
        annotations: changes::annotations(cx),
        compared: look.compare.map(Shift::words),
        cursor: look.cursor.at(scope),
        empty: nothing(definition, cx, look, scope).to_owned(),
        ..Chart::new((scope.from, scope.to), period_s, cx.now, definition.unit, wall(cx.zone))
    }
}

/// Whether the datapoints of each line of [`chart`] can be added up.
pub fn adds_up(definition: &BoardChart, cx: &Cx<'_>, look: &Look) -> Vec<bool> {
    let scope = Scope::new(cx.window, cx.now, period_s(definition, cx, look));
    let count = |query: &MetricQuery| cx.store.series(query).map_or(1, |set| largest(set, scope).len().max(1));
    queries(definition, cx, look).flat_map(|(series, query)| vec![series.adds_up; count(&query)]).collect()
}

fn together(series: &ChartSeries, look: &Look) -> Option<Together> {
    let together = if series.adds_up { Together::Sum } else { Together::Last };
    look.rolled.then_some(together)
}

/// The series of a `SEARCH` or `GROUP BY` that are drawn, in AWS's order: where there are more than can be told apart,
/// the largest.
pub(super) fn largest(set: &SeriesSet, scope: Scope) -> Vec<&Series> {
    if set.series.len() <= SEVERAL.len() {
        return set.series.iter().collect();
    }
    let size = |series: &Series| series.range(scope.from, scope.to).iter().map(|(_, value)| value.abs()).sum::<f64>();
    let mut ranked: Vec<(usize, f64)> = set.series.iter().map(size).enumerate().collect();
    ranked.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let mut chosen: Vec<usize> = ranked.into_iter().take(SEVERAL.len()).map(|(index, _)| index).collect();
    chosen.sort_unstable();
    chosen.into_iter().filter_map(|index| set.series.get(index)).collect()
}

/// A line's name: the board's, or AWS's where one query finds several; one on the right axis points there.
fn named(series: &ChartSeries, found: Option<&str>) -> String {
    let label = clean(found.filter(|label| !label.is_empty()).unwrap_or(&series.label));
    match series.side {
        Side::Left => label.into_owned(),
        Side::Right => format!("{label} →"),
    }
}

/// A series as it is drawn.
#[derive(Clone, Copy)]
struct Drawn<'a> {
    set: &'a SeriesSet,
    found: &'a Series,
    together: Option<Together>,
    scope: Scope,
}

impl<'a> Drawn<'a> {
    /// The points of the scope, or those that lie `back` before it, moved into it; rolled up where that is wanted.
    fn points(self, back: TimeDelta) -> Points<'a> {
        let Self { set, found, together, scope } = self;
        let moved = |from: Time, to: Time| -> Vec<(Time, f64)> {
            found.range(from - back, to - back).iter().map(|(at, value)| (*at + back, *value)).collect()
        };
        let Some(together) = together else {
            return if back.is_zero() { Cow::Borrowed(&found.points) } else { Cow::Owned(moved(scope.from, scope.to)) };
        };
        let known_from = match set.covered.missing(scope.from - back, scope.to - back).first() {
            Some((from, to)) if *from <= scope.from - back => *to + back,
            Some(_) | None => scope.from,
        };
        Cow::Owned(roll_up(&moved(scope.from, scope.to), scope.period_s, together, known_from))
    }
}

/// What a board's chart without any point says: that it waits, where this window has not been answered yet.
fn nothing(definition: &BoardChart, cx: &Cx<'_>, look: &Look, scope: Scope) -> &'static str {
    let whole = vec![(scope.from, scope.to)];
    let answered = |query: &MetricQuery| {
        cx.store.series(query).is_some_and(|set| set.covered.missing(scope.from, scope.to) != whole)
    };
    let health = cx.store.health(SourceId::Metrics);
    if queries(definition, cx, look).any(|(_, query)| answered(&query)) {
        return empty(health);
    }
    match health {
        Health::Waiting | Health::Live { .. } => "waiting for the first datapoints",
        Health::Stale { .. } | Health::Failed { .. } => "no answer yet",
    }
}

/// What a chart without any point says.
pub const fn empty(health: &Health) -> &'static str {
    match health {
        Health::Waiting => "waiting for the first datapoints",
        Health::Failed { .. } => "no answer yet",
        Health::Live { .. } | Health::Stale { .. } => "no datapoints in this window",
    }
}

/// The legend of a chart, with each line's value under the cursor, or else its newest of a period that is over; and what
/// the chart is compared with.
pub fn legend(chart: &Chart<'_>) -> Vec<Entry> {
    let reading = chart.reading();
    let value = |(index, line): (usize, &Line<'_>)| match &reading {
        Some(reading) => reading.values[index].text(),
        None => newest(chart, line).map_or_else(|| units::NOTHING.to_owned(), |v| figure(v, chart.unit_of(line))),
    };
    let lines = chart.lines.iter().enumerate();
    let entry = |(index, line): (usize, &Line<'_>)| Entry {
        label: line.label.clone(),
        value: value((index, line)),
        role: line.role,
    };
    let earlier =
        chart.compared.map(|words| Entry { label: words.to_owned(), value: String::new(), role: Role::Muted });
    lines.map(entry).chain(earlier).collect()
}

/// A line's newest value in the chart, of a period that is over.
pub fn newest(chart: &Chart<'_>, line: &Line<'_>) -> Option<f64> {
    finished(chart, line).last().map(|(_, value)| value)
}

/// A line's points in the chart whose period is over.
pub fn finished<'c>(chart: &'c Chart<'_>, line: &'c Line<'_>) -> impl Iterator<Item = (Time, f64)> + 'c {
    let over = move |at: Time| at + TimeDelta::seconds(chart.period_s) <= chart.now;
    line.points.iter().copied().filter(move |(at, _)| *at >= chart.from && *at < chart.to && over(*at))
}
