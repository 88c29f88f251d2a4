//! Keeps all watched metrics up to date: what is due is planned, asked, and given back in batches.

use std::time::Instant;

use tokio::task::JoinSet;

use super::backoff::{Backoff, is_transient};
use super::desk::{Closed, Desk, sleep_until};
use super::metrics::{self, Outcome};
use super::plan::plan;
use super::poller::Mode;
use super::schedule::Schedule;
use crate::app::msg::Update;
use crate::clock::Time;
use crate::store::health::{SourceError, SourceId};
use crate::store::series::{MetricBatch, MetricResult};

/// The schedule with the calls that are under way.
struct MetricPoll {
    desk: Desk,
    schedule: Schedule,
    backoff: Backoff,
    calls: JoinSet<(Time, Outcome)>,
}

/// Runs until nobody wants metrics any more.
pub(super) async fn run(desk: Desk) -> Result<(), Closed> {
    let schedule = Schedule::new(&desk.client.tuning);
    let backoff = Backoff::new(&desk.client.tuning, SourceId::Metrics as u64 + 1);
    let mut poll = MetricPoll { desk, schedule, backoff, calls: JoinSet::new() };
    loop {
        let number = poll.desk.work.borrow_and_update().number;
        poll.ask_what_is_due().await?;
        if poll.calls.is_empty() && poll.is_answered() {
            poll.desk.settle(number).await?;
        }
        poll.wait().await?;
    }
}

impl MetricPoll {
    /// Starts the calls for everything that is due.
    async fn ask_what_is_due(&mut self) -> Result<(), Closed> {
        let watch = self.desk.work.borrow().watch.clone();
        let now = self.desk.now();
        let plan = plan(&self.schedule.due(&watch, now, Instant::now()));
        let rejected: Vec<_> = plan.rejected.into_iter().map(|(ask, why)| metrics::refused(ask, why)).collect();
        self.take(now, Outcome { refused: rejected, ..Outcome::default() }).await?;
        for call in plan.calls {
            let client = self.desk.client.clone();
            self.calls.spawn(async move { (now, metrics::ask(&client, call).await) });
        }
        Ok(())
    }

    /// Whether nothing that is watched waits for its first answer.
    fn is_answered(&self) -> bool {
        self.desk.mode == Mode::Live || !self.schedule.is_waiting(&self.desk.work.borrow().watch)
    }

    /// Waits for an answer, the next due time, a refresh or another watch.
    async fn wait(&mut self) -> Result<(), Closed> {
        let watch = self.desk.work.borrow().watch.clone();
        let (virtual_wait, retry) = self.schedule.next(&watch, self.desk.now());
        let due = virtual_wait
            .filter(|_| self.desk.mode == Mode::Live)
            .map(|wait| tokio::time::Instant::now() + self.desk.real(wait.to_std().unwrap_or_default()));
        let retry = retry.map(tokio::time::Instant::from_std);
        let until = due.into_iter().chain(retry).min();
        let refresh = self.desk.refresh.clone();
        tokio::select! {
            Some(answer) = self.calls.join_next() => {
                if let Ok((asked, outcome)) = answer {
                    self.take(asked, outcome).await?;
                }
            }
            () = sleep_until(until) => {}
            () = refresh.notified() => self.schedule.refresh(),
            change = self.desk.work.changed() => change.map_err(|_| Closed)?,
        }
        Ok(())
    }

    /// Takes in what came of one call, and tells the loop.
    async fn take(&mut self, asked: Time, outcome: Outcome) -> Result<(), Closed> {
        let Outcome { answered, refused, failed } = outcome;
        let tuning = self.desk.client.tuning.clone();
        if !answered.is_empty() {
            self.backoff.reset();
        }
        let mut results: Vec<MetricResult> = Vec::new();
        for (ask, result) in answered {
            let newest = result.series.iter().filter_map(|series| series.points.last()).map(|(time, _)| *time).max();
            let period = chrono::TimeDelta::seconds(i64::from(ask.query.period_s));
            self.schedule.answered(&ask, asked, newest.map(|start| start + period));
            results.push(result);
        }
        for (ask, result) in refused {
            self.schedule.failed(&ask.query, Instant::now() + tuning.metric_refused, true);
            if self.desk.mode == Mode::Once {
                self.schedule.give_up(&ask.query);
            }
            results.push(result);
        }
        if !results.is_empty() {
            self.desk.tell(Update::Metrics(MetricBatch { at: self.desk.now(), results })).await?;
        }
        let Some((_, error)) = failed.first() else { return Ok(()) };
        let mut error: SourceError = error.clone();
        let wait = self.desk.after_failure(&mut error, &mut self.backoff);
        for (ask, error) in &failed {
            let wait = wait.unwrap_or(tuning.backoff_most);
            self.schedule.failed(&ask.query, Instant::now() + wait, false);
            let last = self.desk.mode == Mode::Once
                && (!is_transient(error.kind) || self.backoff.failures() >= tuning.once_attempts);
            if last {
                self.schedule.give_up(&ask.query);
            }
        }
        self.desk.fail(SourceId::Metrics, error).await
    }
}
