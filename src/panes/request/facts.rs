//! What is known of a request, in a few lines.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::panes::Cx;
use crate::panes::feed::{latency, status_role};
use crate::store::request::Request;
use crate::text::{clean, time};
use crate::widgets::print::{cells, line, put_next};
use crate::widgets::theme::{Role, Theme};

/// A label, which may be empty, and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    label: String,
    value: String,
    role: Role,
}

fn fact(label: &str, value: &str, role: Role) -> Fact {
    Fact { label: clean(label).into_owned(), value: clean(value).into_owned(), role }
}

/// Says that the feed does not hold the request.
pub(super) fn unknown(id: &str) -> Fact {
    fact("request", &format!("{id} is no longer in the feed"), Role::Muted)
}

/// The facts, the most telling first.
pub(super) fn of(request: &Request, cx: &Cx<'_>) -> Vec<Fact> {
    let role = status_role(request.status);
    let mut facts = vec![fact("", &format!("{} {}", request.status.glyph(), request.status.name()), role)];
    if let Some(reason) = &request.reason {
        facts.push(fact("", reason, role));
    }
    if cx.board.feed.as_ref().is_some_and(|rules| request.is_overdue(cx.now, rules)) {
        facts.push(fact("", "overdue!", Role::Warning));
    }
    if let Some(seconds) = request.latency_s {
        facts.push(fact("latency", &latency(seconds), Role::Strong));
    }
    let written = |at| time::moment(&cx.zone.at(at), &cx.zone.at(cx.now));
    let ended = Some(request.time).filter(|time| Some(*time) != request.started);
    for (label, at) in [("started", request.started), ("ended", ended)] {
        if let Some(at) = at {
            facts.push(fact(label, &written(at), Role::Text));
        }
    }
    let columns = cx.board.feed.iter().flat_map(|rules| &rules.columns);
    for (column, value) in columns.zip(&request.columns).filter(|(_, value)| !value.is_empty()) {
        facts.push(fact(&column.title.to_lowercase(), value, Role::Strong));
    }
    let ids = [("correlation", request.correlation_id.as_deref()), ("request", Some(&*request.id))];
    for (label, id) in ids.into_iter().chain([("trace", request.trace_id.as_deref())]) {
        if let Some(id) = id {
            facts.push(fact(label, id, Role::Text));
        }
    }
    facts
}

/// Draws the facts one after the other, wrapped between them.
pub(super) fn draw(facts: &[Fact], buffer: &mut Buffer, area: Rect, theme: &Theme) {
    let (mut row, mut used) = (0, 0);
    for fact in facts {
        let label = if fact.label.is_empty() { String::new() } else { format!("{} ", fact.label) };
        let need = cells(&label) + cells(&fact.value);
        if used > 0 && used + 2 + need > area.width {
            (row, used) = (row + 1, 0);
        }
        let Some(place) = line(area, row) else { return };
        let gap = if used > 0 { 2 } else { 0 };
        let start = (used + gap).min(place.width);
        let space = Rect { x: place.x + start, width: place.width - start, ..place };
        let space = put_next(buffer, space, &label, theme.style(Role::Muted));
        put_next(buffer, space, &fact.value, theme.style(fact.role));
        used = start.saturating_add(need);
    }
}
