//! BatchGetTraces.

use super::{INVALID, inferred};
use crate::demo::Estate;
use crate::demo::wire::{ApiError, Wire};
use crate::demo::world::TraceRecord;

/// Traces in one call (API Reference, BatchGetTraces).
const TRACES: usize = 5;

/// Answers BatchGetTraces: whole traces by id. An id that is unknown is simply not among them.
pub(super) fn batch_get(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let ids = input.texts("TraceIds");
    if ids.is_empty() {
        return Err(ApiError::bad(INVALID, "TraceIds are required"));
    }
    if ids.len() > TRACES {
        return Err(ApiError::bad(INVALID, format!("At most {TRACES} trace ids can be asked for at once")));
    }
    let now = estate.now();
    let mut traces = Vec::new();
    for id in ids {
        let Some(id) = canonical(id) else {
            return Err(ApiError::bad(INVALID, format!("Invalid trace id: {id}")));
        };
        traces.extend(estate.world.trace(&id, now).map(|trace| whole(&trace)));
    }
    Ok(Wire::map([("Traces", Wire::List(traces)), ("UnprocessedTraceIds", Wire::List(Vec::new()))]))
}

/// Answers BatchGetTraces where X-Ray itself keeps no segments.
pub(super) fn none() -> Wire {
    Wire::map([("Traces", Wire::List(Vec::new())), ("UnprocessedTraceIds", Wire::List(Vec::new()))])
}

/// The segments of a trace with their documents, those that were sent and those that X-Ray infers.
pub(super) fn segments(trace: &TraceRecord) -> impl Iterator<Item = Wire> {
    let segments = trace.segments.iter().cloned().chain(inferred::of(trace));
    segments.map(|(id, document)| Wire::map([("Id", id.into()), ("Document", document.to_string().into())]))
}

/// The spans of a trace with their documents, in the form of OpenTelemetry.
pub(super) fn spans(trace: &TraceRecord) -> impl Iterator<Item = Wire> {
    let spans = trace.spans().into_iter();
    spans.map(|(id, document)| Wire::map([("Id", id.into()), ("Document", document.to_string().into())]))
}

fn whole(trace: &TraceRecord) -> Wire {
    Wire::map([
        ("Id", trace.id.as_str().into()),
        ("Duration", trace.duration_s.into()),
        ("LimitExceeded", false.into()),
        ("Segments", Wire::list(segments(trace))),
    ])
}

/// An id as X-Ray writes it, `1-<8 hex>-<24 hex>`; the W3C form of 32 hex digits is the same id.
pub(super) fn canonical(id: &str) -> Option<String> {
    let digits: String = match id.strip_prefix("1-") {
        Some(rest) => rest.split_once('-').filter(|(epoch, _)| epoch.len() == 8).map(|(a, b)| format!("{a}{b}"))?,
        None => id.to_owned(),
    };
    let hex = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    hex.then(|| format!("1-{}-{}", &digits[..8], &digits[8..]).to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_an_id_are_one() {
        let id = "1-5f2aef12-6b4f7a9c8d2e1f3a2b1c0d9e";
        for form in [id, "5f2aef126b4f7a9c8d2e1f3a2b1c0d9e", "1-5F2AEF12-6B4F7A9C8D2E1F3A2B1C0D9E"] {
            assert_eq!(canonical(form).as_deref(), Some(id), "{form}");
        }
        for form in ["", "1-5f2aef12", "1-5f2aef1-26b4f7a9c8d2e1f3a2b1c0d9e", "xyz", "1-ää"] {
            assert_eq!(canonical(form), None, "{form}");
        }
    }
}
