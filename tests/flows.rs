//! Key scripts: what a person types and what stands on the screen then, through the real SDK.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::time::Duration;

use barograph::app::effect::Effect;
use barograph::app::screen::ScreenId;
use barograph::cli::Cli;
use barograph::clock::Clock;
use barograph::panes::Target;

use crate::harness::console::{Console, Setting, time, world};

async fn overview() -> Console {
    Console::settled(Setting::once()).await
}

/// The rows of the feed on screen.
fn rows(screen: &str) -> Vec<&str> {
    let is_row = |line: &&str| [" ✗ ", " ✓ ", " … "].iter().any(|glyph| line.contains(glyph)) && line.contains("corr_");
    screen.lines().filter(is_row).map(|line| line.split("││").next().unwrap_or(line)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_an_alarm_to_its_reason_and_back() {
    let mut console = overview().await;
    console.seek("j", "ALARM HighFailureRate");
    let before = console.copied();
    console.keys_settled("<enter>").await;
    console.assert_shows(&[
        "HighFailureRate",
        "Threshold Crossed",
        "> 5 %",
        "2 of 2 periods of 300 s",
        "History",
        "OK → ALARM",
    ]);
    console.keys_settled("<esc>").await;
    console.assert_shows(&["Total requests", "Services"]);
    assert_eq!(console.copied(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_composite_to_its_child_and_back_step_by_step() {
    let mut console = overview().await;
    console.seek("j", "ALARM TokenProvisioningUnhealthy");
    console.keys_settled("<enter>").await;
    console.assert_shows(&["ALARM(", "HighFailureRate", "HighLatency"]);
    // Past the log lines, the traces, the changes and the first child.
    console.keys_settled("jjjj<enter>").await;
    console.assert_shows(&["HighLatency", "> 3 s"]);
    console.keys_settled("<esc>").await;
    console.assert_shows(&["TokenProvisioningUnhealthy", "ALARM("]);
    console.keys_settled("<esc>").await;
    console.assert_shows(&["Total requests"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_feed_to_a_failed_request_its_lines_and_its_trace() {
    let mut console = overview().await;
    console.keys("<tab>e");
    let row = console.copied();
    assert!(row.contains("FAILED"), "{row}");
    let feed = console.screen();
    console.keys_settled("<enter>").await;
    // The trace is that of the request, in the world as on screen.
    let command = console.copied_by("Y");
    let id = command.split_once("request:").map(|(_, id)| id.trim_matches('\'').to_owned()).expect("a request");
    let (from, to) = (console.app.now() - chrono::TimeDelta::minutes(30), console.app.now());
    let lines = world(4.0).log_events("/aws/lambda/token-provisioning-service", from, to);
    let line = lines.iter().find(|line| line.message.contains(&id) && line.message.contains("FAILURE"));
    let line = serde_json::from_str(&line.expect("a line").message).expect("JSON");
    crate::drill::assert_opened(&console, &line, "TokenProvisioningService");
    console.assert_shows(&[
        "✗ FAILED",
        "Lines · ",
        "TOKEN_PROVISION_START",
        "TOKEN_PROVISION_FAILURE",
        "correlationId",
    ]);
    console.assert_shows(&["Trace · ", "TokenProvisioningService", "Segment · TSP", "no answer within 8000 ms", "━"]);
    // The trace begins at the call that timed out. Tab goes round the parts of the request, and Esc from the segment to the trace, before it leaves.
    console.keys("<tab>");
    let span = console.copied();
    assert!(span.contains("TSP 8.00"), "{span}");
    console.keys("<enter>");
    assert_ne!(console.copied(), span);
    console.keys("<esc>");
    assert_eq!(console.copied(), span);
    console.keys_settled("<esc>").await;
    console.assert_shows(&["Total requests"]);
    assert_eq!(console.copied(), row);
    assert_eq!(rows(&console.screen()), rows(&feed));
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_card_to_its_metric() {
    let mut console = overview().await;
    console.keys("<backtab><backtab>ll");
    console.keys_settled("<enter>").await;
    console.assert_shows(&[
        "Average time",
        "min ",
        "mean ",
        "max ",
        "last ",
        "TokenServices TokenProvisioningLatency",
        "crit > 3 s",
    ]);
    console.keys_settled("<esc>").await;
    console.assert_shows(&["Failure rate", "Services"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_trend_to_the_chart_with_a_cursor() {
    let mut console = overview().await;
    console.keys("<backtab>hh");
    console.assert_shows(&["10:26 "]);
    let read = console.copied();
    console.keys("<esc>");
    assert!(!console.screen().contains("└ 10:26 "), "Esc takes the cursor away first");
    console.keys_settled("<enter>").await;
    console.assert_shows(&["success", "failed", "pending", "TokenServices TokenProvisioningSuccess"]);
    console.keys("hh");
    assert_eq!(console.copied(), read);
    console.keys("<esc>");
    console.assert_shows(&["TokenServices TokenProvisioningSuccess"]);
    console.keys_settled("<esc>").await;
    console.assert_shows(&["Total requests"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_service_along_its_edges() {
    let mut console = overview().await;
    console.keys("<tab><tab>");
    console.seek("j", "TokenProvisioningService");
    console.keys_settled("<enter>").await;
    console.assert_shows(&[
        "requests",
        "✗ fault",
        "p50",
        "p99",
        "Edges · 1 in · 2 out",
        "→ TokenizationService",
        "Response times",
    ]);
    console.assert_shows(&["Trend · ", "● requests"]);
    console.assert_shows(&["traces with faults", "▲ HighFailureRate · as the board says"]);
    console.keys_settled("jj<enter>").await;
    console.assert_shows(&["TokenProvisioningService → TokenizationService", "called TokenizationService", "Trend · "]);
    console.keys_settled("<enter>").await;
    console.assert_shows(&["TokenizationService · ", "← TokenProvisioningService"]);
    console.keys_settled("<esc>").await;
    console.keys_settled("<esc>").await;
    console.assert_shows(&["TokenProvisioningService · ", "→ TokenizationService"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_narrows_the_feed_while_it_is_typed() {
    let mut console = overview().await;
    console.keys_settled("4").await;
    let all = rows(&console.screen()).len();
    assert!(all > 20, "{}", console.screen());
    console.keys("/status:fail");
    console.assert_shows(&["/ status:fail", "⏎ keep  Esc undo", "filter \"status:fail\""]);
    let screen = console.screen();
    assert!(!rows(&screen).is_empty() && rows(&screen).iter().all(|row| row.contains("✗ FAILED")), "{screen}");
    console.keys("<enter>");
    console.assert_shows(&["filter \"status:fail\""]);
    assert!(!console.screen().contains("Esc undo"));
    // Esc while typing undoes what was typed; Esc in the list takes the filter away.
    console.keys("/zzz<esc>");
    console.assert_shows(&["filter \"status:fail\""]);
    console.keys("<esc>");
    let screen = console.screen();
    assert!(!screen.contains("filter \""), "{screen}");
    assert_eq!(rows(&screen).len(), all);
    console.keys("/no such thing anywhere");
    console.assert_shows(&["No request matches"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_folds_and_its_alarms_are_told_apart() {
    let mut console = Console::settled(Setting { screen: ScreenId::Alarms, ..Setting::once() }).await;
    console.assert_shows(&["▾ 8 firing since 10:13:00, 15m", "7 critical", "1 with actions disabled"]);
    console.keys("h");
    console.assert_shows(&["▸ 8 firing since 10:13:00, 15m: TokenProvisioningUnhealthy, HighFailureRate"]);
    console.keys_settled("<enter>j<enter>").await;
    console.assert_shows(&["HighFailureRate", "2 of 2 breached: 10:15", "notify SNS topic token-alerts", "├──"]);
    console.assert_shows(&["part of", "TokenProvisioningUnhealthy (ALARM)", "Links", "console.aws.amazon.com"]);
    console.keys_settled("<esc>/kind:log<enter><enter>").await;
    console.assert_shows(&["OrderSurge", "rate(5 minutes)", "/website/orders", "> 1 k in 1 of 2 results"]);
    console.keys_settled("<esc><esc>/degraded<enter><enter>").await;
    console.assert_shows(&["MaintenanceWindow, which is OK", "NOT OK(ActiveTokensDrop)", "not true"]);
    console.keys_settled("<esc><esc>/p95<enter><enter>").await;
    console.assert_shows(&["nightly-load-test: mutes it at times (recurring)", "TokenProvisioningLatency · p95"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_are_asked_for_by_a_filter() {
    let mut console = Console::settled(Setting { screen: ScreenId::Alarms, ..Setting::once() }).await;
    let calls = |console: &Console| console.demo.counts.snapshot().of("ListTagsForResource");
    assert_eq!(calls(&console), 0);
    console.keys_settled("/tag:team=payments<enter>").await;
    console.assert_shows(&["MaintenanceWindow", "RefundFailures", "OrderSurge", "3 of "]);
    assert!(!console.screen().contains("HighLatency"), "{}", console.screen());
    assert_eq!(calls(&console), 12, "one call an alarm");
    console.keys_settled("<esc>/tag:severity=warning<enter>").await;
    assert_eq!(calls(&console), 12, "what is known is not asked for again");
    console.keys("<esc>/state:fine");
    console.assert_shows(&["`state:fine`: there are alarm, ok, nodata"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn alarms_are_filtered_by_name() {
    let mut console = Console::settled(Setting { screen: ScreenId::Alarms, ..Setting::once() }).await;
    console.keys("/latency<enter>");
    let screen = console.screen();
    assert!(screen.contains("HighLatency") && !screen.contains("RequestSpike"), "{screen}");
    console.keys("<esc>");
    console.assert_shows(&["RequestSpike"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_screen_stands_still_and_can_be_looked_into() {
    let mut console = Console::start(Setting::live()).await;
    console.wait_for("new requests", |screen| rows(screen).iter().any(|row| row.contains("10:28:02."))).await;
    console.keys("<tab><space>");
    let still = console.screen();
    let still = rows(&still);
    console.wait_for("new events", |screen| screen.contains("frozen · ") && !screen.contains("frozen · 0 new")).await;
    assert_eq!(rows(&console.screen()), still);
    console.assert_shows(&["‖ frozen"]);

    console.keys("e<enter>");
    console
        .wait_for("the request's lines and trace", |screen| {
            screen.contains("TOKEN_PROVISION_FAILURE") && screen.contains("━━")
        })
        .await;
    console.keys("<esc>");
    assert_eq!(rows(&console.screen()), still);

    console.keys("<space>F");
    assert!(!console.screen().contains("frozen"), "{}", console.screen());
    console.wait_for("newer requests", |screen| screen.contains("following") && rows(screen) != still).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_palette_runs_what_a_few_letters_find() {
    let mut console = overview().await;
    console.keys(":frz");
    console.assert_shows(&["Commands", ": frz", "Freezes the screen"]);
    console.keys("<enter>");
    console.assert_shows(&["‖ frozen"]);
    console.keys(":frz<enter>");
    assert!(!console.screen().contains("‖ frozen"));
    console.keys_settled(":screen-al<enter>").await;
    assert_eq!(console.app.screen(), ScreenId::Alarms);
    console.keys(":quit<enter>");
    assert_eq!(console.effects.last(), Some(&Effect::Quit));
    console.keys(":<esc>?");
    console.assert_shows(&["Screens and panes", "Looking closer"]);
    console.keys("<esc>!");
    console.assert_shows(&["Every source answers, and the configuration is sound."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_range_picker_changes_the_window_and_asks_again() {
    let mut console = overview().await;
    let calls = |console: &Console| console.demo.counts.snapshot().of("GetMetricData");
    let before = calls(&console);
    console.keys("t");
    console.assert_shows(&["Time range", "15m"]);
    console.keys_settled("45m<enter>").await;
    console.assert_shows(&["45m → 10:28:00 UTC"]);
    assert_eq!(console.app.window().span, Duration::from_mins(45));
    // Half of it back: that reaches further than what has been asked for so far.
    let within = calls(&console);
    console.keys_settled("t3h<enter>").await;
    assert!(calls(&console) > within.max(before), "a longer window is asked for");
    console.keys("tnonsense<enter>");
    console.assert_shows(&["Time range"]);
    console.keys("<esc>");
    assert_eq!(console.app.window().span, Duration::from_hours(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_is_zoomed_and_moved() {
    let mut console = overview().await;
    let hour = Duration::from_hours(1);
    let steps = [
        ("+", hour / 2, None),
        ("[", hour / 2, Some("2026-01-15T10:13:00Z")),
        ("[", hour / 2, Some("2026-01-15T09:58:00Z")),
        ("-", hour, Some("2026-01-15T09:58:00Z")),
        ("]", hour, None),
        ("n", hour * 3, None),
    ];
    for (key, span, end) in steps {
        console.keys_settled(key).await;
        let window = console.app.window();
        assert_eq!((window.span, window.end), (span, end.map(time)), "after {key}");
        assert!(!console.screen().contains("waiting"), "{}", console.screen());
    }
    console.keys_settled("[").await;
    console.assert_shows(&["3h until 08:58:00 UTC"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn themes_take_turns() {
    let mut console = overview().await;
    let mut seen = Vec::new();
    for _ in 0..5 {
        console.keys("T");
        let screen = console.screen();
        let said = screen.lines().last().and_then(|line| line.rsplit_once("✓ theme "));
        let name = said.map(|(_, name)| name.trim().to_owned());
        seen.push(name.expect("a notice"));
    }
    let mut names = seen.clone();
    names.sort();
    assert_eq!(names, ["ansi16", "colour-blind", "dark", "light", "mono"]);
    assert_eq!(seen.last().map(String::as_str), Some("dark"));
}

/// The words of a command as a POSIX shell reads them, as far as such commands go.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in command.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("a word").push(c),
        }
    }
    words
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copied_command_reopens_the_view() {
    for script in ["", "2", "4", "<enter>", "<tab>e<enter>", "<tab><tab><enter>", "<backtab><backtab><enter>"] {
        let mut console = overview().await;
        console.keys_settled(script).await;
        assert_reopens(&mut console, Setting::once(), script).await;
    }
}

/// The copied command shows in a new console what is on screen in this one, which was made by such a setting.
pub(crate) async fn assert_reopens(console: &mut Console, setting: Setting, script: &str) {
    let command = console.copied_by("Y");
    let read = Cli::read(words(&command)).unwrap_or_else(|error| panic!("{command}: {error}"));
    assert!(read.options.demo, "{command}");
    let screen = read.options.screen.unwrap_or_default().into();
    let again = Setting {
        clock: Clock::fixed(read.options.at.expect("a time")),
        window: read.options.since.expect("a span"),
        screen,
        focus: read.options.focus,
        ..setting
    };
    let mut reopened = Console::settled(again).await;
    let (again, screen) = (reopened.screen(), console.screen());
    assert!(body(&again) == body(&screen), "{script}: {command}\n{screen}\n{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copied_command_has_the_window() {
    let mut console = overview().await;
    for script in ["+", "-[", "t90m<enter>", "t2026-01-15 09:10 .. 09:45<enter>", "n", "<backtab><enter>"] {
        console.keys_settled(script).await;
        let command = console.copied_by("Y");
        let read = Cli::read(words(&command)).unwrap_or_else(|error| panic!("{command}: {error}"));
        let window = console.app.window();
        assert_eq!(read.options.since, Some(window.span), "{command}");
        assert_eq!(read.options.at, Some(window.end.unwrap_or_else(|| console.app.now())), "{command}");
    }
    let read = Cli::read(words(&console.copied_by("Y"))).expect("a command");
    assert_eq!(read.options.focus, Some(Target::Chart("trend".to_owned())));
}

/// The panes of a screen, without header and footer.
fn body(screen: &str) -> Vec<&str> {
    let lines: Vec<&str> = screen.lines().collect();
    lines[1..lines.len() - 1].to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_that_is_pasted_does_no_harm() {
    let garbage = "\u{1b}[2J\u{9b}31m\u{202e}\u{0}\r\n\t\u{200b}🦀宽\u{7}".repeat(50_000);
    assert!(garbage.len() > 1_000_000);
    let mut console = overview().await;
    console.keys("<tab>");
    for opened_by in ["/", ":", "t", "?", "!", ""] {
        console.keys(opened_by);
        console.paste(&garbage);
        for (columns, lines) in [(160, 48), (20, 5)] {
            console.resize(columns, lines);
            let screen = console.screen();
            let is_bad = |c: char| c != '\n' && (c.is_control() || ['\u{202e}', '\u{200b}'].contains(&c));
            assert!(!screen.contains(is_bad), "after {opened_by}: {screen:?}");
            assert_eq!(screen.lines().count(), usize::from(lines));
        }
        console.keys("<enter><esc><esc>");
    }
    console.resize(160, 48);
    console.assert_shows(&["Total requests", "Services"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn any_size_is_survived_with_anything_open() {
    for script in
        ["", "/x", ":", "t", "?", "!", "z", "<enter>", "<enter>:", "<tab>e<enter><tab>", "<tab><tab><enter>", "2", "4"]
    {
        let mut console = overview().await;
        console.keys_settled(script).await;
        let before = console.screen();
        for (columns, lines) in [(20, 5), (1, 1), (300, 90), (2, 40), (200, 3)] {
            console.resize(columns, lines);
            assert_eq!(console.screen().lines().count(), usize::from(lines), "{script}");
            console.keys("j");
        }
        console.resize(160, 48);
        assert_eq!(console.screen().lines().next(), before.lines().next(), "{script}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pane_is_maximised_and_given_back() {
    let mut console = overview().await;
    console.keys_settled("<tab>z").await;
    let screen = console.screen();
    assert!(!screen.contains("Total requests") && rows(&screen).len() > 40, "{screen}");
    console.keys_settled("<esc>").await;
    console.assert_shows(&["Total requests"]);
}
