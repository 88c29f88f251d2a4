//! CloudWatch Logs `FilterLogEvents` for the events that local rules count: their times alone.

use chrono::TimeDelta;

use super::desk::{Again, Closed, Desk, Source};
use super::ledger::{Ledger, Likeness};
use super::log_calls::Search;
use super::times::from_millis;
use crate::app::msg::Update;
use crate::clock::Time;
use crate::store::counts::{CountBatch, CountQuery};
use crate::store::health::{SourceError, SourceId};

/// Follows the events of one query by polling.
#[derive(Debug)]
pub(super) struct Counting {
    query: CountQuery,
    ledger: Ledger,
    /// Up to here every group has been read.
    complete_to: Option<Time>,
    /// What the ledger has let through and the loop has not been told: a read may fail or be broken off half way.
    untold: Vec<Time>,
}

impl Counting {
    pub(super) fn new(query: CountQuery) -> Self {
        Self { query, ledger: Ledger::default(), complete_to: None, untold: Vec::new() }
    }

    /// Reads one group over `[from, to]`, within the number of pages that a read may take; up to when it got.
    async fn read(&mut self, desk: &Desk, group: u16, from: Time, to: Time) -> Result<Time, SourceError> {
        let name = self.query.groups.get(usize::from(group)).cloned().unwrap_or_default();
        let search = Search { group: name, from, to, pattern: self.query.pattern.clone() };
        let mut newest = from;
        let mut token = None;
        for _ in 0..desk.client.tuning.counts_pages.max(1) {
            let (events, next) = search.page(&desk.client, token).await?;
            for event in events {
                let Some(time) = event.timestamp.and_then(from_millis) else { continue };
                let (stream, message) = (event.log_stream_name.unwrap_or_default(), event.message.unwrap_or_default());
                let likeness = Likeness { group, time, stream: &stream, message: &message };
                newest = newest.max(time);
                if self.ledger.pass_read(likeness, event.event_id.as_deref()) {
                    self.untold.push(time);
                }
            }
            token = next;
            if token.is_none() {
                return Ok(to);
            }
        }
        // More events than a read may take: others of the newest millisecond may be missing.
        Ok(newest - TimeDelta::milliseconds(1))
    }
}

impl Source for Counting {
    fn id(&self) -> SourceId {
        SourceId::Counts
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let tuning = desk.client.tuning.clone();
        let span = |span| TimeDelta::from_std(span).unwrap_or_default();
        let (now, overlap) = (desk.now(), span(tuning.counts_overlap));
        // What lies further back than a first read reaches is not caught up with.
        let oldest = now - span(tuning.counts_past);
        let from = self.complete_to.map_or(oldest, |to| (to - overlap).max(oldest));
        let mut to = now;
        for group in (0..).take(self.query.groups.len()) {
            match self.read(desk, group, from, now).await {
                Ok(read) => to = to.min(read),
                Err(error) => return Ok(Err(error)),
            }
        }
        let to = to.max(from);
        let joined = self.complete_to.filter(|known| from <= *known).unwrap_or(from);
        let (query, times) = (self.query.clone(), self.untold.clone());
        desk.tell(Update::Counts(CountBatch { at: desk.now(), query, times, from: joined.min(to), to })).await?;
        self.untold.clear();
        self.complete_to = Some(to);
        self.ledger.forget_before(to - overlap - TimeDelta::seconds(1));
        Ok(Ok(Again::After(tuning.counts_every)))
    }
}
