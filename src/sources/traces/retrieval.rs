//! Transaction Search: traces that are retrieved out of CloudWatch Logs.

use std::time::Duration;

use aws_sdk_xray::types::{RetrievalStatus, TraceFormatType, TraceSegmentDestination};

use super::known::Known;
use crate::clock::Time;
use crate::sources::client::Client;
use crate::sources::errors::{line, told};
use crate::sources::operation::{GET_TRACE_SEGMENT_DESTINATION, LIST_RETRIEVED_TRACES, START_TRACE_RETRIEVAL};
use crate::sources::times::to_aws;
use crate::store::health::{ErrorKind, SourceError};
use crate::store::trace::Trace;

/// Traces in one retrieval (API Reference, StartTraceRetrieval).
pub(in crate::sources) const A_RETRIEVAL: usize = 100;
/// How long a retrieval is waited for.
pub(in crate::sources) const RETRIEVE: Duration = Duration::from_secs(30);

/// Whether X-Ray's segments go to CloudWatch Logs (Transaction Search), so that BatchGetTraces may not have them.
pub(in crate::sources) async fn is_elsewhere(client: &Client) -> bool {
    let request = client.xray.get_trace_segment_destination();
    match client.call(&GET_TRACE_SEGMENT_DESTINATION, request.send()).await {
        Ok(answer) => answer.destination() == Some(&TraceSegmentDestination::CloudWatchLogs),
        Err(error) => {
            tracing::debug!(%error, "where segments go is not known");
            false
        }
    }
}

/// Has at most [`A_RETRIEVAL`] traces retrieved, and reads them when they are there; every call is counted.
pub(in crate::sources) async fn retrieve(
    client: &Client,
    ids: &[String],
    (from, to): (Time, Time),
    calls: &mut u64,
) -> Result<Vec<Trace>, SourceError> {
    let request = client.xray.start_trace_retrieval().set_trace_ids(Some(ids.to_vec()));
    let request = request.start_time(to_aws(from)).end_time(to_aws(to));
    *calls += 1;
    let token = client.call(&START_TRACE_RETRIEVAL, request.send()).await?.retrieval_token;
    let mut wait = client.tuning.query_first;
    let mut known = loop {
        tokio::time::sleep(wait).await;
        wait = wait.mul_f64(1.5).min(client.tuning.query_most);
        if let Some(known) = list(client, token.as_deref(), TraceFormatType::Xray, calls).await? {
            break known;
        }
    };
    // What is not told as segments may be told as spans; they are there already, so that no more is scanned for that.
    if ids.iter().any(|id| !known.has(id)) {
        match list(client, token.as_deref(), TraceFormatType::Otel, calls).await {
            Ok(more) => known.complete(more.unwrap_or_default()),
            Err(error) if !ids.iter().any(|id| known.has(id)) => return Err(error),
            Err(error) => tracing::debug!(%error, "of traces without segments no spans came"),
        }
    }
    Ok(known.read_all(ids))
}

/// Reads what was retrieved, page by page, in one of its two forms; `None` while it is not complete.
///
/// X-Ray's own form says more: throttles, what was inferred, exceptions with their stack.
async fn list(
    client: &Client,
    token: Option<&str>,
    form: TraceFormatType,
    calls: &mut u64,
) -> Result<Option<Known>, SourceError> {
    let mut known = Known::default();
    let mut page = None;
    loop {
        let request = client.xray.list_retrieved_traces().set_retrieval_token(token.map(str::to_owned));
        let request = request.trace_format(form.clone()).set_next_token(page);
        *calls += 1;
        let answer = client.call(&LIST_RETRIEVED_TRACES, request.send()).await?;
        match answer.retrieval_status() {
            Some(RetrievalStatus::Complete) => {}
            Some(RetrievalStatus::Scheduled | RetrievalStatus::Running) | None => return Ok(None),
            Some(ended) => {
                let words = format!("the retrieval ended as {}", line(ended.as_str()));
                return Err(told(ErrorKind::Server, &LIST_RETRIEVED_TRACES, &words, client.now()));
            }
        }
        for trace in answer.traces() {
            let Some(id) = trace.id() else { continue };
            // Ids are told in either form, and shown as X-Ray writes them.
            let id = crate::analysis::story::ids::trace_id(id).unwrap_or_else(|| id.to_owned());
            let documents = known.of(&id);
            documents.duration_s = trace.duration().unwrap_or(documents.duration_s);
            documents.texts.extend(trace.spans().iter().filter_map(|span| span.document()).map(str::to_owned));
        }
        page = answer.next_token.filter(|token| !token.is_empty());
        if page.is_none() {
            return Ok(Some(known));
        }
    }
}
