//! X-Ray `BatchGetTraces`: one trace with all its segment documents.

use std::collections::HashMap;
use std::time::Duration;

use super::client::Client;
use super::desk::{Again, Closed, Desk, Source};
use super::operation::BATCH_GET_TRACES;
use crate::app::msg::Update;
use crate::store::health::{SourceError, SourceId};
use crate::store::trace::Trace;

/// How often X-Ray may say that it did not get round to a trace before that counts as not having it: it says so of
/// traces that it does not know, too.
const ROUNDS: usize = 5;
/// Wait before asking again for what X-Ray did not get round to.
const BETWEEN_ROUNDS: Duration = Duration::from_millis(300);

/// One trace.
#[derive(Debug)]
pub(super) struct OneTrace {
    pub(super) id: String,
}

impl Source for OneTrace {
    fn id(&self) -> SourceId {
        SourceId::Trace
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let trace = match batch(&desk.client, std::slice::from_ref(&self.id)).await {
            Ok(traces) => traces.into_iter().next(),
            Err(error) => return Ok(Err(error)),
        };
        // A trace may still be on its way into the index, or still be running.
        let open = trace.as_ref().is_none_or(Trace::is_open);
        let again = if open { Again::After(desk.client.tuning.trace_every) } else { Again::Never };
        desk.tell(Update::Trace { at: desk.now(), id: self.id.clone(), trace }).await?;
        Ok(Ok(again))
    }
}

/// The traces of at most five ids, as far as X-Ray has them, in the order of the ids.
pub(super) async fn batch(client: &Client, ids: &[String]) -> Result<Vec<Trace>, SourceError> {
    let mut documents: HashMap<String, (f64, Vec<String>)> = HashMap::new();
    let mut open: Vec<String> = ids.to_vec();
    for round in 0..ROUNDS {
        if round > 0 {
            tokio::time::sleep(BETWEEN_ROUNDS).await;
        }
        let mut token = None;
        let mut unprocessed: Vec<String> = Vec::new();
        loop {
            let request = client.xray.batch_get_traces().set_trace_ids(Some(open.clone())).set_next_token(token);
            let page = client.call(&BATCH_GET_TRACES, request.send()).await?;
            unprocessed.extend(page.unprocessed_trace_ids().iter().cloned());
            for trace in page.traces() {
                let Some(id) = trace.id().filter(|id| open.iter().any(|open| open == id)) else { continue };
                let known = documents.entry(id.to_owned()).or_default();
                known.0 = trace.duration().unwrap_or(known.0);
                let texts = trace.segments().iter().filter_map(|segment| segment.document());
                known.1.extend(texts.map(str::to_owned));
            }
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
        // What comes in parts is read anew as a whole.
        for id in &unprocessed {
            documents.remove(id);
        }
        open.retain(|id| unprocessed.contains(id));
        if open.is_empty() {
            break;
        }
    }
    let read = |id: &String| {
        let (seconds, texts) = documents.get(id)?;
        Some(Trace::from_documents(id, *seconds, texts.iter().map(String::as_str)))
    };
    Ok(ids.iter().filter_map(read).collect())
}
