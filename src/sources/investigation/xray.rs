//! X-Ray: traces by id, and trace ids by annotation.

use std::time::Duration;

use aws_sdk_xray::types::{RetrievalStatus, TraceFormatType, TraceSegmentDestination};
use futures::future::try_join_all;
use tokio::sync::mpsc;

use super::engine::{News, Report};
use crate::clock::Time;
use crate::sources::ask_once::patiently;
use crate::sources::client::Client;
use crate::sources::errors::{line, told};
use crate::sources::operation::{GET_TRACE_SEGMENT_DESTINATION, LIST_RETRIEVED_TRACES, START_TRACE_RETRIEVAL};
use crate::sources::times::to_aws;
use crate::sources::trace_summaries;
use crate::sources::traces;
use crate::store::health::{ErrorKind, SourceError, SourceId};
use crate::store::story::SearchState;
use crate::store::trace::Trace;
use crate::store::trace_list::TimeRangeType;

/// How long traces are asked for by their ids: X-Ray says of those that it does not know that it did not get round to them.
const READ: Duration = Duration::from_secs(15);
/// How long traces are looked for by annotation.
const LOOK: Duration = Duration::from_secs(15);
/// How long traces are waited for that are retrieved from CloudWatch Logs.
const RETRIEVE: Duration = Duration::from_secs(30);
/// Traces in one call (API Reference, BatchGetTraces).
const A_CALL: usize = 5;
/// Traces in one retrieval (API Reference, StartTraceRetrieval).
const A_RETRIEVAL: usize = 100;
/// Pages of summaries that are read for one annotation.
const PAGES: usize = 40;

/// Reads traces by id.
pub(super) async fn read(client: Client, index: usize, ids: Vec<String>, news: mpsc::Sender<News>) {
    let mut report = Report { traces: ids.len() as u64, ..Report::default() };
    let reading = async {
        report.calls = ids.chunks(A_CALL).len() as u64;
        let reads = ids.chunks(A_CALL).map(async |ids| {
            for trace in patiently(&client, SourceId::Story, || traces::batch(&client, ids)).await? {
                if news.send(News::Trace { index, trace: Box::new(trace) }).await.is_err() {
                    break;
                }
            }
            Ok(())
        });
        try_join_all(reads).await
    };
    let state = match tokio::time::timeout(READ, Box::pin(reading)).await {
        Ok(Ok(_)) => SearchState::Done,
        Ok(Err(error)) => SearchState::Failed(error),
        Err(_) => SearchState::TimedOut,
    };
    // The engine has gone when nobody looks any more.
    let _ = news.send(News::Searched { index, state, report }).await;
}

/// Looks for traces whose annotations have a value, going through so many at most.
pub(super) async fn look(
    client: Client,
    index: usize,
    filter: String,
    ((from, to), most): ((Time, Time), u64),
    news: mpsc::Sender<News>,
) {
    let mut report = Report::default();
    let begin = from.max(to - trace_summaries::LONGEST);
    let looking = async {
        let mut token = None;
        for _ in 0..PAGES {
            let page = || {
                trace_summaries::page(
                    &client,
                    Some(filter.clone()),
                    (begin, to),
                    (TimeRangeType::TraceId, false),
                    token.clone(),
                )
            };
            let page = patiently(&client, SourceId::Story, page).await?;
            report.calls += 1;
            report.traces += page.traces_processed_count().unwrap_or(0).max(0).cast_unsigned();
            let ids: Vec<String> =
                page.trace_summaries().iter().filter_map(|trace| trace.id().map(str::to_owned)).collect();
            let heard = news.send(News::Heard { index, report }).await.is_ok();
            let told = ids.is_empty() || news.send(News::TraceIds { index, ids }).await.is_ok();
            token = page.next_token;
            if token.is_none() || !heard || !told {
                return Ok(if begin > from { SearchState::Cut } else { SearchState::Done });
            }
            if report.traces >= most {
                break;
            }
        }
        Ok(SearchState::Cut)
    };
    let state = match tokio::time::timeout(LOOK, Box::pin(looking)).await {
        Ok(Ok(state)) => state,
        Ok(Err(error)) => SearchState::Failed(error),
        Err(_) => SearchState::TimedOut,
    };
    let _ = news.send(News::Searched { index, state, report }).await;
}

/// The filter expression for traces with one of these values in one of these annotations.
///
/// Source: X-Ray Developer Guide, "Filter expressions": `annotation[key] = "value"`.
pub(super) fn expression(annotations: &[String], values: &[String]) -> String {
    let quoted = |value: &String| value.replace('\\', "\\\\").replace('"', "\\\"");
    let pairs = annotations.iter().flat_map(|key| values.iter().map(move |value| (key, value)));
    let parts: Vec<String> = pairs.map(|(key, value)| format!("annotation[{key}] = \"{}\"", quoted(value))).collect();
    parts.join(" OR ")
}

/// Whether X-Ray's segments go to CloudWatch Logs (Transaction Search), so that BatchGetTraces may not have them.
pub(super) async fn is_elsewhere(client: &Client) -> bool {
    let request = client.xray.get_trace_segment_destination();
    match client.call(&GET_TRACE_SEGMENT_DESTINATION, request.send()).await {
        Ok(answer) => answer.destination() == Some(&TraceSegmentDestination::CloudWatchLogs),
        Err(error) => {
            tracing::debug!(%error, "where segments go is not known");
            false
        }
    }
}

/// Has traces retrieved from CloudWatch Logs, and reads them when they are there.
pub(super) async fn retrieve(
    client: Client,
    index: usize,
    ids: Vec<String>,
    range: (Time, Time),
    news: mpsc::Sender<News>,
) {
    let mut report = Report { traces: ids.len() as u64, ..Report::default() };
    let retrieving = async {
        for ids in ids.chunks(A_RETRIEVAL) {
            let ids = ids.to_vec();
            retrieve_some(&client, index, ids, range, &news, &mut report).await?;
        }
        Ok(())
    };
    let state = match tokio::time::timeout(RETRIEVE, Box::pin(retrieving)).await {
        Ok(Ok(())) => SearchState::Done,
        Ok(Err(error)) => SearchState::Failed(error),
        Err(_) => SearchState::TimedOut,
    };
    let _ = news.send(News::Searched { index, state, report }).await;
}

async fn retrieve_some(
    client: &Client,
    index: usize,
    ids: Vec<String>,
    (from, to): (Time, Time),
    news: &mpsc::Sender<News>,
    report: &mut Report,
) -> Result<(), SourceError> {
    let request = client.xray.start_trace_retrieval().set_trace_ids(Some(ids));
    let request = request.start_time(to_aws(from)).end_time(to_aws(to));
    report.calls += 1;
    let token = client.call(&START_TRACE_RETRIEVAL, request.send()).await?.retrieval_token;
    let mut wait = client.tuning.query_first;
    loop {
        tokio::time::sleep(wait).await;
        wait = wait.mul_f64(1.5).min(client.tuning.query_most);
        let mut page = None;
        loop {
            let request = client.xray.list_retrieved_traces().set_retrieval_token(token.clone());
            let request = request.trace_format(TraceFormatType::Xray).set_next_token(page.take());
            report.calls += 1;
            let answer = client.call(&LIST_RETRIEVED_TRACES, request.send()).await?;
            match answer.retrieval_status() {
                Some(RetrievalStatus::Complete) => {}
                Some(RetrievalStatus::Scheduled | RetrievalStatus::Running) | None => break,
                Some(ended) => {
                    let words = format!("the retrieval ended as {}", line(ended.as_str()));
                    return Err(told(ErrorKind::Server, &LIST_RETRIEVED_TRACES, &words, client.now()));
                }
            }
            for trace in answer.traces() {
                let texts: Vec<&str> = trace.spans().iter().filter_map(|span| span.document()).collect();
                let read =
                    Trace::from_documents(trace.id().unwrap_or_default(), trace.duration().unwrap_or(0.0), texts);
                if news.send(News::Trace { index, trace: Box::new(read) }).await.is_err() {
                    return Ok(());
                }
            }
            page = answer.next_token;
            if page.is_none() {
                return Ok(());
            }
        }
    }
}
