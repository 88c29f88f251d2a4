//! `baro query --file`: the Logs Insights language over log files on this machine.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json, json};

use super::sheet::{columns, csv};
use super::status::Status;
use crate::cli::query::QueryOutput;
use crate::clock::Time;
use crate::insights::{self, ParseError, Row};
use crate::local::{self, Input, Outcome};
use crate::text::{clean, mask};

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
    output: QueryOutput,
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
            writeln!(err, "baro: {error}")?;
            return Ok(Status::Misused);
        }
    };
    for problem in &outcome.problems {
        let place = if problem.line > 0 { format!(":{}", problem.line) } else { String::new() };
        writeln!(err, "baro: {}{place}: {}", clean(&problem.input), problem.message)?;
    }
    let mut names: Vec<String> = query.columns().iter().map(ToString::to_string).collect();
    for (name, _) in outcome.rows.iter().flatten() {
        if name != "@ptr" && !names.contains(name) {
            names.push(name.clone());
        }
    }
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
        error.message,
        column + 1,
        clean(line),
        " ".repeat(column),
        "^".repeat(wide)
    )
}

fn print(names: &[String], outcome: &Outcome, output: QueryOutput, out: &mut dyn Write) -> io::Result<()> {
    let cell = |row: &Row, name: &String| {
        row.iter().find(|(known, _)| known == name).map(|(_, value)| mask(value).into_owned()).unwrap_or_default()
    };
    let object = |row: &Row| -> Json {
        Json::Object(row.iter().map(|(name, value)| (name.clone(), Json::from(mask(value)))).collect::<Map<_, _>>())
    };
    match output {
        QueryOutput::Table => {
            let mut rows = vec![names.iter().map(|name| clean(name).into_owned()).collect::<Vec<String>>()];
            rows.extend(
                outcome.rows.iter().map(|row| names.iter().map(|name| clean(&cell(row, name)).into_owned()).collect()),
            );
            columns(&rows, out)
        }
        QueryOutput::Csv => {
            csv(names, outcome.rows.iter().map(|row| names.iter().map(|name| cell(row, name)).collect::<Vec<_>>()), out)
        }
        QueryOutput::Ndjson => outcome.rows.iter().try_for_each(|row| writeln!(out, "{}", object(row))),
        QueryOutput::Json => {
            let statistics = outcome.statistics;
            let problems: Vec<Json> = outcome
                .problems
                .iter()
                .map(|it| json!({ "input": it.input, "line": it.line, "message": it.message }))
                .collect();
            let document = json!({
                "schema": "barograph/v1",
                "columns": names,
                "rows": outcome.rows.iter().map(object).collect::<Vec<Json>>(),
                "statistics": {
                    "records_scanned": statistics.records_scanned,
                    "records_matched": statistics.records_matched,
                    "bytes_scanned": statistics.bytes_scanned,
                },
                "problems": problems,
            });
            writeln!(out, "{document}")
        }
    }
}
