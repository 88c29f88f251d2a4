//! CloudWatch alarms: their configuration, state and history.

use crate::clock::Time;
use crate::store::series::{MetricQuery, MetricSource};

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
    /// What makes numbers of the query's rows, such as `count(*)` or `avg(latency) by host`.
    pub aggregation: String,
    /// How often the query runs, such as `rate(5 minutes)`.
    pub schedule: String,
    /// How many seconds before each run the query looks back.
    pub looks_back_s: Option<i64>,
}

/// What keeps a composite alarm from taking its actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// Name of the alarm that suppresses while it is in `ALARM`.
    pub by: String,
    /// Seconds that the composite waits for it to go into `ALARM`.
    pub wait_s: i64,
    /// Seconds that the suppression goes on after it.
    pub extension_s: i64,
    /// AWS's `ActionsSuppressedBy` while actions are suppressed: `Alarm`, `WaitPeriod` or `ExtensionPeriod`.
    pub now: Option<String>,
    /// AWS's reason for that.
    pub reason: String,
}

/// What is configured around an alarm, beside what it watches.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AlarmSetup {
    /// Its ARN.
    pub arn: String,
    /// ARNs of the actions it takes when it goes to `OK`.
    pub ok_actions: Vec<String>,
    /// ARNs of the actions it takes when it goes to `INSUFFICIENT_DATA`.
    pub no_data_actions: Vec<String>,
    /// When its configuration was last changed.
    pub configured: Option<Time>,
    /// What keeps a composite from taking its actions.
    pub suppression: Option<Suppression>,
    /// The datapoints or query results of the newest change of state, oldest first, from `StateReasonData`.
    pub evaluated: Vec<(Time, f64)>,
    /// AWS's word for the unit of what it watches, where the alarm names one: `Seconds`, `Percent` …
    pub unit: Option<String>,
    /// The query of an alarm on PromQL, which GetMetricData can't answer.
    pub promql: Option<String>,
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
    /// What is configured around it.
    pub setup: AlarmSetup,
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

    /// The metric that it watches, if it is a metric alarm.
    pub fn metric(&self) -> Option<&MetricAlarm> {
        match &self.kind {
            AlarmKind::Metric(metric) => Some(metric),
            AlarmKind::Composite { .. } | AlarmKind::Logs(_) => None,
        }
    }

    /// Names of the alarms that a composite's rule names.
    pub fn children(&self) -> &[String] {
        match &self.kind {
            AlarmKind::Composite { children, .. } => children,
            AlarmKind::Metric(_) | AlarmKind::Logs(_) => &[],
        }
    }

    /// Whether it watches several time series at once, each of which is a contributor: a Metrics Insights query with
    /// `GROUP BY`, PromQL, or a log alarm that aggregates `by` something.
    pub fn has_contributors(&self) -> bool {
        let grouped = |text: &str| text.to_ascii_uppercase().contains("GROUP BY");
        match &self.kind {
            AlarmKind::Metric(metric) => {
                let MetricSource::Expression { text, .. } = &metric.query.source else {
                    return self.setup.promql.is_some();
                };
                self.setup.promql.is_some() || grouped(text)
            }
            AlarmKind::Logs(logs) => logs.aggregation.to_ascii_lowercase().contains(" by "),
            AlarmKind::Composite { .. } => false,
        }
    }
}

/// What is asked of AWS when an alarm is opened, beside its history.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmDetail {
    /// Composite alarms whose rules name it.
    pub parents: Vec<String>,
    /// The alarms that a composite's rule names, whether the board shows them or not.
    pub children: Vec<Relative>,
    /// The time series that are in `ALARM`, of an alarm that watches several; or why they are not known.
    pub contributors: Result<Vec<Contributor>, String>,
    /// Rules that mute it; or why they are not known.
    pub mutes: Result<Vec<MuteRule>, String>,
}

/// A child of a composite alarm, as `ChildrenOfAlarmName` tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relative {
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: AlarmState,
    /// When its state was last updated.
    pub updated: Option<Time>,
}

/// One time series of an alarm that watches several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contributor {
    /// What it is: dimensions and values, sorted.
    pub attributes: Vec<(String, String)>,
    /// AWS's reason for its state.
    pub reason: String,
    /// Since when it has been in its state.
    pub since: Option<Time>,
}

/// An alarm mute rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MuteRule {
    /// Its name.
    pub name: String,
    /// AWS's status: `SCHEDULED`, `ACTIVE` or `EXPIRED`.
    pub status: String,
    /// `ONE_TIME` or `RECURRING`.
    pub kind: String,
    /// When it ends for good.
    pub expires: Option<Time>,
}

impl MuteRule {
    /// Whether it mutes at present.
    pub fn is_active(&self) -> bool {
        self.status == "ACTIVE"
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
