//! Logs Insights queries: started, followed, stopped, listed.

mod definitions;
mod job;
mod spec;

use std::collections::VecDeque;
use std::hash::Hasher as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use self::job::Job;
use self::spec::Spec;
use super::{INVALID, limit};
use crate::demo::Estate;
use crate::demo::wire::token::{Fnv, fingerprint, page};
use crate::demo::wire::{ApiError, Wire};
use crate::insights::{Row, Statistics};

/// Queries computed at once; further ones are scheduled.
const AT_ONCE: usize = 2;

/// Queries scheduled or running at once (CloudWatch Logs quotas: 100 an account).
const UNFINISHED: usize = 100;

/// Queries remembered, finished ones included; the oldest is forgotten first.
const KEPT: usize = 300;

/// Rows in a page of results (API Reference, GetQueryResults).
const ROWS: usize = 10_000;

/// The queries of a running server.
#[derive(Debug)]
pub struct QueryDesk {
    estate: Estate,
    jobs: Mutex<VecDeque<Arc<Job>>>,
    tasks: Mutex<JoinSet<()>>,
    permits: Arc<Semaphore>,
    started: AtomicU64,
}

impl QueryDesk {
    /// A desk without queries.
    pub fn new(estate: Estate) -> Self {
        Self {
            estate,
            jobs: Mutex::default(),
            tasks: Mutex::default(),
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            started: AtomicU64::new(0),
        }
    }

    /// Whether an operation is about queries.
    pub fn takes(operation: &str) -> bool {
        matches!(
            operation,
            "StartQuery" | "GetQueryResults" | "StopQuery" | "DescribeQueries" | "DescribeQueryDefinitions"
        )
    }

    /// Answers one operation. Must be called inside a tokio runtime, where queries are run.
    pub fn call(&self, operation: &str, input: &Wire) -> Result<Wire, ApiError> {
        match operation {
            "StartQuery" => self.start(input),
            "GetQueryResults" => self.results(input),
            "StopQuery" => Ok(Wire::map([("success", self.find(input)?.cancel().into())])),
            "DescribeQueryDefinitions" => definitions::describe(&self.estate, input),
            "DescribeQueries" => self.describe(input),
            other => Err(ApiError::bad("UnknownOperationException", format!("The operation {other} is not known"))),
        }
    }

    /// Stops every query and waits until none is computed any more.
    pub async fn close(&self) {
        for job in lock(&self.jobs).iter() {
            job.cancel();
        }
        let mut tasks = std::mem::take(&mut *lock(&self.tasks));
        while tasks.join_next().await.is_some() {}
    }

    fn start(&self, input: &Wire) -> Result<Wire, ApiError> {
        let spec = Spec::read(&self.estate, input)?;
        let number = self.started.fetch_add(1, Ordering::Relaxed);
        let job = Arc::new(Job::new(query_id(number, &spec.text), spec));
        let mut jobs = lock(&self.jobs);
        if jobs.iter().filter(|job| job.status().is_unfinished()).count() >= UNFINISHED {
            let message = format!("Account maximum query concurrency limit of {UNFINISHED} reached");
            return Err(ApiError::bad("LimitExceededException", message));
        }
        jobs.push_front(Arc::clone(&job));
        jobs.truncate(KEPT);
        drop(jobs);
        let answer = Wire::map([("queryId", job.id.as_str().into())]);
        let (permits, world) = (Arc::clone(&self.permits), self.estate.world.clone());
        let mut tasks = lock(&self.tasks);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(async move {
            let Ok(_permit) = permits.acquire_owned().await else { return };
            let running = Arc::clone(&job);
            if let Err(error) = tokio::task::spawn_blocking(move || running.run(&world)).await {
                tracing::error!(%error, query = job.id, "a query of the demo failed");
                job.fail();
            }
        });
        Ok(answer)
    }

    fn results(&self, input: &Wire) -> Result<Wire, ApiError> {
        let job = self.find(input)?;
        let (status, statistics, rows) = job.look();
        let limit = limit(input, "maxItems", ROWS, ROWS)?;
        let print = fingerprint("GetQueryResults", input, &["maxItems", "nextToken"]);
        let (rows, next) = page(rows, limit, print, input.text("nextToken"), INVALID)?;
        Ok(Wire::map([
            ("queryLanguage", "CWLI".into()),
            ("results", Wire::list(rows.into_iter().map(row))),
            ("statistics", counted(statistics, job.spec.groups.len())),
            ("status", status.name().into()),
            ("nextToken", next.into()),
        ]))
    }

    fn describe(&self, input: &Wire) -> Result<Wire, ApiError> {
        let (group, status) = (input.text("logGroupName"), input.text("status"));
        let kept = |job: &Arc<Job>| {
            group.is_none_or(|group| job.spec.groups.iter().any(|name| name == group))
                && status.is_none_or(|status| job.status().name() == status)
        };
        let jobs: Vec<Arc<Job>> = lock(&self.jobs).iter().filter(|job| kept(job)).cloned().collect();
        let limit = limit(input, "maxResults", 1000, 1000)?;
        let print = fingerprint("DescribeQueries", input, &["maxResults", "nextToken"]);
        let (jobs, next) = page(jobs, limit, print, input.text("nextToken"), INVALID)?;
        let jobs = jobs.iter().map(|job| {
            Wire::map([
                ("queryLanguage", "CWLI".into()),
                ("queryId", job.id.as_str().into()),
                ("queryString", job.spec.text.as_str().into()),
                ("status", job.status().name().into()),
                ("createTime", job.spec.created.timestamp_millis().into()),
                ("logGroupName", job.spec.groups.first().map(String::as_str).into()),
            ])
        });
        Ok(Wire::map([("queries", Wire::list(jobs)), ("nextToken", next.into())]))
    }

    fn find(&self, input: &Wire) -> Result<Arc<Job>, ApiError> {
        let Some(id) = input.text("queryId") else {
            return Err(ApiError::bad(INVALID, "queryId must be specified"));
        };
        let found = lock(&self.jobs).iter().find(|job| job.id == id).cloned();
        found.ok_or_else(|| {
            ApiError::bad("ResourceNotFoundException", format!("The query {id} does not exist or is forgotten"))
        })
    }
}

fn row(row: Row) -> Wire {
    Wire::list(row.into_iter().map(|(field, value)| Wire::map([("field", field.into()), ("value", value.into())])))
}

fn counted(statistics: Statistics, groups: usize) -> Wire {
    Wire::map([
        ("recordsMatched", (statistics.records_matched as f64).into()),
        ("recordsScanned", (statistics.records_scanned as f64).into()),
        ("estimatedRecordsSkipped", 0.0.into()),
        ("bytesScanned", (statistics.bytes_scanned as f64).into()),
        ("estimatedBytesSkipped", 0.0.into()),
        ("logGroupsScanned", (groups as f64).into()),
    ])
}

/// A query's id in the form of a UUID.
fn query_id(number: u64, text: &str) -> String {
    let mut hasher = Fnv::new();
    hasher.write_u64(number);
    hasher.write(text.as_bytes());
    let hash = hasher.finish();
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{number:012x}",
        hash >> 32,
        hash >> 16 & 0xFFFF,
        hash >> 4 & 0xFFF,
        hash & 0xFFF
    )
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::job::Status;
    use super::*;

    #[test]
    fn statuses_and_ids_are_aws_forms() {
        let names: Vec<_> = Status::ALL.iter().map(|status| status.name()).collect();
        assert_eq!(names, ["Scheduled", "Running", "Complete", "Failed", "Cancelled"]);
        let (one, other) = (query_id(1, "fields @message"), query_id(2, "fields @message"));
        assert_ne!(one, other);
        assert_eq!(one.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    }
}
