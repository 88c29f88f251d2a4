//! One file a pane: its state, its view as plain data, its drawing.

use chrono::{DateTime, FixedOffset, Local};
use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::analysis::math::MathError;
use crate::app::action::Action;
use crate::app::effect::{Effects, Subscription};
use crate::app::scans::Wish;
use crate::board::Board;
use crate::clock::Time;
use crate::store::Store;
use crate::store::episode::Signal;
use crate::store::graph::ServiceKey;
use crate::store::series::MetricQuery;
use crate::store::window::Window;
use crate::widgets::theme::Theme;

pub mod alarm;
pub mod alarms;
pub mod breakdown;
pub mod cards;
pub mod changes;
pub mod charts;
pub mod chrome;
pub mod cursor;
mod editor;
pub mod exported;
pub mod feed;
mod fit;
pub mod history;
#[cfg(test)]
pub(crate) mod incident;
pub mod inquiry;
pub mod investigate;
pub mod logs;
pub mod look;
pub mod matches;
pub mod metric;
pub mod metrics;
pub mod note;
mod picker;
pub mod plot;
pub mod query_plot;
pub mod request;
pub mod rule;
pub mod service;
pub mod services;
pub mod split;
#[cfg(test)]
pub(crate) mod testing;
pub mod traces;
pub mod trend;
mod verdict;
pub mod ways;
pub mod words;

pub use exported::Exported;
pub use note::source_note;

/// What a pane may look at while it reacts and draws.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    /// All that is known; a frozen screen is given a frozen store.
    pub store: &'a Store,
    /// What is watched.
    pub board: &'a Board,
    /// How things look.
    pub theme: &'a Theme,
    /// The present.
    pub now: Time,
    /// The window on screen.
    pub window: Window,
    /// In which zone times are written.
    pub zone: Zone,
    /// Whether this pane has the focus.
    pub focused: bool,
    /// While the screen is frozen: how many feed events have come since.
    pub frozen: Option<u64>,
}

/// The zone in which times are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Zone {
    /// UTC.
    #[default]
    Utc,
    /// The zone of the machine.
    Local,
}

impl Zone {
    /// A time in this zone.
    pub fn at(self, time: Time) -> DateTime<FixedOffset> {
        match self {
            Self::Utc => time.fixed_offset(),
            Self::Local => time.with_timezone(&Local).fixed_offset(),
        }
    }

    /// Its name beside a time.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utc => "UTC",
            Self::Local => "local",
        }
    }
}

/// Something that can be opened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// A card's metric, by card id.
    Card(String),
    /// A chart, by chart id.
    Chart(String),
    /// A metric or an expression that need not be on the board.
    Metric(Box<MetricQuery>),
    /// A metric split by one of its dimensions.
    Split(Box<MetricQuery>),
    /// An alarm, by name.
    Alarm(String),
    /// A local rule, by id.
    Rule(String),
    /// A request of the feed, by request id.
    Request(String),
    /// Requests of the feed, by a filter.
    Requests(feed::Given),
    /// A service.
    Service(ServiceKey),
    /// The calls from one service to another.
    Edge(ServiceKey, ServiceKey),
    /// The requests by their fields, and what the failures have in common.
    Breakdown(breakdown::Breakdown),
    /// The log lines behind an alarm or a metric.
    Matches(inquiry::About),
    /// The traces behind an alarm or a metric.
    Traces(inquiry::About),
    /// The traces that a filter expression takes.
    TraceSearch(traces::Search),
    /// What was changed, seen from when something began.
    Changes(Option<inquiry::About>),
    /// A trace, by id.
    Trace(String),
    /// A segment of a trace, by the ids of both.
    Segment {
        /// The trace's.
        trace: String,
        /// The segment's.
        segment: String,
    },
    /// A Logs Insights query, with its groups.
    Query(logs::Question),
    /// The story of identifiers, apart by blanks.
    Find(String),
}

/// What a pane can ask the user to type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Metric math, a search, SQL or a metric's reference.
    Expression,
    /// A statistic.
    Statistic,
    /// A period.
    Period,
    /// An identifier to investigate.
    Identifier,
    /// Columns of the feed.
    Columns,
}

/// What came of an action.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Reaction {
    /// The pane has no use for it; the next one may.
    #[default]
    Ignored,
    /// The pane's own state changed.
    Handled,
    /// Opens something, one level down.
    Open(Target),
    /// Moves the window on screen.
    Window(Window),
    /// Opens something, one level down, and moves the window on screen to when it happened.
    OpenIn(Target, Window),
    /// Wants something done.
    Do(Effects),
}

/// A pane that stands on a screen, and how it is made.
pub struct PaneRow {
    /// Its id, as screens name it.
    pub id: &'static str,
    /// Makes one for a screen of several panes.
    pub small: fn() -> Box<dyn Pane>,
    /// Makes one that has the screen to itself.
    pub full: fn() -> Box<dyn Pane>,
}

/// Every pane that stands on a screen.
pub const PANES: &[PaneRow] = &[
    PaneRow { id: "cards", small: || Box::new(cards::Cards::new()), full: || Box::new(cards::Cards::new()) },
    PaneRow { id: "trend", small: || Box::new(trend::Trend::new()), full: || Box::new(trend::Trend::new()) },
    PaneRow { id: "charts", small: || Box::new(charts::Charts::new()), full: || Box::new(charts::Charts::new()) },
    PaneRow { id: "history", small: || Box::new(history::History::new()), full: || Box::new(history::History::new()) },
    PaneRow {
        id: "traces",
        small: || Box::new(traces::TracesPane::default()),
        full: || Box::new(traces::TracesPane::default()),
    },
    PaneRow { id: "logs", small: || Box::new(logs::Logs::new()), full: || Box::new(logs::Logs::new()) },
    PaneRow {
        id: "investigate",
        small: || Box::new(investigate::Investigations::new()),
        full: || Box::new(investigate::Investigations::new()),
    },
    PaneRow { id: "alarms", small: || Box::new(alarms::Alarms::new()), full: || Box::new(alarms::Alarms::new()) },
    PaneRow { id: "metrics", small: || Box::new(metrics::Metrics::new()), full: || Box::new(metrics::Metrics::new()) },
    PaneRow {
        id: "feed",
        small: || Box::new(feed::Feed::new(feed::Extent::Small)),
        full: || Box::new(feed::Feed::new(feed::Extent::Full)),
    },
    PaneRow {
        id: "map",
        small: || Box::new(services::ServiceScreen::new()),
        full: || Box::new(services::ServiceScreen::new()),
    },
    PaneRow {
        id: "services",
        small: || Box::new(services::Services::new()),
        full: || Box::new(services::Services::new()),
    },
];

/// The pane that shows a target, one level down.
pub fn detail(target: &Target) -> Box<dyn Pane> {
    match target {
        Target::Card(id) => Box::new(metric::MetricPane::new(metric::Subject::Card(id.clone()))),
        Target::Chart(id) => Box::new(metric::MetricPane::new(metric::Subject::Chart(id.clone()))),
        Target::Metric(query) => Box::new(metric::MetricPane::new(metric::Subject::Query(query.clone()))),
        Target::Split(query) => Box::new(split::SplitPane::new((**query).clone())),
        Target::Alarm(name) => Box::new(alarm::AlarmPane::new(name.clone())),
        Target::Rule(id) => Box::new(rule::RulePane::new(id.clone())),
        Target::Request(id) => Box::new(request::RequestDetail::new(id.clone())),
        Target::Requests(given) => Box::new(feed::Feed::of(given.clone())),
        Target::Breakdown(of) => Box::new(breakdown::BreakdownPane::new(of.clone())),
        Target::Service(key) => Box::new(service::ServiceDetail::new(key.clone())),
        Target::Edge(from, to) => Box::new(service::ServiceDetail::edge(from.clone(), to.clone())),
        Target::Matches(about) => Box::new(matches::MatchesPane::new(about.clone())),
        Target::Traces(about) => Box::new(traces::TracesPane::new(about.clone())),
        Target::TraceSearch(search) => Box::new(traces::TracesPane::search(search)),
        Target::Changes(about) => Box::new(changes::ChangesPane::new(about.clone())),
        Target::Query(question) => Box::new(logs::Logs::of(question)),
        Target::Find(text) => Box::new(investigate::StoryPane::new(text)),
        Target::Trace(id) => Box::new(request::RequestDetail::of_trace(id.clone())),
        Target::Segment { trace, segment } => Box::new(request::RequestDetail::of_segment(trace, segment)),
    }
}

/// A part of the screen.
pub trait Pane {
    /// Its title, without the state of its source.
    fn title(&self, cx: &Cx<'_>) -> String;

    /// What it needs kept up to date while it is visible.
    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription>;

    /// Reacts to an action.
    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction;

    /// Draws itself, frame included.
    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>);

    /// What it needs even while it is not visible: what was started by hand and is not done.
    fn lasting(&self, _cx: &Cx<'_>) -> Vec<Subscription> {
        Vec::new()
    }

    /// Whether keys are text at present, which goes to [`Pane::on_key`].
    fn takes_keys(&self) -> bool {
        false
    }

    /// Takes a key as text.
    fn on_key(&mut self, _key: KeyEvent, _cx: &Cx<'_>) {}

    /// Takes a paste.
    fn on_paste(&mut self, _text: &str, _cx: &Cx<'_>) {}

    /// Takes a target that it can show itself, without a level of its own; `false` where it cannot.
    fn accepts(&mut self, _target: &Target) -> bool {
        false
    }

    /// The target that it shows, where it is no detail or shows another one by now.
    fn here(&self, _cx: &Cx<'_>) -> Option<Target> {
        None
    }

    /// From when until when what it shows is, where that is not the window on screen.
    fn span(&self, _cx: &Cx<'_>) -> Option<(Time, Time)> {
        None
    }

    /// Whether it has a filter that can be typed; returns the present one.
    fn filter(&self) -> Option<&str> {
        None
    }

    /// The filter that it was opened with, to which `back` returns; `None` where that is no filter.
    fn own_filter(&self) -> Option<&str> {
        None
    }

    /// Why what it shows stays where it is when the window on screen moves; `None` where it goes with it.
    fn stands_still(&self, _cx: &Cx<'_>) -> Option<String> {
        None
    }

    /// Whether the filter that was typed last cannot be read; what it showed before goes on then.
    fn is_filter_wrong(&self) -> bool {
        false
    }

    /// Takes a filter as it is typed.
    fn set_filter(&mut self, _text: &str, _cx: &Cx<'_>) {}

    /// Puts its cursor on an instant, which is in the window; `false` where it has no time axis.
    fn jump(&mut self, _at: Time, _cx: &Cx<'_>) -> bool {
        false
    }

    /// What stands in the prompt for this at first; `None` where the pane has no use for it.
    fn prompt(&self, _ask: Ask, _cx: &Cx<'_>) -> Option<String> {
        None
    }

    /// What can be chosen in the prompt for this, each with what it is, beside what can be chosen everywhere.
    fn choices(&self, _ask: Ask, _cx: &Cx<'_>) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Takes what was typed into a prompt, or says what is wrong with it, and at which byte.
    fn answer(&mut self, _ask: Ask, _text: &str, _cx: &Cx<'_>) -> Result<(), MathError> {
        Ok(())
    }

    /// Why an action does nothing here, where the pane knows.
    fn refusal(&self, _action: Action, _cx: &Cx<'_>) -> Option<String> {
        None
    }

    /// The lines of the feed that it looks for, where it reaches further than the rows.
    fn wish(&self, _cx: &Cx<'_>) -> Option<Wish<'_>> {
        None
    }

    /// The keys that matter where its cursor is, with a word each, the most useful first; `None` leaves that to the
    /// screen.
    fn hints(&self) -> Option<&'static [(Action, &'static str)]> {
        None
    }

    /// Whether an action of these keys has a use at present.
    fn offers(&self, _action: Action) -> bool {
        true
    }

    /// What an action does here, where that is something else than elsewhere: a sentence for help and palette.
    fn sentence(&self, _action: Action) -> Option<&'static str> {
        None
    }

    /// The keys of what is typed here, with a sentence each, for help.
    fn typing_keys(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// The alarm or rule under the cursor, by name or id: what an acknowledgement is about.
    fn subject(&self, _cx: &Cx<'_>) -> Option<(Signal, String)> {
        None
    }

    /// The value under the cursor that `investigate` looks for; `None`, or what is no single word, lets the user type one.
    fn identifier(&self, _cx: &Cx<'_>) -> Option<String> {
        None
    }

    /// The text that `copy` copies: the row or value under the cursor, already masked.
    fn copied(&self, _cx: &Cx<'_>) -> Option<String> {
        None
    }

    /// All rows that its filter lets through, for `export`; `None` where it has none.
    fn exported(&self, _cx: &Cx<'_>) -> Option<Exported> {
        None
    }
}
