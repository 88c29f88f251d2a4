//! The service graph that the documentation of AWS prints, and what is left of it when it is cut or spoilt.

use std::path::PathBuf;

use barograph::sources::service_graph;
use barograph::store::graph::{Edge, Nature, ServiceGraph, Statistics};
use serde_json::{Value, json};

use super::canned::serve;
use super::{Output, Status, client, last, print};

/// The document, if the data is there.
fn document() -> Option<String> {
    let root = std::env::var_os("BARO_REAL_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let text = std::fs::read_to_string(root.join("xray/xray-api-gettingdata__01.json")).ok();
    if text.is_none() {
        eprintln!("services: SKIPPED, there is no real data: set BARO_REAL_DATA to a folder that has xray/");
    }
    text
}

async fn graph(pages: Vec<String>) -> ServiceGraph {
    let client = client(serve(pages).await).await;
    service_graph(&client, None, last(60), &|_, _| ()).await.expect("a graph")
}

/// Counts as the document has them: ok, error, throttle, fault, total, and the total time.
fn figures(s: &Statistics) -> (u64, u64, u64, u64, u64, f64) {
    (s.ok, s.error, s.throttle, s.fault, s.total, s.total_time_s)
}

#[track_caller]
fn assert_printed(graph: &ServiceGraph) {
    let [node, signups, sns, caller] = ["AWS::EC2::Instance", "AWS::DynamoDB::Table", "AWS::SNS", "client"]
        .map(|kind| graph.services.iter().find(|service| service.key.kind == kind).expect(kind));
    assert_eq!((graph.services.len(), graph.edges.len()), (4, 3));
    assert_eq!(figures(&node.statistics), (3, 1, 0, 0, 4, 0.273));
    assert_eq!(figures(&signups.statistics), (2, 0, 0, 0, 2, 0.12));
    assert_eq!(figures(&sns.statistics), (2, 0, 0, 0, 2, 0.125));
    assert_eq!(figures(&caller.statistics), (0, 0, 0, 0, 0, 0.0));
    assert_eq!(node.statistics.histogram, [(0.005, 1), (0.015, 1), (0.096, 1), (0.157, 1)]);
    assert_eq!(node.statistics.durations, node.statistics.histogram);
    let times = [0.5, 0.75, 0.9, 0.99].map(|q| node.statistics.percentile(q));
    assert_eq!(times, [Some(0.015), Some(0.096), Some(0.157), Some(0.157)]);
    assert!((node.statistics.mean().expect("a time") - 0.06825).abs() < 1e-9);
    let natures = [node, signups, sns, caller].map(|service| service.nature);
    assert_eq!(natures, [Nature::Reporting, Nature::Inferred, Nature::Inferred, Nature::Client]);
    assert!(node.root && node.state == "active" && signups.state == "unknown");
    let between = |edge: &Edge| (edge.from.kind.clone(), edge.to.kind.clone(), edge.statistics.total);
    let edges: Vec<_> = graph.edges.iter().map(between).collect();
    let edge = |from: &str, to: &str, total| (from.to_owned(), to.to_owned(), total);
    let expected = [
        edge("client", "AWS::EC2::Instance", 4),
        edge("AWS::EC2::Instance", "AWS::SNS", 2),
        edge("AWS::EC2::Instance", "AWS::DynamoDB::Table", 2),
    ];
    assert_eq!(edges, expected);
    assert_eq!(graph.flaws.words(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_published_graph_has_its_figures() {
    let Some(text) = document() else { return };
    assert_printed(&graph(vec![text.clone()]).await);

    // The same on two pages: references lead from one to the other.
    let mut whole: Value = serde_json::from_str(&text).expect("JSON");
    let services = whole["Services"].take();
    let services = services.as_array().expect("services");
    let first = json!({ "Services": services[..2], "NextToken": "1" });
    let second = json!({ "Services": services[2..] });
    assert_printed(&graph(vec![first.to_string(), second.to_string()]).await);

    let client = client(serve(vec![text]).await).await;
    let (status, table, err) = print(&client, last(1), None, Output::Table).await;
    assert_eq!((status, err.as_str()), (Status::Done, ""));
    let of = |kind: &str| {
        table.lines().find(|line| line.contains(kind)).map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let printed = of(" AWS::EC2::Instance ").expect("a line");
    let figures = "4/min 75.0 % 25.0 % 0.0 % 0.0 % 68.2 ms 15.0 ms 157 ms 157 ms";
    assert!(printed.contains(figures), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cut_or_spoilt_is_said() {
    let Some(text) = document() else { return };
    for cut in [1, text.len() / 2, text.len() - 2] {
        let client = client(serve(vec![text[..cut].to_owned()]).await).await;
        let (status, out, err) = print(&client, last(60), None, Output::Table).await;
        assert_eq!((status, out.as_str()), (Status::Refused, ""), "cut at {cut}");
        assert!(err.starts_with("baro: xray:GetServiceGraph: garbled answer"), "{err}");
    }
    let spoilt = text
        .replacen("\"ReferenceId\": 3,\n     \"StartTime\"", "\"ReferenceId\": 77,\n     \"StartTime\"", 1)
        .replacen("\"OkCount\": 3", "\"OkCount\": -3", 1)
        .replacen("\"Value\": 0.157", "\"Value\": -0.157", 1);
    let client = client(serve(vec![spoilt]).await).await;
    let (status, out, err) = print(&client, last(60), None, Output::Table).await;
    assert_eq!((status, out.lines().count()), (Status::Done, 1 + 4 + 1 + 1 + 2), "{out}");
    let words = "1 edge to a service that is not in it, 1 count below 0, 1 response time below 0 or without a number";
    assert_eq!(err, format!("baro: X-Ray's answer has {words}\n"));
}
