//! Log events as CloudWatch Logs returns them.

use crate::clock::Time;

/// One log event. Its text is raw: it passes `text::clean` on its way to a cell or to stdout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEvent {
    /// The event's time.
    pub time: Time,
    /// Index into the board's feed groups, or 0 where one group was asked.
    pub group: u16,
    /// The event's text as it was logged.
    pub message: Box<str>,
}

/// A batch of feed events.
#[derive(Debug, Clone, PartialEq)]
pub struct TailBatch {
    /// When it came.
    pub at: Time,
    /// The events, each once, in the order in which they arrived.
    pub events: Vec<LogEvent>,
    /// How they came.
    pub origin: TailOrigin,
    /// Whether the server left out events (Live Tail above 500 a second).
    pub sampled: bool,
    /// Everything up to this time has been received, where that is known.
    pub complete_to: Option<Time>,
}

impl TailBatch {
    /// The batch without its events.
    pub const fn clone_empty(&self) -> Self {
        let Self { at, origin, sampled, complete_to, .. } = *self;
        Self { at, events: Vec::new(), origin, sampled, complete_to }
    }
}

/// Where a batch of feed events came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TailOrigin {
    /// The past, read when the feed was opened.
    Backfill,
    /// StartLiveTail.
    Live,
    /// FilterLogEvents polling.
    Poll,
}

/// The lines of one request.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestLines {
    /// When the answer came.
    pub at: Time,
    /// Log group and event, ascending in time.
    pub lines: Vec<(String, LogEvent)>,
    /// Whether more pages are under way.
    pub complete: bool,
}
