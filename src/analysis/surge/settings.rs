//! What a detector is told once, for every series alike.

use chrono::TimeDelta;

/// How a detector judges. The default serves every series; a rule changes `sensitivity` at most.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Half the band's height in deviations: smaller tells of more. The default is 1.
    ///
    /// One deviation is how far this series strays from what is expected about once in `Settings::ordinary`.
    pub sensitivity: f64,
    /// How rare a deviation has to be to be told of: what returns within this time is ordinary.
    pub ordinary: TimeDelta,
    /// The share of deviations, 0 to 1, that count as extremes, by which the rarer ones are reckoned.
    pub extremes: f64,
    /// How far back deviations are remembered, by every window of time at most 4,096 of them.
    pub memory: TimeDelta,
    /// The recent past that a datapoint itself is held against.
    pub recent: TimeDelta,
    /// The recent past that means are held against.
    pub day: TimeDelta,
    /// Over how long means are taken, for what is too weak to be seen in one datapoint.
    pub spans: Vec<TimeDelta>,
    /// How many earlier days are asked for the same time of day.
    pub days: u16,
    /// How far beside the same time of day an earlier day's datapoint still counts, to either side.
    pub jitter: TimeDelta,
    /// The least distance from what is expected that is told of, as a share of it.
    pub least: f64,
    /// How many deviations of a spike are learned at once, so that one incident does not hide the next.
    pub learned: f64,
    /// How long an incident is held against what was ordinary before it: what lasts longer is the new ordinary.
    pub held: TimeDelta,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sensitivity: 1.0,
            ordinary: TimeDelta::days(7),
            extremes: 0.02,
            memory: TimeDelta::days(7),
            recent: TimeDelta::hours(1),
            day: TimeDelta::hours(24),
            spans: vec![TimeDelta::hours(1), TimeDelta::hours(2), TimeDelta::hours(4)],
            days: 7,
            jitter: TimeDelta::minutes(30),
            least: 0.02,
            learned: 2.0,
            held: TimeDelta::hours(1),
        }
    }
}
