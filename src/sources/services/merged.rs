//! Slices of the service graph, added up by type and name.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use aws_sdk_xray::types::{Alias, Service as AwsService};

use super::statistics::{buckets, edge_statistics, service_statistics};
use crate::clock::Time;
use crate::sources::errors::line;
use crate::store::graph::{Edge, Flaws, Nature, Service, ServiceGraph, ServiceKey};

/// The graph while its slices are added up.
#[derive(Debug, Default)]
pub(super) struct Merged {
    services: BTreeMap<ServiceKey, Service>,
    edges: BTreeMap<(ServiceKey, ServiceKey), Edge>,
    flaws: Flaws,
    old_group: bool,
}

impl Merged {
    /// One slice; its reference ids mean something in it alone.
    pub(super) fn of(slice: &[AwsService], old_group: bool) -> Self {
        let mut merged = Self { old_group, ..Self::default() };
        let by_reference: HashMap<i32, ServiceKey> =
            slice.iter().filter_map(|service| Some((service.reference_id()?, key(service)))).collect();
        for service in slice {
            merged.take(service, &by_reference);
        }
        merged
    }

    fn take(&mut self, service: &AwsService, by_reference: &HashMap<i32, ServiceKey>) {
        let from = key(service);
        if from.name.is_empty() && from.kind.is_empty() {
            self.flaws.nameless += 1;
        }
        let flaws = &mut self.flaws;
        let mut statistics = service_statistics(service.summary_statistics(), service.response_time_histogram(), flaws);
        statistics.durations = buckets(service.duration_histogram(), flaws);
        let state = line(service.state().unwrap_or_default());
        add_service(
            &mut self.services,
            Service {
                nature: Nature::of(&from.kind, &state),
                key: from.clone(),
                names: service.names().iter().map(|name| line(name)).collect(),
                state,
                account: line(service.account_id().unwrap_or_default()),
                root: service.root().unwrap_or_default(),
                statistics,
                before: None,
            },
        );
        for edge in service.edges() {
            let Some(to) = edge.reference_id().and_then(|id| by_reference.get(&id)) else {
                self.flaws.dangling += 1;
                continue;
            };
            let histogram = edge.response_time_histogram();
            let edge = Edge {
                from: from.clone(),
                to: to.clone(),
                kind: line(edge.edge_type().unwrap_or_default()),
                aliases: edge.aliases().iter().map(alias).collect(),
                statistics: edge_statistics(edge.summary_statistics(), histogram, &mut self.flaws),
                before: None,
            };
            add_edge(&mut self.edges, edge);
        }
    }

    /// Adds another slice.
    pub(super) fn add(&mut self, other: &Self) {
        other.services.values().for_each(|service| add_service(&mut self.services, service.clone()));
        other.edges.values().for_each(|edge| add_edge(&mut self.edges, edge.clone()));
        self.flaws.add(&other.flaws);
        self.old_group |= other.old_group;
    }

    /// The graph: nodes nearer to the client first, then by name; edges as their callers, then as whom they call.
    pub(super) fn finish(self, window: (Time, Time)) -> ServiceGraph {
        let called: HashSet<&ServiceKey> = self.edges.keys().map(|(_, called)| called).collect();
        let mut calls: HashMap<&ServiceKey, Vec<&ServiceKey>> = HashMap::new();
        for (from, to) in self.edges.keys() {
            calls.entry(from).or_default().push(to);
        }
        let mut distance: HashMap<ServiceKey, usize> = HashMap::new();
        let mut queue: VecDeque<(&ServiceKey, usize)> =
            self.services.keys().filter(|key| !called.contains(key)).map(|key| (key, 0)).collect();
        while let Some((key, steps)) = queue.pop_front() {
            if distance.contains_key(key) {
                continue;
            }
            queue.extend(calls.get(key).into_iter().flatten().map(|called| (*called, steps + 1)));
            distance.insert(key.clone(), steps);
        }
        let far = |key: &ServiceKey| distance.get(key).copied().unwrap_or(usize::MAX);
        let mut services: Vec<Service> = self.services.into_values().collect();
        services.sort_by(|a, b| (far(&a.key), &a.key.name, &a.key.kind).cmp(&(far(&b.key), &b.key.name, &b.key.kind)));
        let place: HashMap<&ServiceKey, usize> =
            services.iter().enumerate().map(|(place, service)| (&service.key, place)).collect();
        let mut edges: Vec<Edge> = self.edges.into_values().collect();
        edges.sort_by_key(|edge| [&edge.from, &edge.to].map(|end| place.get(end).copied().unwrap_or(usize::MAX)));
        ServiceGraph {
            services,
            edges,
            window: Some(window),
            flaws: self.flaws,
            old_group: self.old_group,
            ..ServiceGraph::default()
        }
    }
}

fn key(service: &AwsService) -> ServiceKey {
    ServiceKey { kind: line(service.r#type().unwrap_or_default()), name: line(service.name().unwrap_or_default()) }
}

fn alias(alias: &Alias) -> ServiceKey {
    ServiceKey { kind: line(alias.r#type().unwrap_or_default()), name: line(alias.name().unwrap_or_default()) }
}

/// Adds a node to that of its key. What has reported once reports; a state other than unknown stays.
fn add_service(services: &mut BTreeMap<ServiceKey, Service>, new: Service) {
    let Some(known) = services.get_mut(&new.key) else {
        services.insert(new.key.clone(), new);
        return;
    };
    known.statistics.add(&new.statistics);
    known.root |= new.root;
    if new.nature < known.nature || known.state.is_empty() {
        known.state = new.state;
    }
    known.nature = known.nature.min(new.nature);
    if known.account.is_empty() {
        known.account = new.account;
    }
    for name in new.names {
        if !known.names.contains(&name) {
            known.names.push(name);
        }
    }
}

/// Adds an edge to that between the same two. Where one of them is waited for, the whole is.
fn add_edge(edges: &mut BTreeMap<(ServiceKey, ServiceKey), Edge>, new: Edge) {
    let between = (new.from.clone(), new.to.clone());
    let Some(known) = edges.get_mut(&between) else {
        edges.insert(between, new);
        return;
    };
    known.statistics.add(&new.statistics);
    if known.is_link() && !new.is_link() {
        known.kind = new.kind;
    }
    for alias in new.aliases {
        if !known.aliases.contains(&alias) {
            known.aliases.push(alias);
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_xray::types::{Edge as AwsEdge, EdgeStatistics, ErrorStatistics, HistogramEntry, ServiceStatistics};

    use super::*;

    fn window() -> (Time, Time) {
        let t = |text: &str| text.parse().expect("a time");
        (t("2026-01-15T00:00:00Z"), t("2026-01-15T12:00:00Z"))
    }

    fn service(reference: i32, name: &str, kind: &str, ok: i64, calls: &[i32]) -> AwsService {
        let errors = ErrorStatistics::builder().throttle_count(1).total_count(2).build();
        let statistics = ServiceStatistics::builder().ok_count(ok).error_statistics(errors).total_count(ok + 2).build();
        let histogram = || HistogramEntry::builder().value(0.5).count(ok as i32).build();
        let mut service = AwsService::builder()
            .reference_id(reference)
            .name(name)
            .r#type(kind)
            .names(name)
            .summary_statistics(statistics)
            .duration_histogram(histogram())
            .response_time_histogram(histogram());
        for &to in calls {
            let counts = EdgeStatistics::builder().ok_count(ok).total_count(ok).build();
            service = service.edges(AwsEdge::builder().reference_id(to).summary_statistics(counts).build());
        }
        service.build()
    }

    fn merged(slices: &[&[AwsService]]) -> ServiceGraph {
        let mut merged = Merged::default();
        for slice in slices {
            merged.add(&Merged::of(slice, false));
        }
        merged.finish(window())
    }

    #[test]
    fn slices_with_other_reference_ids_add_up() {
        let graph = merged(&[
            &[service(0, "api", "client", 1, &[1]), service(1, "api", "AWS::ApiGateway::Stage", 1, &[2])],
            &[service(9, "db", "AWS::DynamoDB", 3, &[]), service(8, "api", "AWS::ApiGateway::Stage", 4, &[9])],
        ]);
        let names: Vec<(&str, &str)> =
            graph.services.iter().map(|s| (s.key.kind.as_str(), s.key.name.as_str())).collect();
        assert_eq!(names, [("client", "api"), ("AWS::ApiGateway::Stage", "api"), ("AWS::DynamoDB", "db")]);
        let api = &graph.services[1].statistics;
        assert_eq!((api.ok, api.error, api.throttle, api.error_other, api.total), (5, 4, 2, 2, 9));
        assert_eq!((api.histogram.as_slice(), api.durations.as_slice()), (&[(0.5, 5)][..], &[(0.5, 5)][..]));
        assert_eq!(graph.edges.len(), 2, "an edge to a node that is not in its slice is no edge");
        assert_eq!(graph.edges[1].statistics.ok, 4, "after that of the client");
        assert_eq!(graph.flaws.dangling, 1, "but it is told");
    }

    #[test]
    fn edges_stand_as_their_callers_do() {
        let graph = merged(&[&[
            service(0, "z-client", "client", 1, &[1]),
            service(1, "y-api", "x", 1, &[2, 3]),
            service(2, "b", "x", 1, &[4]),
            service(3, "c", "x", 1, &[]),
            service(4, "a", "x", 1, &[]),
        ]]);
        let told: Vec<String> = graph.edges.iter().map(|edge| format!("{} {}", edge.from.name, edge.to.name)).collect();
        assert_eq!(told, ["z-client y-api", "y-api b", "y-api c", "b a"]);
    }

    #[test]
    fn a_ring_of_services_ends() {
        let graph = merged(&[&[service(0, "a", "x", 1, &[1]), service(1, "b", "x", 1, &[0])]]);
        assert_eq!(graph.services.len(), 2);
    }

    #[test]
    fn nodes_and_edges_are_told_apart() {
        let link = AwsEdge::builder()
            .reference_id(1)
            .edge_type("link")
            .aliases(Alias::builder().name("orders").r#type("AWS::SQS::Queue").build())
            .build();
        let worker = AwsService::builder().reference_id(0).name("api").state("active").edges(link).build();
        let queue =
            AwsService::builder().reference_id(1).name("orders").r#type("AWS::SQS::Queue").state("unknown").build();
        let awake = AwsService::builder().reference_id(7).name("orders").r#type("AWS::SQS::Queue").state("active");
        let graph = merged(&[&[worker.clone(), queue.clone()]]);
        assert_eq!(graph.services[1].nature, Nature::Inferred);
        assert!(graph.edges[0].is_link());
        assert_eq!(graph.edges[0].aliases[0].name, "orders");
        let graph = merged(&[&[worker, queue], &[awake.build()]]);
        assert_eq!((graph.services[1].nature, graph.services[1].state.as_str()), (Nature::Reporting, "active"));
    }

    #[test]
    fn a_service_that_says_nothing_of_itself_is_no_reason_to_stop() {
        let nobody = AwsService::builder().edges(AwsEdge::builder().build()).build();
        let graph = merged(&[&[nobody]]);
        assert_eq!((graph.services.len(), graph.edges.len()), (1, 0));
        assert_eq!((graph.flaws.nameless, graph.flaws.dangling), (1, 1));
    }
}
