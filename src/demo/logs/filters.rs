//! DescribeMetricFilters.

use super::{INVALID, identify, limit};
use crate::demo::Estate;
use crate::demo::wire::token::{fingerprint, page};
use crate::demo::wire::{ApiError, Wire};
use crate::demo::world::MetricFilter;

/// Names the metric filters of a group, or those that feed a metric, 50 a page.
pub(super) fn describe(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let (metric, namespace) = (input.text("metricName"), input.text("metricNamespace"));
    if metric.is_some() != namespace.is_some() {
        return Err(ApiError::bad(INVALID, "metricName and metricNamespace must be specified together"));
    }
    let prefix = input.text("filterNamePrefix");
    let group = match input.text("logGroupName") {
        None => None,
        Some(name) => Some(identify::by_identifier(estate, name)?.name.as_str()),
    };
    if prefix.is_some() && group.is_none() {
        return Err(ApiError::bad(INVALID, "filterNamePrefix needs a logGroupName"));
    }
    let created = |filter: &MetricFilter| {
        let group = estate.world.log_groups().iter().find(|group| group.name == filter.log_group);
        group.map(|group| group.created.timestamp_millis())
    };
    let kept = |filter: &&MetricFilter| {
        group.is_none_or(|name| filter.log_group == name)
            && prefix.is_none_or(|prefix| filter.name.starts_with(prefix))
            && metric.is_none_or(|metric| filter.metric == metric)
            && namespace.is_none_or(|namespace| filter.namespace == namespace)
    };
    let mut filters: Vec<&MetricFilter> = estate.world.metric_filters().iter().filter(kept).collect();
    filters.sort_by(|a, b| (&a.name, &a.log_group).cmp(&(&b.name, &b.log_group)));
    let limit = limit(input, "limit", 50, 50)?;
    let print = fingerprint("DescribeMetricFilters", input, &["limit", "nextToken"]);
    let (filters, next) = page(filters, limit, print, input.text("nextToken"), INVALID)?;
    let filters = filters.into_iter().map(|filter| describe_one(filter, created(filter)));
    Ok(Wire::map([("metricFilters", Wire::list(filters)), ("nextToken", next.into())]))
}

fn describe_one(filter: &MetricFilter, created_ms: Option<i64>) -> Wire {
    let transformation = Wire::map([
        ("metricName", filter.metric.as_str().into()),
        ("metricNamespace", filter.namespace.as_str().into()),
        ("metricValue", filter.value.as_str().into()),
        ("unit", filter.unit.into()),
    ]);
    Wire::map([
        ("filterName", filter.name.as_str().into()),
        ("filterPattern", filter.pattern.as_str().into()),
        ("metricTransformations", Wire::List(vec![transformation])),
        ("creationTime", created_ms.into()),
        ("logGroupName", filter.log_group.as_str().into()),
    ])
}
