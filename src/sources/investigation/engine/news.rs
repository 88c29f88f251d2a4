//! What the tasks of an investigation tell its engine.

use crate::sources::investigation::groups::{Found, Group};
use crate::sources::investigation::lines::Line;
use crate::store::story::SearchState;
use crate::store::trace::Trace;

/// What a task of the engine tells.
pub(in crate::sources::investigation) enum News {
    /// Which groups there are.
    Groups(Found),
    /// Whether there is a log group of spans.
    Spans(Option<Group>),
    /// A search has been answered, if only in part.
    Heard { index: usize, report: Report },
    /// Lines of a search: those that are new, or all of them `anew`.
    Lines { index: usize, lines: Vec<Line>, anew: bool },
    /// A trace of a search.
    Trace { index: usize, trace: Box<Trace> },
    /// Trace ids of a search.
    TraceIds { index: usize, ids: Vec<String> },
    /// Where X-Ray keeps its segments: whether traces have to be retrieved from CloudWatch Logs.
    Destination(bool),
    /// A search has ended.
    Searched { index: usize, state: SearchState, report: Report },
}

/// What a search took.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::sources::investigation) struct Report {
    pub(in crate::sources::investigation) calls: u64,
    pub(in crate::sources::investigation) bytes: f64,
    /// Lines that Logs Insights counted.
    pub(in crate::sources::investigation) matched: u64,
    /// Traces that X-Ray charges.
    pub(in crate::sources::investigation) traces: u64,
}
