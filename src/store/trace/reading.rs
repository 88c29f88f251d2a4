//! Segment documents, read one by one.

use serde::de::IgnoredAny;
use serde_json::Value;

use super::cut;
use super::document::Document;
use super::head::Head;
use super::otel;
use super::span::SpanKind;

/// A segment or subsegment as one document tells it.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) kind: SpanKind,
    /// The part within which it stands.
    pub(super) within: Option<usize>,
    pub(super) head: Head,
    /// How many fields its document has without its subsegments and, of a subsegment, without what only its own document
    /// needs.
    pub(super) fields: usize,
    pub(super) document: Document,
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
            parts.extend(more);
            for within in parts.iter_mut().skip(first).filter_map(|part| part.within.as_mut()) {
                *within += first;
            }
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
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| unread(text, &error))?;
    let first = parts.len();
    for piece in cut::pieces(text) {
        let part = match serde_json::from_str(&piece.text) {
            Ok(head) => part(piece.within.map(|within| first + within), head, piece.text),
            Err(error) => Err(unread(text, &error)),
        };
        match part {
            Ok(part) => parts.push(part),
            Err(problem) => {
                parts.truncate(first);
                return Err(problem);
            }
        }
    }
    if parts.len() > first {
        Ok(())
    } else {
        Err(format!("a segment document is no JSON object but {}", kind_of(text)))
    }
}

fn part(within: Option<usize>, mut head: Head, mut text: String) -> Result<Part, String> {
    if within.is_none() {
        if head.otel == [true; 2] {
            (head, text) = of_otel(&text).map_err(|error| unread(&text, &error))?;
        }
        if !head.is_segment {
            return Err("a document is no segment: it has neither id, name nor start_time".to_owned());
        }
    }
    let is_sub = within.is_some() || head.is_sub;
    let kind = match (head.inferred, is_sub) {
        (true, _) => SpanKind::Inferred,
        (false, true) => SpanKind::Subsegment,
        (false, false) => SpanKind::Segment,
    };
    let is_sub = kind == SpanKind::Subsegment;
    let fields = head.fields - if is_sub { head.envelope } else { 0 };
    Ok(Part { kind, within, head, fields, document: Document::new(text, is_sub) })
}

/// The segment that a span of OpenTelemetry tells.
fn of_otel(text: &str) -> serde_json::Result<(Head, String)> {
    let segment = Value::Object(otel::segment(serde_json::from_str(text)?)).to_string();
    Ok((serde_json::from_str(&segment)?, segment))
}

/// What is wrong with a text that can not be read, and whose it may be.
fn unread(text: &str, error: &serde_json::Error) -> String {
    let whose = name_in(text).map(|name| format!(" of {name}")).unwrap_or_default();
    // Where it stands in the whole text, which may nest more deeply than the parser goes.
    let all = serde_json::from_str::<Value>(text).err().map(|error| error.to_string());
    let words = all.filter(|words| !words.starts_with("recursion limit")).unwrap_or_else(|| error.to_string());
    let what = if error.is_eof() { "is cut off" } else { "is not JSON" };
    format!("the segment document{whose} {what}: {words}")
}

/// The first name in a text that can not be read as a whole.
fn name_in(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("\"name\"")?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    rest.split_once('"').map(|(name, _)| name).filter(|name| !name.is_empty())
}

/// What a JSON text is that is no object.
fn kind_of(text: &str) -> &'static str {
    match text.trim_start().chars().next() {
        Some('[') => "a list",
        Some('"') => "a text",
        Some('t' | 'f') => "a boolean",
        Some('n') => "null",
        _ => "a number",
    }
}
