//! The service graph as the contract has it.

use serde_json::{Map, Value, json};

use crate::clock::Time;
use crate::store::graph::{Change, Edge, Service, ServiceGraph, ServiceKey, Statistics};
use crate::text::clean;
use crate::text::time::rfc3339;
use crate::text::units::round;

/// The document. Counts are 0 where nothing was counted; a time or a change that is not known is null.
pub(super) fn document(graph: &ServiceGraph) -> Value {
    let seconds = graph.seconds();
    json!({
        "schema": "barograph/v1",
        "window": window(graph.window),
        "window_before": window(graph.before),
        "group": graph.group.as_deref().map(clean),
        "services": graph.services.iter().map(|it| service(it, seconds)).collect::<Vec<_>>(),
        "edges": graph.edges.iter().map(|it| edge(it, seconds)).collect::<Vec<_>>(),
        "gone": graph.gone.iter().map(named).collect::<Vec<_>>(),
    })
}

fn window(window: Option<(Time, Time)>) -> Value {
    window.map_or(Value::Null, |(from, to)| json!({ "from": rfc3339(from), "to": rfc3339(to) }))
}

fn named(key: &ServiceKey) -> Value {
    json!({ "name": clean(&key.name), "type": clean(&key.kind) })
}

fn service(service: &Service, seconds: f64) -> Value {
    let mut told = Map::new();
    told.insert("name".to_owned(), clean(&service.key.name).into());
    told.insert("type".to_owned(), clean(&service.key.kind).into());
    told.insert("nature".to_owned(), service.nature.name().into());
    told.insert("state".to_owned(), clean(&service.state).into());
    told.insert("root".to_owned(), service.root.into());
    figures(&mut told, &service.statistics, service.change(), seconds);
    Value::Object(told)
}

fn edge(edge: &Edge, seconds: f64) -> Value {
    let mut told = Map::new();
    told.insert("from".to_owned(), clean(&edge.from.name).into());
    told.insert("to".to_owned(), clean(&edge.to.name).into());
    told.insert("from_type".to_owned(), clean(&edge.from.kind).into());
    told.insert("to_type".to_owned(), clean(&edge.to.kind).into());
    told.insert("edge_type".to_owned(), clean(&edge.kind).into());
    told.insert("aliases".to_owned(), edge.aliases.iter().map(named).collect());
    figures(&mut told, &edge.statistics, edge.change(), seconds);
    Value::Object(told)
}

fn figures(told: &mut Map<String, Value>, statistics: &Statistics, change: Option<Change>, seconds: f64) {
    let counts = [
        ("requests", statistics.total),
        ("ok", statistics.ok),
        ("error", statistics.error),
        ("throttle", statistics.throttle),
        ("fault", statistics.fault),
        ("unknown", statistics.unknown()),
    ];
    told.extend(counts.map(|(name, count)| (name.to_owned(), count.into())));
    told.insert("requests_per_s".to_owned(), round(statistics.total as f64 / seconds, 6).into());
    let times = [
        ("average_s", statistics.mean()),
        ("p50_s", statistics.percentile(0.5)),
        ("p90_s", statistics.percentile(0.9)),
        ("p99_s", statistics.percentile(0.99)),
    ];
    told.extend(times.map(|(name, time)| (name.to_owned(), time.map(|time| round(time, 6)).into())));
    let histogram = statistics.histogram.iter().map(|(time, count)| json!([round(*time, 6), count]));
    told.insert("histogram_s".to_owned(), histogram.collect());
    told.insert("change".to_owned(), change.map_or(Value::Null, |change| changes(&change)));
}

fn changes(change: &Change) -> Value {
    let number = |value: Option<f64>| value.map(|value| round(value, 4));
    json!({
        "requests_percent": number(change.requests),
        "ok_points": number(change.ok),
        "error_points": number(change.error),
        "throttle_points": number(change.throttle),
        "fault_points": number(change.fault),
        "average_percent": number(change.mean),
        "p50_percent": number(change.p50),
        "p90_percent": number(change.p90),
        "p99_percent": number(change.p99),
    })
}
