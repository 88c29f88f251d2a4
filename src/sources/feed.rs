//! The request feed: its past, read once, and what follows.

use aws_sdk_cloudwatchlogs::types::{FilteredLogEvent, LiveTailSessionLogEvent};
use tokio::sync::mpsc;

use super::desk::{Again, Closed, Desk, Source, keep_asking};
use super::follow;
use super::groups;
use super::ledger::{Ledger, Likeness};
use super::poller::Mode;
use super::read_events::{self, ReadNews};
use super::times::from_millis;
use crate::app::msg::Update;
use crate::store::health::{SourceError, SourceId};
use crate::store::log::{LogEvent, TailBatch, TailOrigin};

/// Pages and updates that may wait to be taken in; more wait at AWS.
pub(super) const WAITING: usize = 4;

/// Serves the feed: the past alone where the window stands still or one answer is wanted, else also what follows.
pub(super) async fn run(desk: Desk) -> Result<(), Closed> {
    if desk.mode == Mode::Once {
        return keep_asking(desk, Past::default()).await;
    }
    let mut work = desk.work.clone();
    if !desk.window().is_live() {
        tokio::select! {
            ended = keep_asking(desk.clone(), Past::default()) => return ended,
            live = work.wait_for(|work| work.watch.window.is_live()) => live.map(|_| ()).map_err(|_| Closed)?,
        }
    }
    follow::run(desk).await
}

/// The past of the feed, up to the window's end.
#[derive(Debug, Default)]
struct Past {
    ledger: Ledger,
}

impl Source for Past {
    fn id(&self) -> SourceId {
        SourceId::Poll
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let (from, to) = desk.window().range(desk.now());
        let (pages, mut news) = mpsc::channel(WAITING);
        let read = async move { read_events::past(&desk.client, &desk.logs, from, to, &pages).await };
        let take = async {
            while let Some(page) = news.recv().await {
                if let ReadNews::Page { group, events } = page {
                    let events = fresh_read(&mut self.ledger, group, events);
                    tell(desk, TailBatch { events, ..empty(desk, TailOrigin::Backfill) }).await?;
                }
            }
            Ok(())
        };
        let (read, taken) = tokio::join!(read, take);
        taken?;
        if let Err(error) = read {
            return Ok(Err(error));
        }
        let mut last = TailBatch { complete_to: Some(to), ..empty(desk, TailOrigin::Backfill) };
        last.at = desk.now();
        desk.tell(Update::Tail(last)).await?;
        Ok(Ok(Again::Never))
    }
}

/// A batch without events.
pub(super) fn empty(desk: &Desk, origin: TailOrigin) -> TailBatch {
    TailBatch { at: desk.now(), events: Vec::new(), origin, sampled: false, complete_to: None }
}

/// Events that the loop takes in at once: it looks at the keyboard in between.
const AT_ONCE: usize = 500;

/// Tells a batch, in parts where it is large; only the last says up to when everything has come.
pub(super) async fn tell(desk: &Desk, mut batch: TailBatch) -> Result<(), Closed> {
    while batch.events.len() > AT_ONCE {
        let rest = batch.events.split_off(AT_ONCE);
        let events = std::mem::replace(&mut batch.events, rest);
        desk.tell(Update::Tail(TailBatch { events, complete_to: None, ..batch.clone_empty() })).await?;
    }
    desk.tell(Update::Tail(batch)).await
}

/// Events of a page that have not passed yet.
pub(super) fn fresh_read(ledger: &mut Ledger, group: u16, events: Vec<FilteredLogEvent>) -> Vec<LogEvent> {
    let fresh = |event: FilteredLogEvent| {
        let time = from_millis(event.timestamp?)?;
        let message = event.message.unwrap_or_default();
        let stream = event.log_stream_name.unwrap_or_default();
        let likeness = Likeness { group, time, stream: &stream, message: &message };
        ledger.pass_read(likeness, event.event_id.as_deref()).then(|| LogEvent { time, group, message: message.into() })
    };
    events.into_iter().filter_map(fresh).collect()
}

/// Events of a Live Tail update that have not passed yet.
pub(super) fn fresh_live(ledger: &mut Ledger, names: &[String], events: Vec<LiveTailSessionLogEvent>) -> Vec<LogEvent> {
    let fresh = |event: LiveTailSessionLogEvent| {
        let time = from_millis(event.timestamp?)?;
        let group = groups::index(names, event.log_group_identifier.as_deref().unwrap_or_default())?;
        let message = event.message.unwrap_or_default();
        let stream = event.log_stream_name.unwrap_or_default();
        let likeness = Likeness { group, time, stream: &stream, message: &message };
        ledger.pass_live(likeness).then(|| LogEvent { time, group, message: message.into() })
    };
    events.into_iter().filter_map(fresh).collect()
}
