//! GetServiceGraph and GetTimeSeriesServiceStatistics.

use chrono::TimeDelta;

use super::window::Window;
use super::{INVALID, filter, groups, statistics};
use crate::clock::{Time, floor};
use crate::demo::Estate;
use crate::demo::wire::token::{fingerprint, page};
use crate::demo::wire::{ApiError, Wire};
use crate::store::graph::{Edge, Service, ServiceGraph, ServiceKey};

/// The longest time range (API Reference, GetServiceGraph).
const LONGEST: TimeDelta = TimeDelta::hours(6);

/// Services a page.
const SERVICES: usize = 5;

/// Datapoints a page.
const POINTS: usize = 100;

/// Answers GetServiceGraph: services with their edges, a few a page.
pub(super) fn service_graph(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let issuer = groups::issuer(input)?;
    let window = Window::read(estate, input, LONGEST)?;
    let graph = estate.world.graph_of(issuer, window.from, window.to);
    let services: Vec<Wire> = graph.services.iter().map(|service| node(&graph, service, &window)).collect();
    let print = fingerprint("GetServiceGraph", input, &["NextToken"]);
    let (services, next) = page(services, SERVICES, print, input.text("NextToken"), INVALID)?;
    Ok(Wire::map([
        ("StartTime", window.from.into()),
        ("EndTime", window.end.into()),
        ("Services", Wire::List(services)),
        ("ContainsOldGroupVersions", false.into()),
        ("NextToken", next.into()),
    ]))
}

fn node(graph: &ServiceGraph, service: &Service, window: &Window) -> Wire {
    let edges = graph.edges.iter().filter(|edge| edge.from == service.key);
    Wire::map([
        ("ReferenceId", reference(graph, &service.key).into()),
        ("Name", service.key.name.as_str().into()),
        ("Names", Wire::list([service.key.name.as_str()])),
        ("Root", service.root.then_some(true).into()),
        ("AccountId", service.key.kind.starts_with("AWS::").then_some(Estate::ACCOUNT).into()),
        ("Type", service.key.kind.as_str().into()),
        ("State", service.state.as_str().into()),
        ("StartTime", window.from.into()),
        ("EndTime", window.to.into()),
        ("Edges", Wire::list(edges.map(|edge| edge_of(graph, edge, window)))),
        ("SummaryStatistics", statistics::summary(&service.statistics)),
        ("DurationHistogram", statistics::histogram(&service.statistics)),
        ("ResponseTimeHistogram", statistics::histogram(&service.statistics)),
    ])
}

fn edge_of(graph: &ServiceGraph, edge: &Edge, window: &Window) -> Wire {
    Wire::map([
        ("ReferenceId", reference(graph, &edge.to).into()),
        ("StartTime", window.from.into()),
        ("EndTime", window.to.into()),
        ("SummaryStatistics", statistics::summary(&edge.statistics)),
        ("ResponseTimeHistogram", statistics::histogram(&edge.statistics)),
        ("Aliases", Wire::List(Vec::new())),
    ])
}

/// A service's number in this answer; another answer may number it otherwise.
fn reference(graph: &ServiceGraph, key: &ServiceKey) -> Option<i64> {
    graph.services.iter().position(|service| service.key == *key).map(|index| index as i64)
}

/// Answers GetTimeSeriesServiceStatistics for one service or edge, or for all requests that clients sent.
pub(super) fn time_series(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let issuer = groups::issuer(input)?;
    let window = Window::read(estate, input, LONGEST)?;
    let period = match input.i64("Period") {
        None | Some(60) => 60,
        Some(300) => 300,
        Some(other) => return Err(ApiError::bad(INVALID, format!("Period {other} is not supported; use 60 or 300"))),
    };
    let (key, member) = match input.text("EntitySelectorExpression") {
        Some(text) if !text.trim().is_empty() => {
            let selector = filter::entity_selector(text)?;
            (selected(estate, &window, &selector), selector.member())
        }
        _ => (root(estate, &window), "EdgeSummaryStatistics"),
    };
    let from = floor(window.from, i64::from(period));
    let points = key.and_then(|key| estate.world.service_trend_of(issuer, &key, (from, window.to), period));
    let points = points.unwrap_or_default().into_iter().map(|point| {
        Wire::map([
            ("Timestamp", point.at.into()),
            (member, statistics::summary(&point.statistics)),
            ("ResponseTimeHistogram", statistics::histogram(&point.statistics)),
        ])
    });
    let print = fingerprint("GetTimeSeriesServiceStatistics", input, &["NextToken"]);
    let (points, next) = page(points.collect(), POINTS, print, input.text("NextToken"), INVALID)?;
    Ok(Wire::map([
        ("TimeSeriesServiceStatistics", Wire::List(points)),
        ("ContainsOldGroupVersions", false.into()),
        ("NextToken", next.into()),
    ]))
}

/// The end of the window, in which every service that is in use shows.
fn sample(window: &Window) -> (Time, Time) {
    (window.from.max(window.to - TimeDelta::minutes(10)), window.to)
}

fn selected(estate: &Estate, window: &Window, selector: &filter::EntitySelector) -> Option<ServiceKey> {
    let (from, to) = sample(window);
    let graph = estate.world.graph(from, to);
    match selector {
        filter::EntitySelector::Service(selector) => {
            graph.services.into_iter().map(|service| service.key).find(|key| selector.takes(key))
        }
        // A service has one caller: its figures are those of the edge.
        filter::EntitySelector::Edge(from, to) => {
            let mut edges = graph.edges.into_iter();
            edges.find(|edge| from.takes(&edge.from) && to.takes(&edge.to)).map(|edge| edge.to)
        }
    }
}

/// The service that clients call.
fn root(estate: &Estate, window: &Window) -> Option<ServiceKey> {
    let (from, to) = sample(window);
    let graph = estate.world.graph(from, to);
    let from_clients = graph.edges.iter().find(|edge| edge.from.kind == "client").map(|edge| edge.to.clone());
    from_clients.or_else(|| graph.services.into_iter().find(|service| service.root).map(|service| service.key))
}
