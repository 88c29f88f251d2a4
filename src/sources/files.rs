//! Log files of this machine in place of an account: queries are answered by the local engine, all else is refused.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::poller::Mode;
use crate::analysis::log_query::judge;
use crate::app::effect::{Subscription, Watch};
use crate::app::msg::{Msg, Update};
use crate::clock::{Clock, Time};
use crate::insights::{self, Row, Statistics};
use crate::local::{self, Input, LocalError, Outcome, Table};
use crate::store::cost::Spending;
use crate::store::health::{ErrorKind, SourceError, SourceId};
use crate::store::logbook::{LogAnswer, LogAsk, LogGroup, LogGroups};
use crate::store::rows::{LogQuery, LogRows, clean_row};
use crate::store::story::Story;
use crate::text::clean;
use crate::text::time::rfc3339;

/// The first rows of a run that goes on are told after so long, later ones no sooner than so long after.
const FIRST: Duration = Duration::from_millis(100);
/// The least time between two tellings.
const EVERY: Duration = Duration::from_millis(250);
/// So many times as long as it took to put the rows together passes before that is done again.
const RARELY: u32 = 10;
/// What is said of everything that only an account has.
const NO_ACCOUNT: &str = "there is no account here: these are log files of this machine";

/// Who answers.
#[derive(Debug, Clone)]
struct Files {
    paths: Vec<PathBuf>,
    tables: Vec<Table>,
    clock: Clock,
    out: mpsc::Sender<Msg>,
}

/// Starts answering what is watched. It ends when `cancel` is cancelled or the loop has gone.
pub fn start(
    (paths, tables): (Vec<PathBuf>, Vec<Table>),
    clock: Clock,
    mode: Mode,
    watch: watch::Receiver<Watch>,
    refresh: mpsc::Receiver<SourceId>,
    out: mpsc::Sender<Msg>,
    cancel: CancellationToken,
) -> JoinHandle<()> {
    let files = Files { paths, tables, clock, out };
    tokio::spawn(async move {
        cancel.run_until_cancelled(files.run(mode, watch, refresh)).await;
    })
}

impl Files {
    async fn run(self, mode: Mode, mut watch: watch::Receiver<Watch>, mut refresh: mpsc::Receiver<SourceId>) {
        // Reading a file costs nothing.
        let free = Spending { usd_per_scanned_gb: 0.0, ..Spending::default() };
        if self.tell(Update::Spent(free)).await.is_err() {
            return;
        }
        let mut answered: HashMap<Subscription, DropGuard> = HashMap::new();
        let mut running = JoinSet::new();
        let mut asking = true;
        let mut settled = watch.borrow().wanted.is_empty();
        let mut since = Instant::now();
        self.take(&watch.borrow_and_update().clone(), &mut answered, &mut running);
        loop {
            if mode == Mode::Once && !settled && running.is_empty() {
                settled = true;
                let watch = Box::new(watch.borrow().clone());
                if self.tell(Update::Settled { watch, took: since.elapsed() }).await.is_err() {
                    return;
                }
            }
            tokio::select! {
                change = watch.changed() => {
                    if change.is_err() {
                        return;
                    }
                    (settled, since) = (false, Instant::now());
                    let next = watch.borrow_and_update().clone();
                    self.take(&next, &mut answered, &mut running);
                }
                Some(_) = running.join_next() => {}
                source = refresh.recv(), if asking => {
                    asking = source.is_some();
                    if let Some(source) = source {
                        answered.retain(|wanted, _| wanted.source() != source);
                        let now = watch.borrow().clone();
                        self.take(&now, &mut answered, &mut running);
                    }
                }
                () = self.out.closed() => return,
            }
        }
    }

    /// Begins to answer what is new, and stops what nobody wants any more.
    fn take(&self, watch: &Watch, answered: &mut HashMap<Subscription, DropGuard>, running: &mut JoinSet<()>) {
        answered.retain(|wanted, _| watch.wanted.contains(wanted));
        for wanted in &watch.wanted {
            if answered.contains_key(wanted) {
                continue;
            }
            let token = CancellationToken::new();
            answered.insert(wanted.clone(), token.clone().drop_guard());
            let own = self.clone();
            match wanted.clone() {
                Subscription::Logs(query) => {
                    let window = watch.window.range(self.clock.now());
                    running.spawn_blocking(move || own.read(&query, window, &token));
                }
                wanted => {
                    running.spawn(async move {
                        // The loop has gone, and with it who asked.
                        let _ = own.out.send(own.answer(wanted)).await;
                    });
                }
            }
        }
    }

    async fn tell(&self, update: Update) -> Result<(), mpsc::error::SendError<Msg>> {
        self.out.send(Msg::Feed(update)).await
    }

    /// The answer to anything but a query.
    fn answer(&self, wanted: Subscription) -> Msg {
        let at = self.clock.now();
        match wanted {
            Subscription::Logbook(ask) => {
                let answer = match &ask {
                    LogAsk::Groups(prefix) => LogAnswer::Groups(self.groups(prefix)),
                    LogAsk::Definitions => LogAnswer::Definitions(Vec::new()),
                    LogAsk::Fields(_) => LogAnswer::Fields(Vec::new()),
                    LogAsk::Record(_) => LogAnswer::Record(Vec::new()),
                };
                Msg::Feed(Update::Logbook { at, ask, answer })
            }
            Subscription::Story(query) => {
                let mut story = Story::default();
                story.note(NO_ACCOUNT.to_owned());
                Msg::Feed(Update::Story { at, query, story: Arc::new(story) })
            }
            other => Msg::Failed(other.source(), refusal(other.source(), ErrorKind::NotFound, NO_ACCOUNT, at)),
        }
    }

    /// The files whose paths begin so, with their sizes.
    fn groups(&self, prefix: &str) -> LogGroups {
        let group = |path: &PathBuf| {
            let name = path.to_string_lossy().into_owned();
            let stored_bytes = std::fs::metadata(path).ok().map(|meta| meta.len());
            LogGroup { arn: name.clone(), name, created: None, stored_bytes, retention_days: None }
        };
        let groups = self.paths.iter().map(group).filter(|group| group.name.starts_with(prefix)).collect();
        LogGroups { groups, more: false }
    }

    /// Reads the files that a query is about, and tells its rows as they come.
    fn read(&self, query: &LogQuery, window: (Time, Time), token: &CancellationToken) {
        let tell = |rows: LogRows| {
            let update = Update::Rows { query: query.clone(), at: self.clock.now(), rows };
            self.out.blocking_send(Msg::Feed(update)).is_ok()
        };
        let outcome = self.outcome(query, window, token, &tell);
        match outcome {
            Ok(outcome) => {
                tell(rows(outcome.rows, outcome.statistics, false));
                if let Some(compared) = outcome.compared.filter(|compared| compared.records[1] == 0) {
                    let (from, to) = compared.windows[1];
                    let words = format!(
                        "no record is from {} to {}: every pattern is new; a shorter window has a time before it",
                        rfc3339(from),
                        rfc3339(to)
                    );
                    let _ = self.out.blocking_send(Msg::Notice(words));
                }
                if let Some(first) = outcome.problems.first() {
                    let words = format!("{}: {}", clean(&first.input), clean(&first.message));
                    let more = outcome.problems.len() - 1;
                    let words = if more > 0 { format!("{words}, and {more} more") } else { words };
                    let _ = self.out.blocking_send(Msg::Notice(words));
                }
            }
            // Nobody waits for it any more.
            Err(_) if token.is_cancelled() => {}
            Err(words) => {
                let error = refusal(SourceId::Rows, ErrorKind::Invalid, &words, self.clock.now());
                let failed = Update::RowsFailed { query: query.clone(), error: error.clone() };
                if self.out.blocking_send(Msg::Feed(failed)).is_ok() {
                    let _ = self.out.blocking_send(Msg::Failed(SourceId::Rows, error));
                }
            }
        }
    }

    fn outcome(
        &self,
        query: &LogQuery,
        window: (Time, Time),
        token: &CancellationToken,
        tell: &dyn Fn(LogRows) -> bool,
    ) -> Result<Outcome, String> {
        let parsed =
            insights::parse(&query.text).map_err(|error| placed(&query.text, error.position, &error.message))?;
        let told = |error: LocalError| match error {
            LocalError::Refused { place, message } => placed(&query.text, place.start, &message),
            error => error.to_string(),
        };
        let is_wanted = |path: &&PathBuf| query.groups.iter().any(|group| Path::new(group) == path.as_path());
        let inputs: Vec<Input> = self.paths.iter().filter(is_wanted).cloned().map(Input::File).collect();
        if inputs.is_empty() {
            return Err("none of the files is chosen".to_owned());
        }
        local::furnish(&parsed, &self.tables).map_err(told)?;
        let (mut last, mut wait) = (Instant::now(), FIRST);
        let span = query.span.unwrap_or(window);
        let outcome = local::run(parsed.at(self.clock.now()), &inputs, Some(span), &mut |progress| {
            if token.is_cancelled() {
                return ControlFlow::Break(());
            }
            if last.elapsed() >= wait {
                let begun = Instant::now();
                let so_far = rows(progress.run.snapshot(), progress.run.statistics(), true);
                if !tell(so_far) {
                    return ControlFlow::Break(());
                }
                wait = EVERY.max(begun.elapsed() * RARELY);
                last = Instant::now();
            }
            ControlFlow::Continue(())
        });
        outcome.map_err(told)
    }
}

/// What is wrong at a byte of a query.
fn placed(text: &str, position: usize, message: &str) -> String {
    let (line, column, _) = judge::place(text, position);
    format!("{message} (line {}, position {})", line + 1, column + 1)
}

/// Rows as the store has them: clean.
fn rows(rows: Vec<Row>, statistics: Statistics, running: bool) -> LogRows {
    LogRows {
        rows: rows.into_iter().map(clean_row).collect(),
        running,
        records_matched: statistics.records_matched as f64,
        records_scanned: statistics.records_scanned as f64,
        bytes_scanned: statistics.bytes_scanned as f64,
    }
}

fn refusal(source: SourceId, kind: ErrorKind, words: &str, at: Time) -> SourceError {
    let operation = if source == SourceId::Rows { "files".to_owned() } else { source.name().to_owned() };
    SourceError { kind, operation, message: clean(words).into_owned(), at, retry_in: None }
}
