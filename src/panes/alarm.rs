//! One alarm: its metric against its threshold, why it is in its state, and what happened before.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::alarms::AlarmRow;
use super::cursor::{Cursor, Scope};
use super::inquiry::About;
use super::{Cx, Exported, Pane, Reaction, exported, matches as lines_behind};
use crate::analysis::alarm::Look;
use crate::app::action::Action;
use crate::app::effect::{AlarmRef, Subscription};
use crate::store::alarm::{Alarm, AlarmKind, AlarmState};
use crate::store::episode::Signal;
use crate::store::health::{Health, SourceId};
use crate::text::clean;
use crate::widgets::chart::{Chart, Reading};
use crate::widgets::list::ListState;

mod action;
mod draw;
mod facts;
pub(super) mod graph;
pub mod links;
mod next;
mod ribbon;
mod rule_lines;
mod tree;
mod words;

pub use facts::{Fact, HistoryRow};
pub use next::{NextRow, Step};
pub use ribbon::states;
pub use tree::RuleLine;
pub use words::Said;

/// One alarm, large. Enter goes on where the cursor stands: to the log lines behind it, at first.
///
/// ```text
/// ┌ HighFailureRate ──────────────────────────────────── stale 40s · throttled ┐
/// │ ▲ ALARM since 10:20:00, 8m   14.6 > 5 %                                    │
/// │ Threshold Crossed: 2 out of the last 2 datapoints were greater than the …  │
/// │ ▸ 1,000+ log lines  { $.event = "TOKEN_PROVISION_FAILURE" }                │
/// │   traces with faults  service("TokenProvisioningService") { fault = true } │
/// │   1 change until it began  UpdateFunctionCode by deployer, 3m before       │
/// │ 10%┤                                                          ⢸⠉⠉⠉⠉⠉⠉⠉⠉⠉   │
/// │  5%┤> 5 %╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌⡇            │
/// │   0┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡇            │
/// │    └┬─────────────┬─────────────┬─────────────┬─────────────┬─────────     │
/// │breach                                                       ✗ ├✗─✗┤       │
/// │     ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁████████     │
/// │ evaluated  2 of 2 breached: 10:15 14.5 % ✗ · 10:20 14.6 % ✗                │
/// │ condition  > 5 % in 2 of 2 periods of 300 s · missing data: missing        │
/// │ actions    in ALARM: notify SNS topic token-alerts                         │
/// │ Links                                                                      │
/// │ console    https://us-east-1.console.aws.amazon.com/cloudwatch/home?…      │
/// │ History                                                                    │
/// │ 10:20:00 StateUpdate  OK → ALARM                                           │
/// └────────────────────────────────────────────────────────────────────────────┘
/// ```
///
/// Under the chart stand the datapoints that breach (`✗`), around them the periods that the alarm evaluates (`├──┤`), and
/// the alarm's states. A composite has its rule as a tree there, and the chart of the alarm under the cursor.
///
/// A small screen has no room for all of it. The action that goes to the next pane shows everything in words, which scroll.
#[derive(Debug)]
pub struct AlarmPane {
    name: String,
    cursor: Cursor,
    next: ListState<Step>,
    /// Whether the way on was chosen: until then it is the first that leads somewhere.
    is_chosen: bool,
    scroll: usize,
    /// Whether everything is shown in words instead of the chart, and from which line on.
    in_words: bool,
    top: usize,
}

/// What an alarm pane shows.
#[derive(Debug)]
pub struct AlarmView<'a> {
    /// The alarm in one row: state, value against threshold, age, reason.
    pub row: AlarmRow,
    /// How it is evaluated, what it watches, what it does.
    pub facts: Vec<Fact>,
    /// Where one can go from here, children aside.
    pub next: Vec<NextRow>,
    /// The resource behind it, its logs, the web console.
    pub links: Vec<Fact>,
    /// A metric alarm's metric against its threshold or band; a composite's is that of the alarm under the cursor.
    pub chart: Option<Chart<'a>>,
    /// The alarm whose chart it is, where that is another one.
    pub charted: Option<String>,
    /// The evaluation of what is charted.
    pub look: Option<Look>,
    /// The values under the cursor.
    pub reading: Option<Reading>,
    /// A composite's rule, or a log alarm's query.
    pub rule: Option<String>,
    /// A composite's rule as a tree; empty for one that can't be read.
    pub tree: Vec<RuleLine>,
    /// What happened, newest first.
    pub history: Vec<HistoryRow>,
    /// What is said where there is no history.
    pub no_history: &'static str,
}

impl AlarmPane {
    /// A pane on the alarm of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            cursor: Cursor::default(),
            next: ListState::new(),
            is_chosen: false,
            scroll: 0,
            in_words: false,
            top: 0,
        }
    }

    /// What is shown, with sparklines of so many cells; `None` while no alarm of this name is known.
    pub fn view<'a>(&self, cx: &Cx<'a>, cells: usize) -> Option<AlarmView<'a>> {
        let alarm = cx.store.alarm(&self.name)?;
        let charted = self.charted(alarm, cx);
        let metric = charted.and_then(Alarm::metric);
        let chart = charted.zip(metric).map(|(of, metric)| graph::chart(of, metric, cx, self.cursor));
        let look = metric.and_then(|metric| graph::evaluation(metric, cx));
        let feed = cx.store.histories.get(&self.name);
        Some(AlarmView {
            row: AlarmRow::new(alarm, "", cx, cells),
            facts: facts::facts(alarm, look.as_ref().filter(|_| alarm.metric().is_some()), cx),
            next: next::rows(self, cx),
            links: links::links(alarm),
            reading: chart.as_ref().and_then(Chart::reading),
            chart,
            charted: charted.filter(|of| of.name != alarm.name).map(|of| clean(&of.name).into_owned()),
            look,
            rule: match &alarm.kind {
                AlarmKind::Composite { rule, .. } => Some(clean(rule).into_owned()),
                AlarmKind::Logs(logs) => Some(clean(&logs.query).into_owned()),
                AlarmKind::Metric(_) => None,
            },
            tree: tree::lines(alarm, cx, cells).unwrap_or_default(),
            history: feed.map(|feed| facts::history(&feed.data, cx)).unwrap_or_default(),
            no_history: match (feed, cx.store.health(SourceId::AlarmHistory)) {
                (Some(_), _) => "nothing in the last 30 days",
                (None, Health::Failed { .. } | Health::Stale { .. }) => "no answer yet",
                (None, Health::Waiting | Health::Live { .. }) => "waiting for the first answer",
            },
        })
    }

    /// The metric alarm that is charted: the alarm itself; of a composite the one under the cursor.
    fn charted<'a>(&self, alarm: &'a Alarm, cx: &Cx<'a>) -> Option<&'a Alarm> {
        if alarm.metric().is_some() {
            return Some(alarm);
        }
        let chosen = self.next.key().and_then(Step::child).cloned();
        let names = chosen.map_or_else(|| relatives(alarm, cx), |name| vec![name]);
        let mut metrics = names.iter().filter_map(|name| cx.store.alarm(name)).filter(|one| one.metric().is_some());
        // Without a choice, a child that fires tells more than one that does not.
        let first = metrics.clone().next();
        metrics.find(|one| one.state == AlarmState::Alarm).or(first)
    }

    /// The states of `columns` equal parts of the window, the worst in each; `None` where unknown.
    pub fn ribbon(&self, cx: &Cx<'_>, scope: Scope, columns: u16) -> Vec<Option<AlarmState>> {
        let Some(alarm) = cx.store.alarm(&self.name) else { return Vec::new() };
        let events = cx.store.histories.get(&self.name).map_or(&[][..], |feed| &feed.data);
        states(alarm, events, (scope.from, scope.to), cx.now, columns)
    }

    /// Puts the cursor on the first way that leads somewhere, until it is moved.
    fn choose(&mut self, cx: &Cx<'_>) {
        if !self.is_chosen {
            self.next.select(next::first(self, cx));
        }
        self.next.sync(&next::steps(self, cx));
    }

    fn scope(&self, cx: &Cx<'_>) -> Scope {
        let charted = cx.store.alarm(&self.name).and_then(|alarm| self.charted(alarm, cx));
        let period = charted.and_then(Alarm::metric).map_or(60, |metric| metric.query.period_s.max(1));
        Scope::new(cx.window, cx.now, i64::from(period))
    }

    /// What is wrong with the sources of this pane: the first that is not well.
    fn health<'a>(&self, cx: &Cx<'a>) -> &'a Health {
        let sources = [SourceId::Alarms, SourceId::Metrics, SourceId::AlarmHistory, SourceId::AlarmDetail];
        let alarms = &cx.store.alarms.health;
        if alarms.trouble().is_some() || cx.store.alarm(&self.name).is_none() {
            return alarms;
        }
        sources.iter().map(|id| cx.store.health(*id)).find(|health| health.trouble().is_some()).unwrap_or(alarms)
    }

    fn child_names(&self, cx: &Cx<'_>) -> Vec<String> {
        cx.store.alarm(&self.name).map(|alarm| relatives(alarm, cx)).unwrap_or_default()
    }

    /// Scrolls the words.
    fn scroll_words(&mut self, action: Action) -> bool {
        self.top = match action {
            Action::Down => self.top.saturating_add(1),
            Action::Up => self.top.saturating_sub(1),
            Action::HalfPageDown | Action::PageDown => self.top.saturating_add(10),
            Action::HalfPageUp | Action::PageUp => self.top.saturating_sub(10),
            Action::Top => 0,
            Action::Bottom => usize::MAX,
            _ => return false,
        };
        true
    }

    fn scroll_history(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let last = cx.store.histories.get(&self.name).map_or(0, |feed| feed.data.len().saturating_sub(1));
        let to = match action {
            Action::HalfPageDown | Action::PageDown => self.scroll.saturating_add(10),
            Action::HalfPageUp | Action::PageUp => self.scroll.saturating_sub(10),
            _ => return Reaction::Ignored,
        };
        self.scroll = to.min(last);
        Reaction::Handled
    }
}

/// The alarms that a composite's cursor goes over: those of its rule, then its suppressor, as far as the board shows them.
fn relatives(alarm: &Alarm, cx: &Cx<'_>) -> Vec<String> {
    let suppressor = alarm.setup.suppression.as_ref().map(|suppression| &suppression.by);
    let mut names: Vec<String> = Vec::new();
    for name in alarm.children().iter().chain(suppressor) {
        if cx.store.alarm(name).is_some() && !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

impl Pane for AlarmPane {
    fn title(&self, _cx: &Cx<'_>) -> String {
        clean(&self.name).into_owned()
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let mut wanted = vec![Subscription::Alarms, Subscription::AlarmHistory(self.name.clone())];
        wanted.extend(lines_behind::wants(&About::Alarm(self.name.clone()), cx));
        if cx.board.changes.is_some() {
            wanted.push(Subscription::Changes);
        }
        let Some(alarm) = cx.store.alarm(&self.name) else { return wanted };
        wanted.push(Subscription::AlarmDetail(AlarmRef::to(alarm)));
        if !alarm.setup.arn.is_empty() && !cx.store.alarm_tags.contains_key(&alarm.name) {
            wanted.push(Subscription::AlarmTags(AlarmRef::to(alarm)));
        }
        let relatives = relatives(alarm, cx);
        let family = std::iter::once(alarm).chain(relatives.iter().filter_map(|name| cx.store.alarm(name)));
        for metric in family.filter_map(Alarm::metric) {
            for query in std::iter::once(&metric.query).chain(&metric.band) {
                wanted.push(Subscription::Metric { query: query.clone(), compare: None });
            }
        }
        wanted
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        self.choose(cx);
        let steps = next::steps(self, cx);
        if action == Action::Open {
            let row = self.next.sync(&steps);
            return row.map_or(Reaction::Ignored, |row| Reaction::Open(steps[row].target(&self.name, cx)));
        }
        if matches!(action, Action::NextPane | Action::PreviousPane) {
            self.in_words = !self.in_words;
            self.top = 0;
            return Reaction::Handled;
        }
        if self.in_words && self.scroll_words(action) {
            return Reaction::Handled;
        }
        if matches!(action, Action::Down | Action::Up) && self.next.on(action, &steps) {
            self.is_chosen = true;
            return Reaction::Handled;
        }
        match self.cursor.on(action, self.scope(cx), cx.window, cx.now) {
            Reaction::Ignored => self.scroll_history(action, cx),
            reaction => reaction,
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        self.choose(cx);
        if self.in_words
            && let Some(view) = self.view(cx, 0)
        {
            self.top = self.top.min(words::last_top(&view, area));
        }
        draw::draw(self, frame.buffer_mut(), area, cx);
    }

    fn subject(&self, _cx: &Cx<'_>) -> Option<(Signal, String)> {
        Some((Signal::Alarm, self.name.clone()))
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let view = self.view(cx, 0)?;
        Some(view.reading.map_or_else(|| view.row.sentence(), |reading| reading.line(cx.theme).to_string()))
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let events = &cx.store.histories.get(&self.name)?.data;
        Some(exported::events(&self.name, events, self.scroll))
    }
}

#[cfg(test)]
mod tests;
