//! One alarm: its metric against its threshold, why it is in its state, and what happened before.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::alarms::AlarmRow;
use super::cursor::{Cursor, Scope};
use super::{Cx, Pane, Reaction, Target};
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::store::alarm::{Alarm, AlarmKind, AlarmState};
use crate::store::episode::Signal;
use crate::store::health::{Health, SourceId};
use crate::text::clean;
use crate::widgets::chart::{Chart, Reading};
use crate::widgets::list::ListState;

mod draw;
mod facts;
pub(super) mod graph;
mod ribbon;

pub use facts::{Fact, HistoryRow};
pub use ribbon::states;

/// One alarm, large. Enter on a composite opens the child under the cursor.
///
/// ```text
/// ┌ HighFailureRate ──────────────────────────────────── stale 40s · throttled ┐
/// │ ▲ ALARM since 10:20:00, 8m   14.6 > 5 %                                    │
/// │ Threshold Crossed: 2 out of the last 2 datapoints were greater than the …  │
/// │ 10%┤                                                          ⢸⠉⠉⠉⠉⠉⠉⠉⠉⠉   │
/// │  5%┤> 5 %╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌⡇            │
/// │   0┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡇            │
/// │    └┬─────────────┬─────────────┬─────────────┬─────────────┬─────────     │
/// │     ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁████████     │
/// │ condition  > 5 % in 2 of 2 periods of 300 s, missing data: missing         │
/// │ History                                                                    │
/// │ 10:20:00 StateUpdate  OK → ALARM                                           │
/// └────────────────────────────────────────────────────────────────────────────┘
/// ```
#[derive(Debug)]
pub struct AlarmPane {
    name: String,
    cursor: Cursor,
    children: ListState<String>,
    scroll: usize,
}

/// What an alarm pane shows.
#[derive(Debug)]
pub struct AlarmView<'a> {
    /// The alarm in one row: state, value against threshold, age, reason.
    pub row: AlarmRow,
    /// How it is evaluated, what it watches, what it does.
    pub facts: Vec<Fact>,
    /// A metric alarm's metric against its threshold or band.
    pub chart: Option<Chart<'a>>,
    /// The values under the cursor.
    pub reading: Option<Reading>,
    /// A composite's rule.
    pub rule: Option<String>,
    /// A composite's children, as far as they are shown on this board.
    pub children: Vec<AlarmRow>,
    /// Names of children that the board does not show or that do not exist.
    pub unknown: Vec<String>,
    /// What happened, newest first.
    pub history: Vec<HistoryRow>,
    /// What is said where there is no history.
    pub no_history: &'static str,
}

impl AlarmPane {
    /// A pane on the alarm of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), cursor: Cursor::default(), children: ListState::new(), scroll: 0 }
    }

    /// What is shown, with sparklines of so many cells; `None` while no alarm of this name is known.
    pub fn view<'a>(&self, cx: &Cx<'a>, cells: usize) -> Option<AlarmView<'a>> {
        let alarm = cx.store.alarm(&self.name)?;
        let chart = alarm.metric().map(|metric| graph::chart(alarm, metric, cx, self.cursor));
        let (known, unknown): (Vec<&String>, Vec<&String>) =
            alarm.children().iter().partition(|name| cx.store.alarm(name).is_some());
        let feed = cx.store.histories.get(&self.name);
        let row = |alarm: &Alarm| AlarmRow::new(alarm, "", cx, cells);
        Some(AlarmView {
            row: row(alarm),
            facts: facts::facts(alarm, cx),
            reading: chart.as_ref().and_then(Chart::reading),
            chart,
            rule: match &alarm.kind {
                AlarmKind::Composite { rule, .. } => Some(clean(rule).into_owned()),
                AlarmKind::Logs(logs) => Some(clean(&logs.query).into_owned()),
                AlarmKind::Metric(_) => None,
            },
            children: known.into_iter().filter_map(|name| cx.store.alarm(name)).map(row).collect(),
            unknown: unknown.into_iter().map(|name| clean(name).into_owned()).collect(),
            history: feed.map(|feed| facts::history(&feed.data, cx)).unwrap_or_default(),
            no_history: match (feed, cx.store.health(SourceId::AlarmHistory)) {
                (Some(_), _) => "nothing in the last 14 days",
                (None, Health::Failed { .. } | Health::Stale { .. }) => "no answer yet",
                (None, Health::Waiting | Health::Live { .. }) => "waiting for the first answer",
            },
        })
    }

    /// The states of `columns` equal parts of the window, the worst in each; `None` where unknown.
    pub fn ribbon(&self, cx: &Cx<'_>, scope: Scope, columns: u16) -> Vec<Option<AlarmState>> {
        let Some(alarm) = cx.store.alarm(&self.name) else { return Vec::new() };
        let events = cx.store.histories.get(&self.name).map_or(&[][..], |feed| &feed.data);
        states(alarm, events, (scope.from, scope.to), cx.now, columns)
    }

    fn scope(&self, cx: &Cx<'_>) -> Scope {
        let period = cx
            .store
            .alarm(&self.name)
            .and_then(|alarm| alarm.metric())
            .map_or(60, |metric| metric.query.period_s.max(1));
        Scope::new(cx.window, cx.now, i64::from(period))
    }

    /// What is wrong with the sources of this pane: the first that is not well.
    fn health<'a>(&self, cx: &Cx<'a>) -> &'a Health {
        let sources = [SourceId::Alarms, SourceId::Metrics, SourceId::AlarmHistory];
        let alarms = &cx.store.alarms.health;
        if alarms.trouble().is_some() || cx.store.alarm(&self.name).is_none() {
            return alarms;
        }
        sources.iter().map(|id| cx.store.health(*id)).find(|health| health.trouble().is_some()).unwrap_or(alarms)
    }

    fn child_names(&self, cx: &Cx<'_>) -> Vec<String> {
        let alarm = cx.store.alarm(&self.name);
        let names = alarm.map_or(&[][..], Alarm::children).iter();
        names.filter(|name| cx.store.alarm(name).is_some()).cloned().collect()
    }

    fn scroll_history(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let last = cx.store.histories.get(&self.name).map_or(0, |feed| feed.data.len().saturating_sub(1));
        let to = match action {
            Action::Down => self.scroll.saturating_add(1),
            Action::Up => self.scroll.saturating_sub(1),
            Action::HalfPageDown | Action::PageDown => self.scroll.saturating_add(10),
            Action::HalfPageUp | Action::PageUp => self.scroll.saturating_sub(10),
            _ => return Reaction::Ignored,
        };
        self.scroll = to.min(last);
        Reaction::Handled
    }
}

impl Pane for AlarmPane {
    fn title(&self, _cx: &Cx<'_>) -> String {
        clean(&self.name).into_owned()
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let mut wanted = vec![Subscription::Alarms, Subscription::AlarmHistory(self.name.clone())];
        let children = self.child_names(cx);
        let family = cx.store.alarm(&self.name).into_iter();
        let family = family.chain(children.iter().filter_map(|name| cx.store.alarm(name)));
        for metric in family.filter_map(Alarm::metric) {
            for query in std::iter::once(&metric.query).chain(&metric.band) {
                wanted.push(Subscription::Metric { query: query.clone(), compare: None });
            }
        }
        wanted
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let children = self.child_names(cx);
        if action == Action::Open {
            let row = self.children.sync(&children);
            return row.map_or(Reaction::Ignored, |row| Reaction::Open(Target::Alarm(children[row].clone())));
        }
        if !children.is_empty() && self.children.on(action, &children) {
            return Reaction::Handled;
        }
        match self.cursor.on(action, self.scope(cx), cx.window, cx.now) {
            Reaction::Ignored => self.scroll_history(action, cx),
            reaction => reaction,
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        self.children.sync(&self.child_names(cx));
        draw::draw(self, frame.buffer_mut(), area, cx);
    }

    fn subject(&self, _cx: &Cx<'_>) -> Option<(Signal, String)> {
        Some((Signal::Alarm, self.name.clone()))
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let view = self.view(cx, 0)?;
        Some(view.reading.map_or_else(|| view.row.sentence(), |reading| reading.line(cx.theme).to_string()))
    }
}

#[cfg(test)]
mod tests;
