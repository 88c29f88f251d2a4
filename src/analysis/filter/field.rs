//! Which field is meant: a part of a request's row, or a field of the line's JSON.

use std::borrow::Cow;

use memchr::memmem::{self, Finder};

use super::value::Value;
use crate::board::FeedRules;

/// A part of a row that can be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// When.
    Time,
    /// Where it stands.
    Status,
    /// The request id.
    Id,
    /// The correlation id.
    Correlation,
    /// The trace id.
    Trace,
    /// How long it took.
    Latency,
    /// Why it failed.
    Reason,
    /// A column of the board.
    Column(usize),
}

/// A field that a filter names.
#[derive(Debug, Clone)]
pub struct Field {
    /// The part of a row that it is, if it is one.
    pub part: Option<Part>,
    /// Its path in the line's JSON: a name finds the field of that name at any depth, names with dots go from the top.
    path: String,
    steps: Vec<Step>,
    /// Finds `"name"`, the last step's.
    key: Finder<'static>,
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        (self.part, &self.path) == (other.part, &other.path)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(String),
    Index(usize),
}

impl Part {
    /// The part of a name: a column by id, title or JSON field, or one that every row has.
    pub fn named(name: &str, rules: &FeedRules) -> Option<Self> {
        let is = |other: &str| !other.is_empty() && name.eq_ignore_ascii_case(other);
        let known = [
            (Self::Time, &["time", "@timestamp"][..], ""),
            (Self::Status, &["status"], rules.event_field.as_str()),
            (Self::Id, &["id", "request", "request_id"], rules.id_field.as_str()),
            (Self::Correlation, &["correlation", "corr", "correlation_id"], rules.correlation_field.as_str()),
            (Self::Trace, &["trace", "trace_id"], rules.trace_field.as_str()),
            (Self::Latency, &["latency", "latency_s"], rules.latency_field.as_str()),
            (Self::Reason, &["reason"], rules.reason_field.as_str()),
        ];
        let columns = rules.columns.iter().position(|c| is(&c.id) || is(&c.field) || is(&c.title));
        let fixed = || known.iter().find(|(_, names, field)| names.iter().any(|n| is(n)) || is(field)).map(|k| k.0);
        columns.map(Self::Column).or_else(fixed)
    }
}

impl Field {
    /// The field of a name.
    pub fn named(name: &str, rules: &FeedRules) -> Self {
        let part = Part::named(name, rules);
        let path = match part {
            None | Some(Part::Time | Part::Status) => name,
            Some(Part::Id) => &rules.id_field,
            Some(Part::Correlation) => &rules.correlation_field,
            Some(Part::Trace) => &rules.trace_field,
            Some(Part::Latency) => &rules.latency_field,
            Some(Part::Reason) => &rules.reason_field,
            Some(Part::Column(column)) => rules.columns.get(column).map_or(name, |column| &column.field),
        };
        Self { part, ..Self::of_path(path) }
    }

    /// The field at a path of the line's JSON.
    pub fn of_path(path: &str) -> Self {
        let mut steps = Vec::new();
        for name in path.split('.') {
            let (name, indexes) = name.split_once('[').map_or((name, ""), |(name, rest)| (name, rest));
            steps.push(Step::Name(name.to_owned()));
            let indexes = indexes.split('[').filter_map(|index| index.trim_end_matches(']').parse().ok());
            steps.extend(indexes.map(Step::Index));
        }
        let last = steps.iter().rev().find_map(|step| match step {
            Step::Name(name) => Some(name.as_str()),
            Step::Index(_) => None,
        });
        let key = Finder::new(&format!("\"{}\"", last.unwrap_or(path))).into_owned();
        Self { part: None, path: path.to_owned(), steps, key }
    }

    /// Its path in the line's JSON.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Finds its name, in quotes.
    pub(super) const fn key(&self) -> &Finder<'static> {
        &self.key
    }

    /// Whether it is found at any depth by its name alone, wherever that stands.
    pub(super) const fn is_bare(&self) -> bool {
        self.steps.len() == 1
    }

    /// The value that it has where its name, in quotes, stands at a byte of a line; none where that is no name.
    pub(super) fn value_at<'l>(&self, text: &'l [u8], at: usize) -> Option<Value<'l>> {
        value_of_key(text, at, self.key.needle().len())
    }

    /// The values that a line has there; `visit` says when it has seen enough.
    pub fn each<'l>(&self, text: &'l [u8], mut visit: impl FnMut(Value<'l>) -> bool) {
        if self.is_bare() {
            for at in self.key.find_iter(text) {
                if let Some(value) = self.value_at(text, at)
                    && visit(value)
                {
                    return;
                }
            }
            return;
        }
        if self.key.find(text).is_none() && memmem::find(text, self.path.as_bytes()).is_none() {
            return;
        }
        let Ok(json) = serde_json::from_slice::<serde_json::Value>(text) else { return };
        // A name may have dots in it.
        let found = json.get(&self.path).or_else(|| {
            self.steps.iter().try_fold(&json, |json, step| match step {
                Step::Name(name) => json.get(name),
                Step::Index(index) => json.get(*index),
            })
        });
        let value = match found {
            None | Some(serde_json::Value::Null) => return,
            Some(serde_json::Value::String(text)) => Value::Text(Cow::Owned(text.clone())),
            Some(serde_json::Value::Number(number)) => match number.as_f64() {
                Some(number) => Value::Number(number),
                None => return,
            },
            Some(other) => Value::Text(Cow::Owned(other.to_string())),
        };
        visit(value);
    }

    /// The first value that a line has there.
    pub fn first<'l>(&self, text: &'l [u8]) -> Option<Value<'l>> {
        let mut found = None;
        self.each(text, |value| {
            found = Some(value);
            true
        });
        found
    }
}

/// The value behind a quoted name at a byte of a JSON text, where it is the name of a field.
///
/// A quote within a string of JSON has a backslash before it, a name's never has; and only a name has a colon behind it.
fn value_of_key(text: &[u8], at: usize, length: usize) -> Option<Value<'_>> {
    let before = text.get(..at)?.last().copied()?;
    if !(before == b'{' || before == b',' || before.is_ascii_whitespace()) {
        return None;
    }
    let rest = text.get(at + length..)?.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
    match rest.first()? {
        b'"' => {
            let inside = &rest[1..];
            let end = memchr::memchr2(b'"', b'\\', inside)?;
            if inside[end] == b'"' {
                return Some(Value::Text(Cow::Borrowed(str::from_utf8(&inside[..end]).ok()?)));
            }
            first_value::<String>(rest).map(|text| Value::Text(Cow::Owned(text)))
        }
        b'{' | b'[' => first_value::<serde_json::Value>(rest).map(|value| Value::Text(Cow::Owned(value.to_string()))),
        b'n' => None,
        _ => {
            let ends = |c: &u8| matches!(c, b',' | b'}' | b']' | b' ' | b'\n' | b'\t' | b'\r');
            let end = rest.iter().position(ends).unwrap_or(rest.len());
            let word = str::from_utf8(&rest[..end]).ok()?;
            let number = word.parse().map(Value::Number);
            Some(number.unwrap_or(Value::Text(Cow::Borrowed(word))))
        }
    }
}

fn first_value<'t, T: serde::Deserialize<'t>>(text: &'t [u8]) -> Option<T> {
    serde_json::Deserializer::from_slice(text).into_iter::<T>().next()?.ok()
}
