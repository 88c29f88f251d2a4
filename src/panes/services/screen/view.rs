//! What of the graph is shown: what the filter and the zoom leave.

use std::collections::HashSet;

use crate::analysis::concerns::Firing;
use crate::panes::Cx;
use crate::store::graph::{Edge, Service, ServiceGraph, ServiceKey};

use super::columns::{Order, Row, title};

/// How far the map reaches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Reach {
    /// All services.
    #[default]
    All,
    /// Those so many calls from one.
    Hops(usize, ServiceKey),
}

impl Reach {
    /// The next closer look round a service, or all again.
    pub(super) fn closer(&self, key: ServiceKey) -> Self {
        match self {
            Self::All => Self::Hops(2, key),
            Self::Hops(hops, _) if *hops > 1 => Self::Hops(hops - 1, key),
            Self::Hops(..) => Self::All,
        }
    }

    /// It in words, for the title.
    pub(super) fn words(&self) -> Option<String> {
        let Self::Hops(hops, key) = self else { return None };
        Some(format!("{hops} hop{} round {}", if *hops == 1 { "" } else { "s" }, title(key)))
    }
}

/// Whether each word of a filter stands in a service's name or type.
pub(super) fn matches(key: &ServiceKey, filter: &str) -> bool {
    let text = format!("{} {}", key.name, key.kind).to_lowercase();
    filter.split_whitespace().all(|word| text.contains(&word.to_lowercase()))
}

/// The services of the table: those that the filter lets through, in their order. A client that answers nothing is where
/// requests come from, and has no row.
pub(super) fn rows<'a>(cx: &Cx<'a>, filter: &str, order: Order, firing: &Firing) -> Vec<&'a Service> {
    let all = cx.store.graph.data.services.iter();
    let all = all.filter(|service| service.key.kind != "client" || service.statistics.total > 0);
    let mut found: Vec<(Row<'_>, &Service)> =
        all.filter(|service| matches(&service.key, filter)).map(|it| (Row::service(it, firing), it)).collect();
    found.sort_by(|a, b| order.compare(&a.0, &b.0));
    found.into_iter().map(|(_, service)| service).collect()
}

/// The calls from or to services that the filter lets through, or those of one service.
pub(super) fn calls<'a>(
    cx: &Cx<'a>,
    filter: &str,
    order: Order,
    firing: &Firing,
    of: Option<&ServiceKey>,
) -> Vec<&'a Edge> {
    let is_in = |edge: &&Edge| match of {
        Some(key) => edge.from == *key || edge.to == *key,
        None => matches(&edge.from, filter) || matches(&edge.to, filter),
    };
    let mut found: Vec<(Row<'_>, &Edge)> =
        cx.store.graph.data.edges.iter().filter(is_in).map(|edge| (Row::edge(edge, firing), edge)).collect();
    found.sort_by(|a, b| order.compare(&a.0, &b.0));
    found.into_iter().map(|(_, edge)| edge).collect()
}

/// What is on the map.
pub(super) struct Scene<'a> {
    /// Services, by their keys, so that figures change nothing in it.
    pub(super) services: Vec<&'a Service>,
    /// Calls between them.
    pub(super) edges: Vec<&'a Edge>,
    /// The calls by places in the services.
    pub(super) ends: Vec<(usize, usize)>,
    /// The filter that let them through.
    filter: String,
}

impl<'a> Scene<'a> {
    /// The services that the filter lets through, with those next to them, as far as the map reaches.
    pub(super) fn of(graph: &'a ServiceGraph, filter: &str, reach: &Reach) -> Self {
        let mut shown: HashSet<&ServiceKey> = graph.services.iter().map(|service| &service.key).collect();
        if !filter.trim().is_empty() {
            let found: HashSet<&ServiceKey> = shown.iter().copied().filter(|key| matches(key, filter)).collect();
            shown = near(graph, &found, 1);
        }
        if let Reach::Hops(hops, key) = reach
            && shown.contains(key)
        {
            let round = near(graph, &HashSet::from([key]), *hops);
            shown.retain(|key| round.contains(key));
        }
        let mut services: Vec<&Service> = graph.services.iter().filter(|it| shown.contains(&it.key)).collect();
        services.sort_by(|a, b| a.key.cmp(&b.key));
        services.dedup_by(|a, b| a.key == b.key);
        let place = |key: &ServiceKey| services.binary_search_by(|service| service.key.cmp(key)).ok();
        let placed = graph.edges.iter().filter_map(|edge| Some((edge, (place(&edge.from)?, place(&edge.to)?))));
        let (mut edges, mut ends): (Vec<&Edge>, Vec<(usize, usize)>) = placed.unzip();
        let mut order: Vec<usize> = (0..ends.len()).collect();
        order.sort_by_key(|edge| ends[*edge]);
        edges = order.iter().map(|edge| edges[*edge]).collect();
        ends = order.iter().map(|edge| ends[*edge]).collect();
        Self { services, edges, ends, filter: filter.to_owned() }
    }

    /// Whether a service is there for its neighbour alone, which is what was looked for.
    pub(super) fn is_beside(&self, key: &ServiceKey) -> bool {
        !matches(key, &self.filter)
    }

    /// The place of a service.
    pub(super) fn place(&self, key: &ServiceKey) -> Option<usize> {
        self.services.iter().position(|service| service.key == *key)
    }
}

/// What is so many calls from some services, whoever calls.
fn near<'a>(graph: &'a ServiceGraph, from: &HashSet<&ServiceKey>, hops: usize) -> HashSet<&'a ServiceKey> {
    let all = graph.services.iter().map(|service| &service.key);
    let mut found: HashSet<&ServiceKey> = all.filter(|key| from.contains(key)).collect();
    for _ in 0..hops {
        let next: Vec<&ServiceKey> = graph
            .edges
            .iter()
            .flat_map(|edge| [(&edge.from, &edge.to), (&edge.to, &edge.from)])
            .filter(|(one, _)| found.contains(one))
            .map(|(_, other)| other)
            .collect();
        found.extend(next);
    }
    found
}
