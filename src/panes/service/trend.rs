//! A service or an edge over time.

use std::borrow::Cow;

use chrono::TimeDelta;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;
use ratatui::widgets::Widget;

use super::framed;
use crate::board::Unit;
use crate::clock::Time;
use crate::panes::cursor::wall;
use crate::panes::{Cx, source_note};
use crate::store::graph::{ServicePoint, Statistics, Trend, TrendQuery};
use crate::store::health::SourceId;
use crate::text::{clean, units};
use crate::widgets::area::{cut_left, cut_top};
use crate::widgets::chart::{Chart, Line};
use crate::widgets::legend::{Entry, legend};
use crate::widgets::print::cells;
use crate::widgets::theme::Role;

/// What of it is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Measure {
    /// How many requests, errors, faults.
    #[default]
    Counts,
    /// Which part of them.
    Shares,
    /// How long they took.
    Times,
}

/// A line: its label, its colour, its value in a period.
type Drawn = (&'static str, Role, fn(&Statistics) -> Option<f64>);

impl Measure {
    /// The one after it.
    pub(super) const fn next(self) -> Self {
        match self {
            Self::Counts => Self::Shares,
            Self::Shares => Self::Times,
            Self::Times => Self::Counts,
        }
    }

    const fn unit(self) -> Unit {
        match self {
            Self::Counts => Unit::Count,
            Self::Shares => Unit::Percent,
            Self::Times => Unit::Seconds,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Counts => "Trend",
            Self::Shares => "Trend of shares",
            Self::Times => "Trend of response times",
        }
    }

    /// The lines, the one that matters most on top.
    fn lines(self) -> Vec<Drawn> {
        fn share(statistics: &Statistics, share: f64) -> Option<f64> {
            (statistics.total > 0).then_some(100.0 * share)
        }
        match self {
            Self::Counts => vec![
                ("faults", Role::Fault, |s| Some(s.fault as f64)),
                ("throttles", Role::Throttle, |s| Some(s.throttle as f64)),
                ("errors", Role::Error, |s| Some(s.error as f64)),
                ("requests", Role::Series1, |s| Some(s.total as f64)),
            ],
            Self::Shares => vec![
                ("faults", Role::Fault, |s| share(s, s.fault_share())),
                ("throttles", Role::Throttle, |s| share(s, s.throttle_share())),
                ("errors", Role::Error, |s| share(s, s.error_share())),
                ("ok", Role::Series1, |s| share(s, s.ok_share())),
            ],
            Self::Times => vec![
                ("p50", Role::Series1, |s| s.percentile(0.5)),
                ("p90", Role::Series2, |s| s.percentile(0.9)),
                ("p99", Role::Series3, |s| s.percentile(0.99)),
                ("mean", Role::Series4, Statistics::mean),
            ],
        }
    }
}

/// At most so many lines have none to spare for the names of what is drawn.
const LOW: u16 = 4;

/// What is left of the upper frame of an area beside its title.
fn beside(title: &str, area: Rect) -> Rect {
    let (_, rest) = cut_left(Rect { height: area.height.min(1), ..area }, cells(title) + 5);
    Rect { width: rest.width.saturating_sub(2), ..rest }
}

/// Whether part of the window on screen has not been asked for yet.
fn lacks(trend: &Trend, answered: Option<Time>, query: &TrendQuery, cx: &Cx<'_>) -> bool {
    let Some((start, end)) = trend.covered else { return false };
    let (from, to) = cx.window.whole_periods(answered.unwrap_or(cx.now), query.period_s);
    let late = ((to - from) / 12).max(TimeDelta::seconds(2 * i64::from(query.period_s)));
    start - from > late || to - end > late
}

/// Draws the trend in a frame.
pub(super) fn draw(query: &TrendQuery, measure: Measure, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let trend = cx.store.service_trends.get(query);
    let points: &[ServicePoint] = trend.map_or(&[], |trend| &trend.data.points);
    let period_s = i64::from(query.period_s);
    let general = cx.store.health(SourceId::ServiceTrend);
    let health = if general.trouble().is_some() { general } else { trend.map_or(general, |t| &t.health) };
    let note = source_note(health, cx.now).filter(|_| general.trouble().is_some() || trend.is_none());
    let flaws = trend.and_then(|trend| trend.data.flaws.words());
    let is_partial = trend.is_some_and(|trend| lacks(&trend.data, trend.health.answered(), query, cx));
    let note = note.or_else(|| is_partial.then(|| ("reading…".to_owned(), Role::Stale)));
    let note = note.or_else(|| flaws.map(|words| (words, Role::Warning)));
    let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
    let title = format!("{} · {}", measure.title(), units::span(period_s));
    let inner = framed(buffer, area, &title, note, false, cx);
    if inner.is_empty() {
        return;
    }
    // A kind that never was is no line, but for the first and the last.
    let series = measure.lines().into_iter().enumerate().filter_map(|(n, (label, role, value))| {
        let points: Vec<_> = points.iter().filter_map(|p| Some((p.at, value(&p.statistics)?))).collect();
        let is_flat = measure != Measure::Times && (n == 1) && points.iter().all(|(_, value)| *value == 0.0);
        (!is_flat).then(|| Line::new(label.to_owned(), role, Cow::Owned(points)))
    });
    let lines: Vec<Line<'_>> = series.collect();
    let newest = |line: &Line<'_>| line.points.last().map(|(_, value)| units::value(*value, measure.unit()));
    let entries: Vec<Entry> = lines
        .iter()
        .rev()
        .map(|line| Entry { label: line.label.clone(), value: newest(line).unwrap_or_default(), role: line.role })
        .collect();
    let (head, body) = cut_top(inner, u16::from(inner.height > LOW));
    // Where it is low, the lines are named in the frame.
    if !head.is_empty() {
        legend(&entries, usize::from(head.width), cx.theme).render(head, buffer);
    } else if note.is_none() {
        let place = beside(&title, area);
        let mut named = legend(&entries, usize::from(place.width.saturating_sub(2)), cx.theme);
        named.spans.insert(0, Span::raw(" "));
        named.spans.push(Span::raw(" "));
        named.render(place, buffer);
    }
    let empty = health
        .trouble()
        .map_or_else(|| "No datapoints yet.".to_owned(), |(error, _)| clean(&error.message).into_owned());
    let window = cx.window.range(cx.now);
    let chart = Chart { lines, empty, ..Chart::new(window, period_s, cx.now, measure.unit(), wall(cx.zone)) };
    chart.draw(body, buffer, cx.theme);
}
