//! One service or one edge: its figures, its trend, who calls and is called, what fires about it, its response times.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::panes::inquiry::About;
use crate::panes::services::{graph_note, stand_back, traces};
use crate::panes::{Cx, Pane, Reaction};
use crate::store::graph::{Change, Entity, ServiceKey, Statistics, TrendQuery};
use crate::text::clean;
use crate::widgets::area::padded;
use crate::widgets::facts::{self, Fact};
use crate::widgets::frame::pane_frame;
use crate::widgets::list::ListState;
use crate::widgets::theme::Role;

mod figures;
mod impact;
mod plan;
mod rows;
mod times;
mod trend;

use plan::arrange;
use rows::Row;
use trend::Measure;

/// One service, or the calls from one to another. Enter goes on where the cursor stands.
///
/// ```text
/// ┌ TSP · remote ────────────────────────────────────────────────────────────────┐
/// │ requests 400 k ▲ 22.6 %  ok 245 k  ✗ fault 124 k (31.0 %) ▲ 30.1 pt  p99 8.0 s │
/// ├ Trend · 1m ──────────────────────────────────────────────────────────────────┤
/// │  3k┤   ⢀⡠⠤⠤⠒⠒⠤⠤⠤⣀⣀                                                           │
/// ├ Edges · 1 in · 0 out · 1 firing ─────────────┬ Response times ───────────────┤
/// │ ← TokenizationService  ✗ 30.1 %  ≤ 100 %     │ ≤ 400 ms ████████████▌  200 k │
/// │ ▲ TSP faults · watches it                    │ ≤ 800 ms ███▌            60 k │
/// │ traces with faults                           │                               │
/// └──────────────────────────────────────────────┴───────────────────────────────┘
/// ```
#[derive(Debug)]
pub struct ServiceDetail {
    entity: Entity,
    list: ListState<Row>,
    /// Whether the cursor was moved: until then it is on the first row, whatever rows come before it.
    moved: bool,
    measure: Measure,
}

impl ServiceDetail {
    /// The detail of a service.
    pub fn new(key: ServiceKey) -> Self {
        Self::of(Entity::Service(key))
    }

    /// The detail of the calls from one service to another.
    pub fn edge(from: ServiceKey, to: ServiceKey) -> Self {
        Self::of(Entity::Edge(from, to))
    }

    fn of(entity: Entity) -> Self {
        Self { entity, list: ListState::new(), moved: false, measure: Measure::default() }
    }

    /// It as the graph knows it: a name given without a type means the busiest service of that name.
    fn resolved(&self, cx: &Cx<'_>) -> Entity {
        let graph = &cx.store.graph.data;
        let known = |key: &ServiceKey| graph.find(key).map_or_else(|| key.clone(), |service| service.key.clone());
        match &self.entity {
            Entity::Service(key) => Entity::Service(known(key)),
            Entity::Edge(from, to) => Entity::Edge(known(from), known(to)),
        }
    }

    /// What its trend is asked by.
    fn query(&self, cx: &Cx<'_>) -> TrendQuery {
        TrendQuery::over(self.entity.clone(), cx.window.span.as_secs())
    }

    /// What the graph says of it, and how that has changed.
    fn statistics<'a>(&self, cx: &Cx<'a>) -> Option<(&'a Statistics, Option<Change>)> {
        let graph = &cx.store.graph.data;
        match self.resolved(cx) {
            Entity::Service(key) => graph.service(&key).map(|service| (&service.statistics, service.change())),
            Entity::Edge(from, to) => graph.edge(&from, &to).map(|edge| (&edge.statistics, edge.change())),
        }
    }

    /// Its figures.
    pub fn facts(&self, cx: &Cx<'_>) -> Vec<Fact> {
        match self.statistics(cx) {
            Some((statistics, change)) => figures::facts(statistics, change, &cx.store.graph.data),
            None => figures::nothing(&cx.store.graph.health),
        }
    }

    fn rows(&self, cx: &Cx<'_>) -> Vec<Row> {
        let nothing = Statistics::default();
        rows::rows(&self.resolved(cx), self.statistics(cx).map_or(&nothing, |(known, _)| known), cx)
    }

    /// Puts the cursor where it belongs among the rows; returns its row.
    fn sync(&mut self, rows: &[Row]) -> Option<usize> {
        if !self.moved {
            self.list.select_row(0, rows);
        }
        self.list.sync(rows)
    }
}

/// Draws a frame and returns what is inside.
fn framed(
    buffer: &mut Buffer,
    area: Rect,
    title: &str,
    note: Option<(&str, Role)>,
    focused: bool,
    cx: &Cx<'_>,
) -> Rect {
    let block = pane_frame(title, note, focused, cx.theme);
    let inner = padded(block.inner(area));
    block.render(area, buffer);
    inner
}

impl Pane for ServiceDetail {
    fn title(&self, cx: &Cx<'_>) -> String {
        let entity = self.resolved(cx);
        let name = clean(&entity.name()).into_owned();
        match entity {
            Entity::Service(key) if !key.kind.is_empty() => format!("{name} · {}", clean(&key.kind)),
            Entity::Service(_) | Entity::Edge(..) => name,
        }
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let mut wanted = vec![
            Subscription::Services,
            Subscription::ServicesBefore,
            Subscription::ServiceTrend(self.query(cx)),
            Subscription::Alarms,
        ];
        wanted.extend(About::Calls(self.resolved(cx)).wants(cx));
        wanted
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let rows = self.rows(cx);
        match action {
            Action::Open => {
                let row = self.sync(&rows).and_then(|row| rows.into_iter().nth(row));
                let nothing = Statistics::default();
                let statistics = self.statistics(cx).map_or(&nothing, |(known, _)| known);
                let target = |row: Row| row.target(&self.resolved(cx), statistics, &cx.store.graph.data);
                row.map_or(Reaction::Handled, |row| Reaction::Open(target(row)))
            }
            Action::Follow => {
                let Some((statistics, _)) = self.statistics(cx) else { return Reaction::Handled };
                Reaction::Open(traces::failing(&self.resolved(cx), statistics, &cx.store.graph.data))
            }
            Action::Statistic => {
                self.measure = self.measure.next();
                Reaction::Handled
            }
            action => {
                self.sync(&rows);
                let is_move = self.list.on(action, &rows);
                self.moved |= is_move;
                if is_move { Reaction::Handled } else { Reaction::Ignored }
            }
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let entity = self.resolved(cx);
        let shown = self.facts(cx);
        let plan = arrange(area, facts::lines(&shown, area.width.saturating_sub(4)));
        let buffer = frame.buffer_mut();
        let note = graph_note(cx, area.width);
        let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
        let inner = framed(buffer, plan.facts, &self.title(cx), note, false, cx);
        facts::draw(&shown, buffer, inner, cx.theme);
        stand_back(buffer, inner, cx);
        if !plan.trend.is_empty() {
            trend::draw(&self.query(cx), self.measure, buffer, plan.trend, cx);
        }
        if !plan.edges.is_empty() {
            let rows = self.rows(cx);
            let inner = framed(buffer, plan.edges, &rows::title(&rows, cx), None, cx.focused, cx);
            self.sync(&rows);
            let cells: Vec<_> = rows.iter().map(|row| row.cells(&entity, cx)).collect();
            let (above, below) = rows::draw(&cells, &mut self.list, buffer, inner, cx);
            rows::tell_more(above, below, buffer, plan.edges, cx);
            stand_back(buffer, inner, cx);
        }
        if !plan.times.is_empty() {
            let inner = framed(buffer, plan.times, "Response times", None, false, cx);
            let histogram = self.statistics(cx).map_or(&[][..], |(statistics, _)| &statistics.histogram);
            times::draw(&times::buckets(histogram, inner.height), buffer, inner, cx.theme);
            stand_back(buffer, inner, cx);
        }
    }

    fn sentence(&self, action: Action) -> Option<&'static str> {
        match action {
            Action::Follow => Some("Opens its traces: the failing ones, if it is in trouble."),
            Action::Statistic => Some("Shows counts, shares or response times over time."),
            _ => None,
        }
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let (s, _) = self.statistics(cx)?;
        let line = format!(
            "{} requests {} ok {} error {} throttle {} fault {}",
            self.entity.name(),
            s.total,
            s.ok,
            s.error,
            s.throttle,
            s.fault
        );
        Some(clean(&line).into_owned())
    }
}

#[cfg(test)]
mod tests;
