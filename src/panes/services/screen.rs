//! The screen of the services: a map, or a table of services and one of calls.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::analysis::concerns::Firing;
use crate::analysis::layout::Way;
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::panes::{Cx, Exported, Pane, Reaction, Target, exported};
use crate::store::graph::ServiceKey;
use crate::text::clean;
use crate::widgets::list::ListState;
use crate::widgets::map::Scroll;

mod columns;
mod cursor;
mod draw;
mod marks;
mod picture;
mod tables;
mod tell;
#[cfg(test)]
mod tests;
mod view;
mod words;

use columns::{Column, Order, Row, fitting};
use marks::Marks;
use picture::Picture;
use view::{Reach, matches};

/// A call, by the keys of both.
type CallKey = (ServiceKey, ServiceKey);

/// How the services are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Form {
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
enum Part {
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
    form: Form,
    part: Part,
    list: ListState<ServiceKey>,
    calls: ListState<CallKey>,
    order: Order,
    filter: String,
    reach: Reach,
    marks: Marks,
    picture: Option<Picture>,
    scroll: Scroll,
    /// The cells of a row when it was drawn last.
    width: u16,
    /// Whether rows stood below the map when it was drawn last.
    is_listed: bool,
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
            marks: Marks::default(),
            picture: None,
            scroll: Scroll::default(),
            width: 76,
            is_listed: false,
            opens: false,
        }
    }
}

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

    /// The name of what a filter has left, for titles.
    fn narrowed(&self) -> Option<String> {
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
        let worst = || self.rows(cx).first().map(|service| service.key.clone());
        self.list.key().cloned().or_else(worst).map(Target::Service)
    }

    fn filter(&self) -> Option<&str> {
        Some(&self.filter)
    }

    fn set_filter(&mut self, text: &str, cx: &Cx<'_>) {
        text.clone_into(&mut self.filter);
        // The cursor is to be on something that was looked for.
        if self.list.key().is_none_or(|key| !matches(key, text))
            && let Some(first) = self.rows(cx).first()
        {
            self.list.select(first.key.clone());
        }
    }

    fn hints(&self) -> Option<&'static [(Action, &'static str)]> {
        Some(self.footer())
    }

    fn refusal(&self, action: Action, _cx: &Cx<'_>) -> Option<String> {
        words::refusal(action)
    }

    fn sentence(&self, action: Action) -> Option<&'static str> {
        words::sentence(action)
    }

    fn identifier(&self, _cx: &Cx<'_>) -> Option<String> {
        self.list.key().map(|key| key.name.clone())
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let graph = &cx.store.graph.data;
        let firing = &Firing::default();
        let row = match self.part {
            Part::Services => Row::service(graph.service(self.list.key()?)?, firing),
            Part::Calls => {
                let (from, to) = self.calls.key()?;
                Row::edge(graph.edge(from, to)?, firing)
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
        let services = self.rows(cx);
        let here = self.list.key().and_then(|key| services.iter().position(|service| service.key == *key));
        Some(exported::services(&services, here.or(Some(0))))
    }
}
