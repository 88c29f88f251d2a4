//! X-Ray's operations.

mod causes;
mod filter;
mod graph;
mod groups;
mod inferred;
mod retrieval;
mod statistics;
mod summaries;
mod traces;
mod window;

use super::Estate;
use super::wire::{ApiError, Wire};

/// X-Ray's error code for what a request got wrong.
const INVALID: &str = "InvalidRequestException";

/// Answers one operation; with Transaction Search, traces are had by retrieval alone.
pub fn call(estate: &Estate, transaction_search: bool, operation: &str, input: &Wire) -> Result<Wire, ApiError> {
    match operation {
        "GetServiceGraph" => graph::service_graph(estate, input),
        "GetTimeSeriesServiceStatistics" => graph::time_series(estate, input),
        "GetGroups" => Ok(groups::get()),
        "GetTraceSummaries" => summaries::get(estate, input),
        "BatchGetTraces" if transaction_search => Ok(traces::none()),
        "BatchGetTraces" => traces::batch_get(estate, input),
        "GetTraceSegmentDestination" => {
            let destination = if transaction_search { "CloudWatchLogs" } else { "XRay" };
            Ok(Wire::map([("Destination", destination.into()), ("Status", "ACTIVE".into())]))
        }
        "StartTraceRetrieval" => retrieval::start(input),
        "ListRetrievedTraces" => retrieval::list(estate, input),
        other => Err(ApiError::bad("UnknownOperationException", format!("The operation {other} is not known"))),
    }
}
