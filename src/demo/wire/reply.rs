//! Answers as HTTP responses, in each protocol's shape.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, combinators::UnsyncBoxBody};

use super::route::Protocol;
use super::{ApiError, Wire, cbor, event_stream, json, query};

/// A response body; its error breaks the connection off.
pub type Body = UnsyncBoxBody<Bytes, std::io::Error>;

/// Namespace of STS's XML.
const STS_NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// A body of these bytes.
pub fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// The response of an operation that answered.
pub fn success(protocol: Protocol, operation: &str, value: &Wire, request_id: &str) -> Response<Body> {
    let bytes = match protocol {
        Protocol::Cbor => cbor::encode(value),
        Protocol::Json10 | Protocol::Json11 | Protocol::RestJson => json::encode(value),
        Protocol::Query => query::encode(operation, STS_NAMESPACE, value, request_id).into_bytes(),
    };
    respond(200, protocol, full(bytes), request_id)
}

/// The response of an operation that failed, as its protocol says it.
///
/// CBOR and AWS JSON carry `__type` and `message` in the body, REST-JSON the type in `x-amzn-errortype` and `Message`,
/// the query protocol an XML `ErrorResponse`.
pub fn failure(protocol: Protocol, error: &ApiError, request_id: &str) -> Response<Body> {
    let typed = |message: &str| Wire::map([("__type", error.code.into()), (message, error.message.as_str().into())]);
    let bytes = match protocol {
        Protocol::Cbor => cbor::encode(&typed("message")),
        Protocol::Json10 | Protocol::Json11 => json::encode(&located(error, typed("message"))),
        Protocol::RestJson => json::encode(&Wire::map([("Message", error.message.as_str().into())])),
        Protocol::Query => query::encode_error(STS_NAMESPACE, error, request_id).into_bytes(),
    };
    let mut response = respond(error.status, protocol, full(bytes), request_id);
    if protocol == Protocol::RestJson {
        response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(error.code));
    }
    response
}

/// An error's members, with the place in the query that Logs adds to a `MalformedQueryException`.
fn located(error: &ApiError, mut members: Wire) -> Wire {
    if let (Some(offset), Wire::Map(entries)) = (error.offset, &mut members) {
        let offset = offset as i64;
        let location = Wire::map([("startCharOffset", offset.into()), ("endCharOffset", (offset + 1).into())]);
        let compile = Wire::map([("location", location), ("message", error.message.as_str().into())]);
        entries.push(("queryCompileError".to_owned(), compile));
    }
    members
}

/// The response of an operation that answers with an event stream.
pub fn stream(body: Body, request_id: &str) -> Response<Body> {
    let mut response = respond(200, Protocol::Json11, body, request_id);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(event_stream::CONTENT_TYPE));
    response
}

/// A response that says 200 and holds what its protocol cannot read.
pub fn garbage(protocol: Protocol, request_id: &str) -> Response<Body> {
    respond(200, protocol, full(&b"\x1b]0;\xFF{\"truncated\":"[..]), request_id)
}

fn respond(status: u16, protocol: Protocol, body: Body, request_id: &str) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let content_type = match protocol {
        Protocol::Cbor => "application/cbor",
        Protocol::Json10 => "application/x-amz-json-1.0",
        Protocol::Json11 => "application/x-amz-json-1.1",
        Protocol::RestJson => "application/json",
        Protocol::Query => "text/xml",
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-amzn-requestid", id);
    }
    if protocol == Protocol::Cbor {
        headers.insert("smithy-protocol", HeaderValue::from_static("rpc-v2-cbor"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_take_their_protocols_shape() {
        let error = ApiError::with_status(403, "AccessDeniedException", "no");
        for protocol in [Protocol::Cbor, Protocol::Json10, Protocol::Json11, Protocol::RestJson, Protocol::Query] {
            let response = failure(protocol, &error, "id-1");
            assert_eq!(response.status(), 403, "{protocol:?}");
            assert_eq!(response.headers()["x-amzn-requestid"], "id-1", "{protocol:?}");
            let typed = response.headers().get("x-amzn-errortype");
            assert_eq!(typed.is_some(), protocol == Protocol::RestJson, "{protocol:?}");
        }
    }
}
