//! `baro`: the console itself.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::journal;
use super::session::{Opening, Session};
use super::status::Status;
use crate::app::run::{self, Ended};
use crate::app::screen::ScreenId;
use crate::local::Table;
use crate::panes::Target;
use crate::sources::Mode;
use crate::text::clean;

/// What is asked of files first.
pub const FIRST_QUERY: &str = "fields @timestamp, @message\n| sort @timestamp desc\n| limit 1000";

/// Opens the console and runs it until it ends.
///
/// # Errors
/// Where stdout is no terminal, or the demo cannot listen.
pub async fn run(opening: Opening) -> anyhow::Result<Status> {
    over(opening, Vec::new(), Vec::new()).await
}

/// Opens the console over log files, its screen of the logs first, with a query that runs at once.
///
/// # Errors
/// Where stdout is no terminal.
pub async fn over_files(opening: Opening, files: Vec<PathBuf>, tables: Vec<Table>) -> anyhow::Result<Status> {
    // The keys come from there.
    if files.iter().any(|file| file == Path::new("-")) {
        let words = "the console reads its keys, not logs, from standard input: give a query, or a file";
        writeln!(std::io::stderr(), "baro: {words}")?;
        return Ok(Status::Misused);
    }
    for file in &files {
        if let Err(error) = std::fs::File::open(file) {
            writeln!(std::io::stderr(), "baro: {}: {error}", clean(&file.to_string_lossy()))?;
            return Ok(Status::Misused);
        }
    }
    over(of_files(opening, &files), files, tables).await
}

/// The opening of a view of files.
pub fn of_files(opening: Opening, files: &[PathBuf]) -> Opening {
    let named = files.iter().flat_map(|file| ["--file".to_owned(), file.to_string_lossy().into_owned()]);
    let options = std::iter::once("query".to_owned()).chain(named).chain(opening.options.clone()).collect();
    let focus = opening.focus.clone().or_else(|| Some(Target::Query(FIRST_QUERY.into())));
    Opening { screen: ScreenId::Logs, focus, options, ..opening }
}

async fn over(opening: Opening, files: Vec<PathBuf>, tables: Vec<Table>) -> anyhow::Result<Status> {
    if !std::io::stdout().is_terminal() {
        writeln!(std::io::stderr(), "baro: stdout is no terminal; `baro snapshot` prints one frame without one")?;
        return Ok(Status::Misused);
    }
    journal::open();
    let mut session = Session::over_files(opening, Mode::Live, files, tables).await?;
    let ended = run::run(&mut session.app, &mut session.feed, &mut session.runner, &session.clock, session.frame).await;
    session.close().await;
    Ok(match ended? {
        Ended::Quit => Status::Done,
        Ended::Signal(number) => Status::Signal(number),
    })
}
