//! An alarm's metric against its threshold or band.

use std::borrow::Cow;

use chrono::TimeDelta;

use crate::analysis::alarm::look::{Limits, edges};
use crate::analysis::alarm::{Comparison, Look, look};
use crate::analysis::unit::alarm_unit;
use crate::clock::Time;
use crate::panes::cursor::{Cursor, Scope, wall};
use crate::panes::{Cx, alarms, changes, plot};
use crate::store::alarm::{Alarm, MetricAlarm};
use crate::store::health::SourceId;
use crate::store::series::{MetricSource, SeriesSet};
use crate::text::clean;
use crate::widgets::chart::{Band, Chart, Line};
use crate::widgets::sparkline::Bound;
use crate::widgets::theme::Role;

/// The chart of a metric alarm over the window.
pub(in crate::panes) fn chart<'a>(alarm: &Alarm, metric: &MetricAlarm, cx: &Cx<'a>, cursor: Cursor) -> Chart<'a> {
    let scope = Scope::new(cx.window, cx.now, i64::from(metric.query.period_s.max(1)));
    let set = cx.store.series(&metric.query);
    let points = set.and_then(SeriesSet::single).map_or(&[][..], |series| series.points.as_slice());
    let message = set.and_then(|set| set.message.as_deref()).map(|message| clean(message).into_owned());
    let empty = plot::empty(cx.store.health(SourceId::Metrics));
    Chart {
        lines: vec![Line::new(label(metric), Role::Series1, Cow::Borrowed(points))],
        bounds: threshold(metric).into_iter().collect(),
        band: metric.band.as_ref().and_then(|query| band(cx.store.series(query)?)),
        cursor: cursor.at(scope),
        empty: message.unwrap_or_else(|| empty.to_owned()),
        annotations: changes::annotations(cx),
        ..Chart::new((scope.from, scope.to), scope.period_s, cx.now, alarm_unit(alarm, cx.board), wall(cx.zone))
    }
}

/// The threshold as the alarm states it.
fn threshold(metric: &MetricAlarm) -> Option<Bound> {
    let above = alarms::bound(metric)?.above;
    Some(Bound { value: metric.threshold?, above, role: Role::Threshold })
}

fn band(set: &SeriesSet) -> Option<Band<'_>> {
    let (lower, upper) = edges(set)?;
    Some(Band { lower: Cow::Borrowed(&lower.points), upper: Cow::Borrowed(&upper.points) })
}

/// The alarm's evaluation at the end of the window, or now; `None` while its datapoints or limits are not known.
pub(super) fn evaluation(metric: &MetricAlarm, cx: &Cx<'_>) -> Option<Look> {
    let set = cx.store.series(&metric.query)?;
    let now = cx.window.end.map_or(cx.now, |end| end.min(cx.now));
    look(metric, set.single()?, limits(metric, cx), now)
}

fn limits<'a>(metric: &MetricAlarm, cx: &Cx<'a>) -> Option<Limits<'a>> {
    Limits::of(metric, metric.band.as_ref().and_then(|band| cx.store.series(band)))
}

/// What stands under one column of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A datapoint that breaches, in the periods that count or outside of them.
    Breach(bool),
    /// The first, an inner or the last column of the periods that count.
    Counts(Edge),
    /// Nothing.
    Nothing,
}

/// Where in the periods that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// At the beginning.
    First,
    /// In between.
    Inner,
    /// At the end.
    Last,
}

/// The marks under `columns` equal parts of a chart: datapoints that breach, and the periods of the evaluation.
pub(super) fn marks(
    metric: &MetricAlarm,
    look: Option<&Look>,
    (from, to): (Time, Time),
    cx: &Cx<'_>,
    columns: u16,
) -> Vec<Mark> {
    let mut marks = vec![Mark::Nothing; usize::from(columns)];
    let period = TimeDelta::seconds(i64::from(metric.query.period_s.max(1)));
    let span = (to - from).num_milliseconds().max(1) as f64;
    let column = |at: Time| {
        let share = (at - from).num_milliseconds() as f64 / span;
        (0.0..1.0).contains(&share).then(|| (share * f64::from(columns)) as usize)
    };
    let mut counted = (usize::MAX, 0);
    if let Some(look) = look {
        let mut starts = look.periods.iter().filter(|period| period.counts || period.value.is_none()).map(|p| p.at);
        let first = starts.next();
        let last = starts.next_back().or(first);
        let end = last.map(|last| last + period - TimeDelta::milliseconds(1));
        if let (Some(first), Some(last)) = (first.and_then(column), end.and_then(column)) {
            counted = (first, last);
            for (i, mark) in marks.iter_mut().enumerate().take(last + 1).skip(first) {
                *mark = Mark::Counts(match i {
                    _ if i == first => Edge::First,
                    _ if i == last => Edge::Last,
                    _ => Edge::Inner,
                });
            }
        }
    }
    let (Some(comparison), Some(limits)) = (Comparison::parse(&metric.comparison), limits(metric, cx)) else {
        return marks;
    };
    let series = cx.store.series(&metric.query).and_then(SeriesSet::single);
    for (at, value) in series.map_or(&[][..], |series| series.range(from, to)) {
        let over = *at + period <= cx.now;
        let breaches = limits.at(*at).is_some_and(|(lower, upper)| comparison.breaches(*value, lower, upper));
        if let Some(place) = column(*at + period / 2).filter(|_| breaches && over) {
            marks[place] = Mark::Breach(place >= counted.0 && place <= counted.1);
        }
    }
    marks
}

/// How a mark looks.
pub(super) const fn cell(mark: Mark) -> (&'static str, Role) {
    match mark {
        Mark::Breach(true) => ("✗", Role::AlarmFiring),
        Mark::Breach(false) => ("✗", Role::Muted),
        Mark::Counts(Edge::First) => ("├", Role::Threshold),
        Mark::Counts(Edge::Inner) => ("─", Role::Threshold),
        Mark::Counts(Edge::Last) => ("┤", Role::Threshold),
        Mark::Nothing => (" ", Role::Muted),
    }
}

/// What the line is called: the metric's name, or the expression.
fn label(metric: &MetricAlarm) -> String {
    match &metric.query.source {
        MetricSource::Stat { name, .. } => clean(name).into_owned(),
        MetricSource::Expression { text, .. } => clean(text).into_owned(),
    }
}
