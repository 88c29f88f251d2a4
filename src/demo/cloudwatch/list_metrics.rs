//! ListMetrics.

use crate::demo::Estate;
use crate::demo::wire::{ApiError, Wire, token};
use crate::demo::world::MetricName;

use super::query::{invalid, missing};

/// How many metrics a page holds.
const PAGE: usize = 500;
/// How many dimensions a call may filter by.
const DIMENSIONS: usize = 10;
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
    let linked = input.bool("IncludeLinkedAccounts").unwrap_or(false);
    let ours = input.text("OwningAccount").is_none_or(|account| !linked || account == Estate::ACCOUNT);
    if input.items("Dimensions").len() > DIMENSIONS {
        return Err(invalid("The collection Dimensions must not have a size greater than 10."));
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
        ours && input.text("Namespace").is_none_or(|namespace| namespace == metric.namespace)
            && input.text("MetricName").is_none_or(|name| name == metric.name)
            && wanted.iter().all(|(name, value)| has(metric, name, *value))
    };
    let found: Vec<_> = estate.world.metrics().iter().filter(matches).map(metric).collect();
    let print = token::fingerprint("ListMetrics", input, &["NextToken"]);
    let (page, next) = token::page(found, PAGE, print, input.text("NextToken"), BAD_TOKEN)?;
    let owners = if linked { Wire::list(vec![Estate::ACCOUNT; page.len()]) } else { Wire::Null };
    Ok(Wire::map([("Metrics", Wire::List(page)), ("OwningAccounts", owners), ("NextToken", next.into())]))
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
