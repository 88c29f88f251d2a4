//! JSON as AWS JSON 1.0, 1.1 and REST-JSON write it.

use serde_json::{Map, Number, Value};

use super::access::to_seconds;
use super::{ApiError, Wire};

/// Decodes a request body; an empty one is an empty structure. What is not JSON is a `SerializationException`.
pub fn decode(body: &[u8]) -> Result<Wire, ApiError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Wire::Map(Vec::new()));
    }
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| ApiError::bad("SerializationException", format!("The body is not JSON: {error}")))?;
    Ok(read(value))
}

fn read(value: Value) -> Wire {
    match value {
        Value::Null => Wire::Null,
        Value::Bool(value) => Wire::Bool(value),
        Value::Number(number) => {
            number.as_i64().map_or_else(|| Wire::Float(number.as_f64().unwrap_or(f64::NAN)), Wire::Int)
        }
        Value::String(text) => Wire::Text(text),
        Value::Array(items) => Wire::List(items.into_iter().map(read).collect()),
        Value::Object(members) => Wire::Map(members.into_iter().map(|(key, value)| (key, read(value))).collect()),
    }
}

/// Encodes an answer: timestamps as epoch seconds with a fraction, infinite numbers as AWS's texts for them.
pub fn encode(value: &Wire) -> Vec<u8> {
    write(value).to_string().into_bytes()
}

fn write(value: &Wire) -> Value {
    match value {
        Wire::Null => Value::Null,
        Wire::Bool(value) => Value::Bool(*value),
        Wire::Int(value) => Value::Number((*value).into()),
        Wire::Float(value) => float(*value),
        Wire::Text(text) => Value::String(text.clone()),
        Wire::Time(time) if time.timestamp_subsec_nanos() == 0 => Value::Number(time.timestamp().into()),
        Wire::Time(time) => float(to_seconds(*time)),
        Wire::List(items) => Value::Array(items.iter().map(write).collect()),
        Wire::Map(members) => {
            let kept = members.iter().filter(|(_, value)| *value != Wire::Null);
            Value::Object(kept.map(|(key, value)| (key.clone(), write(value))).collect::<Map<_, _>>())
        }
    }
}

fn float(value: f64) -> Value {
    match Number::from_f64(value) {
        Some(number) => Value::Number(number),
        None if value.is_nan() => Value::from("NaN"),
        None if value > 0.0 => Value::from("Infinity"),
        None => Value::from("-Infinity"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_aws_writes_them() {
        let time = |text: &str| Wire::Time(text.parse().expect("a time"));
        for (value, expected) in [
            (Wire::map([("a", Wire::Int(1)), ("b", Wire::Null)]), r#"{"a":1}"#),
            (Wire::List(vec![Wire::Float(5.0), Wire::Float(0.1)]), "[5.0,0.1]"),
            (time("2026-01-15T10:28:00Z"), "1768472880"),
            (time("2026-01-15T10:28:00.25Z"), "1768472880.25"),
            (Wire::Float(f64::INFINITY), r#""Infinity""#),
            (Wire::from("\u{1b}\""), r#""\u001b\"""#),
        ] {
            assert_eq!(String::from_utf8(encode(&value)).expect("UTF-8"), expected);
        }
    }

    #[test]
    fn bodies_are_read() {
        assert_eq!(decode(b""), Ok(Wire::Map(Vec::new())));
        assert_eq!(
            decode(br#"{"a":[1,1.5,"x",null,true]}"#),
            Ok(Wire::map([(
                "a",
                Wire::List(vec![Wire::Int(1), Wire::Float(1.5), "x".into(), Wire::Null, Wire::Bool(true)])
            )]))
        );
        assert_eq!(decode(b"{\"a\":").map_err(|error| error.code), Err("SerializationException"));
    }
}
