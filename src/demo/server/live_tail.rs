//! A Live Tail session on the wire: one update a virtual second, in an event stream.

use std::collections::VecDeque;
use std::future::pending;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use futures::stream;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::answer::Desk;
use super::counts::OpenTail;
use crate::clock::Time;
use crate::demo::faults::Fault;
use crate::demo::logs::tail::Session;
use crate::demo::wire::reply::Body;
use crate::demo::wire::{ApiError, Wire, event_stream};

/// Updates kept for a client that reads too slowly; then the oldest is dropped (CloudWatch Logs User Guide, Live Tail).
const KEPT: i32 = 10;

/// How long a session lasts (CloudWatch Logs User Guide, Live Tail: three hours).
const LONGEST: TimeDelta = TimeDelta::hours(3);

/// The shortest real time between two updates, however fast virtual time runs.
const FASTEST: Duration = Duration::from_millis(25);

/// The body of a session. It ends when the client leaves, when the session is too old, or with the server.
pub(super) fn body(session: Session, desk: &Arc<Desk>) -> Body {
    let tail = Tail::new(session, desk);
    let chunks = stream::unfold(tail, async |mut tail| {
        let chunk = tail.next().await?;
        Some((chunk.map(Frame::data), tail))
    });
    StreamBody::new(chunks).boxed_unsync()
}

/// A session under way. What it sends follows from the clock when it is asked, so it needs no task of its own.
struct Tail {
    session: Arc<Session>,
    desk: Arc<Desk>,
    ticks: Interval,
    /// The virtual time that one update covers.
    span: TimeDelta,
    queue: VecDeque<Bytes>,
    started: Time,
    /// Everything before this has been told.
    told: Time,
    ended: bool,
    _open: OpenTail,
}

impl Tail {
    fn new(session: Session, desk: &Arc<Desk>) -> Self {
        let clock = &desk.estate.clock;
        let second = clock.real(Duration::from_secs(1));
        let real = second.max(FASTEST);
        let virtual_s = (real.as_secs_f64() / second.as_secs_f64().max(1e-9)).clamp(1.0, 3600.0);
        let mut ticks = interval(real);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        ticks.reset();
        let queue = [
            event_stream::event("initial-response", &Wire::Map(Vec::new())),
            event_stream::event("sessionStart", session.start()),
        ];
        let started = session.from();
        Self {
            session: Arc::new(session),
            desk: Arc::clone(desk),
            ticks,
            span: TimeDelta::milliseconds((virtual_s * 1000.0) as i64),
            queue: queue.into(),
            started,
            told: started,
            ended: false,
            _open: desk.counts.tail(),
        }
    }

    /// The next chunk of the stream; an error breaks the connection off.
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        loop {
            if let Some(frame) = self.queue.pop_front() {
                return Some(Ok(frame));
            }
            if self.ended {
                return None;
            }
            if self.desk.estate.clock.is_fixed() {
                // Time stands still: nothing more will ever be logged.
                pending::<()>().await;
            }
            self.ticks.tick().await;
            match self.desk.faults.judge("StartLiveTail").fault {
                // Permission and credentials are looked at when a session starts; slowness shows there too.
                None | Some(Fault::Slow(_) | Fault::Deny | Fault::Expired) => self.tick().await,
                Some(Fault::Hang) => {}
                Some(Fault::Reset) => return Some(self.last(Err(io::Error::other("reset on request")))),
                Some(Fault::Garbage) => {
                    return Some(self.last(Ok(Bytes::from_static(b"\0\0\0\x20garbage in place of a frame"))));
                }
                Some(Fault::Throttle | Fault::Internal) => self.fail("SessionStreamingException", "The session failed"),
            }
        }
    }

    /// Ends the stream with this chunk.
    fn last(&mut self, chunk: io::Result<Bytes>) -> io::Result<Bytes> {
        self.ended = true;
        chunk
    }

    fn fail(&mut self, code: &'static str, message: &str) {
        self.queue.push_back(event_stream::exception(&ApiError::bad(code, message)));
        self.ended = true;
    }

    /// Queues the updates of the virtual time that passed.
    async fn tick(&mut self) {
        let now = self.desk.estate.now();
        if now - self.started > LONGEST {
            return self.fail("SessionTimeoutException", "The session has lasted for three hours");
        }
        self.told = self.told.max(now - self.span * KEPT);
        // The tick may come a little late: what is left over after whole updates is told with the last of them.
        while self.told < now {
            let to = if now - self.told < self.span * 2 { now } else { self.told + self.span };
            let (session, from) = (Arc::clone(&self.session), self.told);
            let frames = move || {
                let updates = session.updates(from, to);
                Ok(updates.iter().map(|update| event_stream::event("sessionUpdate", update)).collect::<Vec<_>>())
            };
            match self.desk.work.run(frames).await {
                Ok(frames) => self.queue.extend(frames),
                Err(error) => return self.fail("SessionStreamingException", &error.message),
            }
            self.told = to;
        }
    }
}
