//! A trace as the contract has it.

use serde_json::{Map, Value, json};

use crate::analysis::waterfall::{Causes, Exception, Gap, Waterfall, causes};
use crate::store::trace::{Link, LinkKind, Missing, Trace, instant};
use crate::text::time::rfc3339;
use crate::text::units::round;
use crate::text::{clean, clean_field};

/// The document of a trace.
pub fn document(trace: &Trace) -> Value {
    let waterfall = Waterfall::of(trace);
    let keys: Vec<String> = trace.keys().iter().map(|key| clean(key).into_owned()).collect();
    let spans: Vec<Value> = (0..trace.spans.len()).map(|row| span(trace, &waterfall, &keys, row)).collect();
    let key = |row: usize| keys.get(row);
    let path = waterfall.path.sections.iter().map(|section| {
        json!({
            "span": key(section.row),
            "start": stamp(section.from_s),
            "duration_s": seconds(section.to_s - section.from_s),
        })
    });
    let skews = waterfall.skews.iter().map(|skew| {
        json!({
            "caller": clean(&skew.from), "called": clean(&skew.to),
            "call": key(skew.call), "segment": key(skew.called),
            "early_s": seconds(skew.early_s), "late_s": seconds(skew.late_s),
        })
    });
    let bounds = trace.span();
    json!({
        "schema": "barograph/v1",
        "trace_id": clean(&trace.id),
        "start": bounds.map(|(start, _)| stamp(start)),
        "end": bounds.map(|(_, end)| stamp(end)),
        "duration_s": seconds(trace.duration_s),
        "spans": spans,
        "critical_path": path.collect::<Vec<_>>(),
        "slowest": waterfall.slowest.and_then(key),
        "culprit": waterfall.culprit.and_then(key),
        "clock_skew": skews.collect::<Vec<_>>(),
        "incomplete": incomplete(&waterfall),
        "problems": trace.problems.iter().map(|problem| clean(problem)).collect::<Vec<_>>(),
    })
}

fn incomplete(waterfall: &Waterfall) -> Value {
    let missing = waterfall.gaps.iter().filter_map(|gap| match gap {
        Gap::Parent(Missing { id, children, spans }) => {
            Some(json!({ "span": clean(id), "children": children, "spans": spans }))
        }
        Gap::InProgress { .. } | Gap::LimitExceeded | Gap::Unprocessed => None,
    });
    let open = waterfall.gaps.iter().find_map(|gap| match gap {
        Gap::InProgress { spans, .. } => Some(*spans),
        Gap::Parent(_) | Gap::LimitExceeded | Gap::Unprocessed => None,
    });
    json!({
        "in_progress": open.unwrap_or(0),
        "missing_parents": missing.collect::<Vec<_>>(),
        "limit_exceeded": waterfall.gaps.contains(&Gap::LimitExceeded),
        "unprocessed": waterfall.gaps.contains(&Gap::Unprocessed),
    })
}

fn span(trace: &Trace, waterfall: &Waterfall, keys: &[String], row: usize) -> Value {
    let Some(span) = trace.spans.get(row) else { return Value::Null };
    let key = |row: usize| keys.get(row);
    json!({
        "id": key(row),
        "parent": span.parent.and_then(key),
        "depth": span.depth,
        "kind": span.kind.name(),
        "name": clean(&span.name),
        "origin": clean(&span.origin),
        "namespace": clean(&span.namespace),
        "status": span.verdict().name().replace(' ', "_"),
        "start": stamp(span.start_s),
        "end": span.end_s.map(stamp),
        "duration_s": span.took_s().map(seconds),
        "self_s": waterfall.own_s.get(row).copied().flatten().map(seconds),
        "critical_s": seconds(waterfall.path.seconds.get(row).copied().unwrap_or(0.0)),
        "inferred": span.inferred.iter().map(|id| clean(id)).collect::<Vec<_>>(),
        "links": span.links.iter().map(link).collect::<Vec<_>>(),
        "cause": causes(trace, row).map(|causes| cause(&causes, causes.told_by.and_then(key))),
        "document": masked("", &span.document),
    })
}

fn link(link: &Link) -> Value {
    let kind = match link.kind {
        LinkKind::Precursor => "precursor",
        LinkKind::Link => "link",
    };
    let shown = |id: &Option<String>| id.as_deref().map(|id| clean(id).into_owned());
    json!({ "kind": kind, "trace_id": shown(&link.trace), "span": shown(&link.span), "relation": clean(&link.relation) })
}

fn cause(causes: &Causes, told_by: Option<&String>) -> Value {
    json!({
        "told_by": told_by,
        "unknown": causes.unknown.as_deref().map(clean),
        "working_directory": causes.working_directory.as_deref().map(clean),
        "exceptions": causes.exceptions.iter().map(exception).collect::<Vec<_>>(),
    })
}

fn exception(exception: &Exception) -> Value {
    let frame = |frame: &crate::analysis::waterfall::Frame| json!({ "path": clean(&frame.path), "line": frame.line, "label": clean(&frame.label) });
    json!({
        "id": clean(&exception.id),
        "type": clean(&exception.kind),
        "message": clean_field("message", &exception.message),
        "remote": exception.remote,
        "depth": exception.depth,
        "truncated": exception.truncated,
        "skipped": exception.skipped,
        "stack": exception.stack.iter().map(frame).collect::<Vec<_>>(),
    })
}

/// A document as it may be shown: texts cleaned, and what is masked of a number a text.
fn masked(name: &str, value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Number(number) => {
            let text = number.to_string();
            let shown = clean_field(name, &text);
            if shown == text { value.clone() } else { shown.into() }
        }
        Value::String(text) => clean_field(name, text).into(),
        Value::Array(items) => items.iter().map(|item| masked(name, item)).collect(),
        Value::Object(fields) => {
            let field = |(key, value): (&String, &Value)| (clean(key).into_owned(), masked(key, value));
            Value::Object(fields.iter().map(field).collect::<Map<_, _>>())
        }
    }
}

/// A time of X-Ray as the contract writes it; `null` for one beyond the calendar.
fn stamp(at_s: f64) -> Option<String> {
    instant(at_s).map(rfc3339)
}

/// Seconds without the noise of binary fractions; X-Ray counts milliseconds, at times microseconds.
fn seconds(seconds: f64) -> f64 {
    round(seconds, 6)
}
