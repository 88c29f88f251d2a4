//! Log records, and the fields that are found in them.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::Value as Json;

use super::lambda;
use super::value::Value;
use crate::clock::Time;

/// How the log groups of Lambda functions begin.
const LAMBDA: &str = "/aws/lambda/";

/// Levels of a message whose fields are named, and fields of each.
const DEEP: usize = 3;
const WIDE: usize = 100;

/// One log event as a query sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// `@timestamp`.
    pub time: Time,
    /// `@ingestionTime`.
    pub ingested: Time,
    /// The account in `@log`; may be empty.
    pub account: &'a str,
    /// The log group in `@log`.
    pub group: &'a str,
    /// `@logStream`.
    pub stream: &'a str,
    /// `@message`.
    pub message: &'a str,
    /// Whether it is a Lambda function's, whatever its group is called.
    pub lambda: bool,
}

impl<'a> Record<'a> {
    /// A record that was taken in when it was written, of no named account.
    pub const fn new(time: Time, group: &'a str, stream: &'a str, message: &'a str) -> Self {
        Self { time, ingested: time, account: "", group, stream, message, lambda: false }
    }

    fn is_lambda(&self) -> bool {
        self.lambda || self.group.starts_with(LAMBDA)
    }

    /// `@ptr`: an opaque name of the record.
    fn pointer(&self) -> String {
        let mut hash = DefaultHasher::new();
        hash.write(self.message.as_bytes());
        let name = format!("{}\n{}\n{}\n{:x}", self.group, self.stream, self.time.timestamp_millis(), hash.finish());
        STANDARD_NO_PAD.encode(name)
    }

    /// A field that every record has, or every platform line of a Lambda function.
    fn system(&self, name: &str) -> Option<Value<'a>> {
        let log = || match self.account {
            "" => Value::text(self.group),
            account => Value::text(format!("{account}:{}", self.group)),
        };
        match name {
            "@timestamp" => Some(Value::Time(self.time.timestamp_millis())),
            "@ingestionTime" => Some(Value::Time(self.ingested.timestamp_millis())),
            "@message" => Some(Value::text(self.message)),
            "@logStream" => Some(Value::text(self.stream)),
            "@log" => Some(log()),
            "@ptr" => Some(Value::text(self.pointer())),
            _ if self.is_lambda() => Some(lambda::field(self.message, name)),
            _ => None,
        }
    }
}

/// A record that outlives the push.
#[derive(Debug, Clone)]
pub(super) struct OwnedRecord {
    time: Time,
    ingested: Time,
    account: Box<str>,
    group: Box<str>,
    stream: Box<str>,
    message: Box<str>,
    lambda: bool,
}

impl OwnedRecord {
    pub(super) fn new(record: &Record<'_>) -> Self {
        Self {
            time: record.time,
            ingested: record.ingested,
            account: record.account.into(),
            group: record.group.into(),
            stream: record.stream.into(),
            message: record.message.into(),
            lambda: record.lambda,
        }
    }

    pub(super) fn borrow(&self) -> Record<'_> {
        Record {
            time: self.time,
            ingested: self.ingested,
            account: &self.account,
            group: &self.group,
            stream: &self.stream,
            message: &self.message,
            lambda: self.lambda,
        }
    }
}

/// A record with its message parsed once, when a field of it is asked for.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    record: Record<'a>,
    json: OnceCell<Option<Json>>,
}

impl<'a> Fields<'a> {
    pub(super) const fn new(record: Record<'a>) -> Self {
        Self { record, json: OnceCell::new() }
    }

    pub(super) const fn record(&self) -> &Record<'a> {
        &self.record
    }

    /// The value of a system field, or of one discovered in a JSON message (`a.b.0.c`).
    ///
    /// Objects, arrays and nulls are no values. Of a Lambda function's line that is not JSON, the first object in it counts.
    pub(super) fn get(&self, name: &str) -> Value<'_> {
        if name.starts_with('@') {
            return self.record.system(name).unwrap_or(Value::Missing);
        }
        let json = self.json.get_or_init(|| discover(&self.record));
        json.as_ref().and_then(|root| find(root, name)).map_or(Value::Missing, from_json)
    }
}

impl Fields<'_> {
    /// Whether there is a field of this name, whatever it holds.
    pub(super) fn has(&self, name: &str) -> bool {
        if name.starts_with('@') {
            return self.record.system(name).is_some_and(|value| !value.is_missing());
        }
        self.json.get_or_init(|| discover(&self.record)).as_ref().and_then(|root| find(root, name)).is_some()
    }

    /// The paths of the fields of a JSON message, as far down as people name them.
    pub(super) fn names(&self, tell: &mut dyn FnMut(String)) {
        if let Some(root) = self.json.get_or_init(|| discover(&self.record)) {
            paths(root, "", DEEP, tell);
        }
    }
}

fn paths(json: &Json, above: &str, deep: usize, tell: &mut dyn FnMut(String)) {
    for (name, value) in json.as_object().into_iter().flatten().take(WIDE) {
        let path = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        if deep > 1 {
            paths(value, &path, deep - 1, tell);
        }
        tell(path);
    }
}

fn discover(record: &Record<'_>) -> Option<Json> {
    let from = match record.message.trim_start().starts_with('{') {
        true => 0,
        false if record.is_lambda() => record.message.find('{')?,
        false => return None,
    };
    serde_json::Deserializer::from_str(&record.message[from..]).into_iter().next()?.ok().filter(Json::is_object)
}

/// The value at a dotted path; names in it may hold dots themselves.
pub(super) fn find<'j>(json: &'j Json, path: &str) -> Option<&'j Json> {
    match json {
        Json::Object(members) => {
            if let Some(value) = members.get(path) {
                return Some(value);
            }
            let mut dots = path.match_indices('.').map(|(at, _)| path.split_at(at));
            dots.find_map(|(name, rest)| members.get(name).and_then(|inner| find(inner, &rest[1..])))
        }
        Json::Array(elements) => {
            let (index, rest) = path.split_once('.').map_or((path, None), |(index, rest)| (index, Some(rest)));
            let element = elements.get(index.parse::<usize>().ok()?)?;
            rest.map_or(Some(element), |rest| find(element, rest))
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => None,
    }
}

/// The value of a part of a map or list, which may itself be one.
pub(super) fn part(json: &Json) -> Value<'_> {
    match json {
        Json::Array(_) | Json::Object(_) => Value::Json(Arc::new(json.clone())),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => from_json(json),
    }
}

fn from_json(json: &Json) -> Value<'_> {
    match json {
        Json::Null | Json::Array(_) | Json::Object(_) => Value::Missing,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::String(text) => Value::Text(Cow::Borrowed(text)),
        // Exact where arithmetic is exact, else as it was written.
        Json::Number(number) => match number.as_i64() {
            Some(whole) if whole.unsigned_abs() < 1 << 53 => Value::Number(whole as f64),
            _ => Value::text(number.to_string()),
        },
    }
}
