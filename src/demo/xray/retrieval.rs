//! Transaction Search: traces that are read out of CloudWatch Logs.

use super::INVALID;
use super::traces::{canonical, segments, spans};
use crate::demo::Estate;
use crate::demo::wire::token::{fingerprint, open, seal};
use crate::demo::wire::{ApiError, Wire};

/// Traces in one retrieval (API Reference, StartTraceRetrieval).
const TRACES: usize = 100;

/// Answers StartTraceRetrieval: the token holds the ids, so that nothing has to be kept.
pub(super) fn start(input: &Wire) -> Result<Wire, ApiError> {
    let ids = input.texts("TraceIds");
    if ids.is_empty() || ids.len() > TRACES {
        return Err(ApiError::bad(INVALID, format!("TraceIds must hold 1 to {TRACES} ids")));
    }
    if input.get("StartTime").is_none() || input.get("EndTime").is_none() {
        return Err(ApiError::bad(INVALID, "StartTime and EndTime are required"));
    }
    let print = fingerprint("StartTraceRetrieval", &Wire::map(std::iter::empty::<(&str, Wire)>()), &[]);
    Ok(Wire::map([("RetrievalToken", seal(print, &ids.join(",")).into())]))
}

/// Answers ListRetrievedTraces: all of them at once.
pub(super) fn list(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let print = fingerprint("StartTraceRetrieval", &Wire::map(std::iter::empty::<(&str, Wire)>()), &[]);
    let ids = open(print, input.text("RetrievalToken").unwrap_or_default(), INVALID)?;
    let format = input.text("TraceFormat").unwrap_or("XRAY");
    if !["XRAY", "OTEL"].contains(&format) {
        return Err(ApiError::bad(INVALID, format!("The trace format must be XRAY or OTEL, not {format}")));
    }
    let now = estate.now();
    let traces = ids.split(',').filter_map(canonical).filter_map(|id| estate.world.trace(&id, now));
    let traces = traces.map(|trace| {
        Wire::map([
            ("Id", trace.id.as_str().into()),
            ("Duration", trace.duration_s.into()),
            ("Spans", if format == "OTEL" { Wire::list(spans(&trace)) } else { Wire::list(segments(&trace)) }),
        ])
    });
    Ok(Wire::map([
        ("RetrievalStatus", "COMPLETE".into()),
        ("TraceFormat", format.into()),
        ("Traces", Wire::list(traces)),
    ]))
}
