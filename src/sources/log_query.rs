//! CloudWatch Logs Insights: `StartQuery`, `GetQueryResults` until it is complete, `StopQuery` when nobody waits any more.

use std::time::Duration;

use aws_sdk_cloudwatchlogs::operation::get_query_results::GetQueryResultsOutput;
use aws_sdk_cloudwatchlogs::types::{QueryStatus, ResultField};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::ask_once::patiently;
use super::client::Client;
use super::desk::{Again, Closed, Desk, Source};
use super::errors::{line, told};
use super::farewell::Owed;
use super::operation::{GET_QUERY_RESULTS, START_QUERY, STOP_QUERY};
use crate::app::msg::Update;
use crate::clock::Time;
use crate::insights::editor;
use crate::store::health::{ErrorKind, SourceError, SourceId};
use crate::store::rows::{LogQuery, LogRows, MOST_GROUPS, clean_row};

/// The first wait for a query that something waits for.
const EAGER: Duration = Duration::from_millis(50);
/// Rows that are read of one query, which is all that AWS returns (API Reference, StartQuery).
const MOST_ROWS: usize = 100_000;

/// The rows of a query, asked for once: a query costs each time that it runs.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) query: LogQuery,
}

impl Source for Rows {
    fn id(&self) -> SourceId {
        SourceId::Rows
    }

    fn follows_window(&self) -> bool {
        self.query.span.is_none()
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let span = self.query.span.unwrap_or_else(|| desk.window().range(desk.now()));
        match self.read(desk, span).await? {
            Ok(()) => Ok(Ok(Again::Never)),
            Err((error, is_over)) => {
                desk.tell(Update::RowsFailed { query: self.query.clone(), error: error.clone() }).await?;
                if !is_over {
                    return Ok(Err(error));
                }
                desk.fail(SourceId::Rows, error).await?;
                Ok(Ok(Again::Never))
            }
        }
    }
}

impl Rows {
    /// Reads the rows. A failure says whether the query is over with it: to ask again would cost it a second time.
    async fn read(&self, desk: &Desk, span: (Time, Time)) -> Result<Result<(), (SourceError, bool)>, Closed> {
        let mut running = match Running::start(&desk.client, &self.query, span).await {
            Ok(running) => running,
            Err(error) => return Ok(Err((error, false))),
        };
        let mut told = None;
        loop {
            let rows = match running.next().await {
                Ok(rows) => rows,
                Err(error) => {
                    let passes = matches!(error.kind, ErrorKind::Throttled | ErrorKind::Unreachable);
                    return Ok(Err((error, !passes)));
                }
            };
            let is_last = !rows.running;
            if told.as_ref() != Some(&rows) {
                told = Some(rows.clone());
                desk.tell(Update::Rows { query: self.query.clone(), at: desk.now(), rows }).await?;
            }
            if is_last {
                return Ok(Ok(()));
            }
        }
    }
}

/// All rows of a query that names its span. What tends to pass is tried again where that does not cost the query a second
/// time.
pub(super) async fn all(client: &Client, query: &LogQuery) -> Result<LogRows, SourceError> {
    let Some(span) = query.span else {
        return Err(told(ErrorKind::Invalid, &START_QUERY, "the query names no span", client.now()));
    };
    let mut running = patiently(client, SourceId::Rows, || Running::start(client, query, span)).await?;
    loop {
        let rows = running.next().await?;
        if !rows.running {
            return Ok(rows);
        }
    }
}

/// A query on AWS's side. Dropped before it is complete, it is stopped there.
#[derive(Debug)]
pub(super) struct Running {
    client: Client,
    id: String,
    wait: Duration,
    until: Instant,
    scanned: f64,
    /// Whether rows are left as they are.
    is_raw: bool,
    /// What is owed to AWS while the query runs: to stop it.
    owed: Option<Owed>,
}

impl Running {
    /// Starts a query over `[from, to)`; AWS reads whole seconds.
    ///
    /// # Errors
    /// AWS's refusal, or more than 50 groups.
    pub(super) async fn start(
        client: &Client,
        query: &LogQuery,
        (from, to): (Time, Time),
    ) -> Result<Self, SourceError> {
        if query.groups.len() > MOST_GROUPS {
            let words = format!("Logs Insights reads {MOST_GROUPS} log groups at most, not {}", query.groups.len());
            return Err(told(ErrorKind::Invalid, &START_QUERY, &words, client.now()));
        }
        // AWS takes its end as inclusive, so a span that ends on a whole second takes in the events of that very moment.
        let end = to.timestamp() + i64::from(to.timestamp_subsec_nanos() > 0);
        let mut request =
            client.logs.start_query().query_string(&query.text).start_time(from.timestamp()).end_time(end);
        request = if query.groups.is_empty() || editor::names_groups(&query.text) {
            // What the query names by itself is not named again.
            request
        } else if query.groups.iter().any(|group| group.starts_with("arn:")) {
            request.set_log_group_identifiers(Some(query.groups.clone()))
        } else {
            request.set_log_group_names(Some(query.groups.clone()))
        };
        // A call that is cancelled under way may have started a query all the same: it is awaited apart, so that its
        // id is known and the query stopped.
        let (tell, answer) = oneshot::channel();
        let (own, asker) = (client.unlimited(), client.clone());
        client.farewells.owe().pay(async move {
            let started = own.call(&START_QUERY, request.send()).await.map_err(|error| garbled(error, NOT_KNOWN));
            let started = started.map(|started| Self::of(&asker, started.query_id));
            // With nobody listening the query is dropped here, and thereby stopped.
            drop(tell.send(started));
        });
        let gone = || told(ErrorKind::Server, &START_QUERY, "the program is ending", client.now());
        client.limited(&START_QUERY, answer).await?.unwrap_or_else(|_| Err(gone()))
    }

    fn of(client: &Client, id: Option<String>) -> Self {
        Self {
            client: client.clone(),
            id: id.unwrap_or_default(),
            wait: client.tuning.query_first,
            until: Instant::now() + client.tuning.query_timeout,
            scanned: 0.0,
            is_raw: false,
            owed: Some(client.farewells.owe()),
        }
    }

    /// The same query for what reads rows rather than shows them and waits for them: they are left as AWS gives them, and
    /// looked at sooner.
    pub(super) fn raw(mut self) -> Self {
        self.is_raw = true;
        self.wait = self.wait.min(EAGER);
        self
    }

    /// Waits a little, longer each time, and looks what there is. Once it is not running any more the rows are complete.
    ///
    /// # Errors
    /// AWS's refusal after a few tries, or that AWS ended the query without an answer.
    pub(super) async fn next(&mut self) -> Result<LogRows, SourceError> {
        tokio::time::sleep(self.wait).await;
        self.wait = self.wait.mul_f64(1.5).min(self.client.tuning.query_most);
        let mut page = self.page(None).await?;
        let mut rows = page.results.take().unwrap_or_default();
        let running = match page.status() {
            Some(QueryStatus::Complete) => false,
            Some(QueryStatus::Scheduled | QueryStatus::Running | QueryStatus::UnknownValue) | None => true,
            Some(ended) => return Err(self.without_answer(ended)),
        };
        if running && Instant::now() >= self.until {
            return Err(self.without_answer(&QueryStatus::Timeout));
        }
        if !running {
            self.owed = None;
            let mut token = page.next_token.take();
            while let Some(next) = token.filter(|_| rows.len() < MOST_ROWS) {
                let mut more = self.page(Some(next)).await?;
                rows.append(&mut more.results.take().unwrap_or_default());
                token = more.next_token.take();
            }
        }
        let (matched, scanned, bytes) = page.statistics.map_or((0.0, 0.0, 0.0), |statistics| {
            (statistics.records_matched, statistics.records_scanned, statistics.bytes_scanned)
        });
        if bytes > self.scanned {
            self.client.meter.scanned(bytes - self.scanned);
            self.scanned = bytes;
        }
        let rows = rows.into_iter().map(if self.is_raw { raw_row } else { row }).collect();
        Ok(LogRows { rows, running, records_matched: matched, records_scanned: scanned, bytes_scanned: bytes })
    }

    /// A page of results. Trouble that passes must not cost the query a second time.
    async fn page(&self, token: Option<String>) -> Result<GetQueryResultsOutput, SourceError> {
        let answer = patiently(&self.client, SourceId::Rows, || {
            let request = self.client.logs.get_query_results().query_id(&self.id).set_next_token(token.clone());
            self.client.call(&GET_QUERY_RESULTS, request.send())
        });
        answer.await.map_err(|error| garbled(error, STOPPED))
    }

    fn without_answer(&self, ended: &QueryStatus) -> SourceError {
        let (kind, words) = match ended {
            QueryStatus::Timeout => {
                (ErrorKind::TimedOut, "the query ran out of time; ask for a shorter one".to_owned())
            }
            QueryStatus::Cancelled => (ErrorKind::Server, "the query was stopped by somebody else".to_owned()),
            other => (ErrorKind::Server, format!("the query ended as {}", line(other.as_str()))),
        };
        told(kind, &GET_QUERY_RESULTS, &words, self.client.now())
    }
}

/// What an answer that cannot be read means for the query.
const NOT_KNOWN: &str = "it is not known whether the query runs";
const STOPPED: &str = "the query was stopped, as its rows cannot be known";

/// An answer that cannot be read, time after time, as what it means and what to do; the parser's words are for the log.
fn garbled(error: SourceError, means: &str) -> SourceError {
    if error.kind != ErrorKind::Garbled {
        return error;
    }
    tracing::warn!(%error, "an answer about a query cannot be read");
    let message = format!(
        "what came is no answer of CloudWatch Logs; {means}. Look for a proxy or another endpoint between here and AWS, \
         and run it again."
    );
    SourceError { message, ..error }
}

impl Drop for Running {
    fn drop(&mut self) {
        let Some(owed) = self.owed.take() else { return };
        let (client, id) = (self.client.clone(), std::mem::take(&mut self.id));
        owed.pay(async move {
            let stop = client.logs.stop_query().query_id(id);
            if let Err(error) = client.call(&STOP_QUERY, stop.send()).await {
                tracing::warn!(%error, "a query runs on");
            }
        });
    }
}

fn raw_row(fields: Vec<ResultField>) -> Vec<(String, String)> {
    fields.into_iter().map(|field| (field.field.unwrap_or_default(), field.value.unwrap_or_default())).collect()
}

fn row(fields: Vec<ResultField>) -> Vec<(String, String)> {
    clean_row(raw_row(fields))
}
