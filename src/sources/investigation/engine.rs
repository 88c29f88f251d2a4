//! What is asked next: a search for each identifier as soon as it is known, while others still run.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::groups::{self, Found, Group};
use super::lines::{self, Line};
use super::plan::{self, Means, Way};
use super::xray;
use crate::analysis::story::{ids, line, spans};
use crate::board::Board;
use crate::clock::Time;
use crate::sources::client::Client;
use crate::sources::operation::{
    BATCH_GET_TRACES, DESCRIBE_LOG_GROUPS, FILTER_LOG_EVENTS, GET_TRACE_SUMMARIES, LIST_RETRIEVED_TRACES, Operation,
    START_QUERY,
};
use crate::sources::prices::Prices;
use crate::store::health::ErrorKind;
use crate::store::story::{Event, Identifier, Join, Search, SearchState, Story, StoryQuery};
use crate::store::trace::Trace;

/// What one investigation may cost where the board names no budget, in US dollars.
const BUDGET: f64 = 0.25;
/// Bytes of a gigabyte as AWS meters them.
const GB: f64 = 1_073_741_824.0;
/// How many values of one field an identifier may lead to: what leads to more is shared by many requests.
const SHARED: usize = 20;
/// Identifiers that are followed for each one that was given.
const FOLLOWED: usize = 60;
/// Identifiers in one search.
const A_SEARCH: usize = 80;
/// How far before and after what is known joined identifiers are looked for.
const BEFORE: TimeDelta = TimeDelta::minutes(5);
/// See [`BEFORE`].
const AFTER: TimeDelta = TimeDelta::minutes(30);
/// How far around what is known X-Ray is searched by annotation: it charges for every trace that it goes through.
const AROUND: TimeDelta = TimeDelta::minutes(2);
/// How long after the second in its id a trace may go on to be logged about.
const TRACE: TimeDelta = TimeDelta::hours(1);
/// X-Ray is searched by annotation when log groups have not led to it after this.
const PATIENCE: Duration = Duration::from_secs(3);
/// Days to which an investigation goes back that has found nothing.
const LADDER: [i64; 6] = [1, 2, 4, 7, 14, 30];
/// No earlier days are begun after this.
const ENOUGH: Duration = Duration::from_mins(1);
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
            let _ = out.try_send(Arc::new(self.story.clone()));
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

    // ── Asking ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// Notes a search as begun.
    fn start(&mut self, places: Vec<String>, how: Operation, why: &str, sought: &[String], range: Range) -> usize {
        self.open += 1;
        self.story.searched.push(Search {
            places,
            how: how.to_string(),
            why: why.to_owned(),
            sought: sought.to_vec(),
            from: range.0,
            to: range.1,
            state: SearchState::Running,
            calls: 0,
            found: 0,
            bytes: 0.0,
            usd: 0.0,
        });
        self.story.searched.len() - 1
    }

    fn search_logs(&mut self, values: &[String], range: Range) {
        let groups = self.groups.clone().unwrap_or_default();
        self.search_groups(&groups, values, range);
    }

    fn search_groups(&mut self, groups: &[Group], values: &[String], (from, to): Range) {
        if groups.is_empty() || values.is_empty() || from > to {
            return;
        }
        let (kept, gone): (Vec<Group>, Vec<Group>) =
            groups.iter().cloned().partition(|group| group.oldest.is_none_or(|oldest| oldest < to));
        if !gone.is_empty() {
            let places = gone.into_iter().map(|group| group.id).collect();
            let index = self.start(places, FILTER_LOG_EVENTS, "", values, (from, to));
            self.open -= 1;
            self.end(index, SearchState::OutsideRetention, Report::default());
        }
        if kept.is_empty() {
            return;
        }
        let means = Means { budget: self.left(), ..self.means };
        for values in values.chunks(A_SEARCH) {
            let terms: Vec<String> = values.iter().flat_map(|value| ids::terms(value)).collect();
            for part in plan::plan(&kept, from, to, self.now, means) {
                let how = if part.way == Way::Filter { FILTER_LOG_EVENTS } else { START_QUERY };
                let index = self.start(part.groups.clone(), how, &part.why, values, (from, to));
                let (client, news) = (self.client.clone(), self.news.0.clone());
                self.tasks.spawn(lines::search(client, index, part, terms.clone(), (from, to), news));
            }
        }
    }

    /// US dollars that may still be spent.
    fn left(&self) -> f64 {
        self.means.budget - self.story.usd()
    }

    /// Reads the traces that are known and were not read.
    fn read_traces(&mut self) {
        let known = self.story.identifiers.iter().filter_map(|known| ids::trace_id(&known.value));
        let new: Vec<String> = known.filter(|id| !self.traces.contains_key(id)).collect();
        if new.is_empty() {
            return;
        }
        self.traces.extend(new.iter().map(|id| (id.clone(), false)));
        let times = || new.iter().filter_map(|id| ids::epoch(id));
        let range = (times().min().unwrap_or(self.to), times().max().unwrap_or(self.to));
        let index = self.start(vec!["xray".to_owned()], BATCH_GET_TRACES, "by trace id", &new, range);
        self.tasks.spawn(xray::read(self.client.clone(), index, new, self.news.0.clone()));
    }

    /// Searches for what is new: traces by their id, everything else in the log groups around what is known.
    fn follow(&mut self) {
        self.read_traces();
        if self.groups.is_none() || self.fresh.is_empty() {
            return;
        }
        let Some(range) = self.nearby(BEFORE, AFTER) else { return };
        let fresh: Vec<String> = std::mem::take(&mut self.fresh).into_iter().collect();
        self.search_logs(&fresh, range);
    }

    /// Looks for traces by annotation, where nothing has led to a trace.
    fn look_up(&mut self) -> bool {
        let annotations = self.board.feed.as_ref().map(|rules| rules.annotations.clone()).unwrap_or_default();
        if self.has_looked_up || annotations.is_empty() || !self.traces.is_empty() {
            return false;
        }
        let fits = |known: &&Identifier| known.field.is_empty() || annotations.contains(&known.field);
        let values: Vec<String> =
            self.story.identifiers.iter().filter(fits).map(|known| known.value.clone()).take(10).collect();
        if values.is_empty() {
            return false;
        }
        self.has_looked_up = true;
        let range = self.nearby(AROUND, AROUND).unwrap_or_else(|| self.window());
        let filter = xray::expression(&annotations, &values);
        let why = format!("by annotation {}", annotations.join(", "));
        let index = self.start(vec!["xray".to_owned()], GET_TRACE_SUMMARIES, &why, &values, range);
        self.tasks.spawn(xray::look(self.client.clone(), index, filter, range, self.news.0.clone()));
        true
    }

    /// When everything that was asked has been answered: asks for what is left, `false` where nothing is.
    fn go_on(&mut self) -> bool {
        let again = std::mem::take(&mut self.again);
        if !again.is_empty() && (self.means.filter || self.means.insights) {
            let mut merged: HashMap<(Vec<String>, Range), Vec<String>> = HashMap::new();
            for (values, range, groups) in again {
                merged.entry((values, range)).or_default().extend(groups);
            }
            for ((values, range), ids) in merged {
                let known = self.groups.clone().unwrap_or_default();
                let groups: Vec<Group> = known.into_iter().filter(|group| ids.contains(&group.id)).collect();
                self.search_groups(&groups, &values, range);
            }
        }
        if self.open == 0 && !self.has_asked_where && self.traces.values().any(|came| !came) {
            self.has_asked_where = true;
            self.open += 1;
            let (client, news) = (self.client.clone(), self.news.0.clone());
            self.tasks.spawn(async move {
                let elsewhere = xray::is_elsewhere(&client).await;
                let _ = news.send(News::Destination(elsewhere)).await;
            });
        }
        if self.open == 0 {
            self.look_up();
        }
        if self.open == 0 && self.story.events.is_empty() {
            self.go_back();
        }
        self.open > 0
    }

    /// Reads traces that X-Ray no longer has itself, where Transaction Search is on.
    fn retrieve(&mut self) {
        let missing: Vec<String> = self.traces.iter().filter(|(_, came)| !**came).map(|(id, _)| id.clone()).collect();
        let times = || missing.iter().filter_map(|id| ids::epoch(id));
        let (Some(first), Some(last)) = (times().min(), times().max()) else { return };
        let range = (first - BEFORE, (last + TRACE).min(self.now));
        let why = "Transaction Search keeps the segments in CloudWatch Logs";
        let index = self.start(vec!["xray".to_owned()], LIST_RETRIEVED_TRACES, why, &missing, range);
        self.tasks.spawn(xray::retrieve(self.client.clone(), index, missing, range, self.news.0.clone()));
    }

    /// Looks at earlier days, a step at a time, as far as budget and retention go.
    fn go_back(&mut self) {
        let given: Vec<String> = self.story.identifiers.iter().map(|known| known.value.clone()).collect();
        let values: Vec<String> = given.into_iter().filter(|value| ids::trace_id(value).is_none()).collect();
        let Some(groups) = self.groups.clone().filter(|groups| !groups.is_empty() && !values.is_empty()) else {
            return;
        };
        let (window_from, _) = self.window();
        while let Some(days) = LADDER.get(self.rung) {
            let until = self.rung.checked_sub(1).map_or(window_from, |rung| self.to - TimeDelta::days(LADDER[rung]));
            let (from, to) = (self.to - TimeDelta::days(*days), until.min(window_from));
            self.rung += 1;
            if from >= to || groups.iter().all(|group| group.oldest.is_some_and(|oldest| oldest >= to)) {
                continue;
            }
            let hours = (to - from).as_seconds_f64() / 3600.0;
            let cost = plan::usd(&groups, from, to, self.now).or_else(|| self.extrapolated(hours));
            let day = |at: Time| at.format("%Y-%m-%d %H:%M").to_string();
            if let Some(cost) = cost.filter(|cost| *cost > self.left()) {
                let words = format!(
                    "not searched before {} UTC: it would cost ${cost:.2}, of a budget of ${:.2}",
                    day(to),
                    self.means.budget
                );
                self.story.note(words);
                self.rung = LADDER.len();
                return;
            }
            if self.began.elapsed() > ENOUGH {
                self.story.note(format!("not searched before {} UTC: it took too long; give --at or --since", day(to)));
                self.rung = LADDER.len();
                return;
            }
            let span = crate::text::units::span(self.query.since.as_secs().cast_signed());
            self.story
                .note(format!("nothing in the last {span}: earlier days are searched too, back to {} UTC", day(from)));
            self.search_logs(&values, (from, to));
            if self.open > 0 {
                return;
            }
        }
    }

    /// What Logs Insights would cost for so many hours, by what it has cost so far.
    fn extrapolated(&self, hours: f64) -> Option<f64> {
        let paid = self.story.searched.iter().filter(|search| search.usd > 0.0 && search.state.has_answered());
        let an_hour = |search: &Search| search.usd / ((search.to - search.from).as_seconds_f64() / 3600.0).max(0.01);
        paid.map(an_hour).max_by(f64::total_cmp).map(|usd| usd * hours)
    }

    // ── Taking in ───────────────────────────────────────────────────────────────────────────────────────────────────

    fn found(&mut self, index: usize, number: usize) {
        if let Some(search) = self.story.searched.get_mut(index) {
            search.found += number;
        }
    }

    /// Takes in that a search has ended.
    fn end(&mut self, index: usize, state: SearchState, report: Report) {
        let Some(search) = self.story.searched.get_mut(index) else { return };
        let prices = Prices::default();
        search.calls = report.calls;
        search.bytes = report.bytes;
        search.usd = report.bytes / GB * prices.scanned_gb + report.traces as f64 * prices.trace;
        search.state = state;
        let search = search.clone();
        let is_query = search.how == START_QUERY.to_string();
        let is_filter = search.how == FILTER_LOG_EVENTS.to_string();
        match &search.state {
            SearchState::Failed(error) => {
                let missing = error.kind == ErrorKind::NotFound;
                if is_query && (error.kind == ErrorKind::Denied || missing) {
                    // A group that is not there fails the whole query: one by one they are told apart.
                    let known = self.means.insights;
                    self.means.insights = false;
                    if known || !missing {
                        self.again.push((search.sought.clone(), (search.from, search.to), search.places.clone()));
                    }
                } else if is_filter && error.kind == ErrorKind::Denied {
                    self.means.filter = false;
                    if self.means.insights {
                        self.again.push((search.sought.clone(), (search.from, search.to), search.places.clone()));
                    }
                } else if is_filter && missing {
                    if let Some(groups) = &mut self.groups {
                        groups.retain(|group| !search.places.contains(&group.id));
                    }
                    self.means.insights = true;
                }
                let places = search.places.join(", ");
                self.story.note(format!("{places}: {error}"));
            }
            SearchState::Cut => {
                let words =
                    format!("{} found more than is shown for {}", search.places.join(", "), search.sought.join(", "));
                self.story.note(words);
            }
            SearchState::TimedOut => {
                self.story.note(format!("{}: no answer from {} in time", search.places.join(", "), search.how));
            }
            SearchState::Running | SearchState::Done | SearchState::OutsideRetention | SearchState::Skipped(_) => {}
        }
    }

    fn take_lines(&mut self, index: usize, lines: Vec<Line>) {
        let mut joins: HashMap<(String, String), Vec<(String, String)>> = HashMap::new();
        let mut new = 0;
        for Line { group, time, text } in lines {
            let with = self.known_in(&text, index);
            let (mut event, pairs) = line::read(&group, time, &text, &self.board);
            event.ids = pairs.iter().map(|(_, value)| value.clone()).chain([with.clone()]).collect();
            let source = event.source();
            if self.story.add(event) {
                new += 1;
                joins.entry((source, with)).or_default().extend(pairs);
            }
        }
        self.found(index, new);
        for ((source, with), pairs) in joins {
            self.join(&source, &with, pairs);
        }
    }

    /// The identifier that a line holds, of those that are known.
    fn known_in(&self, text: &str, index: usize) -> String {
        let holds = |value: &str| ids::terms(value).iter().any(|term| text.contains(term.as_str()));
        let sought = self.story.searched.get(index).map(|search| search.sought.as_slice()).unwrap_or_default();
        sought.iter().find(|value| holds(value)).cloned().unwrap_or_default()
    }

    fn take_trace(&mut self, index: usize, trace: &Trace) {
        let (events, pairs): (Vec<Event>, Vec<(String, String)>) = spans::read(trace, &self.board);
        if !events.is_empty() {
            self.traces.insert(trace.id.clone(), true);
        }
        let ids: Vec<String> = pairs.iter().map(|(_, value)| value.clone()).collect();
        let new =
            events.into_iter().filter(|event| self.story.add(Event { ids: ids.clone(), ..event.clone() })).count();
        self.found(index, new);
        for problem in &trace.problems {
            self.story.note(format!("{}: {problem}", trace.id));
        }
        self.join("xray", &trace.id, pairs);
    }

    /// Takes in identifiers that stood beside a known one.
    fn join(&mut self, source: &str, with: &str, pairs: Vec<(String, String)>) {
        let mut touched: BTreeSet<String> = BTreeSet::new();
        for (field, value) in &pairs {
            if value == with {
                continue;
            }
            touched.insert(field.clone());
            self.led.entry((with.to_owned(), field.clone())).or_default().insert(value.clone());
        }
        for field in touched {
            let number = self.led.get(&(with.to_owned(), field.clone())).map_or(0, HashSet::len);
            if number > SHARED {
                let words =
                    format!("{with} stands beside more than {SHARED} values of {field}: these are not followed");
                self.story.note(words);
            }
        }
        for (field, value) in pairs {
            if let Some(known) = self.story.identifiers.iter_mut().find(|known| known.value == value) {
                if known.field.is_empty() {
                    known.field = field;
                }
                continue;
            }
            let number = self.led.get(&(with.to_owned(), field.clone())).map_or(0, HashSet::len);
            if number > SHARED {
                continue;
            }
            if self.story.identifiers.len() >= FOLLOWED * self.query.identifiers.len().max(1) {
                self.story.note(format!("no more than {FOLLOWED} identifiers are followed"));
                return;
            }
            let join = Some(Join { source: source.to_owned(), with: with.to_owned() });
            self.fresh.insert(value.clone());
            self.story.identifiers.push(Identifier { field, value, join });
        }
    }
}
