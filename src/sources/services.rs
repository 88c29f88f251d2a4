//! X-Ray `GetServiceGraph`: services and the calls between them, in slices that X-Ray allows, merged.

use std::collections::{BTreeMap, HashMap, VecDeque};

use aws_sdk_xray::types::{
    EdgeStatistics, ErrorStatistics, FaultStatistics, HistogramEntry, Service as AwsService, ServiceStatistics,
};
use chrono::TimeDelta;

use super::desk::{Again, Closed, Desk, Source};
use super::errors::line;
use super::operation::GET_SERVICE_GRAPH;
use super::times::to_aws;
use crate::app::msg::Update;
use crate::clock::Time;
use crate::store::graph::{Edge, Service, ServiceGraph, ServiceKey, Statistics};
use crate::store::health::{SourceError, SourceId};

/// The longest range of one GetServiceGraph call (X-Ray API reference).
pub(super) const SLICE: TimeDelta = TimeDelta::hours(6);

/// How long X-Ray keeps traces (developer guide, "Concepts": 30 days); before that there is nothing to ask for.
const KEPT: TimeDelta = TimeDelta::days(30);

/// The source of the service graph.
#[derive(Debug, Clone, Copy)]
pub(super) struct Services;

impl Source for Services {
    fn id(&self) -> SourceId {
        SourceId::Services
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let window = desk.window();
        let (from, to) = window.range(desk.now());
        let from = from.max(desk.now() - KEPT);
        let mut graph = Merged::default();
        for (start, end) in slices(from, to) {
            if let Err(error) = read(desk, start, end, &mut graph).await {
                return Ok(Err(error));
            }
        }
        let graph = graph.finish(from, to);
        desk.tell(Update::Services { at: desk.now(), graph }).await?;
        Ok(Ok(if window.is_live() { Again::After(desk.client.tuning.services_every) } else { Again::Never }))
    }
}

/// All pages of one slice.
async fn read(desk: &Desk, from: Time, to: Time, graph: &mut Merged) -> Result<(), SourceError> {
    let mut slice: Vec<AwsService> = Vec::new();
    let mut token = None;
    loop {
        let request =
            desk.client.xray.get_service_graph().start_time(to_aws(from)).end_time(to_aws(to)).set_next_token(token);
        let mut page = desk.client.call(&GET_SERVICE_GRAPH, request.send()).await?;
        slice.append(page.services.get_or_insert_default());
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    graph.add(&slice);
    Ok(())
}

/// A range cut into what one call may ask, oldest first.
pub(super) fn slices(from: Time, to: Time) -> impl Iterator<Item = (Time, Time)> {
    let cut = move |start: Time| (start < to).then(|| (start, (start + SLICE).min(to)));
    std::iter::successors(cut(from), move |(_, end)| cut(*end))
}

/// The counts of a service.
pub(super) fn service_statistics(s: Option<&ServiceStatistics>, histogram: &[HistogramEntry]) -> Statistics {
    let Some(s) = s else { return Statistics { histogram: buckets(histogram), ..Statistics::default() } };
    Statistics {
        ok: positive(s.ok_count()),
        error: positive(s.error_statistics().and_then(ErrorStatistics::total_count)),
        throttle: positive(s.error_statistics().and_then(ErrorStatistics::throttle_count)),
        fault: positive(s.fault_statistics().and_then(FaultStatistics::total_count)),
        total: positive(s.total_count()),
        total_time_s: s.total_response_time().unwrap_or_default(),
        histogram: buckets(histogram),
    }
}

/// The counts of an edge.
pub(super) fn edge_statistics(s: Option<&EdgeStatistics>, histogram: &[HistogramEntry]) -> Statistics {
    let Some(s) = s else { return Statistics { histogram: buckets(histogram), ..Statistics::default() } };
    Statistics {
        ok: positive(s.ok_count()),
        error: positive(s.error_statistics().and_then(ErrorStatistics::total_count)),
        throttle: positive(s.error_statistics().and_then(ErrorStatistics::throttle_count)),
        fault: positive(s.fault_statistics().and_then(FaultStatistics::total_count)),
        total: positive(s.total_count()),
        total_time_s: s.total_response_time().unwrap_or_default(),
        histogram: buckets(histogram),
    }
}

fn positive(count: Option<i64>) -> u64 {
    count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default()
}

fn buckets(histogram: &[HistogramEntry]) -> Vec<(f64, u64)> {
    let mut buckets: Vec<(f64, u64)> =
        histogram.iter().filter_map(|entry| Some((entry.value, u64::try_from(entry.count).ok()?))).collect();
    buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
    buckets
}

/// The graph while its slices are added up.
#[derive(Debug, Default)]
struct Merged {
    services: BTreeMap<ServiceKey, (bool, Statistics)>,
    edges: BTreeMap<(ServiceKey, ServiceKey), Statistics>,
}

impl Merged {
    /// Adds one slice; its reference ids mean something in this slice alone.
    fn add(&mut self, slice: &[AwsService]) {
        let key = |service: &AwsService| ServiceKey {
            kind: line(service.r#type().unwrap_or_default()),
            name: line(service.name().unwrap_or_default()),
        };
        let by_reference: HashMap<i32, ServiceKey> =
            slice.iter().filter_map(|service| Some((service.reference_id()?, key(service)))).collect();
        for service in slice {
            let from = key(service);
            let (root, statistics) = self.services.entry(from.clone()).or_default();
            *root |= service.root().unwrap_or_default();
            statistics.add(&service_statistics(service.summary_statistics(), service.response_time_histogram()));
            for edge in service.edges() {
                let Some(to) = edge.reference_id().and_then(|id| by_reference.get(&id)) else { continue };
                let counts = edge_statistics(edge.summary_statistics(), edge.response_time_histogram());
                self.edges.entry((from.clone(), to.clone())).or_default().add(&counts);
            }
        }
    }

    /// The graph: nodes nearer to the client first, then by name; edges by caller and called.
    fn finish(self, from: Time, to: Time) -> ServiceGraph {
        let called = |key: &ServiceKey| self.edges.keys().any(|(_, called)| called == key);
        let mut distance: BTreeMap<ServiceKey, usize> = BTreeMap::new();
        let mut queue: VecDeque<(ServiceKey, usize)> =
            self.services.keys().filter(|key| !called(key)).map(|key| (key.clone(), 0)).collect();
        while let Some((key, steps)) = queue.pop_front() {
            if distance.contains_key(&key) {
                continue;
            }
            let next = self.edges.keys().filter(|(caller, _)| caller == &key);
            queue.extend(next.map(|(_, called)| (called.clone(), steps + 1)));
            distance.insert(key, steps);
        }
        let far = |key: &ServiceKey| distance.get(key).copied().unwrap_or(usize::MAX);
        let mut services: Vec<Service> =
            self.services.into_iter().map(|(key, (root, statistics))| Service { key, root, statistics }).collect();
        services.sort_by(|a, b| (far(&a.key), &a.key.name, &a.key.kind).cmp(&(far(&b.key), &b.key.name, &b.key.kind)));
        let edges = self.edges.into_iter().map(|((from, to), statistics)| Edge { from, to, statistics }).collect();
        ServiceGraph { services, edges, window: Some((from, to)) }
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_xray::types::Edge as AwsEdge;

    use super::*;

    fn t(text: &str) -> Time {
        text.parse().expect("a time")
    }

    fn service(reference: i32, name: &str, kind: &str, ok: i64, calls: &[i32]) -> AwsService {
        let errors = ErrorStatistics::builder().throttle_count(1).total_count(2).build();
        let statistics = ServiceStatistics::builder().ok_count(ok).error_statistics(errors).total_count(ok + 2).build();
        let mut service = AwsService::builder()
            .reference_id(reference)
            .name(name)
            .r#type(kind)
            .summary_statistics(statistics)
            .response_time_histogram(HistogramEntry::builder().value(0.5).count(ok as i32).build());
        for &to in calls {
            let counts = EdgeStatistics::builder().ok_count(ok).total_count(ok).build();
            service = service.edges(AwsEdge::builder().reference_id(to).summary_statistics(counts).build());
        }
        service.build()
    }

    #[test]
    fn slices_with_other_reference_ids_add_up() {
        let mut merged = Merged::default();
        merged.add(&[service(0, "api", "client", 1, &[1]), service(1, "api", "AWS::ApiGateway::Stage", 1, &[2])]);
        merged.add(&[service(9, "db", "AWS::DynamoDB", 3, &[]), service(8, "api", "AWS::ApiGateway::Stage", 4, &[9])]);
        let graph = merged.finish(t("2026-01-15T00:00:00Z"), t("2026-01-15T12:00:00Z"));
        let names: Vec<(&str, &str)> =
            graph.services.iter().map(|s| (s.key.kind.as_str(), s.key.name.as_str())).collect();
        assert_eq!(names, [("client", "api"), ("AWS::ApiGateway::Stage", "api"), ("AWS::DynamoDB", "db")]);
        let api = &graph.services[1].statistics;
        assert_eq!((api.ok, api.error, api.throttle, api.total), (5, 4, 2, 9));
        assert_eq!(api.histogram, [(0.5, 5)]);
        assert_eq!(graph.edges.len(), 2, "an edge to a node that is not in its slice is no edge");
        assert_eq!(graph.edges[0].statistics.ok, 4);
    }

    #[test]
    fn a_ring_of_services_ends() {
        let mut merged = Merged::default();
        merged.add(&[service(0, "a", "x", 1, &[1]), service(1, "b", "x", 1, &[0])]);
        assert_eq!(merged.finish(t("2026-01-15T00:00:00Z"), t("2026-01-15T01:00:00Z")).services.len(), 2);
    }

    #[test]
    fn slices_are_at_most_six_hours() {
        let cut: Vec<_> = slices(t("2026-01-14T22:28:00Z"), t("2026-01-15T11:28:00Z")).collect();
        assert_eq!(cut.len(), 3);
        assert_eq!(cut[0].0, t("2026-01-14T22:28:00Z"));
        assert_eq!(cut[2], (t("2026-01-15T10:28:00Z"), t("2026-01-15T11:28:00Z")));
        assert_eq!(slices(t("2026-01-15T00:00:00Z"), t("2026-01-15T00:00:00Z")).count(), 0);
    }
}
