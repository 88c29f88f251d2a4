//! What the calls cost: one meter for all clients, and the price of a schedule.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_sdk_cloudwatch::operation::get_metric_data::{GetMetricDataInput, GetMetricDataOutput};
use aws_sdk_xray::operation::batch_get_traces::BatchGetTracesInput;
use aws_sdk_xray::operation::get_trace_summaries::GetTraceSummariesOutput;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextRef,
    BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use indexmap::IndexMap;

use super::operation::{self, GET_METRIC_DATA, Service};
use super::plan::is_multiple;
use super::prices::Prices;
use super::schedule;
use super::tuning::Tuning;
use crate::app::effect::{Subscription, Watch};
use crate::store::cost::{BYTES_PER_GB, Spending};
use crate::store::series::{MetricQuery, MetricSource};

/// Counts every call of every client; cheap to clone, all clones count together.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Mutex<Tally>>);

#[derive(Debug, Default)]
struct Tally {
    prices: Prices,
    calls: IndexMap<String, u64>,
    metrics: u64,
    cloudwatch_calls: u64,
    traces: u64,
    tailed: Duration,
    scanned_bytes: f64,
    hourly_usd: f64,
}

impl Meter {
    /// A meter with its own price list.
    pub fn new(prices: Prices) -> Self {
        Self(Arc::new(Mutex::new(Tally { prices, ..Tally::default() })))
    }

    /// What has been spent since the program started, and what an hour costs at the present schedule.
    pub fn spending(&self) -> Spending {
        let tally = self.tally();
        let prices = &tally.prices;
        let paid_calls = tally.cloudwatch_calls.saturating_sub(prices.free_calls) as f64;
        let paid_minutes = (tally.tailed.as_secs_f64() / 60.0 - prices.free_tail_minutes).max(0.0);
        let paid_traces = tally.traces.saturating_sub(prices.free_traces) as f64;
        let session_usd = tally.metrics as f64 * prices.metric
            + paid_calls * prices.call
            + paid_minutes * prices.tail_minute
            + paid_traces * prices.trace
            + tally.scanned_bytes / BYTES_PER_GB * prices.scanned_gb;
        let calls = tally.calls.iter().map(|(name, count)| (name.clone(), *count)).collect();
        Spending { session_usd, hourly_usd: tally.hourly_usd, usd_per_scanned_gb: prices.scanned_gb, calls }
    }

    /// Metrics that were requested of GetMetricData so far.
    pub fn metrics_requested(&self) -> u64 {
        self.tally().metrics
    }

    /// Sets the price of an hour from what is watched.
    pub(super) fn schedule(&self, watch: &Watch, tuning: &Tuning) {
        let mut tally = self.tally();
        tally.hourly_usd = hourly_usd(watch, &tally.prices, tuning);
    }

    /// Adds time during which a Live Tail session was open.
    pub(super) fn tailed(&self, span: Duration) {
        self.tally().tailed += span;
    }

    /// Adds bytes of log events that a Logs Insights query has read.
    pub(super) fn scanned(&self, bytes: f64) {
        self.tally().scanned_bytes += bytes;
    }

    /// Bytes of log events that Logs Insights queries have read so far.
    pub fn bytes_scanned(&self) -> f64 {
        self.tally().scanned_bytes
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "Meter"
    }

    /// Notes what a call asks for while its input can still be read.
    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let input = context.input();
        if let Some(input) = input.downcast_ref::<GetMetricDataInput>() {
            config.interceptor_state().store_put(Requested::metrics(input));
        } else if let Some(input) = input.downcast_ref::<BatchGetTracesInput>() {
            let traces = input.trace_ids().len() as u64;
            config.interceptor_state().store_put(Requested { traces, ..Requested::default() });
        }
        Ok(())
    }

    fn read_before_transmit(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(call) = config.load::<Metadata>() else { return Ok(()) };
        let Some(row) = operation::allowed(call.service(), call.name()) else { return Ok(()) };
        let mut tally = self.tally();
        *tally.calls.entry(row.to_string()).or_default() += 1;
        if row.service == Service::CloudWatch && *row != GET_METRIC_DATA {
            tally.cloudwatch_calls += 1;
        }
        if let Some(requested) = config.load::<Requested>() {
            tally.metrics += requested.metrics;
            tally.traces += requested.traces;
        }
        Ok(())
    }

    /// Counts what a `SEARCH` or a Metrics Insights query found: AWS charges each of those metrics.
    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Ok(output) = context.output_or_error() else { return Ok(()) };
        if let Some(output) = output.downcast_ref::<GetTraceSummariesOutput>() {
            // What it went through is charged like what is retrieved.
            self.tally().traces += output.traces_processed_count().unwrap_or(0).max(0) as u64;
            return Ok(());
        }
        let Some(requested) = config.load::<Requested>() else { return Ok(()) };
        let Some(output) = output.downcast_ref::<GetMetricDataOutput>() else { return Ok(()) };
        let ids = output.metric_data_results().iter().filter_map(|result| result.id());
        self.tally().metrics += ids.filter(|id| requested.multiple.contains(*id)).count() as u64;
        Ok(())
    }
}

/// What a call asks for that AWS charges.
#[derive(Debug, Clone, Default)]
struct Requested {
    metrics: u64,
    traces: u64,
    /// Ids of queries whose results are counted when they come.
    multiple: BTreeSet<String>,
}

impl Storable for Requested {
    type Storer = StoreReplace<Self>;
}

impl Requested {
    fn metrics(input: &GetMetricDataInput) -> Self {
        let queries = input.metric_data_queries();
        let multiple = queries.iter().filter(|query| query.expression().is_some_and(is_multiple));
        Self {
            metrics: queries.iter().filter(|query| query.metric_stat().is_some()).count() as u64,
            traces: 0,
            multiple: multiple.filter_map(|query| query.id()).map(str::to_owned).collect(),
        }
    }
}

/// US dollars an hour that a watch costs, once everything has been read for the first time.
///
/// A `SEARCH` counts as one metric here: how many it finds is not known before.
fn hourly_usd(watch: &Watch, prices: &Prices, tuning: &Tuning) -> f64 {
    let an_hour_of = |every: Duration| 3_600.0 / every.as_secs_f64().max(1.0);
    let mut asked: BTreeSet<&MetricQuery> = BTreeSet::new();
    let mut calls = 0.0;
    let mut tailing = false;
    for wanted in &watch.wanted {
        match wanted {
            Subscription::Metric { query, .. } => stats(query, &mut asked),
            Subscription::Catalogue(_) => calls += an_hour_of(tuning.catalogue_every),
            Subscription::Alarms => calls += an_hour_of(tuning.alarms_every),
            Subscription::AlarmHistory(_) => calls += an_hour_of(tuning.history_every),
            // Parents and mute rules; children and contributors where there are any.
            Subscription::AlarmDetail(alarm) => {
                let more = f64::from(u8::from(!alarm.children.is_empty()) + u8::from(alarm.contributors));
                calls += (2.0 + more) * an_hour_of(tuning.history_every);
            }
            Subscription::Feed => tailing = true,
            // Free of charge, asked once, or counted below: what a query costs is known when it has been answered.
            Subscription::AlarmTags(_)
            | Subscription::Recent { .. }
            | Subscription::Counts(_)
            | Subscription::Transitions
            | Subscription::Lines(_)
            | Subscription::MetricFilters { .. }
            | Subscription::Matches(_)
            | Subscription::Changes
            | Subscription::Logs(_)
            | Subscription::Logbook(_)
            | Subscription::Story(_)
            | Subscription::Services
            | Subscription::ServicesBefore
            | Subscription::ServiceTrend(_)
            | Subscription::FollowedService { .. }
            | Subscription::Trace(_)
            | Subscription::TraceSummaries(_)
            | Subscription::TraceGroups => {}
        }
    }
    // A window that stands still is read once.
    if !watch.window.is_live() {
        asked.clear();
    }
    // What rules stand on goes on whatever window is on screen.
    for wanted in &watch.wanted {
        if let Subscription::Recent { query, .. } = wanted {
            stats(query, &mut asked);
        }
    }
    let metrics: f64 = asked.iter().map(|query| an_hour_of(schedule::every(query))).sum();
    let paid_calls = if prices.free_calls == 0 { calls } else { 0.0 };
    let paid_minutes = if tailing && prices.free_tail_minutes <= 0.0 { 60.0 } else { 0.0 };
    metrics * prices.metric + paid_calls * prices.call + paid_minutes * prices.tail_minute
}

/// Collects what AWS charges for in a query: its statistics, each once, and its searches.
fn stats<'a>(query: &'a MetricQuery, found: &mut BTreeSet<&'a MetricQuery>) {
    match &query.source {
        MetricSource::Stat { .. } => {
            found.insert(query);
        }
        MetricSource::Expression { text, inputs } => {
            if is_multiple(text) {
                found.insert(query);
            }
            for (_, input) in inputs {
                stats(input, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::window::Window;

    fn stat(name: &str, period_s: u32) -> MetricQuery {
        MetricQuery::stat("TokenServices", name, &[], "Sum", period_s)
    }

    fn watch(wanted: impl IntoIterator<Item = Subscription>) -> Watch {
        Watch { window: Window::live(Duration::from_hours(3)), wanted: wanted.into_iter().collect() }
    }

    fn metric(query: MetricQuery) -> Subscription {
        Subscription::Metric { query, compare: Some(crate::store::window::Shift::Window) }
    }

    #[test]
    fn sixty_metrics_a_minute_are_86_cents_a_day() {
        let watch = watch((0..60).map(|n| metric(stat(&format!("m{n}"), 60))));
        let hourly = hourly_usd(&watch, &Prices::US_EAST_1, &Tuning::default());
        assert!((hourly * 24.0 - 0.864).abs() < 1e-9, "{hourly}");
    }

    #[test]
    fn shared_inputs_are_counted_once_and_a_still_window_is_free() {
        let rate =
            MetricQuery::expression("100*a/b", vec![("a".into(), stat("a", 60)), ("b".into(), stat("b", 60))], 60);
        let mut both = watch([metric(rate), metric(stat("a", 60))]);
        let hourly = hourly_usd(&both, &Prices::US_EAST_1, &Tuning::default());
        assert!((hourly - 2.0 * 60.0 * 0.00001).abs() < 1e-12, "{hourly}");
        both.window.end = Some("2026-01-15T10:28:00Z".parse().expect("a time"));
        assert!(hourly_usd(&both, &Prices::US_EAST_1, &Tuning::default()).abs() < 1e-12);
    }

    #[test]
    fn live_tail_costs_where_the_free_minutes_are_gone() {
        let spent = Prices { free_tail_minutes: 0.0, free_calls: 0, ..Prices::US_EAST_1 };
        let watch = watch([Subscription::Feed, Subscription::Alarms]);
        let hourly = hourly_usd(&watch, &spent, &Tuning::default());
        assert!((hourly - (0.60 + 120.0 * 0.00001)).abs() < 1e-9, "{hourly}");
        let meter = Meter::new(spent);
        meter.tailed(Duration::from_mins(3));
        assert!((meter.spending().session_usd - 0.03).abs() < 1e-12);
    }
}
