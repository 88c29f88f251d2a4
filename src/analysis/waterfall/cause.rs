//! Exceptions of a span, with their chain and stack, as plain data.
//!
//! Source: X-Ray segment documents, "Errors and exceptions": `cause` is an object with `exceptions`, or the id of an
//! exception that another span tells; an exception's own `cause` is the id of the one that led to it.

use std::collections::HashSet;

use serde_json::Value;

use crate::store::trace::Trace;

/// Why a span failed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Causes {
    /// The row that tells the exceptions, where that is another one.
    pub told_by: Option<usize>,
    /// The id of an exception that no span of the trace tells.
    pub unknown: Option<String>,
    /// Where the program ran.
    pub working_directory: Option<String>,
    /// Its libraries.
    pub paths: Vec<String>,
    /// Exceptions, each followed by the one that led to it.
    pub exceptions: Vec<Exception>,
}

/// One exception.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exception {
    /// Its id.
    pub id: String,
    /// Its type.
    pub kind: String,
    /// What it says.
    pub message: String,
    /// A called service raised it.
    pub remote: bool,
    /// How many exceptions lie between this one and the first of its chain.
    pub depth: usize,
    /// Frames that were left out.
    pub truncated: u64,
    /// Exceptions that were left out between this one and the one that it led to.
    pub skipped: u64,
    /// The innermost frame first.
    pub stack: Vec<Frame>,
}

/// A frame of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// The file.
    pub path: String,
    /// Its line.
    pub line: Option<u64>,
    /// The function.
    pub label: String,
}

/// Why the span of a row failed; `None` where it does not say.
pub fn causes(trace: &Trace, row: usize) -> Option<Causes> {
    // Most spans say nothing, and their documents need not be read for that.
    let told = |row: usize| trace.spans.get(row).filter(|span| span.has_cause)?.document.get("cause");
    let own = told(row)?;
    let Value::String(id) = own else { return Some(read(own, None)) };
    let found = (0..trace.spans.len()).find_map(|other| {
        let cause = told(other)?;
        list(cause, "exceptions").iter().any(|exception| text(exception, "id") == *id).then_some((other, cause))
    });
    Some(match found {
        Some((other, cause)) => Causes { told_by: Some(other), ..read(cause, Some(id)) },
        None => Causes { unknown: Some(id.clone()), ..Causes::default() },
    })
}

/// Reads a cause; with an id, that exception and its chain alone.
fn read(cause: &Value, id: Option<&str>) -> Causes {
    let all = list(cause, "exceptions");
    let find = |id: &str| all.iter().position(|exception| !id.is_empty() && text(exception, "id") == id);
    // Those that led to none of the others begin a chain.
    let led: HashSet<String> = all.iter().map(|exception| text(exception, "cause")).collect();
    let is_first = |n: &usize| all.get(*n).is_some_and(|exception| !led.contains(&text(exception, "id")));
    let firsts: Vec<usize> = match id {
        Some(id) => find(id).into_iter().collect(),
        // Those of a circle come last.
        None => (0..all.len()).filter(is_first).chain((0..all.len()).filter(|n| !is_first(n))).collect(),
    };
    let mut seen = vec![false; all.len()];
    let mut exceptions = Vec::new();
    for first in firsts {
        let (mut here, mut depth) = (Some(first), 0);
        while let Some((value, seen)) = here.and_then(|n| Some((all.get(n)?, seen.get_mut(n)?)))
            && !*seen
        {
            *seen = true;
            exceptions.push(exception(value, depth));
            depth += 1;
            here = find(&text(value, "cause"));
        }
    }
    let paths = list(cause, "paths").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let directory = Some(text(cause, "working_directory")).filter(|text| !text.is_empty());
    Causes { working_directory: directory, paths, exceptions, ..Causes::default() }
}

fn exception(value: &Value, depth: usize) -> Exception {
    let count = |key: &str| value.get(key).and_then(Value::as_u64).unwrap_or(0);
    let frame = |frame: &Value| Frame {
        path: text(frame, "path"),
        line: frame.get("line").and_then(Value::as_u64),
        label: text(frame, "label"),
    };
    Exception {
        id: text(value, "id"),
        kind: text(value, "type"),
        message: text(value, "message"),
        remote: value.get("remote").and_then(Value::as_bool).unwrap_or(false),
        depth,
        truncated: count("truncated"),
        skipped: count("skipped"),
        stack: list(value, "stack").iter().map(frame).collect(),
    }
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}
