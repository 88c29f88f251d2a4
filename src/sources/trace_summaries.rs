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
use crate::store::trace_list::{TraceList, TraceQuery, TraceSummary};

/// Traces that are kept.
const MOST_TRACES: usize = 200;
/// Pages that are read at a time: X-Ray charges for every trace that it goes through.
const MOST_PAGES: usize = 5;
/// The longest range that X-Ray goes through in one call.
pub(super) const LONGEST: TimeDelta = TimeDelta::hours(6);

/// A list of traces.
#[derive(Debug)]
pub(super) struct TraceSummaries {
    pub(super) query: TraceQuery,
}

impl Source for TraceSummaries {
    fn id(&self) -> SourceId {
        SourceId::TraceSummaries
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let list = match list(&desk.client, &self.query, Most { pages: MOST_PAGES, scanned: u64::MAX }).await {
            Ok(list) => list,
            Err(error) => return Ok(Err(error)),
        };
        desk.tell(Update::TraceSummaries { at: desk.now(), query: self.query.clone(), list }).await?;
        let follows = self.query.span.to.is_none();
        Ok(Ok(if follows { Again::After(desk.client.tuning.services_every) } else { Again::Never }))
    }
}

/// How far a list is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Most {
    pub(super) pages: usize,
    /// Traces that X-Ray goes through, each of which it charges; the page that passes this is the last.
    pub(super) scanned: u64,
}

/// The traces that a query takes, as far as they are to be read.
pub(super) async fn list(client: &Client, query: &TraceQuery, most: Most) -> Result<TraceList, SourceError> {
    let to = query.span.end(client.now());
    let from = query.span.from.max(to - LONGEST);
    let filter = Some(query.filter.clone()).filter(|filter| !filter.is_empty());
    let mut list = TraceList { more: from > query.span.from, ..TraceList::default() };
    let mut token = None;
    for page in 1.. {
        let answer = self::page(client, filter.clone(), (from, to), token).await?;
        list.pages = page as u64;
        list.scanned += answer.traces_processed_count().unwrap_or(0).max(0) as u64;
        list.traces.extend(answer.trace_summaries().iter().filter_map(summary));
        token = answer.next_token;
        if token.is_none() {
            break;
        }
        if page >= most.pages || list.scanned >= most.scanned || list.traces.len() >= MOST_TRACES {
            list.more = true;
            break;
        }
    }
    list.traces.sort_by(|a, b| b.start.cmp(&a.start).then_with(|| a.id.cmp(&b.id)));
    list.more |= list.traces.len() > MOST_TRACES;
    list.traces.truncate(MOST_TRACES);
    Ok(list)
}

/// One page of them.
pub(super) async fn page(
    client: &Client,
    filter: Option<String>,
    (from, to): (Time, Time),
    token: Option<String>,
) -> Result<GetTraceSummariesOutput, SourceError> {
    let request = client.xray.get_trace_summaries().start_time(to_aws(from)).end_time(to_aws(to));
    let request = request.set_filter_expression(filter).set_next_token(token);
    client.call(&GET_TRACE_SUMMARIES, request.send()).await
}

fn summary(summary: &types::TraceSummary) -> Option<TraceSummary> {
    let id = summary.id()?.to_owned();
    let http = summary.http().map(|http| {
        let status = http.http_status().map(|status| status.to_string());
        let parts = [http.http_method(), http.http_url(), status.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    let mut annotations: Vec<(String, String)> = summary
        .annotations()
        .into_iter()
        .flatten()
        .flat_map(|(name, values)| values.iter().map(move |value| (name, value)))
        .filter_map(|(name, value)| Some((name.clone(), text(value.annotation_value()?)?)))
        .collect();
    annotations.sort();
    annotations.dedup();
    Some(TraceSummary {
        // The id begins with the second of the start, for where X-Ray gives no other.
        start: summary.start_time().and_then(from_aws).or_else(|| started(&id)),
        duration_s: summary.duration().or(summary.response_time()).unwrap_or(0.0),
        fault: summary.has_fault().unwrap_or(false),
        error: summary.has_error().unwrap_or(false),
        throttle: summary.has_throttle().unwrap_or(false),
        entry: summary.entry_point().and_then(|entry| entry.name()).unwrap_or_default().to_owned(),
        http: http.unwrap_or_default(),
        annotations,
        id,
    })
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
        assert_eq!((read.http.as_str(), read.entry.as_str(), read.fault), ("", "", false));
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
        assert_eq!((read.http.as_str(), read.fault, read.start), ("POST 504", true, None));
        let annotations = [("Issuer", "Contoso"), ("Tries", "3")].map(|(name, value)| (name.into(), value.into()));
        assert_eq!(read.annotations, annotations);
    }
}
