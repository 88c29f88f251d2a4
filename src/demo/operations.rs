//! The names of the operations that the demo is asked for.

/// Every operation that it answers or that a client of the four services may well call.
const KNOWN: &[&str] = &[
    "BatchGetTraces",
    "DescribeAlarmContributors",
    "DescribeAlarmHistory",
    "DescribeAlarms",
    "DescribeAlarmsForMetric",
    "DescribeAnomalyDetectors",
    "DescribeLogGroups",
    "DescribeLogStreams",
    "DescribeMetricFilters",
    "DescribeQueries",
    "DescribeQueryDefinitions",
    "FilterLogEvents",
    "GetAlarmMuteRule",
    "GetCallerIdentity",
    "GetDashboard",
    "GetGroups",
    "GetInsightSummaries",
    "GetLogEvents",
    "GetLogGroupFields",
    "GetLogRecord",
    "GetMetricData",
    "GetMetricStatistics",
    "GetQueryResults",
    "GetServiceGraph",
    "GetTimeSeriesServiceStatistics",
    "GetTraceGraph",
    "GetTraceSegmentDestination",
    "GetTraceSummaries",
    "ListAlarmMuteRules",
    "ListDashboards",
    "ListMetrics",
    "ListRetrievedTraces",
    "ListTagsForResource",
    "StartLiveTail",
    "StartQuery",
    "StartTraceRetrieval",
    "StopQuery",
];

/// Whether there is an operation of this name.
pub(super) fn is_known(operation: &str) -> bool {
    KNOWN.contains(&operation)
}

/// The operation whose name looks most like this one, if any looks like it.
pub(super) fn nearest(operation: &str) -> Option<&'static str> {
    let scored = KNOWN.iter().map(|name| (strsim::jaro_winkler(name, operation), *name));
    let (score, name) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (score > 0.8).then_some(name)
}
