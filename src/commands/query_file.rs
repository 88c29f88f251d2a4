//! `baro query --file`: the Logs Insights language over log files on this machine.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::query::Output;
use super::query::output::{capped, hint, write};
use super::status::Status;
use crate::analysis::log_query::columns;
use crate::clock::Time;
use crate::insights::{self, Compared, ParseError, Unknown, Window};
use crate::local::{self, Input, LocalError, Outcome, Table};
use crate::store::rows::LogRows;
use crate::text::clean;
use crate::text::time::rfc3339;
use crate::text::units::counted;

/// Fields that are told of those that no record has.
const MOST_UNKNOWN: usize = 5;

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The query's text.
    pub text: String,
    /// The files; `-` is standard input.
    pub files: Vec<PathBuf>,
    /// Tables that the query may look things up in.
    pub tables: Vec<Table>,
    /// The records that are looked at; all where there is none.
    pub window: Option<Window>,
    /// How the rows are written.
    pub output: Output,
}

/// Writes the rows of a query over files to `out`; what went wrong to `err`, and why there is nothing where there is not.
///
/// Exit status 1 where there are no rows, 2 for a query or file that cannot be read.
///
/// # Errors
/// Where `out` or `err` cannot be written to.
pub fn run(options: &Options, now: Time, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<Status> {
    let text = &options.text;
    let query = match insights::parse(text) {
        Ok(query) => query,
        Err(error) => {
            write!(err, "{}", telling(text, &error))?;
            return Ok(Status::Misused);
        }
    };
    let input = |file: &PathBuf| if file == Path::new("-") { Input::Stdin } else { Input::File(file.clone()) };
    let inputs: Vec<Input> = options.files.iter().map(input).collect();
    let found = local::furnish(&query, &options.tables)
        .and_then(|()| local::run(query.at(now), &inputs, options.window, &mut |_| ControlFlow::Continue(())));
    let outcome = match found {
        Ok(outcome) => outcome,
        Err(LocalError::Refused { place, message }) => {
            write!(err, "{}", telling(text, &ParseError::refusal(place, message)))?;
            return Ok(Status::Misused);
        }
        Err(error) => {
            writeln!(err, "baro: {}", clean(&error.to_string()))?;
            return Ok(Status::Misused);
        }
    };
    for problem in &outcome.problems {
        let place = if problem.line > 0 { format!(":{}", problem.line) } else { String::new() };
        writeln!(err, "baro: {}{place}: {}", clean(&problem.input), clean(&problem.message))?;
    }
    if let Some(compared) = outcome.compared {
        writeln!(err, "baro: {}", comparison(&compared))?;
    }
    let rows = rows(&outcome);
    let missed = |it: &&Unknown| it.matters || rows.rows.is_empty();
    for unknown in outcome.unknown.iter().filter(missed).take(MOST_UNKNOWN) {
        let meant = unknown.meant.as_ref().map(|name| format!("; did you mean {}?", clean(name))).unwrap_or_default();
        writeln!(err, "baro: no record has a field {}{meant}", clean(&unknown.name))?;
    }
    // What the engine names it names itself: what is computed stays too where no row has it.
    let mut names: Vec<String> = query.columns().iter().map(ToString::to_string).collect();
    names.retain(|name| name != columns::POINTER);
    names
        .extend(columns::names(&rows.rows).into_iter().filter(|name| !query.columns().iter().any(|it| **it == **name)));
    if let Some(words) = capped(text, &rows) {
        writeln!(err, "baro: {words}")?;
    }
    match print(&names, &rows, &outcome, options.output, out) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Status::Done),
        Err(error) => return Err(error),
        Ok(()) if !rows.rows.is_empty() => return Ok(Status::Done),
        Ok(()) => {}
    }
    let scanned = counted(outcome.statistics.records_scanned as usize, "record");
    let empty = match options.window {
        Some((from, to)) => format!("none is from {} to {}; without --since all are read", rfc3339(from), rfc3339(to)),
        None => "there is nothing in what was read".to_owned(),
    };
    writeln!(err, "baro: 0 rows of {scanned}: {}", hint(&rows, &empty))?;
    Ok(Status::Found)
}

/// What was compared with what.
fn comparison(compared: &Compared) -> String {
    let side = |((from, to), records): (Window, u64)| {
        format!("{} from {} to {}", counted(records as usize, "record"), rfc3339(from), rfc3339(to))
    };
    let [now, before] = [0, 1].map(|at| side((compared.windows[at], compared.records[at])));
    let new = if compared.records[1] == 0 { ": every pattern is new" } else { "" };
    format!("compares {now} with {before}{new}")
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

fn rows(outcome: &Outcome) -> LogRows {
    let statistics = outcome.statistics;
    LogRows {
        rows: outcome.rows.clone(),
        running: false,
        records_matched: statistics.records_matched as f64,
        records_scanned: statistics.records_scanned as f64,
        bytes_scanned: statistics.bytes_scanned as f64,
    }
}

fn print(names: &[String], rows: &LogRows, outcome: &Outcome, output: Output, out: &mut dyn Write) -> io::Result<()> {
    let problem =
        |it: &local::Problem| json!({ "input": clean(&it.input), "line": it.line, "message": clean(&it.message) });
    write(rows, names, Some(outcome.problems.iter().map(problem).collect()), output, out)
}
