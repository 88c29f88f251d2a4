//! Why the history can't be kept or read, and what next.

use std::io;
use std::path::Path;

use rusqlite::{Error, ErrorCode};

use crate::text::clean;

/// What is wrong with the history's database. Each message names the file and the next step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The file is no sound database.
    #[error(
        "{file}: the history is damaged ({why}); move the file away and the next start begins a new one; \
         `sqlite3 FILE .recover` may save what is in it"
    )]
    Damaged {
        /// The file.
        file: String,
        /// SQLite's words.
        why: String,
    },
    /// A newer program has written it.
    #[error(
        "{file}: the history was written by a newer baro (schema {found}, this one knows {known}); use that one, or \
         another file with `--history-file`"
    )]
    Newer {
        /// The file.
        file: String,
        /// Its schema's version.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// An older program has written it, and it is opened for reading only.
    #[error(
        "{file}: the history was written by an older baro (schema {found}, this one reads {known}); the console \
         brings it up to date when it starts"
    )]
    Older {
        /// The file.
        file: String,
        /// Its schema's version.
        found: i64,
        /// The version that this program reads.
        known: i64,
    },
    /// It is a database of something else.
    #[error("{file}: is a database of another program; choose another file with `--history-file` or `[history] path`")]
    Foreign {
        /// The file.
        file: String,
    },
    /// There is no such file yet.
    #[error("{file}: there is no history yet; the console writes one while it runs")]
    Missing {
        /// The file.
        file: String,
    },
    /// Another process holds it.
    #[error("{file}: the history is locked by another process; it is tried again")]
    Busy {
        /// The file.
        file: String,
    },
    /// There is no room.
    #[error("{file}: no room for the history: {why}; it is tried again")]
    Full {
        /// The file.
        file: String,
        /// SQLite's words.
        why: String,
    },
    /// It cannot be opened, read or written.
    #[error("{file}: the history cannot be used: {why}; look at the file's and its folder's permissions")]
    Closed {
        /// The file.
        file: String,
        /// The system's or SQLite's words.
        why: String,
    },
}

impl Trouble {
    /// The trouble of a failed use of the database.
    pub(super) fn of(path: &Path, error: &Error) -> Self {
        let file = named(path);
        let why = clean(&error.to_string()).into_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged { file, why },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { file },
            Some(ErrorCode::DiskFull) => Self::Full { file, why },
            Some(_) | None => Self::Closed { file, why },
        }
    }

    /// The trouble of a failed use of the file or its folder.
    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        Self::Closed { file: named(path), why: clean(&error.to_string()).into_owned() }
    }

    /// Whether trying again is no help before somebody has done something.
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Damaged { .. } | Self::Newer { .. } | Self::Older { .. } | Self::Foreign { .. } => true,
            Self::Missing { .. } | Self::Busy { .. } | Self::Full { .. } | Self::Closed { .. } => false,
        }
    }
}

/// A path as it is shown.
pub(super) fn named(path: &Path) -> String {
    clean(&path.display().to_string()).into_owned()
}
