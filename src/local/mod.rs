//! Log files on this machine as records: read as they are, one record after the other, into a query.
//!
//! [`run`] opens each input, undoes gzip, finds out what is in it (JSON lines, Lambda's platform lines, lines that
//! begin with a time), joins what belongs to one entry and pushes it into the query. Nothing but the query's own rows
//! stays in memory.

use std::io;
use std::ops::{ControlFlow, Range};
use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;

use crate::clock::Time;
use crate::insights::{Compared, Query, Record, Row, Run, Statistics, Unknown, Window};

mod entries;
mod reader;
mod span;
mod stamp;
mod tables;

use entries::Entries;
use reader::Source;
pub use span::span;
pub use tables::{Table, furnish};

/// Records between two words of progress.
const STRIDE: u64 = 4096;
/// How long files are read to learn from when until when their records are.
const PATIENCE: Duration = Duration::from_hours(1);

/// Where lines come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file, perhaps packed with gzip.
    File(PathBuf),
    /// Standard input, perhaps packed with gzip.
    Stdin,
}

/// What a run over files gave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// The query's rows.
    pub rows: Vec<Row>,
    /// What was looked at.
    pub statistics: Statistics,
    /// What could not be read as it was; the rows hold everything else.
    pub problems: Vec<Problem>,
    /// The windows of a query that compares them.
    pub compared: Option<Compared>,
    /// The fields that the query asks for and no record has that was read.
    pub unknown: Vec<Unknown>,
}

/// Something in an input that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The input's name.
    pub input: String,
    /// The line, from 1; 0 where it is about the whole input.
    pub line: u64,
    /// What is wrong.
    pub message: String,
}

/// How far a run is.
#[derive(Debug)]
pub struct Progress<'a> {
    /// Bytes read of the inputs as they lie on the disk.
    pub bytes: u64,
    /// All bytes of the inputs, where they are known.
    pub total: Option<u64>,
    /// The run, for the rows so far.
    pub run: &'a Run,
}

/// A run that came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// An input can't be opened or read.
    #[error("can't read {input}: {source}")]
    Read {
        /// The input's name.
        input: String,
        /// Why.
        source: io::Error,
    },
    /// A query in parentheses names none of the inputs.
    #[error("no input is called {0}, which a query in parentheses asks")]
    Source(String),
    /// A query wants something that there is not: a time before, a lookup table.
    #[error("{message}")]
    Refused {
        /// Where in the query.
        place: Range<usize>,
        /// Why.
        message: String,
    },
    /// The caller asked to stop.
    #[error("stopped")]
    Stopped,
}

/// Runs a query over inputs, one after the other; records outside the window `[from, to)` are left out. Progress is
/// told every few thousand records; the answer says whether to go on.
///
/// A record's `@log` is its file's path, its `@logStream` the file's name. `source` narrows the inputs to those that it
/// names, if it names any of them. A query in parentheses reads those that it names; the query around it the others.
///
/// A query that compares reads the records of both windows. Without a window it compares what the inputs have room for:
/// the later half of their time with the earlier, the last day with the one before.
pub fn run(
    query: &Query,
    inputs: &[Input],
    window: Option<Window>,
    on_progress: &mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>,
) -> Result<Outcome, LocalError> {
    if query.lookups().any(|lookup| !lookup.is_answered()) {
        furnish(query, &[])?;
    }
    if query.subqueries().is_empty() {
        let mut chosen: Vec<&Input> = named(query, inputs);
        if chosen.is_empty() {
            chosen = inputs.iter().collect();
        }
        if query.against().is_none() {
            return one(query, &chosen, window, on_progress);
        }
        let query = query.fresh();
        let window = comparable(&query, &chosen, window)?;
        return one(&query, &chosen, window, on_progress);
    }
    let query = query.fresh();
    let (mut problems, mut unknown) = (Vec::new(), Vec::new());
    let mut others: Vec<&Input> = Vec::new();
    for subquery in query.subqueries() {
        let chosen = named(subquery.query(), inputs);
        if chosen.is_empty() {
            return Err(LocalError::Source(subquery.query().sources().join(", ")));
        }
        let outcome = one(subquery.query(), &chosen, window, on_progress)?;
        problems.extend(outcome.problems);
        unknown.extend(outcome.unknown);
        subquery.answer(outcome.rows);
        others.extend(chosen);
    }
    let mut chosen = named(&query, inputs);
    if chosen.is_empty() {
        chosen = inputs.iter().filter(|input| !others.contains(input)).collect();
    }
    let window = comparable(&query, &chosen, window)?;
    let outcome = one(&query, &chosen, window, on_progress)?;
    problems.extend(outcome.problems);
    unknown.extend(outcome.unknown);
    Ok(Outcome { problems, unknown, ..outcome })
}

/// The inputs that a query names with `source`: by their path, or the last part of it.
fn named<'i>(query: &Query, inputs: &'i [Input]) -> Vec<&'i Input> {
    let named = |input: &&Input| {
        let (name, stream) = (input.name(), input.stream());
        query.sources().iter().any(|source| *source == name || *source == stream)
    };
    inputs.iter().filter(named).collect()
}

/// The window of a query, told to it; of one that compares, the latest that its inputs have room for where there is none.
fn comparable(query: &Query, inputs: &[&Input], window: Option<Window>) -> Result<Option<Window>, LocalError> {
    let Some(against) = query.against() else { return Ok(window) };
    let refuse = |message: &str| LocalError::Refused { place: against.place.clone(), message: message.to_owned() };
    let window = match window {
        Some(window) => window,
        None if inputs.contains(&&Input::Stdin) => {
            return Err(refuse("standard input is read once: say with --since which time is compared"));
        }
        None => {
            let files: Vec<Input> = inputs.iter().map(|input| (*input).clone()).collect();
            let all = span(&files, Time::MIN_UTC, PATIENCE).ok_or_else(|| refuse("there are no records to compare"))?;
            let words = "the records are of too short a time for this comparison: there are none of the time before";
            against.latest(all).ok_or_else(|| refuse(words))?
        }
    };
    query.over(window);
    Ok(Some(window))
}

/// Runs a query whose queries in parentheses have their answers.
fn one(
    query: &Query,
    inputs: &[&Input],
    window: Option<Window>,
    on_progress: &mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>,
) -> Result<Outcome, LocalError> {
    let windows = window.map(|window| query.windows(window));
    let wanted = |at: &Time| windows.as_ref().is_none_or(|all| all.iter().any(|(from, to)| (from..to).contains(&at)));
    let mut run = query.start().watching();
    let mut problems = Vec::new();
    // What has no time of its own is read now, and is of the window that was asked for.
    let now = query.now().unwrap_or_default();
    let now = window.map_or(now, |(_, to)| now.min(to - TimeDelta::milliseconds(1)));
    let total = inputs.iter().map(|input| input.size()).sum();
    let mut before = 0;
    for input in inputs {
        let name = input.name();
        let read = |source| LocalError::Read { input: name.clone(), source };
        let source = Source::open(input, now).map_err(read)?;
        let bytes = source.counter();
        let stream = input.stream();
        let mut entries = Entries::new(source).map_err(read)?;
        let lambda = entries.is_lambda();
        let mut count = 0;
        while let Some(entry) = entries.next().map_err(read)? {
            if wanted(&entry.time) {
                run.push(&Record { lambda, ..Record::new(entry.time, &name, &stream, entry.message) });
            }
            count += 1;
            if count % STRIDE == 0 {
                let progress = Progress { bytes: before + bytes.get(), total, run: &run };
                if on_progress(&progress).is_break() {
                    return Err(LocalError::Stopped);
                }
            }
        }
        before += bytes.get();
        problems.extend(entries.problems().into_iter().map(|(line, message)| Problem {
            input: name.clone(),
            line,
            message,
        }));
    }
    if on_progress(&Progress { bytes: before, total, run: &run }).is_break() {
        return Err(LocalError::Stopped);
    }
    let (statistics, compared, unknown) = (run.statistics(), run.compared(), run.unknown());
    Ok(Outcome { rows: run.finish(), statistics, problems, compared, unknown })
}

impl Input {
    /// Its path as it was given; `stdin` for standard input.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.to_string_lossy().into_owned(),
            Self::Stdin => "stdin".to_owned(),
        }
    }

    /// The last part of its path.
    fn stream(&self) -> String {
        match self {
            Self::File(path) => {
                path.file_name().map_or_else(|| self.name(), |name| name.to_string_lossy().into_owned())
            }
            Self::Stdin => self.name(),
        }
    }

    fn size(&self) -> Option<u64> {
        match self {
            Self::File(path) => std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|it| it.len()),
            Self::Stdin => None,
        }
    }
}

#[cfg(test)]
mod tests;
