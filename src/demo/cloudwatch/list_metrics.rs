//! ListMetrics.

use crate::demo::Estate;
use crate::demo::wire::{ApiError, Wire, token};
use crate::demo::world::MetricName;

use super::query::{invalid, missing};

/// How many metrics a page holds.
const PAGE: usize = 500;
/// AWS's code for a bad paging token.
const BAD_TOKEN: &str = "InvalidParameterValue";

/// Answers ListMetrics.
///
/// Every metric of the estate is published all the time, so `RecentlyActive` leaves none out.
pub(super) fn list_metrics(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    if let Some(recently) = input.text("RecentlyActive")
        && recently != "PT3H"
    {
        return Err(invalid(format!("The value {recently} for parameter RecentlyActive is not supported.")));
    }
    let mut wanted = Vec::new();
    for dimension in input.items("Dimensions") {
        let name = dimension.text("Name").ok_or_else(|| missing("Dimensions.member.1.Name"))?;
        wanted.push((name, dimension.text("Value")));
    }
    let has = |metric: &MetricName, name: &str, value: Option<&str>| {
        metric.dimensions.iter().any(|(key, held)| key == name && value.is_none_or(|value| value == held))
    };
    let matches = |metric: &&MetricName| {
        input.text("Namespace").is_none_or(|namespace| namespace == metric.namespace)
            && input.text("MetricName").is_none_or(|name| name == metric.name)
            && wanted.iter().all(|(name, value)| has(metric, name, *value))
    };
    let found: Vec<_> = estate.world.metrics().iter().filter(matches).map(metric).collect();
    let print = token::fingerprint("ListMetrics", input, &["NextToken"]);
    let (page, next) = token::page(found, PAGE, print, input.text("NextToken"), BAD_TOKEN)?;
    Ok(Wire::map([("Metrics", Wire::List(page)), ("NextToken", next.into())]))
}

/// A metric as AWS describes it.
pub(super) fn metric(metric: &MetricName) -> Wire {
    Wire::map([
        ("Namespace", metric.namespace.as_str().into()),
        ("MetricName", metric.name.as_str().into()),
        ("Dimensions", dimensions(metric)),
    ])
}

/// Its dimensions.
pub(super) fn dimensions(metric: &MetricName) -> Wire {
    let one = |(name, value): &(String, String)| {
        Wire::map([("Name", name.as_str().into()), ("Value", value.as_str().into())])
    };
    Wire::List(metric.dimensions.iter().map(one).collect())
}
