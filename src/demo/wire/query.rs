//! The old query protocol: form fields in, XML out. Only STS is spoken so.

use super::{ApiError, Wire};
use crate::text::time::rfc3339;

/// Decodes an `application/x-www-form-urlencoded` body to a structure of texts.
pub fn decode(body: &[u8]) -> Result<Wire, ApiError> {
    let malformed = || ApiError::bad("MalformedQueryString", "The body is not a form");
    let text = std::str::from_utf8(body).map_err(|_| malformed())?;
    let fields = text.split('&').filter(|field| !field.is_empty()).map(|field| {
        let (key, value) = field.split_once('=').unwrap_or((field, ""));
        Ok((unescape(key).ok_or_else(malformed)?, Wire::Text(unescape(value).ok_or_else(malformed)?)))
    });
    fields.collect::<Result<_, _>>().map(Wire::Map)
}

fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                bytes.push((high * 16 + low) as u8);
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).ok()
}

/// Encodes an answer: `OPERATIONResponse`, `OPERATIONResult` and the request id around the members.
pub fn encode(operation: &str, namespace: &str, value: &Wire, request_id: &str) -> String {
    format!(
        "<{operation}Response xmlns=\"{namespace}\"><{operation}Result>{}</{operation}Result>\
         <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>",
        members(value)
    )
}

/// Encodes an error.
pub fn encode_error(namespace: &str, error: &ApiError, request_id: &str) -> String {
    let blame = if error.status < 500 { "Sender" } else { "Receiver" };
    format!(
        "<ErrorResponse xmlns=\"{namespace}\"><Error><Type>{blame}</Type><Code>{}</Code><Message>{}</Message></Error>\
         <RequestId>{request_id}</RequestId></ErrorResponse>",
        error.code,
        escape(&error.message)
    )
}

fn members(value: &Wire) -> String {
    match value {
        Wire::Null => String::new(),
        Wire::Bool(value) => value.to_string(),
        Wire::Int(value) => value.to_string(),
        Wire::Float(value) => value.to_string(),
        Wire::Text(text) => escape(text),
        Wire::Time(time) => rfc3339(*time),
        Wire::List(items) => items.iter().map(|item| element("member", item)).collect(),
        Wire::Map(entries) => entries.iter().map(|(key, value)| element(key, value)).collect(),
    }
}

fn element(name: &str, value: &Wire) -> String {
    format!("<{name}>{}</{name}>", members(value))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read() {
        let form = decode(b"Action=GetCallerIdentity&Version=2011-06-15&a%20b=x%2By+z").expect("a form");
        assert_eq!(form.text("Action"), Some("GetCallerIdentity"));
        assert_eq!(form.text("a b"), Some("x+y z"));
        for broken in [&b"a=%2"[..], b"a=%zz", b"\xFF"] {
            assert_eq!(decode(broken).map_err(|error| error.code), Err("MalformedQueryString"));
        }
    }

    #[test]
    fn xml_is_escaped() {
        let value = Wire::map([("A", "<&>".into()), ("L", Wire::List(vec![Wire::Int(1)]))]);
        assert_eq!(
            encode("Op", "ns", &value, "id"),
            "<OpResponse xmlns=\"ns\"><OpResult><A>&lt;&amp;&gt;</A><L><member>1</member></L></OpResult>\
             <ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></OpResponse>"
        );
        let error = encode_error("ns", &ApiError::bad("Bad", "a<b"), "id");
        assert!(error.contains("<Code>Bad</Code><Message>a&lt;b</Message>"), "{error}");
    }
}
