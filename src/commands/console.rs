//! `baro`: the console itself.

use std::io::{IsTerminal, Write};

use super::journal;
use super::session::{Opening, Session};
use super::status::Status;
use crate::app::run::{self, Ended};
use crate::sources::Mode;

/// Opens the console and runs it until it ends.
///
/// # Errors
/// Where stdout is no terminal, or the demo cannot listen.
pub async fn run(opening: Opening) -> anyhow::Result<Status> {
    if !std::io::stdout().is_terminal() {
        writeln!(std::io::stderr(), "baro: stdout is no terminal; `baro snapshot` prints one frame without one")?;
        return Ok(Status::Misused);
    }
    journal::open();
    let mut session = Session::open(opening, Mode::Live).await?;
    let ended = run::run(&mut session.app, &mut session.feed, &mut session.runner, &session.clock, session.frame).await;
    session.close().await;
    Ok(match ended? {
        Ended::Quit => Status::Done,
        Ended::Signal(number) => Status::Signal(number),
    })
}
