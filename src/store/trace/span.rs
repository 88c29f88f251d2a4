//! One row of a trace.

use super::{Document, Link, Verdict};
use crate::clock::Time;

/// What a span is told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SpanKind {
    /// A service's own record of its work.
    #[default]
    Segment,
    /// A part of a service's work, or a call that it made.
    Subsegment,
    /// A call to a service that sends no segments: X-Ray infers one from the call.
    Inferred,
}

impl SpanKind {
    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Segment => "segment",
            Self::Subsegment => "subsegment",
            Self::Inferred => "inferred",
        }
    }
}

/// A segment or subsegment.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is what X-Ray says of a span, and any of them may hold")]
pub struct Span {
    /// Its id, 16 hex digits; empty where the document gives none.
    pub id: String,
    /// Its name: the service, or the downstream call.
    pub name: String,
    /// What tells it.
    pub kind: SpanKind,
    /// AWS's kind of resource, `AWS::Lambda::Function`; empty where there is none.
    pub origin: String,
    /// `aws` or `remote` for a call to another service, else empty.
    pub namespace: String,
    /// Start in epoch seconds.
    pub start_s: f64,
    /// End in epoch seconds; `None` while in progress.
    pub end_s: Option<f64>,
    /// 5xx.
    pub fault: bool,
    /// 4xx.
    pub error: bool,
    /// 429.
    pub throttle: bool,
    /// The operation of an AWS call; empty where there is none.
    pub operation: String,
    /// The log groups that its service names.
    pub log_groups: Vec<String>,
    /// Something is said of why it failed.
    pub has_cause: bool,
    /// All that is said of it.
    pub document: Document,
    /// How many are above it.
    pub depth: usize,
    /// The row of the one above it.
    pub parent: Option<usize>,
    /// Spans of its tree, itself included: the next row that is not below it is this much further down.
    pub size: usize,
    /// Ids of the inferred segments that are told in this row.
    pub inferred: Vec<String>,
    /// What it names beside its parent.
    pub links: Vec<Link>,
}

impl Span {
    /// How long it took in seconds; `None` while in progress. Never less than 0.
    pub fn took_s(&self) -> Option<f64> {
        self.end_s.map(|end| (end - self.start_s).max(0.0))
    }

    /// How it went, in one word.
    pub const fn verdict(&self) -> Verdict {
        Verdict::of(self.fault, self.error, self.throttle, self.end_s.is_none())
    }

    /// Whether it failed, by whoever's fault.
    pub const fn has_failed(&self) -> bool {
        self.verdict().has_failed()
    }

    /// The kind of resource, or else whose service is called; empty for own work.
    pub fn place(&self) -> &str {
        if self.origin.is_empty() { &self.namespace } else { &self.origin }
    }
}

/// A time of X-Ray's fractional seconds, to the millisecond that was meant; `None` for one beyond the calendar.
pub fn instant(at_s: f64) -> Option<Time> {
    chrono::DateTime::from_timestamp_millis((at_s * 1e3).round() as i64)
}
