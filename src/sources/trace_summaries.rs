//! X-Ray `GetTraceSummaries`: the traces that a filter expression takes, newest first and bounded.

use aws_sdk_xray::operation::get_trace_summaries::GetTraceSummariesOutput;
use aws_sdk_xray::types;
use chrono::TimeDelta;

use super::client::Client;
use super::desk::{Again, Closed, Desk, Source};
use super::operation::GET_TRACE_SUMMARIES;
use super::times::{from_aws, to_aws};
use crate::app::msg::Update;
use crate::clock::Time;
use crate::store::health::{SourceError, SourceId};
use crate::store::trace_list::{CauseKind, Rest, RootCause, TimeRangeType, TraceList, TraceQuery, TraceSummary};

/// The longest range that X-Ray goes through in one call.
pub(super) const LONGEST: TimeDelta = TimeDelta::hours(6);
/// Pages that are read on end: X-Ray charges for every trace that it goes through.
const MOST_PAGES: u64 = 40;

/// A list of traces.
#[derive(Debug)]
pub(super) struct TraceSummaries {
    query: TraceQuery,
    /// Whether all of it has been told once: what is asked again then takes its place as a whole.
    told: bool,
    /// What was read before a page failed: the next try goes on from there, as X-Ray charges for every page.
    reading: Option<Reading>,
}

impl TraceSummaries {
    pub(super) const fn new(query: TraceQuery) -> Self {
        Self { query, told: false, reading: None }
    }
}

impl Source for TraceSummaries {
    fn id(&self) -> SourceId {
        SourceId::TraceSummaries
    }

    fn follows_window(&self) -> bool {
        // The query has its own stretch of time.
        false
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let query = &self.query;
        let mut reading = self.reading.take().unwrap_or_else(|| Reading::new(query, desk.now()));
        while let Some((slice, token)) = reading.next() {
            let by = (query.by, query.sampled);
            match page(&desk.client, Some(query.filter.clone()), slice, by, token).await {
                Ok(answer) => reading.take(answer),
                Err(error) => {
                    self.reading = Some(reading);
                    return Ok(Err(error));
                }
            }
            // What has come is shown while the rest is read.
            if !self.told {
                let (rest, list) = reading.hand_over();
                let query = TraceQuery { rest, ..query.clone() };
                desk.tell(Update::TraceSummaries { at: desk.now(), query, list }).await?;
            }
        }
        if self.told {
            let (_, list) = reading.hand_over();
            desk.tell(Update::TraceSummaries { at: desk.now(), query: query.clone(), list }).await?;
        }
        self.told = true;
        let follows = self.query.span.to.is_none();
        Ok(Ok(if follows { Again::After(desk.client.tuning.services_every) } else { Again::Never }))
    }
}

/// How far a list has been read: in slices that X-Ray answers, the newest first, each page by page.
#[derive(Debug)]
struct Reading {
    /// What has been read and not been handed over.
    list: TraceList,
    /// Where that begins; `None` at the newest.
    begin: Option<Rest>,
    /// Where it goes on; `None` once all has been read.
    rest: Option<Rest>,
    from: Time,
    /// How many traces and pages may still be read.
    left: (usize, u64),
}

impl Reading {
    fn new(query: &TraceQuery, now: Time) -> Self {
        let newest = Rest { to: query.span.end(now), token: None, pages: 0 };
        Self {
            list: TraceList::default(),
            begin: query.rest.clone(),
            rest: Some(query.rest.clone().unwrap_or(newest)),
            from: query.span.from,
            left: (query.most, MOST_PAGES),
        }
    }

    /// The slice and the page of it that is to be asked next; `None` where enough has been read.
    fn next(&self) -> Option<((Time, Time), Option<String>)> {
        let rest = self.rest.as_ref().filter(|_| self.left.0 > 0 && self.left.1 > 0)?;
        Some(((self.from.max(rest.to - LONGEST), rest.to), rest.token.clone()))
    }

    /// Takes in a page.
    fn take(&mut self, answer: GetTraceSummariesOutput) {
        let Some(Rest { to, pages, .. }) = self.rest.take() else { return };
        let traces: Vec<TraceSummary> = answer.trace_summaries().iter().filter_map(summary).collect();
        let scanned = answer.traces_processed_count().unwrap_or(0).max(0) as u64;
        let token = answer.next_token.filter(|token| !token.is_empty());
        let reached = if token.is_some() { to } else { self.from.max(to - LONGEST) };
        let has_more = token.is_some() || reached > self.from;
        // Pages go back in time: what ended before all of this page has not been read.
        let read_from = if token.is_some() { traces.iter().filter_map(ended).min() } else { Some(reached) };
        self.left = (self.left.0.saturating_sub(traces.len()), self.left.1 - 1);
        self.rest = has_more.then_some(Rest { to: reached, token, pages: pages + 1 });
        let rest = self.rest.clone();
        self.list.join(TraceList { traces, scanned, pages: 1, read_from, rest, running: self.next().is_some() });
    }

    /// What has been read since the last time, and where that begins.
    fn hand_over(&mut self) -> (Option<Rest>, TraceList) {
        let begin = std::mem::replace(&mut self.begin, self.rest.clone());
        (begin, std::mem::take(&mut self.list))
    }
}

/// When a trace had ended.
fn ended(trace: &TraceSummary) -> Option<Time> {
    let micros = (trace.duration_s * 1e6).clamp(0.0, 1e15);
    trace.start?.checked_add_signed(TimeDelta::microseconds(micros as i64))
}

/// One page of them.
pub(super) async fn page(
    client: &Client,
    filter: Option<String>,
    (from, to): (Time, Time),
    (by, sampled): (TimeRangeType, bool),
    token: Option<String>,
) -> Result<GetTraceSummariesOutput, SourceError> {
    let request = client.xray.get_trace_summaries().start_time(to_aws(from)).end_time(to_aws(to));
    let filter = filter.filter(|filter| !filter.trim().is_empty());
    let request = request.set_filter_expression(filter).set_next_token(token);
    let request = request.time_range_type(by.name().into()).sampling(sampled);
    client.call(&GET_TRACE_SUMMARIES, request.send()).await
}

/// A summary as it is known here; `None` without an id.
pub(super) fn summary(summary: &types::TraceSummary) -> Option<TraceSummary> {
    let id = summary.id()?.to_owned();
    let mut annotations: Vec<(String, String)> = summary
        .annotations()
        .into_iter()
        .flatten()
        .flat_map(|(name, values)| values.iter().map(move |value| (name, value)))
        .filter_map(|(name, value)| Some((name.clone(), text(value.annotation_value()?)?)))
        .collect();
    annotations.sort();
    annotations.dedup();
    let http = |read: fn(&types::Http) -> Option<&str>| summary.http().and_then(read).unwrap_or_default().to_owned();
    let mut users: Vec<String> =
        summary.users().iter().filter_map(|user| user.user_name()).map(str::to_owned).collect();
    users.dedup();
    let services = summary.service_ids().iter().filter_map(|service| service.name()).map(str::to_owned);
    Some(TraceSummary {
        // The id begins with the second of the start, for where X-Ray gives no other.
        start: summary.start_time().and_then(from_aws).or_else(|| started(&id)),
        duration_s: summary.duration().or(summary.response_time()).unwrap_or(0.0),
        response_s: summary.response_time(),
        fault: summary.has_fault().unwrap_or(false),
        error: summary.has_error().unwrap_or(false),
        throttle: summary.has_throttle().unwrap_or(false),
        partial: summary.is_partial().unwrap_or(false),
        entry: summary.entry_point().and_then(|entry| entry.name()).unwrap_or_default().to_owned(),
        method: http(types::Http::http_method),
        url: http(types::Http::http_url),
        status: summary.http().and_then(types::Http::http_status),
        client_ip: http(types::Http::client_ip),
        user_agent: http(types::Http::user_agent),
        users,
        services: services.collect(),
        annotations,
        causes: causes(summary),
        id,
    })
}

/// The ends of the paths that X-Ray gives as root causes.
fn causes(summary: &types::TraceSummary) -> Vec<RootCause> {
    let name = |name: Option<&str>| name.unwrap_or_default().to_owned();
    let thrown = |exceptions: &[types::RootCauseException]| {
        let last = exceptions.last()?;
        Some((name(last.name()), name(last.message())))
    };
    let end = |kind, service, entity: Option<Option<&str>>| RootCause {
        kind,
        service: name(service),
        entity: name(entity.flatten()),
        exception: None,
        coverage: None,
    };
    let faults = summary.fault_root_causes().iter().filter_map(|cause| {
        let last = cause.services().last()?;
        let path = last.entity_path();
        let exception = path.iter().rev().find_map(|entity| thrown(entity.exceptions()));
        let entity = path.last().map(types::FaultRootCauseEntity::name);
        Some(RootCause { exception, ..end(CauseKind::Fault, last.name(), entity) })
    });
    let errors = summary.error_root_causes().iter().filter_map(|cause| {
        let last = cause.services().last()?;
        let path = last.entity_path();
        let exception = path.iter().rev().find_map(|entity| thrown(entity.exceptions()));
        let entity = path.last().map(types::ErrorRootCauseEntity::name);
        Some(RootCause { exception, ..end(CauseKind::Error, last.name(), entity) })
    });
    let slow = summary.response_time_root_causes().iter().filter_map(|cause| {
        let last = cause.services().last()?;
        let entity = last.entity_path().last();
        let coverage = entity.and_then(types::ResponseTimeRootCauseEntity::coverage);
        let entity = entity.map(types::ResponseTimeRootCauseEntity::name);
        Some(RootCause { coverage, ..end(CauseKind::ResponseTime, last.name(), entity) })
    });
    faults.chain(errors).chain(slow).collect()
}

fn started(id: &str) -> Option<crate::clock::Time> {
    let seconds = i64::from_str_radix(id.split('-').nth(1)?, 16).ok()?;
    chrono::DateTime::from_timestamp(seconds, 0)
}

fn text(value: &types::AnnotationValue) -> Option<String> {
    if let Ok(text) = value.as_string_value() {
        return Some(text.clone());
    }
    if let Ok(number) = value.as_number_value() {
        return Some(number.to_string());
    }
    value.as_boolean_value().ok().map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_read_as_far_as_it_goes() {
        let bare = types::TraceSummary::builder().id("1-5f2aef12-6b4f7a9c8d2e1f3a2b1c0d9e").build();
        let read = summary(&bare).expect("an id is enough");
        assert_eq!(read.start.map(|at| at.timestamp()), Some(0x5f2a_ef12));
        assert_eq!((read.http().as_str(), read.entry.as_str(), read.fault), ("", "", false));
        assert_eq!(summary(&types::TraceSummary::builder().build()), None);
        let http = types::Http::builder().http_method("POST").http_status(504).build();
        let value = |value| types::ValueWithServiceIds::builder().annotation_value(value).build();
        let full = types::TraceSummary::builder()
            .id("odd")
            .has_fault(true)
            .http(http)
            .annotations("Issuer", vec![value(types::AnnotationValue::StringValue("Contoso".to_owned()))])
            .annotations("Tries", vec![value(types::AnnotationValue::NumberValue(3.0))])
            .build();
        let read = summary(&full).expect("a summary");
        assert_eq!((read.http().as_str(), read.fault, read.start), ("POST 504", true, None));
        let annotations = [("Issuer", "Contoso"), ("Tries", "3")].map(|(name, value)| (name.into(), value.into()));
        assert_eq!(read.annotations, annotations);
    }
}
