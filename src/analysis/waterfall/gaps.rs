//! What is not there of a trace.

use crate::store::trace::{Missing, Trace};
use crate::text::units::plural;

/// A part of a trace that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// Spans that have not ended.
    InProgress {
        /// How many.
        spans: usize,
        /// The row of the first.
        first: usize,
    },
    /// A parent that did not come.
    Parent(Missing),
    /// X-Ray left documents out of a trace that is too large.
    LimitExceeded,
    /// X-Ray did not get round to the whole of it.
    Unprocessed,
}

impl Gap {
    /// What is said of it.
    pub fn words(&self) -> String {
        match self {
            Self::InProgress { spans, .. } => format!("{} in progress", units(*spans)),
            Self::Parent(Missing { id, children, spans }) => {
                let below = if children == spans { units(*spans) } else { format!("{} in all", units(*spans)) };
                format!("the span {id} did not come; {below} below it")
            }
            Self::LimitExceeded => "X-Ray left documents out: the trace is larger than it keeps".to_owned(),
            Self::Unprocessed => "X-Ray did not get round to the whole trace".to_owned(),
        }
    }
}

fn units(spans: usize) -> String {
    plural(spans, "span")
}

/// What is not there of a trace, the worst first.
pub fn gaps(trace: &Trace) -> Vec<Gap> {
    let mut gaps = Vec::new();
    if trace.unprocessed {
        gaps.push(Gap::Unprocessed);
    }
    if trace.limit_exceeded {
        gaps.push(Gap::LimitExceeded);
    }
    gaps.extend(trace.missing.iter().cloned().map(Gap::Parent));
    let mut open = trace.spans.iter().enumerate().filter(|(_, span)| span.end_s.is_none());
    if let Some((first, _)) = open.next() {
        gaps.push(Gap::InProgress { spans: 1 + open.count(), first });
    }
    gaps
}
