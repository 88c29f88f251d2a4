//! `baro query --file`: the Logs Insights language over log files on this machine.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::query::Output;
use super::query::output::write;
use super::status::Status;
use crate::clock::Time;
use crate::insights::{self, ParseError};
use crate::local::{self, Input, Outcome};
use crate::store::rows::LogRows;
use crate::text::clean;

/// Writes the rows of a query over files to `out`; what went wrong to `err`. `-` is standard input.
///
/// Exit status 1 where there are no rows, 2 for a query or file that cannot be read.
///
/// # Errors
/// Where `out` or `err` cannot be written to.
pub fn run(
    text: &str,
    files: &[PathBuf],
    window: Option<(Time, Time)>,
    now: Time,
    output: Output,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Status> {
    let query = match insights::parse(text) {
        Ok(query) => query,
        Err(error) => {
            write!(err, "{}", telling(text, &error))?;
            return Ok(Status::Misused);
        }
    };
    let inputs: Vec<Input> = files
        .iter()
        .map(|file| if file == Path::new("-") { Input::Stdin } else { Input::File(file.clone()) })
        .collect();
    let outcome = match local::run(query.at(now), &inputs, window, &mut |_| ControlFlow::Continue(())) {
        Ok(outcome) => outcome,
        Err(error) => {
            writeln!(err, "baro: {}", clean(&error.to_string()))?;
            return Ok(Status::Misused);
        }
    };
    for problem in &outcome.problems {
        let place = if problem.line > 0 { format!(":{}", problem.line) } else { String::new() };
        writeln!(err, "baro: {}{place}: {}", clean(&problem.input), clean(&problem.message))?;
    }
    let names: Vec<String> = query.columns().iter().map(ToString::to_string).collect();
    match print(&names, &outcome, output, out) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Status::Done),
        Err(error) => Err(error),
        Ok(()) => Ok(if outcome.rows.is_empty() { Status::Found } else { Status::Done }),
    }
}

/// An error with the line of the query that it is in, and a mark below the place.
pub fn telling(text: &str, error: &ParseError) -> String {
    let position = error.position.min(text.len());
    let before = text.get(..position).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let number = before.matches('\n').count() + 1;
    let column = before[start..].chars().count();
    let end = error.end.clamp(position, start + line.len().max(position - start));
    let wide = text.get(position..end).map_or(1, |part| part.chars().count()).max(1);
    format!(
        "baro: {} (line {number}, position {})\n  {}\n  {}{}\n",
        clean(&error.message),
        column + 1,
        clean(line),
        " ".repeat(column),
        "^".repeat(wide)
    )
}

fn print(names: &[String], outcome: &Outcome, output: Output, out: &mut dyn Write) -> io::Result<()> {
    let statistics = outcome.statistics;
    let rows = LogRows {
        rows: outcome.rows.clone(),
        running: false,
        records_matched: statistics.records_matched as f64,
        records_scanned: statistics.records_scanned as f64,
        bytes_scanned: statistics.bytes_scanned as f64,
    };
    let problem =
        |it: &local::Problem| json!({ "input": clean(&it.input), "line": it.line, "message": clean(&it.message) });
    write(&rows, names, Some(outcome.problems.iter().map(problem).collect()), output, out)
}
