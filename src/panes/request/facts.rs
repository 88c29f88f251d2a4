//! What is known of a request, in a few lines.

use crate::panes::Cx;
use crate::panes::feed::{latency, status_role};
use crate::store::request::Request;
use crate::text::{clean_field, time};
use crate::widgets::facts::Fact;
use crate::widgets::theme::Role;

/// Says that the feed does not hold the request.
pub(super) fn unknown(id: &str) -> Fact {
    Fact::new("request", &format!("{id} is no longer in the feed"), Role::Muted)
}

/// The facts, the most telling first.
pub(super) fn of(request: &Request, cx: &Cx<'_>) -> Vec<Fact> {
    let role = status_role(request.status);
    let mut facts = vec![Fact::new("", &format!("{} {}", request.status.glyph(), request.status.name()), role)];
    if let Some(reason) = &request.reason {
        facts.push(Fact::new("", reason, role));
    }
    if cx.board.feed.as_ref().is_some_and(|rules| request.is_overdue(cx.now, rules)) {
        facts.push(Fact::new("", "overdue!", Role::Warning));
    }
    if let Some(seconds) = request.latency_s {
        facts.push(Fact::new("latency", &latency(seconds), Role::Strong));
    }
    let written = |at| time::moment(&cx.zone.at(at), &cx.zone.at(cx.now));
    let ended = Some(request.time).filter(|time| Some(*time) != request.started);
    for (label, at) in [("started", request.started), ("ended", ended)] {
        if let Some(at) = at {
            facts.push(Fact::new(label, &written(at), Role::Text));
        }
    }
    let columns = cx.board.feed.iter().flat_map(|rules| &rules.columns);
    for (column, value) in columns.zip(&request.columns).filter(|(_, value)| !value.is_empty()) {
        facts.push(Fact::new(&column.title.to_lowercase(), &clean_field(&column.field, value), Role::Strong));
    }
    let ids = [("correlation", request.correlation_id.as_deref()), ("request", Some(&*request.id))];
    for (label, id) in ids.into_iter().chain([("trace", request.trace_id.as_deref())]) {
        if let Some(id) = id {
            facts.push(Fact::new(label, id, Role::Text));
        }
    }
    facts
}
