//! What the program wants done: values that `update` returns and the Runner carries out.

use std::collections::BTreeSet;
use std::time::Duration;

use super::notify::Notification;
use super::scans::Scan;
use crate::export::Job;
use crate::store::alarm::Alarm;
use crate::store::catalogue::CatalogueScope;
use crate::store::counts::CountQuery;
use crate::store::episode::Entry;
use crate::store::graph::TrendQuery;
use crate::store::health::SourceId;
use crate::store::logbook::{Asked, LogAsk};
use crate::store::matches::LineQuery;
use crate::store::rows::LogQuery;
use crate::store::series::MetricQuery;
use crate::store::story::StoryQuery;
use crate::store::trace_list::TraceQuery;
use crate::store::window::{Shift, Window};

/// Something to do outside the loop.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Replaces all that the sources should keep up to date. What is no longer in it is cancelled.
    Watch(Watch),
    /// Asks a source again now.
    Refresh(SourceId),
    /// Keeps an episode or an acknowledgement; `update` has put it into the store already.
    Remember(Entry),
    /// Keeps a Logs Insights query that was run; `update` has put it into the store already.
    Note(Asked),
    /// Forgets what Logs Insights queries have found, so that they can be asked anew and take no room; `update` does it.
    Forget(Vec<LogQuery>),
    /// Looks for lines of the feed that pass a filter; a scan that is under way stops.
    Scan(Box<Scan>),
    /// Stops the scan that is under way.
    StopScan,
    /// Puts text on the clipboard of the terminal (OSC 52).
    Copy(String),
    /// Writes rows or the screen to a file, or readies them for the clipboard.
    Export(Box<Job>),
    /// Tells the user outside the screen that something fires or is over: bell, desktop, command.
    Notify(Box<Notification>),
    /// Stops the process until it is continued.
    Suspend,
    /// Paints the whole screen again.
    Redraw,
    /// Ends the program.
    Quit,
}

/// Effects in the order in which they are carried out.
pub type Effects = Vec<Effect>;

/// The whole of what the sources should keep up to date.
#[derive(Debug, Clone, PartialEq)]
pub struct Watch {
    /// The window on screen.
    pub window: Window,
    /// What visible panes ask for.
    pub wanted: BTreeSet<Subscription>,
}

/// One thing to keep up to date while somebody looks at it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subscription {
    /// Datapoints of a query over the window, and over an earlier one that it is compared with.
    ///
    /// A pane that compares with several earlier windows has a subscription for each.
    Metric {
        /// The query, with the period that suits the window (see [`crate::store::period`]).
        query: MetricQuery,
        /// The earlier window that is wanted too.
        compare: Option<Shift>,
    },
    /// Which metrics there are.
    Catalogue(CatalogueScope),
    /// Datapoints of a query over the last `span`, whatever window is on screen: what local rules stand on.
    Recent {
        /// The query.
        query: MetricQuery,
        /// How far back, from the present.
        span: Duration,
    },
    /// Times of log events that local rules count.
    Counts(CountQuery),
    /// All alarms.
    Alarms,
    /// The history of one alarm.
    AlarmHistory(String),
    /// The changes of state of all alarms before the console started.
    Transitions,
    /// The relatives, contributors and mute rules of one alarm.
    AlarmDetail(AlarmRef),
    /// The tags of one alarm.
    AlarmTags(AlarmRef),
    /// The request feed.
    Feed,
    /// The lines that carry this value, in the board's feed groups, over the window.
    Lines(String),
    /// The metric filters that feed a metric, whatever its dimensions.
    MetricFilters {
        /// The metric's namespace.
        namespace: String,
        /// The metric's name.
        name: String,
    },
    /// The lines that match a filter pattern in a stretch of time.
    Matches(LineQuery),
    /// What CloudTrail saw being changed over the window.
    Changes,
    /// The rows that a Logs Insights query finds; over the window, where the query names no span of its own.
    Logs(LogQuery),
    /// Log groups, saved queries, fields, a whole record.
    Logbook(LogAsk),
    /// Everything about identifiers.
    Story(StoryQuery),
    /// The service graph over the window.
    Services,
    /// The service graph over the window before, which the one on screen is compared with.
    ServicesBefore,
    /// The statistics over time of a service or an edge, over the window.
    ServiceTrend(TrendQuery),
    /// The same over the last `span`, whatever window is on screen: what local rules stand on.
    FollowedService {
        /// The query.
        query: TrendQuery,
        /// How far back, from the present.
        span: Duration,
    },
    /// One trace.
    Trace(String),
    /// The traces that a filter expression takes.
    TraceSummaries(TraceQuery),
    /// X-Ray's groups.
    TraceGroups,
}

/// An alarm, and what has to be known of it to ask about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AlarmRef {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// The alarms that its rule names, of a composite.
    pub children: Vec<String>,
    /// Whether it watches several time series.
    pub contributors: bool,
}

impl AlarmRef {
    /// The reference to an alarm.
    pub fn to(alarm: &Alarm) -> Self {
        Self {
            name: alarm.name.clone(),
            arn: alarm.setup.arn.clone(),
            children: alarm.children().to_vec(),
            contributors: alarm.has_contributors(),
        }
    }
}

impl Subscription {
    /// The source that serves it.
    pub const fn source(&self) -> SourceId {
        match self {
            Self::Metric { .. } | Self::Recent { .. } => SourceId::Metrics,
            Self::Catalogue(_) => SourceId::Catalogue,
            Self::Counts(_) => SourceId::Counts,
            Self::Alarms => SourceId::Alarms,
            Self::AlarmHistory(_) => SourceId::AlarmHistory,
            Self::Transitions => SourceId::Transitions,
            Self::AlarmDetail(_) => SourceId::AlarmDetail,
            Self::AlarmTags(_) => SourceId::AlarmTags,
            Self::Feed => SourceId::Poll,
            Self::Lines(_) => SourceId::Lines,
            Self::MetricFilters { .. } => SourceId::MetricFilters,
            Self::Matches(_) => SourceId::Matches,
            Self::Changes => SourceId::Changes,
            Self::Logs(_) => SourceId::Rows,
            Self::Logbook(ask) => ask.source(),
            Self::Story(_) => SourceId::Story,
            Self::Services => SourceId::Services,
            Self::ServicesBefore => SourceId::ServicesBefore,
            Self::ServiceTrend(_) => SourceId::ServiceTrend,
            Self::FollowedService { .. } => SourceId::ServiceRules,
            Self::Trace(_) => SourceId::Trace,
            Self::TraceSummaries(_) => SourceId::TraceSummaries,
            Self::TraceGroups => SourceId::TraceGroups,
        }
    }
}
