//! Reading a request: its body within bounds, uncompressed, and the call that it makes.

use std::io::Read as _;

use bytes::Bytes;
use flate2::read::GzDecoder;
use http::request::Parts;
use http::{HeaderMap, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;

use crate::demo::wire::ApiError;
use crate::demo::wire::route::{self, Call, Protocol};

/// The longest body taken, before and after decompression: far above 500 metric queries or a 10,000-character query.
const LONGEST: usize = 4 << 20;

/// The call that a request makes, and its body; or the error and the protocol to say it in.
pub(super) async fn read(parts: &Parts, body: Incoming) -> Result<(Call, Bytes), (Protocol, ApiError)> {
    let routed = route::route(parts)?;
    let protocol = routed.as_ref().map_or(Protocol::Query, |call| call.protocol);
    let fails = |error| (protocol, error);
    let collected = Limited::new(body, LONGEST).collect().await;
    let body = collected.map_err(|_| fails(too_large()))?.to_bytes();
    let body = uncompressed(&parts.headers, body).map_err(fails)?;
    match routed {
        Some(call) => Ok((call, body)),
        None => route::by_form(&body).map(|(call, _)| (call, body.clone())).map_err(fails),
    }
}

/// Whether somebody signed the request, in its header or in its address.
pub(super) fn is_signed(parts: &Parts) -> bool {
    parts.headers.contains_key(header::AUTHORIZATION)
        || parts.uri.query().is_some_and(|query| query.contains("X-Amz-Signature="))
}

fn uncompressed(headers: &HeaderMap, body: Bytes) -> Result<Bytes, ApiError> {
    let Some(encoding) = headers.get(header::CONTENT_ENCODING) else { return Ok(body) };
    if encoding != "gzip" {
        return Err(ApiError::with_status(415, "UnsupportedMediaTypeException", "The content encoding must be gzip"));
    }
    let mut plain = Vec::new();
    GzDecoder::new(&body[..])
        .take(LONGEST as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|error| ApiError::bad("SerializationException", format!("The body is not gzip: {error}")))?;
    if plain.len() > LONGEST { Err(too_large()) } else { Ok(plain.into()) }
}

fn too_large() -> ApiError {
    ApiError::with_status(413, "RequestEntityTooLargeException", "Request size exceeded the limit")
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use http::HeaderValue;
    use std::io::Write as _;

    fn unpack(encoding: &'static str, body: Vec<u8>) -> Result<usize, &'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        uncompressed(&headers, body.into()).map(|plain| plain.len()).map_err(|error| error.code)
    }

    fn packed(length: usize) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&vec![b'a'; length]).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn bodies_are_unpacked_within_bounds() {
        assert_eq!(unpack("gzip", packed(20_000)), Ok(20_000));
        assert_eq!(unpack("gzip", packed(LONGEST + 1)), Err("RequestEntityTooLargeException"));
        assert_eq!(unpack("gzip", b"plain".to_vec()), Err("SerializationException"));
        assert_eq!(unpack("br", Vec::new()), Err("UnsupportedMediaTypeException"));
    }
}
