//! One line on the service or the call under the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::columns::{rate, title};
use crate::analysis::concerns::Firing;
use crate::board::ChangeUnit;
use crate::panes::Cx;
use crate::panes::services::{Trouble, seconds};
use crate::store::graph::{Change, Edge, Service, Statistics};
use crate::text::{clean, units};
use crate::widgets::map::FIRING;
use crate::widgets::print::{cells, put_next};
use crate::widgets::theme::Role;

/// What is told of.
pub(super) struct Told<'g> {
    name: String,
    kind: String,
    statistics: &'g Statistics,
    change: Option<Change>,
    firing: usize,
    /// How many calls lead to it, and from it.
    calls: String,
}

/// A part of the line: how much it matters, the least first, and what it is.
type Part = (u8, String, Role);

/// How much the change of the time before it matters, with which it stands.
const CHANGE: u8 = 3;

/// What stands before a part.
const fn before(matters: u8) -> &'static str {
    if matters == CHANGE { " " } else { " · " }
}

impl<'g> Told<'g> {
    /// A service.
    pub(super) fn service(service: &'g Service, firing: &Firing, edges: &[Edge]) -> Self {
        let into = edges.iter().filter(|edge| edge.to == service.key).count();
        let out = edges.iter().filter(|edge| edge.from == service.key).count();
        Self {
            name: title(&service.key).into_owned(),
            kind: clean(&service.key.kind).into_owned(),
            statistics: &service.statistics,
            change: service.change(),
            firing: firing.on(&service.key),
            calls: format!("{into} in, {out} out"),
        }
    }

    /// The calls of one service by another.
    pub(super) fn call(edge: &'g Edge, firing: &Firing) -> Self {
        let arrow = if edge.is_link() { "⇢" } else { "→" };
        Self {
            name: format!("{} {arrow} {}", title(&edge.from), title(&edge.to)),
            kind: String::new(),
            statistics: &edge.statistics,
            change: edge.change(),
            firing: firing.between(&edge.from, &edge.to),
            calls: String::new(),
        }
    }

    /// Its parts, in the order in which they stand.
    fn parts(&self, seconds_of_window: f64) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        if !self.kind.is_empty() {
            parts.push((7, self.kind.clone(), Role::Muted));
        }
        if self.firing > 0 {
            parts.push((0, format!("{FIRING} {} firing", self.firing), Role::AlarmFiring));
        }
        let statistics = self.statistics;
        if statistics.total > 0 {
            let trouble = Trouble::of(statistics);
            parts.push((4, rate(statistics, seconds_of_window / 60.0), Role::Text));
            parts.push((1, format!("{} {}", trouble.glyph, units::share(trouble.share)), trouble.role));
            parts.push((9, format!("avg {}", seconds(statistics.mean()).text), Role::Text));
            for (matters, name, q) in [(5, "p50", 0.5), (8, "p90", 0.9), (2, "p99", 0.99)] {
                parts.push((matters, format!("{name} {}", seconds(statistics.percentile(q)).text), Role::Text));
            }
            if let Some(change) = self.change.and_then(|change| change.p99) {
                parts.push((CHANGE, units::change(change, ChangeUnit::Percent), Role::Text));
            }
        }
        if !self.calls.is_empty() {
            parts.push((6, self.calls.clone(), Role::Muted));
        }
        parts
    }

    /// Writes what there is room for, what matters most first.
    pub(super) fn draw(&self, buffer: &mut Buffer, space: Rect, cx: &Cx<'_>) {
        let mut parts = self.parts(cx.store.graph.data.seconds());
        let long =
            |parts: &[Part]| parts.iter().map(|(matters, text, _)| cells(before(*matters)) + cells(text)).sum::<u16>();
        while cells(&self.name).saturating_add(long(&parts)) > space.width {
            let least = parts.iter().enumerate().max_by_key(|(_, (matters, ..))| *matters).map(|(at, _)| at);
            let Some(least) = least else { break };
            parts.remove(least);
        }
        let mut space = put_next(buffer, space, &self.name, cx.theme.style(Role::Strong));
        for (matters, text, role) in parts {
            space = put_next(buffer, space, before(matters), cx.theme.style(Role::Muted));
            space = put_next(buffer, space, &text, cx.theme.style(role));
        }
    }
}
