//! Screen 6: traces by filter expression, against the embedded AWS and the documents of the AWS documentation.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

mod server;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use barograph::app::msg::{Msg, Update};
use barograph::app::screen::ScreenId;
use barograph::panes::Target;
use barograph::panes::traces::Search;
use barograph::store::trace_list::{TimeRangeType, TraceList, TraceQuery};
use barograph::store::window::Span;
use barograph::text::units;
use chrono::TimeDelta;
use serde_json::json;

use crate::harness::console::{Console, INCIDENT, Setting, time, world};
use server::{read, serve};

/// Enough of the incident, and so little that all of it is read.
const WINDOW: Duration = Duration::from_mins(2);
const RATE: f64 = 4.0;

async fn screen(focus: Option<&str>) -> Console {
    let focus = focus.map(|expression| Target::TraceSearch(Search::of(expression)));
    Console::settled(Setting { screen: ScreenId::Traces, window: WINDOW, rate: RATE, focus, ..Setting::once() }).await
}

/// The list that was answered last for an expression.
fn list<'a>(console: &'a Console, filter: &str) -> &'a TraceList {
    let lists = &console.app.store().trace_lists;
    let found = lists.iter().find(|(query, _)| query.filter == filter && query.by == TimeRangeType::TraceId);
    &found.expect("a list").1.data
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_traces_are_listed_as_the_world_has_requests() {
    let console = screen(None).await;
    let (from, to) = (time(INCIDENT) - TimeDelta::minutes(2), time(INCIDENT));
    let expected = world(RATE).trace_summaries(from, to);
    let expected: Vec<_> = expected.into_iter().filter(|trace| from <= trace.start && trace.start <= to).collect();
    let found = list(&console, "");
    assert!(found.rest.is_none() && !found.running && expected.len() > 100, "{}", expected.len());
    assert_eq!(found.traces.len(), expected.len());
    let faults = expected.iter().filter(|trace| trace.fault).count();
    assert_eq!(found.traces.iter().filter(|trace| trace.fault).count(), faults);
    assert!(found.traces.is_sorted_by(|a, b| a.start >= b.start));
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_reaches_the_trace_and_esc_comes_back_to_the_same_row() {
    let mut console = screen(None).await;
    console.keys_settled("jjjj").await;
    let id = console.copied();
    let calls = list(&console, "").pages;
    console.keys_settled("<enter>").await;
    console.assert_shows(&[&format!("Trace {id}"), "TokenProvisioningService"]);
    console.keys_settled("<esc>").await;
    console.assert_shows(&["Filter expression", "newest first"]);
    assert_eq!((console.copied(), list(&console, "").pages), (id, calls), "nothing is asked again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expression_is_completed_checked_and_asked() {
    let mut console = screen(None).await;
    // What cannot be read is not sent.
    console.keys_settled("<tab>falt<enter>").await;
    console.assert_shows(&["1:1 the keyword falt is not known; did you mean fault?"]);
    assert_eq!(console.app.store().trace_lists.len(), 1);
    console.keys_settled("<ctrl-u>servi<tab>\"TS<tab>").await;
    console.assert_shows(&["service(\"TSP\""]);
    console.keys_settled(") { fault }<enter>").await;
    let found = list(&console, "service(\"TSP\") { fault }");
    assert!(found.traces.len() > 10 && found.traces.iter().all(|trace| trace.fault));
    console.assert_shows(&["✗ ", "TSP: TspTimeoutException", "504", "Contoso_Bank"]);
    let command = console.copied_by("Y");
    assert!(command.contains("--screen traces --focus 'traces:service(\"TSP\") { fault }'"), "{command}");
    // Another way to ask is said, and asked at once.
    console.keys_settled("B").await;
    console.assert_shows(&["Filter expression · Event, by update", "every trace"]);
    console.keys_settled("Q").await;
    console.assert_shows(&["sampled: traces are left out"]);
    let command = console.copied_by("Y");
    assert!(command.contains("'traces[Event,sampled]:service"), "{command}");
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_and_slices_narrow_the_list_and_esc_widens_it() {
    let mut console = screen(None).await;
    let all = list(&console, "").traces.len();
    let of = |issuer: &str| {
        let has = |annotations: &[(String, String)]| annotations.iter().any(|(_, value)| value == issuer);
        list(&console, "").traces.iter().filter(|trace| has(&trace.annotations)).count()
    };
    let contoso = of("Contoso_Bank");
    console.keys("bIssuer<enter>");
    console.assert_shows(&["Issuer", "count", "faults", "p99", "Contoso_Bank", "DEMO_Bank"]);
    console.seek("j", "Contoso_Bank");
    console.keys("<enter>");
    console.assert_shows(&["only Issuer = Contoso_Bank", &format!("{contoso} of {all} traces")]);
    // The slowest of them alone.
    console.keys("<backtab>G");
    console.assert_shows(&["from ", " trace"]);
    console.keys("<enter>");
    console.assert_shows(&["only response from 2", "Issuer = Contoso_Bank", "✗ "]);
    console.keys("<esc>");
    console.assert_shows(&["only response from 2"]);
    console.keys("<esc>");
    console.assert_shows(&[&format!("{all} traces · newest first")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_traces_are_the_same_everywhere() {
    let mut console =
        Console::settled(Setting { screen: ScreenId::Traces, window: WINDOW, theme: "mono", ..Setting::once() }).await;
    let look = |console: &mut Console, name: &str| {
        for (columns, lines) in [(160, 48), (80, 24)] {
            console.resize(columns, lines);
            insta::assert_snapshot!(format!("{name}-{columns}x{lines}"), console.screen());
        }
    };
    look(&mut console, "traces");
    console.keys("bIssuer<enter>j");
    look(&mut console, "traces-groups");
    console.keys("<esc><backtab>Gph");
    look(&mut console, "traces-histogram");
    console.keys("<enter>");
    look(&mut console, "traces-slice");
    console.keys("<tab>");
    console.keys("service(\"");
    look(&mut console, "traces-editor");
}

fn an_hour() -> TraceQuery {
    TraceQuery::new("", Span { from: time(INCIDENT) - TimeDelta::hours(1), to: Some(time(INCIDENT)) })
}

/// A page of summaries with these ids, each a second older than the one before.
fn page(ids: std::ops::Range<i64>, next: Option<&str>) -> (u16, String) {
    let start = time(INCIDENT).timestamp();
    let summary = |n: i64| json!({ "Id": format!("1-{:x}-{n:024x}", start - n), "Duration": 0.5, "ResponseTime": 0.5 });
    let summaries: Vec<_> = ids.map(summary).collect();
    let document = json!({ "TraceSummaries": summaries, "TracesProcessedCount": 100, "NextToken": next });
    (200, document.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_fails_half_way_is_asked_for_again_alone() {
    let broken = (500, "{\"Message\": \"not now\"}".to_owned());
    // The third page repeats what the second has told.
    let answers = vec![page(0..10, Some("a")), broken, page(10..20, Some("b")), page(15..30, None)];
    let server = serve(answers).await;
    let list = read(&server, an_hour()).await.expect("a list");
    assert_eq!((list.traces.len(), list.scanned, list.pages, list.rest, list.running), (30, 300, 3, None, false));
    assert!(list.traces.is_sorted_by(|a, b| a.start > b.start), "each once, newest first");
    let heard = server.heard.lock().expect("ears");
    let asked_for: Vec<&str> =
        heard.iter().map(|said| said.split("NextToken\":\"").nth(1).map_or("", |rest| &rest[..1])).collect();
    assert_eq!(asked_for, ["", "a", "a", "b"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_read_on_where_it_ended() {
    let server = serve(vec![page(0..10, Some("a")), page(10..20, Some("b")), page(20..25, None)]).await;
    let first = read(&server, TraceQuery { most: 12, ..an_hour() }).await.expect("a list");
    assert_eq!((first.traces.len(), first.running), (20, false), "a page is told whole");
    assert_eq!(first.rest.as_ref().map(|rest| (rest.token.as_deref(), rest.pages)), Some((Some("b"), 2)));
    // What has not been read had ended before all of the last page.
    assert_eq!(first.read_from, Some(time(INCIDENT) - TimeDelta::milliseconds(18_500)));
    let query = TraceQuery { most: 12, rest: first.rest.clone(), ..an_hour() };
    assert_eq!(read(&server, query).await, Err(None), "by itself the end is no list");
    let heard = server.heard.lock().expect("ears");
    assert_eq!(heard.len(), 3);
    assert!(heard[2].contains("\"NextToken\":\"b\""), "{}", heard[2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_list_reads_on() {
    let window = Duration::from_mins(5);
    let setting = Setting { screen: ScreenId::Traces, window, rate: RATE, ..Setting::once() };
    let mut console = Console::settled(setting).await;
    let (from, to) = (time(INCIDENT) - TimeDelta::minutes(5), time(INCIDENT));
    let expected = world(RATE).trace_summaries(from, to);
    let expected: BTreeSet<String> =
        expected.into_iter().filter(|trace| from <= trace.start && trace.start <= to).map(|trace| trace.id).collect();
    assert_eq!(list(&console, "").traces.len(), 1_000);
    let (calls, scanned) = (list(&console, "").pages, list(&console, "").scanned);
    let before = list(&console, "").read_from;
    assert!(before.is_some());
    console.assert_shows(&["1,000 traces · newest first · there are more before 10:2"]);
    console.keys("G");
    console.assert_shows(&["⏎ reads on"]);
    console.keys_settled("<enter>").await;
    let found = list(&console, "");
    let ids: Vec<String> = found.traces.iter().map(|trace| trace.id.clone()).collect();
    assert_eq!((ids.len(), found.rest.is_some()), (expected.len(), false));
    assert_eq!(ids.iter().cloned().collect::<BTreeSet<_>>(), expected, "none is lost, none is double");
    assert!(
        found.pages > calls && found.scanned > scanned && found.scanned < 2 * expected.len() as u64,
        "{}",
        found.scanned
    );
    console.assert_shows(&[&format!("{} traces · newest first ", units::thousands(ids.len()))]);
    let went_on = list(&console, "").traces.iter().find(|trace| trace.start < before).map(|trace| trace.id.clone());
    assert_eq!(Some(console.copied()), went_on, "the cursor goes on where the list had been read to");
    // A trace, and back: nothing is asked again.
    let calls = list(&console, "").pages;
    let id = console.copied();
    console.keys_settled("<enter>").await;
    console.keys_settled("<esc>").await;
    assert_eq!((console.copied(), list(&console, "").pages), (id, calls));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_summaries_of_the_documentation_show_their_figures() {
    let root = std::env::var_os("BARO_REAL_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let Ok(document) = std::fs::read_to_string(root.join("xray/xray-api-gettingdata__02.json")) else {
        eprintln!("traces: SKIPPED, there is no real data: set BARO_REAL_DATA to a folder that has xray/");
        return;
    };
    let list = read(&serve(vec![(200, document)]).await, an_hour()).await.expect("a list");
    assert_eq!((list.traces.len(), list.scanned, list.rest.is_some()), (2, 2, false));
    let mut console = screen(None).await;
    let (query, _) = console.app.store().trace_lists.iter().next().expect("a query");
    let update = Update::TraceSummaries { at: time(INCIDENT), query: query.clone(), list };
    drop(console.app.update(Msg::Feed(update)));
    console.resize(220, 30);
    console.assert_shows(&[
        "2 traces · newest first",
        "3.23 s",
        "84.0 ms",
        "http://scorekeep.elasticbeanstalk.com/api/session",
        "http://scorekeep.elasticbeanstalk.com/api/user",
        "200",
        "POST",
        "5M388M1E",
        "UserID",
        "Ola",
        "X-Ray went through 2",
    ]);
    assert_eq!(console.copied(), "1-59602606-a43a1ac52fc7ee0eea12a82c", "the newest, by the time in its id");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_cut_off_gives_a_message() {
    let cut = "{\"TraceSummaries\": [{\"Id\": \"1-59602606-a43a1ac52fc7ee0eea12a82c\", \"Duration\": 0.0".to_owned();
    let failed = read(&serve(vec![(200, cut)]).await, an_hour()).await;
    assert!(failed.is_err_and(|error| error.is_some_and(|error| !error.message.is_empty())));
}
