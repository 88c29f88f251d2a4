//! X-Ray `BatchGetTraces`: at most five traces a call, in pages.

use super::FIRST_WAIT;
use super::known::Known;
use crate::sources::client::Client;
use crate::sources::operation::BATCH_GET_TRACES;
use crate::store::health::SourceError;
use crate::store::trace::Trace;

/// Traces in one call (API Reference, BatchGetTraces).
pub(in crate::sources) const A_CALL: usize = 5;
/// How often X-Ray may say that it did not get round to a trace before that counts as not having it: it says so of
/// traces that it does not know, too.
const ROUNDS: u32 = 5;

/// The traces of at most five ids, as far as X-Ray has them, in the order of the ids.
///
/// What X-Ray does not get round to is asked for anew after waits that grow. Where it stays so, what came of a trace is
/// told as a part of it.
pub(in crate::sources) async fn batch(client: &Client, ids: &[String]) -> Result<Vec<Trace>, SourceError> {
    let mut known = Known::default();
    let mut open: Vec<String> = ids.to_vec();
    for round in 0..ROUNDS {
        if round > 0 {
            tokio::time::sleep(FIRST_WAIT * (1 << (round - 1))).await;
        }
        // What comes in parts is read anew as a whole; where nothing comes this time, the part from before stays.
        let mut now = Known::default();
        let mut token = None;
        let mut unprocessed: Vec<String> = Vec::new();
        loop {
            let request = client.xray.batch_get_traces().set_trace_ids(Some(open.clone())).set_next_token(token);
            let page = client.call(&BATCH_GET_TRACES, request.send()).await?;
            unprocessed.extend(page.unprocessed_trace_ids().iter().cloned());
            for trace in page.traces() {
                let Some(id) = trace.id().filter(|id| open.iter().any(|open| open == id)) else { continue };
                let documents = now.of(id);
                documents.duration_s = trace.duration().unwrap_or(documents.duration_s);
                documents.limit_exceeded |= trace.limit_exceeded().unwrap_or(false);
                let texts = trace.segments().iter().filter_map(|segment| segment.document());
                documents.texts.extend(texts.map(str::to_owned));
            }
            token = page.next_token.filter(|token| !token.is_empty());
            if token.is_none() {
                break;
            }
        }
        now.complete(known);
        known = now;
        open.retain(|id| unprocessed.contains(id));
        if open.is_empty() {
            break;
        }
    }
    for id in &open {
        known.is_part(id);
    }
    Ok(known.read(ids))
}
