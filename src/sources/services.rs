//! X-Ray `GetServiceGraph`: services and the calls between them, in slices that X-Ray allows, merged.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_xray::types::Service as AwsService;

use super::client::Client;
use super::desk::{Again, Closed, Desk, Source};
use super::operation::GET_SERVICE_GRAPH;
use super::times::to_aws;
use crate::app::msg::Update;
use crate::clock::Time;
use crate::store::graph::{KEPT, ServiceGraph};
use crate::store::health::{SourceError, SourceId};

mod kept;
mod merged;
mod slices;
mod statistics;

pub(super) use kept::KeptSlices;
pub(super) use slices::slices;
pub(super) use statistics::{edge_statistics, service_statistics};

use merged::Merged;

/// The source of the service graph.
#[derive(Debug, Clone, Copy)]
pub(super) struct Services;

impl Source for Services {
    fn id(&self) -> SourceId {
        SourceId::Services
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let (from, to) = desk.window().range(desk.now());
        let graph = match graph(&desk.client, group(desk), (from.max(desk.now() - KEPT), to), &|| ()).await {
            Ok(graph) => graph,
            Err(error) => return Ok(Err(error)),
        };
        desk.tell(Update::Services { at: desk.now(), graph }).await?;
        Ok(Ok(again(desk)))
    }
}

/// The source of the service graph of the window before.
#[derive(Debug, Clone, Copy)]
pub(super) struct ServicesBefore;

impl Source for ServicesBefore {
    fn id(&self) -> SourceId {
        SourceId::ServicesBefore
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let window = before(desk.window().range(desk.now()), desk.now());
        let graph = match window {
            Some(window) => graph(&desk.client, group(desk), window, &|| ()).await,
            None => Ok(ServiceGraph::default()),
        };
        match graph {
            Ok(graph) => desk.tell(Update::ServicesBefore { at: desk.now(), graph }).await?,
            Err(error) => return Ok(Err(error)),
        }
        Ok(Ok(again(desk)))
    }
}

fn group(desk: &Desk) -> Option<&str> {
    desk.board.traces.group.as_deref()
}

fn again(desk: &Desk) -> Again {
    if desk.window().is_live() { Again::After(desk.client.tuning.services_every) } else { Again::Never }
}

/// The window before one, `None` where X-Ray has not kept all of it: half of it is nothing to compare with.
fn before((from, to): (Time, Time), now: Time) -> Option<(Time, Time)> {
    let start = from - (to - from);
    (start >= now - KEPT).then_some((start, from))
}

/// The service graph of a window, and of the window before where that is known; `told` is how many slices have been
/// read, and of how many.
///
/// # Errors
/// When X-Ray refuses or cannot be reached.
pub async fn service_graph(
    client: &Client,
    group: Option<&str>,
    (from, to): (Time, Time),
    told: &(dyn Fn(usize, usize) + Sync),
) -> Result<ServiceGraph, SourceError> {
    let now = client.now();
    let (window, before) = ((from.max(now - KEPT), to), before((from, to), now));
    let all = [Some(window), before].into_iter().flatten().map(|(from, to)| slices(from, to).len()).sum();
    let read = AtomicUsize::new(0);
    let one = || told(read.fetch_add(1, Ordering::Relaxed) + 1, all);
    told(0, all);
    let mut found = graph(client, group, window, &one).await?;
    if let Some(window) = before {
        found.compare(&graph(client, group, window, &one).await?);
    }
    Ok(found)
}

/// The service graph of a window; `one` is told of each slice. Slices that have been answered since they were over are
/// not asked again.
async fn graph(
    client: &Client,
    group: Option<&str>,
    (from, to): (Time, Time),
    one: &(dyn Fn() + Sync),
) -> Result<ServiceGraph, SourceError> {
    let now = client.now();
    let mut whole = Merged::default();
    let mut window: Option<(Time, Time)> = None;
    for (start, end) in slices(from, to) {
        let (start, end, slice) = if let Some(known) = client.graphs.find(group, (start, end), (from, to)) {
            known
        } else {
            let slice = Arc::new(read(client, group, start, end).await?);
            client.graphs.keep(group, (start, end), now, &slice);
            (start, end, slice)
        };
        window = Some((window.map_or(start, |(first, _)| first), end));
        whole.add(&slice);
        one();
    }
    let window = window.unwrap_or((from, to));
    Ok(ServiceGraph { group: group.map(str::to_owned), ..whole.finish(window) })
}

/// All pages of one slice.
async fn read(client: &Client, group: Option<&str>, from: Time, to: Time) -> Result<Merged, SourceError> {
    let mut slice: Vec<AwsService> = Vec::new();
    let mut token = None;
    let mut old_group = false;
    loop {
        let request = client.xray.get_service_graph().start_time(to_aws(from)).end_time(to_aws(to));
        let request = request.set_group_name(group.map(str::to_owned)).set_next_token(token);
        let mut page = client.call(&GET_SERVICE_GRAPH, request.send()).await?;
        slice.append(page.services.get_or_insert_default());
        old_group |= page.contains_old_group_versions;
        token = page.next_token.filter(|token| !token.is_empty());
        if token.is_none() {
            break;
        }
    }
    Ok(Merged::of(&slice, old_group))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn t(text: &str) -> Time {
        text.parse().expect("a time")
    }

    #[test]
    fn the_window_before_is_whole_or_not_there() {
        let now = t("2026-01-31T00:00:00Z");
        let window = (now - TimeDelta::hours(3), now);
        assert_eq!(before(window, now), Some((now - TimeDelta::hours(6), now - TimeDelta::hours(3))));
        assert_eq!(before((now - TimeDelta::days(16), now), now), None);
    }
}
