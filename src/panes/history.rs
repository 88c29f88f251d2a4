//! What has fired: episodes of alarms and rules, by day, by name, and one by one.

use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Cx, Exported, Pane, Reaction, Target, exported};
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::clock::Time;
use crate::store::episode::{Episode, Signal};
use crate::store::window::Window;
use crate::widgets::list::ListState;

mod draw;
mod view;

pub use view::{DayRow, EpisodeRow, HistoryView, NameRow};

/// How much of the time before and after an episode is shown with it, at least.
const AROUND: TimeDelta = TimeDelta::minutes(10);

/// The lists of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Part {
    Days,
    Names,
    #[default]
    Episodes,
}

/// What tells an episode apart in this list.
type Key = (Signal, String, Time);

/// The history. A day or a name under the cursor narrows the list of episodes; Enter shows one when it happened.
///
/// ```text
/// ┌ History ── 7 episodes in 2 days, 1 firing ─────────────────────────────────────┐
/// │ Day              episodes     total │ Name            episodes  total  longest │
/// │ all days                7    2h 10m │ all names              7  2h 10m     31m │
/// │ 2026-01-15 Thu  ▇▇▇▇▇   6    1h 58m │ HighFailureRate        3  1h 2m      31m │
/// │ 2026-01-14 Wed  ▇       1       12m │ order_flood            2     4m       2m │
/// │                                                                                │
/// │ ▲ 10:20:00   8m on HighFailureRate     14.6 > 5 %          eva: it is the TSP  │
/// │ ✓ 10:22:00   2m    order_flood    rule 61 > 30                                 │
/// └────────────────────────────────────────────────────────────────────────────────┘
/// ```
#[derive(Debug, Default)]
pub struct History {
    part: Part,
    days: ListState<Option<NaiveDate>>,
    names: ListState<Option<(Signal, String)>>,
    episodes: ListState<Key>,
    filter: String,
}

impl History {
    /// A history of all days and names, the cursor on the newest episode.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is shown.
    pub fn view(&self, cx: &Cx<'_>) -> HistoryView {
        view::view(self, cx)
    }

    /// The day and the name that the list is narrowed to.
    fn narrowed(&self) -> (Option<NaiveDate>, Option<&(Signal, String)>) {
        (self.days.key().copied().flatten(), self.names.key().and_then(Option::as_ref))
    }

    /// The episodes in the list, newest first.
    fn listed<'a>(&self, cx: &Cx<'a>) -> Vec<&'a Episode> {
        let (day, name) = self.narrowed();
        let shown = view::shown(cx, &self.filter);
        shown
            .into_iter()
            .filter(|episode| day.is_none_or(|day| view::day(episode, cx) == day))
            .filter(|episode| name.is_none_or(|(signal, name)| episode.signal == *signal && episode.name == *name))
            .collect()
    }

    fn chosen<'a>(&self, cx: &Cx<'a>) -> Option<&'a Episode> {
        let listed = self.listed(cx);
        let keys: Vec<Key> = listed.iter().map(|episode| key(episode)).collect();
        let row = self.episodes.clone().sync(&keys)?;
        listed.get(row).copied()
    }

    fn move_in(&mut self, action: Action, cx: &Cx<'_>) -> bool {
        match self.part {
            Part::Days => {
                let keys = view::days(cx, &self.filter, self.narrowed().1);
                self.days.on(action, &keys)
            }
            Part::Names => {
                let keys = view::names(cx, &self.filter, self.narrowed().0);
                self.names.on(action, &keys)
            }
            Part::Episodes => {
                let keys: Vec<Key> = self.listed(cx).into_iter().map(key).collect();
                self.episodes.on(action, &keys)
            }
        }
    }

    /// Narrowed to nothing, and back in the list of episodes; whether that changes anything.
    fn widen(&mut self) -> bool {
        let narrowed = self.narrowed() != (None, None);
        let elsewhere = self.part != Part::Episodes;
        self.days.select_row(0, &[None]);
        self.names.select_row(0, &[None]);
        self.part = Part::Episodes;
        narrowed || elsewhere
    }
}

fn key(episode: &Episode) -> Key {
    (episode.signal, episode.name.clone(), episode.began)
}

/// The window in which an episode happened, with as much before and after it as it lasted; one under way is followed.
fn window(episode: &Episode, now: Time) -> Window {
    let around = episode.lasted(now).max(AROUND);
    let from = episode.began - around;
    let to = episode.ended.map(|ended| ended + around).filter(|to| *to < now);
    let span = (to.unwrap_or(now) - from).to_std().unwrap_or(Duration::from_hours(1));
    Window { span, end: to }
}

impl Pane for History {
    fn title(&self, cx: &Cx<'_>) -> String {
        view::title(&self.listed(cx), cx)
    }

    fn wants(&self, _cx: &Cx<'_>) -> Vec<Subscription> {
        vec![Subscription::Alarms, Subscription::Transitions]
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        if self.move_in(action, cx) {
            return Reaction::Handled;
        }
        match action {
            Action::NextPane | Action::PreviousPane => {
                self.part = match (self.part, action == Action::NextPane) {
                    (Part::Episodes, true) | (Part::Names, false) => Part::Days,
                    (Part::Days, true) | (Part::Episodes, false) => Part::Names,
                    (Part::Names, true) | (Part::Days, false) => Part::Episodes,
                };
                Reaction::Handled
            }
            Action::Open if self.part != Part::Episodes => {
                self.part = Part::Episodes;
                Reaction::Handled
            }
            Action::Open => self.chosen(cx).map_or(Reaction::Ignored, |episode| {
                let name = episode.name.clone();
                let target = match episode.signal {
                    Signal::Alarm => Target::Alarm(name),
                    Signal::Rule => Target::Rule(name),
                };
                Reaction::OpenIn(target, window(episode, cx.now))
            }),
            // What is typed into the filter goes first.
            Action::Back if self.filter.is_empty() && self.widen() => Reaction::Handled,
            _ => Reaction::Ignored,
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        draw::draw(self, frame.buffer_mut(), area, cx);
    }

    fn filter(&self) -> Option<&str> {
        Some(&self.filter)
    }

    fn set_filter(&mut self, text: &str, _cx: &Cx<'_>) {
        text.clone_into(&mut self.filter);
    }

    fn subject(&self, cx: &Cx<'_>) -> Option<(Signal, String)> {
        self.chosen(cx).map(|episode| (episode.signal, episode.name.clone()))
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        self.chosen(cx).map(|episode| view::sentence(episode, cx))
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let listed = self.listed(cx);
        let chosen = self.chosen(cx).map(key);
        let selected = listed.iter().position(|episode| Some(key(episode)) == chosen);
        let said = listed.into_iter().map(|episode| (episode, cx.store.history.said_during(episode)));
        Some(exported::episodes("History", said).at(selected))
    }
}

#[cfg(test)]
mod tests;
