//! CloudWatch metrics and alarms over the simulated world.
//!
//! Every answer is computed from [`World::readings`](crate::demo::world::World::readings), so a metric, an expression, an
//! alarm and its history agree with one another to the last count.

mod alarm;
mod band;
mod batch;
mod get_metric_data;
mod get_metric_statistics;
mod insights_sql;
mod label;
mod list_metrics;
mod query;
mod sampler;
mod statistic;
#[cfg(test)]
mod tests;

use super::Estate;
use super::wire::{ApiError, Wire};

/// Answers one operation.
///
/// Errors carry AWS's codes (`ValidationError`, `MissingParameter` …); an operation that is not offered is
/// `UnknownOperationException`.
pub fn call(estate: &Estate, operation: &str, input: &Wire) -> Result<Wire, ApiError> {
    match operation {
        "GetMetricData" => get_metric_data::get_metric_data(estate, input),
        "GetMetricStatistics" => get_metric_statistics::get_metric_statistics(estate, input),
        "ListMetrics" => list_metrics::list_metrics(estate, input),
        "DescribeAlarms" => alarm::describe_alarms(estate, input),
        "DescribeAlarmsForMetric" => alarm::describe_alarms_for_metric(estate, input),
        "DescribeAlarmHistory" => alarm::describe_alarm_history(estate, input),
        "DescribeAlarmContributors" => alarm::describe_alarm_contributors(estate, input),
        "ListAlarmMuteRules" => alarm::list_alarm_mute_rules(estate, input),
        "GetAlarmMuteRule" => alarm::get_alarm_mute_rule(estate, input),
        "ListTagsForResource" => alarm::list_tags_for_resource(estate, input),
        other => Err(ApiError::bad("UnknownOperationException", format!("The operation {other} is not offered here."))),
    }
}
