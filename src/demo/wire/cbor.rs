//! CBOR as Smithy's RPC v2 writes it (RFC 8949; Smithy RPC v2 CBOR protocol).

use ciborium::Value;

use super::access::{from_seconds, to_seconds};
use super::{ApiError, Wire};

/// Tag 1: epoch-based time.
const EPOCH: u64 = 1;

/// Decodes a request body; an empty one is an empty structure.
///
/// Members may come as definite or indefinite maps, lists and texts; a timestamp is tag 1 around an integer or a float.
/// A body that is not CBOR is a `SerializationException`.
pub fn decode(body: &[u8]) -> Result<Wire, ApiError> {
    if body.is_empty() {
        return Ok(Wire::Map(Vec::new()));
    }
    let value: Value = ciborium::from_reader(body)
        .map_err(|error| ApiError::bad("SerializationException", format!("The body is not CBOR: {error}")))?;
    read(value)
}

fn read(value: Value) -> Result<Wire, ApiError> {
    let unreadable = |what: &str| ApiError::bad("SerializationException", format!("The body holds {what}"));
    match value {
        Value::Null => Ok(Wire::Null),
        Value::Bool(value) => Ok(Wire::Bool(value)),
        Value::Integer(value) => {
            i64::try_from(value).map(Wire::Int).map_err(|_| unreadable("an integer beyond 64 bits"))
        }
        Value::Float(value) => Ok(Wire::Float(value)),
        Value::Text(text) => Ok(Wire::Text(text)),
        Value::Bytes(_) => Err(unreadable("a byte string where no operation takes one")),
        Value::Tag(EPOCH, inner) => {
            let seconds = match *inner {
                Value::Integer(value) => i128::from(value) as f64,
                Value::Float(value) => value,
                _ => return Err(unreadable("a timestamp that is no number")),
            };
            from_seconds(seconds).map(Wire::Time).ok_or_else(|| unreadable("a timestamp beyond the calendar"))
        }
        Value::Tag(tag, _) => Err(unreadable(&format!("the unknown tag {tag}"))),
        Value::Array(items) => items.into_iter().map(read).collect::<Result<_, _>>().map(Wire::List),
        Value::Map(members) => {
            let members = members.into_iter().map(|(key, value)| match key {
                Value::Text(key) => Ok((key, read(value)?)),
                _ => Err(unreadable("a map key that is no text")),
            });
            members.collect::<Result<_, _>>().map(Wire::Map)
        }
        _ => Err(unreadable("an unknown kind of value")),
    }
}

/// Encodes an answer.
pub fn encode(value: &Wire) -> Vec<u8> {
    let mut body = Vec::new();
    match ciborium::into_writer(&write(value), &mut body) {
        Ok(()) => body,
        // Writing to memory cannot fail; were it to, the client would see a malformed body, which is the truth.
        Err(_) => Vec::new(),
    }
}

fn write(value: &Wire) -> Value {
    match value {
        Wire::Null => Value::Null,
        Wire::Bool(value) => Value::Bool(*value),
        Wire::Int(value) => Value::Integer((*value).into()),
        Wire::Float(value) => Value::Float(*value),
        Wire::Text(text) => Value::Text(text.clone()),
        Wire::Time(time) if time.timestamp_subsec_nanos() == 0 => {
            Value::Tag(EPOCH, Box::new(Value::Integer(time.timestamp().into())))
        }
        Wire::Time(time) => Value::Tag(EPOCH, Box::new(Value::Float(to_seconds(*time)))),
        Wire::List(items) => Value::Array(items.iter().map(write).collect()),
        Wire::Map(members) => {
            let kept = members.iter().filter(|(_, value)| *value != Wire::Null);
            Value::Map(kept.map(|(key, value)| (Value::Text(key.clone()), write(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let value = Wire::map([
            ("Text", "ä".into()),
            ("Whole", Wire::Float(5.0)),
            ("Int", Wire::Int(-3)),
            ("At", Wire::Time("2026-01-15T10:28:00Z".parse().expect("a time"))),
            ("Exact", Wire::Time("2026-01-15T10:28:00.250Z".parse().expect("a time"))),
            ("List", Wire::List(vec![Wire::Bool(true), Wire::Map(Vec::new())])),
        ]);
        assert_eq!(decode(&encode(&value)).expect("readable"), value);
    }

    #[test]
    fn indefinite_maps_lists_and_texts_are_read() {
        // {_ "a": [_ 1, 2], (_ "b", "c"): 1(1.5)}
        let body = [
            0xBF, 0x61, b'a', 0x9F, 0x01, 0x02, 0xFF, 0x7F, 0x61, b'b', 0x61, b'c', 0xFF, 0xC1, 0xF9, 0x3E, 0x00, 0xFF,
        ];
        let expected = Wire::map([
            ("a", Wire::List(vec![Wire::Int(1), Wire::Int(2)])),
            ("bc", Wire::Time(from_seconds(1.5).expect("in range"))),
        ]);
        assert_eq!(decode(&body).expect("readable"), expected);
    }

    #[test]
    fn what_is_not_cbor_is_a_serialization_exception() {
        let deep = vec![0x81; 100_000];
        for body in [&[0xFF_u8][..], b"{\"json\":1}", &[0xA1, 0x01, 0x02], &[0xC5, 0x01], &deep] {
            assert_eq!(decode(body).map_err(|error| error.code), Err("SerializationException"), "{body:.20?}");
        }
        assert_eq!(decode(&[]), Ok(Wire::Map(Vec::new())));
    }
}
