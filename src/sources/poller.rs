//! The poller: one task for each thing that is watched, started, told of changes, cancelled and joined.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::alarm_detail::OneAlarm;
use super::alarm_history::AlarmHistory;
use super::alarm_tags::AlarmTags;
use super::alarms::Alarms;
use super::catalogue;
use super::changes::Changes;
use super::client::Client;
use super::counts::Counting;
use super::desk::{Closed, Desk, LogScope, Work, keep_asking};
use super::investigation::Investigation;
use super::lines::Lines;
use super::log_query::Rows;
use super::logbook::Reading;
use super::matching::Matching;
use super::metric_filters::MetricFilters;
use super::service_trend::ServiceTrend;
use super::services::{Services, ServicesBefore};
use super::trace_groups::TraceGroups;
use super::trace_summaries::TraceSummaries;
use super::traces::OneTrace;
use super::{feed, metric_poll, transitions};
use crate::app::effect::{Subscription, Watch};
use crate::app::msg::{Msg, Update};
use crate::board::{Board, ChangeRules};
use crate::clock::Clock;
use crate::store::cost::Spending;
use crate::store::health::SourceId;

/// How often the loop is told what the calls have cost.
const SPENDING_EVERY: Duration = Duration::from_secs(1);
/// Answers that may wait for the poller's attention.
const ANSWERS: usize = 64;

/// Whether the sources keep up with the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Everything that is watched is kept up to date.
    Live,
    /// Everything that is watched is answered once, then [`Update::Settled`] is sent; again after each change of the watch.
    Once,
}

/// What a task serves.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// All metrics together, so that they share calls.
    Metrics,
    /// Anything else by itself.
    One(Subscription),
}

impl Key {
    /// The task that serves a subscription.
    fn of(subscription: &Subscription) -> Self {
        match subscription {
            Subscription::Metric { .. } | Subscription::Recent { .. } => Self::Metrics,
            Subscription::Counts(_)
            | Subscription::Alarms
            | Subscription::Catalogue(_)
            | Subscription::AlarmHistory(_)
            | Subscription::Transitions
            | Subscription::AlarmDetail(_)
            | Subscription::AlarmTags(_)
            | Subscription::Feed
            | Subscription::Lines(_)
            | Subscription::MetricFilters { .. }
            | Subscription::Matches(_)
            | Subscription::Changes
            | Subscription::Logs(_)
            | Subscription::Logbook(_)
            | Subscription::Story(_)
            | Subscription::Services
            | Subscription::ServicesBefore
            | Subscription::ServiceTrend(_)
            | Subscription::FollowedService { .. }
            | Subscription::Trace(_)
            | Subscription::TraceSummaries(_)
            | Subscription::TraceGroups => Self::One(subscription.clone()),
        }
    }

    /// Whether asking this source again means this task.
    fn serves(&self, source: SourceId) -> bool {
        match self {
            Self::Metrics => source == SourceId::Metrics,
            Self::One(Subscription::Feed) => matches!(source, SourceId::Poll | SourceId::Tail),
            Self::One(subscription) => subscription.source() == source,
        }
    }
}

/// Keeps everything that is watched up to date, and tells the loop.
#[derive(Debug)]
pub struct Poller {
    client: Client,
    board: Arc<Board>,
    logs: Arc<LogScope>,
    changes: Option<Arc<ChangeRules>>,
    mode: Mode,
    out: mpsc::Sender<Msg>,
    work: watch::Sender<Work>,
    done: mpsc::Sender<(Key, u64)>,
    tasks: HashMap<Key, Task>,
    running: JoinSet<Key>,
    spent: Spending,
    since: Instant,
    settled: bool,
}

/// A task of the poller.
#[derive(Debug)]
struct Task {
    cancel: CancellationToken,
    refresh: Arc<Notify>,
    /// Number of the newest watch that it has answered.
    answered: u64,
}

impl Poller {
    /// Starts it. It ends when `cancel` is cancelled or the loop has gone, after all its tasks have.
    ///
    /// In [`Mode::Once`], a watch that is empty from the start is not answered; one that becomes empty is.
    #[expect(clippy::too_many_arguments, reason = "the world is passed in, each part of it once")]
    pub fn start(
        mut client: Client,
        board: Arc<Board>,
        clock: Clock,
        mode: Mode,
        watch: watch::Receiver<Watch>,
        refresh: mpsc::Receiver<SourceId>,
        out: mpsc::Sender<Msg>,
        cancel: CancellationToken,
    ) -> JoinHandle<()> {
        client.clock = clock;
        let first = Work { number: 0, watch: watch.borrow().clone() };
        let groups = board.feed.as_ref().map(|feed| feed.log_groups.clone()).unwrap_or_default();
        let (done, answers) = mpsc::channel(ANSWERS);
        let poller = Self {
            client,
            logs: Arc::new(LogScope { groups, pattern: None }),
            changes: board.changes.clone().map(Arc::new),
            board,
            mode,
            out,
            work: watch::Sender::new(first),
            done,
            tasks: HashMap::new(),
            running: JoinSet::new(),
            spent: Spending::default(),
            since: Instant::now(),
            settled: true,
        };
        let farewells = poller.client.farewells.clone();
        tokio::spawn(async move {
            cancel.run_until_cancelled(poller.run(watch, refresh, answers)).await;
            farewells.said().await;
        })
    }

    async fn run(
        mut self,
        mut watch: watch::Receiver<Watch>,
        mut refresh: mpsc::Receiver<SourceId>,
        mut answers: mpsc::Receiver<(Key, u64)>,
    ) {
        let mut spending = tokio::time::interval(SPENDING_EVERY);
        spending.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut asking = true;
        let first = watch.borrow_and_update().clone();
        self.take(first, true);
        loop {
            let told = tokio::select! {
                change = watch.changed() => {
                    if change.is_err() {
                        break;
                    }
                    let next = watch.borrow_and_update().clone();
                    self.take(next, false);
                    self.settle().await
                }
                Some((key, number)) = answers.recv() => {
                    if let Some(task) = self.tasks.get_mut(&key) {
                        task.answered = task.answered.max(number);
                    }
                    self.settle().await
                }
                Some(ended) = self.running.join_next() => {
                    if let Err(error) = ended && error.is_panic() {
                        tracing::error!(%error, "a source has failed for good");
                    }
                    Ok(())
                }
                source = refresh.recv(), if asking => {
                    asking = source.is_some();
                    if let Some(source) = source {
                        self.refresh(source);
                    }
                    Ok(())
                }
                _ = spending.tick() => self.tell_spending().await,
                () = self.out.closed() => break,
            };
            if told.is_err() {
                break;
            }
        }
        for task in self.tasks.values() {
            task.cancel.cancel();
        }
        self.running.shutdown().await;
    }

    /// Takes in a watch: cancels what is no longer wanted, starts what is new, tells the others.
    fn take(&mut self, watch: Watch, first: bool) {
        self.client.meter.schedule(&watch, &self.client.tuning);
        self.settled = first && watch.wanted.is_empty();
        self.since = Instant::now();
        let wanted: Vec<Key> = watch.wanted.iter().map(Key::of).collect();
        self.tasks.retain(|key, task| {
            let stays = wanted.contains(key);
            if !stays {
                task.cancel.cancel();
            }
            stays
        });
        let number = self.work.borrow().number + 1;
        self.work.send_replace(Work { number, watch });
        for key in wanted {
            if !self.tasks.contains_key(&key) {
                self.begin(key);
            }
        }
    }

    /// Starts the task of a key.
    fn begin(&mut self, key: Key) {
        let cancel = CancellationToken::new();
        let refresh = Arc::new(Notify::new());
        let desk = Desk {
            key: key.clone(),
            client: self.client.clone(),
            board: self.board.clone(),
            logs: self.logs.clone(),
            changes: self.changes.clone(),
            mode: self.mode,
            work: self.work.subscribe(),
            refresh: refresh.clone(),
            out: self.out.clone(),
            done: self.done.clone(),
        };
        let (stop, ended) = (cancel.clone(), key.clone());
        self.running.spawn(async move {
            stop.run_until_cancelled(Box::pin(serve(desk))).await;
            ended
        });
        self.tasks.insert(key, Task { cancel, refresh, answered: 0 });
    }

    fn refresh(&self, source: SourceId) {
        for (_, task) in self.tasks.iter().filter(|(key, _)| key.serves(source)) {
            task.refresh.notify_one();
        }
    }

    /// Says so when a poller that answers once has answered everything.
    async fn settle(&mut self) -> Result<(), Closed> {
        let number = self.work.borrow().number;
        let answered = self.tasks.values().all(|task| task.answered >= number);
        if self.mode == Mode::Live || self.settled || !answered {
            return Ok(());
        }
        self.settled = true;
        self.tell_spending().await?;
        let settled = Update::Settled { watch: Box::new(self.work.borrow().watch.clone()), took: self.since.elapsed() };
        self.out.send(Msg::Feed(settled)).await.map_err(|_| Closed)
    }

    /// Tells the loop what has been spent, when that has changed.
    async fn tell_spending(&mut self) -> Result<(), Closed> {
        let spent = self.client.meter.spending();
        if spent == self.spent {
            return Ok(());
        }
        self.spent = spent.clone();
        self.out.send(Msg::Feed(Update::Spent(spent))).await.map_err(|_| Closed)
    }
}

/// Serves one key until it is cancelled or the loop has gone.
async fn serve(desk: Desk) -> Result<(), Closed> {
    match desk.key.clone() {
        Key::Metrics => metric_poll::run(desk).await,
        Key::One(Subscription::Metric { .. } | Subscription::Recent { .. }) => Ok(()),
        Key::One(Subscription::Counts(query)) => keep_asking(desk, Counting::new(query)).await,
        Key::One(Subscription::Catalogue(scope)) => keep_asking(desk, catalogue::Metrics { scope }).await,
        Key::One(Subscription::Alarms) => keep_asking(desk, Alarms).await,
        Key::One(Subscription::Transitions) => transitions::run(desk).await,
        Key::One(Subscription::AlarmHistory(name)) => keep_asking(desk, AlarmHistory { name }).await,
        Key::One(Subscription::AlarmDetail(alarm)) => keep_asking(desk, OneAlarm { alarm }).await,
        Key::One(Subscription::AlarmTags(alarm)) => keep_asking(desk, AlarmTags { alarm }).await,
        Key::One(Subscription::Feed) => feed::run(desk).await,
        Key::One(Subscription::Lines(value)) => keep_asking(desk, Lines { value }).await,
        Key::One(Subscription::MetricFilters { namespace, name }) => {
            keep_asking(desk, MetricFilters { namespace, name }).await
        }
        Key::One(Subscription::Matches(query)) => keep_asking(desk, Matching::new(query)).await,
        Key::One(Subscription::Changes) => keep_asking(desk, Changes::default()).await,
        Key::One(Subscription::Logs(query)) => keep_asking(desk, Rows { query }).await,
        Key::One(Subscription::Logbook(ask)) => keep_asking(desk, Reading { ask }).await,
        Key::One(Subscription::Story(query)) => keep_asking(desk, Investigation { query }).await,
        Key::One(Subscription::Services) => keep_asking(desk, Services).await,
        Key::One(Subscription::ServicesBefore) => keep_asking(desk, ServicesBefore).await,
        Key::One(Subscription::ServiceTrend(query)) => keep_asking(desk, ServiceTrend::new(query, None)).await,
        Key::One(Subscription::FollowedService { query, span }) => {
            keep_asking(desk, ServiceTrend::new(query, Some(span))).await
        }
        Key::One(Subscription::Trace(id)) => keep_asking(desk, OneTrace::of(id)).await,
        Key::One(Subscription::TraceSummaries(query)) => keep_asking(desk, TraceSummaries::new(query)).await,
        Key::One(Subscription::TraceGroups) => keep_asking(desk, TraceGroups).await,
    }
}
