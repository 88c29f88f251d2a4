//! Frames of `application/vnd.amazon.eventstream`, as StartLiveTail replies in.

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use bytes::Bytes;

use super::{ApiError, Wire, json};

/// The content type of an event stream.
pub const CONTENT_TYPE: &str = "application/vnd.amazon.eventstream";

/// A frame that carries an event of this type, such as `sessionUpdate`.
pub fn event(event_type: &str, payload: &Wire) -> Bytes {
    frame(&[(":message-type", "event"), (":event-type", event_type), (":content-type", "application/json")], payload)
}

/// A frame that ends a stream with an exception, such as `SessionTimeoutException`.
pub fn exception(error: &ApiError) -> Bytes {
    let payload = Wire::map([("message", error.message.as_str().into())]);
    let headers =
        [(":message-type", "exception"), (":exception-type", error.code), (":content-type", "application/json")];
    frame(&headers, &payload)
}

fn frame(headers: &[(&str, &str)], payload: &Wire) -> Bytes {
    let mut message = Message::new(json::encode(payload));
    for (name, value) in headers {
        message = message.add_header(Header::new((*name).to_owned(), HeaderValue::String((*value).to_owned().into())));
    }
    let mut buffer = Vec::new();
    match write_message_to(&message, &mut buffer) {
        Ok(()) => buffer.into(),
        // Only a frame beyond the format's 16 MiB can fail; a stream that breaks off says so to the client.
        Err(_) => Bytes::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_eventstream::frame::read_message_from;

    fn header(message: &Message, name: &str) -> Option<String> {
        let header = message.headers().iter().find(|header| header.name().as_str() == name)?;
        header.value().as_string().ok().map(|text| text.as_str().to_owned())
    }

    #[test]
    fn frames_carry_type_and_payload() {
        let update = read_message_from(event("sessionUpdate", &Wire::map([("n", 1_i64.into())]))).expect("a frame");
        assert_eq!(header(&update, ":message-type").as_deref(), Some("event"));
        assert_eq!(header(&update, ":event-type").as_deref(), Some("sessionUpdate"));
        assert_eq!(&update.payload()[..], br#"{"n":1}"#);

        let ended = exception(&ApiError::bad("SessionTimeoutException", "over"));
        let ended = read_message_from(ended).expect("a frame");
        assert_eq!(header(&ended, ":message-type").as_deref(), Some("exception"));
        assert_eq!(header(&ended, ":exception-type").as_deref(), Some("SessionTimeoutException"));
        assert_eq!(&ended.payload()[..], br#"{"message":"over"}"#);
    }
}
