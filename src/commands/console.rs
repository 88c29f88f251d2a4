//! `baro`: the console itself.

use super::session::{Opening, Session};
use super::status::Status;
use crate::app::run::{self, Ended};
use crate::sources::Mode;

/// Opens the console and runs it until it ends.
///
/// # Errors
/// Where stdout is no terminal, or the demo cannot listen.
pub async fn run(opening: Opening) -> anyhow::Result<Status> {
    let mut session = Session::open(opening, Mode::Live).await?;
    let ended = run::run(&mut session.app, &mut session.feed, &mut session.runner, &session.clock, session.frame).await;
    session.close().await;
    Ok(match ended? {
        Ended::Quit => Status::Done,
        Ended::Signal(number) => Status::Signal(number),
    })
}
