//! Follows the feed: Live Tail where it works, FilterLogEvents where it does not, nothing lost or doubled in between.
//!
//! `complete_to` is the time up to which everything has been received. A read always starts a little before it, because
//! events arrive late; the ledger drops what has passed already. Reads fill in the past, the moment in which a session
//! opens, what a sampled session left out, and everything while there is no session.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::{OnceCell, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::backoff::{Backoff, is_transient};
use super::desk::{Closed, Desk, sleep_until};
use super::errors::told;
use super::feed::{WAITING, empty, fresh_live, fresh_read, tell};
use super::groups;
use super::ledger::Ledger;
use super::live_tail::{self, TailNews};
use super::operation::START_LIVE_TAIL;
use super::read_events::{self, ReadNews};
use super::times::from_millis;
use crate::app::msg::Update;
use crate::clock::Time;
use crate::store::health::{ErrorKind, SourceError, SourceId};
use crate::store::log::{TailBatch, TailOrigin};

/// Failed reads after which a working session no longer waits for what was before it.
const PATIENCE: u32 = 5;

/// Events that are told apart by the ledger, beyond which only the ordinary overlap is.
const MOST_KNOWN: usize = 100_000;

/// How the session does.
#[derive(Debug)]
enum Tail {
    /// There is none; when to try again.
    Down(Option<Instant>),
    /// It is being opened.
    Opening,
    /// It is open, and was last heard of then.
    Up { heard: Instant, sampled: bool },
}

/// A read that is under way.
#[derive(Debug)]
struct Read {
    past: bool,
    to: Time,
    /// Events that an open session should have brought long before.
    missed: usize,
}

/// What is followed, and how far.
struct Follow {
    desk: Desk,
    arns: Arc<OnceCell<Vec<String>>>,
    ledger: Ledger,
    started: Time,
    complete_to: Time,
    has_past: bool,
    read: Option<Read>,
    read_at: Option<Instant>,
    read_news: mpsc::Receiver<ReadNews>,
    read_backoff: Backoff,
    /// Reads that are due after a session has opened, for events that arrive late.
    late_reads: u32,
    /// When a poll next reads further back, for events that arrive very late.
    deep_at: Instant,
    tail: Tail,
    tail_news: mpsc::Receiver<TailNews>,
    tail_backoff: Backoff,
    reads: JoinSet<()>,
    session: JoinSet<()>,
}

/// Follows until nobody wants the feed any more.
pub(super) async fn run(desk: Desk) -> Result<(), Closed> {
    if desk.logs.groups.is_empty() {
        return std::future::pending().await;
    }
    let started = desk.now();
    let tuning = desk.client.tuning.clone();
    let mut follow = Follow {
        arns: Arc::default(),
        ledger: Ledger::default(),
        started,
        complete_to: started,
        has_past: false,
        read: None,
        read_at: Some(Instant::now()),
        read_news: mpsc::channel(1).1,
        read_backoff: Backoff::new(&tuning, SourceId::Poll as u64 + 1),
        late_reads: 0,
        deep_at: Instant::now() + desk.real(tuning.feed_deep_every),
        tail: Tail::Down(Some(Instant::now())),
        tail_news: mpsc::channel(1).1,
        tail_backoff: Backoff::new(&tuning, SourceId::Tail as u64 + 1),
        reads: JoinSet::new(),
        session: JoinSet::new(),
        desk,
    };
    loop {
        follow.begin_what_is_due();
        follow.step().await?;
    }
}

impl Follow {
    /// Waits for the next thing to happen, and takes it in.
    async fn step(&mut self) -> Result<(), Closed> {
        let refresh = self.desk.refresh.clone();
        let until = self.next_due();
        tokio::select! {
            Some(news) = self.tail_news.recv() => self.take_tail(news).await,
            Some(news) = self.read_news.recv() => self.take_read(news).await,
            () = refresh.notified() => {
                self.read_at = Some(Instant::now());
                if matches!(self.tail, Tail::Down(_)) {
                    self.tail = Tail::Down(Some(Instant::now()));
                }
                Ok(())
            }
            () = sleep_until(until) => Ok(()),
        }
    }

    /// When something is to be begun.
    fn next_due(&self) -> Option<Instant> {
        let read = self.read_at.filter(|_| self.read.is_none());
        let tail = match self.tail {
            Tail::Down(at) => at,
            Tail::Opening => None,
            Tail::Up { heard, .. } => self.read.is_none().then(|| heard + self.silence()),
        };
        read.into_iter().chain(tail).min()
    }

    /// Begins reads and sessions whose time has come.
    fn begin_what_is_due(&mut self) {
        let now = Instant::now();
        let is_silent = matches!(self.tail, Tail::Up { heard, .. } if now >= heard + self.silence());
        if self.read.is_none() && (is_silent || self.read_at.is_some_and(|at| at <= now)) {
            self.begin_read();
        }
        if matches!(self.tail, Tail::Down(Some(at)) if at <= now) {
            self.begin_tail();
        }
    }

    fn begin_read(&mut self) {
        let (tell, news) = mpsc::channel(WAITING);
        self.read_news = news;
        self.read_at = None;
        let (client, logs, past) = (self.desk.client.clone(), self.desk.logs.clone(), !self.has_past);
        let (from, to) = if past {
            (self.desk.window().range(self.started).0, self.started)
        } else {
            (self.complete_to - self.reach(), self.desk.now())
        };
        self.read = Some(Read { past, to, missed: 0 });
        self.reads.spawn(async move {
            let done = if past {
                read_events::past(&client, &logs, from, to, &tell).await
            } else {
                read_events::all(&client, &logs, from, to, &tell).await
            };
            // Nobody listens when the feed is no longer wanted.
            tell.send(ReadNews::Done(done)).await.ok();
        });
    }

    fn begin_tail(&mut self) {
        let (tell, news) = mpsc::channel(WAITING);
        self.tail_news = news;
        self.tail = Tail::Opening;
        let (client, logs, arns) = (self.desk.client.clone(), self.desk.logs.clone(), self.arns.clone());
        self.session.spawn(async move {
            let ended = match arns.get_or_try_init(|| groups::arns(&client, &logs.groups)).await {
                Ok(arns) => live_tail::follow_all(&client, arns, logs.pattern.as_ref(), &tell).await,
                Err(error) => TailNews::Down(error),
            };
            // Nobody listens when the feed is no longer wanted.
            tell.send(ended).await.ok();
        });
    }

    async fn take_tail(&mut self, news: TailNews) -> Result<(), Closed> {
        while self.session.try_join_next().is_some() {}
        match news {
            TailNews::Up => {
                self.tail = Tail::Up { heard: Instant::now(), sampled: false };
                self.late_reads = 1;
                self.read_at = Some(Instant::now());
                self.desk.tell(Update::TailUp { at: self.desk.now() }).await
            }
            TailNews::Update { events, sampled } => {
                self.tail_backoff.reset();
                self.tail = Tail::Up { heard: Instant::now(), sampled };
                let events = fresh_live(&mut self.ledger, &self.desk.logs.groups, events);
                if sampled {
                    self.late_reads = 1;
                    let soon = Instant::now() + self.desk.real(self.desk.client.tuning.feed_every);
                    self.read_at.get_or_insert(soon);
                }
                let nothing_open = self.has_past && self.read.is_none() && self.read_at.is_none();
                if nothing_open {
                    self.complete(self.desk.now());
                }
                let complete_to = nothing_open.then_some(self.complete_to);
                let batch = TailBatch { events, sampled, complete_to, ..empty(&self.desk, TailOrigin::Live) };
                tell(&self.desk, batch).await
            }
            TailNews::Down(error) => self.lose_tail(error).await,
            TailNews::Aged => {
                // No trouble: the next one is opened at once, and what lies between them is read.
                self.session.abort_all();
                self.tail = Tail::Down(Some(Instant::now()));
                Ok(())
            }
        }
    }

    /// Goes over to polling, and tries to tail again later: rarely where it is denied.
    async fn lose_tail(&mut self, mut error: SourceError) -> Result<(), Closed> {
        let wait = match error.kind {
            ErrorKind::Denied => self.desk.client.tuning.tail_denied,
            kind => self.tail_backoff.after(kind),
        };
        error.retry_in = Some(wait);
        self.tail = Tail::Down(Some(Instant::now() + wait));
        self.session.abort_all();
        // A read that waits after a failure of its own goes on waiting.
        if self.read_backoff.failures() == 0 {
            self.read_at = Some(Instant::now());
        }
        self.desk.fail(SourceId::Tail, error).await
    }

    async fn take_read(&mut self, news: ReadNews) -> Result<(), Closed> {
        while self.reads.try_join_next().is_some() {}
        match news {
            ReadNews::Page { group, events } => {
                // Pages of one group come in order of time: how far they have come says how far the feed is behind.
                let is_alone = self.desk.logs.groups.len() == 1 && self.read.as_ref().is_some_and(|read| !read.past);
                let last = events.last().and_then(|event| from_millis(event.timestamp?)).filter(|_| is_alone);
                let reached = last.map(|at| at - TimeDelta::milliseconds(1));
                let events = fresh_read(&mut self.ledger, group, events);
                let overlap = self.overlap();
                if let Some(read) = &mut self.read
                    && !read.past
                {
                    read.missed += events.iter().filter(|event| event.time < read.to - overlap).count();
                }
                if events.is_empty() {
                    return Ok(());
                }
                let whole = TailBatch { events, complete_to: reached, ..empty(&self.desk, self.read_origin()) };
                tell(&self.desk, whole).await
            }
            ReadNews::Done(done) => {
                let Some(read) = self.read.take() else { return Ok(()) };
                match done {
                    Ok(()) => self.finish_read(read).await,
                    Err(error) => self.fail_read(&read, error).await,
                }
            }
        }
    }

    async fn finish_read(&mut self, read: Read) -> Result<(), Closed> {
        self.read_backoff.reset();
        let last = TailBatch { complete_to: Some(read.to), ..empty(&self.desk, self.read_origin_of(read.past)) };
        self.has_past = true;
        self.complete(read.to);
        let tuning = self.desk.client.tuning.clone();
        let (every, overlap) = (self.desk.real(tuning.feed_every), self.desk.real(tuning.feed_overlap));
        let next = match &mut self.tail {
            Tail::Up { sampled: false, .. } if read.past || self.late_reads > 0 => {
                self.late_reads = self.late_reads.saturating_sub(u32::from(!read.past));
                Some(if read.past { Duration::ZERO } else { overlap })
            }
            Tail::Up { sampled: false, heard } => {
                let was_silent = heard.elapsed() >= self.desk.real(tuning.tail_silence);
                if was_silent && read.missed > 0 {
                    let words = "Live Tail was silent while events arrived";
                    let error = told(ErrorKind::TimedOut, &START_LIVE_TAIL, words, self.desk.now());
                    self.desk.tell(Update::Tail(last)).await?;
                    return self.lose_tail(error).await;
                }
                if was_silent {
                    *heard = Instant::now();
                }
                None
            }
            Tail::Up { sampled: true, .. } | Tail::Opening | Tail::Down(_) => {
                Some(if read.past { Duration::ZERO } else { every })
            }
        };
        self.read_at = match (next, self.read_at) {
            (Some(next), Some(at)) => Some(at.min(Instant::now() + next)),
            (Some(next), None) => Some(Instant::now() + next),
            (None, at) => at,
        };
        self.desk.tell(Update::Tail(last)).await
    }

    async fn fail_read(&mut self, read: &Read, mut error: SourceError) -> Result<(), Closed> {
        let wait = self.read_backoff.after(error.kind);
        let hopeless = !is_transient(error.kind) || self.read_backoff.failures() >= PATIENCE;
        if hopeless && matches!(self.tail, Tail::Up { sampled: false, .. }) {
            // The session brings everything from here on; what was before it is not to be had.
            self.has_past = true;
            self.complete(self.desk.now());
        } else {
            error.retry_in = Some(wait);
            self.read_at = Some(Instant::now() + wait);
        }
        tracing::debug!(past = read.past, %error, "a read of the feed failed");
        self.desk.fail(SourceId::Poll, error).await
    }

    /// How a read's events came: as the past while a session is open, for that is how the feed arrives then.
    const fn read_origin(&self) -> TailOrigin {
        match &self.read {
            Some(read) => self.read_origin_of(read.past),
            None => TailOrigin::Poll,
        }
    }

    const fn read_origin_of(&self, past: bool) -> TailOrigin {
        match (past, &self.tail) {
            (true, _) | (false, Tail::Up { .. }) => TailOrigin::Backfill,
            (false, Tail::Opening | Tail::Down(_)) => TailOrigin::Poll,
        }
    }

    /// Everything up to `time` has been received; what no read will reach again is forgotten.
    fn complete(&mut self, time: Time) {
        self.complete_to = self.complete_to.max(time);
        if self.has_past {
            self.ledger.forget_before(self.complete_to - self.deepest() - TimeDelta::seconds(1));
        }
    }

    /// How far back a read begins: now and then further, where nothing else would bring what arrives very late.
    fn reach(&mut self) -> TimeDelta {
        if Instant::now() < self.deep_at || matches!(self.tail, Tail::Up { sampled: false, .. }) {
            return self.overlap();
        }
        self.deep_at = Instant::now() + self.desk.real(self.desk.client.tuning.feed_deep_every);
        self.deepest()
    }

    /// How far back a read may ever begin. What it brings is told from what has passed by the ledger, which must not
    /// fill the memory: where very much passes, less is read again.
    fn deepest(&self) -> TimeDelta {
        let deep = TimeDelta::from_std(self.desk.client.tuning.feed_deep_overlap).unwrap_or_default();
        if self.ledger.len() > MOST_KNOWN { self.overlap() } else { deep.max(self.overlap()) }
    }

    fn overlap(&self) -> TimeDelta {
        TimeDelta::from_std(self.desk.client.tuning.feed_overlap).unwrap_or_default()
    }

    fn silence(&self) -> Duration {
        self.desk.real(self.desk.client.tuning.tail_silence)
    }
}
