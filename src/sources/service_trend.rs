//! X-Ray `GetTimeSeriesServiceStatistics`: a service or an edge over time.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;

use super::desk::{Again, Closed, Desk, Source};
use super::operation::GET_TIME_SERIES;
use super::services::{edge_statistics, service_statistics, slices};
use super::times::{from_aws, to_aws};
use crate::app::msg::Update;
use crate::clock::{Time, floor};
use crate::store::graph::{Flaws, ServicePoint, Statistics, Trend, TrendQuery};
use crate::store::health::{SourceError, SourceId};
use crate::store::window::Window;

/// How long after its end a period may still change: traces come late.
const SETTLES: TimeDelta = TimeDelta::minutes(10);

/// The statistics of a service or an edge: over the window, or over the last `span` whatever window is on screen.
#[derive(Debug)]
pub(super) struct ServiceTrend {
    query: TrendQuery,
    span: Option<Duration>,
    known: Known,
}

impl ServiceTrend {
    pub(super) fn new(query: TrendQuery, span: Option<Duration>) -> Self {
        Self { query, span, known: Known::default() }
    }
}

impl Source for ServiceTrend {
    fn id(&self) -> SourceId {
        if self.span.is_some() { SourceId::ServiceRules } else { SourceId::ServiceTrend }
    }

    fn follows_window(&self) -> bool {
        self.span.is_none()
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let now = desk.now();
        let window = self.span.map_or_else(|| desk.window(), Window::live);
        let (from, to) = window.whole_periods(now, self.query.period_s);
        let ask_from = self.known.begin(from, to);
        for (start, end) in slices(ask_from, to) {
            if let Err(error) = self.read(desk, start, end).await {
                return Ok(Err(error));
            }
        }
        self.known.done(now, to, self.query.period_s);
        let trend = self.known.trend((from, to));
        let followed = self.span.is_some();
        desk.tell(Update::ServiceTrend { at: desk.now(), query: self.query.clone(), followed, trend }).await?;
        Ok(Ok(if window.is_live() { Again::After(desk.client.tuning.services_every) } else { Again::Never }))
    }
}

/// What is known already, so that of a window that moves on its end alone is asked for again.
#[derive(Debug, Default)]
struct Known {
    periods: BTreeMap<Time, (Statistics, Flaws)>,
    /// From when on all is known.
    from: Option<Time>,
    /// Until when it no longer changes.
    settled: Option<Time>,
}

impl Known {
    /// Forgets what is outside of a stretch; from when on it has to be asked for.
    fn begin(&mut self, from: Time, to: Time) -> Time {
        let settled = self.settled.filter(|_| self.from.is_some_and(|known| known <= from));
        let ask_from = settled.map_or(from, |settled| settled.max(from)).min(to);
        self.periods.retain(|at, _| (from..ask_from).contains(at));
        self.from = Some(from);
        self.settled = None;
        ask_from
    }

    /// Notes that all until `to` has been told at `now`.
    fn done(&mut self, now: Time, to: Time, period_s: u32) {
        self.settled = Some(floor(now - SETTLES, i64::from(period_s)).min(to));
    }

    /// All of it.
    fn trend(&self, covered: (Time, Time)) -> Trend {
        let mut trend = Trend { covered: Some(covered), ..Trend::default() };
        for (at, (statistics, flaws)) in &self.periods {
            trend.points.push(ServicePoint { at: *at, statistics: statistics.clone() });
            trend.flaws.add(flaws);
        }
        trend
    }
}

impl ServiceTrend {
    /// All pages of one slice. A period that two slices or pages tell of keeps what came last.
    async fn read(&mut self, desk: &Desk, from: Time, to: Time) -> Result<(), SourceError> {
        let selector = self.query.entity.selector();
        let group = desk.board.traces.group.clone();
        let mut token = None;
        loop {
            let request = desk
                .client
                .xray
                .get_time_series_service_statistics()
                .start_time(to_aws(from))
                .end_time(to_aws(to))
                .set_group_name(group.clone())
                .entity_selector_expression(&selector)
                .period(self.query.period_s as i32)
                .set_next_token(token);
            let page = desk.client.call(&GET_TIME_SERIES, request.send()).await?;
            for point in page.time_series_service_statistics() {
                let Some(at) = point.timestamp().and_then(from_aws).filter(|at| (from..to).contains(at)) else {
                    continue;
                };
                let (histogram, mut flaws) = (point.response_time_histogram(), Flaws::default());
                let counts = match point.service_summary_statistics() {
                    Some(service) => service_statistics(Some(service), histogram, &mut flaws),
                    None => edge_statistics(point.edge_summary_statistics(), histogram, &mut flaws),
                };
                self.known.periods.insert(at, (counts, flaws));
            }
            token = page.next_token.filter(|token| !token.is_empty());
            if token.is_none() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(text: &str) -> Time {
        format!("2026-01-15T{text}Z").parse().expect("a time")
    }

    #[test]
    fn of_a_window_that_moves_on_the_end_alone_is_asked_for() {
        let mut known = Known::default();
        let (from, to) = (t("07:28:00"), t("10:28:00"));
        assert_eq!(known.begin(from, to), from);
        let period = |negative| (Statistics::default(), Flaws { negative, ..Flaws::default() });
        known.periods.insert(t("07:28:00"), period(4));
        known.periods.insert(t("10:17:00"), period(1));
        known.periods.insert(t("10:20:00"), period(2));
        let trend = known.trend((from, to));
        assert_eq!((trend.points.len(), trend.flaws.negative), (3, 7));
        known.done(t("10:28:05"), to, 60);
        let minute = TimeDelta::minutes(1);
        assert_eq!(known.begin(from + minute, to + minute), t("10:18:00"));
        let flaws = known.trend((from, to)).flaws;
        assert_eq!(flaws.negative, 1, "one has left the window, another may have changed, and so have their flaws");
        known.done(t("10:29:05"), to + minute, 60);
        assert_eq!(known.begin(t("06:00:00"), to), t("06:00:00"), "an earlier window is unknown");
    }

    #[test]
    fn what_was_not_answered_is_asked_for_again() {
        let mut known = Known::default();
        let (from, to) = (t("07:28:00"), t("10:28:00"));
        known.begin(from, to);
        assert_eq!(known.begin(from, to), from);
    }
}
