//! What every source works with: clients, clock, log groups, the present watch, and the way back into the loop.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use tokio::time::Instant;

use super::backoff::{Backoff, is_transient};
use super::client::Client;
use super::poller::{Key, Mode};
use crate::app::effect::Watch;
use crate::app::msg::{Msg, Update};
use crate::board::{Board, ChangeRules};
use crate::clock::Time;
use crate::store::health::{SourceError, SourceId};
use crate::store::window::Window;

/// The watch, numbered so that an answer can say which one it is for.
#[derive(Debug, Clone)]
pub(super) struct Work {
    pub(super) number: u64,
    pub(super) watch: Watch,
}

/// Which log events the feed consists of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogScope {
    /// Log groups by name or ARN, in the order of [`crate::store::log::LogEvent::group`].
    pub groups: Vec<String>,
    /// Filter pattern; `None` for every event.
    pub pattern: Option<String>,
}

/// The loop has gone; a source ends quietly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Closed;

/// One source's desk.
#[derive(Debug, Clone)]
pub(super) struct Desk {
    pub(super) key: Key,
    pub(super) client: Client,
    /// What is watched.
    pub(super) board: Arc<Board>,
    pub(super) logs: Arc<LogScope>,
    /// Where changes are read, if the board says so.
    pub(super) changes: Option<Arc<ChangeRules>>,
    pub(super) mode: Mode,
    pub(super) work: watch::Receiver<Work>,
    pub(super) refresh: Arc<Notify>,
    pub(super) out: mpsc::Sender<Msg>,
    pub(super) done: mpsc::Sender<(Key, u64)>,
}

impl Desk {
    /// The present of the program's clock.
    pub(super) fn now(&self) -> Time {
        self.client.now()
    }

    /// The window on screen.
    pub(super) fn window(&self) -> Window {
        self.work.borrow().watch.window
    }

    /// The real time that a virtual span takes, never so short that a fast clock floods AWS.
    pub(super) fn real(&self, virtual_span: Duration) -> Duration {
        self.client.clock.real(virtual_span).max(Duration::from_millis(100)).min(virtual_span)
    }

    /// Tells the loop.
    pub(super) async fn tell(&self, update: Update) -> Result<(), Closed> {
        self.out.send(Msg::Feed(update)).await.map_err(|_| Closed)
    }

    /// Tells the loop of a failure.
    pub(super) async fn fail(&self, source: SourceId, error: SourceError) -> Result<(), Closed> {
        self.out.send(Msg::Failed(source, error)).await.map_err(|_| Closed)
    }

    /// Tells the poller that the watch of this number has been answered as far as this source goes.
    pub(super) async fn settle(&self, number: u64) -> Result<(), Closed> {
        self.done.send((self.key.clone(), number)).await.map_err(|_| Closed)
    }

    /// Takes a failure: whether this was the last try of a source that answers once, and the wait before the next.
    pub(super) fn after_failure(&self, error: &mut SourceError, backoff: &mut Backoff) -> Option<Duration> {
        let wait = backoff.after(error.kind);
        let tries = self.client.tuning.once_attempts;
        let last = self.mode == Mode::Once && (!is_transient(error.kind) || backoff.failures() >= tries);
        error.retry_in = (!last).then_some(wait);
        error.retry_in
    }
}

/// When a source wants to be asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// After this virtual span.
    After(Duration),
    /// When the window changes, or the user asks for it.
    Never,
}

/// A source that is asked as a whole, time after time.
pub(super) trait Source: Send {
    /// Which source it is.
    fn id(&self) -> SourceId;

    /// Whether it answers for the window on screen, so that another one makes it ask again.
    fn follows_window(&self) -> bool {
        true
    }

    /// Asks AWS and tells the loop. An error of the inner kind is AWS's, of the outer that nobody listens any more.
    fn ask(&mut self, desk: &Desk) -> impl Future<Output = Result<Result<Again, SourceError>, Closed>> + Send;
}

/// Asks a source for as long as it is wanted: again when it is time, when the window changes, and after failures.
pub(super) async fn keep_asking(mut desk: Desk, mut source: impl Source) -> Result<(), Closed> {
    let follows = source.follows_window();
    let salt = source.id() as u64 + 1;
    let mut backoff = Backoff::new(&desk.client.tuning, salt);
    loop {
        let (number, window) = {
            let work = desk.work.borrow_and_update();
            (work.number, work.watch.window)
        };
        let mut changes = desk.work.clone();
        let answer = tokio::select! {
            answer = source.ask(&desk) => answer?,
            change = other_window(&mut changes, window), if follows => {
                change?;
                continue;
            }
        };
        let wait = match answer {
            Ok(Again::After(span)) => Some(desk.real(span)),
            Ok(Again::Never) => None,
            Err(mut error) => {
                let wait = desk.after_failure(&mut error, &mut backoff);
                desk.fail(source.id(), error).await?;
                if wait.is_some() {
                    rest(&mut desk, wait, follows.then_some(window), false).await?;
                    continue;
                }
                None
            }
        };
        backoff.reset();
        desk.settle(number).await?;
        let wait = wait.filter(|_| desk.mode == Mode::Live);
        rest(&mut desk, wait, follows.then_some(window), true).await?;
    }
}

/// Waits for the time, a refresh or another window; a watch of the same window counts as answered when `answered`.
async fn rest(desk: &mut Desk, wait: Option<Duration>, window: Option<Window>, answered: bool) -> Result<(), Closed> {
    let until = wait.map(|wait| Instant::now() + wait);
    let refresh = desk.refresh.clone();
    loop {
        tokio::select! {
            () = sleep_until(until) => return Ok(()),
            () = refresh.notified() => return Ok(()),
            change = desk.work.changed() => {
                change.map_err(|_| Closed)?;
                let (number, now) = {
                    let work = desk.work.borrow_and_update();
                    (work.number, work.watch.window)
                };
                if window.is_some_and(|window| now != window) {
                    return Ok(());
                }
                if answered {
                    desk.settle(number).await?;
                }
            }
        }
    }
}

/// Waits until the instant, for ever without one.
pub(super) async fn sleep_until(until: Option<Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until).await,
        None => std::future::pending().await,
    }
}

/// Waits until the watch has another window.
async fn other_window(work: &mut watch::Receiver<Work>, window: Window) -> Result<(), Closed> {
    work.wait_for(|work| work.watch.window != window).await.map(|_| ()).map_err(|_| Closed)
}
