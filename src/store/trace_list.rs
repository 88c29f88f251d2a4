//! Lists of traces: what X-Ray knows of each without its segments.

use crate::clock::Time;
use crate::store::window::Span;

/// Which traces are asked for; its equality decides whether two panes share one answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TraceQuery {
    /// X-Ray's filter expression, such as `service("TSP") { fault = true }`; the empty one takes every trace.
    pub filter: String,
    /// From when until when.
    pub span: Span,
}

/// One trace in a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TraceSummary {
    /// Trace id.
    pub id: String,
    /// When it started, `None` where X-Ray does not say.
    pub start: Option<Time>,
    /// Seconds from its first start to its last end.
    pub duration_s: f64,
    /// Whether a segment failed with a 5xx.
    pub fault: bool,
    /// Whether a segment failed with a 4xx.
    pub error: bool,
    /// Whether a call was throttled (429).
    pub throttle: bool,
    /// The service that the request came in by.
    pub entry: String,
    /// Method, URL and status of the request, as far as they are known.
    pub http: String,
    /// Annotations and their values, by name.
    pub annotations: Vec<(String, String)>,
}

/// Traces that were found, as far as was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TraceList {
    /// The traces, newest first.
    pub traces: Vec<TraceSummary>,
    /// Whether X-Ray has more that were not read.
    pub more: bool,
    /// How many traces X-Ray went through, which is what it charges.
    pub scanned: u64,
    /// Calls that it took.
    pub pages: u64,
}
