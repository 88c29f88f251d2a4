//! What is known of a request, in a few lines.

use serde_json::Value;

use crate::board::Unit;
use crate::panes::feed::{latency, status_role};
use crate::panes::{Cx, verdict};
use crate::store::request::Request;
use crate::store::trace::{Trace, Verdict, instant};
use crate::text::{clean_field, time, units};
use crate::widgets::facts::Fact;
use crate::widgets::legend::glyph;
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

/// The facts of a trace: what its root tells of the whole.
pub(super) fn of_trace(id: &str, trace: Option<&Trace>, cx: &Cx<'_>) -> Vec<Fact> {
    let Some((trace, root)) = trace.and_then(|trace| Some((trace, trace.spans.first()?))) else {
        return vec![Fact::new("trace", id, Role::Text)];
    };
    let verdict = root.verdict();
    let role = if verdict == Verdict::Ok { Role::Good } else { verdict::role(verdict) };
    let mut facts = vec![
        Fact::new("", &format!("{} {}", glyph(role), verdict.name()), role),
        Fact::new("", &root.name, Role::Strong),
    ];
    let at = |keys: &[&str]| keys.iter().try_fold(&*root.document, |value, key| value.get(*key));
    let text = |keys: &[&str]| at(keys).and_then(Value::as_str).unwrap_or_default();
    let status = at(&["http", "response", "status"]).and_then(Value::as_i64).map(|status| status.to_string());
    let (method, url) = (text(&["http", "request", "method"]), text(&["http", "request", "url"]));
    let request = [method, &clean_field("url", url), status.as_deref().unwrap_or_default()];
    let request: Vec<&str> = request.into_iter().filter(|part| !part.is_empty()).collect();
    if !request.is_empty() {
        facts.push(Fact::new("", &request.join(" "), Role::Text));
    }
    facts.push(Fact::new("took", &units::value(trace.duration_s, Unit::Seconds), Role::Strong));
    if let Some(start) = trace.span().and_then(|(start, _)| instant(start)) {
        facts.push(Fact::new("started", &time::moment(&cx.zone.at(start), &cx.zone.at(cx.now)), Role::Text));
    }
    let told = [("user", text(&["user"])), ("from", text(&["http", "request", "client_ip"]))];
    for (label, value) in told.into_iter().filter(|(_, value)| !value.is_empty()) {
        facts.push(Fact::new(label, &clean_field(label, value), Role::Text));
    }
    facts
}
