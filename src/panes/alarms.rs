//! The board's alarms: what is firing, since when, how far beyond its threshold.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::{Cx, Pane, Reaction, Target, source_note};
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::store::alarm::{Alarm, AlarmKind, AlarmState};
use crate::store::episode::Signal;
use crate::store::health::Health;
use crate::widgets::frame::pane_frame;
use crate::widgets::list::ListState;
use crate::widgets::print::put;
use crate::widgets::selection::select;
use crate::widgets::theme::Role;

pub(super) mod columns;
mod order;
mod row;
mod strip;

use columns::Columns;

pub use row::{AlarmRow, glyph, role, versus};
pub(super) use row::{bound, moment};

/// Rows that are kept up to date before the first drawing says how many there are on screen.
const FIRST_PAGE: usize = 24;

/// The alarms, firing first, composites above their children.
///
/// ```text
/// ┌ Alarms ── 6 ALARM · 1 no data · 12 OK ──────┐
/// │ ▲ TokenProvisioningUnhealthy      8m        │
/// │ ├ ▲ HighFailureRate   14.6 > 5 %  8m ▁▁▂▇█  │
/// │ └ ▲ HighLatency        4.12 > 3 s 3m ▁▂▄▇█  │
/// │ ▲ RequestSpike      outside band 14m ▂▂▃██  │
/// │ ? OrderFlood             no data  1h ·····  │
/// └─────────────────────────────────────────────┘
/// ```
///
/// Wider, it grows columns: the state's name, the time of the change, the reason.
#[derive(Debug, Default)]
pub struct Alarms {
    list: ListState<String>,
    filter: String,
}

/// What the alarm pane shows.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmsView {
    /// The title with the counts.
    pub title: String,
    /// The rows, top to bottom.
    pub rows: Vec<AlarmRow>,
    /// What is said where there is no row.
    pub empty: String,
}

impl Alarms {
    /// A list without a filter, the cursor on its first row.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is shown, with sparklines of so many cells.
    pub fn view(&self, cx: &Cx<'_>, cells: usize) -> AlarmsView {
        let placed = self.placed(cx);
        AlarmsView {
            title: self.title(cx),
            rows: placed.iter().map(|(alarm, tree)| AlarmRow::new(alarm, tree, cx, cells)).collect(),
            empty: self.empty(cx),
        }
    }

    fn placed<'a>(&self, cx: &Cx<'a>) -> Vec<(&'a Alarm, String)> {
        order::placed(&cx.store.alarms.data, &self.filter)
    }

    fn empty(&self, cx: &Cx<'_>) -> String {
        match &cx.store.alarms.health {
            Health::Live { .. } | Health::Stale { .. } if !self.filter.is_empty() => {
                format!("no alarm matches `{}`", self.filter)
            }
            Health::Live { .. } | Health::Stale { .. } => "no alarms".to_owned(),
            Health::Waiting => "waiting for the first answer".to_owned(),
            Health::Failed { .. } => "no answer yet".to_owned(),
        }
    }

    fn keys(&self, cx: &Cx<'_>) -> Vec<String> {
        self.placed(cx).into_iter().map(|(alarm, _)| alarm.name.clone()).collect()
    }
}

/// How many alarms are in each state, firing first; a state that none is in is left out.
fn counts(alarms: &[Alarm]) -> String {
    let states = [(AlarmState::Alarm, "ALARM"), (AlarmState::InsufficientData, "no data"), (AlarmState::Ok, "OK")];
    let count = |state| alarms.iter().filter(|alarm| alarm.state == state).count();
    let parts = states.into_iter().map(|(state, word)| (count(state), word)).filter(|(count, _)| *count > 0);
    parts.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(" · ")
}

impl Pane for Alarms {
    fn title(&self, cx: &Cx<'_>) -> String {
        let counts = counts(&cx.store.alarms.data);
        if counts.is_empty() { "Alarms".to_owned() } else { format!("Alarms ── {counts}") }
    }

    /// All alarms, and the metrics of those on screen.
    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let page = if self.list.page() == 0 { FIRST_PAGE } else { self.list.page() };
        let on_screen = self.placed(cx).into_iter().skip(self.list.offset()).take(page);
        let metrics = on_screen.filter_map(|(alarm, _)| match &alarm.kind {
            AlarmKind::Metric(metric) => Some(Subscription::Metric { query: metric.query.clone(), compare: None }),
            AlarmKind::Composite { .. } | AlarmKind::Logs(_) => None,
        });
        std::iter::once(Subscription::Alarms).chain(metrics).collect()
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let keys = self.keys(cx);
        if self.list.on(action, &keys) {
            return Reaction::Handled;
        }
        match action {
            Action::Open => {
                self.list.sync(&keys).map_or(Reaction::Ignored, |row| Reaction::Open(Target::Alarm(keys[row].clone())))
            }
            Action::NextError | Action::PreviousError => self.step_to_firing(action, cx),
            _ => Reaction::Ignored,
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let note = source_note(&cx.store.alarms.health, cx.now);
        let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
        let buf = frame.buffer_mut();
        let block = pane_frame(&self.title(cx), note, cx.focused, cx.theme);
        let inner = block.inner(area);
        block.render(area, buf);
        let columns = Columns::fit(inner.width);
        let selected = self.list.sync(&self.keys(cx));
        let placed = self.placed(cx);
        if placed.is_empty() {
            put(buf, inner, &self.empty(cx), cx.theme.style(Role::Muted), crate::text::Align::Left);
            return;
        }
        let columns = columns.without_luxury(inner.width, &placed);
        let (inner, strip) = strip::split(inner, placed.len());
        let shown = self.list.visible(placed.len(), usize::from(inner.height));
        let rows: Vec<AlarmRow> = placed[shown.clone()]
            .iter()
            .map(|(alarm, tree)| AlarmRow::new(alarm, tree, cx, usize::from(columns.spark)))
            .collect();
        let names = columns.names(&rows);
        for (i, row) in rows.iter().enumerate() {
            let line = Rect { y: inner.y + i as u16, height: 1, ..inner };
            columns.draw(row, names, line, buf, cx.theme);
            if cx.focused && selected == Some(shown.start + i) {
                select(buf, line, cx.theme);
            }
        }
        if let Some((alarm, _)) = selected.and_then(|row| placed.get(row)) {
            strip::draw(alarm, strip, buf, cx);
        }
    }

    fn filter(&self) -> Option<&str> {
        Some(&self.filter)
    }

    fn set_filter(&mut self, text: &str, _cx: &Cx<'_>) {
        text.clone_into(&mut self.filter);
    }

    fn subject(&self, cx: &Cx<'_>) -> Option<(Signal, String)> {
        let keys = self.keys(cx);
        let row = self.list.clone().sync(&keys)?;
        Some((Signal::Alarm, keys[row].clone()))
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let row = self.list.clone().sync(&self.keys(cx))?;
        self.view(cx, 0).rows.get(row).map(AlarmRow::sentence)
    }
}

impl Alarms {
    fn step_to_firing(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let keys = self.keys(cx);
        let placed = self.placed(cx);
        let Some(row) = self.list.sync(&keys) else { return Reaction::Ignored };
        let firing = |row: &usize| placed[*row].0.state == AlarmState::Alarm;
        let to =
            if action == Action::NextError { (row + 1..keys.len()).find(firing) } else { (0..row).rev().find(firing) };
        if let Some(to) = to {
            self.list.select_row(to, &keys);
        }
        Reaction::Handled
    }
}

#[cfg(test)]
mod tests;
