//! What a detector says of one datapoint.

use chrono::TimeDelta;

/// What a detector says of one datapoint, from it and the datapoints before it alone.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Verdict {
    /// The value that was expected, in the series' unit; `None` while too little is known.
    pub expected: Option<f64>,
    /// The lowest value that would be ordinary, in the series' unit.
    pub low: Option<f64>,
    /// The highest value that would be ordinary, in the series' unit.
    pub high: Option<f64>,
    /// What lies above what is ordinary, if anything does.
    pub spike: Option<Stray>,
    /// What lies below what is ordinary, if anything does.
    pub decline: Option<Stray>,
}

impl Verdict {
    /// Whether the datapoint, or a mean up to it, is outside its band.
    pub const fn strays(&self) -> bool {
        self.spike.is_some() || self.decline.is_some()
    }
}

/// Something that lies outside its band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stray {
    /// The span whose mean it is; `None` for the datapoint itself.
    pub span: Option<TimeDelta>,
    /// The datapoint or the mean, in the series' unit.
    pub value: f64,
    /// The edge of the band that it is beyond.
    pub edge: f64,
}

/// A side of the band.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Above what is ordinary.
    Spike,
    /// Below what is ordinary.
    Decline,
}
