//! What a rule says at each instant.

use chrono::TimeDelta;

use crate::clock::Time;
use crate::store::rule::RuleState;

/// What a rule says at one instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// When it could be said: the end of a period, the time of a log event.
    pub at: Time,
    /// What it says.
    pub state: RuleState,
    /// The value that was looked at.
    pub value: Option<f64>,
    /// The threshold, or the edge of the band that it is held to.
    pub threshold: Option<f64>,
    /// How far the value is on the bad side, 0 where it is not.
    pub excess: f64,
    /// Over how long the value is a mean; `None` for a datapoint.
    pub mean_of: Option<TimeDelta>,
    /// How many of the newest datapoints are bad.
    pub bad: u32,
}

/// A rule over a stretch of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// What it says, ascending; each holds until the next.
    pub looks: Vec<Look>,
    /// What it looked at, for a chart: start of period and value.
    pub points: Vec<(Time, f64)>,
    /// The lower edge of its band.
    pub lower: Vec<(Time, f64)>,
    /// The upper edge of its band.
    pub upper: Vec<(Time, f64)>,
    /// Seconds between points.
    pub period_s: i64,
    /// Before this instant a spell may have begun without having been seen.
    pub known_from: Option<Time>,
    /// Why the present is not known, if it is not.
    pub unknown: Option<String>,
    /// When it has to be looked at again though nothing new was learnt.
    pub due: Time,
}

impl Trace {
    /// A trace of a rule of which nothing is known yet, and why.
    pub fn waiting(due: Time, why: &str) -> Self {
        Self {
            looks: Vec::new(),
            points: Vec::new(),
            lower: Vec::new(),
            upper: Vec::new(),
            period_s: 60,
            known_from: None,
            unknown: Some(why.to_owned()),
            due,
        }
    }

    /// What it says at present.
    pub fn state(&self) -> RuleState {
        match (&self.unknown, self.looks.last()) {
            (None, Some(look)) => look.state,
            (Some(_), _) | (None, None) => RuleState::NoData,
        }
    }
}
