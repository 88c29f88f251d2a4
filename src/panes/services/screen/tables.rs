//! The tables of services and of calls.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::columns::{Column, Order, Row, fitting, title};
use super::view::Scene;
use super::{Part, ServiceScreen};
use crate::panes::Cx;
use crate::store::graph::{Edge, Service};
use crate::widgets::area::cut_top;
use crate::widgets::list::ListState;
use crate::widgets::print::{Align, cells, put};
use crate::widgets::table::{Heading, Table};
use crate::widgets::theme::Role;

/// At most so many calls stand below a map that leaves no room.
const MOST_CALLS: u16 = 8;
/// Lines from which on what is free has a table.
const FEWEST_ROWS: u16 = 5;

/// What stands where a filter lets nothing through.
pub(super) const NOTHING_FOUND: &str = "No service of this name or type.";

/// Rows, and how they are shown.
struct Listed<'a, 'g> {
    rows: Vec<Row<'g>>,
    order: Order,
    /// What a row is.
    what: &'a str,
    /// Whether the cursor is shown.
    focused: bool,
}

impl ServiceScreen {
    /// The table alone.
    pub(super) fn draw_table(&mut self, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
        match self.part {
            Part::Services => {
                let services = self.rows(cx);
                if services.is_empty() {
                    put(buffer, area, NOTHING_FOUND, cx.theme.style(Role::Muted), Align::Left);
                    return;
                }
                self.draw_services(buffer, area, &services, cx.focused, cx);
            }
            Part::Calls => {
                let calls = self.listed(cx);
                self.draw_calls(buffer, area, &calls, "call", cx);
            }
        }
    }

    /// How many lines below a map have tables, where the map leaves some free.
    pub(super) fn lines_below(&self, lines: u16, free: u16, calls: usize) -> u16 {
        match self.part {
            Part::Services if free < FEWEST_ROWS => 0,
            Part::Services => free,
            Part::Calls => u16::try_from(calls + 1).unwrap_or(u16::MAX).min(MOST_CALLS + 1).min(lines / 2).max(free),
        }
    }

    /// The services on the map and the calls of the one under the cursor; where there is no room for both, those in which
    /// the cursor is.
    pub(super) fn draw_below(&mut self, buffer: &mut Buffer, area: Rect, scene: &Scene<'_>, cx: &Cx<'_>) {
        if area.is_empty() {
            return;
        }
        let mut services = self.rows(cx);
        services.retain(|service| scene.place(&service.key).is_some());
        let wanted = u16::try_from(services.len() + 1).unwrap_or(u16::MAX);
        let (above, below) = match self.part {
            _ if wanted.saturating_add(FEWEST_ROWS) < area.height => {
                let (above, below) = cut_top(area, wanted);
                (above, cut_top(below, 1).1)
            }
            Part::Services => (area, Rect::default()),
            Part::Calls => (Rect::default(), area),
        };
        if !above.is_empty() {
            // The cursor may be on a client, which has no row.
            let key = self.list.key().filter(|_| self.part == Part::Services);
            let has_row = key.is_some_and(|key| services.iter().any(|service| service.key == *key));
            let list = self.list.clone();
            self.draw_services(buffer, above, &services, has_row, cx);
            self.list = list;
        }
        if !below.is_empty() {
            let what = self.list.key().map_or_else(|| "call".to_owned(), |key| format!("calls of {}", title(key)));
            let calls = self.listed(cx);
            self.draw_calls(buffer, below, &calls, &what, cx);
        }
    }

    fn draw_services(&mut self, buffer: &mut Buffer, area: Rect, services: &[&Service], focused: bool, cx: &Cx<'_>) {
        let rows = services.iter().map(|service| Row::service(service, self.marks.firing())).collect();
        let keys: Vec<_> = services.iter().map(|service| service.key.clone()).collect();
        let listed = Listed { rows, order: self.order, what: "service", focused };
        listed.draw(buffer, area, &mut self.list, &keys, cx);
    }

    fn draw_calls(&mut self, buffer: &mut Buffer, area: Rect, calls: &[&Edge], what: &str, cx: &Cx<'_>) {
        let rows = calls.iter().map(|edge| Row::edge(edge, self.marks.firing())).collect();
        let keys: Vec<_> = calls.iter().map(|edge| (edge.from.clone(), edge.to.clone())).collect();
        let focused = self.part == Part::Calls && cx.focused;
        let listed = Listed { rows, order: self.order, what, focused };
        if self.part == Part::Calls {
            listed.draw(buffer, area, &mut self.calls, &keys, cx);
        } else {
            listed.draw(buffer, area, &mut ListState::new(), &keys, cx);
        }
    }
}

impl Listed<'_, '_> {
    fn draw<K: Clone + PartialEq>(
        &self,
        buffer: &mut Buffer,
        area: Rect,
        list: &mut ListState<K>,
        keys: &[K],
        cx: &Cx<'_>,
    ) {
        let graph = &cx.store.graph.data;
        let minutes = graph.seconds() / 60.0;
        let columns = fitting(&self.rows, area.width, graph.before.is_some());
        let heading = |(column, width): &(Column, u16)| {
            let heading = column.heading(*width, self.order);
            let title =
                if *column == Column::Name { heading.title.replace("service", self.what) } else { heading.title };
            Heading { title, ..heading }
        };
        let headings: Vec<Heading> = columns.iter().map(heading).collect();
        list.sync(keys);
        let headed = area.height >= 2;
        let shown = list.visible(self.rows.len(), usize::from(area.height.saturating_sub(u16::from(headed))));
        let cursor = list.row().checked_sub(shown.start).filter(|_| self.focused);
        let cell = |row: &Row<'_>, (column, width): &(Column, u16)| {
            let mut cell = column.cell(row, minutes);
            // Where there is little room for a type, what all of them begin with says nothing.
            if *column == Column::Kind && cells(&cell.text) > *width {
                cell.text = cell.text.trim_start_matches("AWS::").to_owned();
            }
            cell
        };
        let rows: Vec<Vec<_>> =
            self.rows[shown].iter().map(|row| columns.iter().map(|column| cell(row, column)).collect()).collect();
        Table { headings: &headings, headed, rows: &rows, cursor, theme: cx.theme }.render(area, buffer);
    }
}
