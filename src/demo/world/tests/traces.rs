//! Traces and the service graph agree with the log lines and with each other.

use std::collections::HashMap;

use super::*;
use crate::store::graph::Statistics;
use crate::store::trace::{Span, SpanKind, Trace};

/// The span of a segment in milliseconds since the epoch.
fn span(segment: &Span) -> (i64, i64) {
    let ms = |s: f64| (s * 1000.0).round() as i64;
    (ms(segment.start_s), ms(segment.end_s.expect("an end")))
}

fn tree(record: &TraceRecord) -> Trace {
    let texts: Vec<String> = record.segments.iter().map(|(_, document)| document.to_string()).collect();
    Trace::from_documents(&record.id, record.duration_s, texts.iter().map(String::as_str))
}

/// The node that a segment or a call to something without segments stands for.
fn node_of(trace: &Trace, row: usize) -> Option<ServiceKey> {
    let segment = &trace.spans[row];
    let key = |kind: &str, name: &str| Some(ServiceKey { kind: kind.to_owned(), name: name.to_owned() });
    match (segment.place(), segment.name.as_str()) {
        ("aws", "DynamoDB") => key("AWS::DynamoDB::Table", segment.document["aws"]["table_name"].as_str()?),
        // A call that is told by the called service's own segment.
        ("aws", _) => None,
        ("remote", _) if trace.children(row).any(|c| trace.spans[c].kind == SpanKind::Segment) => None,
        (origin, name) => key(origin, name),
    }
}

#[test]
fn traces_agree_with_log_lines() {
    let world = world(1.0);
    let lines = parsed(&world, minutes("2026-01-15T10:11:00Z", 2));
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (time, line) in lines.iter().filter(|(_, l)| l["event"] != "TOKEN_PROVISION_START") {
        let id = line["traceId"].as_str().expect("an id");
        let record = world.trace(id, at(LATE)).expect("a trace");
        let trace = tree(&record);
        assert_eq!((trace.problems.len(), trace.roots().count()), (0, 1));
        let root = &trace.spans[0];
        let took = line["processingTime"].as_f64().expect("a time");
        assert!((record.duration_s - took).abs() < 1e-9);
        assert_eq!(span(root).1, time.timestamp_millis());
        assert_eq!(i64::from_str_radix(&id[2..10], 16).expect("hex"), span(root).0 / 1000);
        let mut names = Vec::new();
        for (row, segment) in trace.spans.iter().enumerate() {
            names.push(segment.name.clone());
            let (start, end) = span(segment);
            assert!(start <= end && start >= span(root).0 && end <= span(root).1, "{} in {id}", segment.name);
            for child in trace.children(row).map(|child| &trace.spans[child]) {
                assert!(span(child).0 >= start && span(child).1 <= end, "{} in {}", child.name, segment.name);
            }
            let annotations = &segment.document["annotations"];
            if !annotations.is_null() {
                assert_eq!(annotations["correlationId"], line["correlationId"]);
                assert_eq!(annotations["WalletProvider"], line["walletProvider"]);
                assert_eq!(annotations["Issuer"], line["issuer"]);
                assert_eq!(annotations["Os"], line["os"]);
                assert_eq!(segment.name, "TokenProvisioningService");
            }
            if segment.name == "TokenizationService" && segment.origin == "AWS::ECS::Container" {
                assert_eq!(segment.document["metadata"]["default"]["TokenType"], "DPAN");
            }
        }
        let tries = names.iter().filter(|name| *name == "TSP").count();
        let reason = line["reason"].as_str().unwrap_or("SUCCESS");
        let (fault, error, throttle, calls) = match reason {
            "SUCCESS" => (false, false, false, 1),
            "TSP_TIMEOUT" => (true, false, false, 3),
            "STORE_THROTTLED" => (false, true, true, 0),
            _ => (false, true, false, 0),
        };
        assert_eq!((root.fault, root.error, root.throttle, tries), (fault, error, throttle, calls), "{reason}");
        *seen.entry(reason).or_default() += 1;
    }
    assert!(seen["SUCCESS"] > 50 && seen["TSP_TIMEOUT"] > 5, "{seen:?}");
    assert_eq!(world.trace("1-00000000-000000000000000000000000", at(LATE)), None);
    assert_eq!(world.trace("nonsense", at(LATE)), None);
}

#[test]
fn a_running_trace_tells_what_has_happened() {
    let world = world(2.0);
    let lines = parsed(&world, minutes("2026-01-15T10:15:00Z", 1));
    let (end, line) = lines.iter().find(|(_, l)| l["reason"] == "TSP_TIMEOUT").expect("a time-out");
    let id = line["traceId"].as_str().expect("an id");
    let now = *end - TimeDelta::seconds(10);
    let trace = tree(&world.trace(id, now).expect("a trace"));
    let mut tries = Vec::new();
    for segment in &trace.spans {
        assert!(segment.start_s <= now.timestamp_millis() as f64 / 1000.0);
        assert_eq!(segment.end_s.is_none(), segment.document["in_progress"] == true);
        assert_eq!(segment.fault, segment.name == "TSP" && segment.end_s.is_some());
        if segment.name == "TSP" {
            tries.push(segment.end_s.is_some());
        }
    }
    assert_eq!(tries, [true, false]);
    assert_eq!(world.trace(id, *end - TimeDelta::seconds(40)), None);
}

#[test]
fn the_graph_sums_what_traces_show() {
    let world = world(2.0);
    for from in ["2026-01-15T09:30:00Z", "2026-01-15T10:20:00Z"] {
        let window = minutes(from, 1);
        let mut walked: HashMap<ServiceKey, Statistics> = HashMap::new();
        let summaries = world.trace_summaries(window.0, window.1);
        assert!(summaries.len() > 80);
        for summary in &summaries {
            let record = world.trace(&summary.id, at(LATE)).expect("a trace");
            let end = summary.start + TimeDelta::milliseconds((summary.duration_s * 1000.0).round() as i64);
            assert!(window.0 <= end && end < window.1);
            let (mut fault, mut error, mut throttle) = (false, false, false);
            let trace = tree(&record);
            for (row, segment) in trace.spans.iter().enumerate() {
                (fault, error, throttle) = (fault | segment.fault, error | segment.error, throttle | segment.throttle);
                let Some(key) = node_of(&trace, row) else { continue };
                assert!(summary.services.contains(&key), "{key:?}");
                let figures = walked.entry(key).or_default();
                let (start, end) = span(segment);
                figures.total += 1;
                figures.fault += u64::from(segment.fault);
                figures.error += u64::from(segment.error);
                figures.throttle += u64::from(segment.throttle);
                figures.ok += u64::from(!segment.fault && !segment.error);
                figures.total_time_s += (end - start) as f64 / 1000.0;
            }
            assert_eq!((summary.fault, summary.error, summary.throttle), (fault, error, throttle));
        }
        let graph = world.graph(window.0, window.1);
        assert_eq!(graph.services.len(), 7);
        assert_eq!(graph.edges.len(), 6);
        for service in graph.services.iter().filter(|s| s.key.kind != "client") {
            let (figures, walked) = (&service.statistics, &walked[&service.key]);
            let counts = |s: &Statistics| (s.ok, s.error, s.throttle, s.fault, s.total);
            assert_eq!(counts(figures), counts(walked), "{:?}", service.key);
            assert!((figures.total_time_s - walked.total_time_s).abs() < 1e-6, "{:?}", service.key);
            assert_eq!(figures.histogram.iter().map(|(_, n)| n).sum::<u64>(), figures.total);
            let edge = graph.edges.iter().find(|e| e.to == service.key).expect("an edge");
            assert_eq!(&edge.statistics, figures);
            let trend = world.service_trend(&service.key, window.0, window.1, 60).expect("a trend");
            assert_eq!(trend.len(), 1);
            assert_eq!(&trend[0].statistics, figures);
        }
    }
}

#[test]
fn the_graph_of_a_window_is_the_sum_of_its_slices() {
    let world = world(2.0);
    let (from, to) = minutes("2026-01-15T10:18:20Z", 4);
    let whole = world.graph(from, to);
    let mut sums: HashMap<ServiceKey, Statistics> = HashMap::new();
    for slice in [(0, 13), (13, 100), (100, 240)] {
        let slice = world.graph(from + TimeDelta::seconds(slice.0), from + TimeDelta::seconds(slice.1));
        for service in slice.services {
            sums.entry(service.key).or_default().add(&service.statistics);
        }
    }
    for service in &whole.services {
        let sum = &sums[&service.key];
        assert_eq!((sum.total, &sum.histogram), (service.statistics.total, &service.statistics.histogram));
    }
    let tsp = &whole.services.iter().find(|s| s.key.name == "TSP").expect("TSP").statistics;
    assert!(tsp.fault_share() > 0.2 && tsp.percentile(0.99) == Some(8.0), "{tsp:?}");
    let store = whole.services.iter().find(|s| s.key.name == "TokenStore").expect("the store");
    assert!(store.statistics.throttle > 0);
    let key = store.key.clone();
    let trend = world.service_trend(&key, from, to, 60).expect("a trend");
    assert_eq!(trend.len(), 5);
    assert_eq!(trend.iter().map(|p| p.statistics.total).sum::<u64>(), store.statistics.total);
    assert_eq!(world.service_trend(&ServiceKey { kind: "remote".into(), name: "?".into() }, from, to, 60), None);
}

#[test]
fn resource_metrics_are_what_the_graph_counts() {
    let world = world(4.0);
    let window = minutes("2026-01-15T10:25:00Z", 1);
    let graph = world.graph(window.0, window.1);
    let of = |name: &str| &graph.services.iter().find(|s| s.key.name == name).expect("a service").statistics;
    let sum = |namespace: &str, name: &str| {
        const TOKENS: [&str; 3] = ["token-provisioning-service", "TokenStore", "token-api"];
        let of_tokens = |m: &&MetricName| m.dimensions.iter().any(|(_, value)| TOKENS.contains(&value.as_str()));
        let mut named = world.metrics().iter().filter(|m| m.namespace == namespace && m.name == name);
        let metric = named.find(of_tokens).expect("a metric");
        let samples = world.samples(metric, window.0, window.1, at(LATE)).expect("samples");
        samples.iter().flat_map(|(_, d)| &d.values).map(|(v, n)| v * *n as f64).sum::<f64>()
    };
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} and {b}");
    close(sum("AWS/DynamoDB", "ThrottledRequests"), of("TokenStore").throttle as f64);
    close(sum("AWS/DynamoDB", "ConsumedReadCapacityUnits"), of("TokenStore").ok as f64 / 2.0);
    close(sum("AWS/ApiGateway", "Count"), of("token-api").total as f64);
    close(sum("AWS/ApiGateway", "5XXError"), of("token-api").fault as f64);
    close(sum("AWS/ApiGateway", "4XXError"), of("token-api").error as f64);
    close(sum("AWS/Lambda", "Errors"), of("TokenProvisioningService").fault as f64);
    close(sum("AWS/Lambda", "Duration") / 1000.0, of("TokenProvisioningService").total_time_s);
}
