//! Segment documents, read one by one.

use serde_json::{Map, Value};

use super::cut;
use super::otel;
use super::span::SpanKind;

/// A segment or subsegment as one document tells it.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) id: String,
    pub(super) kind: SpanKind,
    /// The part within which it stands.
    pub(super) within: Option<usize>,
    /// The id that it names as its parent.
    pub(super) parent: Option<String>,
    pub(super) start_s: Option<f64>,
    pub(super) end_s: Option<f64>,
    /// Its fields without its subsegments, and of a subsegment without what only its own document needs.
    pub(super) fields: Map<String, Value>,
}

/// Bytes of documents from which on they are read by several threads.
const MANY: usize = 512 * 1024;
/// Threads that read at most.
const THREADS: usize = 4;

/// The parts of documents, each after the one within which it stands, and what could not be read.
pub(super) fn read_all<'a>(documents: impl IntoIterator<Item = &'a str>) -> (Vec<Part>, Vec<String>) {
    let documents: Vec<&str> = documents.into_iter().collect();
    let bytes: usize = documents.iter().map(|text| text.len()).sum();
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get().min(THREADS));
    if bytes < MANY || threads < 2 {
        return read_some(&documents);
    }
    std::thread::scope(|scope| {
        // Where there is no thread to be had, this one reads.
        let read = |some: &'_ [&'a str]| {
            let some = some.to_vec();
            let again = some.clone();
            let thread = std::thread::Builder::new().spawn_scoped(scope, move || read_some(&some));
            thread.map_err(|_| again)
        };
        let reading: Vec<_> = documents.chunks(documents.len().div_ceil(threads)).map(read).collect();
        let (mut parts, mut problems): (Vec<Part>, Vec<String>) = (Vec::new(), Vec::new());
        for thread in reading {
            let (more, wrong) = match thread.map(std::thread::ScopedJoinHandle::join) {
                Ok(Ok(read)) => read,
                Ok(Err(panic)) => std::panic::resume_unwind(panic),
                Err(some) => read_some(&some),
            };
            let first = parts.len();
            let moved = |part: Part| Part { within: part.within.map(|within| first + within), ..part };
            parts.extend(more.into_iter().map(moved));
            problems.extend(wrong);
        }
        (parts, problems)
    })
}

fn read_some(documents: &[&str]) -> (Vec<Part>, Vec<String>) {
    let (mut parts, mut problems) = (Vec::new(), Vec::new());
    for text in documents {
        if let Err(problem) = read(text, &mut parts) {
            problems.push(problem);
        }
    }
    (parts, problems)
}

/// Reads one document and what stands in it.
fn read(text: &str, parts: &mut Vec<Part>) -> Result<(), String> {
    let value = match serde_json::from_str::<Value>(text) {
        Ok(value) => value,
        Err(error) if is_deep(&error) => return read_deep(text, parts),
        Err(error) => return Err(unread(text, &error)),
    };
    let Value::Object(fields) = value else {
        return Err(format!("a segment document is no JSON object but {}", kind_of(&value)));
    };
    if otel::is_span(&fields) {
        parts.push(part(None, otel::segment(fields)));
        return Ok(());
    }
    if !["id", "name", "start_time"].iter().any(|field| fields.contains_key(*field)) {
        return Err("a document is no segment: it has neither id, name nor start_time".to_owned());
    }
    let mut waiting = vec![(None, fields)];
    while let Some((within, mut fields)) = waiting.pop() {
        let below = fields.shift_remove("subsegments");
        let here = parts.len();
        parts.push(part(within, fields));
        if let Some(Value::Array(below)) = below {
            let objects = below.into_iter().filter_map(|value| match value {
                Value::Object(fields) => Some((Some(here), fields)),
                _ => None,
            });
            waiting.extend(objects);
        }
    }
    Ok(())
}

/// Whether a document only nests more deeply than the parser goes.
fn is_deep(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("recursion limit exceeded")
}

/// Reads a document whose subsegments stand deeper than the parser goes, each for itself.
fn read_deep(text: &str, parts: &mut Vec<Part>) -> Result<(), String> {
    let first = parts.len();
    for piece in cut::pieces(text) {
        match serde_json::from_str::<Value>(&piece.text) {
            Ok(Value::Object(mut fields)) => {
                fields.shift_remove("subsegments");
                parts.push(part(piece.within.map(|within| first + within), fields));
            }
            Ok(other) => {
                parts.truncate(first);
                return Err(format!("a segment document is no JSON object but {}", kind_of(&other)));
            }
            Err(error) => {
                parts.truncate(first);
                return Err(unread(text, &error));
            }
        }
    }
    Ok(())
}

fn part(within: Option<usize>, mut fields: Map<String, Value>) -> Part {
    let text = |key: &str| fields.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let seconds = |key: &str| match fields.get(key)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|seconds: &f64| seconds.is_finite()),
        _ => None,
    };
    let (id, parent) = (text("id").unwrap_or_default(), text("parent_id"));
    let (start_s, end_s) = (seconds("start_time"), seconds("end_time"));
    let is_sub = within.is_some() || text("type").as_deref() == Some("subsegment");
    let kind = match fields.get("inferred") {
        Some(Value::Bool(true)) => SpanKind::Inferred,
        _ if is_sub => SpanKind::Subsegment,
        _ => SpanKind::Segment,
    };
    if kind == SpanKind::Subsegment {
        // What a document of its own needs, and one within its segment does not have.
        for envelope in ["type", "trace_id", "parent_id"] {
            fields.shift_remove(envelope);
        }
    }
    Part { id, kind, within, parent, start_s, end_s, fields }
}

/// What is wrong with a text that is not JSON, and whose it may be.
fn unread(text: &str, error: &serde_json::Error) -> String {
    let whose = name_in(text).map(|name| format!(" of {name}")).unwrap_or_default();
    if error.is_eof() {
        format!("the segment document{whose} is cut off: {error}")
    } else {
        format!("the segment document{whose} is not JSON: {error}")
    }
}

/// The first name in a text that can not be read as a whole.
fn name_in(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("\"name\"")?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    rest.split_once('"').map(|(name, _)| name).filter(|name| !name.is_empty())
}

const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
