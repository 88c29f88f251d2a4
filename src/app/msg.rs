//! What can happen to the program: every change of state is one of these.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::Event;

use super::effect::Watch;
use crate::clock::Time;
use crate::export::Outcome;
use crate::store::alarm::{Alarm, AlarmDetail, AlarmEvent, Transition};
use crate::store::catalogue::{CatalogueScope, Ending, MetricId};
use crate::store::change::Change;
use crate::store::cost::Spending;
use crate::store::counts::CountBatch;
use crate::store::episode::Entry;
use crate::store::found::FoundBatch;
use crate::store::graph::{ServiceGraph, Trend, TrendQuery};
use crate::store::health::{SourceError, SourceId};
use crate::store::log::{RequestLines, TailBatch};
use crate::store::logbook::{Asked, LogAnswer, LogAsk};
use crate::store::matches::{LineQuery, Matches, MetricFilter};
use crate::store::rows::{LogQuery, LogRows};
use crate::store::series::MetricBatch;
use crate::store::story::{Story, StoryQuery};
use crate::store::trace::Trace;
use crate::store::trace_list::{TraceGroup, TraceList, TraceQuery};

/// A message into the loop.
#[derive(Debug)]
pub enum Msg {
    /// A key, a paste, a resize, the mouse.
    Input(Event),
    /// News from a source.
    Feed(Update),
    /// A source's call failed.
    Failed(SourceId, SourceError),
    /// The clock moved on; sent once a second.
    Tick(Time),
    /// Something the Runner did, or could not do, to tell the user in one line.
    Notice(String),
    /// What came of an export.
    Exported(Outcome),
    /// The process was asked to end (SIGINT, SIGTERM, SIGHUP).
    Terminate,
}

/// News from a source. Each carries what it answers, so a late one is harmless.
#[derive(Debug, Clone, PartialEq)]
pub enum Update {
    /// Datapoints.
    Metrics(MetricBatch),
    /// A page of the list of metrics.
    Catalogue {
        /// When the page came.
        at: Time,
        /// Which metrics were asked for.
        scope: CatalogueScope,
        /// The metrics.
        page: Arc<[MetricId]>,
        /// Whether the list begins with it.
        first: bool,
        /// How far the list has come with it.
        ending: Ending,
    },
    /// All alarms, replacing what was known.
    Alarms {
        /// When the answer came.
        at: Time,
        /// The alarms, all pages.
        alarms: Vec<Alarm>,
    },
    /// An alarm's history, newest first.
    AlarmHistory {
        /// When the answer came.
        at: Time,
        /// The alarm's name.
        alarm: String,
        /// Its events.
        events: Vec<AlarmEvent>,
    },
    /// Changes of state of all alarms, oldest first; they become episodes.
    Transitions {
        /// When the answer came.
        at: Time,
        /// The changes.
        transitions: Vec<Transition>,
    },
    /// An alarm's relatives, contributors and mute rules.
    AlarmDetail {
        /// When the answer came.
        at: Time,
        /// The alarm's name.
        alarm: String,
        /// What there is to tell.
        detail: Box<AlarmDetail>,
    },
    /// An alarm's tags.
    AlarmTags {
        /// When the answer came.
        at: Time,
        /// The alarm's name.
        alarm: String,
        /// Keys and values.
        tags: Vec<(String, String)>,
    },
    /// Episodes and acknowledgements that the history has kept.
    History(Vec<Entry>),
    /// Why the history keeps nothing beyond this run; `None` once it does.
    HistoryTrouble(Option<String>),
    /// Feed events.
    Tail(TailBatch),
    /// The Live Tail session is up, or was renewed.
    TailUp {
        /// Since when.
        at: Time,
    },
    /// The lines of one request, by its correlation value.
    Lines {
        /// The value that was looked for.
        id: String,
        /// The lines.
        lines: RequestLines,
    },
    /// The metric filters that feed a metric.
    MetricFilters {
        /// When the answer came.
        at: Time,
        /// The metric's namespace.
        namespace: String,
        /// The metric's name.
        name: String,
        /// The filters, all pages.
        filters: Vec<MetricFilter>,
    },
    /// The lines that match a pattern, replacing what was known.
    Matches {
        /// When the answer came.
        at: Time,
        /// What was asked.
        query: LineQuery,
        /// The lines.
        matches: Matches,
    },
    /// What was changed, replacing what was known.
    Changes {
        /// When the answer came.
        at: Time,
        /// The changes, newest first.
        changes: Vec<Change>,
    },
    /// What a Logs Insights query has found so far, replacing what it had found before.
    Rows {
        /// The query.
        query: LogQuery,
        /// When the answer came.
        at: Time,
        /// The rows.
        rows: LogRows,
    },
    /// A Logs Insights query failed: which one, because each fails for its own reasons.
    RowsFailed {
        /// The query.
        query: LogQuery,
        /// Why.
        error: SourceError,
    },
    /// Log groups, saved queries, fields or a whole record.
    Logbook {
        /// When the answer came.
        at: Time,
        /// What was asked.
        ask: LogAsk,
        /// The answer.
        answer: LogAnswer,
    },
    /// Logs Insights queries that were run before, oldest first.
    Asked(Vec<Asked>),
    /// The story of identifiers as far as it is known, replacing what was known.
    Story {
        /// When it came.
        at: Time,
        /// What is investigated.
        query: StoryQuery,
        /// The story.
        story: Arc<Story>,
    },
    /// The service graph.
    Services {
        /// When the answer came.
        at: Time,
        /// The graph over the window that was asked for.
        graph: ServiceGraph,
    },
    /// The service graph over the window before.
    ServicesBefore {
        /// When the answer came.
        at: Time,
        /// The graph; without a window where X-Ray has not kept it.
        graph: ServiceGraph,
    },
    /// The statistics over time of a service or an edge.
    ServiceTrend {
        /// When the answer came.
        at: Time,
        /// What was asked.
        query: TrendQuery,
        /// Whether it was asked for local rules.
        followed: bool,
        /// Its periods.
        trend: Trend,
    },
    /// One trace; `None` where X-Ray does not have it.
    Trace {
        /// When the answer came.
        at: Time,
        /// The trace id that was asked for.
        id: String,
        /// The trace.
        trace: Option<Trace>,
    },
    /// Times of log events that rules count.
    Counts(CountBatch),
    /// Traces that a filter expression takes.
    TraceSummaries {
        /// When the answer came.
        at: Time,
        /// What was asked.
        query: TraceQuery,
        /// The traces.
        list: TraceList,
    },
    /// X-Ray's groups.
    TraceGroups {
        /// When the answer came.
        at: Time,
        /// The groups.
        groups: Vec<TraceGroup>,
    },
    /// Lines of the feed that pass the filter in front.
    Found(FoundBatch),
    /// What the calls so far have cost.
    Spent(Spending),
    /// All that a watch wants has been answered; sent only by a poller that answers once.
    Settled {
        /// The watch: by the time that this arrives, the console may want something else already.
        watch: Box<Watch>,
        /// How long that took.
        took: Duration,
    },
}
