//! AWS's wire protocols: one value type that every protocol decodes to and encodes from.

pub mod access;
pub mod cbor;
pub mod event_stream;
pub mod json;
pub mod query;
pub mod reply;
pub mod route;
pub mod token;

use crate::clock::Time;

/// A value between an operation and the wire: JSON's kinds, plus what CBOR and JSON write differently.
#[derive(Debug, Clone, PartialEq)]
pub enum Wire {
    /// Absent.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A double; CBOR always writes it as a float, JSON as a number.
    Float(f64),
    /// Text.
    Text(String),
    /// A timestamp: CBOR tag 1, JSON epoch seconds with fraction. (Logs' millisecond times are [`Wire::Int`].)
    Time(Time),
    /// A list.
    List(Vec<Wire>),
    /// A structure or map, in order.
    Map(Vec<(String, Wire)>),
}

/// What an operation answers when it does not answer: AWS's error code, HTTP status and message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// HTTP status.
    pub status: u16,
    /// AWS's error code, such as `ValidationError`, `ResourceNotFoundException`.
    pub code: &'static str,
    /// AWS's kind of message.
    pub message: String,
    /// Where in a query's text the error is, in characters: Logs tells it of a `MalformedQueryException`.
    pub offset: Option<usize>,
}

impl ApiError {
    /// A 400 with this code.
    pub fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::with_status(400, code, message)
    }

    /// An error with its HTTP status.
    pub fn with_status(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), offset: None }
    }

    /// The same error at this place of the query's text.
    pub fn at(mut self, offset: usize) -> Self {
        self.offset = Some(offset);
        self
    }
}
