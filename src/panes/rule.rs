//! One local rule: what it watches against what it tolerates, its state, and when it has held.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::alarms::REASON;
use super::cursor::{Cursor, Scope};
use super::inquiry::About;
use super::ways::Ways;
use super::{Cx, Exported, Pane, Reaction, exported};
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::board::{Rule, RuleKind};
use crate::store::episode::{Episode, Signal};
use crate::store::health::{Health, SourceId};
use crate::store::rule::{RuleState, RuleStatus, RuleTrack};
use crate::text::{clean, clean_head};
use crate::widgets::chart::{Chart, Reading};
use crate::widgets::theme::Role;

mod draw;
mod facts;
mod graph;

pub use facts::{EpisodeRow, Fact, Head};

/// One local rule, large. Enter goes on where the cursor stands: to the log lines behind it, at first.
///
/// ```text
/// ┌ Order flood ─────────────────────────────────────────────────────────────┐
/// │ ○ quiet since 10:24:12, 4m   6 · ≥ 30                                    │
/// │ 6 matching events in 15s                                                 │
/// │ 64┤                                          ⢠⠒⠒⡄                        │
/// │ 30┤≥ 30╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌⡇  ⡇╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌    │
/// │  0┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡇  ⢣⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀    │
/// │   └┬─────────────┬─────────────┬─────────────┬─────────────┬─────────    │
/// │    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁███▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁    │
/// │ condition  ≥ 30 matching events in any 15s                               │
/// │ watches    /website/orders                                               │
/// │ Episodes                                                                 │
/// │ 10:22:04  2m 8s   30, peak 64   30 matching events in 15s                │
/// └──────────────────────────────────────────────────────────────────────────┘
/// ```
#[derive(Debug)]
pub struct RulePane {
    id: String,
    cursor: Cursor,
    ways: Ways,
    scroll: usize,
}

/// What a rule pane shows.
#[derive(Debug)]
pub struct RuleView<'a> {
    /// State, value against threshold, age.
    pub head: Head,
    /// Why it is in its state, sanitised.
    pub reason: String,
    /// What it watches against its threshold or band.
    pub chart: Chart<'a>,
    /// The values under the cursor.
    pub reading: Option<Reading>,
    /// How it is evaluated, what it watches, whom it tells.
    pub facts: Vec<Fact>,
    /// When it has held, newest first.
    pub episodes: Vec<EpisodeRow>,
}

impl RulePane {
    /// A pane on the rule of this id.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), cursor: Cursor::default(), ways: Ways::default(), scroll: 0 }
    }

    fn about(&self) -> About {
        About::Rule(self.id.clone())
    }

    fn rule<'a>(&self, cx: &Cx<'a>) -> Option<&'a Rule> {
        cx.board.rules.iter().find(|rule| rule.id == self.id)
    }

    fn status<'a>(&self, cx: &Cx<'a>) -> Option<&'a RuleStatus> {
        cx.store.rules.iter().find(|status| status.id == self.id)
    }

    fn track<'a>(&self, cx: &Cx<'a>) -> Option<&'a RuleTrack> {
        cx.store.rule_tracks.get(&self.id)
    }

    fn episodes<'a>(&self, cx: &Cx<'a>) -> &'a [Episode] {
        self.track(cx).map_or(&[], |track| &track.episodes)
    }

    /// What is shown; `None` where the board has no such rule.
    pub fn view<'a>(&self, cx: &Cx<'a>) -> Option<RuleView<'a>> {
        let rule = self.rule(cx)?;
        let (status, track) = (self.status(cx), self.track(cx));
        let chart = graph::chart(rule, track, cx, self.scope(cx), self.cursor);
        Some(RuleView {
            head: facts::head(rule, status, cx),
            reason: status.map(|status| clean_head(&status.reason, REASON).into_owned()).unwrap_or_default(),
            reading: chart.reading(),
            facts: facts::facts(rule, track, cx),
            chart,
            episodes: self.episodes(cx).iter().map(|episode| facts::episode(rule, episode, cx)).collect(),
        })
    }

    /// The states of `columns` equal parts of the chart, the worst in each; `None` where nothing is known.
    pub fn ribbon(&self, cx: &Cx<'_>, columns: u16) -> Vec<Option<RuleState>> {
        let known_from = self.track(cx).and_then(|track| track.known_from);
        let state = self.status(cx).map_or(RuleState::NoData, |status| status.state);
        graph::states(self.episodes(cx), known_from, state, self.scope(cx), cx.now, columns)
    }

    fn scope(&self, cx: &Cx<'_>) -> Scope {
        let period = self.track(cx).map_or(60, |track| track.period_s);
        Scope::new(cx.window, cx.now, period.max(1))
    }

    /// How the source that the rule stands on does.
    fn health<'a>(&self, cx: &Cx<'a>) -> &'a Health {
        cx.store.health(match self.rule(cx).map(|rule| &rule.kind) {
            Some(RuleKind::Rate { .. }) => SourceId::Counts,
            Some(RuleKind::Service { .. }) => SourceId::ServiceRules,
            Some(RuleKind::Threshold { .. } | RuleKind::Surge { .. } | RuleKind::Burn { .. }) | None => {
                SourceId::Metrics
            }
        })
    }

    fn scroll_episodes(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let last = self.episodes(cx).len().saturating_sub(1);
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

/// The glyph and word of a rule's state, and their colour.
pub const fn word(state: RuleState) -> (&'static str, &'static str, Role) {
    match state {
        RuleState::Firing => ("▲", "FIRING", Role::AlarmFiring),
        RuleState::NoData => ("?", "no data", Role::AlarmNoData),
        RuleState::Quiet => ("○", "quiet", Role::AlarmOk),
    }
}

impl Pane for RulePane {
    fn title(&self, cx: &Cx<'_>) -> String {
        clean(self.rule(cx).map_or(&self.id, |rule| &rule.title)).into_owned()
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let Some(rule) = self.rule(cx) else { return Vec::new() };
        let ways = Ways::wants(&self.about(), cx).into_iter();
        let looked_at: Vec<Subscription> = match &rule.kind {
            // The window on screen may lie before what the rule itself stands on.
            RuleKind::Threshold { value, .. } | RuleKind::Surge { value, .. } => {
                let queries = value.queries(cx.board).map(|(_, query)| query.clone());
                queries.map(|query| Subscription::Metric { query, compare: None }).collect()
            }
            // What is counted and what is burnt is known as far as the rule has been followed.
            RuleKind::Rate { .. } | RuleKind::Burn { .. } | RuleKind::Service { .. } => Vec::new(),
        };
        ways.chain(looked_at).collect()
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        match self.ways.on(action, &self.about(), cx) {
            Some(Some(target)) => return Reaction::Open(target),
            Some(None) => return Reaction::Handled,
            None => {}
        }
        match self.cursor.on(action, self.scope(cx), cx.window, cx.now) {
            Reaction::Ignored => self.scroll_episodes(action, cx),
            reaction => reaction,
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        draw::draw(self, frame.buffer_mut(), area, cx);
    }

    fn subject(&self, cx: &Cx<'_>) -> Option<(Signal, String)> {
        self.rule(cx).map(|rule| (Signal::Rule, rule.id.clone()))
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let view = self.view(cx)?;
        let reading = view.reading.map(|reading| reading.line(cx.theme).to_string());
        let head = format!("{} {}{}  {}", self.title(cx), view.head.state, view.head.since, view.head.versus);
        Some(reading.unwrap_or(head))
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let episodes = self.episodes(cx).iter().map(|episode| (episode, cx.store.history.said_during(episode)));
        Some(exported::episodes(&self.title(cx), episodes).at(Some(self.scroll)))
    }
}

#[cfg(test)]
mod tests;
