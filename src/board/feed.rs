//! How log lines become requests.

use std::time::Duration;

/// The rules of a board's request feed.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedRules {
    /// Log groups that are followed.
    pub log_groups: Vec<String>,
    /// JSON field that names the event.
    pub event_field: String,
    /// What an event's value means for the request's status; events that are not listed are not part of the feed.
    pub statuses: Vec<(String, Status)>,
    /// JSON field that identifies a request.
    pub id_field: String,
    /// JSON field of the correlation id.
    pub correlation_field: String,
    /// JSON field of the X-Ray trace id.
    pub trace_field: String,
    /// JSON field of the latency in seconds.
    pub latency_field: String,
    /// JSON field of a failure's reason.
    pub reason_field: String,
    /// Columns, left to right, between status and latency.
    pub columns: Vec<Column>,
    /// JSON fields that identify a request across sources.
    pub identifiers: Vec<String>,
    /// Identifier fields that are annotations of X-Ray's traces, under the same name.
    pub annotations: Vec<String>,
    /// How long a request may stay pending before it is overdue.
    pub overdue_after: Duration,
}

impl FeedRules {
    /// Whether requests are seen to start, and not only to end.
    pub fn has_starts(&self) -> bool {
        self.statuses.iter().any(|(_, status)| *status == Status::Pending)
    }
}

/// A column of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its id in the JSON contract, such as `device`.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// The JSON field it shows.
    pub field: String,
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Started, not ended.
    Pending,
    /// Ended well.
    Success,
    /// Ended badly.
    Failed,
}

impl Status {
    /// Its word on screen and in the JSON contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Success => "SUCCESS",
            Self::Failed => "FAILED",
        }
    }

    /// Its glyph, so that no colour is needed.
    pub const fn glyph(self) -> &'static str {
        match self {
            Self::Pending => "…",
            Self::Success => "✓",
            Self::Failed => "✗",
        }
    }
}
