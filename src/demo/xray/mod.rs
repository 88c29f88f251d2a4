//! X-Ray's operations.

mod filter;
mod graph;
mod statistics;
mod summaries;
mod traces;
mod window;

use super::Estate;
use super::wire::{ApiError, Wire};

/// X-Ray's error code for what a request got wrong.
const INVALID: &str = "InvalidRequestException";

/// Answers one operation.
pub fn call(estate: &Estate, operation: &str, input: &Wire) -> Result<Wire, ApiError> {
    match operation {
        "GetServiceGraph" => graph::service_graph(estate, input),
        "GetTimeSeriesServiceStatistics" => graph::time_series(estate, input),
        "GetTraceSummaries" => summaries::get(estate, input),
        "BatchGetTraces" => traces::batch_get(estate, input),
        "GetTraceSegmentDestination" => Ok(Wire::map([("Destination", "XRay".into()), ("Status", "ACTIVE".into())])),
        other => Err(ApiError::bad("UnknownOperationException", format!("The operation {other} is not known"))),
    }
}
