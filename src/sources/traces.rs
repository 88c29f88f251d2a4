//! X-Ray `BatchGetTraces`: one trace with all its segment documents.

use std::time::Duration;

use super::desk::{Again, Closed, Desk, Source};
use super::operation::BATCH_GET_TRACES;
use crate::app::msg::Update;
use crate::store::health::{SourceError, SourceId};
use crate::store::trace::{Segment, Trace};

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
        let trace = match self.read(desk).await {
            Ok(trace) => trace,
            Err(error) => return Ok(Err(error)),
        };
        // A trace may still be on its way into the index, or still be running.
        let open = trace.as_ref().is_none_or(|trace| trace.roots.iter().any(is_open));
        let again = if open { Again::After(desk.client.tuning.trace_every) } else { Again::Never };
        desk.tell(Update::Trace { at: desk.now(), id: self.id.clone(), trace }).await?;
        Ok(Ok(again))
    }
}

impl OneTrace {
    async fn read(&self, desk: &Desk) -> Result<Option<Trace>, SourceError> {
        let mut documents: Vec<String> = Vec::new();
        let mut duration_s = None;
        for _ in 0..ROUNDS {
            let mut token = None;
            let mut unprocessed = false;
            loop {
                let request = desk.client.xray.batch_get_traces().trace_ids(&self.id).set_next_token(token);
                let page = desk.client.call(&BATCH_GET_TRACES, request.send()).await?;
                unprocessed |= page.unprocessed_trace_ids().contains(&self.id);
                for trace in page.traces().iter().filter(|trace| trace.id() == Some(self.id.as_str())) {
                    duration_s = trace.duration().or(duration_s).or(Some(0.0));
                    let texts = trace.segments().iter().filter_map(|segment| segment.document());
                    documents.extend(texts.map(str::to_owned));
                }
                token = page.next_token;
                if token.is_none() {
                    break;
                }
            }
            if !unprocessed {
                let texts = documents.iter().map(String::as_str);
                return Ok(duration_s.map(|seconds| Trace::from_documents(&self.id, seconds, texts)));
            }
            documents.clear();
            tokio::time::sleep(BETWEEN_ROUNDS).await;
        }
        Ok(None)
    }
}

/// Whether a segment or one below it has not ended.
fn is_open(segment: &Segment) -> bool {
    segment.end_s.is_none() || segment.children.iter().any(is_open)
}
