//! The database's tables, and how an older one becomes a newer one.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::trouble::{Trouble, named};

/// Marks the file as ours (`baro` in ASCII): <https://sqlite.org/fileformat.html#application_id>.
const APPLICATION_ID: i64 = 0x6261_726f;

/// Each step brings a database one version further. Steps are never changed once released, only added.
pub(super) const STEPS: [&str; 2] = [
    // Times are milliseconds since 1970 in UTC. What fired, where and since when is told once.
    "CREATE TABLE episodes (
        id INTEGER PRIMARY KEY,
        signal TEXT NOT NULL CHECK (signal IN ('alarm', 'rule')),
        name TEXT NOT NULL,
        account TEXT NOT NULL,
        region TEXT NOT NULL,
        severity TEXT NOT NULL,
        began_ms INTEGER NOT NULL,
        ended_ms INTEGER,
        value REAL,
        peak REAL,
        threshold REAL,
        reason TEXT NOT NULL,
        UNIQUE (signal, name, account, region, began_ms)
    ) STRICT;
    CREATE INDEX episodes_by_began ON episodes (began_ms);
    PRAGMA application_id = 1650553455;",
    // Everything that was said, not only what holds. The view has the words of the order-flood documents.
    "CREATE TABLE acknowledgements (
        id INTEGER PRIMARY KEY,
        stance TEXT NOT NULL CHECK (stance IN ('acknowledged', 'snoozed', 'lifted')),
        signal TEXT NOT NULL CHECK (signal IN ('alarm', 'rule')),
        name TEXT NOT NULL,
        account TEXT NOT NULL,
        region TEXT NOT NULL,
        said_by TEXT NOT NULL,
        said_ms INTEGER NOT NULL,
        note TEXT NOT NULL,
        until_ms INTEGER,
        UNIQUE (signal, name, account, region, said_ms, said_by)
    ) STRICT;
    CREATE INDEX acknowledgements_by_said ON acknowledgements (said_ms);
    CREATE VIEW history AS SELECT
        strftime('%Y-%m-%dT%H:%M:%fZ', began_ms / 1000.0, 'unixepoch') AS alarm_creation_time,
        strftime('%Y-%m-%dT%H:%M:%fZ', ended_ms / 1000.0, 'unixepoch') AS alarm_end_time,
        date(began_ms / 1000, 'unixepoch') AS day,
        signal,
        name,
        value AS Number_of_orders,
        (ended_ms - began_ms) / 1000.0 AS duration_s,
        peak,
        threshold,
        severity,
        account,
        region,
        reason,
        (SELECT note FROM acknowledgements AS a
            WHERE a.signal = e.signal AND a.name = e.name AND a.account = e.account AND a.region = e.region
            AND a.said_ms >= e.began_ms AND a.said_ms <= coalesce(e.ended_ms, a.said_ms)
            ORDER BY a.said_ms DESC, a.id DESC LIMIT 1) AS note
    FROM episodes AS e;",
];

/// The version that this program writes.
pub const VERSION: i64 = STEPS.len() as i64;

/// Which version a database has; 0 for one that is empty.
///
/// # Errors
/// Where the file is no database, one of another program, or one of a newer version.
pub(super) fn version(connection: &Connection, path: &Path) -> Result<i64, Trouble> {
    let number = |sql| {
        let read = connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        read.map_err(|error| Trouble::of(path, &error))
    };
    let found = number("PRAGMA user_version")?;
    let ours = number("PRAGMA application_id")? == APPLICATION_ID;
    let empty = number("SELECT count(*) FROM sqlite_schema")? == 0;
    let fresh = empty && found == 0;
    match found {
        _ if !ours && !fresh => Err(Trouble::Foreign { file: named(path) }),
        found if found > VERSION => Err(Trouble::Newer { file: named(path), found, known: VERSION }),
        found => Ok(found.max(0)),
    }
}

/// Brings a database to the version of this program. Several consoles may try at once: the first one does it.
///
/// # Errors
/// As [`version`], and where the database cannot be written to.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Trouble> {
    if version(connection, path)? == VERSION {
        return Ok(());
    }
    let fail = |error: &rusqlite::Error| Trouble::of(path, error);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(|e| fail(&e))?;
    let found = version(&transaction, path)?;
    for step in STEPS.iter().skip(found as usize) {
        transaction.execute_batch(step).map_err(|e| fail(&e))?;
    }
    transaction.pragma_update(None, "user_version", VERSION).map_err(|e| fail(&e))?;
    transaction.commit().map_err(|e| fail(&e))
}
