//! The graph of the demo against the world, read another way: every trace's documents, every log line.

use std::collections::{BTreeSet, HashMap};

use barograph::clock::Time;
use barograph::sources::service_graph;
use chrono::TimeDelta;
use serde_json::Value;

use super::{RATE, last, place};
use crate::harness::console::{time, world};
use crate::harness::requests::{Answer, answers};

/// What one service answered, request by request.
#[derive(Default)]
struct Answers {
    outcomes: [u64; 4],
    seconds: Vec<f64>,
}

/// Every service's answers in requests that ended in a window, from the documents of their traces.
fn answered((from, to): (Time, Time)) -> HashMap<String, Answers> {
    let world = world(RATE);
    let mut found: HashMap<String, Answers> = HashMap::new();
    let summaries = world.trace_summaries(from, to);
    assert!(summaries.len() > 500);
    for summary in summaries {
        let record = world.trace(&summary.id, time("2026-01-15T12:00:00Z")).expect("a trace");
        for (_, document) in &record.segments {
            let document: Value = serde_json::from_str(&document.to_string()).expect("JSON");
            for Answer { service, outcome, seconds, .. } in answers(&document) {
                let told: &mut Answers = found.entry(service).or_default();
                told.outcomes[outcome as usize] += 1;
                told.seconds.push(seconds);
            }
        }
    }
    found
}

/// The exact percentile: the value at its rank.
fn exact(sorted: &[f64], q: f64) -> f64 {
    sorted[((q * sorted.len() as f64).ceil() as usize).clamp(1, sorted.len()) - 1]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_graph_is_the_world() {
    let (client, _demo, _guard) = place("").await;
    let window = last(4);
    let graph = service_graph(&client, None, window, &|_, _| ()).await.expect("a graph");
    let calls: BTreeSet<(&str, &str)> =
        graph.edges.iter().map(|edge| (edge.from.name.as_str(), edge.to.name.as_str())).collect();
    let topology = [
        ("client", "token-api"),
        ("token-api", "TokenProvisioningService"),
        ("TokenProvisioningService", "TokenStore"),
        ("TokenProvisioningService", "TokenizationService"),
        ("TokenizationService", "IssuerAuthorization"),
        ("TokenizationService", "TSP"),
    ];
    assert_eq!(calls, BTreeSet::from(topology));

    let answers = answered(window);
    for service in graph.services.iter().filter(|service| service.key.name != "client") {
        let told = &service.statistics;
        let Answers { outcomes: [ok, error, throttle, fault], seconds } = &answers[&service.key.name];
        let counts = (told.ok, told.error, told.throttle, told.fault);
        assert_eq!(counts, (*ok, error + throttle, *throttle, *fault), "{}", service.key.name);
        let mut seconds = seconds.clone();
        seconds.sort_by(f64::total_cmp);
        for q in [0.5, 0.9, 0.99] {
            let (told, exact) = (told.percentile(q).expect("a time"), exact(&seconds, q));
            // A bucket is a millisecond, or a 64th of what it holds.
            let bucket = (exact / 64.0).max(0.001);
            assert!((told - exact).abs() <= bucket, "{} p{}: {told} of {exact}", service.key.name, q * 100.0);
        }
        let mean = seconds.iter().sum::<f64>() / seconds.len() as f64;
        assert!((told.mean().expect("a time") - mean).abs() < 1e-6);
        let edge = graph.edges.iter().find(|edge| edge.to == service.key).expect("a caller");
        assert_eq!(&edge.statistics.histogram, &told.histogram);
    }

    // As many requests as log lines that end one.
    let lines = world(RATE).log_events("/aws/lambda/token-provisioning-service", window.0, window.1);
    let ends = lines.iter().filter(|line| !line.message.contains("TOKEN_PROVISION_START")).count();
    let api = graph.services.iter().find(|service| service.key.name == "token-api").expect("the api");
    assert_eq!(api.statistics.total, ends as u64);
    let before =
        service_graph(&client, None, (window.0 - TimeDelta::minutes(4), window.0), &|_, _| ()).await.expect("a graph");
    let earlier = before.service(&api.key).expect("the api").statistics.clone();
    assert_eq!(api.before.as_ref().map(|before| before.total), Some(earlier.total));
}
