//! What a detector is told once, for every series alike.

use chrono::TimeDelta;

/// How a detector judges. The default serves every series; a rule changes `sensitivity` at most.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Half the band's height in deviations, beyond what is expected: smaller tells of more.
    ///
    /// A deviation is the typical height of this series' own extremes of the last days, not a standard deviation.
    pub sensitivity: f64,
    /// How far back the recent past reaches that a datapoint is held against.
    pub recent: TimeDelta,
    /// How many earlier days are asked for the same time of day.
    pub days: usize,
    /// How far beside the same time of day an earlier day's datapoint still counts, to either side.
    pub jitter: TimeDelta,
    /// How far back deviations are remembered.
    pub memory: TimeDelta,
    /// The share of datapoints, 0 to 1, that is ordinary; the deviations of the rest are the extremes.
    pub ordinary: f64,
    /// The least distance from what is expected that is told of, as a share of it.
    pub least: f64,
    /// How long a series has to be back in its band before leaving it is news again.
    pub rest: TimeDelta,
    /// How many datapoints have to be known before anything is said.
    pub warm_up: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sensitivity: 4.0,
            recent: TimeDelta::hours(1),
            days: 7,
            jitter: TimeDelta::minutes(10),
            memory: TimeDelta::days(7),
            ordinary: 0.98,
            least: 0.02,
            rest: TimeDelta::hours(1),
            warm_up: 15,
        }
    }
}
