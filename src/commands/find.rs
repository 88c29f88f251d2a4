//! `baro find`: the story of identifiers, from every log group of the board, X-Ray and CloudTrail.

use std::io::{self, BufRead, Write};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::progress::{EVERY, Progress};
use super::status::Status;
use crate::analysis::story::{parts, pasted};
use crate::board::{Board, logs};
use crate::clock::Time;
use crate::sources::{self, Client};
use crate::store::story::{Story, StoryQuery};
use crate::text::{clean, visible};

pub(crate) mod document;
mod markdown;
mod progress;
mod text;

pub use document::document;

/// Stories that may wait to be told of.
const WAITING: usize = 4;
/// Identifiers that one call takes.
const MOST: usize = 500;

/// How stories are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Output {
    /// Summary, events and what was searched, for a reader.
    #[default]
    Text,
    /// A document, `barograph/v1`.
    Json,
    /// An event a line, then a summary a story.
    Ndjson,
    /// For a ticket.
    Markdown,
}

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The identifiers; `-` stands for lines of the input.
    pub identifiers: Vec<String>,
    /// Log groups in place of the board's.
    pub groups: Vec<String>,
    /// How far back is looked first; a day where nothing is said.
    pub since: Option<Duration>,
    /// How the stories are written.
    pub output: Output,
    /// The options that lead to the same account, for the command that finds this again.
    pub place: Vec<String>,
    /// Whether progress is told.
    pub progress: bool,
}

/// Writes the stories to `out`, progress and what went wrong to `err`.
///
/// Exit status 1 where nothing was found, 3 where every search was refused.
///
/// # Errors
/// Where `out` or `err` cannot be written to; a closed pipe ends quietly.
pub async fn run(
    client: &Client,
    board: &Arc<Board>,
    now: Time,
    options: &Options,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Status> {
    let identifiers = identifiers(options, input)?;
    if let Some(words) = wrong(&identifiers, options, board) {
        writeln!(err, "baro: {words}")?;
        return Ok(Status::Misused);
    }
    let since = options.since.unwrap_or(StoryQuery::SINCE);
    let query = StoryQuery { identifiers, groups: options.groups.clone(), since, to: Some(now) };
    let story = search(client, board, &query, options.progress, err).await?;
    let refused = story.is_refused();
    let stories = parts(&story);
    let command = command(&query, options);
    let written = match options.output {
        Output::Text => text::write(&stories, out),
        Output::Json => writeln!(out, "{}", document::whole(&stories)),
        Output::Ndjson => document::lines(&stories, out),
        Output::Markdown => markdown::write(&stories, command.as_deref(), out),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
        Err(_) | Ok(()) => {}
    }
    if options.output != Output::Text {
        for problem in &story.problems {
            writeln!(err, "baro: {}", clean(problem))?;
        }
    }
    Ok(match (story.is_empty(), refused) {
        (false, _) => Status::Done,
        (true, true) => Status::Refused,
        (true, false) => Status::Found,
    })
}

/// The identifiers, those of the input for each `-`; each once.
fn identifiers(options: &Options, input: &mut dyn BufRead) -> io::Result<Vec<String>> {
    let mut given: Vec<String> = Vec::new();
    for value in &options.identifiers {
        if value != "-" {
            given.push(value.clone());
            continue;
        }
        for line in input.lines() {
            given.push(line?);
        }
    }
    let is_value = |value: &&str| !value.is_empty() && !value.starts_with('#');
    let given: Vec<&str> = given.iter().map(|value| pasted::trimmed(value)).filter(is_value).collect();
    Ok(pasted::values_of(&given))
}

/// What is wrong with what was asked for.
fn wrong(identifiers: &[String], options: &Options, board: &Board) -> Option<String> {
    let bad = options.groups.iter().find_map(|group| Some((group, logs::wrong(group)?)));
    if let Some((group, why)) = bad {
        return Some(format!("--log-group `{}`: {why}", clean(group)));
    }
    if identifiers.is_empty() {
        return Some("no identifier: give one, or several, or - and one a line".to_owned());
    }
    if identifiers.len() > MOST {
        return Some(format!("{} identifiers are more than the {MOST} that are looked for at once", identifiers.len()));
    }
    if options.groups.is_empty() && board.log_groups().is_empty() {
        let name = clean(&board.name);
        return Some(format!("the board {name} names no log groups: give --log-group, or [logs] groups in the board"));
    }
    None
}

async fn search(
    client: &Client,
    board: &Arc<Board>,
    query: &StoryQuery,
    progress: bool,
    err: &mut dyn Write,
) -> io::Result<Story> {
    let (tell, mut pages) = mpsc::channel(WAITING);
    let mut search = Box::pin(sources::find(client, board, query, &tell));
    let mut line = Progress::new();
    let mut known = Arc::new(Story::default());
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            story = &mut search => {
                line.wipe(err)?;
                return Ok(story);
            }
            Some(page) = pages.recv(), if progress => known = page,
            _ = ticks.tick(), if progress => line.tell(|passed| progress::words(&known, passed), err)?,
        }
    }
}

/// The command that finds the same again; `None` where a value in it is masked, as it would find something else.
fn command(query: &StoryQuery, options: &Options) -> Option<String> {
    let mut words = vec!["baro".to_owned(), "find".to_owned()];
    words.extend(query.identifiers.iter().cloned());
    words.extend(options.place.iter().cloned());
    if let Some(to) = query.to {
        words.extend(["--at".to_owned(), crate::text::time::rfc3339(to)]);
    }
    words
        .extend(["--since".to_owned(), crate::text::units::span(query.since.as_secs().cast_signed()).replace(' ', "")]);
    words.extend(options.groups.iter().flat_map(|group| ["--log-group".to_owned(), group.clone()]));
    let shown: Option<Vec<String>> = words
        .iter()
        .map(|word| {
            let word = visible(&crate::app::command::quoted(word)).into_owned();
            (clean(&word) == word).then_some(word)
        })
        .collect();
    shown.map(|words| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_given_only_where_it_finds_the_same() {
        let of = |value: &str| command(&StoryQuery::of(value), &Options::default());
        assert_eq!(of("corr_1 it's").as_deref(), Some(r"baro find 'corr_1 it'\''s' --since 1d"));
        assert_eq!(of("4111111111111111"), None, "a card number is masked");
        assert_eq!(of("someone@example.com"), None);
        let (mut out, story) = (Vec::new(), Story::default());
        markdown::write(&[story], None, &mut out).expect("written");
        let out = String::from_utf8(out).expect("UTF-8");
        assert!(out.contains("is left out") && !out.contains("```"), "{out}");
    }
}
