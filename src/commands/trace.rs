//! `baro trace`: one trace as a waterfall.

use std::io::{self, BufRead, Write};

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

/// Writes the traces of ids to `out`, one after the other, why there is none to `err`; `-` stands for lines of the input.
///
/// Exit status 1 where nobody has one of them, 3 where AWS refuses.
///
/// # Errors
/// Where `input` cannot be read, or `out` or `err` cannot be written to; a closed pipe ends quietly.
pub async fn run(
    client: &Client,
    given: &[String],
    input: &mut dyn BufRead,
    output: Output,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Status> {
    let given = words(given, input)?;
    let ids = match ids_of(&given) {
        Ok(ids) => ids,
        Err(wrong) => {
            let wrong = clean(&wrong);
            writeln!(
                err,
                "baro: {wrong} is no trace id: give 1-<8 hex>-<24 hex>, 32 hex digits, or a header with one"
            )?;
            return Ok(Status::Misused);
        }
    };
    let mut status = Status::Done;
    let mut is_first = true;
    for id in ids {
        let trace = match Box::pin(one_trace(client, &id)).await {
            Ok(Some(trace)) => trace,
            Ok(None) => {
                writeln!(
                    err,
                    "baro: X-Ray does not have {id}: not sampled, not there yet (up to a minute), or older than 30 days"
                )?;
                status = Status::Found;
                continue;
            }
            Err(error) => {
                writeln!(err, "baro: {error}")?;
                return Ok(Status::Refused);
            }
        };
        let written = match output {
            Output::Text if is_first => text::write(&trace, out),
            Output::Text => writeln!(out).and_then(|()| text::write(&trace, out)),
            Output::Json => writeln!(out, "{}", document(&trace)),
        };
        is_first = false;
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(status),
            written => written?,
        }
    }
    Ok(status)
}

/// What was given, with the lines of the input for each `-`.
fn words(given: &[String], input: &mut dyn BufRead) -> io::Result<Vec<String>> {
    let mut words = Vec::new();
    for word in given {
        if word != "-" {
            words.push(word.clone());
            continue;
        }
        for line in input.lines() {
            words.push(line?);
        }
    }
    words.retain(|word| !word.trim().is_empty());
    Ok(words)
}

/// The ids, each once; what is none where one is not. A header that the shell has cut at its blanks is one.
fn ids_of(given: &[String]) -> Result<Vec<String>, String> {
    let id = |text: &str| ids::trace_id(&pasted::value(pasted::trimmed(text)));
    let mut found: Vec<String> = Vec::new();
    for word in given {
        let Some(id) = id(word) else {
            return id(&given.join(" ")).map(|id| vec![id]).ok_or_else(|| word.clone());
        };
        if !found.contains(&id) {
            found.push(id);
        }
    }
    if found.is_empty() { Err("nothing".to_owned()) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(given: &[&str], input: &str) -> Result<Vec<String>, String> {
        let given: Vec<String> = given.iter().map(|&word| word.to_owned()).collect();
        ids_of(&words(&given, &mut input.as_bytes()).expect("the input can be read"))
    }

    #[test]
    fn several_ids_and_one_header_in_pieces_are_told_apart() {
        let (one, other) = ("1-5f2aef12-6b4f7a9c8d2e1f3a2b1c0d9e", "1-5f2aef12-000000000000000000000001");
        assert_eq!(read(&[one, other, one], ""), Ok(vec![one.to_owned(), other.to_owned()]));
        assert_eq!(read(&["-", other], &format!("{one}\n\n")), Ok(vec![one.to_owned(), other.to_owned()]));
        let root = format!("Root={one};");
        assert_eq!(read(&["X-Amzn-Trace-Id:", &root, "Sampled=1"], ""), Ok(vec![one.to_owned()]));
        assert_eq!(read(&[one, "nonsense", other], "").err().as_deref(), Some("nonsense"));
        assert_eq!(read(&["-"], "").err().as_deref(), Some("nothing"));
    }
}
