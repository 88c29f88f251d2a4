//! How the services do: a line each, the worst first.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::{Paragraph, Widget, Wrap};

use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::board::Unit;
use crate::panes::{Cx, Exported, Pane, Reaction, Target, exported, verdict};
use crate::store::graph::{Service, ServiceKey, Statistics};
use crate::store::health::Health;
use crate::store::trace::Verdict;
use crate::text::{clean, units};
use crate::widgets::area::{cut_top, padded};
use crate::widgets::frame::pane_frame;
use crate::widgets::legend::glyph;
use crate::widgets::list::ListState;
use crate::widgets::table::{Cell, Heading, Table};
use crate::widgets::theme::Role;

mod calls;
mod columns;
mod current;
mod screen;
pub(super) mod traces;

use columns::columns;
pub(super) use current::{graph_note, stand_back};

pub use screen::ServiceScreen;

/// Service health.
///
/// ```text
/// ┌ Services · 1 of 5 in trouble ───────────┐
/// │ service                  bad    p50   p99│
/// │ TSP                 ✗ 31.0 % 400 ms 8.0 s│
/// │ TokenProvisioning   ✗ 14.6 % 900 ms  24 s│
/// │ TokenStore          ✓  0.0 %  20 ms 80 ms│
/// └──────────────────────────────────────────┘
/// ```
///
/// The share is that of faults (✗, 5xx) where they are many, otherwise of throttles (◇) and errors (▲, 4xx); where none
/// are many, the greater one of faults and errors.
#[derive(Debug, Default)]
pub struct Services {
    list: ListState<ServiceKey>,
}

/// What is drawn.
#[derive(Debug, PartialEq)]
pub struct ServicesView {
    /// The frame's title.
    pub title: String,
    /// Columns.
    pub headings: Vec<Heading>,
    /// A row a service.
    pub rows: Vec<Vec<Cell>>,
    /// The services of the rows.
    pub keys: Vec<ServiceKey>,
    /// What stands there where there are no rows.
    pub empty: Option<(String, Role)>,
}

/// What is wrong with a service or an edge, in one figure.
pub(super) struct Trouble {
    /// The share of requests, 0–1.
    pub(super) share: f64,
    /// Its sign.
    pub(super) glyph: &'static str,
    /// What it means.
    pub(super) role: Role,
    /// Whether the share is that of errors, not of faults.
    pub(super) is_of_errors: bool,
}

impl Trouble {
    /// The worst that can be said of some statistics.
    pub(super) fn of(statistics: &Statistics) -> Self {
        let (verdict, fault, error) = (statistics.verdict(), statistics.fault_share(), statistics.error_share());
        let has_failed = verdict.has_failed();
        let is_of_errors = if has_failed { verdict != Verdict::Fault } else { error > fault };
        let share = if is_of_errors { error } else { fault };
        let (glyph, role) = match verdict::role(verdict) {
            role if has_failed => (glyph(role), role),
            _ => ("✓", Role::Good),
        };
        Self { share, glyph, role, is_of_errors }
    }

    /// It as a cell of a table.
    pub(super) fn cell(&self) -> Cell {
        // There is no room for a decimal of all of them.
        let share = units::share(self.share).replace("100.0", "100");
        Cell::new(format!("{} {share:>6}", self.glyph), self.role)
    }
}

/// A time in seconds as a cell.
pub(super) fn seconds(value: Option<f64>) -> Cell {
    let text = value.map_or(units::NOTHING.to_owned(), |value| units::value(value, Unit::Seconds));
    Cell::new(text, Role::Strong)
}

impl Services {
    /// The services, the worst on top.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is drawn into `width` cells.
    pub fn view(&self, cx: &Cx<'_>, width: u16) -> ServicesView {
        let services = sorted(cx);
        let (from, to) = cx.store.graph.data.window.unwrap_or_else(|| cx.window.range(cx.now));
        let minutes = ((to - from).num_seconds() as f64 / 60.0).max(1.0);
        let columns = columns(&services, width);
        let row = |service: &&Service| {
            let statistics = &service.statistics;
            columns.iter().map(|(column, _)| column.cell(service, statistics, minutes)).collect()
        };
        let troubled = services.iter().filter(|s| Trouble::of(&s.statistics).role != Role::Good).count();
        let title = match (services.len(), troubled) {
            (0, _) => "Services".to_owned(),
            (all, 0) => format!("Services · {all} well"),
            (all, some) => format!("Services · {some} of {all} in trouble"),
        };
        ServicesView {
            title,
            headings: columns.iter().map(|(column, width)| column.heading(*width)).collect(),
            rows: services.iter().map(row).collect(),
            keys: services.iter().map(|service| service.key.clone()).collect(),
            empty: services.is_empty().then(|| nothing(cx)),
        }
    }

    fn current(&mut self, cx: &Cx<'_>) -> Option<ServiceKey> {
        let keys: Vec<ServiceKey> = sorted(cx).into_iter().map(|service| service.key.clone()).collect();
        self.list.sync(&keys).and_then(|row| keys.into_iter().nth(row))
    }
}

impl Pane for Services {
    fn title(&self, _cx: &Cx<'_>) -> String {
        "Services".to_owned()
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        if cx.board.services { vec![Subscription::Services] } else { Vec::new() }
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let services = sorted(cx);
        let keys: Vec<ServiceKey> = services.iter().map(|service| service.key.clone()).collect();
        let row = self.list.sync(&keys).unwrap_or(0);
        let bad = |service: &&Service| Trouble::of(&service.statistics).role != Role::Good;
        let found = match action {
            Action::Open => {
                return self.current(cx).map_or(Reaction::Handled, |key| Reaction::Open(Target::Service(key)));
            }
            Action::NextError => services.iter().skip(row + 1).position(bad).map(|step| row + 1 + step),
            Action::PreviousError => services.iter().take(row).rposition(bad),
            action if self.list.on(action, &keys) => return Reaction::Handled,
            _ => return Reaction::Ignored,
        };
        if let Some(row) = found {
            self.list.select_row(row, &keys);
        }
        Reaction::Handled
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let view = self.view(cx, area.width.saturating_sub(4));
        let note = graph_note(cx, area.width).filter(|_| cx.board.services);
        let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
        let block = pane_frame(&view.title, note, cx.focused, cx.theme);
        let inner = padded(block.inner(area));
        let buffer = frame.buffer_mut();
        block.render(area, buffer);
        if let Some((text, role)) = &view.empty {
            let text = Paragraph::new(text.as_str()).style(cx.theme.style(*role)).wrap(Wrap { trim: true });
            text.render(inner, buffer);
            return;
        }
        let headed = inner.height >= 4;
        self.list.sync(&view.keys);
        let rows = self.list.visible(view.rows.len(), usize::from(inner.height.saturating_sub(u16::from(headed))));
        let cursor = self.list.row().checked_sub(rows.start).filter(|_| cx.focused);
        Table { headings: &view.headings, headed, rows: &view.rows[rows], cursor, theme: cx.theme }
            .render(inner, buffer);
        let used = view.rows.len() as u16 + u16::from(headed) + 1;
        calls::draw(buffer, cut_top(inner, used).1, cx);
        stand_back(buffer, inner, cx);
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let view = self.view(cx, 200);
        let row = self.list.key().and_then(|key| view.keys.iter().position(|k| k == key)).unwrap_or(0);
        let cells = view.rows.get(row)?.iter().map(|cell| cell.text.trim().to_owned());
        Some(cells.collect::<Vec<_>>().join("\t"))
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let services = sorted(cx);
        let here = |key: &ServiceKey| services.iter().position(|service| service.key == *key);
        Some(exported::services(&services, self.list.key().and_then(here).or(Some(0))))
    }
}

/// The services, most faults first, then most errors, then nearest to the client. A client that answers nothing is
/// where requests come from, not a service.
fn sorted<'a>(cx: &Cx<'a>) -> Vec<&'a Service> {
    let all = &cx.store.graph.data.services;
    let mut services: Vec<&Service> = all.iter().filter(|s| s.key.kind != "client" || s.statistics.total > 0).collect();
    // Compared in tenths of a percent, so that services that do about as well do not change places all the time.
    let coarse = |share: f64| (share * 1000.0).round() as i64;
    services
        .sort_by_key(|s| std::cmp::Reverse((coarse(s.statistics.fault_share()), coarse(s.statistics.error_share()))));
    services
}

fn nothing(cx: &Cx<'_>) -> (String, Role) {
    if !cx.board.services {
        return ("This board shows no services.".to_owned(), Role::Muted);
    }
    match &cx.store.graph.health {
        Health::Waiting => ("Asking X-Ray …".to_owned(), Role::Muted),
        Health::Live { .. } => ("X-Ray saw no requests in this window.".to_owned(), Role::Muted),
        Health::Stale { error, .. } | Health::Failed { error, .. } => {
            (clean(&error.message).into_owned(), Role::Failed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panes::testing::{SIZES, World, key};

    fn show(world: &World, width: u16, height: u16) -> String {
        let text = world.draw(&mut Services::new(), width, height).join("\n");
        println!("{text}");
        text
    }

    #[test]
    fn every_state_draws_at_every_size() {
        for world in World::all() {
            for (width, height) in SIZES {
                world.draw(&mut Services::new(), width, height);
            }
        }
    }

    #[test]
    fn the_worst_service_stands_first() {
        let world = World::live();
        let view = Services::new().view(&world.cx(), 100);
        let names: Vec<&str> = view.keys.iter().map(|key| key.name.as_str()).collect();
        let expected = ["TSP", "TokenProvisioningService", "TokenizationService", "token-api/prod", "TokenStore"];
        assert_eq!(names, expected);
        assert_eq!(view.title, "Services · 3 of 5 in trouble");
    }

    #[test]
    fn a_strip_shows_share_and_times() {
        let world = World::live();
        let screen = show(&world, 38, 8);
        assert!(screen.contains("✗ 31.0 %"), "{screen}");
        let wide = show(&world, 150, 8);
        for part in ["2.22k/min", "AWS::Lambda", "124.0 k", "10.0 ms", "p90"] {
            assert!(wide.contains(part), "{part}");
        }
        show(&world, 60, 8);
    }

    #[test]
    fn opening_goes_to_the_service_under_the_cursor() {
        let world = World::live();
        let mut pane = Services::new();
        pane.on(Action::Down, &world.cx());
        let expected = Target::Service(key("AWS::Lambda", "TokenProvisioningService"));
        assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Open(expected));
        pane.on(Action::NextError, &world.cx());
        pane.on(Action::NextError, &world.cx());
        let expected = Target::Service(key("AWS::ECS::Container", "TokenizationService"));
        assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Open(expected));
        assert!(pane.copied(&world.cx()).expect("a row").starts_with("TokenizationService\tAWS::ECS"));
    }

    #[test]
    fn what_is_missing_is_said() {
        assert!(show(&World::failed(), 80, 6).contains("not authorized"));
        assert!(show(&World::empty(), 80, 6).contains("Asking X-Ray"));
        assert!(show(&World::stale(), 80, 8).contains("stale 40s"));
    }
}
