//! From a firing alarm to its cause, in key scripts: the log lines behind it, a request's story, traces, changes.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use barograph::cli::Cli;
use barograph::panes::Target;
use barograph::panes::inquiry::About;

use crate::harness::console::{Console, INCIDENT, Setting, time, world};
use crate::harness::requests::{Answer, Outcome, answers_of};

/// The keys from launch to the log lines behind the top alarm, and from there to the waterfall of one of their requests.
const TO_THE_LINES: &str = "<enter><enter>";
const TO_THE_WATERFALL: &str = "<enter>";

#[tokio::test(flavor = "multi_thread")]
async fn from_launch_to_the_failing_lines_and_a_waterfall_in_three_keys() {
    let mut console = Console::settled(Setting::once()).await;
    let overview = console.place();
    console.keys_settled("<enter>").await;
    let alarm = console.place();
    console.keys("<esc>");
    console.keys_settled(TO_THE_LINES).await;
    console.assert_shows(&[
        "Lines behind TokenProvisioningUnhealthy · 10:10 → now, 18m",
        "▸ TokenProvisioningFailure  { $.event = \"TOKEN_PROVISION_FAILURE\" }",
        "in /aws/lambda/token-provisioning-service · as the board says",
        "lines, newest first",
        "% reason=TSP_TIMEOUT (0 % before) · ",
        "latency  issuer        wallet",
        "\"event\":\"TOKEN_PROVISION_FAILURE\"",
    ]);
    let lines = console.place();
    let line = console.copied();
    let line: serde_json::Value = serde_json::from_str(&line).expect("a whole line");
    assert_eq!(line["event"], "TOKEN_PROVISION_FAILURE");
    // One of the incident, not one of the declines that there are on every day.
    assert_eq!((&line["reason"], &line["issuer"]), (&"TSP_TIMEOUT".into(), &"Contoso_Bank".into()));

    console.keys_settled(TO_THE_WATERFALL).await;
    let id = line["correlationId"].as_str().expect("an id");
    console.assert_shows(&[
        &format!("Request {id}"),
        "✗ FAILED",
        line["reason"].as_str().expect("a reason"),
        "Lines · ",
        "Trace · ",
        "TokenProvisioningService",
        "━",
        "faults",
        "Segment · TSP",
    ]);
    assert_opened(&console, &line, "TSP");
    let keys = |script: &str| script.matches('<').count();
    assert!(keys(TO_THE_LINES) + keys(TO_THE_WATERFALL) <= 5);

    // And back, step by step, to the very line, the alarm, and its row.
    console.keys_settled("<esc>").await;
    assert_eq!(console.place(), lines);
    console.keys_settled("<esc>").await;
    console.assert_shows(&["▸ ", "traces with faults", "ALARM(HighFailureRate) OR ALARM(HighLatency)"]);
    assert_eq!(console.place(), alarm);
    console.keys_settled("<esc>").await;
    assert_eq!(console.place(), overview);
}

/// The one trace that was opened is that of a log line, and in the world a service failed in it.
#[track_caller]
pub(crate) fn assert_opened(console: &Console, line: &serde_json::Value, service: &str) {
    let id = line["traceId"].as_str().expect("an id");
    let opened: Vec<&String> = console.app.store().traces.keys().collect();
    assert_eq!(opened, [id]);
    let answers = answers_of(&world(4.0), id);
    assert!(answers.iter().any(|it| it.service == service && it.outcome == Outcome::Fault), "{answers:?}");
    let record = world(4.0).trace(id, time("2026-01-15T12:00:00Z")).expect("a trace");
    let correlation = line["correlationId"].as_str().expect("an id");
    assert!(record.segments.iter().any(|(_, document)| document.to_string().contains(correlation)), "{correlation}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_line_leads_to_its_own_trace_and_back() {
    let mut console = Console::settled(Setting::once()).await;
    console.keys_settled(TO_THE_LINES).await;
    console.keys("jjjjj");
    let lines = console.place();
    let line: serde_json::Value = serde_json::from_str(&console.copied()).expect("a whole line");
    console.keys_settled(TO_THE_WATERFALL).await;
    console.assert_shows(&["Trace · ", "━", "✗ FAILED"]);
    assert_opened(&console, &line, "TokenProvisioningService");
    console.keys_settled("<esc>").await;
    assert_eq!(console.place(), lines);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_from_before_the_feed_has_its_story_too() {
    // So many failures that they are not read at once.
    let mut console = Console::settled(Setting { rate: 8.0, ..Setting::once() }).await;
    console.keys_settled(TO_THE_LINES).await;
    // From the end of the list on, older lines are read: long before what the feed holds.
    console.keys("G");
    console.assert_shows(&[
        "1,000 lines, newest first · not read: 10:10:00 to ",
        "; the end of the list reads on · 1 page",
    ]);
    let newest = console.copied();
    console.keys_settled("G").await;
    console.keys("G");
    console.assert_shows(&["lines, newest first · 2 pages of FilterLogEvents"]);
    assert_ne!(console.copied(), newest);
    let line: serde_json::Value = serde_json::from_str(&console.copied()).expect("a whole line");
    console.keys_settled("<enter>").await;
    let id = line["correlationId"].as_str().expect("an id");
    console.assert_shows(&[
        &format!("Request {id}"),
        "✗ FAILED",
        "TOKEN_PROVISION_START",
        "TokenProvisioningService",
        "━",
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_metric_that_a_filter_makes_leads_to_that_filters_lines() {
    let mut setting = Setting::once();
    setting.focus = Some(Target::Alarm("FailedProvisioningCount".to_owned()));
    let mut console = Console::settled(setting).await;
    console.keys_settled("<enter>").await;
    console.assert_shows(&[
        "Lines behind FailedProvisioningCount · 10:10 → now",
        "▸ FailedTokenProvisioning  { $.event = \"TOKEN_PROVISION_FAILURE\" }",
        "metric filter FailedTokenProvisioning",
    ]);
    assert_eq!(console.demo.counts.snapshot().of("DescribeMetricFilters"), 1, "no log group is asked one by one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_leads_to_its_lines_and_tab_to_its_other_metric() {
    let mut setting = Setting::once();
    setting.focus = Some(Target::Card("failure_rate".to_owned()));
    let mut console = Console::settled(setting).await;
    console.keys_settled("<enter>").await;
    console.assert_shows(&["Lines behind Failure rate · ", "▸ TokenProvisioningFailure", "  TokenProvisioningSuccess"]);
    assert!(console.copied().contains("TOKEN_PROVISION_FAILURE"));
    console.keys_settled("<tab>").await;
    console.assert_shows(&["▸ TokenProvisioningSuccess", "  TokenProvisioningFailure"]);
    assert!(console.copied().contains("TOKEN_PROVISION_SUCCESS"));
}

#[tokio::test(flavor = "multi_thread")]
async fn traces_with_faults_stand_beside_the_lines() {
    let mut console = Console::settled(Setting::once()).await;
    let overview = console.place();
    console.keys_settled("<enter>j").await;
    let alarm = console.place();
    console.keys_settled("<enter>").await;
    console.assert_shows(&[
        "Traces behind TokenProvisioningUnhealthy · 10:10 → now",
        "service(\"TokenProvisioningService\") { fault = true }",
        "Contoso_Bank",
        "X-Ray went through ",
    ]);
    console.keys("jj");
    let list = console.place();
    let id = console.copied();
    console.keys_settled("<enter>").await;
    console.assert_shows(&[
        &format!("Trace {id}"),
        "TSP_TIMEOUT",
        "TokenProvisioningService",
        "━",
        "TOKEN_PROVISION_FAILURE",
    ]);
    let answers = answers_of(&world(4.0), &id);
    let failed = |it: &Answer| it.service == "TokenProvisioningService" && it.outcome == Outcome::Fault;
    assert!(answers.iter().any(failed), "{answers:?}");
    let (from, to) = (time("2026-01-15T10:10:00Z"), time(INCIDENT));
    assert!(world(4.0).trace_summaries(from, to).iter().any(|trace| trace.id == id), "while it fired");
    for before in [list, alarm, overview] {
        console.keys_settled("<esc>").await;
        assert_eq!(console.place(), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_just_before_stands_beside_the_alarm() {
    let mut console = Console::settled(Setting::once()).await;
    console.keys_settled("<enter>").await;
    console.assert_shows(&["until it began", "UpdateFunctionCode token-provisioning-service by deployer/pipeline"]);
    console.keys_settled("jj<enter>").await;
    console.assert_shows(&["Changes around TokenProvisioningUnhealthy · 10:10", "UpdateFunctionCode", "m before"]);
    console.keys("<enter>");
    console.assert_shows(&["functionName: token-provisioning-service", "eventSource: lambda.amazonaws.com"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_call_is_named_and_the_other_ways_stay() {
    let mut setting = Setting::once();
    setting.faults = "deny:DescribeMetricFilters";
    let mut console = Console::settled(setting).await;
    console.keys_settled("<enter><enter>").await;
    console.assert_shows(&[
        "denied: logs:DescribeMetricFilters",
        "▸ TokenProvisioningFailure  { $.event = \"TOKEN_PROVISION_FAILURE\" }",
        "lines, newest first",
    ]);
    console.keys("!");
    console.assert_shows(&["logs:DescribeMetricFilters: denied", "allow logs:DescribeMetricFilters"]);
    console.keys("<esc>");
    console.keys_settled("<enter>").await;
    console.assert_shows(&["✗ FAILED", "━"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copied_command_reopens_the_lines() {
    let mut console = Console::settled(Setting::once()).await;
    console.keys_settled(TO_THE_LINES).await;
    let command = console.copied_by("Y");
    assert!(command.ends_with("--focus lines:alarm:TokenProvisioningUnhealthy"), "{command}");
    let cli = <Cli as clap::Parser>::try_parse_from(command.split(' ')).expect("the command is read");
    assert_eq!(cli.options.focus, Some(Target::Matches(About::Alarm("TokenProvisioningUnhealthy".to_owned()))));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_lines_of_the_incident_are_one_key_away() {
    let mut console = Console::settled(Setting::once()).await;
    console.keys_settled(TO_THE_LINES).await;
    console.keys_settled(">").await;
    console.assert_shows(&["lines, oldest first"]);
    let (from, to) = (time("2026-01-15T10:10:00Z"), time("2026-01-15T10:28:00Z"));
    let group = "/aws/lambda/token-provisioning-service";
    let all = world(4.0).log_events(group, from, to);
    let first = all.iter().find(|record| record.message.contains("TOKEN_PROVISION_FAILURE")).expect("a failure");
    assert_eq!(console.copied(), first.message.as_str());

    // The window on screen may move; what went wrong does not, and says so.
    let window = console.app.window();
    console.keys("[");
    console.assert_shows(&["this is when TokenProvisioningUnhealthy went wrong, 10:10 → now, 18m"]);
    assert_eq!(console.app.window(), window);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_over_log_lines_leads_to_them() {
    let focus = Some(Target::Rule("order_flood".to_owned()));
    let mut console = Console::settled(Setting { focus, ..Setting::once() }).await;
    console.assert_shows(&["▸ ", "{ $.InvoiceNo = \"*\" }", "counted by the rule"]);
    console.keys_settled("<enter>").await;
    console.assert_shows(&["Lines behind Order flood · ", "InvoiceNo"]);
    let command = console.copied_by("Y");
    assert!(command.ends_with("--focus lines:rule:order_flood"), "{command}");
}
