//! CloudWatch Logs' operations.

mod demand;
mod fields;
mod filters;
mod groups;
mod identify;
pub mod queries;
pub mod quotas;
mod read;
mod record;
mod scan;
mod streams;
pub mod tail;

use super::Estate;
use super::wire::{ApiError, Wire};
use quotas::Quotas;

/// Logs' error code for what a request got wrong.
const INVALID: &str = "InvalidParameterException";

/// Answers one operation, StartLiveTail and those of Insights queries aside.
pub fn call(estate: &Estate, quotas: Quotas, operation: &str, input: &Wire) -> Result<Wire, ApiError> {
    match operation {
        "DescribeLogGroups" => groups::describe(estate, input),
        "DescribeLogStreams" => streams::describe(estate, input),
        "DescribeMetricFilters" => filters::describe(estate, input),
        "FilterLogEvents" => read::filter(estate, quotas, input),
        "GetLogEvents" => read::get(estate, quotas, input),
        "GetLogGroupFields" => fields::get(estate, input),
        "GetLogRecord" => record::get(estate, input),
        other => Err(ApiError::bad("UnknownOperationException", format!("The operation {other} is not known"))),
    }
}

/// The `limit` of a request, within `1..=most`.
fn limit(input: &Wire, key: &str, default: usize, most: usize) -> Result<usize, ApiError> {
    match input.get(key) {
        None => Ok(default.min(most)),
        Some(value) => match value.as_i64() {
            Some(limit) if limit >= 1 && limit <= most as i64 => Ok(limit as usize),
            _ => {
                let message = format!(
                    "Value at '{key}' failed to satisfy constraint: Member must have value between 1 and {most}"
                );
                Err(ApiError::bad(INVALID, message))
            }
        },
    }
}
