//! The screen of the services: a map, or a table of services and one of calls.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::analysis::layout::Way;
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::panes::{Cx, Exported, Pane, Reaction, Target, exported};
use crate::store::graph::{Edge, ServiceKey, Statistics};
use crate::text::clean;
use crate::widgets::list::ListState;
use crate::widgets::map::Scroll;
use crate::widgets::theme::Role;

use super::Trouble;
use super::columns::{Column, Order, Row, fitting};
use super::picture::Picture;
use super::screen_view::{Reach, calls, matches, rows};
use super::traces;

/// A call, by the keys of both.
pub(super) type CallKey = (ServiceKey, ServiceKey);

/// How the services are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Form {
    /// As a map where it fits, else as a table.
    #[default]
    Fitting,
    /// As a map.
    Map,
    /// As a table.
    Table,
}

/// In which list the cursor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Part {
    /// Services.
    #[default]
    Services,
    /// Calls.
    Calls,
}

/// Services and who calls whom.
///
/// ```text
/// ┌ Services · 3 of 6 in trouble ─────────────────────────────────────────────────────────┐
/// │ ○ client ──►✓ token-api  ──►✗ TokenProvisioningService ─┬─◇─►◇ (TokenStore)            │
/// │               0.1 % p99 …     14.6 % p99 24.9 s         └─✗─►✗ TokenizationService ─✗─►│
/// │ TSP · remote · 2.1k/min · ✗ 31.0 % · p50 400 ms · p90 8.00 s · p99 8.00 s · 1 in, 0 out│
/// └───────────────────────────────────────────────────────────────────── 2 ► outside ──────┘
/// ```
#[derive(Debug)]
pub struct ServiceScreen {
    pub(super) form: Form,
    pub(super) part: Part,
    pub(super) list: ListState<ServiceKey>,
    pub(super) calls: ListState<CallKey>,
    pub(super) order: Order,
    pub(super) filter: String,
    pub(super) reach: Reach,
    pub(super) picture: Option<Picture>,
    pub(super) scroll: Scroll,
    /// The cells of a row when it was drawn last.
    pub(super) width: u16,
    /// Whether rows stood below the map when it was drawn last.
    pub(super) is_listed: bool,
    /// Whether what is opened next is a level of its own.
    opens: bool,
}

impl Default for ServiceScreen {
    fn default() -> Self {
        Self {
            form: Form::default(),
            part: Part::default(),
            list: ListState::new(),
            calls: ListState::new(),
            order: Order { column: Column::Bad, reversed: false },
            filter: String::new(),
            reach: Reach::default(),
            picture: None,
            scroll: Scroll::default(),
            width: 76,
            is_listed: false,
            opens: false,
        }
    }
}

const MAP_KEYS: &[(Action, &str)] = &[
    (Action::Open, "open"),
    (Action::Right, "next service"),
    (Action::NextError, "next in trouble"),
    (Action::Follow, "traces"),
    (Action::NextPane, "calls"),
    (Action::Maximise, "neighbours"),
    (Action::Layout, "table"),
    (Action::Filter, "filter"),
    (Action::TimeRange, "time"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

const TABLE_KEYS: &[(Action, &str)] = &[
    (Action::Open, "open"),
    (Action::NextError, "next in trouble"),
    (Action::Follow, "traces"),
    (Action::NextPane, "calls, services"),
    (Action::Sort, "sort"),
    (Action::Reverse, "turn round"),
    (Action::Layout, "map"),
    (Action::Filter, "filter"),
    (Action::TimeRange, "time"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

impl ServiceScreen {
    /// A map where it fits, with the cursor on the worst service.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether it is a map that is shown.
    pub fn is_map(&self) -> bool {
        match self.form {
            Form::Map => true,
            Form::Table => false,
            Form::Fitting => self.picture.as_ref().is_none_or(|picture| picture.plan.fits),
        }
    }

    /// The services through which the cursor goes: rows of the table, or the map as it is read.
    fn keys(&self, cx: &Cx<'_>) -> Vec<ServiceKey> {
        match self.picture.as_ref().filter(|_| self.is_map()) {
            Some(picture) => {
                picture.plan.layout.reading().into_iter().filter_map(|place| picture.key(place)).cloned().collect()
            }
            None => rows(cx, &self.filter, self.order).into_iter().map(|service| service.key.clone()).collect(),
        }
    }

    /// The calls that are listed: of the service under the cursor beside a map, of all beside a table.
    pub(super) fn listed<'a>(&self, cx: &Cx<'a>) -> Vec<&'a Edge> {
        let of = self.list.key().filter(|_| self.is_map());
        calls(cx, &self.filter, self.order, of)
    }

    fn call_keys(&self, cx: &Cx<'_>) -> Vec<CallKey> {
        self.listed(cx).into_iter().map(|edge| (edge.from.clone(), edge.to.clone())).collect()
    }

    /// Puts the cursor where it belongs once the graph is known: on what was asked for, else on the worst.
    pub(super) fn sync(&mut self, cx: &Cx<'_>) {
        let graph = &cx.store.graph.data;
        match self.list.key() {
            Some(key) if key.kind.is_empty() && graph.service(key).is_none() => {
                if let Some(service) = graph.find(&key.clone()) {
                    self.list.select(service.key.clone());
                }
            }
            Some(_) => {}
            None => {
                if let Some(worst) = rows(cx, &self.filter, self.order).first() {
                    self.list.select(worst.key.clone());
                }
            }
        }
    }

    fn sort(&mut self, cx: &Cx<'_>) {
        let shown = self.columns(cx);
        self.order = self.order.next(&shown);
    }

    /// The columns of the list in which the cursor is.
    fn columns(&self, cx: &Cx<'_>) -> Vec<(Column, u16)> {
        let graph = &cx.store.graph.data;
        let rows: Vec<Row<'_>> = match self.part {
            Part::Services => rows(cx, &self.filter, self.order).into_iter().map(Row::service).collect(),
            Part::Calls => self.listed(cx).into_iter().map(Row::edge).collect(),
        };
        fitting(&rows, self.width, graph.before.is_some())
    }

    /// Moves on the map.
    fn step(&mut self, way: Way) -> Reaction {
        if let Some(picture) = &self.picture {
            let place = self.list.key().and_then(|key| picture.place(key)).unwrap_or(0);
            let next = picture.plan.layout.step(place, way, picture.ends());
            if let Some(key) = next.and_then(|next| picture.key(next)) {
                self.list.select(key.clone());
            }
        }
        Reaction::Handled
    }

    fn find_trouble(&mut self, cx: &Cx<'_>, forward: bool) -> Reaction {
        let bad = |statistics: &Statistics| Trouble::of(statistics).role != Role::Good;
        let graph = &cx.store.graph.data;
        let next = |row: usize, is_bad: Vec<bool>| {
            if forward {
                is_bad.iter().skip(row + 1).position(|bad| *bad).map(|step| row + 1 + step)
            } else {
                is_bad.iter().take(row).rposition(|bad| *bad)
            }
        };
        match self.part {
            Part::Services => {
                let keys = self.keys(cx);
                let row = self.list.sync(&keys).unwrap_or(0);
                let is_bad = keys.iter().map(|key| graph.service(key).is_some_and(|it| bad(&it.statistics))).collect();
                if let Some(row) = next(row, is_bad) {
                    self.list.select_row(row, &keys);
                }
            }
            Part::Calls => {
                let keys = self.call_keys(cx);
                let row = self.calls.sync(&keys).unwrap_or(0);
                let is_bad = self.listed(cx).iter().map(|edge| bad(&edge.statistics)).collect();
                if let Some(row) = next(row, is_bad) {
                    self.calls.select_row(row, &keys);
                }
            }
        }
        Reaction::Handled
    }

    /// Opens the service under the cursor; of a call, who is called, or the caller where the cursor of the map is on that.
    fn open(&mut self, cx: &Cx<'_>) -> Reaction {
        let key = match self.part {
            Part::Services => self.list.key().cloned(),
            Part::Calls => {
                let keys = self.call_keys(cx);
                let call = self.calls.sync(&keys).and_then(|row| keys.into_iter().nth(row));
                let here = self.list.key().filter(|_| self.is_map());
                call.map(|(from, to)| if here == Some(&to) { from } else { to })
            }
        };
        let Some(key) = key.filter(|key| cx.store.graph.data.service(key).is_some()) else { return Reaction::Handled };
        self.opens = true;
        Reaction::Open(Target::Service(key))
    }
}

impl ServiceScreen {
    /// The traces of what is under the cursor.
    fn traces(&mut self, cx: &Cx<'_>) -> Option<Target> {
        let graph = &cx.store.graph.data;
        match self.part {
            Part::Services => Some(traces::of_service(graph.service(self.list.key()?)?)),
            Part::Calls => {
                let keys = self.call_keys(cx);
                let (from, to) = keys.get(self.calls.sync(&keys)?)?;
                Some(traces::of_call(graph.edge(from, to)?))
            }
        }
    }

    /// The name of what a filter has left, for titles.
    pub(super) fn narrowed(&self) -> Option<String> {
        (!self.filter.trim().is_empty()).then(|| format!("/{}", clean(&self.filter)))
    }
}

impl Pane for ServiceScreen {
    fn title(&self, _cx: &Cx<'_>) -> String {
        "Services".to_owned()
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        if cx.board.services { vec![Subscription::Services, Subscription::ServicesBefore] } else { Vec::new() }
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        self.sync(cx);
        let is_map = self.is_map();
        let on_map = is_map && self.part == Part::Services;
        match action {
            Action::Open => self.open(cx),
            Action::Follow => self.traces(cx).map_or(Reaction::Handled, Reaction::Open),
            Action::NextError => self.find_trouble(cx, true),
            Action::PreviousError => self.find_trouble(cx, false),
            Action::NextPane | Action::PreviousPane => {
                self.part = if self.part == Part::Services { Part::Calls } else { Part::Services };
                Reaction::Handled
            }
            Action::Back if self.part == Part::Calls => {
                self.part = Part::Services;
                Reaction::Handled
            }
            Action::Back if self.reach != Reach::All && is_map && self.filter.is_empty() => {
                self.reach = Reach::All;
                Reaction::Handled
            }
            Action::Layout => {
                self.form = if is_map { Form::Table } else { Form::Map };
                Reaction::Handled
            }
            Action::Maximise if is_map => {
                if let Some(key) = self.list.key() {
                    self.reach = self.reach.closer(key.clone());
                }
                Reaction::Handled
            }
            Action::Sort if !is_map || self.is_listed => {
                self.sort(cx);
                Reaction::Handled
            }
            Action::Reverse if !is_map || self.is_listed => {
                self.order.reversed = !self.order.reversed;
                Reaction::Handled
            }
            Action::Left if on_map => self.step(Way::Left),
            Action::Right if on_map => self.step(Way::Right),
            Action::Up if on_map => self.step(Way::Up),
            Action::Down if on_map => self.step(Way::Down),
            action if self.part == Part::Services && self.list.on(action, &self.keys(cx)) => Reaction::Handled,
            action if self.part == Part::Calls && self.calls.on(action, &self.call_keys(cx)) => Reaction::Handled,
            _ => Reaction::Ignored,
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        self.draw_all(frame.buffer_mut(), area, cx);
    }

    /// A service that was asked for gets the cursor; what is opened by `Enter` is a level of its own.
    fn accepts(&mut self, target: &Target) -> bool {
        let Target::Service(key) = target else { return false };
        if std::mem::take(&mut self.opens) {
            return false;
        }
        self.list.select(key.clone());
        true
    }

    fn here(&self, cx: &Cx<'_>) -> Option<Target> {
        let worst = || rows(cx, &self.filter, self.order).first().map(|service| service.key.clone());
        self.list.key().cloned().or_else(worst).map(Target::Service)
    }

    fn filter(&self) -> Option<&str> {
        Some(&self.filter)
    }

    fn set_filter(&mut self, text: &str, cx: &Cx<'_>) {
        text.clone_into(&mut self.filter);
        // The cursor is to be on something that was looked for.
        if self.list.key().is_none_or(|key| !matches(key, text))
            && let Some(first) = rows(cx, text, self.order).first()
        {
            self.list.select(first.key.clone());
        }
    }

    fn hints(&self) -> Option<&'static [(Action, &'static str)]> {
        Some(if self.is_map() { MAP_KEYS } else { TABLE_KEYS })
    }

    fn offers(&self, action: Action) -> bool {
        action != Action::Right || self.part == Part::Services
    }

    fn refusal(&self, action: Action, _cx: &Cx<'_>) -> Option<String> {
        match action {
            Action::Sort | Action::Reverse => Some("only a table is sorted: v shows it".to_owned()),
            Action::Maximise => Some("only a map shows neighbours: v shows it".to_owned()),
            _ => None,
        }
    }

    fn sentence(&self, action: Action) -> Option<&'static str> {
        match action {
            Action::Layout => Some("Shows the services as a map, or as a table."),
            Action::Maximise => Some("Shows what is two calls from the service under the cursor, one call, or all."),
            Action::Follow => {
                Some("Opens the traces of the service or call under the cursor: the failing ones, if it is in trouble.")
            }
            Action::NextPane => Some("Moves from the services to the calls, and back."),
            Action::NextError => Some("Moves to the next service or call in trouble."),
            _ => None,
        }
    }

    fn identifier(&self, _cx: &Cx<'_>) -> Option<String> {
        self.list.key().map(|key| key.name.clone())
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let graph = &cx.store.graph.data;
        let row = match self.part {
            Part::Services => Row::service(graph.service(self.list.key()?)?),
            Part::Calls => {
                let (from, to) = self.calls.key()?;
                Row::edge(graph.edge(from, to)?)
            }
        };
        let columns = fitting(std::slice::from_ref(&row), u16::MAX, graph.before.is_some());
        let minutes = graph.seconds() / 60.0;
        let cells = columns.iter().map(|(column, _)| column.cell(&row, minutes).text.trim().to_owned());
        Some(cells.collect::<Vec<_>>().join("\t"))
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        if self.part == Part::Calls {
            let calls = self.listed(cx);
            let here =
                self.calls.key().and_then(|(from, to)| calls.iter().position(|it| it.from == *from && it.to == *to));
            return Some(exported::calls(&calls, here.or(Some(0))));
        }
        let services = rows(cx, &self.filter, self.order);
        let here = self.list.key().and_then(|key| services.iter().position(|service| service.key == *key));
        Some(exported::services(&services, here.or(Some(0))))
    }
}

#[cfg(test)]
#[path = "screen_tests.rs"]
mod tests;
