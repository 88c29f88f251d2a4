//! The service graph: against the world's own traces, against the documents of AWS, and as a command.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

pub(crate) mod canned;
mod published;
mod rules;
mod world;

use barograph::clock::{Clock, Time};
use barograph::commands::services::{Options, Output, run};
use barograph::commands::status::Status;
use barograph::demo::Estate;
use barograph::demo::faults::Faults;
use barograph::demo::server::{self, Demo, serve};
use barograph::sources::cost::Meter;
use barograph::sources::tuning::Tuning;
use barograph::sources::{Client, Connect, connect};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::harness::console::{INCIDENT, time, world};

const RATE: f64 = 4.0;

/// A client of an endpoint, in the middle of the incident.
async fn client(endpoint: String) -> Client {
    let to = Connect {
        endpoint_url: Some(endpoint),
        region: Some(Estate::REGION.to_owned()),
        made_up_credentials: true,
        tuning: Tuning { quotas: f64::INFINITY, ..Tuning::default() },
        ..Connect::default()
    };
    Box::pin(connect(&to, Clock::fixed(time(INCIDENT)), Meter::default())).await.expect("a client")
}

/// The embedded AWS with a client.
async fn place(faults: &str) -> (Client, Demo, DropGuard) {
    let cancel = CancellationToken::new();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let estate = Estate { world: world(RATE), clock: Clock::fixed(time(INCIDENT)) };
    let options = server::Options { faults: faults.parse::<Faults>().expect("faults"), ..server::Options::default() };
    let demo = serve(listener, estate, options, &cancel).expect("the demo serves");
    (client(demo.endpoint()).await, demo, cancel.drop_guard())
}

/// The last `minutes` before the middle of the incident.
fn last(minutes: i64) -> (Time, Time) {
    (time(INCIDENT) - chrono::TimeDelta::minutes(minutes), time(INCIDENT))
}

/// Runs the command; its status and what it wrote.
async fn print(client: &Client, window: (Time, Time), group: Option<&str>, output: Output) -> (Status, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let options = Options { group: group.map(str::to_owned), output, progress: false };
    let status = run(client, window, &options, &mut out, &mut err).await.expect("written");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status, text(out), text(err))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[track_caller]
fn assert_keys(value: &Value, keys: &[&str]) {
    let object = value.as_object().expect("an object");
    assert_eq!(object.keys().map(String::as_str).collect::<Vec<_>>(), keys);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_the_contract() {
    const COUNTS: [&str; 6] = ["requests", "ok", "error", "throttle", "fault", "unknown"];
    const FIGURES: [&str; 13] = [
        "requests",
        "ok",
        "error",
        "throttle",
        "fault",
        "unknown",
        "requests_per_s",
        "average_s",
        "p50_s",
        "p90_s",
        "p99_s",
        "histogram_s",
        "change",
    ];
    let (client, _demo, _guard) = place("").await;
    let (status, text, err) = print(&client, last(10), None, Output::Json).await;
    assert_eq!((status, err.as_str()), (Status::Done, ""));
    let document = json(&text);
    assert_keys(&document, &["schema", "window", "window_before", "group", "services", "edges", "gone"]);
    assert_eq!(document["schema"], "barograph/v1");
    assert_eq!(document["window"]["to"], "2026-01-15T10:28:00.000Z");
    assert_eq!(document["window_before"]["to"], document["window"]["from"]);
    let services = document["services"].as_array().expect("services");
    let edges = document["edges"].as_array().expect("edges");
    assert_eq!((services.len(), edges.len()), (7, 6));
    let keys = |own: &[&'static str]| own.iter().copied().chain(FIGURES).collect::<Vec<_>>();
    for service in services {
        assert_keys(service, &keys(&["name", "type", "nature", "state", "root"]));
    }
    for edge in edges {
        assert_keys(edge, &keys(&["from", "to", "from_type", "to_type", "edge_type", "aliases"]));
        let changes = edge["change"].as_object().expect("changes");
        assert!(changes.len() == 9 && changes["fault_points"].is_number(), "{edge}");
    }
    for told in services.iter().chain(edges) {
        assert!(COUNTS.iter().all(|key| told[key].is_u64()), "counts are numbers, never null: {told}");
    }
    let natures: Vec<&Value> = services.iter().map(|service| &service["nature"]).collect();
    let expected = ["client", "reporting", "reporting", "inferred", "reporting", "remote", "remote"];
    assert_eq!(natures, expected);
    assert_eq!(services[1]["name"], "token-api");
    assert_eq!(services[1]["root"], true);
    assert_eq!(services[0]["average_s"], Value::Null, "where requests come from answers none");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_graph_is_a_table_and_a_picture() {
    let (client, _demo, _guard) = place("").await;
    let (status, table, err) = print(&client, last(10), None, Output::Table).await;
    assert_eq!((status, err.as_str()), (Status::Done, ""));
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!((lines.len(), lines[8]), (7 + 1 + 1 + 6 + 1, ""), "{table}");
    assert!(lines[0].starts_with("SERVICE ") && lines[9].starts_with("FROM "), "{table}");
    let ends: Vec<Option<usize>> = lines[..8].iter().map(|line| line.find("/min").map(|at| at + 4)).collect();
    assert!(ends[1].is_none() && ends[2..].iter().all(|end| *end == lines[0].find("RATE").map(|at| at + 4)), "{table}");
    assert!(lines[10].starts_with("client ") && !table.contains("-0.0 "), "nearer to the client first: {table}");
    assert!(lines[7].starts_with("TSP ") && lines[7].contains("8.00 s") && lines[7].contains(" pt fault"), "{table}");
    let (status, dot, err) = print(&client, last(10), None, Output::Dot).await;
    assert_eq!((status, err.as_str()), (Status::Done, ""));
    assert!(dot.starts_with("digraph services {\n") && dot.ends_with("}\n"), "{dot}");
    assert_eq!(dot.lines().filter(|line| line.contains(" -> ")).count(), 6, "{dot}");
    let tsp = dot.lines().find(|line| line.starts_with("  \"remote TSP\" [")).expect("a node");
    assert!(tsp.contains("#c62828") && tsp.contains("style=dashed"), "{tsp}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_is_an_exit_status() {
    let (refused, _demo, _guard) = place("deny:GetServiceGraph").await;
    let (status, out, err) = print(&refused, last(10), None, Output::Table).await;
    assert_eq!((status, out.as_str()), (Status::Refused, ""));
    assert!(err.contains("xray:GetServiceGraph"), "{err}");
    let (client, _demo, _guard) = place("").await;
    let (status, _, err) = print(&client, last(10), Some("nobody"), Output::Table).await;
    assert!(status == Status::Refused && err.contains("nobody"), "{err}");
    let future = (time(INCIDENT) - chrono::TimeDelta::seconds(1), time(INCIDENT) - chrono::TimeDelta::seconds(1));
    let (status, out, err) = print(&client, future, None, Output::Table).await;
    assert_eq!((status, out.as_str()), (Status::Found, ""));
    assert!(err.contains("no requests"), "{err}");
}
