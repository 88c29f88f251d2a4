//! The rows of a service or an edge: who calls it, whom it calls, what fires about it, where one can go.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::impact;
use crate::analysis::concerns::{Concern, concerns};
use crate::board::Unit;
use crate::panes::inquiry::About;
use crate::panes::services::{Trouble, seconds, traces};
use crate::panes::{Cx, Target};
use crate::store::alarm::AlarmState;
use crate::store::episode::Signal;
use crate::store::graph::{Edge, Entity, ServiceGraph, ServiceKey, Statistics};
use crate::store::rule::RuleState;
use crate::text::{clean, units};
use crate::widgets::list::ListState;
use crate::widgets::print::{Align, line, put};
use crate::widgets::selection::select;
use crate::widgets::table::{Cell, Heading, Table};
use crate::widgets::theme::Role;

/// What the cursor can stand on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Row {
    /// Calls from a service (inward) or to one.
    Calls {
        /// Whether they come in.
        inward: bool,
        /// The service at the other end.
        other: ServiceKey,
    },
    /// An end of the edge.
    End(ServiceKey),
    /// An alarm or a rule.
    Concern(Concern),
    /// Its log lines.
    Lines,
    /// Its traces, of one kind.
    Traces(Kind),
}

/// Which traces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    All,
    Slow,
    Faults,
    Errors,
    Throttles,
}

impl Kind {
    const EVERY: [Self; 5] = [Self::Faults, Self::Errors, Self::Throttles, Self::Slow, Self::All];

    /// What holds of them at the service; nothing where there are none of that kind.
    fn block(self, statistics: &Statistics) -> Option<String> {
        let flag = |count: u64, flag: &str| (count > 0).then(|| format!("{flag} = true"));
        match self {
            Self::All => Some(String::new()),
            Self::Slow => statistics.percentile(0.9).map(|time| format!("responsetime > {time}")),
            Self::Faults => flag(statistics.fault, "fault"),
            Self::Errors => flag(statistics.error, "error"),
            Self::Throttles => flag(statistics.throttle, "throttle"),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::All => "all traces",
            Self::Slow => "slow traces, beyond p90",
            Self::Faults => "traces with faults",
            Self::Errors => "traces with errors",
            Self::Throttles => "traces with throttles",
        }
    }

    const fn role(self) -> Role {
        match self {
            Self::All | Self::Slow => Role::Text,
            Self::Faults => Role::Fault,
            Self::Errors => Role::Error,
            Self::Throttles => Role::Throttle,
        }
    }
}

/// The edges of a service: those that come in, then those that go out.
fn edges<'g>(graph: &'g ServiceGraph, service: &'g ServiceKey) -> impl Iterator<Item = (Row, &'g Edge)> {
    let of = move |inward: bool| {
        graph.edges.iter().filter_map(move |edge| {
            let (here, other) = if inward { (&edge.to, &edge.from) } else { (&edge.from, &edge.to) };
            (here == service).then(|| (Row::Calls { inward, other: other.clone() }, edge))
        })
    };
    of(true).chain(of(false))
}

/// Everything the cursor can stand on.
pub(super) fn rows(entity: &Entity, statistics: &Statistics, cx: &Cx<'_>) -> Vec<Row> {
    let mut rows: Vec<Row> = match entity {
        Entity::Service(key) => edges(&cx.store.graph.data, key).map(|(row, _)| row).collect(),
        Entity::Edge(from, to) => vec![Row::End(to.clone()), Row::End(from.clone())],
    };
    let mut concerns = concerns(entity, cx.board, cx.store);
    concerns.sort_by_key(|concern| state(concern.signal, &concern.name, cx).0 != Role::AlarmFiring);
    rows.extend(concerns.into_iter().map(Row::Concern));
    let kinds = Kind::EVERY.into_iter().filter(|kind| kind.block(statistics).is_some());
    rows.extend(kinds.map(Row::Traces));
    if About::Calls(entity.clone()).inquire(cx).is_some_and(|inquiry| !inquiry.leads.is_empty()) {
        rows.push(Row::Lines);
    }
    rows
}

/// Colour and sign of an alarm or a rule.
fn state(signal: Signal, name: &str, cx: &Cx<'_>) -> (Role, &'static str) {
    const UNKNOWN: (Role, &str) = (Role::AlarmNoData, "?");
    match signal {
        Signal::Alarm => match cx.store.alarm(name).map(|alarm| alarm.state) {
            Some(AlarmState::Alarm) => (Role::AlarmFiring, "▲"),
            Some(AlarmState::Ok) => (Role::AlarmOk, "✓"),
            Some(AlarmState::InsufficientData) | None => UNKNOWN,
        },
        Signal::Rule => match cx.store.rules.iter().find(|rule| rule.id == name).map(|rule| rule.state) {
            Some(RuleState::Firing) => (Role::AlarmFiring, "▲"),
            Some(RuleState::Quiet) => (Role::AlarmOk, "○"),
            Some(RuleState::NoData) | None => UNKNOWN,
        },
    }
}

impl Row {
    /// What it opens.
    pub(super) fn target(&self, entity: &Entity, statistics: &Statistics, graph: &ServiceGraph) -> Target {
        match self {
            Self::Calls { inward, other } => {
                let here = entity.service().clone();
                if *inward { Target::Edge(other.clone(), here) } else { Target::Edge(here, other.clone()) }
            }
            Self::End(key) => Target::Service(key.clone()),
            Self::Concern(Concern { signal: Signal::Alarm, name, .. }) => Target::Alarm(name.clone()),
            Self::Concern(Concern { signal: Signal::Rule, name, .. }) => Target::Rule(name.clone()),
            Self::Lines => Target::Matches(About::Calls(entity.clone())),
            Self::Traces(kind) => traces::of(entity, &kind.block(statistics).unwrap_or_default(), graph),
        }
    }

    /// It as a row of the table.
    pub(super) fn cells(&self, entity: &Entity, cx: &Cx<'_>) -> Vec<Cell> {
        let graph = &cx.store.graph.data;
        let figures = |name: String, statistics: &Statistics, impact: String| {
            vec![
                Cell::new(name, Role::Strong),
                Cell::new(units::value(statistics.total as f64, Unit::Count), Role::Text),
                Trouble::of(statistics).cell(),
                Cell::new(impact, Role::Muted),
                seconds(statistics.percentile(0.5)),
                seconds(statistics.percentile(0.99)),
            ]
        };
        let words = |text: String, role: Role| {
            let mut cells = vec![Cell::new(text, role)];
            cells.resize_with(6, || Cell::new("", Role::Text));
            cells
        };
        match self {
            Self::Calls { inward, other } => {
                let here = entity.service();
                let (from, to) = if *inward { (other, here) } else { (here, other) };
                let (arrow, default) = (if *inward { "←" } else { "→" }, Edge::default());
                let edge = graph.edge(from, to).unwrap_or(&default);
                let impact = graph.service(from).and_then(|caller| impact::of_callers_faults(edge, caller));
                figures(format!("{arrow} {}", clean(&other.name)), &edge.statistics, impact.unwrap_or_default())
            }
            Self::End(key) => {
                let what = if entity.service() == key { "called" } else { "caller" };
                let statistics = graph.find(key).map(|service| service.statistics.clone()).unwrap_or_default();
                figures(format!("{what} {}", clean(&key.name)), &statistics, String::new())
            }
            Self::Concern(Concern { signal, name, how }) => {
                let (role, sign) = state(*signal, name, cx);
                let title = match signal {
                    Signal::Alarm => name,
                    Signal::Rule => {
                        cx.board.rules.iter().find(|rule| rule.id == *name).map_or(name, |rule| &rule.title)
                    }
                };
                words(format!("{sign} {} · {}", clean(title), clean(&how.words())), role)
            }
            Self::Lines => words("its log lines".to_owned(), Role::Text),
            Self::Traces(kind) => words(kind.words().to_owned(), kind.role()),
        }
    }
}

/// What stands over the rows.
pub(super) fn title(rows: &[Row], cx: &Cx<'_>) -> String {
    let calls =
        |wanted: bool| rows.iter().filter(|row| matches!(row, Row::Calls { inward, .. } if *inward == wanted)).count();
    let firing = rows.iter().filter(|row| match row {
        Row::Concern(concern) => state(concern.signal, &concern.name, cx).0 == Role::AlarmFiring,
        _ => false,
    });
    let firing = match firing.count() {
        0 => String::new(),
        n => format!(" · {n} firing"),
    };
    if rows.iter().any(|row| matches!(row, Row::End(_))) {
        return format!("Ends and traces{firing}");
    }
    format!("Edges · {} in · {} out{firing}", calls(true), calls(false))
}

/// The column of the part of a caller's faults.
const IMPACT: usize = 3;

/// Draws the rows in view; returns how many lie above and below.
pub(super) fn draw(
    rows: &[Vec<Cell>],
    list: &mut ListState<Row>,
    buffer: &mut Buffer,
    area: Rect,
    cx: &Cx<'_>,
) -> (usize, usize) {
    if rows.is_empty() {
        put(buffer, area, "No calls in or out.", cx.theme.style(Role::Muted), Align::Left);
        return (0, 0);
    }
    let heading = |title: &str, width, align| Heading { title: title.to_owned(), width, align };
    // Where it is narrow, the share of the caller's faults gives way; and where nothing has one.
    let has_impact = rows.iter().any(|row| row.get(IMPACT).is_some_and(|cell| !cell.text.is_empty()));
    let impact = if area.width >= 72 && has_impact { 9 } else { 0 };
    let name = area.width.saturating_sub(8 + 9 + 7 + 7 + 4 + impact + u16::from(impact > 0)).min(50);
    let mut headings = vec![
        heading("service", name, Align::Left),
        heading("requests", 8, Align::Right),
        heading("bad", 9, Align::Right),
        heading("of faults", impact, Align::Right),
        heading("p50", 7, Align::Right),
        heading("p99", 7, Align::Right),
    ];
    let headed = area.height >= 4;
    let view = list.visible(rows.len(), usize::from(area.height.saturating_sub(u16::from(headed))));
    let cursor = list.row().checked_sub(view.start).filter(|_| cx.focused);
    let outside = (view.start, rows.len() - view.end);
    let mut rows = rows[view].to_vec();
    if impact == 0 {
        headings.remove(IMPACT);
        for row in &mut rows {
            row.remove(IMPACT);
        }
    }
    // What has no figures has their room.
    let words: Vec<Option<Cell>> = rows
        .iter_mut()
        .map(|row| row.iter().skip(1).all(|cell| cell.text.is_empty()).then(|| row.drain(..).next()).flatten())
        .collect();
    Table { headings: &headings, headed, rows: &rows, cursor, theme: cx.theme }.render(area, buffer);
    for (at, cell) in words.iter().enumerate() {
        let (Some(cell), Some(place)) = (cell, line(area, at + usize::from(headed))) else { continue };
        put(buffer, place, &cell.text, cx.theme.style(cell.role), Align::Left);
        if cursor == Some(at) {
            select(buffer, place, cx.theme);
        }
    }
    outside
}

/// Says in the lower frame of an area how many rows lie above and below what is seen.
pub(super) fn tell_more(above: usize, below: usize, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let sides = [("▲", above), ("▼", below)];
    let told: Vec<String> =
        sides.iter().filter(|(_, count)| *count > 0).map(|(sign, count)| format!("{sign} {count}")).collect();
    if told.is_empty() || area.width < 20 || area.height < 2 {
        return;
    }
    let told = Line::from(Span::styled(format!(" {} more ", told.join("  ")), cx.theme.style(Role::Muted)));
    let width = told.width() as u16;
    let place = Rect { x: area.right() - 1 - width, y: area.bottom() - 1, width, height: 1 };
    told.render(place.intersection(area), buffer);
}
