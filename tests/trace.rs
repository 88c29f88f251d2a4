//! `baro trace` through the real SDK against the embedded AWS, and AWS's own documents.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_sdk_xray::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_xray::types::TraceFormatType;
use aws_smithy_types::DateTime;
use barograph::clock::Clock;
use barograph::commands::status::Status;
use barograph::commands::trace::{self, Output};
use barograph::demo::Estate;
use barograph::demo::faults::Faults;
use barograph::demo::server::{self, Demo, serve};
use barograph::sources::prices::Prices;
use barograph::sources::{Client, Connect, Meter, Tuning, connect, one_trace};
use barograph::store::trace::{SpanKind, Trace};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::harness::console::{INCIDENT, time, world};
use crate::services::canned::answering;

/// Requests a second of the world.
const RATE: f64 = 4.0;
const GROUP: &str = "/aws/lambda/token-provisioning-service";

/// An embedded AWS and a client of it.
struct Place {
    client: Client,
    demo: Demo,
    _cancel: DropGuard,
}

async fn place(faults: &str, transaction_search: bool) -> Place {
    let cancel = CancellationToken::new();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let clock = Clock::fixed(time(INCIDENT));
    let estate = Estate { world: world(RATE), clock: clock.clone() };
    let faults = faults.parse::<Faults>().expect("faults");
    let options = server::Options { faults, transaction_search, ..server::Options::default() };
    let demo = serve(listener, estate, options, &cancel).expect("the demo serves");
    let tuning = Tuning { backoff_first: Duration::from_millis(20), quotas: f64::INFINITY, ..Tuning::default() };
    let to = Connect {
        endpoint_url: Some(demo.endpoint()),
        region: Some(Estate::REGION.to_owned()),
        made_up_credentials: true,
        tuning,
        ..Connect::default()
    };
    let client = Box::pin(connect(&to, clock, Meter::new(Prices::default()))).await.expect("clients");
    Place { client, demo, _cancel: cancel.drop_guard() }
}

impl Place {
    async fn run(&self, given: &str, output: Output) -> (Status, String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let given: Vec<String> = given.split(' ').map(str::to_owned).collect();
        let status = Box::pin(trace::run(&self.client, &given, &mut std::io::empty(), output, &mut out, &mut err))
            .await
            .expect("written");
        (status, String::from_utf8(out).expect("UTF-8"), String::from_utf8(err).expect("UTF-8"))
    }
}

/// The trace of a request that timed out.
fn failed() -> String {
    let now = time(INCIDENT);
    let lines = world(RATE).log_events(GROUP, now - TimeDelta::minutes(2), now - TimeDelta::minutes(1));
    let line = lines.iter().rev().find(|line| line.message.contains("TSP_TIMEOUT")).expect("a failure");
    let line: Value = serde_json::from_str(&line.message).expect("JSON");
    line["traceId"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_is_shown_as_a_waterfall() {
    let place = place("", false).await;
    let id = failed();
    let (status, text, err) = place.run(&id, Output::Text).await;
    assert_eq!((status, err.as_str()), (Status::Done, ""));
    for part in [
        &id,
        "SPAN",
        "  Lambda Invoke",
        "TSP",
        "━",
        "─",
        "first cause: TSP",
        "TspTimeoutException",
        "    at provision (provisioning/handler.py:118)",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(text.lines().all(|line| line == line.trim_end()), "{text}");
    // The other forms of an id give the same.
    let hex: String = id.chars().skip(2).filter(|c| *c != '-').collect();
    for form in [hex.clone(), format!("00-{hex}-00f067aa0ba902b7-01"), format!("X-Amzn-Trace-Id: Root={id};Sampled=1")]
    {
        assert_eq!(place.run(&form, Output::Text).await.1, text, "{form}");
    }
    let (status, out, err) = place.run("1-6968c114-000000000000000000000000", Output::Text).await;
    assert_eq!((status, out.as_str()), (Status::Found, ""));
    assert!(err.contains("X-Ray does not have"), "{err}");
    assert_eq!(place.run("nonsense", Output::Json).await.0, Status::Misused);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_of_a_trace_is_the_contract() {
    let place = place("", false).await;
    let id = failed();
    let (status, out, _) = place.run(&id, Output::Json).await;
    assert_eq!(status, Status::Done);
    let document: Value = serde_json::from_str(&out).expect("JSON");
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    let whole = [
        "schema",
        "trace_id",
        "start",
        "end",
        "duration_s",
        "spans",
        "critical_path",
        "slowest",
        "culprit",
        "clock_skew",
        "incomplete",
        "problems",
    ];
    assert_eq!(keys(&document), whole);
    assert_eq!((&document["schema"], &document["trace_id"]), (&"barograph/v1".into(), &id.as_str().into()));
    let span = [
        "id",
        "parent",
        "depth",
        "kind",
        "name",
        "origin",
        "namespace",
        "status",
        "start",
        "end",
        "duration_s",
        "self_s",
        "critical_s",
        "inferred",
        "links",
        "cause",
        "document",
    ];
    let spans = document["spans"].as_array().expect("spans");
    for (row, one) in spans.iter().enumerate() {
        assert_eq!(keys(one), span);
        let start = one["start"].as_str().expect("a start");
        assert!(start.len() == 24 && start.ends_with('Z'), "{start}");
        assert_eq!(one["parent"].is_null(), row == 0, "{one}");
    }
    assert_eq!(keys(&document["incomplete"]), ["in_progress", "missing_parents", "limit_exceeded", "unprocessed"]);
    let path: f64 =
        document["critical_path"].as_array().expect("a path").iter().filter_map(|s| s["duration_s"].as_f64()).sum();
    assert!((path - document["duration_s"].as_f64().expect("a duration")).abs() < 1e-3);
    let culprit = spans.iter().find(|one| one["id"] == document["culprit"]).expect("the culprit");
    assert_eq!(culprit["name"], "TSP");
    assert_eq!(culprit["cause"]["exceptions"][0]["type"], "TspTimeoutException");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_for_a_while_is_asked_again_and_what_is_denied_is_said() {
    let denied = place("deny:BatchGetTraces", false).await;
    let (status, out, err) = denied.run(&failed(), Output::Json).await;
    assert_eq!((status, out.as_str()), (Status::Refused, ""));
    assert!(err.contains("xray:BatchGetTraces"), "{err}");
}

/// A span's id, depth, name, kind, milliseconds, and whether it is a fault or an error.
type Told = (String, usize, String, SpanKind, Option<u64>, bool, bool);

/// What both forms of a trace tell of its spans: X-Ray's throttles, and what it infers, have no word in the other.
fn told(trace: &Trace) -> Vec<Told> {
    let span = |span: &barograph::store::trace::Span| {
        let took = span.took_s().map(|took| (took * 1e3).round() as u64);
        let kind = if span.kind == SpanKind::Inferred { SpanKind::Subsegment } else { span.kind };
        (span.id.clone(), span.depth, span.name.clone(), kind, took, span.fault, span.error)
    };
    trace.spans.iter().map(span).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn transaction_search_gives_the_same_tree_in_either_form() {
    let id = failed();
    let expected = one_trace(&place("", false).await.client, &id).await.expect("an answer").expect("a trace");
    let inferred = expected.spans.iter().filter(|span| span.kind == SpanKind::Inferred);
    let inferred: Vec<&str> = inferred.map(|span| span.name.as_str()).collect();
    assert!(
        inferred.contains(&"TSP") && inferred.contains(&"DynamoDB") && !inferred.contains(&"Lambda"),
        "{inferred:?}"
    );
    let place = place("", true).await;
    let retrieved = one_trace(&place.client, &id).await.expect("an answer").expect("a trace");
    assert_eq!(retrieved, expected);
    let config = aws_sdk_xray::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("demo", "demo", None, None, "test"))
        .endpoint_url(place.demo.endpoint())
        .build();
    let xray = aws_sdk_xray::Client::from_conf(config);
    let window = |seconds: i64| DateTime::from_secs(time(INCIDENT).timestamp() + seconds);
    let started = xray.start_trace_retrieval().trace_ids(&id).start_time(window(-600)).end_time(window(0)).send().await;
    let token = started.expect("a retrieval").retrieval_token.expect("a token");
    let format = TraceFormatType::Otel;
    let listed = xray.list_retrieved_traces().retrieval_token(token).trace_format(format).send().await.expect("traces");
    let documents = listed.traces()[0].spans().iter().filter_map(|span| span.document());
    let otel = Trace::from_documents(&id, 0.0, documents);
    assert_eq!(otel.problems, Vec::<String>::new());
    assert_eq!(told(&otel), told(&expected));
    assert_eq!(otel.spans[2].document["annotations"], expected.spans[2].document["annotations"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_segments_is_asked_for_as_spans() {
    let id = "1-5759e988-bd862e3fe1be46a994272793";
    let endpoint = answering(move |operation, asked| {
        let span = r#"{"traceId":"5759e988bd862e3fe1be46a994272793","spanId":"a1","kind":"SERVER","name":"GET /","startTimeUnixNano":1768472880000000000,"endTimeUnixNano":1768472881000000000}"#;
        let spans = if asked["TraceFormat"] == "OTEL" { json!([{ "Id": "a1", "Document": span }]) } else { json!([]) };
        match operation {
            "BatchGetTraces" | "Traces" => json!({ "Traces": [], "UnprocessedTraceIds": [] }),
            "GetTraceSegmentDestination" => json!({ "Destination": "CloudWatchLogs", "Status": "ACTIVE" }),
            "StartTraceRetrieval" => json!({ "RetrievalToken": "t" }),
            _ => json!({ "RetrievalStatus": "COMPLETE", "Traces": [{ "Id": id, "Duration": 1.0, "Spans": spans }] }),
        }
        .to_string()
    })
    .await;
    let trace = one_trace(&client(endpoint).await, id).await.expect("an answer").expect("a trace");
    assert_eq!((trace.spans.len(), trace.spans[0].name.as_str(), trace.problems.len()), (1, "GET /", 0));
}

/// A client of an X-Ray at an endpoint.
async fn client(endpoint: String) -> Client {
    let to = Connect {
        endpoint_url: Some(endpoint),
        region: Some(Estate::REGION.to_owned()),
        made_up_credentials: true,
        ..Connect::default()
    };
    Box::pin(connect(&to, Clock::fixed(time(INCIDENT)), Meter::new(Prices::default()))).await.expect("clients")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_came_once_stays_where_no_more_comes() {
    let id = "1-5759e988-bd862e3fe1be46a994272793";
    let asked = AtomicUsize::new(0);
    let endpoint = answering(move |_, _| {
        let segment = json!({ "Id": "a", "Document": r#"{"id":"a","name":"Api","start_time":1,"end_time":2}"# });
        let part = json!([{ "Id": id, "Duration": 1.0, "Segments": [segment] }]);
        let traces = if asked.fetch_add(1, Ordering::Relaxed) == 0 { part } else { json!([]) };
        json!({ "Traces": traces, "UnprocessedTraceIds": [id] }).to_string()
    })
    .await;
    let trace = one_trace(&client(endpoint).await, id).await.expect("an answer").expect("a trace");
    assert!(trace.unprocessed && trace.spans.len() == 1, "{trace:?}");
}

/// The texts of segment documents in a file: themselves, within a list of subsegments, or within BatchGetTraces' answer.
fn documents(value: &Value, found: &mut Vec<String>) {
    if value.get("id").is_some() && value.get("start_time").is_some() {
        found.push(value.to_string());
    }
    for trace in value.get("Traces").and_then(Value::as_array).into_iter().flatten() {
        for segment in trace["Segments"].as_array().into_iter().flatten() {
            found.extend(segment["Document"].as_str().map(str::to_owned));
        }
    }
}

#[test]
fn the_documents_of_aws_are_read_and_what_is_cut_off_is_said() {
    let Some(data) = std::env::var_os("BARO_REAL_DATA") else {
        return eprintln!("SKIPPED: BARO_REAL_DATA names no folder of real data");
    };
    let (mut read, mut refused) = (0, 0);
    let folder = std::fs::read_dir(Path::new(&data).join("xray")).expect("the folder");
    for entry in folder {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        let name = path.display();
        match serde_json::from_str::<Value>(&text) {
            Ok(value) => {
                let mut texts = Vec::new();
                documents(&value, &mut texts);
                let trace = Trace::from_documents("1-x", 0.0, texts.iter().map(String::as_str));
                assert_eq!(trace.problems, Vec::<String>::new(), "{name}");
                assert_eq!(trace.spans.is_empty(), texts.is_empty(), "{name}");
                read += texts.len();
                // What is no segment is refused in words.
                let whole = Trace::from_documents("1-x", 0.0, [text.as_str()]);
                assert!(!whole.spans.is_empty() || whole.problems.len() == 1, "{name}: {whole:?}");
            }
            Err(error) => {
                let trace = Trace::from_documents("1-x", 0.0, [text.as_str()]);
                let is_said = trace.problems.len() == 1 && trace.problems[0].contains(" line ");
                assert!(is_said && trace.spans.is_empty(), "{name}: {error}: {trace:?}");
                refused += 1;
            }
        }
    }
    assert!(read >= 15 && refused >= 8, "{read} read, {refused} refused");
}

#[test]
fn the_trace_of_the_documentation_is_the_tree_that_it_describes() {
    let Some(data) = std::env::var_os("BARO_REAL_DATA") else {
        return eprintln!("SKIPPED: BARO_REAL_DATA names no folder of real data");
    };
    let path = Path::new(&data).join("xray/xray-api-gettingdata__03.json");
    let value: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("a text")).expect("JSON");
    let mut texts = Vec::new();
    documents(&value, &mut texts);
    let trace = Trace::from_documents("1-59602603-23fc5b688855d396af79b496", 3.232, texts.iter().map(String::as_str));
    let rows: Vec<String> = trace
        .spans
        .iter()
        .map(|span| {
            let took = (span.took_s().expect("an end") * 1e3).round();
            format!("{}{} {} {took} ms", "  ".repeat(span.depth), span.name, span.kind.name())
        })
        .collect();
    let expected = [
        "Scorekeep segment 3232 ms",
        "  Lambda subsegment 2943 ms",
        "    random-name segment 2895 ms",
        "      random-name segment 1740 ms",
        "        Initialization subsegment 755 ms",
        "        annotations subsegment 57 ms",
        "        SNS inferred 959 ms",
        "  ## UserModel.saveUser subsegment 188 ms",
        "    DynamoDB inferred 79 ms",
    ];
    assert_eq!(rows, expected);
    assert_eq!(trace.spans[6].origin, "AWS::SNS");
    assert_eq!(trace.spans[8].origin, "AWS::DynamoDB::Table");
}
