//! Episodes and acknowledgements as rows.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::clock::Time;
use crate::store::episode::{Acknowledgement, Entry, Episode, Severity, Signal, Stance};

const EPISODE: &str =
    "SELECT signal, name, account, region, severity, began_ms, ended_ms, value, peak, threshold, reason
    FROM episodes";
const ACKNOWLEDGEMENT: &str =
    "SELECT stance, signal, name, account, region, said_by, said_ms, note, until_ms FROM acknowledgements";

/// Which rows are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scope<'a> {
    /// Account and region; `None` for all.
    pub(super) place: Option<(&'a str, &'a str)>,
    /// Episodes that had not ended by then; `None` for all.
    pub(super) since: Option<Time>,
    /// The newest so many.
    pub(super) most: usize,
}

/// Writes an entry; what is known of the same episode is merged with it. To be called within a transaction.
pub(super) fn write(connection: &Connection, entry: &Entry) -> rusqlite::Result<()> {
    match entry {
        Entry::Episode(told) => write_episode(connection, told),
        Entry::Acknowledgement(said) => write_acknowledgement(connection, said),
    }
}

fn write_episode(connection: &Connection, told: &Episode) -> rusqlite::Result<()> {
    let sql = format!("{EPISODE} WHERE signal = ?1 AND name = ?2 AND account = ?3 AND region = ?4 AND began_ms = ?5");
    let Episode { signal, name, account, region, began, .. } = told;
    let key = params![signal.name(), name, account, region, began.timestamp_millis()];
    let known = connection.prepare(&sql)?.query_row(key, |row| Ok(episode(row))).optional()?;
    let mut whole = told.clone();
    if let Some(mut known) = known.transpose()?.flatten() {
        known.merge(told);
        whole = known;
    }
    connection
        .prepare(
            "INSERT INTO episodes
                (signal, name, account, region, severity, began_ms, ended_ms, value, peak, threshold, reason)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            ON CONFLICT (signal, name, account, region, began_ms) DO UPDATE SET severity = excluded.severity,
                ended_ms = excluded.ended_ms, value = excluded.value, peak = excluded.peak,
                threshold = excluded.threshold, reason = excluded.reason",
        )?
        .execute(params![
            whole.signal.name(),
            whole.name,
            whole.account,
            whole.region,
            whole.severity.name(),
            whole.began.timestamp_millis(),
            whole.ended.map(|at| at.timestamp_millis()),
            whole.value,
            whole.peak,
            whole.threshold,
            whole.reason,
        ])
        .map(drop)
}

fn write_acknowledgement(connection: &Connection, said: &Acknowledgement) -> rusqlite::Result<()> {
    connection
        .prepare(
            "INSERT OR IGNORE INTO acknowledgements
                (stance, signal, name, account, region, said_by, said_ms, note, until_ms)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            said.stance.name(),
            said.signal.name(),
            said.name,
            said.account,
            said.region,
            said.by,
            said.at.timestamp_millis(),
            said.note,
            said.until.map(|at| at.timestamp_millis()),
        ])
        .map(drop)
}

/// Episodes, newest first.
pub(super) fn episodes(connection: &Connection, scope: Scope<'_>) -> rusqlite::Result<Vec<Episode>> {
    let sql = format!(
        "{EPISODE} WHERE (?1 IS NULL OR (account = ?1 AND region = ?2)) AND (?3 IS NULL OR coalesce(ended_ms, ?3) >= ?3)
        ORDER BY began_ms DESC, id DESC LIMIT ?4"
    );
    rows(connection, &sql, scope, episode)
}

/// Acknowledgements, newest first.
pub(super) fn acknowledgements(connection: &Connection, scope: Scope<'_>) -> rusqlite::Result<Vec<Acknowledgement>> {
    let sql = format!(
        "{ACKNOWLEDGEMENT} WHERE (?1 IS NULL OR (account = ?1 AND region = ?2)) AND (?3 IS NULL OR said_ms >= ?3)
        ORDER BY said_ms DESC, id DESC LIMIT ?4"
    );
    rows(connection, &sql, scope, acknowledgement)
}

/// Reads rows. What another program wrote into our tables and no type of ours can hold is left out.
fn rows<T>(
    connection: &Connection,
    sql: &str,
    scope: Scope<'_>,
    read: fn(&Row<'_>) -> rusqlite::Result<Option<T>>,
) -> rusqlite::Result<Vec<T>> {
    let (account, region) = scope.place.unzip();
    let since = scope.since.map(|at| at.timestamp_millis());
    let mut statement = connection.prepare(sql)?;
    let found = statement.query_map(params![account, region, since, scope.most as i64], read)?;
    found.filter_map(Result::transpose).collect()
}

fn episode(row: &Row<'_>) -> rusqlite::Result<Option<Episode>> {
    let (signal, severity): (String, String) = (row.get(0)?, row.get(4)?);
    let (Some(signal), Some(began)) = (Signal::parse(&signal), time(row.get(5)?)) else { return Ok(None) };
    Ok(Some(Episode {
        signal,
        name: row.get(1)?,
        account: row.get(2)?,
        region: row.get(3)?,
        severity: Severity::parse(&severity).unwrap_or_default(),
        began,
        ended: row.get::<_, Option<i64>>(6)?.and_then(time),
        value: row.get(7)?,
        peak: row.get(8)?,
        threshold: row.get(9)?,
        reason: row.get(10)?,
    }))
}

fn acknowledgement(row: &Row<'_>) -> rusqlite::Result<Option<Acknowledgement>> {
    let (stance, signal): (String, String) = (row.get(0)?, row.get(1)?);
    let known = (Stance::parse(&stance), Signal::parse(&signal), time(row.get(6)?));
    let (Some(stance), Some(signal), Some(at)) = known else { return Ok(None) };
    Ok(Some(Acknowledgement {
        stance,
        signal,
        name: row.get(2)?,
        account: row.get(3)?,
        region: row.get(4)?,
        by: row.get(5)?,
        at,
        note: row.get(7)?,
        until: row.get::<_, Option<i64>>(8)?.and_then(time),
    }))
}

const fn time(ms: i64) -> Option<Time> {
    Time::from_timestamp_millis(ms)
}
