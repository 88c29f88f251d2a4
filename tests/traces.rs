//! Screen 6: traces by filter expression, against the embedded AWS and the documents of the AWS documentation.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use barograph::app::effect::{Subscription, Watch};
use barograph::app::msg::{Msg, Update};
use barograph::app::screen::ScreenId;
use barograph::board::Board;
use barograph::clock::Clock;
use barograph::panes::Target;
use barograph::panes::traces::Search;
use barograph::sources::{Connect, Meter, Mode, Poller, connect};
use barograph::store::trace_list::{TimeRangeType, TraceList, TraceQuery};
use barograph::store::window::{Span, Window};
use chrono::TimeDelta;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::harness::console::{Console, INCIDENT, Setting, time, world};

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
    assert!(!found.more && !found.running && expected.len() > 100, "{}", expected.len());
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

/// Answers every call with one document.
async fn serve(document: String) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut read = [0; 8_192];
            let _ = stream.read(&mut read).await;
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length:";
            let _ = stream.write_all(format!("{head} {}\r\n\r\n{document}", document.len()).as_bytes()).await;
        }
    });
    endpoint
}

/// What the sources make of an answer of GetTraceSummaries.
async fn read(document: String) -> TraceList {
    let to = Connect {
        region: Some("us-east-1".to_owned()),
        endpoint_url: Some(serve(document).await),
        made_up_credentials: true,
        ..Connect::default()
    };
    let clock = Clock::fixed(time(INCIDENT));
    let client = Box::pin(connect(&to, clock.clone(), Meter::default())).await.expect("a client");
    let span = Span { from: time(INCIDENT) - TimeDelta::hours(1), to: Some(time(INCIDENT)) };
    let wanted = [Subscription::TraceSummaries(TraceQuery::new("", span))].into();
    let (_watch, watched) = watch::channel(Watch { window: Window::live(WINDOW), wanted });
    let (_refresh, refreshes) = mpsc::channel(1);
    let (out, mut messages) = mpsc::channel(16);
    let cancel = CancellationToken::new();
    let board = Arc::new(Board::empty("test"));
    let poller = Poller::start(client, board, clock, Mode::Once, watched, refreshes, out, cancel.clone());
    let list = loop {
        match messages.recv().await.expect("an answer") {
            Msg::Feed(Update::TraceSummaries { list, .. }) => break list,
            Msg::Failed(_, error) => panic!("{error}"),
            _ => {}
        }
    };
    cancel.cancel();
    messages.close();
    poller.await.expect("the poller ends well");
    list
}

#[tokio::test(flavor = "multi_thread")]
async fn the_summaries_of_the_documentation_show_their_figures() {
    let root = std::env::var_os("BARO_REAL_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let Ok(document) = std::fs::read_to_string(root.join("xray/xray-api-gettingdata__02.json")) else {
        eprintln!("traces: SKIPPED, there is no real data: set BARO_REAL_DATA to a folder that has xray/");
        return;
    };
    let list = read(document).await;
    assert_eq!((list.traces.len(), list.scanned, list.more), (2, 2, false));
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
    let read = std::panic::AssertUnwindSafe(read(cut));
    let failed = futures::FutureExt::catch_unwind(read).await;
    assert!(failed.is_err(), "it fails as a message, which the helper tells by panicking");
}
