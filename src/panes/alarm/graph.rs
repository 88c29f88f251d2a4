//! An alarm's metric against its threshold or band.

use std::borrow::Cow;

use crate::analysis::unit::alarm_unit;
use crate::panes::cursor::{Cursor, Scope, wall};
use crate::panes::{Cx, alarms, changes, plot};
use crate::store::alarm::{Alarm, MetricAlarm};
use crate::store::health::SourceId;
use crate::store::series::{MetricSource, Series, SeriesSet};
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

/// The two series of a band query: the lower and the upper bound, in whatever order they came.
fn band(set: &SeriesSet) -> Option<Band<'_>> {
    let [one, other] = set.series.as_slice() else { return None };
    let mean = |series: &Series| series.points.iter().map(|(_, value)| value).sum::<f64>() / series.points.len() as f64;
    let (lower, upper) = if mean(one) <= mean(other) { (one, other) } else { (other, one) };
    Some(Band { lower: Cow::Borrowed(&lower.points), upper: Cow::Borrowed(&upper.points) })
}

/// What the line is called: the metric's name, or the expression.
fn label(metric: &MetricAlarm) -> String {
    match &metric.query.source {
        MetricSource::Stat { name, .. } => clean(name).into_owned(),
        MetricSource::Expression { text, .. } => clean(text).into_owned(),
    }
}
