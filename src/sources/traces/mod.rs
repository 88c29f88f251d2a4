//! One trace with all its segment documents, from X-Ray or, with Transaction Search, out of CloudWatch Logs.

mod batch;
mod known;
mod retrieval;

use std::time::Duration;

use chrono::TimeDelta;

use super::ask_once::patiently;
use super::client::Client;
use super::desk::{Again, Closed, Desk, Source};
use super::errors::told;
use super::operation::LIST_RETRIEVED_TRACES;
use crate::analysis::story::ids;
use crate::app::msg::Update;
use crate::clock::Time;
use crate::store::health::{ErrorKind, SourceError, SourceId};
use crate::store::trace::Trace;

pub(super) use batch::{A_CALL, batch};
pub(super) use retrieval::{A_RETRIEVAL, RETRIEVE, is_elsewhere, retrieve};

/// How long before the second in its id a trace's spans may have begun: clocks differ.
const BEFORE: TimeDelta = TimeDelta::minutes(5);
/// How long after it they are looked for.
const AFTER: TimeDelta = TimeDelta::hours(1);

/// One trace.
#[derive(Debug)]
pub(super) struct OneTrace {
    pub(super) id: String,
    pub(super) reader: Reader,
}

impl OneTrace {
    /// That of an id.
    pub(super) fn of(id: String) -> Self {
        Self { id, reader: Reader::default() }
    }
}

impl Source for OneTrace {
    fn id(&self) -> SourceId {
        SourceId::Trace
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let trace = match Box::pin(self.reader.read(&desk.client, &self.id)).await {
            Ok(trace) => trace,
            Err(error) => return Ok(Err(error)),
        };
        // A trace may still be on its way into the index, or still be running.
        let open = trace.as_ref().is_none_or(|trace| trace.is_open() || trace.unprocessed);
        let again = if open { Again::After(desk.client.tuning.trace_every) } else { Again::Never };
        desk.tell(Update::Trace { at: desk.now(), id: self.id.clone(), trace }).await?;
        Ok(Ok(again))
    }
}

/// Reads one trace, wherever it is.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// Whether segments go to CloudWatch Logs, as soon as that was asked.
    elsewhere: Option<bool>,
}

impl Reader {
    /// The trace; `None` where nobody has it.
    pub(super) async fn read(&mut self, client: &Client, id: &str) -> Result<Option<Trace>, SourceError> {
        let ids = [id.to_owned()];
        let found = if self.elsewhere == Some(true) { None } else { batch(client, &ids).await?.pop() };
        if found.is_some() {
            return Ok(found);
        }
        let elsewhere = match self.elsewhere {
            Some(elsewhere) => elsewhere,
            None => *self.elsewhere.insert(is_elsewhere(client).await),
        };
        if !elsewhere {
            return Ok(None);
        }
        let now = client.now();
        let range = ids::epoch(id).map_or((now - AFTER, now), |at| around(at, now));
        let mut calls = 0;
        let retrieving = Box::pin(retrieve(client, &ids, range, &mut calls));
        let Ok(found) = tokio::time::timeout(RETRIEVE, retrieving).await else {
            let words = format!("the retrieval took longer than {} s", RETRIEVE.as_secs());
            return Err(told(ErrorKind::TimedOut, &LIST_RETRIEVED_TRACES, &words, now));
        };
        // With Transaction Search spans come in one by one; a trace that has none yet is none.
        Ok(found?.into_iter().find(|trace| !trace.spans.is_empty() || !trace.problems.is_empty()))
    }
}

/// When the spans of a trace were told, that began about then.
fn around(at: Time, now: Time) -> (Time, Time) {
    (at - BEFORE, (at + AFTER).min(now.max(at)))
}

/// One trace by its id; trouble that tends to pass is given a few tries. `None` where nobody has it.
pub async fn one_trace(client: &Client, id: &str) -> Result<Option<Trace>, SourceError> {
    patiently(client, SourceId::Trace, || async { Box::pin(Reader::default().read(client, id)).await }).await
}

/// Wait before asking anew for what X-Ray did not get round to, the first time.
const FIRST_WAIT: Duration = Duration::from_millis(100);
