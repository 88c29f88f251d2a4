//! The database, for reading alone.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::database;
use super::location::Location;
use super::record::{self, Scope};
use super::schema::{self, VERSION};
use super::trouble::{Trouble, named};
use crate::clock::Time;
use crate::store::episode::{Acknowledgement, Entry, Episode};

/// How long reading waits for a console that is just making the database.
const BUSY: Duration = Duration::from_secs(2);

/// A database that is only read: by a connection that cannot write, whatever it is asked.
#[derive(Debug)]
pub struct Reader {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
}

impl Reader {
    /// Opens a database that is there.
    ///
    /// # Errors
    /// Where there is none, it cannot be opened, or is of another version.
    pub fn open(location: &Location) -> Result<Self, Trouble> {
        let path = location.path.clone();
        if !path.try_exists().map_err(|error| Trouble::io(&path, &error))? {
            return Err(Trouble::Missing { file: named(&path) });
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags(&path, flags).and_then(|connection| {
            connection.busy_timeout(BUSY)?;
            connection.pragma_update(None, "query_only", true)?;
            connection.pragma_update(None, "trusted_schema", false)?;
            Ok(connection)
        });
        let connection = opened.map_err(|error| Trouble::of(&path, &error))?;
        match schema::version(&connection, &path)? {
            // A file that a console has just made and not yet filled.
            0 => Err(Trouble::Missing { file: named(&path) }),
            found if found < VERSION => Err(Trouble::Older { file: named(&path), found, known: VERSION }),
            _ => Ok(Self { connection, path }),
        }
    }

    /// A database in memory that holds these entries alone, to be asked like any other.
    ///
    /// # Errors
    /// Where there is no memory for it.
    pub fn of(entries: &[Entry]) -> Result<Self, Trouble> {
        let path = PathBuf::from("memory");
        let fill = || -> Result<Connection, Trouble> {
            let fail = |error: rusqlite::Error| Trouble::of(&path, &error);
            let mut connection = Connection::open_in_memory().map_err(fail)?;
            schema::migrate(&mut connection, &path)?;
            let transaction = connection.transaction().map_err(fail)?;
            for entry in entries {
                record::write(&transaction, entry).map_err(fail)?;
            }
            transaction.commit().map_err(fail)?;
            connection.pragma_update(None, "query_only", true).map_err(fail)?;
            Ok(connection)
        };
        Ok(Self { connection: fill()?, path })
    }

    /// The newest entries of an account and region, as many as the store keeps.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn newest(&self, account: &str, region: &str) -> Result<Vec<Entry>, Trouble> {
        database::newest(&self.connection, (account, region)).map_err(|error| Trouble::of(&self.path, &error))
    }

    /// Episodes of all accounts and regions that had not ended by `since`, newest first, with all that was said since.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn since(&self, since: Time) -> Result<(Vec<Episode>, Vec<Acknowledgement>), Trouble> {
        let scope = Scope { place: None, since: Some(since), most: usize::MAX >> 1 };
        let read = record::episodes(&self.connection, scope).and_then(|episodes| {
            let oldest = episodes.iter().map(|episode| episode.began).min().unwrap_or(since).min(since);
            Ok((episodes, record::acknowledgements(&self.connection, Scope { since: Some(oldest), ..scope })?))
        });
        read.map_err(|error| Trouble::of(&self.path, &error))
    }
}
