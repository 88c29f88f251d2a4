//! Queries as the chart widget draws them: metrics and expressions that stand on no board.

use std::borrow::Cow;

use chrono::TimeDelta;

use super::cursor::{Scope, wall};
use super::look::Look;
use super::plot::{SETTLING, empty};
use super::{Cx, changes};
use crate::analysis::unit::query_unit;
use crate::app::effect::Subscription;
use crate::board::Unit;
use crate::clock::Time;
use crate::store::health::SourceId;
use crate::store::series::{MetricQuery, MetricSource, Series};
use crate::store::window::Shift;
use crate::text::clean;
use crate::widgets::axis::Scaling;
use crate::widgets::chart::{Chart, Kind, Line};
use crate::widgets::theme::Role;

/// Lines that one chart draws; a search can find a hundred.
pub const MOST_LINES: usize = 24;

/// The colours of lines, in their order, again from the first after the last.
pub const ROLES: [Role; 6] = [Role::Series1, Role::Series2, Role::Series3, Role::Series4, Role::Series5, Role::Series6];

/// A query with the name that its line has where AWS gives no better one.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// The name.
    pub title: String,
    /// The query, with its own period.
    pub query: MetricQuery,
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

/// All series of the queries over the window, `first` being the colour that the first of them has.
pub fn chart<'a>(queries: &[Named], first: usize, cx: &Cx<'a>, look: &Look) -> Chart<'a> {
    let scope = scope(queries.iter().map(|named| &named.query), cx, look);
    let mut lines: Vec<Line<'a>> = Vec::new();
    let mut messages: Vec<String> = Vec::new();
    for named in queries {
        let query = named.query.drawn(cx.window, look.compare, cx.now);
        let Some(set) = cx.store.series(&query) else { continue };
        messages.extend(set.message.as_deref().map(|message| clean(message).into_owned()));
        let back = look.compare.map(|shift| shift.back(cx.window, query.period_s));
        for series in &set.series {
            let role = ROLES[(first + lines.len()) % ROLES.len()];
            let label = label(named, series, set.series.len());
            lines.push(Line {
                earlier: back.map_or(Cow::Borrowed(&[][..]), |back| Cow::Owned(moved(series, scope, back))),
                ..Line::new(label, role, Cow::Borrowed(&series.points))
            });
        }
    }
    lines.truncate(MOST_LINES);
    let health = cx.store.health(SourceId::Metrics);
    Chart {
        kind: look.kind(Kind::Lines),
        lines,
        settling: SETTLING,
        scaling: look.scaling(Scaling::Linear),
        compared: look.compare.map(Shift::words),
        annotations: changes::annotations(cx),
        cursor: look.cursor.at(scope),
        empty: messages.into_iter().next().unwrap_or_else(|| empty(health).to_owned()),
        ..Chart::new((scope.from, scope.to), scope.period_s, cx.now, unit(queries, cx), wall(cx.zone))
    }
}

/// The unit of all queries, if they have one.
fn unit(queries: &[Named], cx: &Cx<'_>) -> Unit {
    let mut units = queries.iter().map(|named| query_unit(&named.query, cx.board));
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
