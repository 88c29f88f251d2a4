//! The board's alarms: what is firing, since when, how far beyond its threshold.

use std::collections::HashSet;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::{Cx, Exported, Pane, Reaction, Target, exported, source_note};
use crate::app::action::Action;
use crate::app::effect::{AlarmRef, Subscription};
use crate::clock::Time;
use crate::store::alarm::AlarmState;
use crate::store::episode::Signal;
use crate::store::health::Health;
use crate::text::{Align, width};
use crate::widgets::area::{cut_top, padded};
use crate::widgets::frame::pane_frame;
use crate::widgets::list::ListState;
use crate::widgets::print::{line, put, wrap};
use crate::widgets::selection::select;
use crate::widgets::theme::Role;

pub(super) mod columns;
pub mod filter;
mod heading;
pub mod item;
pub(super) mod notes;
mod order;
mod row;
mod spark;
mod strip;
mod summary;
pub mod versus;

use columns::Columns;
use filter::Filter;
use item::Item;
use order::{Key, Placed, What};

pub use row::{AlarmRow, glyph, role};
pub(super) use row::{REASON, bound, moment, named};
pub use summary::firing;
pub(super) use versus::beside;

/// Rows that are kept up to date before the first drawing says how many there are on screen.
const FIRST_PAGE: usize = 24;
/// Alarms whose tags are asked for at a time.
const TAGS_AT_A_TIME: usize = 25;
/// The lines that the summary may take where there is much wrong with a filter.
const FAULTS: usize = 5;
/// The smallest list that gives up a row for the summary.
const SUMMARY: (u16, u16) = (76, 16);

/// The alarms and local rules, firing first, composites above their children, incidents under one heading.
///
/// ```text
/// ┌ Alarms ── 6 firing · 1 no data · 5 OK ──────┐
/// │ ▾ 6 firing since 10:13:00, 15m              │
/// │  ▲ TokenProvisioningUnhealthy     8m        │
/// │  ├ ▲ HighFailureRate  14.6 > 5 %  8m ▁▁▂▇█  │
/// │  └ ▲ HighLatency       4.12 > 3 s 3m ▁▂▄▇█  │
/// │  ▲ RequestSpike      outside band 14m▂▂▃██  │
/// │ ? OrderFlood             no data  1h ·····  │
/// └─────────────────────────────────────────────┘
/// ```
///
/// Wider, it grows columns: the state's name, the time of the change, notes, the reason; higher, a summary and a strip
/// about the alarm under the cursor.
#[derive(Debug, Default)]
pub struct Alarms {
    list: ListState<Key>,
    text: String,
    filter: Filter,
    /// Incidents that are folded, by their beginning.
    folded: HashSet<Time>,
    /// Where the cursor stood before there was a filter, until it is moved.
    unfiltered: Option<Key>,
}

/// What the alarm pane shows.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmsView {
    /// The title with the counts.
    pub title: String,
    /// The rows, top to bottom.
    pub rows: Vec<ListedRow>,
    /// What can be said of all of them in a line, and what of the filter can't be read.
    pub summary: Vec<(String, Role)>,
    /// What is said where there is no row.
    pub empty: String,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq)]
pub enum ListedRow {
    /// The heading of an incident.
    Heading(String),
    /// An alarm or a rule.
    Alarm(Box<AlarmRow>),
}

impl Alarms {
    /// A list without a filter, the cursor on its first alarm.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is shown, with sparklines of so many cells.
    pub fn view(&self, cx: &Cx<'_>, cells: usize) -> AlarmsView {
        let placed = self.placed(cx);
        AlarmsView {
            title: self.title(cx),
            rows: placed.iter().map(|row| listed(row, cx, cells)).collect(),
            summary: summary::parts(&self.filter, &placed, cx),
            empty: self.empty(cx),
        }
    }

    fn placed<'a>(&self, cx: &Cx<'a>) -> Vec<Placed<'a>> {
        order::placed(cx, &self.filter, &self.folded)
    }

    fn empty(&self, cx: &Cx<'_>) -> String {
        match &cx.store.alarms.health {
            Health::Live { .. } | Health::Stale { .. } if !self.filter.is_empty() => {
                let all: Vec<Item<'_>> = Item::all(cx).collect();
                let why = self.filter.why_none(&all, cx.store, &|item| item.severity(cx), cx.now);
                let tags_come = self.filter.asks_for_tags() && summary::without_tags(cx).next().is_some();
                match why.filter(|_| !tags_come) {
                    Some(why) => format!("no alarm matches `{}`: {why}", self.text),
                    None => format!("no alarm matches `{}`", self.text),
                }
            }
            Health::Live { .. } | Health::Stale { .. } => "no alarms".to_owned(),
            Health::Waiting => "waiting for the first answer".to_owned(),
            Health::Failed { error, .. } if cx.board.is_of_files() => error.message.clone(),
            Health::Failed { .. } => "no answer yet".to_owned(),
        }
    }

    /// The row under the cursor, which never stands on the heading of what is unfolded.
    fn cursor(&mut self, placed: &[Placed<'_>]) -> Option<usize> {
        let keys: Vec<Key> = placed.iter().map(Placed::key).collect();
        let row = self.list.sync(&keys)?;
        if is_open_heading(&placed[row]) {
            self.list.select_row(row + 1, &keys);
        }
        Some(self.list.row())
    }

    /// What stands under the cursor.
    fn current<'a>(&self, cx: &Cx<'a>) -> Option<Placed<'a>> {
        let mut placed = self.placed(cx);
        let mut here = Self { list: self.list.clone(), ..Self::default() };
        let row = here.cursor(&placed)?;
        Some(placed.swap_remove(row))
    }

    fn step(&mut self, action: Action, placed: &[Placed<'_>]) -> bool {
        let before = self.cursor(placed);
        let keys: Vec<Key> = placed.iter().map(Placed::key).collect();
        if !self.list.on(action, &keys) {
            return false;
        }
        self.unfiltered = None;
        let row = self.list.row();
        let upwards = before.is_some_and(|before| row < before) && row > 0;
        if upwards && placed.get(row).is_some_and(is_open_heading) {
            self.list.select_row(row - 1, &keys);
        }
        self.cursor(placed);
        true
    }

    /// Opens what is under the cursor, or unfolds it.
    fn open(&mut self, placed: &[Placed<'_>]) -> Reaction {
        let Some(row) = self.cursor(placed) else { return Reaction::Ignored };
        match &placed[row].what {
            What::Item(Item::Alarm(alarm)) => Reaction::Open(Target::Alarm(alarm.name.clone())),
            What::Item(Item::Rule(rule)) => Reaction::Open(Target::Rule(rule.id.clone())),
            What::Incident(incident) => {
                self.folded.remove(&incident.began);
                Reaction::Handled
            }
        }
    }

    /// Folds the incident around the cursor, or unfolds the one under it.
    fn fold(&mut self, action: Action, placed: &[Placed<'_>]) -> Reaction {
        let Some(row) = self.cursor(placed) else { return Reaction::Ignored };
        let is_heading = |row: &&Placed<'_>| matches!(row.what, What::Incident(_));
        let Some(What::Incident(incident)) = placed[..=row].iter().rev().find(is_heading).map(|row| &row.what) else {
            return Reaction::Ignored;
        };
        let inside = placed[row].key() == Key::Incident(incident.began) || placed[row].tree.starts_with(' ');
        match (action, incident.folded) {
            (Action::Left, false) if inside => {
                self.folded.insert(incident.began);
                self.list.select(Key::Incident(incident.began));
                Reaction::Handled
            }
            (Action::Right, true) if inside => {
                self.folded.remove(&incident.began);
                Reaction::Handled
            }
            (_, _) => Reaction::Ignored,
        }
    }

    fn step_to_firing(&mut self, action: Action, placed: &[Placed<'_>]) -> Reaction {
        let Some(row) = self.cursor(placed) else { return Reaction::Ignored };
        let firing = |row: &usize| match &placed[*row].what {
            What::Item(item) => item.state() == AlarmState::Alarm,
            What::Incident(incident) => incident.folded,
        };
        let to = if action == Action::NextError {
            (row + 1..placed.len()).find(firing)
        } else {
            (0..row).rev().find(firing)
        };
        if let Some(to) = to {
            let keys: Vec<Key> = placed.iter().map(Placed::key).collect();
            self.list.select_row(to, &keys);
            self.unfiltered = None;
        }
        Reaction::Handled
    }

    /// The tags that a filter asks for and that are not known yet.
    fn wanted_tags(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        if !self.filter.asks_for_tags() {
            return Vec::new();
        }
        let unknown = summary::without_tags(cx);
        unknown.take(TAGS_AT_A_TIME).map(|alarm| Subscription::AlarmTags(AlarmRef::to(alarm))).collect()
    }
}

/// Whether a row is the heading of an incident whose members stand below it.
const fn is_open_heading(row: &Placed<'_>) -> bool {
    matches!(&row.what, What::Incident(incident) if !incident.folded)
}

fn listed(row: &Placed<'_>, cx: &Cx<'_>, cells: usize) -> ListedRow {
    match &row.what {
        What::Incident(incident) => ListedRow::Heading(heading::words(incident, cx)),
        What::Item(item) => ListedRow::Alarm(Box::new(AlarmRow::of(*item, &row.tree, cx, cells))),
    }
}

impl Pane for Alarms {
    fn title(&self, cx: &Cx<'_>) -> String {
        self.headed(&summary::counts(cx))
    }

    /// All alarms, the metrics and bands of those on screen, and the tags that a filter asks for.
    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let page = if self.list.page() == 0 { FIRST_PAGE } else { self.list.page() };
        let on_screen = self.placed(cx).into_iter().skip(self.list.offset()).take(page);
        let metrics = on_screen.filter_map(|row| match row.what {
            What::Item(Item::Alarm(alarm)) => alarm.metric(),
            What::Item(Item::Rule(_)) | What::Incident(_) => None,
        });
        let queries = metrics.flat_map(|metric| std::iter::once(&metric.query).chain(&metric.band));
        let queries = queries.map(|query| Subscription::Metric { query: query.clone(), compare: None });
        std::iter::once(Subscription::Alarms).chain(queries).chain(self.wanted_tags(cx)).collect()
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let placed = self.placed(cx);
        match action {
            Action::Open => self.open(&placed),
            Action::NextError | Action::PreviousError => self.step_to_firing(action, &placed),
            Action::Left | Action::Right => self.fold(action, &placed),
            _ if self.step(action, &placed) => Reaction::Handled,
            _ => Reaction::Ignored,
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let note = source_note(&cx.store.alarms.health, cx.now);
        let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
        let buf = frame.buffer_mut();
        let room = note.map_or(0, |(text, _)| width(text) + 4) + 5;
        let title = self.fitting_title(cx, usize::from(area.width).saturating_sub(room));
        let block = pane_frame(&title, note, cx.focused, cx.theme);
        let inner = block.inner(area);
        block.render(area, buf);
        let placed = self.placed(cx);
        let inner = self.draw_summary(&placed, inner, buf, cx);
        let selected = self.cursor(&placed);
        if placed.is_empty() {
            let text = crate::text::clean(&self.empty(cx)).into_owned();
            for (i, text) in wrap(&text, usize::from(inner.width)).iter().enumerate() {
                let Some(place) = line(inner, i) else { break };
                put(buf, place, text, cx.theme.style(Role::Muted), Align::Left);
            }
            return;
        }
        let (inner, strip) = strip::split(inner, placed.len());
        self.draw_rows(&placed, selected, inner, buf, cx);
        if let Some(row) = selected.and_then(|row| placed.get(row)) {
            strip::draw(row, strip, buf, cx);
        }
    }

    fn filter(&self) -> Option<&str> {
        Some(&self.text)
    }

    fn set_filter(&mut self, text: &str, _cx: &Cx<'_>) {
        if self.text.is_empty() && !text.is_empty() {
            self.unfiltered = self.list.key().cloned();
        }
        text.clone_into(&mut self.text);
        self.filter = Filter::parse(text);
        if text.is_empty()
            && let Some(key) = self.unfiltered.take()
        {
            self.list.select(key);
        }
    }

    fn subject(&self, cx: &Cx<'_>) -> Option<(Signal, String)> {
        match self.current(cx)?.what {
            What::Item(item) => Some((item.signal(), item.name().to_owned())),
            What::Incident(_) => None,
        }
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        Some(match listed(&self.current(cx)?, cx, 0) {
            ListedRow::Heading(words) => words,
            ListedRow::Alarm(row) => row.sentence(),
        })
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        // What is folded passes the filter too.
        let placed = order::placed(cx, &self.filter, &HashSet::new());
        let items: Vec<Item<'_>> = placed
            .iter()
            .filter_map(|row| match row.what {
                What::Item(item) => Some(item),
                What::Incident(_) => None,
            })
            .collect();
        let subject = self.subject(cx);
        let here = |item: &Item<'_>| subject.as_ref().is_some_and(|(s, n)| *s == item.signal() && n == item.name());
        let selected = items.iter().position(here);
        Some(Exported::new("alarms", exported::alarms(&items, cx)).at(selected))
    }
}

impl Alarms {
    /// The title with these counts.
    fn headed(&self, counts: &[String]) -> String {
        let counts =
            if counts.is_empty() { "Alarms".to_owned() } else { format!("Alarms ── {}", counts.join(" · ")) };
        if self.text.is_empty() { counts } else { format!("{counts} · filter \"{}\"", crate::text::clean(&self.text)) }
    }

    /// The title with as many of the counts as have room; what fires goes last.
    fn fitting_title(&self, cx: &Cx<'_>, room: usize) -> String {
        let mut counts = summary::counts(cx);
        while counts.len() > 1 && width(&self.headed(&counts)) > room {
            counts.pop();
        }
        self.headed(&counts)
    }

    /// The summary, where there is room for it or something is wrong with the filter; returns what is left below.
    fn draw_summary(&self, placed: &[Placed<'_>], area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> Rect {
        let large = area.width >= SUMMARY.0 && area.height >= SUMMARY.1;
        let mut parts = summary::parts(&self.filter, placed, cx);
        parts.retain(|(_, role)| large || *role == Role::Failed);
        if parts.is_empty() || area.height < 2 {
            return area;
        }
        let lines = summary::lines(parts, usize::from(padded(area).width), usize::from(area.height / 2).min(FAULTS));
        let (space, rest) = cut_top(area, lines.len() as u16);
        for (i, parts) in lines.iter().enumerate() {
            let Some(place) = line(padded(space), i) else { break };
            summary::draw(parts, place, buf, cx.theme);
        }
        if large { cut_top(rest, 1).1 } else { rest }
    }

    fn draw_rows(&mut self, placed: &[Placed<'_>], selected: Option<usize>, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
        let with_value =
            |row: &&Placed<'_>| matches!(row.what, What::Item(Item::Alarm(alarm)) if alarm.metric().is_some());
        let name = |row: &Placed<'_>| match &row.what {
            What::Item(item) => width(&row.tree) + width(item.title()),
            What::Incident(_) => 0,
        };
        let longest = placed.iter().filter(with_value).map(name).max().unwrap_or(0);
        let columns = Columns::fit(area.width).without_luxury(area.width, longest);
        let shown = self.list.visible(placed.len(), usize::from(area.height));
        let rows: Vec<ListedRow> =
            placed[shown.clone()].iter().map(|row| listed(row, cx, usize::from(columns.spark))).collect();
        let alarms: Vec<&AlarmRow> = rows
            .iter()
            .filter_map(|row| match row {
                ListedRow::Alarm(row) => Some(&**row),
                ListedRow::Heading(_) => None,
            })
            .collect();
        let names = columns.names(&alarms);
        for (i, row) in rows.iter().enumerate() {
            let line = Rect { y: area.y + i as u16, height: 1, ..area };
            match row {
                ListedRow::Alarm(row) => columns.draw(row, names, line, buf, cx.theme),
                ListedRow::Heading(words) => heading::draw(words, line, buf, cx.theme),
            }
            if cx.focused && selected == Some(shown.start + i) {
                select(buf, line, cx.theme);
            }
        }
    }
}

#[cfg(test)]
mod tests;
