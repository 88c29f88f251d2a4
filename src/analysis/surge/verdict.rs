//! What a detector says of one datapoint.

use chrono::TimeDelta;

/// The score from which on a datapoint is a detection; see [`Verdict::score`].
pub const THRESHOLD: f64 = 0.5;

/// What a detector says of one datapoint, from the datapoints before it alone.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Verdict {
    /// The value that was expected, in the series' unit; `None` while too little is known.
    pub expected: Option<f64>,
    /// The lowest value that would be ordinary, in the series' unit.
    pub low: Option<f64>,
    /// The highest value that would be ordinary, in the series' unit.
    pub high: Option<f64>,
    /// How surprising the datapoint is as the begin of something, 0 to 1.
    ///
    /// From [`THRESHOLD`] on it is a detection. While what was detected goes on, the score stays below, so that
    /// one spike or decline is one detection; [`Verdict::side`] tells whether it goes on.
    pub score: f64,
    /// On which side of its band the datapoint, or a mean up to it, lies; `None` inside.
    pub side: Option<Side>,
    /// The span whose mean lies furthest outside its own band; `None` where the datapoint itself does, or nothing.
    pub span: Option<TimeDelta>,
}

impl Verdict {
    /// Whether a spike or decline begins with this datapoint.
    pub fn begins(&self) -> bool {
        self.score >= THRESHOLD
    }
}

/// A side of the band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Above what is ordinary.
    Spike,
    /// Below what is ordinary.
    Decline,
}
