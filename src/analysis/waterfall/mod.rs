//! What a trace means: own time, the critical path, clocks that differ, what is missing, why it failed.

mod cause;
mod compare;
mod culprit;
mod gaps;
mod interval;
mod own;
mod path;
mod skew;
#[cfg(test)]
mod tests;
mod words;

pub use cause::{Causes, Exception, Frame, causes};
pub use compare::{Side, Step, compare};
pub use culprit::culprit;
pub use gaps::{Gap, gaps};
pub use own::own_s;
pub use path::{Path, Section, path};
pub use skew::{Skew, skews};
pub use words::label;

use crate::store::trace::Trace;

/// What is worked out of a trace once, by its rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Waterfall {
    /// Seconds that each span spent itself, see [`own_s()`].
    pub own_s: Vec<Option<f64>>,
    /// What the trace's end waited for.
    pub path: Path,
    /// Where the clocks of two hosts differ, the largest first.
    pub skews: Vec<Skew>,
    /// What is not there.
    pub gaps: Vec<Gap>,
    /// The span that spent the most time itself.
    pub slowest: Option<usize>,
    /// The failure that others only pass on.
    pub culprit: Option<usize>,
}

impl Waterfall {
    /// That of a trace.
    pub fn of(trace: &Trace) -> Self {
        let own_s = own_s(trace);
        let slowest = own::slowest(&own_s);
        let (path, skews, gaps, culprit) = (path(trace), skews(trace), gaps(trace), culprit(trace));
        Self { own_s, path, skews, gaps, slowest, culprit }
    }
}
