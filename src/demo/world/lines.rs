//! The token service's log lines.

use super::core::Core;
use super::request::{Outcome, Request};
use super::text::{field, hex, seconds, uuid};

/// Writes the line of an attempt's start or end.
pub(super) fn token(core: &Core, request: &Request<'_>, is_end: bool, line: &mut String) {
    let outcome = is_end.then_some(request.outcome);
    let (level, event) = match outcome {
        None => ("INFO", "TOKEN_PROVISION_START"),
        Some(Outcome::Success) => ("INFO", "TOKEN_PROVISION_SUCCESS"),
        Some(Outcome::Failure(_)) => ("ERROR", "TOKEN_PROVISION_FAILURE"),
    };
    line.push_str("{\"level\":\"");
    line.push_str(level);
    line.push_str("\",\"requestId\":\"");
    uuid(line, request.request_id());
    line.push('"');
    field(line, "event", event);
    field(line, "walletProvider", request.cell.wallet_name());
    field(line, "issuer", request.cell.issuer_name());
    field(line, "device", request.device());
    field(line, "os", request.cell.platform().os);
    field(line, "country", request.cell.country_name());
    line.push_str(",\"tokenReferenceId\":\"trm_");
    hex(line, request.token(core.key), 13);
    line.push('"');
    if is_end {
        line.push_str(",\"processingTime\":");
        seconds(line, u64::from(request.took()));
    }
    if let Some(reason) = outcome.and_then(Outcome::reason) {
        field(line, "reason", reason.name());
    }
    line.push_str(",\"correlationId\":\"corr_");
    hex(line, request.correlation(core.key), 13);
    line.push_str("\",\"traceId\":\"");
    trace_id(line, request);
    line.push_str("\"}");
}

/// Appends an attempt's trace id.
pub(super) fn trace_id(line: &mut String, request: &Request<'_>) {
    let (high, low) = request.trace_tail();
    line.push_str("1-");
    hex(line, request.start.div_euclid(1000) as u64, 8);
    line.push('-');
    hex(line, high, 8);
    hex(line, low, 16);
}

/// An attempt's trace id.
pub(super) fn trace_id_of(request: &Request<'_>) -> String {
    let mut id = String::with_capacity(35);
    trace_id(&mut id, request);
    id
}
