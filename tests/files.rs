//! The console over log files: screen 7 without an account.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use barograph::app::effect::{Subscription, Watch};
use barograph::app::msg::{Msg, Update};
use barograph::app::screen::ScreenId;
use barograph::clock::Clock;
use barograph::commands::console;
use barograph::commands::session::{Opening, Session};
use barograph::commands::snapshot;
use barograph::config::Choice;
use barograph::export;
use barograph::sources::{Connect, Mode, files};
use barograph::store::rows::LogQuery;
use barograph::store::window::Window;
use crossterm::event::{Event, KeyCode, KeyEvent};
use flate2::write::GzEncoder;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::harness::console::{INCIDENT, time};
use crate::harness::pty::Pty;

/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_mins(1);
const SIZE: (u16, u16) = (140, 40);

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("files-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A plain file and a packed one after it in time.
fn two(name: &str) -> [PathBuf; 2] {
    let folder = folder(name);
    let line = |n: u32| {
        format!("{{\"timestamp\":\"2026-01-14T09:{n:02}:00Z\",\"level\":\"INFO\",\"cvv\":\"123\",\"n\":{n}}}\n")
    };
    let lines = |range: std::ops::Range<u32>| range.map(line).collect::<String>();
    let (plain, packed) = (folder.join("app.log"), folder.join("app.log.gz"));
    std::fs::write(&plain, lines(0..20)).expect("written");
    let mut gz = GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(lines(20..50).as_bytes()).expect("packed");
    std::fs::write(&packed, gz.finish().expect("packed")).expect("written");
    [plain, packed]
}

fn opening() -> Opening {
    Opening {
        choice: Choice::default(),
        at: Some(time(INCIDENT)),
        since: None,
        screen: ScreenId::Overview,
        focus: None,
        history: None,
        // Whoever called it would fail.
        connect: Connect { profile: Some("there-is-no-such-profile".to_owned()), ..Connect::default() },
        demo: None,
        options: Vec::new(),
    }
}

async fn settled(files: &[PathBuf]) -> Session {
    let opening = console::of_files(opening(), files);
    let mut session = Session::over_files(opening, Mode::Once, files.to_vec(), Vec::new()).await.expect("a session");
    settle(&mut session).await;
    session
}

async fn settle(session: &mut Session) {
    let Session { app, feed, runner, clock, .. } = session;
    assert!(snapshot::settle(app, feed, runner, clock, PATIENCE).await, "answered");
}

fn key(session: &mut Session, code: KeyCode) {
    for effect in session.app.update(Msg::Input(Event::Key(KeyEvent::from(code)))) {
        session.runner.carry_out(effect);
    }
}

fn screen(session: &mut Session) -> String {
    export::text(&snapshot::frame(&mut session.app, SIZE))
}

#[tokio::test(flavor = "multi_thread")]
async fn files_open_as_logs_over_their_whole_time_and_cost_nothing() {
    let files = two("whole");
    let mut session = settled(&files).await;
    let shown = screen(&mut session);
    for part in
        ["Logs Insights", "app.log", "50 rows", "50 of 50 records", "2026-01-14 09:49:00.000", "no account", "49m"]
    {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
    assert!(!shown.contains("\"123\"") && !shown.contains('$'), "{shown}");
    let rows = session.app.store().rows.values().next().expect("rows").data.clone();
    assert_eq!((rows.rows.len(), rows.running), (50, false));
    assert!(rows.bytes_scanned > 0.0);
    // Whatever else there is needs an account.
    key(&mut session, KeyCode::Char('2'));
    settle(&mut session).await;
    let shown = screen(&mut session);
    assert!(shown.contains("there is no account here"), "{shown}");
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_files_cannot_answer_is_refused_with_its_place() {
    let files = two("refused");
    let mut opening = console::of_files(opening(), &files);
    opening.focus = Some(barograph::panes::Target::Query("fields @message\n| pattern @message | anomaly".into()));
    let mut session = Session::over_files(opening, Mode::Once, files.to_vec(), Vec::new()).await.expect("a session");
    settle(&mut session).await;
    let shown = screen(&mut session);
    assert!(shown.contains("anomaly") && shown.contains("line 2, position 22"), "{shown}");
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_come_while_files_are_read_and_stop_when_nobody_looks() {
    let path = folder("large").join("large.log");
    let mut text = String::new();
    for n in 0..400_000 {
        writeln!(text, "2026-01-14T09:{:02}:{:02}Z user {n} logged in", n / 60 % 60, n % 60).expect("written");
    }
    std::fs::write(&path, text).expect("written");
    let window = Window::live(Duration::from_hours(48));
    let nothing = Watch { window, wanted: BTreeSet::new() };
    let (watch, watched) = watch::channel(nothing.clone());
    let (_refresh, refreshes) = mpsc::channel(1);
    let (out, mut news) = mpsc::channel(4);
    let cancel = CancellationToken::new();
    let clock = Clock::fixed(time(INCIDENT));
    let task =
        files::start((vec![path.clone()], Vec::new()), clock, Mode::Live, watched, refreshes, out, cancel.clone());
    let text = "stats count(*) as n by @message".to_owned();
    let query = LogQuery { text, groups: vec![path.to_string_lossy().into_owned()], span: None };
    let wanted = BTreeSet::from([Subscription::Logs(query)]);
    watch.send_replace(Watch { window, wanted });
    let mut next = async || tokio::time::timeout(PATIENCE, news.recv()).await.expect("in time").expect("news");
    loop {
        if let Msg::Feed(Update::Rows { rows, .. }) = next().await {
            assert!(rows.running && !rows.rows.is_empty(), "some of them, before all are read");
            break;
        }
    }
    watch.send_replace(nothing);
    cancel.cancel();
    tokio::time::timeout(PATIENCE, task).await.expect("it ends").expect("well");
    while let Some(message) = news.recv().await {
        let Msg::Feed(Update::Rows { rows, .. }) = message else { continue };
        assert!(rows.running, "it is not read to its end");
    }
    std::fs::remove_file(path).expect("removed");
}

#[test]
fn the_console_opens_over_files_without_an_account_and_not_over_standard_input() {
    let [plain, packed] = two("pty");
    let (plain, packed) = (plain.to_string_lossy().into_owned(), packed.to_string_lossy().into_owned());
    let baro = env!("CARGO_BIN_EXE_baro");
    let home = folder("home").to_string_lossy().into_owned();
    let nowhere =
        [("AWS_PROFILE", ""), ("AWS_REGION", ""), ("AWS_EC2_METADATA_DISABLED", "true"), ("HOME", home.as_str())];
    let mut pty = Pty::start(baro, &["query", "--file", &plain, "--file", &packed], &nowhere, 120, 36);
    pty.wait_for("the rows", |screen| screen.contains("50 rows") && screen.contains("09:49:00"));
    pty.keys("q");
    assert!(pty.wait_for_end().success());
    pty.assert_clean();
    let mut pty = Pty::start(baro, &["query", "--file"], &nowhere, 120, 36);
    pty.wait_for("why not", |screen| screen.contains("reads its keys, not logs, from standard input"));
    assert_eq!(pty.wait_for_end().exit_code(), 2);
}
