//! States of the board's local rules.

use crate::clock::Time;
use crate::store::episode::{Episode, Severity};

/// Whether a local rule holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleState {
    /// It fires.
    Firing,
    /// Too little is known to say.
    NoData,
    /// It does not fire.
    Quiet,
}

/// One local rule and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleStatus {
    /// The rule's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How much it matters.
    pub severity: Severity,
    /// Whether it holds.
    pub state: RuleState,
    /// Since when it has been in this state.
    pub since: Option<Time>,
    /// The newest value that it looked at, in its unit.
    pub value: Option<f64>,
    /// The threshold, or the edge of the band that it would cross.
    pub threshold: Option<f64>,
    /// Why, in one line.
    pub reason: String,
    /// The episode under way, else the newest.
    pub episode: Option<Episode>,
}

/// What a rule has looked at over time, for its chart and its list of episodes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleTrack {
    /// Start of period and value, ascending; for a sliding window its last instant and the number of events in it.
    pub points: Vec<(Time, f64)>,
    /// The lower edge of a band.
    pub lower: Vec<(Time, f64)>,
    /// The upper edge of a band.
    pub upper: Vec<(Time, f64)>,
    /// Seconds between points.
    pub period_s: i64,
    /// From when on it has been evaluated.
    pub known_from: Option<Time>,
    /// The episodes in that time, newest first.
    pub episodes: Vec<Episode>,
}
