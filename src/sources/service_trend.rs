//! X-Ray `GetTimeSeriesServiceStatistics`: one service over time.

use std::collections::BTreeMap;

use super::desk::{Again, Closed, Desk, Source};
use super::operation::GET_TIME_SERIES;
use super::services::{edge_statistics, service_statistics, slices};
use super::times::{from_aws, to_aws};
use crate::app::msg::Update;
use crate::clock::Time;
use crate::store::graph::{Flaws, ServiceKey, ServicePoint, Statistics};
use crate::store::health::{SourceError, SourceId};

/// Length of a period in seconds; X-Ray knows 60 and 300.
const PERIOD_S: u32 = 60;

/// The statistics of one service.
#[derive(Debug)]
pub(super) struct ServiceTrend {
    pub(super) service: ServiceKey,
}

impl Source for ServiceTrend {
    fn id(&self) -> SourceId {
        SourceId::ServiceTrend
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let window = desk.window();
        let (from, to) = window.whole_periods(desk.now(), PERIOD_S);
        let mut periods: BTreeMap<Time, Statistics> = BTreeMap::new();
        for (start, end) in slices(from, to) {
            if let Err(error) = self.read(desk, start, end, &mut periods).await {
                return Ok(Err(error));
            }
        }
        let points = periods.into_iter().map(|(at, statistics)| ServicePoint { at, statistics }).collect();
        desk.tell(Update::ServiceTrend { at: desk.now(), service: self.service.clone(), points }).await?;
        Ok(Ok(if window.is_live() { Again::After(desk.client.tuning.services_every) } else { Again::Never }))
    }
}

impl ServiceTrend {
    /// All pages of one slice. A period that two slices or pages tell of keeps what came last.
    async fn read(
        &self,
        desk: &Desk,
        from: Time,
        to: Time,
        periods: &mut BTreeMap<Time, Statistics>,
    ) -> Result<(), SourceError> {
        let selector = selector(&self.service.name);
        let mut token = None;
        let mut flaws = Flaws::default();
        loop {
            let request = desk
                .client
                .xray
                .get_time_series_service_statistics()
                .start_time(to_aws(from))
                .end_time(to_aws(to))
                .entity_selector_expression(&selector)
                .period(PERIOD_S as i32)
                .set_next_token(token);
            let page = desk.client.call(&GET_TIME_SERIES, request.send()).await?;
            for point in page.time_series_service_statistics() {
                let Some(at) = point.timestamp().and_then(from_aws).filter(|at| (from..to).contains(at)) else {
                    continue;
                };
                let histogram = point.response_time_histogram();
                let counts = match point.service_summary_statistics() {
                    Some(service) => service_statistics(Some(service), histogram, &mut flaws),
                    None => edge_statistics(point.edge_summary_statistics(), histogram, &mut flaws),
                };
                periods.insert(at, counts);
            }
            token = page.next_token;
            if token.is_none() {
                return Ok(());
            }
        }
    }
}

/// The filter expression that selects a service by name.
fn selector(name: &str) -> String {
    format!("service(\"{}\")", name.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_quotes_stays_one_name() {
        assert_eq!(selector("TSP"), r#"service("TSP")"#);
        assert_eq!(selector(r#"a"b\"#), r#"service("a\"b\\")"#);
    }
}
