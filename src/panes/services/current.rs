//! Figures of another window than the one on screen: until those of this one have come, they say so and stand back.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::clock::Time;
use crate::panes::inquiry::span_text;
use crate::panes::{Cx, source_note};
use crate::store::window::Span;
use crate::widgets::theme::Role;

/// Cells of a frame from which on it says of which window its figures are.
const WIDE: u16 = 76;

/// The window of the graph, where that is not the one on screen.
fn other(cx: &Cx<'_>) -> Option<(Time, Time)> {
    let graph = &cx.store.graph;
    let answered = graph.health.answered().unwrap_or(cx.now);
    graph.data.window.filter(|_| !graph.data.is_of(cx.window, answered))
}

/// What a frame of so many cells says about the graph: what is wrong with its source, and of which window it still is.
pub(in crate::panes) fn graph_note(cx: &Cx<'_>, width: u16) -> Option<(String, Role)> {
    let trouble = source_note(&cx.store.graph.health, cx.now);
    let Some((from, to)) = other(cx) else { return trouble };
    let (text, role) = match trouble {
        Some(trouble) => trouble,
        None if cx.frozen.is_some() => ("frozen".to_owned(), Role::Stale),
        None => ("reading…".to_owned(), Role::Stale),
    };
    if width < WIDE {
        return Some((text, role));
    }
    Some((format!("{text} · still those of {}", span_text(Span { from, to: Some(to) }, cx)), role))
}

/// Lets figures stand back where they are of another window.
pub(in crate::panes) fn stand_back(buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    if other(cx).is_some() {
        buffer.set_style(area, cx.theme.style(Role::Muted));
    }
}
