//! Log lines behind a metric: the filters that make metrics of lines, and the lines that a pattern finds.

use crate::clock::Time;
use crate::store::log::LogEvent;
use crate::store::window::Span;

/// A metric filter: a pattern over a log group whose matches become datapoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricFilter {
    /// Its name.
    pub name: String,
    /// The log group that it reads.
    pub log_group: String,
    /// Its filter pattern.
    pub pattern: String,
    /// What a match counts: a number, or the selector of a field such as `$.processingTime`.
    pub value: String,
}

/// Which lines are asked for; its equality decides whether two panes share one answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineQuery {
    /// The log group, by name or ARN.
    pub group: String,
    /// The filter pattern; the empty one matches every line.
    pub pattern: String,
    /// From when until when.
    pub span: Span,
    /// Which of the lines come first, and so are read where not all are.
    pub reach: Reach,
}

/// Which lines of a stretch are read, where it has more than are read at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Reach {
    /// The newest ones.
    #[default]
    Newest,
    /// The oldest ones.
    Oldest,
    /// A few of the newest, to compare others with.
    Sample,
}

/// The lines that were found, as far as was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matches {
    /// The lines that were read, newest first.
    pub lines: Vec<LogEvent>,
    /// What of the stretch was not read, because there are more lines than are kept or pages than are read.
    pub unread: Option<(Time, Time)>,
    /// How many pages of FilterLogEvents were read.
    pub pages: usize,
    /// Whether the reading goes on.
    pub running: bool,
}
