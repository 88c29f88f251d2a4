//! The database that is written to.

use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::location::Location;
use super::record::{self, Scope};
use super::schema;
use super::trouble::Trouble;
use crate::store::episode::Entry;
use crate::store::history::{KEPT_ACKNOWLEDGEMENTS, KEPT_EPISODES};

/// How long a write waits for that of another console.
const BUSY: Duration = Duration::from_secs(2);
/// Writes after which it is looked for what is too much.
const PRUNE_EVERY: u32 = 256;

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Episodes, and as many acknowledgements.
    pub episodes: usize,
    /// Days before the newest episode.
    pub days: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { episodes: 50_000, days: 400 }
    }
}

/// The history's database, open for writing. Several processes may have it open.
#[derive(Debug)]
pub struct Database {
    connection: Connection,
    path: PathBuf,
    bounds: Bounds,
    /// SQLite's `data_version`: another one means that another process has written.
    seen: i64,
    writes: u32,
}

impl Database {
    /// Opens the database, makes it where there is none, brings it up to date and drops what is too much.
    ///
    /// # Errors
    /// Where it cannot be opened, is damaged, or is not ours to write to.
    pub fn open(location: &Location, bounds: Bounds) -> Result<Self, Trouble> {
        location.prepare()?;
        let path = location.path.clone();
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags(&path, flags).and_then(|connection| {
            connection.busy_timeout(BUSY)?;
            Ok(connection)
        });
        let mut connection = opened.map_err(|error| Trouble::of(&path, &error))?;
        // Before anything is written: it may be no file of ours.
        schema::version(&connection, &path)?;
        setup(&connection).map_err(|error| Trouble::of(&path, &error))?;
        schema::migrate(&mut connection, &path)?;
        let mut database = Self { connection, path, bounds, seen: 0, writes: 0 };
        database.prune().map_err(|error| database.trouble(&error))?;
        database.changed()?;
        Ok(database)
    }

    /// Writes entries: all of them or none. When it returns they outlive the process, and a power cut.
    ///
    /// # Errors
    /// Where the database cannot be written to.
    pub fn write(&mut self, entries: &[Entry]) -> Result<(), Trouble> {
        self.put(entries).map_err(|error| self.trouble(&error))
    }

    fn put(&mut self, entries: &[Entry]) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for entry in entries {
            record::write(&transaction, entry)?;
        }
        transaction.commit()?;
        self.writes += 1;
        if self.writes.is_multiple_of(PRUNE_EVERY) {
            self.prune()?;
        }
        Ok(())
    }

    /// Drops the oldest of what is too much. Age counts from the newest episode: a clock that is wrong drops nothing.
    fn prune(&mut self) -> rusqlite::Result<()> {
        let kept_ms = TimeDelta::days(i64::from(self.bounds.days)).num_milliseconds();
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (table, column) in [("episodes", "began_ms"), ("acknowledgements", "said_ms")] {
            let old = format!("DELETE FROM {table} WHERE {column} < (SELECT max(began_ms) FROM episodes) - ?1");
            transaction.execute(&old, [kept_ms])?;
            let surplus = format!(
                "DELETE FROM {table} WHERE id IN (SELECT id FROM {table} ORDER BY {column} DESC, id DESC LIMIT -1 OFFSET ?1)"
            );
            transaction.execute(&surplus, [self.bounds.episodes as i64])?;
        }
        transaction.commit()
    }

    /// Whether another process has written since the last call.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn changed(&mut self) -> Result<bool, Trouble> {
        let version = self.connection.query_row("PRAGMA data_version", [], |row| row.get(0));
        let version = version.map_err(|error| self.trouble(&error))?;
        let changed = self.seen != version;
        self.seen = version;
        Ok(changed)
    }

    /// The newest entries of an account and region, as many as the store keeps.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn read(&self, account: &str, region: &str) -> Result<Vec<Entry>, Trouble> {
        newest(&self.connection, (account, region)).map_err(|error| self.trouble(&error))
    }

    fn trouble(&self, error: &rusqlite::Error) -> Trouble {
        Trouble::of(&self.path, error)
    }
}

/// The newest entries of an account and region, as many as the store keeps.
pub(super) fn newest(connection: &Connection, place: (&str, &str)) -> rusqlite::Result<Vec<Entry>> {
    let scope = Scope { place: Some(place), since: None, most: KEPT_EPISODES };
    let episodes = record::episodes(connection, scope)?;
    // Oldest last would make each one wander through the whole list on its way in.
    let episodes = episodes.into_iter().rev().map(Entry::Episode);
    let said = record::acknowledgements(connection, Scope { most: KEPT_ACKNOWLEDGEMENTS, ..scope })?;
    Ok(episodes.chain(said.into_iter().rev().map(Entry::Acknowledgement)).collect())
}

/// Readers and writers do not wait for each other (WAL), and a commit is on the disk when it returns (FULL): an episode
/// ends seldom enough for that.
fn setup(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "trusted_schema", false)
}
