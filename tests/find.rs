//! `baro find` through the real SDK against the embedded AWS, checked against what the world itself says.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeSet;
use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use barograph::app::screen::ScreenId;
use barograph::board;
use barograph::clock::{Clock, Time};
use barograph::commands::find::{self, Options, Output};
use barograph::commands::status::Status;
use barograph::demo::Estate;
use barograph::demo::faults::Faults;
use barograph::demo::server::{self, Demo, serve};
use barograph::demo::world::World;
use barograph::sources::prices::Prices;
use barograph::sources::{Client, Connect, Meter, Tuning, connect};
use barograph::store::story::{How, Origin, SearchState, Story, StoryQuery};
use chrono::TimeDelta;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::harness::console::{Console, INCIDENT, Setting, time, world};

/// Requests a second of the world.
const RATE: f64 = 4.0;

/// An embedded AWS and a client of it.
struct Place {
    client: Client,
    _demo: Demo,
    _cancel: DropGuard,
}

async fn place(faults: &str, options: server::Options) -> Place {
    place_with(faults, options, Tuning::default()).await
}

async fn place_with(faults: &str, options: server::Options, tuning: Tuning) -> Place {
    let cancel = CancellationToken::new();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let clock = Clock::fixed(time(INCIDENT));
    let estate = Estate { world: world(RATE), clock: clock.clone() };
    let options = server::Options { faults: faults.parse::<Faults>().expect("faults"), ..options };
    let demo = serve(listener, estate, options, &cancel).expect("the demo serves");
    let tuning = Tuning { backoff_first: Duration::from_millis(20), quotas: f64::INFINITY, ..tuning };
    let to = Connect {
        endpoint_url: Some(demo.endpoint()),
        region: Some(Estate::REGION.to_owned()),
        made_up_credentials: true,
        tuning,
        ..Connect::default()
    };
    let client = Box::pin(connect(&to, clock, Meter::new(Prices::default()))).await.expect("clients");
    Place { client, _demo: demo, _cancel: cancel.drop_guard() }
}

fn query(value: &str, hours: u64) -> StoryQuery {
    StoryQuery { since: Duration::from_hours(hours), to: Some(time(INCIDENT)), ..StoryQuery::of(value) }
}

impl Place {
    async fn story(&self, query: &StoryQuery) -> Story {
        let board = Arc::new(board::preset("token-provisioning").expect("the preset"));
        let (tell, _pages) = mpsc::channel(4);
        Box::pin(barograph::sources::find(&self.client, &board, query, &tell)).await
    }

    async fn run(&self, identifiers: &[&str], output: Output, input: &str) -> (Status, String, String) {
        let board = Arc::new(board::preset("token-provisioning").expect("the preset"));
        let options = Options {
            identifiers: identifiers.iter().map(|id| (*id).to_owned()).collect(),
            since: Some(Duration::from_hours(1)),
            output,
            place: vec!["--demo".to_owned()],
            ..Options::default()
        };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut input = Cursor::new(input.as_bytes().to_vec());
        let run = find::run(&self.client, &board, time(INCIDENT), &options, &mut input, &mut out, &mut err);
        let status = Box::pin(run).await.expect("written");
        (status, String::from_utf8(out).expect("UTF-8"), String::from_utf8(err).expect("UTF-8"))
    }
}

/// One attempt as the world's lines tell of it.
#[derive(Debug, Clone)]
struct Attempt {
    correlation: String,
    request: String,
    token: String,
    trace: String,
    failed: bool,
}

/// Every line of every group in the hour before, and the half minute after, an instant.
fn lines(world: &World, from: Time, to: Time) -> Vec<(String, Time, String)> {
    let groups = world.log_groups().iter().map(|group| group.name.clone());
    let of = |group: String| {
        let records = world.log_events(&group, from, to);
        records.into_iter().map(move |record| (group.clone(), record.time, record.message)).collect::<Vec<_>>()
    };
    groups.flat_map(of).collect()
}

fn attempts(lines: &[(String, Time, String)]) -> Vec<Attempt> {
    let ends = lines.iter().filter_map(|(group, _, text)| {
        let line: Value = serde_json::from_str(text).ok().filter(|_| group.contains("token"))?;
        let field = |name: &str| line.get(name).and_then(Value::as_str).map(str::to_owned);
        let failed = match field("event")?.as_str() {
            "TOKEN_PROVISION_SUCCESS" => false,
            "TOKEN_PROVISION_FAILURE" => true,
            _ => return None,
        };
        Some(Attempt {
            correlation: field("correlationId")?,
            request: field("requestId")?,
            token: field("tokenReferenceId")?,
            trace: field("traceId")?,
            failed,
        })
    });
    ends.collect()
}

/// What a story must hold: every line with one of the identifiers, transitively, and every segment of their traces.
fn expected(world: &World, lines: &[(String, Time, String)], of: &Attempt) -> BTreeSet<String> {
    let all = attempts(lines);
    let mine: Vec<&Attempt> = all.iter().filter(|attempt| attempt.correlation == of.correlation).collect();
    let mut ids: BTreeSet<&str> = BTreeSet::from([of.correlation.as_str()]);
    for attempt in &mine {
        ids.extend([attempt.request.as_str(), attempt.token.as_str(), attempt.trace.as_str()]);
    }
    let mut found: BTreeSet<String> = lines
        .iter()
        .filter(|(_, _, text)| ids.iter().any(|id| text.contains(id)))
        .map(|(group, at, text)| format!("{group} {at} {text}"))
        .collect();
    for trace in ids.iter().filter_map(|id| world.trace(id, time(INCIDENT))) {
        for (id, document) in trace.segments {
            found.insert(format!("segment {id}"));
            let mut below = vec![document];
            while let Some(document) = below.pop() {
                for child in document.get("subsegments").and_then(Value::as_array).into_iter().flatten() {
                    found.insert(format!("segment {}", child.get("id").and_then(Value::as_str).unwrap_or_default()));
                    below.push(child.clone());
                }
            }
        }
    }
    found
}

/// What a story holds, in the same words.
fn told(story: &Story) -> BTreeSet<String> {
    let of = |event: &barograph::store::story::Event| match event.origin.as_ref().expect("an origin") {
        Origin::XRay => format!("segment {}", event.segment.as_deref().unwrap_or_default()),
        Origin::Logs(group) | Origin::CloudTrail(group) => format!("{group} {} {}", event.time, event.text),
    };
    story.events.iter().map(of).collect()
}

/// Ten attempts, five of them failed, one with payments behind it; drawn from the hour before the incident's middle.
fn drawn(lines: &[(String, Time, String)]) -> Vec<Attempt> {
    let all = attempts(lines);
    let paid = |attempt: &&Attempt| {
        lines.iter().any(|(group, _, text)| group.starts_with("/payments/") && text.contains(&attempt.correlation))
    };
    let every = |failed: bool, step: usize| {
        all.iter().filter(move |attempt| attempt.failed == failed).skip(3).step_by(step).cloned()
    };
    let paying = all.iter().filter(|attempt| !attempt.failed).find(paid).cloned();
    every(true, 37).take(5).chain(every(false, 111).take(4)).chain(paying).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_identifier_of_ten_requests_gives_the_same_whole_story() {
    let place = place("", server::Options::default()).await;
    let world = world(RATE);
    let now = time(INCIDENT);
    let lines = lines(&world, now - TimeDelta::minutes(20), now + TimeDelta::milliseconds(1));
    let late: Vec<_> = lines.iter().filter(|(_, at, _)| *at >= now - TimeDelta::minutes(12)).cloned().collect();
    let drawn = drawn(&late);
    assert_eq!((drawn.len(), drawn.iter().filter(|attempt| attempt.failed).count()), (10, 5));
    for attempt in drawn {
        let expected = expected(&world, &lines, &attempt);
        assert!(expected.len() >= 10, "{attempt:?}: {expected:?}");
        let Attempt { correlation, request, token, trace, failed } = attempt;
        let w3c: String = trace.chars().skip(2).filter(|c| *c != '-').collect();
        let stories = [&correlation, &request, &token, &trace, &w3c].map(async |id| {
            let query = StoryQuery { since: Duration::from_mins(15), ..query(id, 1) };
            (id, place.story(&query).await)
        });
        for (id, story) in futures::future::join_all(stories).await {
            assert_eq!(told(&story), expected, "{id} of {correlation}: {:#?}", story.searched);
            assert_eq!(story.problems, Vec::<String>::new(), "{id}");
            let known: Vec<&str> = story.identifiers.iter().map(|known| known.value.as_str()).collect();
            for other in [&correlation, &request, &token, &trace] {
                assert!(known.contains(&other.as_str()), "{id} leads to {other}: {known:?}");
            }
            let words = barograph::analysis::story::summary(&story).words(&story);
            assert_eq!(words.contains("First failure"), failed || words.contains("tries"), "{words}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn traces_of_transaction_search_are_retrieved_and_its_spans_are_searched() {
    let attempt = failed();
    let options = server::Options { transaction_search: true, ..server::Options::default() };
    let place_of = place("", options).await;
    let whole = place("", server::Options::default()).await.story(&query(&attempt.correlation, 1)).await;
    for id in [&attempt.correlation, &attempt.trace] {
        let story = place_of.story(&query(id, 1)).await;
        assert_eq!(told(&story), told(&whole), "{:#?}", story.searched);
        assert!(story.searched.iter().any(|search| search.how == How::Retrieval && search.found > 5));
        let spans = story.searched.iter().filter(|search| search.places.iter().any(|place| place == "aws/spans"));
        assert!(spans.count() > 0, "{:#?}", story.searched);
    }
    // Where nothing else leads to a trace, its spans do.
    let options = server::Options { transaction_search: true, ..server::Options::default() };
    let place = place("deny:StartTraceRetrieval", options).await;
    let query = StoryQuery { groups: vec!["/website/orders".to_owned()], ..query(&attempt.correlation, 1) };
    let story = place.story(&query).await;
    let of_spans = |event: &&barograph::store::story::Event| event.source() == "logs:aws/spans";
    assert!(story.events.iter().filter(of_spans).count() > 5, "{:#?}", story.searched);
    assert!(story.events.iter().all(|event| event.trace.is_some() && event.segment.is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_the_contract() {
    let attempt = failed();
    let place = place("", server::Options::default()).await;
    let (status, out, _) = place.run(&[&attempt.request], Output::Json, "").await;
    assert_eq!(status, Status::Done);
    let document: Value = serde_json::from_str(&out).expect("JSON");
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    let story = [
        "schema",
        "identifiers",
        "joins",
        "summary",
        "outcome",
        "reason",
        "total_s",
        "tries",
        "shared",
        "searched",
        "problems",
        "cost_usd",
        "events",
    ];
    assert_eq!(keys(&document), story);
    let event = [
        "time",
        "source",
        "service",
        "status",
        "what",
        "reason",
        "duration_s",
        "gap_s",
        "failed",
        "failing",
        "log_group",
        "request_id",
        "trace_id",
        "segment_id",
        "depth",
        "message",
    ];
    let events = document["events"].as_array().expect("events");
    for known in events {
        assert_eq!(keys(known), event);
        let source = known["source"].as_str().expect("a source");
        assert!(source == "xray" || source == "cloudtrail" || source.starts_with("logs:/"), "{source}");
        assert_eq!(known["log_group"].is_null(), source == "xray", "{known}");
        assert!(known["time"].as_str().is_some_and(|time| time.len() == 24 && time.ends_with('Z')), "{known}");
    }
    assert_eq!(events.iter().filter(|event| event["failing"] == true).count(), 1);
    assert_eq!((&document["schema"], &document["outcome"]), (&"barograph/v1".into(), &"failed".into()));
    let search = [
        "places",
        "operation",
        "why",
        "sought",
        "from",
        "to",
        "state",
        "error",
        "events",
        "calls",
        "bytes_scanned",
        "usd",
    ];
    assert!(document["searched"].as_array().is_some_and(|all| all.iter().all(|one| keys(one) == search)));
    assert_eq!(document["identifiers"]["correlationId"][0], attempt.correlation.as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_request_is_investigated_from_the_feed() {
    let setting = Setting { screen: ScreenId::Requests, size: (160, 48), ..Setting::once() };
    let mut console = Console::settled(setting).await;
    console.keys("e");
    console.keys_settled("i").await;
    console.assert_shows(&["Investigate corr_", "▶", "First failure at", "Searched · $", "xray", "trail"]);
    let command = console.copied_by("Y");
    assert!(command.contains("--screen requests --focus find:corr_"), "{command}");
    console.keys("<esc>8");
    console.assert_shows(&["1 in this run", "corr_"]);
    console.keys("<enter>");
    console.assert_shows(&["Investigate corr_", "First failure at"]);
    console.resize(80, 24);
    console.assert_shows(&["Investigate corr_", "▶", "Searched"]);
    console.keys("<esc>i");
    console.paste("corr_0000000000000");
    console.keys_settled("<enter>").await;
    console.assert_shows(&["Nothing found.", "earlier days"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identifier_is_typed_on_the_screen_and_all_of_its_story_can_be_read() {
    let attempt = failed();
    let setting = Setting { screen: ScreenId::Investigate, size: (80, 24), ..Setting::once() };
    let mut console = Console::settled(setting).await;
    console.assert_shows(&["Press i, / or", "type an identifier"]);
    console.keys("/");
    console.keys(&format!("{}.", attempt.request));
    console.keys_settled("<enter>").await;
    console.assert_shows(&[&format!("Investigate {}", attempt.request), "Tab: all of it", "Tab"]);
    // What was searched is scrolled to its end.
    console.keys("<tab>G");
    console.assert_shows(&["xray:BatchGetTraces", " of "]);
    console.keys("z");
    console.assert_shows(&["logs:StartQuery", "Searched"]);
    console.keys("<esc><tab><tab>");
    console.assert_shows(&["traceId 1-", "tokenReferenceId", "requestId"]);
    // The segment is the one under the cursor of the trace.
    console.keys("<esc>g");
    console.keys_settled("<enter>").await;
    console.assert_shows(&["Trace 1-"]);
    console.keys("<enter>");
    console.assert_shows(&["Segment · token-api"]);
}

/// A failed attempt of the incident.
fn failed() -> Attempt {
    let now = time(INCIDENT);
    let lines = lines(&world(RATE), now - TimeDelta::minutes(5), now);
    attempts(&lines).into_iter().find(|attempt| attempt.failed).expect("one failed")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_denied_is_said_and_the_rest_is_told() {
    let attempt = failed();
    let cases = [
        ("deny:BatchGetTraces", "xray:BatchGetTraces", Some("xray")),
        ("deny:StartQuery", "logs:StartQuery", None),
        ("deny:DescribeLogGroups", "logs:DescribeLogGroups", None),
        ("deny:GetTraceSummaries", "", None),
    ];
    let whole = place("", server::Options::default()).await.story(&query(&attempt.correlation, 1)).await;
    for (faults, named, missing) in cases {
        let story = place(faults, server::Options::default()).await.story(&query(&attempt.correlation, 1)).await;
        let problems = story.problems.join("\n");
        assert!(problems.contains(named), "{faults}: {problems}");
        let kept = whole.events.iter().filter(|event| Some(event.source().as_str()) != missing);
        assert_eq!(story.events.len(), kept.count(), "{faults}: {problems}");
    }
    let (status, _, err) = place("deny:*", server::Options::default()).await.run(&["corr_x1"], Output::Json, "").await;
    assert_eq!(status, Status::Refused, "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_that_are_denied_leave_x_ray_by_annotation() {
    let attempt = failed();
    let place = place("deny:StartQuery,deny:FilterLogEvents", server::Options::default()).await;
    let story = place.story(&query(&attempt.correlation, 1)).await;
    assert!(
        story.events.iter().all(|event| event.source() == "xray") && story.events.len() > 5,
        "{:#?}",
        story.searched
    );
    assert!(story.problems.iter().any(|problem| problem.contains("FilterLogEvents")), "{:?}", story.problems);
}

#[tokio::test(flavor = "multi_thread")]
async fn earlier_days_are_looked_at_where_nothing_is_found() {
    let then = time(INCIDENT) - TimeDelta::days(3);
    let old = attempts(&lines(&world(RATE), then - TimeDelta::minutes(2), then)).into_iter().next().expect("one");
    let place = place("", server::Options::default()).await;
    let story = place.story(&query(&old.correlation, 1)).await;
    assert!(story.events.len() > 5, "{:#?}", story.searched);
    assert!(story.problems.iter().any(|problem| problem.starts_with("nothing in the last 1h")), "{:?}", story.problems);
    // A trace id says by itself when it was.
    let story = place.story(&query(&old.trace, 1)).await;
    assert!(story.events.len() > 5 && story.problems.is_empty(), "{:?}", story.problems);
}

/// An attempt of so many days ago.
fn past(days: i64) -> Attempt {
    let then = time(INCIDENT) - TimeDelta::days(days);
    attempts(&lines(&world(RATE), then - TimeDelta::minutes(2), then)).into_iter().next().expect("one")
}

#[tokio::test(flavor = "multi_thread")]
async fn earlier_days_are_looked_at_for_each_identifier_that_has_nothing_yet() {
    let (new, old) = (failed(), past(2));
    // The story of the first has its end long before the second is found.
    let place =
        place_with("", server::Options::default(), Tuning { story_settled: Duration::ZERO, ..Tuning::default() }).await;
    let (status, out, err) = place.run(&[&new.correlation, &old.correlation], Output::Json, "").await;
    assert_eq!(status, Status::Done);
    let document: Value = serde_json::from_str(&out).expect("JSON");
    let stories = document["stories"].as_array().expect("two");
    assert_eq!((stories.len(), &stories[0]["outcome"]), (2, &"failed".into()));
    assert!(stories[1]["events"].as_array().is_some_and(|events| !events.is_empty()), "{err}{:#?}", stories[1]);
    assert!(err.contains(&format!("{}: nothing in the last 1h", old.correlation)), "{err}");
    // What the one leads to is not looked for in all of the time between them.
    let narrow = |search: &&Value| {
        search["sought"].as_array().is_some_and(|sought| sought.contains(&old.request.clone().into()))
    };
    let day = |search: &Value| search["to"].as_str().is_some_and(|to| to < "2026-01-14");
    let searched = stories[1]["searched"].as_array().expect("searches");
    assert!(searched.iter().filter(narrow).count() > 0 && searched.iter().filter(narrow).all(day), "{searched:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_miss_of_a_search_that_was_given_up_is_no_miss() {
    let place_of = place("deny:StartQuery,deny:FilterLogEvents", server::Options::default()).await;
    let (status, out, _) = place_of.run(&["corr_0000000000000"], Output::Json, "").await;
    let document: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((status, &document["outcome"]), (Status::Found, &"unfinished".into()), "X-Ray has answered");
    let words = document["summary"].as_str().expect("words");
    assert!(words.starts_with("Not finished: ") && words.contains(" not searched."), "{words}");
    let place_of = place_with("hang:StartQuery", server::Options::default(), hasty()).await;
    let (_, out, _) = place_of.run(&["corr_0000000000000"], Output::Text, "").await;
    assert!(out.starts_with("Nothing found."), "all was searched the other way: {out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_is_read_without_what_nobody_sees() {
    let place = place("", server::Options::default()).await;
    for (given, input) in [("\"\"", ""), ("-", "\u{feff}\n\"\"\n")] {
        let (status, _, err) = place.run(&[given], Output::Text, input).await;
        assert_eq!(status, Status::Misused);
        assert!(err.contains("no identifier"), "{err}");
    }
    let attempt = failed();
    let input = format!("\u{feff}{} {}\u{200b}\n", attempt.request, attempt.token);
    let (status, out, _) = place.run(&["-"], Output::Json, &input).await;
    let document: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((status, &document["outcome"]), (Status::Done, &"failed".into()), "both are of one story");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_found_of_what_there_is_not() {
    let place = place("", server::Options::default()).await;
    let (status, out, _) = place.run(&["corr_0000000000000"], Output::Text, "").await;
    assert_eq!(status, Status::Found);
    assert!(out.starts_with("Nothing found.") && out.contains("SEARCHED"), "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shared_by_many_leads_to_requests_and_to_no_verdict() {
    let place = place("", server::Options::default()).await;
    let query = StoryQuery { since: Duration::from_mins(5), ..query("GooglePay", 1) };
    let (one, other) = futures::future::join(place.story(&query), place.story(&query)).await;
    assert_eq!((&one.events, &one.shared, &one.problems), (&other.events, &other.shared, &other.problems));
    let [shared] = one.shared.as_slice() else { panic!("{:#?}", one.shared) };
    let world = world(RATE);
    let all = lines(&world, time(INCIDENT) - TimeDelta::minutes(5), time(INCIDENT));
    let with = all.iter().filter(|(_, _, text)| text.contains("GooglePay")).count();
    assert_eq!((shared.read, shared.lines), (with, with as u64));
    assert_eq!((one.events.len(), one.identifiers.len()), (20, 1), "{:#?}", one.identifiers);
    let requests: BTreeSet<&String> = one.events.iter().filter_map(|event| event.request.as_ref()).collect();
    assert_eq!(requests.len(), 20);
    assert!(one.searched.iter().all(|search| search.sought == ["GooglePay"]), "nothing is followed");

    let (status, out, _) = place.run(&["GooglePay"], Output::Text, "").await;
    assert_eq!(status, Status::Done);
    assert!(out.starts_with("GooglePay is shared by many requests") && !out.contains("tries"), "{out}");
    let (_, again, _) = place.run(&["GooglePay"], Output::Text, "").await;
    assert_eq!(out.lines().take(25).collect::<Vec<_>>(), again.lines().take(25).collect::<Vec<_>>());
    let offered = out.lines().nth(5).and_then(|row| row.split_whitespace().nth(1)).expect("a request").to_owned();
    let (_, out, _) = place.run(&[&offered], Output::Json, "").await;
    let document: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(document["identifiers"]["requestId"][0], offered.as_str(), "{document}");
    // Beside another identifier, that one keeps its story.
    let attempt = failed();
    let (_, out, _) = place.run(&["GooglePay", &attempt.correlation], Output::Json, "").await;
    let document: Value = serde_json::from_str(&out).expect("JSON");
    let outcomes: Vec<&Value> =
        document["stories"].as_array().expect("two").iter().map(|one| &one["outcome"]).collect();
    assert_eq!(outcomes, ["shared", "failed"]);
    let alone = place.story(&self::query(&attempt.correlation, 1)).await;
    assert_eq!(document["stories"][1]["events"].as_array().map(Vec::len), Some(alone.events.len()));
}

/// Short limits, so that a test need not wait for the real ones.
fn hasty() -> Tuning {
    let (call, settled) = (Duration::from_millis(800), Duration::from_millis(1_500));
    Tuning {
        story_call: call,
        story_annotation: Duration::from_millis(300),
        story_settled: settled,
        ..Tuning::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hangs_is_given_up_and_the_rest_is_told() {
    let attempt = failed();
    let whole = place("", server::Options::default()).await.story(&query(&attempt.correlation, 1)).await;
    for (faults, missing) in [
        ("hang:StartQuery", None),
        ("hang:GetQueryResults", None),
        ("hang:GetTraceSummaries,slow=400ms:StartQuery", None),
        ("hang:GetTraceSegmentDestination", None),
        ("hang:BatchGetTraces", Some("xray")),
    ] {
        let place = place_with(faults, server::Options::default(), hasty()).await;
        let began = std::time::Instant::now();
        let story = place.story(&query(&attempt.correlation, 1)).await;
        let took = began.elapsed();
        let kept = whole.events.iter().filter(|event| Some(event.source().as_str()) != missing).count();
        assert_eq!(story.events.len(), kept, "{faults}: {:#?}", story.searched);
        // One limit, one more for what was asked the other way, and what the answers take.
        assert!(took < Duration::from_secs(4), "{faults} took {took:?}: {:#?}", story.searched);
        assert!(story.searched.iter().all(|search| search.state != SearchState::Running), "{faults}");
        let named =
            ["StartQuery", "GetQueryResults", "BatchGetTraces"].iter().find(|name| faults == format!("hang:{name}"));
        let said = story.problems.join(" ");
        assert!(named.is_none_or(|name| said.contains(name) && said.contains("no answer")), "{faults}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_nothing_depends_on_does_not_hold_the_story_up() {
    let attempt = failed();
    // The trace is known by the lines before the search by annotation has come anywhere.
    let faults = "slow=400ms:StartQuery,slow=700ms:GetTraceSummaries";
    let place = place_with(faults, server::Options::default(), hasty()).await;
    let story = place.story(&query(&attempt.correlation, 1)).await;
    let look = story.searched.iter().find(|search| search.how == How::Annotation).expect("looked for by annotation");
    assert!(matches!(look.state, SearchState::Skipped(_)), "{look:#?}");

    // A request's id is known to be none of an annotation's as soon as a line names its field.
    let story = place.story(&query(&attempt.request, 1)).await;
    let looks: Vec<_> = story.searched.iter().filter(|search| search.how == How::Annotation).collect();
    let is_ended = |state: &SearchState| matches!(state, SearchState::Skipped(_) | SearchState::Ended(_));
    assert!(!looks.is_empty() && looks.iter().all(|look| is_ended(&look.state)), "{looks:#?}");

    // Traces that come after everything else are not waited for forever.
    let tuning = Tuning { story_call: Duration::from_secs(30), story_settled: Duration::from_millis(400), ..hasty() };
    let place = place_with("slow=20s:BatchGetTraces", server::Options::default(), tuning).await;
    let began = std::time::Instant::now();
    let story = place.story(&query(&attempt.correlation, 1)).await;
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    let traces = story.searched.iter().find(|search| search.how == How::Traces).expect("read");
    assert_eq!(traces.state, SearchState::TimedOut);
    assert!(!story.events.is_empty() && story.problems.join(" ").contains("BatchGetTraces"), "{:?}", story.problems);
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_is_one_line_that_is_wiped_and_only_where_somebody_looks() {
    let place = place("slow=300ms:StartQuery,slow=300ms:GetQueryResults", server::Options::default()).await;
    let board = Arc::new(board::preset("token-provisioning").expect("the preset"));
    for progress in [true, false] {
        let identifiers = vec!["corr_0000000000000".to_owned()];
        let options = Options { identifiers, progress, ..Options::default() };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut input = Cursor::new(Vec::new());
        let run = find::run(&place.client, &board, time(INCIDENT), &options, &mut input, &mut out, &mut err);
        Box::pin(run).await.expect("written");
        let err = String::from_utf8(err).expect("UTF-8");
        if progress {
            assert!(!err.contains('\n') && err.ends_with(" \r"), "one line: {err:?}");
            assert!(err.contains(" searches") && err.contains("StartQuery since 01-14 10:28 UTC"), "{err:?}");
            let back: BTreeSet<&str> = err.split("since ").skip(1).filter_map(|rest| rest.get(..5)).collect();
            assert!(back.len() > 1, "each step back is told: {err:?}");
        } else {
            assert_eq!(err, "");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn identifiers_are_taken_as_they_are_pasted() {
    let attempt = failed();
    let place = place("", server::Options::default()).await;
    let w3c: String = attempt.trace.chars().skip(2).filter(|c| *c != '-').collect();
    let plain = place.run(&[&attempt.trace], Output::Text, "").await.1;
    let forms = [
        format!("traceparent: 00-{w3c}-00f067aa0ba902b7-01"),
        format!("00-{w3c}-00f067aa0ba902b7-01"),
        format!("X-Amzn-Trace-Id: Root={};Parent=53995c3f42cd8ad8;Sampled=1", attempt.trace),
        format!("\"{}\",", attempt.trace),
    ];
    for form in forms {
        let out = place.run(&[&form], Output::Text, "").await.1;
        assert_eq!(out.lines().next(), plain.lines().next(), "{form}");
    }
    let words = ["X-Amzn-Trace-Id:".to_owned(), format!("Root={};Parent=53995c3f42cd8ad8", attempt.trace)];
    let out = place.run(&[&words[0], &words[1]], Output::Text, "").await.1;
    assert_eq!(out.lines().next(), plain.lines().next(), "in words of a shell");
    assert!(!out.contains("given given") && out.contains("traceId"), "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_identifiers_are_one_story_each_or_one_together() {
    let now = time(INCIDENT);
    let all = attempts(&lines(&world(RATE), now - TimeDelta::minutes(5), now - TimeDelta::minutes(1)));
    let (one, other) = (&all[0], all.iter().find(|attempt| attempt.correlation != all[0].correlation).expect("two"));
    let place = place("", server::Options::default()).await;
    let input = format!("# a file\n{}\n\n{}\n", other.correlation, one.trace);
    let (status, out, err) = place.run(&[&one.request, "-"], Output::Json, &input).await;
    assert_eq!((status, err.as_str()), (Status::Done, ""));
    let document: Value = serde_json::from_str(&out).expect("JSON");
    let stories = document["stories"].as_array().expect("stories");
    let correlations: Vec<&str> =
        stories.iter().filter_map(|story| story["identifiers"]["correlationId"][0].as_str()).collect();
    assert_eq!(correlations, [one.correlation.as_str(), other.correlation.as_str()]);
    let (_, out, _) = place.run(&[&one.request, &other.request], Output::Ndjson, "").await;
    let kinds: Vec<Value> = out.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")).collect();
    assert_eq!(kinds.iter().filter(|line| line["type"] == "story").count(), 2);
    assert!(kinds.iter().all(|line| line["schema"] == "barograph/v1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_has_summary_events_searches_and_the_command() {
    let attempt = failed();
    let (status, out, _) =
        place("", server::Options::default()).await.run(&[&attempt.correlation], Output::Markdown, "").await;
    assert_eq!(status, Status::Done);
    for part in [
        "## corr",
        "| Time |",
        "| ▶ |",
        "### Searched",
        "```sh\nbaro find corr_",
        "--demo --at 2026-01-15T10:28:00.000Z --since 1h",
    ] {
        assert!(out.contains(part), "{part}\n{out}");
    }
    let (_, json, _) = place("", server::Options::default()).await.run(&[&attempt.correlation], Output::Json, "").await;
    let pan = json.split('"').any(|word| word.len() == 16 && word.bytes().all(|digit| digit.is_ascii_digit()));
    assert!(!pan, "card numbers are masked\n{json}");
}
