//! `baro query`: a Logs Insights query.

use std::io::{self, Write};

use tokio_util::sync::CancellationToken;

use super::status::Status;
use crate::analysis::log_query::judge::{self, Mistake};
use crate::analysis::log_query::{columns, parameters};
use crate::board::Board;
use crate::clock::Time;
use crate::insights::editor;
use crate::sources::{Client, log_rows, query_definitions};
use crate::store::health::{ErrorKind, SourceError};
use crate::store::logbook::SavedQuery;
use crate::store::rows::LogQuery;
use crate::store::window::Window;
use crate::text::clean;

pub(super) mod groups;
pub(super) mod output;

pub use output::Output;

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The query's text; that of a saved one where there is none.
    pub text: Option<String>,
    /// The name of a saved query.
    pub saved: Option<String>,
    /// Log groups: names, `prefix*` or ARNs; the saved query's or the board's where there are none.
    pub log_groups: Vec<String>,
    /// Values of parameters.
    pub parameters: Vec<(String, String)>,
    /// Rows at most, besides the query's own limit.
    pub limit: Option<u32>,
    /// How the rows are written.
    pub output: Output,
}

/// Why there are no rows.
pub(super) enum Refusal {
    /// The command line or the query is wrong.
    Misused(String),
    /// AWS said no.
    Refused(SourceError),
}

impl From<SourceError> for Refusal {
    fn from(error: SourceError) -> Self {
        Self::Refused(error)
    }
}

/// Runs the query over the window and writes its rows to `out`; cost and trouble go to `err`. Nothing is written of rows
/// that are not all there. Once `cancel` is cancelled the query is stopped on AWS's side.
///
/// # Errors
/// Where `out` or `err` cannot be written to; a closed pipe ends quietly.
pub async fn run(
    client: &Client,
    board: &Board,
    (window, now): (Window, Time),
    options: &Options,
    cancel: &CancellationToken,
    (out, err): (&mut dyn Write, &mut dyn Write),
) -> io::Result<Status> {
    let price = client.meter().spending().usd_per_scanned_gb;
    let asked = async {
        let query = Box::pin(prepare(client, board, window.range(now), options)).await?;
        let estimate = groups::estimate(client, &query, now).await?;
        if let Some(estimate) = estimate {
            writeln!(err, "baro: {} to be scanned", estimate.words(price)).ok();
        }
        let rows = log_rows(client, &query).await.map_err(|error| placed(&query.text, error))?;
        Ok((query.text, rows))
    };
    let answer = tokio::select! {
        answer = asked => Some(answer),
        () = cancel.cancelled() => None,
    };
    let (text, rows) = match answer {
        Some(Ok(answer)) => answer,
        Some(Err(Refusal::Misused(words))) => {
            writeln!(err, "baro: {words}")?;
            return Ok(Status::Misused);
        }
        Some(Err(Refusal::Refused(error))) => {
            writeln!(err, "baro: {error}")?;
            return Ok(Status::Refused);
        }
        None => {
            client.settled().await;
            writeln!(err, "baro: stopped, and with it the query")?;
            return Ok(Status::Signal(2));
        }
    };
    let names = columns::all(&rows.rows, &columns::asked(&text));
    match output::write(&rows, &names, None, options.output, out) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
        Err(_) | Ok(()) => {}
    }
    writeln!(err, "baro: {}", output::summary(&rows, price))?;
    if let Some(words) = output::capped(&text, &rows) {
        writeln!(err, "baro: {words}")?;
    }
    if rows.rows.is_empty() {
        let empty = "nothing was logged in the window; --since asks for a longer one";
        writeln!(err, "baro: no rows: {}", output::hint(&rows, empty))?;
    }
    Ok(if rows.rows.is_empty() { Status::Found } else { Status::Done })
}

/// The query as it is sent: text with its parameters filled in, groups by name.
async fn prepare(client: &Client, board: &Board, span: (Time, Time), options: &Options) -> Result<LogQuery, Refusal> {
    let saved = match &options.saved {
        Some(name) => Some(saved(client, board, name).await?),
        None => None,
    };
    let written = options.text.as_deref().or(saved.as_ref().map(|saved| saved.text.as_str())).unwrap_or_default();
    let text = filled(written, saved.as_ref(), board, &options.parameters)?;
    if let Some(mistake) = judge::judge(&text) {
        return Err(misread(&text, &mistake));
    }
    let text = limited(text, options.limit);
    let chosen = match (&options.log_groups, &saved) {
        (given, _) if !given.is_empty() => given.clone(),
        (_, Some(saved)) if !saved.groups.is_empty() => saved.groups.clone(),
        _ => groups::of_board(board),
    };
    let names_its_own = editor::names_groups(&text);
    if chosen.is_empty() && !names_its_own {
        return Err(Refusal::Misused(groups::none(client, board).await));
    }
    let groups = if names_its_own && options.log_groups.is_empty() {
        Vec::new()
    } else {
        groups::resolve(client, &chosen).await?
    };
    Ok(LogQuery { text, groups, span: Some(span) })
}

/// The text with a limit of rows, where there is one.
pub fn limited(text: String, limit: Option<u32>) -> String {
    match limit {
        Some(limit) => format!("{}\n| limit {limit}", text.trim_end()),
        None => text,
    }
}

/// The text of a query over files: parameters filled in, a saved query by its name on the board.
///
/// # Errors
/// What is wrong, in words.
pub fn of_files(
    board: &Board,
    text: Option<String>,
    saved: Option<&str>,
    parameters: &[(String, String)],
) -> Result<String, String> {
    let of_board = |name: &str| board.queries.iter().find(|query| query.name == name);
    let known = match saved {
        Some(name) => Some(of_board(name).ok_or_else(|| format!("the board has no query `{}`", clean(name)))?),
        None => None,
    };
    let text = text.or_else(|| known.map(|query| query.text.clone())).unwrap_or_default();
    filled(&text, known, board, parameters).map_err(|refusal| match refusal {
        Refusal::Misused(words) => words,
        Refusal::Refused(error) => error.to_string(),
    })
}

/// The text with its parameters: what was given, else the saved query's default, else the board's variable.
fn filled(
    text: &str,
    saved: Option<&SavedQuery>,
    board: &Board,
    given: &[(String, String)],
) -> Result<String, Refusal> {
    let names = parameters::names(text);
    if let Some((name, _)) = given.iter().find(|(name, _)| !names.contains(&name.as_str())) {
        let there_are = match names.as_slice() {
            [] => "it has none".to_owned(),
            names => format!("there are {}", names.join(", ")),
        };
        return Err(Refusal::Misused(format!("the query has no parameter {{{{{name}}}}}; {there_are}")));
    }
    let of = |pairs: &'_ [(String, String)], name: &str| {
        pairs.iter().rfind(|(known, _)| known == name).map(|(_, v)| v.clone())
    };
    let default = |name: &str| {
        let parameter = saved?.parameters.iter().find(|parameter| parameter.name == name)?;
        parameter.default.clone()
    };
    let values: Vec<(String, String)> = names
        .iter()
        .filter_map(|name| {
            let value = of(given, name).or_else(|| default(name)).or_else(|| of(&board.vars, name))?;
            Some(((*name).to_owned(), value))
        })
        .collect();
    let value = |name: &str| values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    parameters::fill(text, value).map_err(|mistake| misread(text, &mistake))
}

/// What AWS says of a place in the query, shown there.
fn placed(text: &str, error: SourceError) -> Refusal {
    match judge::pointed(text, &error.message).filter(|_| error.kind == ErrorKind::Invalid) {
        Some(position) => {
            let message = error.message.rsplit_once(" (line ").map_or(error.message.as_str(), |(words, _)| words);
            let mistake = Mistake::new(position, message);
            Refusal::Misused(format!("the query cannot be run: {}", judge::caret(text, &mistake)))
        }
        None => Refusal::Refused(error),
    }
}

fn misread(text: &str, mistake: &Mistake) -> Refusal {
    Refusal::Misused(format!("the query cannot be read: {}", judge::caret(text, mistake)))
}

/// The saved query of a name: the board's, else the account's.
async fn saved(client: &Client, board: &Board, name: &str) -> Result<SavedQuery, Refusal> {
    if let Some(query) = board.queries.iter().find(|query| query.name == name) {
        return Ok(query.clone());
    }
    let account = query_definitions(client).await?;
    if let Some(query) = account.iter().find(|query| query.name == name) {
        return Ok(query.clone());
    }
    let known: Vec<&str> = board.queries.iter().chain(&account).map(|query| query.name.as_str()).collect();
    let there_are = if known.is_empty() {
        "neither the board nor the account has any".to_owned()
    } else {
        format!("there are {}", known.join(", "))
    };
    Err(Refusal::Misused(format!("no saved query `{}`; {there_are}", clean(name))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::logbook::Parameter;

    #[test]
    fn a_parameter_is_what_was_said_last() {
        let board = Board { vars: vec![("a".to_owned(), "board".to_owned())], ..Board::empty("b") };
        let parameter = |default: Option<&str>| Parameter {
            name: "a".to_owned(),
            default: default.map(str::to_owned),
            description: None,
        };
        let saved = |default| SavedQuery { parameters: vec![parameter(default)], ..SavedQuery::default() };
        let filled = |saved: Option<&SavedQuery>, given: &[(&str, &str)]| {
            let given: Vec<_> = given.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            match filled("limit {{a}}", saved, &board, &given) {
                Ok(text) => text,
                Err(Refusal::Misused(words)) => words,
                Err(Refusal::Refused(error)) => error.to_string(),
            }
        };
        assert_eq!(filled(None, &[]), "limit board");
        assert_eq!(filled(Some(&saved(Some("saved"))), &[]), "limit saved");
        assert_eq!(filled(Some(&saved(None)), &[]), "limit board");
        assert_eq!(filled(Some(&saved(Some("saved"))), &[("a", "1"), ("a", "2")]), "limit 2");
        assert_eq!(filled(None, &[("b", "1")]), "the query has no parameter {{b}}; there are a");
    }
}
