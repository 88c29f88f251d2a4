//! `baro trace`: one trace as a waterfall.

use std::io::{self, Write};

use super::status::Status;
use crate::analysis::story::{ids, pasted};
use crate::sources::{Client, one_trace};
use crate::text::clean;

pub(crate) mod document;
mod text;

pub use document::document;

/// How a trace is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Output {
    /// The waterfall, exceptions, and what is missing.
    #[default]
    Text,
    /// A document, `barograph/v1`.
    Json,
}

/// Writes the trace of an id to `out`, why there is none to `err`.
///
/// Exit status 1 where nobody has it, 3 where AWS refuses.
///
/// # Errors
/// Where `out` or `err` cannot be written to; a closed pipe ends quietly.
pub async fn run(
    client: &Client,
    given: &str,
    output: Output,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Status> {
    let Some(id) = ids::trace_id(&pasted::value(pasted::trimmed(given))) else {
        let given = clean(given);
        writeln!(err, "baro: {given} is no trace id: give 1-<8 hex>-<24 hex>, 32 hex digits, or a header with one")?;
        return Ok(Status::Misused);
    };
    let trace = match Box::pin(one_trace(client, &id)).await {
        Ok(Some(trace)) => trace,
        Ok(None) => {
            writeln!(
                err,
                "baro: X-Ray does not have {id}: not sampled, not there yet (up to a minute), or older than 30 days"
            )?;
            return Ok(Status::Found);
        }
        Err(error) => {
            writeln!(err, "baro: {error}")?;
            return Ok(Status::Refused);
        }
    };
    let written = match output {
        Output::Text => text::write(&trace, out),
        Output::Json => writeln!(out, "{}", document(&trace)),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        Err(_) | Ok(()) => Ok(Status::Done),
    }
}
