//! What we know: everything the sources have told, ready to be drawn. No IO, no terminal, no AWS types.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::TimeDelta;

use crate::app::msg::Update;
use crate::board::{Board, FeedRules};
use crate::clock::Time;

pub mod alarm;
pub mod catalogue;
pub mod change;
pub mod cost;
pub mod counts;
pub mod coverage;
pub mod episode;
pub mod found;
pub mod graph;
pub mod health;
pub mod history;
pub mod lines;
pub mod log;
pub mod logbook;
pub mod matches;
pub mod period;
pub mod request;
pub mod rows;
pub mod rule;
pub mod series;
pub mod story;
pub mod trace;
pub mod trace_list;
pub mod window;

use alarm::{Alarm, AlarmDetail, AlarmEvent};
use catalogue::{Catalogue, CatalogueScope};
use change::Change;
use cost::Spending;
use counts::{CountQuery, Counts};
use episode::{Acknowledgement, Entry, Severity, Signal};
use found::Found;
use graph::{ServiceGraph, Trend, TrendQuery};
use health::{Feed, Health, SourceError, SourceId};
use history::History;
use lines::Lines;
use log::{RequestLines, TailOrigin};
use logbook::Logbook;
use matches::{LineQuery, Matches, MetricFilter};
use request::Requests;
use rows::{LogQuery, LogRows};
use rule::{RuleStatus, RuleTrack};
use series::{MetricQuery, Series, SeriesSet};
use story::{Story, StoryQuery};
use trace::Trace;
use trace_list::{TraceGroup, TraceList, TraceQuery};

/// How many lists of metrics are kept, each of up to [`catalogue::MOST`].
const KEPT_CATALOGUES: usize = 4;

/// How long the times of counted log events are kept: several times the longest sliding window.
const KEPT_COUNTS: TimeDelta = TimeDelta::hours(3);

/// How many answers to drill-downs are kept, so that going back is instant.
const KEPT_ANSWERS: usize = 32;

/// All that is known.
#[derive(Debug, Clone, Default)]
pub struct Store {
    /// Series by the query that asked for them.
    pub series: HashMap<MetricQuery, SeriesSet>,
    /// The metrics there are, by what was asked.
    pub catalogues: HashMap<CatalogueScope, Feed<Catalogue>>,
    /// Alarms, firing first, then by name.
    pub alarms: Feed<Vec<Alarm>>,
    /// Histories of alarms that were opened, newest event first.
    pub histories: HashMap<String, Feed<Vec<AlarmEvent>>>,
    /// What was asked of alarms that were opened, beside their histories.
    pub alarm_details: HashMap<String, Feed<AlarmDetail>>,
    /// Tags of alarms, by alarm name, as far as a filter has asked for them.
    pub alarm_tags: HashMap<String, Vec<(String, String)>>,
    /// Episodes of alarms and rules, and what people said about them.
    pub history: History,
    /// The request feed.
    pub requests: Requests,
    /// The lines of the feed, as far back as they are kept.
    pub tail: Lines,
    /// Those that pass the filter of the screen in front.
    pub found: Found,
    /// How the feed arrives at present; `None` before the first batch.
    pub feed_origin: Option<TailOrigin>,
    /// Whether the newest feed batch was sampled by the server.
    pub feed_sampled: bool,
    /// Up to when the feed is known to be whole.
    pub feed_complete_to: Option<Time>,
    /// The service graph.
    pub graph: Feed<ServiceGraph>,
    /// The service graph of the window before; [`Self::graph`] has taken in what it says.
    pub graph_before: Feed<ServiceGraph>,
    /// Statistics over time of services and edges that were opened.
    pub service_trends: HashMap<TrendQuery, Feed<Trend>>,
    /// The same of those that local rules look at.
    pub followed_services: HashMap<TrendQuery, Feed<Trend>>,
    /// Lines of requests that were opened, by the value looked for.
    pub lines: HashMap<String, Feed<RequestLines>>,
    /// Metric filters that feed a metric, by its namespace and name.
    pub metric_filters: HashMap<(String, String), Feed<Vec<MetricFilter>>>,
    /// Lines that match a pattern, by what was asked.
    pub matches: HashMap<LineQuery, Feed<Matches>>,
    /// What CloudTrail saw being changed, newest first.
    pub changes: Feed<Vec<Change>>,
    /// Lists of traces, by what was asked.
    pub trace_lists: HashMap<TraceQuery, Feed<TraceList>>,
    /// X-Ray's groups, as far as they were asked for.
    pub trace_groups: Vec<TraceGroup>,
    /// What Logs Insights queries found.
    pub rows: HashMap<LogQuery, Feed<LogRows>>,
    /// Log groups, saved queries, fields, records, and the queries that were run.
    pub logbook: Logbook,
    /// Stories of identifiers that were investigated.
    pub stories: HashMap<StoryQuery, Feed<Arc<Story>>>,
    /// Traces that were opened, by id; `None` where X-Ray has none.
    pub traces: HashMap<String, Feed<Option<Arc<Trace>>>>,
    /// Times of the log events that rules count.
    pub counts: HashMap<CountQuery, Counts>,
    /// The board's local rules and their states, in the board's order.
    pub rules: Vec<RuleStatus>,
    /// What those rules have looked at over time, by id.
    pub rule_tracks: HashMap<String, RuleTrack>,
    /// What the calls cost.
    pub spending: Spending,
    /// The present, as the loop last told it; what has run out is judged by it.
    now: Option<Time>,
    health: HashMap<SourceId, Health>,
    /// Sources that nobody asks at present.
    resting: HashSet<SourceId>,
}

impl Store {
    /// Takes in news from a source.
    #[expect(clippy::too_many_lines, reason = "one arm for each kind of news")]
    pub fn fold(&mut self, board: &Board, update: Update) {
        match update {
            Update::Metrics(batch) => {
                self.succeed(SourceId::Metrics, batch.at);
                let at = batch.at;
                for result in batch.results {
                    // What CloudWatch itself keeps no longer is not kept here either.
                    let oldest = at - period::retention(result.query.period_s);
                    self.fold_metric(result, oldest);
                }
            }
            Update::Catalogue { at, scope, page, first, ending } => {
                self.succeed(SourceId::Catalogue, at);
                if self.catalogues.len() >= KEPT_CATALOGUES && !self.catalogues.contains_key(&scope) {
                    self.catalogues.clear();
                }
                let feed = self.catalogues.entry(scope).or_default();
                feed.data.take(page, first, ending);
                feed.health = Health::Live { at };
            }
            Update::Alarms { at, mut alarms } => {
                self.succeed(SourceId::Alarms, at);
                alarms.retain(|alarm| board.alarms.shows(&alarm.name));
                alarms.sort_by(|a, b| a.state.cmp(&b.state).then_with(|| a.name.cmp(&b.name)));
                self.alarm_tags.retain(|name, _| alarms.iter().any(|alarm| alarm.name == *name));
                self.alarms = Feed { data: alarms, health: Health::Live { at } };
            }
            Update::AlarmHistory { at, alarm, events } => {
                self.succeed(SourceId::AlarmHistory, at);
                keep(&mut self.histories, alarm, Feed { data: events, health: Health::Live { at } });
            }
            // What they say comes as episodes.
            Update::Transitions { at, .. } => self.succeed(SourceId::Transitions, at),
            Update::AlarmDetail { at, alarm, detail } => {
                self.succeed(SourceId::AlarmDetail, at);
                keep(&mut self.alarm_details, alarm, Feed { data: *detail, health: Health::Live { at } });
            }
            Update::AlarmTags { at, alarm, tags } => {
                self.succeed(SourceId::AlarmTags, at);
                self.alarm_tags.insert(alarm, tags);
            }
            Update::History(entries) => entries.into_iter().for_each(|entry| self.remember(entry)),
            Update::HistoryTrouble(trouble) => self.history.trouble = trouble,
            Update::Tail(batch) => self.fold_tail(board.feed.as_ref(), &batch),
            Update::TailUp { at } => self.succeed(SourceId::Tail, at),
            Update::Lines { id, lines } => {
                let at = lines.at;
                self.succeed(SourceId::Lines, at);
                keep(&mut self.lines, id, Feed { data: lines, health: Health::Live { at } });
            }
            Update::MetricFilters { at, namespace, name, filters } => {
                self.succeed(SourceId::MetricFilters, at);
                keep(&mut self.metric_filters, (namespace, name), Feed { data: filters, health: Health::Live { at } });
            }
            Update::Matches { at, query, matches } => {
                self.succeed(SourceId::Matches, at);
                make_room(&mut self.matches, &query);
                self.matches.insert(query, Feed { data: matches, health: Health::Live { at } });
            }
            Update::Changes { at, changes } => {
                self.succeed(SourceId::Changes, at);
                self.changes = Feed { data: changes, health: Health::Live { at } };
            }
            Update::TraceSummaries { at, query, list } => {
                self.succeed(SourceId::TraceSummaries, at);
                self.fold_traces(at, query, list);
            }
            Update::TraceGroups { at, groups } => {
                self.succeed(SourceId::TraceGroups, at);
                self.trace_groups = groups;
            }
            Update::Rows { query, at, rows } => {
                self.succeed(SourceId::Rows, at);
                make_room(&mut self.rows, &query);
                self.rows.insert(query, Feed { data: rows, health: Health::Live { at } });
            }
            Update::RowsFailed { query, error } => {
                make_room(&mut self.rows, &query);
                self.rows.entry(query).or_default().health.fail(error);
            }
            Update::Logbook { at, ask, answer } => {
                self.succeed(ask.source(), at);
                self.logbook.take(at, ask, answer);
            }
            Update::Asked(asked) => asked.into_iter().for_each(|asked| self.logbook.note(asked)),
            Update::Story { at, query, story } => {
                self.succeed(SourceId::Story, at);
                make_room(&mut self.stories, &query);
                self.stories.insert(query, Feed { data: story, health: Health::Live { at } });
            }
            Update::Services { at, graph } => {
                self.succeed(SourceId::Services, at);
                self.graph = Feed { data: graph, health: Health::Live { at } };
                self.graph.data.compare(&self.graph_before.data);
            }
            Update::ServicesBefore { at, graph } => {
                self.succeed(SourceId::ServicesBefore, at);
                self.graph.data.compare(&graph);
                self.graph_before = Feed { data: graph, health: Health::Live { at } };
            }
            Update::ServiceTrend { at, query, followed: false, trend } => {
                self.succeed(SourceId::ServiceTrend, at);
                keep(&mut self.service_trends, query, Feed { data: trend, health: Health::Live { at } });
            }
            Update::ServiceTrend { at, query, followed: true, trend } => {
                self.succeed(SourceId::ServiceRules, at);
                self.followed_services.insert(query, Feed { data: trend, health: Health::Live { at } });
            }
            Update::Trace { at, id, trace } => {
                self.succeed(SourceId::Trace, at);
                keep(&mut self.traces, id, Feed { data: trace.map(Arc::new), health: Health::Live { at } });
            }
            Update::Counts(batch) => {
                self.succeed(SourceId::Counts, batch.at);
                let counts = self.counts.entry(batch.query.clone()).or_default();
                counts.take(&batch);
                counts.forget_before(batch.to - KEPT_COUNTS);
            }
            Update::Found(batch) => self.found.take(batch, &self.requests),
            Update::Spent(spending) => self.spending = spending,
            Update::Settled { .. } => {}
        }
    }

    fn fold_tail(&mut self, rules: Option<&FeedRules>, batch: &log::TailBatch) {
        let source = match batch.origin {
            TailOrigin::Live => SourceId::Tail,
            TailOrigin::Backfill | TailOrigin::Poll => SourceId::Poll,
        };
        self.succeed(source, batch.at);
        self.feed_complete_to = self.feed_complete_to.max(batch.complete_to);
        if batch.origin != TailOrigin::Backfill {
            self.feed_origin = Some(batch.origin);
            self.feed_sampled = batch.sampled;
        }
        if let Some(rules) = rules {
            let dropped = self.tail.dropped();
            self.requests.fold(rules, &batch.events, &mut self.tail);
            if self.tail.dropped() > dropped
                && let Some(oldest) = self.tail.oldest()
            {
                self.found.forget_before(oldest);
            }
        }
    }

    fn fold_metric(&mut self, result: series::MetricResult, oldest: Time) {
        let tells_values = result.query.label_tells_values();
        let is_nameless = result.query.is_band();
        let set = self.series.entry(result.query).or_default();
        set.message = result.message;
        set.covered.add(result.from, result.to);
        if tells_values {
            set.take_in_order(result.series, result.to);
            set.series.iter_mut().for_each(|series| series.forget_before(oldest));
            return;
        }
        // A query that returns one series keeps it even when its label changes (`${LAST}`); of several, labels tell them
        // apart, and of several with one label, or without a name of their own (the two edges of a band), their order.
        let alone = set.series.len() <= 1 && result.series.len() == 1;
        for (index, new) in result.series.iter().enumerate() {
            let is_named_so = |series: &Series| is_nameless || series.label == new.label;
            let nth = result.series[..index].iter().filter(|other| is_named_so(other)).count();
            let same = set.series.iter_mut().filter(|old| alone || is_named_so(old)).nth(nth);
            match same {
                Some(old) => {
                    old.label.clone_from(&new.label);
                    old.merge(&new.points);
                }
                None => set.series.push(new.clone()),
            }
        }
        set.series.iter_mut().for_each(|series| series.forget_before(oldest));
    }

    /// Records that a source's call failed; what is known stays.
    pub fn fail(&mut self, source: SourceId, error: &SourceError) {
        self.resting.remove(&source);
        self.health.entry(source).or_default().fail(error.clone());
        match source {
            SourceId::Alarms => self.alarms.health.fail(error.clone()),
            SourceId::Services => self.graph.health.fail(error.clone()),
            SourceId::ServicesBefore => self.graph_before.health.fail(error.clone()),
            SourceId::Changes => self.changes.health.fail(error.clone()),
            SourceId::QueryDefinitions => self.logbook.definitions.health.fail(error.clone()),
            SourceId::Metrics
            | SourceId::AlarmHistory
            | SourceId::Transitions
            | SourceId::AlarmDetail
            | SourceId::AlarmTags
            | SourceId::Tail
            | SourceId::Poll
            | SourceId::Counts
            | SourceId::Lines
            | SourceId::Catalogue
            | SourceId::MetricFilters
            | SourceId::Matches
            | SourceId::Rows
            | SourceId::LogGroups
            | SourceId::LogFields
            | SourceId::LogRecord
            | SourceId::Story
            | SourceId::ServiceTrend
            | SourceId::ServiceRules
            | SourceId::Trace
            | SourceId::TraceSummaries
            | SourceId::TraceGroups => {}
        }
    }

    /// Takes in an episode or an acknowledgement.
    pub fn remember(&mut self, entry: Entry) {
        self.history.remember(entry);
    }

    /// Takes in that time has passed.
    pub const fn pass(&mut self, now: Time) {
        self.now = Some(now);
    }

    /// What somebody last said about an alarm or a rule, if it holds: it has not run out or been lifted, and was said
    /// about the episode under way. Lists show it; who is [`episode::Stance::Snoozed`] is not notified.
    pub fn acknowledged(&self, signal: Signal, name: &str) -> Option<&Acknowledgement> {
        let now = self.now.unwrap_or(Time::MIN_UTC);
        self.history.said(signal, name, self.firing_since(signal, name), now)
    }

    /// Since when a signal has fired, if it does.
    pub fn firing_since(&self, signal: Signal, name: &str) -> Option<Time> {
        let remembered = || self.history.under_way(signal, name).map(|episode| episode.began);
        match signal {
            Signal::Alarm => match self.alarm(name) {
                Some(alarm) if alarm.state != alarm::AlarmState::Alarm => None,
                Some(alarm) => alarm.since.or_else(remembered),
                None => remembered(),
            },
            Signal::Rule => match self.rules.iter().find(|rule| rule.id == name) {
                Some(rule) if rule.state != rule::RuleState::Firing => None,
                Some(rule) => rule.episode.as_ref().map(|episode| episode.began).or(rule.since).or_else(remembered),
                None => remembered(),
            },
        }
    }

    /// Records that nobody asks a source any more: whether its calls still fail is not known from then on.
    pub fn rest(&mut self, source: SourceId) {
        self.resting.insert(source);
        if source.is_of_detail() {
            self.health.remove(&source);
        }
    }

    /// Takes in traces: a list from its beginning, or the page that follows on what is there.
    fn fold_traces(&mut self, at: Time, mut query: TraceQuery, list: TraceList) {
        let health = Health::Live { at };
        let Some(rest) = query.rest.take() else {
            make_room(&mut self.trace_lists, &query);
            self.trace_lists.insert(query, Feed { data: list, health });
            return;
        };
        // A page that was told before is not told again.
        if let Some(known) = self.trace_lists.get_mut(&query).filter(|known| known.data.rest.as_ref() == Some(&rest)) {
            known.data.join(list);
            known.health = health;
        }
    }

    fn succeed(&mut self, source: SourceId, at: Time) {
        self.resting.remove(&source);
        self.health.entry(source).or_default().succeed(at);
    }

    /// How a source does.
    pub fn health(&self, source: SourceId) -> &Health {
        const WAITING: &Health = &Health::Waiting;
        self.health.get(&source).unwrap_or(WAITING)
    }

    /// How the feed does: by the way it arrives; a denied Live Tail is no trouble while polling works.
    pub fn feed_health(&self) -> &Health {
        match (self.feed_origin, self.health(SourceId::Tail), self.health(SourceId::Poll)) {
            (Some(TailOrigin::Live), tail @ Health::Live { .. }, _) => tail,
            (_, _, poll) => poll,
        }
    }

    /// Sources that are asked and whose newest call failed, in the order of [`SourceId::ALL`].
    pub fn problems(&self) -> impl Iterator<Item = (SourceId, &Health)> {
        let asked = SourceId::ALL.iter().copied().filter(|id| !self.resting.contains(id));
        asked.map(|id| (id, self.health(id))).filter(|(_, health)| health.trouble().is_some())
    }

    /// The answer to a query, if any has come.
    pub fn series(&self, query: &MetricQuery) -> Option<&SeriesSet> {
        self.series.get(query)
    }

    /// How much an alarm matters, as the board says of its name, and its tags as far as they are known.
    pub fn severity(&self, alarm: &str, board: &Board) -> Severity {
        board.alarms.severity(alarm, self.alarm_tags.get(alarm).map(Vec::as_slice))
    }

    /// An alarm by name.
    pub fn alarm(&self, name: &str) -> Option<&Alarm> {
        self.alarms.data.iter().find(|alarm| alarm.name == name)
    }
}

/// Keeps an answer; when there are too many, an arbitrary other one goes and is asked again when wanted.
fn keep<K: std::hash::Hash + Eq + Clone, V>(answers: &mut HashMap<K, V>, key: K, value: V) {
    if answers.len() >= KEPT_ANSWERS
        && !answers.contains_key(&key)
        && let Some(old) = answers.keys().next().cloned()
    {
        answers.remove(&old);
    }
    answers.insert(key, value);
}

/// Forgets the answer that came first when there are too many: what has been answered for good is not asked again while
/// somebody looks at it, so what is on screen must not go.
fn make_room<K: std::hash::Hash + Ord + Clone, V>(answers: &mut HashMap<K, Feed<V>>, key: &K) {
    if answers.len() < KEPT_ANSWERS || answers.contains_key(key) {
        return;
    }
    let oldest = answers.iter().min_by_key(|(key, feed)| (feed.health.changed(), *key));
    if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
        answers.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::series::{MetricBatch, MetricResult, Series};

    fn t(s: i64) -> Time {
        chrono::DateTime::from_timestamp(s, 0).expect("in range")
    }

    fn fold(store: &mut Store, board: &Board, at: Time, series: &[(&str, &[(i64, f64)])]) {
        let series = series
            .iter()
            .map(|(label, points)| Series {
                label: (*label).to_owned(),
                points: points.iter().map(|(at, value)| (t(*at), *value)).collect(),
            })
            .collect();
        let query = MetricQuery::stat("N", "M", &[], "Sum", 60);
        let result = MetricResult { query, from: t(0), to: at, series, message: None };
        store.fold(board, Update::Metrics(MetricBatch { at, results: vec![result] }));
    }

    fn known(store: &Store) -> Vec<(&str, Vec<f64>)> {
        let set = store.series(&MetricQuery::stat("N", "M", &[], "Sum", 60)).expect("the set");
        set.series.iter().map(|s| (s.label.as_str(), s.points.iter().map(|(_, v)| *v).collect())).collect()
    }

    #[test]
    fn the_edges_of_a_band_stay_two_whatever_they_are_called() {
        let (mut store, board) = (Store::default(), Board::empty("t"));
        let query = MetricQuery::expression("ANOMALY_DETECTION_BAND(m1, 2)", Vec::new(), 60);
        for (call, minute) in [("e1", 0), ("e4", 1)] {
            let edge = |value| Series { label: call.to_owned(), points: vec![(t(minute), value)] };
            let result = MetricResult {
                query: query.clone(),
                from: t(minute),
                to: t(minute + 1),
                series: vec![edge(1.0), edge(2.0)],
                message: None,
            };
            store.fold(&board, Update::Metrics(MetricBatch { at: t(2), results: vec![result] }));
        }
        let edges = &store.series(&query).expect("the band").series;
        assert_eq!(edges.iter().map(|edge| edge.points.len()).collect::<Vec<_>>(), [2, 2]);
    }

    #[test]
    fn series_of_one_query_are_kept_apart() {
        let board = crate::board::preset("token-provisioning").expect("the preset");
        let mut store = Store::default();
        fold(&mut store, &board, t(120), &[("band", &[(0, 9.0)]), ("band", &[(0, 1.0)])]);
        fold(&mut store, &board, t(180), &[("band", &[(60, 8.0)]), ("band", &[(60, 2.0)])]);
        assert_eq!(known(&store), [("band", vec![9.0, 8.0]), ("band", vec![1.0, 2.0])]);

        let mut store = Store::default();
        fold(&mut store, &board, t(120), &[("last 9", &[(0, 9.0)])]);
        fold(&mut store, &board, t(180), &[("last 8", &[(60, 8.0)])]);
        assert_eq!(known(&store), [("last 8", vec![9.0, 8.0])]);
    }

    #[test]
    fn what_nobody_asks_is_no_problem_until_it_fails_again() {
        use super::health::ErrorKind;
        let mut store = Store::default();
        let operation = String::new();
        let error =
            SourceError { kind: ErrorKind::Server, operation, message: String::new(), at: t(1), retry_in: None };
        for source in [SourceId::Metrics, SourceId::Trace] {
            store.fail(source, &error);
            store.rest(source);
        }
        assert_eq!(store.problems().count(), 0);
        assert_eq!(*store.health(SourceId::Trace), Health::Waiting, "the next trace is another one");
        store.fail(SourceId::Metrics, &SourceError { at: t(9), ..error });
        let since = store.problems().next().and_then(|(_, health)| health.trouble()).map(|(_, since)| since);
        assert_eq!(since, Some(t(1)), "it has failed since the first time");
    }

    #[test]
    fn datapoints_older_than_cloudwatch_keeps_them_are_dropped() {
        let board = crate::board::preset("token-provisioning").expect("the preset");
        let mut store = Store::default();
        fold(&mut store, &board, t(120), &[("m", &[(0, 9.0), (60, 8.0)])]);
        fold(&mut store, &board, t(60 + 15 * 86_400), &[("m", &[(120, 7.0)])]);
        assert_eq!(known(&store), [("m", vec![8.0, 7.0])]);
    }
}
