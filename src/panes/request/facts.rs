//! What is known of a request, in a few lines.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::panes::Cx;
use crate::panes::feed::{latency, status_role};
use crate::store::request::Request;
use crate::text::{clean, time};
use crate::widgets::print::{cells, line, put_next};
use crate::widgets::theme::{Role, Theme};

/// A label with the blank after it, which may be empty, and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    label: String,
    value: String,
    role: Role,
}

fn fact(label: &str, value: &str, role: Role) -> Fact {
    let label = if label.is_empty() { String::new() } else { format!("{} ", clean(label)) };
    Fact { label, value: clean(value).into_owned(), role }
}

impl Fact {
    fn width(&self) -> u16 {
        cells(&self.label).saturating_add(cells(&self.value))
    }
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

/// Where each fact stands: its line and its first cell, wrapped between facts.
fn places(facts: &[Fact], width: u16) -> Vec<(u16, u16)> {
    let (mut row, mut used) = (0_u16, 0_u16);
    let place = |fact: &Fact| {
        let need = fact.width();
        if used > 0 && used.saturating_add(2).saturating_add(need) > width {
            (row, used) = (row.saturating_add(1), 0);
        }
        let start = if used > 0 { used + 2 } else { 0 };
        used = start.saturating_add(need);
        (row, start)
    };
    facts.iter().map(place).collect()
}

/// How many lines the facts take.
pub(super) fn lines(facts: &[Fact], width: u16) -> u16 {
    places(facts, width).last().map_or(0, |(row, _)| row + 1)
}

/// Draws the facts one after the other.
pub(super) fn draw(facts: &[Fact], buffer: &mut Buffer, area: Rect, theme: &Theme) {
    for (fact, (row, start)) in facts.iter().zip(places(facts, area.width)) {
        let Some(place) = line(area, usize::from(row)) else { return };
        let start = start.min(place.width);
        let space = Rect { x: place.x + start, width: place.width - start, ..place };
        let space = put_next(buffer, space, &fact.label, theme.style(Role::Muted));
        put_next(buffer, space, &fact.value, theme.style(fact.role));
    }
}
