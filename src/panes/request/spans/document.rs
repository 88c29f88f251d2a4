//! What is known of one span, as a tree.

use serde_json::{Value, json};

use crate::analysis::waterfall::{Exception, Frame, causes, label};
use crate::panes::Cx;
use crate::store::log::LogEvent;
use crate::store::trace::Trace;
use crate::text::{clean, time};
use crate::widgets::theme::Role;
use crate::widgets::tree::Root;

/// What stands first, in this order; the rest follows closed.
const PARTS: [&str; 6] = ["http", "annotations", "metadata", "aws", "sql", "links"];

/// The document of a span, what explains a failure first.
pub(super) fn roots(trace: &Trace, at: usize) -> Vec<Root> {
    let Some(Value::Object(fields)) = trace.spans.get(at).map(|span| &*span.document) else { return Vec::new() };
    let mut rest = fields.clone();
    let head = |name: &str| vec![(name.to_owned(), Role::Strong)];
    rest.shift_remove("cause");
    let mut roots = exceptions(trace, at);
    for part in PARTS {
        if let Some(value) = rest.shift_remove(part) {
            roots.push(Root { id: part.to_owned(), head: head(part), value, open: true });
        }
    }
    if !rest.is_empty() {
        roots.push(Root { id: "rest".to_owned(), head: head("segment"), value: Value::Object(rest), open: false });
    }
    roots
}

/// Why a span failed: a value an exception, each after the one that it led to.
fn exceptions(trace: &Trace, at: usize) -> Vec<Root> {
    let Some(causes) = causes(trace, at) else { return Vec::new() };
    let said = |id: &str, role: Role, text: String| Root {
        id: id.to_owned(),
        head: vec![(text, role)],
        value: Value::Null,
        open: false,
    };
    let mut roots = Vec::new();
    if let Some(other) = causes.told_by.and_then(|row| trace.spans.get(row)) {
        roots.push(said("cause-of", Role::Muted, format!("as {} tells it", clean(&label(other)))));
    }
    if let Some(id) = &causes.unknown {
        roots.push(said("cause-unknown", Role::Warning, format!("its exception {} is told by no span", clean(id))));
    }
    roots.extend(causes.exceptions.iter().enumerate().map(|(n, exception)| {
        let led = if exception.depth > 0 { "caused by " } else { "" };
        let remote = if exception.remote { " (of the called service)" } else { "" };
        let kind = if exception.kind.is_empty() { "exception" } else { &exception.kind };
        let head = vec![(format!("{led}{}{remote}: ", clean(kind)), Role::Fault)];
        // A single value stands behind its name.
        let value = if exception.stack.is_empty() && exception.truncated == 0 && exception.skipped == 0 {
            Value::String(exception.message.clone())
        } else {
            told(exception)
        };
        Root { id: format!("exception{n}"), head, value, open: n == 0 }
    }));
    let mut place = serde_json::Map::new();
    place.extend(causes.working_directory.map(|directory| ("working_directory".to_owned(), directory.into())));
    if !causes.paths.is_empty() {
        place.insert("paths".to_owned(), causes.paths.into());
    }
    if !place.is_empty() {
        let head = vec![("where it ran".to_owned(), Role::Strong)];
        roots.push(Root { id: "cause-place".to_owned(), head, value: Value::Object(place), open: false });
    }
    roots
}

/// An exception with its stack, a text a frame.
fn told(exception: &Exception) -> Value {
    let frame = |frame: &Frame| {
        let line = frame.line.map(|line| format!(":{line}")).unwrap_or_default();
        Value::String(format!("{} ({}{line})", frame.label, frame.path))
    };
    let mut fields = serde_json::Map::new();
    fields.insert("message".to_owned(), exception.message.clone().into());
    fields.insert("stack".to_owned(), exception.stack.iter().map(frame).collect());
    for (name, count) in [("frames left out", exception.truncated), ("exceptions left out", exception.skipped)] {
        if count > 0 {
            fields.insert(name.to_owned(), count.into());
        }
    }
    Value::Object(fields)
}

/// The log lines of a span, under a heading that counts them.
pub(super) fn lines(lines: &[(&str, &LogEvent)], cx: &Cx<'_>) -> Vec<Root> {
    if lines.is_empty() {
        return Vec::new();
    }
    let heading = Root {
        id: "lines".to_owned(),
        head: vec![(format!("log lines of it · {}", lines.len()), Role::Strong)],
        value: Value::Null,
        open: false,
    };
    let line = |(n, (group, event)): (usize, &(&str, &LogEvent))| {
        let value = serde_json::from_str(&event.message).ok().filter(Value::is_object);
        let mut head = vec![(format!("{} ", time::clock_ms(&cx.zone.at(event.time))), Role::Muted)];
        let text = match &value {
            Some(value) => {
                value.get("event").or_else(|| value.get("message")).and_then(Value::as_str).unwrap_or_default()
            }
            None => "",
        };
        if !text.is_empty() {
            head.push((format!("{} ", clean(text)), Role::Text));
        }
        if value.is_some() {
            head.push((clean(group).into_owned(), Role::Muted));
        }
        let value = value.unwrap_or_else(|| json!(event.message.trim_end()));
        Root { id: format!("line{n}"), head, value, open: false }
    };
    std::iter::once(heading).chain(lines.iter().enumerate().map(line)).collect()
}
