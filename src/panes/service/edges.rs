//! Who calls a service, and whom it calls.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::board::Unit;
use crate::panes::Cx;
use crate::panes::services::{Trouble, seconds};
use crate::store::graph::{Edge, ServiceGraph, ServiceKey};
use crate::text::{clean, units};
use crate::widgets::list::ListState;
use crate::widgets::print::{Align, put};
use crate::widgets::table::{Cell, Heading, Table};
use crate::widgets::theme::Role;

/// One end of an edge, seen from the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EdgeKey {
    /// Whether calls come in.
    pub(super) inward: bool,
    /// The service at the other end.
    pub(super) other: ServiceKey,
}

/// The edges of a service: those that come in, then those that go out.
fn edges<'g>(graph: &'g ServiceGraph, service: &'g ServiceKey) -> impl Iterator<Item = (EdgeKey, &'g Edge)> {
    let of = move |inward: bool| {
        graph.edges.iter().filter_map(move |edge| {
            let (here, other) = if inward { (&edge.to, &edge.from) } else { (&edge.from, &edge.to) };
            (here == service).then(|| (EdgeKey { inward, other: other.clone() }, edge))
        })
    };
    of(true).chain(of(false))
}

/// What the cursor can stand on.
pub(super) fn keys(graph: &ServiceGraph, service: &ServiceKey) -> Vec<EdgeKey> {
    edges(graph, service).map(|(key, _)| key).collect()
}

/// The title and a row an edge.
pub(super) fn view(graph: &ServiceGraph, service: &ServiceKey) -> (String, Vec<Vec<Cell>>) {
    let rows: Vec<Vec<Cell>> = edges(graph, service)
        .map(|(key, edge)| {
            let arrow = if key.inward { "←" } else { "→" };
            let statistics = &edge.statistics;
            vec![
                Cell::new(format!("{arrow} {}", clean(&key.other.name)), Role::Strong),
                Cell::new(units::value(statistics.total as f64, Unit::Count), Role::Text),
                Trouble::of(statistics).cell(),
                seconds(statistics.percentile(0.5)),
                seconds(statistics.percentile(0.99)),
            ]
        })
        .collect();
    let inward = edges(graph, service).filter(|(key, _)| key.inward).count();
    (format!("Edges · {inward} in · {} out", rows.len() - inward), rows)
}

/// Draws the rows in view.
pub(super) fn draw(rows: &[Vec<Cell>], list: &mut ListState<EdgeKey>, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    if rows.is_empty() {
        put(buffer, area, "No calls in or out.", cx.theme.style(Role::Muted), Align::Left);
        return;
    }
    let heading = |title: &str, width, align| Heading { title: title.to_owned(), width, align };
    let name = area.width.saturating_sub(8 + 9 + 7 + 7 + 4).min(50);
    let headings = [
        heading("service", name, Align::Left),
        heading("requests", 8, Align::Right),
        heading("bad", 9, Align::Right),
        heading("p50", 7, Align::Right),
        heading("p99", 7, Align::Right),
    ];
    let headed = area.height >= 4;
    let view = list.visible(rows.len(), usize::from(area.height.saturating_sub(u16::from(headed))));
    let cursor = list.row().checked_sub(view.start).filter(|_| cx.focused);
    Table { headings: &headings, headed, rows: &rows[view], cursor, theme: cx.theme }.render(area, buffer);
}
