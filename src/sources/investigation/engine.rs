//! What is asked next: a search for each identifier as soon as it is known, while others still run.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::groups::{self, Found, Group};
use super::lines::Line;
use super::plan::Means;
use crate::analysis::story::ids;
use crate::board::Board;
use crate::clock::Time;
use crate::sources::client::Client;
use crate::sources::operation::DESCRIBE_LOG_GROUPS;
use crate::store::story::{Identifier, SearchState, Story, StoryQuery};
use crate::store::trace::Trace;

mod ask;
mod take;

/// What one investigation may cost where the board names no budget, in US dollars.
const BUDGET: f64 = 0.25;
/// How far before what is known joined identifiers are looked for.
const BEFORE: TimeDelta = TimeDelta::minutes(5);
/// How long after the second in its id a trace may go on to be logged about.
const TRACE: TimeDelta = TimeDelta::hours(1);
/// X-Ray is searched by annotation when log groups have not led to it after this.
const PATIENCE: Duration = Duration::from_secs(3);
/// News that may wait for the engine.
const NEWS: usize = 64;

/// What a task of the engine tells.
pub(super) enum News {
    /// Which groups there are.
    Groups(Found),
    /// Lines of a search.
    Lines { index: usize, lines: Vec<Line> },
    /// A trace of a search.
    Trace { index: usize, trace: Box<Trace> },
    /// Trace ids of a search.
    TraceIds { index: usize, ids: Vec<String> },
    /// Where X-Ray keeps its segments: whether traces have to be retrieved from CloudWatch Logs.
    Destination(bool),
    /// A search has ended.
    Searched { index: usize, state: SearchState, report: Report },
}

/// What a search took.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Report {
    pub(super) calls: u64,
    pub(super) bytes: f64,
    /// Traces that X-Ray charges.
    pub(super) traces: u64,
}

/// A stretch of time.
type Range = (Time, Time);

/// An investigation under way.
pub(super) struct Engine {
    client: Client,
    board: Arc<Board>,
    query: StoryQuery,
    story: Story,
    now: Time,
    to: Time,
    groups: Option<Vec<Group>>,
    tasks: JoinSet<()>,
    open: usize,
    news: (mpsc::Sender<News>, mpsc::Receiver<News>),
    means: Means,
    /// Identifiers that were not searched yet.
    fresh: BTreeSet<String>,
    /// Traces that were asked for, and whether they came.
    traces: HashMap<String, bool>,
    /// How many values of a field an identifier has led to.
    led: HashMap<(String, String), HashSet<String>>,
    /// Log searches that were refused and are made in the other way.
    again: Vec<(Vec<String>, Range, Vec<String>)>,
    has_looked_up: bool,
    has_asked_where: bool,
    /// How many rungs of the ladder have been taken.
    rung: usize,
    began: Instant,
}

impl Engine {
    pub(super) fn new(client: Client, board: Arc<Board>, query: StoryQuery) -> Self {
        let now = client.now();
        let budget = board.budget_usd_per_hour.unwrap_or(BUDGET);
        Self {
            to: query.to.unwrap_or(now),
            client,
            board,
            query,
            story: Story { running: true, ..Story::default() },
            now,
            groups: None,
            tasks: JoinSet::new(),
            open: 0,
            news: mpsc::channel(NEWS),
            means: Means { insights: true, filter: true, budget },
            fresh: BTreeSet::new(),
            traces: HashMap::new(),
            led: HashMap::new(),
            again: Vec::new(),
            has_looked_up: false,
            has_asked_where: false,
            rung: 0,
            began: Instant::now(),
        }
    }

    /// Asks until there is nothing more to ask.
    pub(super) async fn run(mut self, out: &mpsc::Sender<Arc<Story>>) -> Story {
        self.begin();
        let patience = tokio::time::sleep(PATIENCE);
        tokio::pin!(patience);
        let mut waits = true;
        loop {
            if self.open == 0 && !self.go_on() {
                break;
            }
            tokio::select! {
                news = self.news.1.recv() => {
                    let Some(news) = news else { break };
                    self.take(news);
                }
                () = &mut patience, if waits => {
                    waits = false;
                    if self.story.events.is_empty() {
                        self.look_up();
                    }
                }
            }
            while let Ok(news) = self.news.1.try_recv() {
                self.take(news);
            }
            // Nobody has to look; the whole story is returned all the same.
            if let Ok(room) = out.try_reserve() {
                room.send(Arc::new(self.story.clone()));
            }
        }
        self.tasks.shutdown().await;
        self.story.running = false;
        self.story
    }

    fn begin(&mut self) {
        for value in &self.query.identifiers {
            let value = ids::trace_id(value).unwrap_or_else(|| value.trim().to_owned());
            if value.is_empty() || self.story.identifiers.iter().any(|known| known.value == value) {
                continue;
            }
            let rules = self.board.feed.as_ref();
            let is_trace = ids::trace_id(&value).is_some();
            let field = if is_trace { rules.map_or("traceId", |rules| rules.trace_field.as_str()) } else { "" };
            self.story.identifiers.push(Identifier { field: field.to_owned(), value, join: None });
        }
        let wanted = if self.query.groups.is_empty() { self.board.log_groups() } else { self.query.groups.clone() };
        let (client, news) = (self.client.clone(), self.news.0.clone());
        self.open += 1;
        self.tasks.spawn(async move {
            let found = groups::resolve(&client, &wanted).await;
            let _ = news.send(News::Groups(found)).await;
        });
        self.read_traces();
    }

    fn take(&mut self, news: News) {
        match news {
            News::Groups(found) => {
                self.open -= 1;
                self.take_groups(found);
            }
            News::Lines { index, lines } => self.take_lines(index, lines),
            News::Trace { index, trace } => self.take_trace(index, &trace),
            News::TraceIds { index, ids } => {
                self.found(index, ids.len());
                let field = self.trace_field();
                let with = self.story.searched.get(index).and_then(|search| search.sought.first()).cloned();
                let pairs = ids.into_iter().map(|id| (field.clone(), id)).collect();
                self.join("xray", &with.unwrap_or_default(), pairs);
            }
            News::Destination(elsewhere) => {
                self.open -= 1;
                if elsewhere {
                    self.retrieve();
                }
            }
            News::Searched { index, state, report } => {
                self.open -= 1;
                self.end(index, state, report);
            }
        }
        self.follow();
    }

    fn take_groups(&mut self, found: Found) {
        let Found { groups, failed, calls, notes } = found;
        let now = self.now;
        for note in notes {
            self.story.note(note);
        }
        for (prefix, error) in failed {
            let index = self.start(vec![prefix], DESCRIBE_LOG_GROUPS, "a prefix has to be looked up", &[], (now, now));
            self.open -= 1;
            self.end(index, SearchState::Failed(error), Report { calls, ..Report::default() });
        }
        self.groups = Some(groups);
        // A trace id says when it was; whatever else was given is looked for in the window.
        let given: Vec<String> = self.story.identifiers.iter().map(|known| known.value.clone()).collect();
        let (timed, others): (Vec<String>, Vec<String>) =
            given.into_iter().partition(|value| ids::trace_id(value).is_some());
        for value in timed {
            if let Some(at) = ids::epoch(&value) {
                self.search_logs(&[value], (at - BEFORE, (at + TRACE).min(self.now)));
            }
        }
        self.search_logs(&others, self.window());
    }

    fn window(&self) -> Range {
        (self.to - TimeDelta::from_std(self.query.since).unwrap_or(TimeDelta::days(1)), self.to)
    }

    /// The stretch in which joined identifiers are looked for: around what is known.
    fn nearby(&self, before: TimeDelta, after: TimeDelta) -> Option<Range> {
        let (from, to) = self.story.span()?;
        Some((from - before, (to + after).min(self.now)))
    }

    fn trace_field(&self) -> String {
        self.board.feed.as_ref().map_or_else(|| "traceId".to_owned(), |rules| rules.trace_field.clone())
    }
}
