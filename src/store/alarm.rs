//! CloudWatch alarms: their configuration, state and history.

use crate::clock::Time;
use crate::store::series::MetricQuery;

/// An alarm's state, as CloudWatch names it. The order is the order of attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AlarmState {
    /// `ALARM`.
    Alarm,
    /// `INSUFFICIENT_DATA`.
    InsufficientData,
    /// `OK`.
    Ok,
}

impl AlarmState {
    /// AWS's word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alarm => "ALARM",
            Self::InsufficientData => "INSUFFICIENT_DATA",
            Self::Ok => "OK",
        }
    }

    /// The state of AWS's word, `None` for a word that AWS does not use.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Alarm, Self::InsufficientData, Self::Ok].into_iter().find(|s| s.name() == word)
    }
}

/// What an alarm watches.
#[derive(Debug, Clone, PartialEq)]
pub enum AlarmKind {
    /// A metric or an expression against a threshold.
    Metric(Box<MetricAlarm>),
    /// A rule over other alarms.
    Composite {
        /// The rule as written, such as `ALARM(a) OR ALARM(b)`.
        rule: String,
        /// Names of the alarms in the rule, in order of appearance.
        children: Vec<String>,
    },
    /// The results of a scheduled Logs Insights query against a threshold.
    Logs(Box<LogsAlarm>),
}

impl AlarmKind {
    /// `metric`, `composite` or `log`, as in the JSON contract.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Metric(_) => "metric",
            Self::Composite { .. } => "composite",
            Self::Logs(_) => "log",
        }
    }
}

/// How a metric alarm is evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricAlarm {
    /// The query of the watched value: the statistic, or the returned expression with its inputs.
    pub query: MetricQuery,
    /// The query of the anomaly band that stands in for the threshold, if the alarm watches one.
    pub band: Option<MetricQuery>,
    /// AWS's comparison operator, such as `GreaterThanThreshold`.
    pub comparison: String,
    /// The fixed threshold, in the metric's unit; `None` for a band.
    pub threshold: Option<f64>,
    /// N: how many periods are looked at.
    pub evaluation_periods: u32,
    /// M: how many of them must breach.
    pub datapoints_to_alarm: u32,
    /// AWS's `TreatMissingData` (`missing` where unset).
    pub treat_missing: String,
}

impl MetricAlarm {
    /// The comparison as a sign: `>`, `≥`, `<`, `≤`, or `outside`/`above`/`below` for a band.
    pub fn sign(&self) -> &'static str {
        match self.comparison.as_str() {
            "GreaterThanThreshold" => ">",
            "GreaterThanOrEqualToThreshold" => "≥",
            "LessThanThreshold" => "<",
            "LessThanOrEqualToThreshold" => "≤",
            "LessThanLowerOrGreaterThanUpperThreshold" => "outside",
            "GreaterThanUpperThreshold" => "above",
            "LessThanLowerThreshold" => "below",
            _ => "?",
        }
    }
}

/// How a log alarm is evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct LogsAlarm {
    /// The scheduled query, in Logs Insights' language.
    pub query: String,
    /// The log groups that it reads, by name or ARN.
    pub log_groups: Vec<String>,
    /// AWS's comparison operator, such as `GreaterThanThreshold`.
    pub comparison: String,
    /// The fixed threshold.
    pub threshold: Option<f64>,
    /// N: how many query results are looked at.
    pub results_to_evaluate: u32,
    /// M: how many of them must breach.
    pub results_to_alarm: u32,
    /// AWS's `TreatMissingData` (`missing` where unset).
    pub treat_missing: String,
}

/// One alarm as DescribeAlarms returns it.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    /// Its name.
    pub name: String,
    /// Its description, empty where there is none.
    pub description: String,
    /// What it watches.
    pub kind: AlarmKind,
    /// Its state.
    pub state: AlarmState,
    /// Since when: `StateTransitionedTimestamp`, or `StateUpdatedTimestamp` where AWS gives no other.
    pub since: Option<Time>,
    /// AWS's reason for the state.
    pub reason: String,
    /// The newest evaluated value, from `StateReasonData` (`recentDatapoints`), if any.
    pub value: Option<f64>,
    /// Whether its actions are enabled.
    pub actions_enabled: bool,
    /// ARNs of the actions it takes when it fires.
    pub actions: Vec<String>,
    /// `PARTIAL_DATA`, `EVALUATION_ERROR` or `EVALUATION_FAILURE`, where AWS says so.
    pub evaluation_state: Option<String>,
}

impl Alarm {
    /// The fixed threshold of a metric alarm.
    pub fn threshold(&self) -> Option<f64> {
        match &self.kind {
            AlarmKind::Metric(metric) => metric.threshold,
            AlarmKind::Composite { .. } => None,
            AlarmKind::Logs(logs) => logs.threshold,
        }
    }
}

/// One line of an alarm's history.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmEvent {
    /// When it happened.
    pub at: Time,
    /// AWS's `HistoryItemType`: `StateUpdate`, `ConfigurationUpdate`, `Action` …
    pub kind: String,
    /// AWS's one-line summary.
    pub summary: String,
    /// The state before and after, for a `StateUpdate` whose data says so.
    pub change: Option<(AlarmState, AlarmState)>,
}

/// One change of an alarm's state, as DescribeAlarmHistory tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// The alarm's name.
    pub alarm: String,
    /// When it changed.
    pub at: Time,
    /// The state before.
    pub from: AlarmState,
    /// The state after.
    pub to: AlarmState,
    /// AWS's reason, in one line.
    pub reason: String,
    /// The newest evaluated value, where AWS says.
    pub value: Option<f64>,
    /// The threshold, where AWS says.
    pub threshold: Option<f64>,
}
