//! What somebody meets who uses the screen for the first time.

use std::process::Command;

use barograph::app::msg::Msg;
use barograph::cli::Cli;
use chrono::TimeDelta;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::*;

/// The words of a command, as a POSIX shell takes quotes.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in command.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    words
}

fn count(screen: &str, text: &str) -> usize {
    screen.matches(text).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copied_command_opens_the_same_query_over_the_same_groups_and_time() {
    let mut console = screen(Setting::once()).await;
    console.keys_settled("<ctrl-g>").await;
    console.keys("/payments/*");
    console.assert_shows(&["/payments/*", "that begin so · "]);
    console.keys_settled("<enter>").await;
    console.keys_settled("<enter>").await;
    type_and_run(&mut console, "stats count(*) as n by @log # a group each<enter>| sort @log").await;
    console.assert_shows(&["┌ 7 rows"]);
    let rows: Vec<_> = console.app.store().rows.values().map(|feed| feed.data.rows.clone()).collect();
    console.app.update(Msg::Tick(time(INCIDENT) + TimeDelta::minutes(3)));
    let command = console.copied_by("Y");
    assert_eq!(
        command,
        "baro --demo --at 2026-01-15T10:28:00Z --since 20m --screen logs \
         --focus 'query[/payments/*]:stats count(*) as n by @log | sort @log'"
    );
    let cli = Cli::read(words(&command)).expect("a command");
    let console = screen(Setting { focus: cli.options.focus, ..Setting::once() }).await;
    let again: Vec<_> = console.app.store().rows.values().map(|feed| feed.data.rows.clone()).collect();
    assert_eq!(again, rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_query_of_the_command_line_is_not_sent_and_told_once() {
    let focus = Some(Target::Query("fields @timestamp | filtre issuer = 1".into()));
    let mut console = screen(Setting { focus, ..Setting::once() }).await;
    let shown = console.screen();
    assert_eq!(count(&shown, "unknown command `filtre`"), 1, "{shown}");
    console.assert_shows(&["1:21 unknown command", "Nothing has been run yet"]);
    let focus = Some(Target::Query("filter issuer = \"{{bank}}\"".into()));
    let mut other = screen(Setting { focus, ..Setting::once() }).await;
    let shown = other.screen();
    assert_eq!(count(&shown, "the parameter `bank` has no value"), 1, "{shown}");
    other.assert_shows(&["not sent"]);
    assert_eq!(console.demo.counts.snapshot().of("StartQuery") + other.demo.counts.snapshot().of("StartQuery"), 0);
    let baro = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_baro")).args(["snapshot", "--demo"]).args(arguments).output();
        let output = output.expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned(), output.stdout.len())
    };
    let (status, err, printed) = baro(&["--focus", "query:limit 5 | filtre a"]);
    assert_eq!((status, printed), (Some(2), 0), "{err}");
    assert!(err.contains("line 1, column 11: unknown command `filtre`"), "{err}");
    // What is not done is said.
    let long = ["--at", INCIDENT, "--since", "7d", "--rate", "40", "--wait", "500ms", "--screen", "logs"];
    let (status, err, printed) = baro(&[&long[..], &["--focus", "query:stats count(*) by issuer"]].concat());
    assert!(status == Some(3) && printed > 0, "{err}");
    assert!(err.contains("--wait SPAN waits longer"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_cannot_be_read_says_what_it_means_and_what_to_do() {
    let tuning = Tuning {
        backoff_first: Duration::from_millis(10),
        backoff_most: Duration::from_millis(20),
        ..Tuning::default()
    };
    let setting = Setting { faults: "garbage:GetQueryResults", tuning, ..Setting::once() };
    let mut console = screen(setting).await;
    console.keys_settled("<ctrl-r>").await;
    console.assert_shows(&["garbled answer", "the query was stopped", "run it again"]);
    assert_eq!(console.demo.counts.snapshot().of("StartQuery"), 1, "it is not paid for a second time");
    console.fault("");
    console.keys_settled("<ctrl-r>").await;
    console.assert_shows(&["┌ 100 rows"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn help_tells_what_keys_do_on_this_screen() {
    let mut console = screen(Setting::once()).await;
    console.keys("?");
    console.assert_shows(&["Sorts by this column", "While typing here", "Undoes a word"]);
    console.keys("<esc>:");
    console.keys("zoom-in");
    console.assert_shows(&["Runs the query with a filter for this value"]);
    console.keys("<esc>2?");
    console.assert_shows(&["Halves the window"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_groups_are_marked_and_leaving_changes_nothing() {
    let mut console = screen(Setting::once()).await;
    console.keys_settled("<ctrl-g>").await;
    console.assert_shows(&["○ /aws/lambda/token-provisioning-service", "aws-cloudtrail-logs-demo", "not by default"]);
    console.keys("cloudtrail<tab>");
    console.assert_shows(&["1 marked"]);
    console.keys("<esc>");
    console.assert_shows(&["Logs Insights · /aws/lambda/token-provisioning-service and 2 more"]);
    console.keys_settled("<ctrl-g>").await;
    let effects = console
        .app
        .update(Msg::Input(crossterm::event::Event::Key(KeyEvent::new(KeyCode::Char('a'), KeyModifiers::CONTROL))));
    assert!(effects.is_empty());
    console.keys("cloudtrail<tab>");
    console.keys_settled("<enter>").await;
    console.assert_shows(&["Logs Insights · /aws/lambda/token-provisioning-service and 3 more"]);
}
