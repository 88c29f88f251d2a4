//! The history as a user has it: what a console keeps, what the next one shows, and that nothing is lost to `kill -9`.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use barograph::app::effect::Effect;
use barograph::app::msg::{Msg, Update};
use barograph::app::screen::ScreenId;
use barograph::clock::Time;
use barograph::history::{Bounds, Database, Location, Reader, Recorder, Value};
use barograph::store::episode::{Entry, Episode, Severity, Signal, Stance};
use chrono::{DateTime, TimeDelta};

use crate::harness::console::{Console, Setting, time};

/// How often a writer is killed.
const KILLS: u32 = 50;
/// The variable that turns the test of this name into a writer: database and first number.
const WRITER: &str = "BARO_TEST_HISTORY_WRITER";
/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// A folder of a test's own, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("baro-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).expect("a folder");
        Self(path)
    }

    fn database(&self) -> PathBuf {
        self.0.join("history.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The `n`th episode that a writer tells of; it lasts a minute.
fn episode(n: i64, ended: bool) -> Episode {
    let began: Time = DateTime::from_timestamp(1_768_435_200, 0).expect("in range") + TimeDelta::minutes(n);
    Episode {
        signal: Signal::Rule,
        name: format!("rule-{}", n % 7),
        account: "demo".to_owned(),
        region: "us-east-1".to_owned(),
        severity: Severity::Critical,
        began,
        ended: ended.then(|| began + TimeDelta::minutes(1)),
        value: Some(30.0),
        peak: Some(n as f64),
        threshold: Some(30.0),
        reason: "order flood ".repeat(20),
    }
}

/// Not a test of its own: the process that is killed. It tells each episode twice, when it begins and when it ends, and
/// says its number once the end has been written. It goes on until it is killed.
#[test]
fn writer_to_be_killed() {
    let Ok(told) = std::env::var(WRITER) else { return };
    let (first, path) = told.split_once(' ').expect("number and path");
    let first: i64 = first.parse().expect("a number");
    let mut database = Database::open(&Location::new(path), Bounds::default()).expect("the database opens");
    let mut out = std::io::stdout();
    for n in first.. {
        database.write(&[Entry::Episode(episode(n, false))]).expect("written");
        database.write(&[Entry::Episode(episode(n, true)), Entry::Episode(episode(n, false))]).expect("written");
        // The harness of tests captures what `print!` writes.
        writeln!(out, "written {n}").and_then(|()| out.flush()).expect("said");
    }
}

fn writer(path: &Path, first: i64) -> (Child, BufReader<ChildStdout>) {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "history::writer_to_be_killed", "--nocapture"])
        .env(WRITER, format!("{first} {}", path.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a writer");
    let out = child.stdout.take().expect("its stdout");
    (child, BufReader::new(out))
}

/// Numbers that look random and are the same each time.
fn dice(round: u32) -> u64 {
    let mut x = u64::from(round + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x ^= x >> 31;
    x.wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40
}

#[test]
fn kill_9_loses_and_doubles_no_finished_episode() {
    let folder = Folder::new("kill");
    let path = folder.database();
    let mut said: Vec<i64> = Vec::new();
    let mut next = 0;
    for round in 0..KILLS {
        let (mut child, mut out) = writer(&path, next);
        // It is killed after so many episodes and then some: in the middle of a write, of a commit, of a checkpoint.
        let after = dice(round) % 24;
        let busy = dice(round ^ 0x5a) % 4_000;
        let mut line = String::new();
        let mut heard = 0;
        while heard < after {
            line.clear();
            assert!(out.read_line(&mut line).expect("a line") > 0, "the writer of round {round} ended by itself");
            if let Some((_, n)) = line.trim().split_once("written ") {
                said.push(n.parse().expect("a number"));
                heard += 1;
            }
        }
        (0..busy * 40).for_each(|n| _ = std::hint::black_box(n));
        child.kill().expect("killed");
        child.wait().expect("gone");
        // What it had said before it was killed counts, too.
        for line in out.lines().map_while(Result::ok) {
            if let Some((_, n)) = line.split_once("written ") {
                said.push(n.parse().expect("a number"));
            }
        }
        // The next writer takes up where this one may have been interrupted.
        next = said.last().map_or(0, |n| n + 1);
    }
    assert!(said.len() > KILLS as usize, "the writers were at work: {}", said.len());
    drop(Database::open(&Location::new(&path), Bounds::default()).expect("the database opens"));
    let mut reader = Reader::open(&Location::new(&path)).expect("it can be read");
    let (episodes, _) = reader.since(DateTime::UNIX_EPOCH).expect("read");
    let mut kept: HashMap<Time, Vec<&Episode>> = HashMap::new();
    for found in &episodes {
        kept.entry(found.began).or_default().push(found);
    }
    for n in &said {
        let expected = episode(*n, true);
        assert_eq!(kept.get(&expected.began), Some(&vec![&expected]), "episode {n}");
    }
    assert!(kept.values().all(|of_a_time| of_a_time.len() == 1), "none is doubled");
    let sound = sqlite(&path, "PRAGMA integrity_check");
    assert_eq!(sound, "ok");
    let doubled = reader.query("SELECT count(*) - count(DISTINCT began_ms) FROM episodes").expect("a number");
    assert_eq!(doubled.rows, [[Value::Integer(0)]]);
}

/// What SQLite itself says of a file, through a connection of its own.
fn sqlite(path: &Path, sql: &str) -> String {
    let connection = rusqlite::Connection::open(path).expect("a database");
    connection.query_row(sql, [], |row| row.get(0)).expect("an answer")
}

/// A recorder for the demo's account, and what it tells.
fn recorder(path: &Path) -> (Recorder, Receiver<Update>) {
    let (sender, told) = sync_channel(64);
    let place = ("demo".to_owned(), "us-east-1".to_owned());
    let tell = Box::new(move |update| sender.send(update).is_ok());
    (Recorder::start(Location::new(path), Bounds::default(), place, tell).expect("a thread"), told)
}

/// Has the entries that a console wants kept written by a recorder.
fn keep(path: &Path, console: &mut Console) -> Vec<Entry> {
    let (recorder, _told) = recorder(path);
    let mut keep = recorder.keep();
    let entries: Vec<Entry> = console
        .effects
        .drain(..)
        .filter_map(|effect| if let Effect::Remember(entry) = effect { Some(entry) } else { None })
        .collect();
    entries.iter().cloned().for_each(&mut keep);
    assert!(recorder.close(PATIENCE), "it is written");
    entries
}

fn is_firing_alarm(episode: &Episode) -> bool {
    episode.signal == Signal::Alarm && episode.ended.is_none()
}

fn said(entries: &[Entry]) -> Vec<(Stance, &str, &str, Option<Time>)> {
    let said =
        entries.iter().filter_map(|entry| if let Entry::Acknowledgement(said) = entry { Some(said) } else { None });
    said.map(|said| (said.stance, said.name.as_str(), said.note.as_str(), said.until)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_acknowledges_the_next_one_sees() {
    let folder = Folder::new("acknowledge");
    let mut console = Console::settled(Setting::once()).await;
    console.seek("j", "ALARM HighFailureRate");
    console.keys("a");
    console.assert_shows(&["Acknowledge HighFailureRate", "note ›", "acknowledge until it ends"]);
    console.keys("it is the TSP, q<enter>");
    console.assert_shows(&["acknowledged HighFailureRate on this host; AWS is not told"]);
    console.seek("j", "HighLatency");
    console.keys("S<down><enter>");
    let entries = keep(&folder.database(), &mut console);
    assert_eq!(
        said(&entries),
        [
            (Stance::Acknowledged, "HighFailureRate", "it is the TSP, q", None),
            (Stance::Snoozed, "HighLatency", "", Some(time("2026-01-15T11:28:00Z"))),
        ]
    );
    let firing = entries.iter().filter(|entry| matches!(entry, Entry::Episode(episode) if is_firing_alarm(episode)));
    assert_eq!(firing.count(), 6, "the alarms' episodes under way");

    let mut next = Console::settled(Setting::once()).await;
    let (recorder, told) = recorder(&folder.database());
    next.app.update(Msg::Feed(told.recv_timeout(PATIENCE).expect("what was kept")));
    let held = next.app.store().acknowledged(Signal::Alarm, "HighFailureRate").expect("it holds");
    assert_eq!((held.by.as_str(), held.note.as_str()), ("eva", "it is the TSP, q"));
    assert!(next.app.store().acknowledged(Signal::Alarm, "HighLatency").is_some());
    assert!(next.app.store().acknowledged(Signal::Alarm, "RequestSpike").is_none());
    let known = next.app.store().history.episodes.iter().filter(|episode| is_firing_alarm(episode));
    assert_eq!(known.count(), 6, "each is known once");
    next.seek("j", "ALARM HighFailureRate");
    next.keys("a");
    next.assert_shows(&["acknowledged at 10:28:00 by eva: it is the TSP, q", "take back what was said"]);
    next.keys("<tab><enter>");
    assert!(next.app.store().acknowledged(Signal::Alarm, "HighFailureRate").is_none(), "it is lifted at once");
    next.app.update(Msg::Tick(time("2026-01-15T11:28:00Z")));
    assert!(next.app.store().acknowledged(Signal::Alarm, "HighLatency").is_none(), "the snooze has run out");
    assert!(recorder.close(PATIENCE));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_shows_what_fires_and_leads_to_when_it_did() {
    let mut console = Console::settled(Setting { screen: ScreenId::History, ..Setting::once() }).await;
    console.assert_shows(&[
        "episodes on 1 day",
        "order_flood",
        "all days",
        "HighFailureRate",
        "TokenProvisioningUnhealthy",
    ]);
    let before = console.app.window();
    console.keys("/latency<enter>");
    console.assert_shows(&["1 episode on 1 day", "10:25:00"]);
    console.keys_settled("<enter>").await;
    console.assert_shows(&["HighLatency", "> 3 s", "History"]);
    let window = console.app.window();
    let (from, _) = window.range(console.app.now());
    assert!(window.is_live() && from <= time("2026-01-15T10:15:00Z"), "the window follows what is under way: {from}");
    console.keys_settled("<esc><esc>").await;
    assert_eq!(console.app.window(), before, "leaving gives the window back");
    console.keys("1");
    console.assert_shows(&["Total requests"]);
    console.keys("9");
    console.assert_shows(&["episodes on 1 day", "HighFailureRate"]);
}

/// Once the incident is over, what fired is in the history with its end, although this console saw none of it.
#[tokio::test(flavor = "multi_thread")]
async fn what_fired_while_nobody_looked_is_in_the_history() {
    let clock = barograph::clock::Clock::fixed(time("2026-01-15T12:00:00Z"));
    let console = Console::settled(Setting { clock, screen: ScreenId::History, ..Setting::once() }).await;
    let episodes = &console.app.store().history.episodes;
    let found = episodes.iter().find(|episode| episode.name == "HighFailureRate").expect("it has fired");
    assert_eq!((found.began, found.value.is_some(), found.threshold), (time("2026-01-15T10:20:00Z"), true, Some(5.0)));
    let ended = found.ended.expect("it has ended");
    assert!(ended > time("2026-01-15T10:30:00Z") && ended < time("2026-01-15T11:00:00Z"), "{ended}");
    assert!(episodes.iter().all(|episode| episode.ended.is_some()), "{episodes:?}");
}

fn baro(arguments: &[&str], folder: &Folder) -> Output {
    Command::new(env!("CARGO_BIN_EXE_baro"))
        .args(arguments)
        .env_clear()
        .env("HOME", &folder.0)
        .env("XDG_STATE_HOME", folder.0.join("state"))
        .output()
        .expect("baro runs")
}

fn written(output: &Output) -> (String, String, Option<i32>) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
fn the_command_prints_what_is_kept() {
    let folder = Folder::new("command");
    let (out, err, status) = written(&baro(&["history"], &folder));
    assert_eq!((out.as_str(), status), ("", Some(1)), "{err}");
    assert!(err.contains("state/barograph/history.db: there is no history yet"), "{err}");

    let path = folder.0.join("state/barograph/history.db");
    let mut database = Database::open(&Location::new(&path), Bounds::default()).expect("a database");
    database.write(&(0..3).map(|n| Entry::Episode(episode(n, true))).collect::<Vec<_>>()).expect("written");
    drop(database);
    let at = ["--at", "2026-01-15T10:28:00Z"];
    let (out, _, status) = written(&baro(&[&["history", "--output", "csv"], &at[..]].concat(), &folder));
    assert_eq!((out.lines().count(), status), (4, Some(0)), "{out}");
    assert!(out.starts_with("signal,name,account,region,severity,began,ended,duration_s,"), "{out}");
    let sql = "SELECT day, count(*) AS episodes FROM history GROUP BY day";
    let (out, _, status) = written(&baro(&["history", "--sql", sql, "--output", "json"], &folder));
    assert_eq!(
        (out.trim(), status),
        (
            r#"{"schema":"barograph/v1","columns":["day","episodes"],"rows":[{"day":"2026-01-15","episodes":3}]}"#,
            Some(0)
        )
    );
    let (_, err, status) = written(&baro(&["history", "--sql", "SELECT nme FROM history"], &folder));
    assert_eq!((err.trim(), status), ("baro: --sql: no such column: nme at character 8", Some(2)));

    fs::write(&path, "no database".repeat(100)).expect("written");
    let (_, err, status) = written(&baro(&["history"], &folder));
    assert!(err.contains("the history is damaged"), "{err}");
    assert_eq!(status, Some(2));
}

#[test]
fn the_demo_has_a_history_and_leaves_the_operators_alone() {
    let folder = Folder::new("demo");
    let demo = ["--demo", "--rate", "4", "--at", "2026-01-15T12:00:00Z"];
    let (out, err, status) = written(&baro(&[&["history"], &demo[..]].concat(), &folder));
    assert_eq!(status, Some(0), "{err}");
    for name in ["HighFailureRate", "HighLatency", "TokenProvisioningUnhealthy", "FailedProvisioningCount"] {
        assert!(out.contains(name), "{name}: {out}");
    }
    let sql = "SELECT name FROM history WHERE alarm_end_time IS NULL";
    let (out, _, status) = written(&baro(&[&["history", "--sql", sql], &demo[..]].concat(), &folder));
    assert_eq!((out.lines().count(), status), (1, Some(1)), "all is over by then: {out}");
    assert!(!folder.0.join("state").exists(), "nothing is kept of a demo");
}
