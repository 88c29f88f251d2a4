//! One line on how far a search has come, for whoever waits at a terminal.

use std::io::{self, Write};
use std::time::Duration;

use tokio::time::Instant;

use crate::store::story::{SearchState, Story};
use crate::text::units::plural;
use crate::text::{Align, clean, pad, truncate};

/// Cells of the line: fewer than any terminal has columns.
const WIDTH: usize = 78;
/// What takes no longer than this needs no progress.
const QUICK: Duration = Duration::from_millis(400);
/// How often the line is written anew.
pub(super) const EVERY: Duration = Duration::from_millis(200);

/// The line, which is written over again and again, and wiped at the end.
#[derive(Debug)]
pub(super) struct Progress {
    began: Instant,
    told: String,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self { began: Instant::now(), told: String::new() }
    }

    /// Writes how far it has come.
    pub(super) fn tell(&mut self, story: &Story, err: &mut dyn Write) -> io::Result<()> {
        let passed = self.began.elapsed();
        let words = words(story, passed);
        if passed < QUICK || words == self.told {
            return Ok(());
        }
        write!(err, "\r{}", pad(&truncate(&words, WIDTH), WIDTH, Align::Left))?;
        self.told = words;
        err.flush()
    }

    /// Wipes the line.
    pub(super) fn wipe(&self, err: &mut dyn Write) -> io::Result<()> {
        if self.told.is_empty() {
            return Ok(());
        }
        write!(err, "\r{:WIDTH$}\r", "")?;
        err.flush()
    }
}

/// What is said: for how long, how much has been answered, and what is waited for.
fn words(story: &Story, passed: Duration) -> String {
    let events = plural(story.events.len(), "event");
    let (ended, all) = (story.ended(), story.searched.len());
    let mut words = format!("{} s · {ended} of {all} searches · {events}", passed.as_secs());
    let running = || story.searched.iter().filter(|search| search.state == SearchState::Running);
    if let Some(oldest) = running().min_by_key(|search| search.from) {
        let (name, since) = (oldest.how.name(), oldest.from.format("%m-%d %H:%M"));
        words.extend([format!(" · {} since {since} UTC", name.split(':').next_back().unwrap_or(name))]);
    }
    clean(&words).into_owned()
}
