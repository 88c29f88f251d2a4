//! One line on how far something has come, for whoever waits at a terminal.

use std::io::{self, Write};
use std::time::Duration;

use tokio::time::Instant;

use crate::text::{Align, pad, truncate};

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

    /// Writes how far it has come, in words that are given how long it has taken.
    pub(super) fn tell(&mut self, words: impl FnOnce(Duration) -> String, err: &mut dyn Write) -> io::Result<()> {
        let passed = self.began.elapsed();
        if passed < QUICK {
            return Ok(());
        }
        let words = words(passed);
        if words == self.told {
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
