//! GetLogRecord.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chrono::{DateTime, TimeDelta};
use serde_json::Value;

use super::{INVALID, identify};
use crate::demo::Estate;
use crate::demo::wire::{ApiError, Wire};
use crate::demo::world::LogRecord;
use crate::insights::{self, Record};

/// Answers GetLogRecord: the whole record that a query's `@ptr` stands for.
pub(super) fn get(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let Some(pointer) = input.text("logRecordPointer") else {
        return Err(ApiError::bad(INVALID, "logRecordPointer must be specified"));
    };
    let invalid = || ApiError::bad(INVALID, "The logRecordPointer is invalid");
    let decoded = STANDARD_NO_PAD.decode(pointer).map_err(|_| invalid())?;
    let text = String::from_utf8(decoded).map_err(|_| invalid())?;
    // Group, stream, time and a hash that tells records of one millisecond apart.
    let parts: Vec<&str> = text.split('\n').collect();
    let [group, stream, millis, _] = parts[..] else { return Err(invalid()) };
    let group = &identify::by_identifier(estate, group)?.name;
    let time = millis.parse().ok().and_then(DateTime::from_timestamp_millis).ok_or_else(invalid)?;
    let found = if time <= estate.now() {
        estate.world.log_events(group, time, time + TimeDelta::milliseconds(1))
    } else {
        Vec::new()
    };
    let wanted =
        |record: &LogRecord| *record.stream == *stream && pointer_of(group, record).as_deref() == Some(pointer);
    let Some(record) = found.into_iter().find(wanted) else {
        return Err(ApiError::bad("ResourceNotFoundException", "The log record does not exist"));
    };
    Ok(Wire::map([("logRecord", fields(group, &record, pointer))]))
}

/// The `@ptr` that a query gives this record.
fn pointer_of(group: &str, record: &LogRecord) -> Option<String> {
    let mut run = insights::parse("fields @timestamp").ok()?.start();
    let record = Record::new(record.time, group, &record.stream, &record.message);
    run.push(&Record { account: Estate::ACCOUNT, ..record });
    let row = run.finish().pop()?;
    row.into_iter().find(|(name, _)| name == "@ptr").map(|(_, value)| value)
}

/// The system fields, and the fields that Logs discovers in a JSON message.
fn fields(group: &str, record: &LogRecord, pointer: &str) -> Wire {
    let mut fields = vec![
        ("@message".to_owned(), Wire::from(record.message.as_str())),
        ("@timestamp".to_owned(), record.time.timestamp_millis().to_string().into()),
        ("@ingestionTime".to_owned(), record.time.timestamp_millis().to_string().into()),
        ("@logStream".to_owned(), (*record.stream).into()),
        ("@log".to_owned(), format!("{}:{group}", Estate::ACCOUNT).into()),
        ("@ptr".to_owned(), pointer.into()),
    ];
    if let Ok(message @ Value::Object(_)) = serde_json::from_str(&record.message) {
        discover("", &message, &mut fields);
    }
    Wire::Map(fields)
}

/// The names of the fields that Logs discovers in a JSON message.
pub(super) fn field_names(message: &str, mut take: impl FnMut(String)) {
    if let Ok(message @ Value::Object(_)) = serde_json::from_str(message) {
        let mut fields = Vec::new();
        discover("", &message, &mut fields);
        for (name, _) in fields {
            take(name);
        }
    }
}

fn discover(path: &str, value: &Value, fields: &mut Vec<(String, Wire)>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Null => {}
        Value::Bool(value) => fields.push((path.to_owned(), i64::from(*value).to_string().into())),
        Value::Number(number) => fields.push((path.to_owned(), number.to_string().into())),
        Value::String(text) => fields.push((path.to_owned(), text.as_str().into())),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| discover(&below(&i.to_string()), item, fields));
        }
        Value::Object(members) => members.iter().for_each(|(key, item)| discover(&below(key), item, fields)),
    }
}
