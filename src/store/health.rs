//! How fresh a piece of knowledge is, and what went wrong when it is not.

use std::fmt;
use std::time::Duration;

use crate::clock::Time;

/// The AWS operation that a piece of knowledge comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SourceId {
    /// CloudWatch `GetMetricData`: cards, charts, sparklines.
    Metrics,
    /// CloudWatch `ListMetrics`: which metrics there are, on the screen of the metrics.
    Catalogue,
    /// CloudWatch `DescribeAlarms`.
    Alarms,
    /// CloudWatch `DescribeAlarmHistory`, for the alarm that is open.
    AlarmHistory,
    /// CloudWatch `DescribeAlarmHistory` over all alarms: what happened before the console started.
    Transitions,
    /// CloudWatch `DescribeAlarms` for the relatives of the alarm that is open, its contributors and its mute rules.
    AlarmDetail,
    /// CloudWatch `ListTagsForResource`, for a filter that asks for tags.
    AlarmTags,
    /// CloudWatch Logs `StartLiveTail`: the feed as it happens.
    Tail,
    /// CloudWatch Logs `FilterLogEvents`: the feed's past, and its polling where tailing is not possible.
    Poll,
    /// CloudWatch Logs `FilterLogEvents` for the events that local rules count.
    Counts,
    /// CloudWatch Logs `FilterLogEvents` for the lines of one request.
    Lines,
    /// CloudWatch Logs `DescribeMetricFilters`, for the metric whose lines are looked for.
    MetricFilters,
    /// CloudWatch Logs `FilterLogEvents` for the lines that match a pattern.
    Matches,
    /// CloudWatch Logs `FilterLogEvents` in CloudTrail's log group.
    Changes,
    /// CloudWatch Logs `StartQuery`: Logs Insights queries.
    Rows,
    /// CloudWatch Logs `DescribeLogGroups`: log groups by prefix.
    LogGroups,
    /// CloudWatch Logs `DescribeQueryDefinitions`: the account's saved queries.
    QueryDefinitions,
    /// CloudWatch Logs `GetLogGroupFields`, for completion.
    LogFields,
    /// CloudWatch Logs `GetLogRecord`, for the row that is open.
    LogRecord,
    /// CloudWatch Logs, X-Ray and CloudTrail for everything about an identifier.
    Story,
    /// X-Ray `GetServiceGraph`.
    Services,
    /// X-Ray `GetServiceGraph` for the window before.
    ServicesBefore,
    /// X-Ray `GetTimeSeriesServiceStatistics`, for the service that is open.
    ServiceTrend,
    /// X-Ray `GetTimeSeriesServiceStatistics`, for local rules.
    ServiceRules,
    /// X-Ray `BatchGetTraces`, for the trace that is open.
    Trace,
    /// X-Ray `GetTraceSummaries`, for the list of traces that is open.
    TraceSummaries,
    /// X-Ray `GetGroups`, for filter expressions that name a group.
    TraceGroups,
}

impl SourceId {
    /// Every source, in the order in which problems are listed.
    pub const ALL: &'static [Self] = &[
        Self::Metrics,
        Self::Catalogue,
        Self::Alarms,
        Self::AlarmHistory,
        Self::Transitions,
        Self::AlarmDetail,
        Self::AlarmTags,
        Self::Tail,
        Self::Poll,
        Self::Counts,
        Self::Lines,
        Self::MetricFilters,
        Self::Matches,
        Self::Changes,
        Self::Rows,
        Self::LogGroups,
        Self::QueryDefinitions,
        Self::LogFields,
        Self::LogRecord,
        Self::Story,
        Self::Services,
        Self::ServicesBefore,
        Self::ServiceTrend,
        Self::ServiceRules,
        Self::Trace,
        Self::TraceSummaries,
        Self::TraceGroups,
    ];

    /// Its name as `service:Operation`, the form of IAM actions and of the JSON contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Metrics => "cloudwatch:GetMetricData",
            Self::Catalogue => "cloudwatch:ListMetrics",
            Self::Alarms | Self::AlarmDetail => "cloudwatch:DescribeAlarms",
            Self::AlarmHistory | Self::Transitions => "cloudwatch:DescribeAlarmHistory",
            Self::AlarmTags => "cloudwatch:ListTagsForResource",
            Self::Tail => "logs:StartLiveTail",
            Self::Poll | Self::Counts | Self::Lines | Self::Matches | Self::Changes => "logs:FilterLogEvents",
            Self::LogGroups | Self::Story => "logs:DescribeLogGroups",
            Self::MetricFilters => "logs:DescribeMetricFilters",
            Self::Rows => "logs:StartQuery",
            Self::QueryDefinitions => "logs:DescribeQueryDefinitions",
            Self::LogFields => "logs:GetLogGroupFields",
            Self::LogRecord => "logs:GetLogRecord",
            Self::Services | Self::ServicesBefore => "xray:GetServiceGraph",
            Self::ServiceTrend | Self::ServiceRules => "xray:GetTimeSeriesServiceStatistics",
            Self::Trace => "xray:BatchGetTraces",
            Self::TraceSummaries => "xray:GetTraceSummaries",
            Self::TraceGroups => "xray:GetGroups",
        }
    }

    /// Whether it serves what is opened alone: another answer for each thing that is opened.
    pub const fn is_of_detail(self) -> bool {
        match self {
            Self::Catalogue
            | Self::AlarmHistory
            | Self::AlarmDetail
            | Self::AlarmTags
            | Self::Lines
            | Self::MetricFilters
            | Self::Matches
            | Self::Rows
            | Self::LogGroups
            | Self::QueryDefinitions
            | Self::LogFields
            | Self::LogRecord
            | Self::Story
            | Self::ServicesBefore
            | Self::ServiceTrend
            | Self::Trace
            | Self::TraceSummaries
            | Self::TraceGroups => true,
            Self::Metrics
            | Self::Alarms
            | Self::Transitions
            | Self::Tail
            | Self::Poll
            | Self::Counts
            | Self::Changes
            | Self::Services
            | Self::ServiceRules => false,
        }
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What kind of trouble a call met; it decides whether and when the call is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The caller may not do this; the message names the missing action.
    Denied,
    /// Too many calls; retried with backoff.
    Throttled,
    /// Credentials are missing or have expired.
    Credentials,
    /// No connection, or it broke.
    Unreachable,
    /// No answer in time.
    TimedOut,
    /// An answer that could not be understood.
    Garbled,
    /// AWS failed (5xx).
    Server,
    /// AWS refused the request as wrong (4xx).
    Invalid,
    /// What was asked for does not exist.
    NotFound,
}

impl ErrorKind {
    /// One word for a frame's title.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Throttled => "throttled",
            Self::Credentials => "credentials",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed out",
            Self::Garbled => "garbled answer",
            Self::Server => "AWS error",
            Self::Invalid => "refused",
            Self::NotFound => "not found",
        }
    }
}

/// A failed call as data: what, why, and what happens next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceError {
    /// Its kind.
    pub kind: ErrorKind,
    /// `service:Operation` of the call, which is also the IAM action.
    pub operation: String,
    /// AWS's own words or the transport's, sanitised, one line.
    pub message: String,
    /// When the failing answer (or its absence) was seen.
    pub at: Time,
    /// When the next try is due, if there is one.
    pub retry_in: Option<Duration>,
}

impl SourceError {
    /// The error for a frame's title: `denied: logs:StartQuery` or `throttled, retry in 8s`.
    pub fn brief(&self) -> String {
        match (self.kind, self.retry_in) {
            (ErrorKind::Denied, _) => format!("denied: {}", self.operation),
            (kind, Some(wait)) => format!("{}, retry in {}s", kind.word(), wait.as_secs().max(1)),
            (kind, None) => kind.word().to_owned(),
        }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.operation, self.kind.word(), self.message)
    }
}

impl std::error::Error for SourceError {}

/// How fresh something is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Health {
    /// Asked for, no answer yet.
    #[default]
    Waiting,
    /// The newest answer came `at`.
    Live {
        /// When the answer came.
        at: Time,
    },
    /// The newest call failed; what is shown came `at`.
    Stale {
        /// When the shown data came.
        at: Time,
        /// Since when calls have failed.
        since: Time,
        /// The newest failure.
        error: SourceError,
    },
    /// No call has succeeded.
    Failed {
        /// Since when calls have failed.
        since: Time,
        /// The newest failure.
        error: SourceError,
    },
}

impl Health {
    /// Records an answer.
    pub fn succeed(&mut self, at: Time) {
        *self = Self::Live { at };
    }

    /// Records a failure, keeping the time of the last answer and of the first failure.
    pub fn fail(&mut self, error: SourceError) {
        *self = match std::mem::take(self) {
            Self::Waiting => Self::Failed { since: error.at, error },
            Self::Failed { since, .. } => Self::Failed { since, error },
            Self::Live { at } => Self::Stale { at, since: error.at, error },
            Self::Stale { at, since, .. } => Self::Stale { at, since, error },
        };
    }

    /// When the newest answer came or the newest failure was seen; `None` while nothing has come.
    pub const fn changed(&self) -> Option<Time> {
        match self {
            Self::Waiting => None,
            Self::Live { at } => Some(*at),
            Self::Stale { error, .. } | Self::Failed { error, .. } => Some(error.at),
        }
    }

    /// When what is shown came; `None` where nothing has.
    pub const fn answered(&self) -> Option<Time> {
        match self {
            Self::Live { at } | Self::Stale { at, .. } => Some(*at),
            Self::Waiting | Self::Failed { .. } => None,
        }
    }

    /// Its word in the JSON contract: `waiting`, `live`, `stale` or `failed`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Live { .. } => "live",
            Self::Stale { .. } => "stale",
            Self::Failed { .. } => "failed",
        }
    }

    /// The newest failure and since when, if the newest call failed.
    pub const fn trouble(&self) -> Option<(&SourceError, Time)> {
        match self {
            Self::Stale { since, error, .. } | Self::Failed { since, error } => Some((error, *since)),
            Self::Waiting | Self::Live { .. } => None,
        }
    }
}

/// Data with its freshness; a failed feed keeps its last values.
#[derive(Debug, Clone, Default)]
pub struct Feed<T> {
    /// The newest values that arrived.
    pub data: T,
    /// How fresh they are.
    pub health: Health,
}
