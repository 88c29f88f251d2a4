//! The history on real files.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use rusqlite::Connection;

use super::schema::STEPS;
use super::*;
use crate::app::msg::Update;
use crate::clock::Time;
use crate::store::episode::{Acknowledgement, Entry, Episode, Severity, Signal, Stance};

/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A minute of a test's day.
fn at(minute: i64) -> Time {
    DateTime::from_timestamp(1_768_435_200, 0).expect("in range") + TimeDelta::minutes(minute)
}

/// An episode from one minute to another.
pub(super) fn episode(name: &str, began: i64, ended: Option<i64>) -> Episode {
    Episode {
        signal: Signal::Alarm,
        name: name.to_owned(),
        account: "demo".to_owned(),
        region: "us-east-1".to_owned(),
        severity: Severity::Critical,
        began: at(began),
        ended: ended.map(at),
        value: Some(7.0),
        peak: Some(14.6),
        threshold: Some(5.0),
        reason: "Threshold Crossed".to_owned(),
    }
}

/// Something said about an alarm at a minute.
pub(super) fn said(name: &str, minute: i64) -> Acknowledgement {
    Acknowledgement {
        stance: Stance::Acknowledged,
        signal: Signal::Alarm,
        name: name.to_owned(),
        account: "demo".to_owned(),
        region: "us-east-1".to_owned(),
        by: "eva".to_owned(),
        at: at(minute),
        note: "looking at the TSP".to_owned(),
        until: None,
    }
}

/// A folder of a test's own, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("baro-history-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).expect("a folder");
        Self(path)
    }

    fn location(&self) -> Location {
        Location::new(self.0.join("history.db"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn open(folder: &Folder) -> Database {
    Database::open(&folder.location(), Bounds::default()).expect("a database")
}

fn read(database: &Database) -> Vec<Entry> {
    database.read("demo", "us-east-1").expect("read")
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

#[test]
fn what_is_written_is_read_back_once() {
    let folder = Folder::new("once");
    let mut database = open(&folder);
    let other = Episode { region: "eu-west-1".to_owned(), ..episode("a", 5, None) };
    let entries = [
        Entry::Episode(episode("a", 5, None)),
        Entry::Episode(episode("b", 6, Some(9))),
        Entry::Episode(other),
        Entry::Acknowledgement(said("a", 7)),
    ];
    for _ in 0..2 {
        database.write(&entries).expect("written");
    }
    // The end comes, and after it an old telling that knows of none.
    database.write(&[Entry::Episode(episode("a", 5, Some(8)))]).expect("written");
    database.write(&[Entry::Episode(Episode { peak: Some(20.0), ..episode("a", 5, None) })]).expect("written");
    let whole = Episode { peak: Some(20.0), ..episode("a", 5, Some(8)) };
    let expected =
        [Entry::Episode(whole), Entry::Episode(episode("b", 6, Some(9))), Entry::Acknowledgement(said("a", 7))];
    assert_eq!(read(&database), expected);
    drop(database);
    assert_eq!(read(&open(&folder)), expected, "and again after it was closed");
}

#[test]
fn files_are_for_the_owner_alone_unless_the_folder_is_shared() {
    let folder = Folder::new("modes");
    let own = Location::new(folder.0.join("deep/er/history.db"));
    let mut database = Database::open(&own, Bounds::default()).expect("a database");
    database.write(&[Entry::Episode(episode("a", 5, None))]).expect("written");
    assert_eq!(mode(own.path.parent().expect("a folder")), 0o700);
    for suffix in ["", "-wal", "-shm"] {
        let path = PathBuf::from(format!("{}{suffix}", own.path.display()));
        assert_eq!(mode(&path), 0o600, "{suffix}");
    }
    let shared = folder.0.join("shared");
    fs::create_dir(&shared).expect("a folder");
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o770)).expect("a mode");
    let location = Location::new(shared.join("history.db"));
    let mut database = Database::open(&location, Bounds::default()).expect("a database");
    database.write(&[Entry::Episode(episode("a", 5, None))]).expect("written");
    assert_eq!((mode(&location.path), mode(&shared.join("history.db-wal"))), (0o660, 0o660));
    let everybodys = folder.0.join("tmp");
    fs::create_dir(&everybodys).expect("a folder");
    fs::set_permissions(&everybodys, fs::Permissions::from_mode(0o777)).expect("a mode");
    let location = Location::new(everybodys.join("history.db"));
    drop(Database::open(&location, Bounds::default()).expect("a database"));
    assert_eq!(mode(&location.path), 0o600, "a folder of everybody's is not one to share in");
}

#[test]
fn a_database_of_version_1_is_brought_up_to_date() {
    let folder = Folder::new("migrate");
    let old = Connection::open(folder.location().path).expect("a database");
    old.execute_batch(STEPS[0]).expect("version 1");
    old.pragma_update(None, "user_version", 1).expect("a version");
    old.execute_batch(
        "INSERT INTO episodes (signal, name, account, region, severity, began_ms, reason)
            VALUES ('alarm', 'a', 'demo', 'us-east-1', 'critical', 1768435500000, '')",
    )
    .expect("an episode");
    drop(old);
    let refused = Reader::open(&folder.location()).expect_err("read-only, it stays as it is");
    assert!(refused.to_string().contains("written by an older baro (schema 1"), "{refused}");
    let database = open(&folder);
    let [Entry::Episode(kept)] = &read(&database)[..] else { panic!("one episode") };
    assert_eq!((kept.name.as_str(), kept.began), ("a", at(5)));
    let answer = Reader::open(&folder.location()).expect("version 2").query("PRAGMA user_version").expect("a version");
    assert_eq!(answer.rows, [[Value::Integer(VERSION)]]);
}

#[test]
fn what_is_not_ours_or_not_sound_is_refused_and_left_alone() {
    let newer = "PRAGMA application_id = 1650553455; PRAGMA user_version = 99; CREATE TABLE t (a)";
    let cases = [
        ("newer", newer, "newer baro (schema 99, this one knows 2)"),
        ("foreign", "CREATE TABLE t (a); PRAGMA user_version = 1", "database of another program"),
        ("foreign and empty", "PRAGMA user_version = 1", "database of another program"),
    ];
    for (what, sql, message) in cases {
        let folder = Folder::new("refused");
        let made = Connection::open(folder.location().path).and_then(|db| db.execute_batch(sql));
        made.expect("a database");
        refuses(&folder, what, message);
    }
    let folder = Folder::new("damaged");
    fs::write(folder.location().path, "no database at all, but long enough to have a header".repeat(20))
        .expect("written");
    refuses(&folder, "damaged", "the history is damaged");
    let trouble = Reader::open(&Location::new(folder.0.join("none.db"))).expect_err("there is none");
    assert!(trouble.to_string().contains("no history yet"), "{trouble}");
}

fn refuses(folder: &Folder, what: &str, message: &str) {
    let before = fs::read(folder.location().path).expect("a file");
    let trouble = Database::open(&folder.location(), Bounds::default()).expect_err(what);
    assert!(trouble.is_final() && trouble.to_string().contains(message), "{what}: {trouble}");
    assert!(trouble.to_string().contains("history.db"), "{what} names the file: {trouble}");
    assert_eq!(fs::read(folder.location().path).expect("a file"), before, "{what} is left as it was");
}

#[test]
fn the_oldest_goes_when_there_is_too_much() {
    let folder = Folder::new("bounds");
    let day = 24 * 60;
    let bounds = Bounds { episodes: 10, days: 30 };
    let mut database = Database::open(&folder.location(), bounds).expect("a database");
    let mut entries: Vec<Entry> = (0..20).map(|i| Entry::Episode(episode("a", 40 * day + i, Some(41 * day)))).collect();
    entries.push(Entry::Episode(episode("old", 0, Some(1))));
    entries.push(Entry::Acknowledgement(said("old", 1)));
    entries.push(Entry::Acknowledgement(said("a", 40 * day)));
    database.write(&entries).expect("written");
    drop(database);
    let kept = read(&Database::open(&folder.location(), bounds).expect("a database"));
    let began: Vec<Time> =
        kept.iter().filter_map(|e| if let Entry::Episode(e) = e { Some(e.began) } else { None }).collect();
    assert_eq!(began, (10..20).map(|i| at(40 * day + i)).collect::<Vec<_>>());
    assert_eq!(kept.last(), Some(&Entry::Acknowledgement(said("a", 40 * day))));
    assert_eq!(kept.len(), 11);
}

fn ask(folder: &Folder, sql: &str) -> Result<Answer, QueryError> {
    Reader::open(&folder.location()).expect("a database").answer(sql, Duration::from_millis(200))
}

#[test]
fn the_view_answers_in_the_words_of_the_documents() {
    let folder = Folder::new("view");
    let flood = |began, ended, value| Episode {
        signal: Signal::Rule,
        value: Some(value),
        peak: Some(61.0),
        ..episode("order_flood", began, ended)
    };
    let entries = [
        Entry::Episode(flood(622, Some(624), 31.0)),
        Entry::Episode(flood(700, Some(701), 35.0)),
        Entry::Episode(flood(700 + 24 * 60, None, 30.0)),
        Entry::Acknowledgement(Acknowledgement { signal: Signal::Rule, ..said("order_flood", 623) }),
    ];
    open(&folder).write(&entries).expect("written");
    let text = |text: &str| Value::Text(text.to_owned());
    let newest = ask(
        &folder,
        "SELECT alarm_creation_time, Number_of_orders, duration_s, peak, note FROM history ORDER BY 1 LIMIT 1",
    );
    assert_eq!(
        newest.expect("rows").rows,
        [[
            text("2026-01-15T10:22:00.000Z"),
            Value::Real(31.0),
            Value::Real(120.0),
            Value::Real(61.0),
            text("looking at the TSP")
        ]]
    );
    let per_day =
        ask(&folder, "SELECT day, name, count(*) AS episodes, sum(duration_s) FROM history GROUP BY 1, 2 ORDER BY 1");
    let per_day = per_day.expect("rows");
    assert_eq!(per_day.columns, ["day", "name", "episodes", "sum(duration_s)"]);
    assert_eq!(
        per_day.rows,
        [
            [text("2026-01-15"), text("order_flood"), Value::Integer(2), Value::Real(180.0)],
            [text("2026-01-16"), text("order_flood"), Value::Integer(1), Value::Null],
        ]
    );
}

#[test]
fn a_question_can_only_read() {
    let folder = Folder::new("sql");
    open(&folder).write(&[Entry::Episode(episode("a", 5, Some(6)))]).expect("written");
    let elsewhere = folder.0.join("other.db");
    let attach = format!("ATTACH '{}' AS other", elsewhere.display());
    let into = format!("VACUUM INTO '{}'", elsewhere.display());
    let forbidden = [
        "DELETE FROM episodes",
        "INSERT INTO episodes DEFAULT VALUES",
        "UPDATE episodes SET name = 'b'",
        "DROP TABLE episodes",
        "CREATE TABLE t (a)",
        "CREATE TEMP TABLE t (a)",
        "BEGIN IMMEDIATE",
        "PRAGMA query_only = off",
        "PRAGMA journal_mode = delete",
        "PRAGMA user_version = 3",
        "WITH x AS (SELECT 1) DELETE FROM episodes",
        "REINDEX",
        "SELECT 1; DELETE FROM episodes",
        &attach,
        &into,
    ];
    for sql in forbidden {
        assert_eq!(ask(&folder, sql), Err(QueryError::Forbidden), "{sql}");
    }
    assert!(!elsewhere.exists());
    for sql in ["SELECT 1; SELECT 2", "", "-- nothing"] {
        assert_eq!(ask(&folder, sql), Err(QueryError::NotOne), "{sql}");
    }
    let wrong = |message: &str, at| Err(QueryError::Wrong { message: message.to_owned(), at });
    assert_eq!(ask(&folder, "SELECT nme FROM history"), wrong("no such column: nme", Some(8)));
    assert_eq!(ask(&folder, "SELEC 1"), wrong("near \"SELEC\": syntax error", Some(1)));
    assert_eq!(ask(&folder, "SELECT 'é', x FROM history"), wrong("no such column: x", Some(13)));
    let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    assert_eq!(ask(&folder, endless), Err(QueryError::TooSlow));
    let large = ask(&folder, "SELECT length(zeroblob(900000000))");
    assert!(matches!(large, Err(QueryError::Wrong { .. })), "{large:?}");
    let twice = ask(&folder, "SELECT name, name FROM episodes").expect("rows");
    assert_eq!(twice.columns, ["name", "name_2"]);
    assert_eq!(ask(&folder, "SELECT count(*) FROM episodes;  -- all").expect("rows").rows, [[Value::Integer(1)]]);
}

/// A recorder, and what it tells.
fn record(folder: &Folder) -> (Recorder, Receiver<Update>) {
    let (sender, told) = sync_channel(64);
    let place = ("demo".to_owned(), "us-east-1".to_owned());
    let tell = Box::new(move |update| sender.send(update).is_ok());
    (Recorder::start(folder.location(), Bounds::default(), place, tell).expect("a thread"), told)
}

fn next(told: &Receiver<Update>) -> Update {
    told.recv_timeout(PATIENCE).expect("in time")
}

#[test]
fn a_recorder_writes_and_two_of_them_hear_of_each_other() {
    let folder = Folder::new("recorder");
    let (one, told_one) = record(&folder);
    assert_eq!(next(&told_one), Update::History(Vec::new()));
    let (two, told_two) = record(&folder);
    assert_eq!(next(&told_two), Update::History(Vec::new()));
    let entry = Entry::Episode(episode("a", 5, None));
    one.keep()(entry.clone());
    assert_eq!(next(&told_two), Update::History(vec![entry]));
    two.keep()(Entry::Acknowledgement(said("a", 6)));
    two.keep()(Entry::Episode(episode("a", 5, Some(9))));
    assert!(two.close(PATIENCE), "all is written at the end");
    loop {
        let Update::History(entries) = next(&told_one) else { panic!("no trouble") };
        if entries == [Entry::Episode(episode("a", 5, Some(9))), Entry::Acknowledgement(said("a", 6))] {
            break;
        }
    }
    assert!(one.close(PATIENCE));
}

#[test]
fn a_recorder_that_can_keep_nothing_says_so_and_is_in_nobodys_way() {
    let folder = Folder::new("trouble");
    fs::write(folder.location().path, "no database".repeat(100)).expect("written");
    let (recorder, told) = record(&folder);
    let Update::HistoryTrouble(Some(trouble)) = next(&told) else { panic!("trouble") };
    assert!(trouble.contains("the history is damaged"), "{trouble}");
    recorder.keep()(Entry::Episode(episode("a", 5, None)));
    assert!(recorder.close(PATIENCE));
}
