//! What is asked next: a search for each identifier as soon as it is known, while others still run.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::TimeDelta;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

use super::groups::{self, Found, Group};
use super::plan::Means;
use crate::analysis::story::{ids, missing, pasted, summary};
use crate::board::Board;
use crate::clock::Time;
use crate::sources::client::Client;
use crate::store::story::{How, Identifier, Outcome, SearchState, Story, StoryQuery};

mod ask;
mod back;
mod look;
mod news;
mod shared;
mod spans;
mod take;

pub(super) use news::{News, Report};
use shared::Tally;

/// What one investigation may cost where the board names no budget, in US dollars.
const BUDGET: f64 = 0.25;
/// How far before what is known joined identifiers are looked for.
const BEFORE: TimeDelta = TimeDelta::minutes(5);
/// How far after what is known joined identifiers are looked for.
const AFTER: TimeDelta = TimeDelta::minutes(30);
/// How long after the second in its id a trace may go on to be logged about.
const TRACE: TimeDelta = TimeDelta::hours(1);
/// News that may wait for the engine.
const NEWS: usize = 64;

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
    /// Those that Transaction Search was asked for.
    retrieved: HashSet<String>,
    /// How many values of a field an identifier has led to.
    led: HashMap<(String, String), HashSet<String>>,
    /// The lines with each text that was given.
    tallies: BTreeMap<String, Tally>,
    /// Identifiers that many requests share, so that they lead nowhere.
    blocked: BTreeSet<String>,
    /// Log searches that failed and are made in the other way.
    again: Vec<(Vec<String>, Range, Vec<String>)>,
    /// Searches that have been answered in part.
    alive: HashSet<usize>,
    /// How searches are given up.
    aborts: HashMap<usize, AbortHandle>,
    /// The search by annotation.
    looking: Option<usize>,
    /// Whether X-Ray's segments are in CloudWatch Logs, when that is known.
    elsewhere: Option<bool>,
    spans: Option<Group>,
    has_looked_up: bool,
    /// What was looked for by annotation.
    looked: BTreeSet<String>,
    /// How many rungs of the ladder have been taken.
    rung: usize,
    began: Instant,
    /// When something new came last.
    news_at: Instant,
    /// What there was then, and whether the story had its end.
    known: (usize, usize, usize),
    is_settled: bool,
}

impl Engine {
    pub(super) fn new(client: &Client, board: Arc<Board>, query: StoryQuery) -> Self {
        let now = client.now();
        let budget = board.budget_usd_per_hour.unwrap_or(BUDGET);
        Self {
            to: query.to.unwrap_or(now),
            client: client.within(client.tuning.story_call),
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
            retrieved: HashSet::new(),
            led: HashMap::new(),
            tallies: BTreeMap::new(),
            blocked: BTreeSet::new(),
            again: Vec::new(),
            alive: HashSet::new(),
            aborts: HashMap::new(),
            looking: None,
            elsewhere: None,
            spans: None,
            has_looked_up: false,
            looked: BTreeSet::new(),
            rung: 0,
            began: Instant::now(),
            news_at: Instant::now(),
            known: (0, 0, 0),
            is_settled: false,
        }
    }

    /// Asks until there is nothing more to ask.
    pub(super) async fn run(mut self, out: &mpsc::Sender<Arc<Story>>) -> Story {
        self.begin();
        let patience = tokio::time::sleep(self.client.tuning.story_annotation);
        tokio::pin!(patience);
        let mut waits = true;
        loop {
            if self.open == 0 && !self.go_on() {
                break;
            }
            // Nobody has to look; the whole story is returned all the same.
            if let Ok(room) = out.try_reserve() {
                room.send(Arc::new(self.story.clone()));
            }
            tokio::select! {
                news = self.news.1.recv() => {
                    let Some(news) = news else { break };
                    self.take(news);
                }
                () = &mut patience, if waits => {
                    waits = false;
                    if !missing(&self.story).is_empty() {
                        self.look_up();
                    }
                }
                () = tokio::time::sleep_until(self.news_at + self.client.tuning.story_settled), if self.is_settled => {
                    let missing = missing(&self.story);
                    self.give_up_rest(&missing);
                    if missing.is_empty() {
                        break;
                    }
                    self.is_settled = false;
                }
            }
            while let Ok(news) = self.news.1.try_recv() {
                self.take(news);
            }
            self.weigh();
        }
        self.tasks.shutdown().await;
        self.story.running = false;
        self.story
    }

    fn begin(&mut self) {
        for value in &self.query.identifiers {
            let value = pasted::value(value);
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
        let (client, news) = (self.client.clone(), self.news.0.clone());
        // Nobody waits for this one but traces that X-Ray does not have.
        self.tasks.spawn(async move {
            let elsewhere = crate::sources::traces::is_elsewhere(&client).await;
            let _ = news.send(News::Destination(elsewhere)).await;
        });
        self.read_traces();
    }

    /// Notes whether something new has come, and whether the story has its end.
    fn weigh(&mut self) {
        let read: usize = self.story.shared.iter().map(|shared| shared.read).sum();
        let known = (self.story.events.len(), self.story.identifiers.len(), read);
        if self.known == known {
            return;
        }
        self.known = known;
        self.news_at = Instant::now();
        // Of what is shared the newest lines are told: which these are is known when all have been read.
        self.is_settled = matches!(summary(&self.story).outcome, Outcome::Good | Outcome::Failed);
    }

    fn take(&mut self, news: News) {
        match news {
            News::Groups(found) => {
                self.open -= 1;
                self.take_groups(found);
            }
            News::Spans(group) => {
                self.open -= 1;
                if let Some(group) = group {
                    self.take_spans(group);
                }
            }
            News::Heard { index, report } => {
                self.alive.insert(index);
                if let Some(search) = self.story.searched.get_mut(index) {
                    report.write(search);
                }
            }
            News::Lines { index, lines, anew } => self.take_lines(index, lines, anew),
            News::Trace { index, trace } => self.take_trace(index, &trace),
            News::TraceIds { index, ids } => {
                self.found(index, ids.len());
                let field = self.trace_field();
                let with = self.story.searched.get(index).and_then(|search| search.sought.first()).cloned();
                let pairs = ids.into_iter().map(|id| (field.clone(), id)).collect();
                self.join("xray", &with.unwrap_or_default(), pairs);
            }
            News::Destination(elsewhere) => {
                self.elsewhere = Some(elsewhere);
                if elsewhere {
                    self.look_for_spans();
                    self.retrieve();
                }
            }
            News::Searched { index, state, report } => {
                // What was given up may have ended just then.
                if self.story.searched.get(index).is_some_and(|search| search.state == SearchState::Running) {
                    self.open -= 1;
                    self.end(index, state, Some(report));
                }
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
            let index = self.start(vec![prefix], How::LogGroups, "a prefix has to be looked up", &[], (now, now));
            self.open -= 1;
            self.end(index, SearchState::Failed(error), Some(Report { calls, ..Report::default() }));
        }
        let spans = self.spans.take().filter(|spans| groups.iter().all(|group| group.id != spans.id));
        let groups: Vec<Group> = groups.into_iter().chain(spans).collect();
        self.groups = Some(groups.clone());
        self.search_given(&groups);
    }

    /// Looks for what was given in log groups.
    fn search_given(&mut self, groups: &[Group]) {
        // A trace id says when it was; whatever else was given is looked for in the window.
        let given = self.story.identifiers.iter().filter(|known| known.join.is_none());
        let (timed, others): (Vec<String>, Vec<String>) =
            given.map(|known| known.value.clone()).partition(|value| ids::trace_id(value).is_some());
        for value in timed {
            if let Some(at) = ids::epoch(&value) {
                self.search_groups(groups, &[value], (at - BEFORE, (at + TRACE).min(self.now)));
            }
        }
        self.search_groups(groups, &others, self.window());
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
