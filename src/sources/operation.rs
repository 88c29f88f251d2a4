//! The only AWS operations that this program may call, in one table.
//!
//! [`super::read_only`] refuses everything else where requests leave the process; the pace of each operation and the IAM
//! action that it needs are read off the same rows.

use std::fmt;

/// An AWS service that the sources talk to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// Amazon CloudWatch.
    CloudWatch,
    /// Amazon CloudWatch Logs.
    Logs,
    /// AWS X-Ray.
    XRay,
}

impl Service {
    /// The name under which the SDK knows it.
    pub const fn sdk_name(self) -> &'static str {
        match self {
            Self::CloudWatch => "CloudWatch",
            Self::Logs => "CloudWatch Logs",
            Self::XRay => "XRay",
        }
    }

    /// The prefix of its IAM actions.
    pub const fn iam_prefix(self) -> &'static str {
        match self {
            Self::CloudWatch => "cloudwatch",
            Self::Logs => "logs",
            Self::XRay => "xray",
        }
    }
}

/// One operation that may be called.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Operation {
    /// Its service.
    pub service: Service,
    /// Its name, which is also the name of the IAM action.
    pub name: &'static str,
    /// Calls a second an account and region, as AWS's quota pages of 2023 give them.
    pub per_second: f64,
}

impl Operation {
    const fn new(service: Service, name: &'static str, per_second: f64) -> Self {
        Self { service, name, per_second }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service.iam_prefix(), self.name)
    }
}

/// Datapoints of metrics and expressions.
pub const GET_METRIC_DATA: Operation = Operation::new(Service::CloudWatch, "GetMetricData", 50.0);
/// Which metrics there are.
pub const LIST_METRICS: Operation = Operation::new(Service::CloudWatch, "ListMetrics", 25.0);
/// All alarms and their states.
pub const DESCRIBE_ALARMS: Operation = Operation::new(Service::CloudWatch, "DescribeAlarms", 9.0);
/// What happened to one alarm.
pub const DESCRIBE_ALARM_HISTORY: Operation = Operation::new(Service::CloudWatch, "DescribeAlarmHistory", 3.0);
/// The time series of an alarm that watches several. AWS publishes no rate; this one is a courtesy.
pub const DESCRIBE_ALARM_CONTRIBUTORS: Operation =
    Operation::new(Service::CloudWatch, "DescribeAlarmContributors", 3.0);
/// Rules that mute alarms. AWS publishes no rate; this one is a courtesy.
pub const LIST_ALARM_MUTE_RULES: Operation = Operation::new(Service::CloudWatch, "ListAlarmMuteRules", 3.0);
/// Tags of an alarm. AWS publishes no rate; this one is a courtesy.
pub const LIST_TAGS: Operation = Operation::new(Service::CloudWatch, "ListTagsForResource", 5.0);
/// Log groups and their ARNs.
pub const DESCRIBE_LOG_GROUPS: Operation = Operation::new(Service::Logs, "DescribeLogGroups", 5.0);
/// The metric filters that feed a metric, or those of a log group.
pub const DESCRIBE_METRIC_FILTERS: Operation = Operation::new(Service::Logs, "DescribeMetricFilters", 5.0);
/// Log events of a time range.
pub const FILTER_LOG_EVENTS: Operation = Operation::new(Service::Logs, "FilterLogEvents", 5.0);
/// Saved Logs Insights queries. AWS publishes no rate; this one is a courtesy.
pub const DESCRIBE_QUERY_DEFINITIONS: Operation = Operation::new(Service::Logs, "DescribeQueryDefinitions", 5.0);
/// The fields that are discovered in a log group. AWS publishes no rate; this one is a courtesy.
pub const GET_LOG_GROUP_FIELDS: Operation = Operation::new(Service::Logs, "GetLogGroupFields", 5.0);
/// A whole log record that a query's row points to.
pub const GET_LOG_RECORD: Operation = Operation::new(Service::Logs, "GetLogRecord", 5.0);
/// Starts a Logs Insights query. Its rate, and those of the two that follow it, are AWS's of 2023.
pub const START_QUERY: Operation = Operation::new(Service::Logs, "StartQuery", 5.0);
/// What a Logs Insights query has found so far.
pub const GET_QUERY_RESULTS: Operation = Operation::new(Service::Logs, "GetQueryResults", 5.0);
/// Ends a Logs Insights query that nobody waits for any more.
pub const STOP_QUERY: Operation = Operation::new(Service::Logs, "StopQuery", 5.0);
/// Log events as they are ingested. AWS publishes no rate for it; this one is a courtesy.
pub const START_LIVE_TAIL: Operation = Operation::new(Service::Logs, "StartLiveTail", 1.0);
/// Services and the calls between them. AWS publishes no rate for X-Ray's reads; these are a courtesy.
pub const GET_SERVICE_GRAPH: Operation = Operation::new(Service::XRay, "GetServiceGraph", 5.0);
/// A service's statistics over time.
pub const GET_TIME_SERIES: Operation = Operation::new(Service::XRay, "GetTimeSeriesServiceStatistics", 5.0);
/// Whole traces.
pub const BATCH_GET_TRACES: Operation = Operation::new(Service::XRay, "BatchGetTraces", 5.0);
/// Traces that a filter expression takes, without their segments.
pub const GET_TRACE_SUMMARIES: Operation = Operation::new(Service::XRay, "GetTraceSummaries", 5.0);
/// X-Ray's groups and their filter expressions.
pub const GET_GROUPS: Operation = Operation::new(Service::XRay, "GetGroups", 5.0);
/// Whether segments go to X-Ray or to CloudWatch Logs.
pub const GET_TRACE_SEGMENT_DESTINATION: Operation = Operation::new(Service::XRay, "GetTraceSegmentDestination", 5.0);
/// Has traces of Transaction Search read out of CloudWatch Logs; nothing in the account changes by it.
pub const START_TRACE_RETRIEVAL: Operation = Operation::new(Service::XRay, "StartTraceRetrieval", 5.0);
/// What such a retrieval has found.
pub const LIST_RETRIEVED_TRACES: Operation = Operation::new(Service::XRay, "ListRetrievedTraces", 5.0);

/// Everything that may be called.
pub const ALLOWED: &[Operation] = &[
    GET_METRIC_DATA,
    LIST_METRICS,
    DESCRIBE_ALARMS,
    DESCRIBE_ALARM_HISTORY,
    DESCRIBE_ALARM_CONTRIBUTORS,
    LIST_ALARM_MUTE_RULES,
    LIST_TAGS,
    DESCRIBE_LOG_GROUPS,
    DESCRIBE_METRIC_FILTERS,
    FILTER_LOG_EVENTS,
    DESCRIBE_QUERY_DEFINITIONS,
    GET_LOG_GROUP_FIELDS,
    GET_LOG_RECORD,
    START_QUERY,
    GET_QUERY_RESULTS,
    STOP_QUERY,
    START_LIVE_TAIL,
    GET_SERVICE_GRAPH,
    GET_TIME_SERIES,
    BATCH_GET_TRACES,
    GET_TRACE_SUMMARIES,
    GET_GROUPS,
    GET_TRACE_SEGMENT_DESTINATION,
    START_TRACE_RETRIEVAL,
    LIST_RETRIEVED_TRACES,
];

/// The row of an operation by the SDK's names, `None` where it may not be called.
pub fn allowed(service: &str, name: &str) -> Option<&'static Operation> {
    ALLOWED.iter().find(|row| row.service.sdk_name() == service && row.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_reads_alone() {
        let reads = ["Get", "List", "Describe", "Filter", "BatchGet"];
        let by_name = ["StartQuery", "StopQuery", "StartLiveTail", "StartTraceRetrieval"];
        for row in ALLOWED {
            let read = reads.iter().any(|verb| row.name.starts_with(verb)) || by_name.contains(&row.name);
            assert!(read, "{row} is not a read");
            assert!(row.per_second > 0.0);
        }
    }

    #[test]
    fn a_row_is_found_by_both_names() {
        assert_eq!(
            allowed("CloudWatch Logs", "StartLiveTail").map(ToString::to_string),
            Some("logs:StartLiveTail".into())
        );
        for (service, name) in [("CloudWatch", "StartLiveTail"), ("CloudWatch", "PutMetricAlarm"), ("", "")] {
            assert_eq!(allowed(service, name), None);
        }
    }
}
