//! One query at work.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;

use super::spec::Spec;
use crate::clock::Time;
use crate::demo::Estate;
use crate::demo::logs::demand;
use crate::demo::world::{LogRecord, World};
use crate::insights::{Record, Row, Run, Statistics};

/// How much time is read between two looks at whether the query was stopped.
const STRIDE: TimeDelta = TimeDelta::seconds(60);

/// Bytes of an event, about.
const RECORD_BYTES: u64 = 420;

/// What a query is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Scheduled,
    Running,
    Complete,
    Failed,
    Cancelled,
}

impl Status {
    #[cfg(test)]
    pub(super) const ALL: [Self; 5] = [Self::Scheduled, Self::Running, Self::Complete, Self::Failed, Self::Cancelled];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "Scheduled",
            Self::Running => "Running",
            Self::Complete => "Complete",
            Self::Failed => "Failed",
            Self::Cancelled => "Cancelled",
        }
    }

    pub(super) const fn is_unfinished(self) -> bool {
        matches!(self, Self::Scheduled | Self::Running)
    }
}

/// A query with its result so far.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) id: String,
    pub(super) spec: Spec,
    stopped: AtomicBool,
    progress: Mutex<Progress>,
}

#[derive(Debug)]
struct Progress {
    status: Status,
    result: Answer,
    /// Bytes that count as read, though nothing in them could match.
    unread_bytes: u64,
}

/// A result that still grows, or its last form.
#[derive(Debug)]
enum Answer {
    Growing(Box<Run>),
    Final(Statistics, Vec<Row>),
}

impl Job {
    pub(super) fn new(id: String, spec: Spec) -> Self {
        let result = Answer::Growing(Box::new(spec.query.start()));
        let progress = Mutex::new(Progress { status: Status::Scheduled, result, unread_bytes: 0 });
        Self { id, spec, stopped: AtomicBool::new(false), progress }
    }

    pub(super) fn status(&self) -> Status {
        self.lock().status
    }

    /// Asks the query to stop; says whether there was something to stop.
    pub(super) fn cancel(&self) -> bool {
        self.stopped.store(true, Ordering::Relaxed);
        self.end(Status::Cancelled)
    }

    /// Marks the query as failed.
    pub(super) fn fail(&self) {
        self.end(Status::Failed);
    }

    /// What the query is doing, what it has looked at, and its rows so far.
    pub(super) fn look(&self) -> (Status, Statistics, Vec<Row>) {
        let progress = self.lock();
        let (mut statistics, mut rows) = match &progress.result {
            Answer::Growing(run) => (run.statistics(), run.snapshot()),
            Answer::Final(statistics, rows) => (*statistics, rows.clone()),
        };
        statistics.bytes_scanned += progress.unread_bytes;
        statistics.records_scanned += progress.unread_bytes / RECORD_BYTES;
        rows.truncate(self.spec.limit);
        (progress.status, statistics, rows)
    }

    /// Reads the groups, newest events first, and works out the result; ends early when it is stopped.
    pub(super) fn run(&self, world: &World) {
        {
            let mut progress = self.lock();
            if progress.status != Status::Scheduled {
                return;
            }
            progress.status = Status::Running;
        }
        let plain = self.spec.query.subqueries().is_empty() && self.spec.query.against().is_none();
        let demanded = demand::of_query(&self.spec.text);
        // What a subquery finds, the outer query's words do not say.
        let stretches =
            demanded.filter(|_| plain).and_then(|terms| world.whereabouts(None, &terms, self.spec.from, self.spec.to));
        if let Some(stretches) = stretches {
            return self.run_in(world, &stretches);
        }
        for (subquery, groups) in self.spec.query.subqueries().iter().zip(&self.spec.others) {
            let mut run = subquery.query().start();
            for group in groups {
                if self.stopped.load(Ordering::Relaxed) {
                    return;
                }
                push(&mut run, group, &world.log_events(group, self.spec.from, self.spec.to));
            }
            subquery.answer(run.finish());
        }
        for (first, mut to) in self.spec.query.windows((self.spec.from, self.spec.to)) {
            while to > first {
                let from = first.max(to - STRIDE);
                for group in &self.spec.groups {
                    if self.stopped.load(Ordering::Relaxed) {
                        return;
                    }
                    let records = world.log_events(group, from, to);
                    let mut progress = self.lock();
                    let Answer::Growing(run) = &mut progress.result else { return };
                    push(run, group, &records);
                }
                to = from;
            }
        }
        self.end(Status::Complete);
    }

    /// Reads the stretches outside which there is nothing to find. AWS would have read everything, and charges it.
    fn run_in(&self, world: &World, stretches: &[(Time, Time)]) {
        let mut read = TimeDelta::zero();
        for (from, to) in stretches.iter().rev() {
            for group in &self.spec.groups {
                let records = world.log_events(group, *from, *to);
                let mut progress = self.lock();
                let Answer::Growing(run) = &mut progress.result else { return };
                push(run, group, &records);
            }
            read += *to - *from;
        }
        let unread = (self.spec.to - self.spec.from - read).as_seconds_f64().max(0.0);
        let rates = self.spec.groups.iter().map(|group| world.bytes_a_second(group));
        self.lock().unread_bytes = (rates.sum::<f64>() * unread) as u64;
        self.end(Status::Complete);
    }

    /// Ends the query unless it has ended before.
    fn end(&self, status: Status) -> bool {
        let mut progress = self.lock();
        if !progress.status.is_unfinished() {
            return false;
        }
        progress.status = status;
        if let Answer::Growing(run) = &progress.result {
            progress.result = Answer::Final(run.statistics(), run.snapshot());
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes in the records of a group, newest first.
fn push(run: &mut Run, group: &str, records: &[LogRecord]) {
    for record in records.iter().rev() {
        let record = Record::new(record.time, group, &record.stream, &record.message);
        run.push(&Record { account: Estate::ACCOUNT, ..record });
    }
}
