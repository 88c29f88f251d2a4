//! One local rule: what it watches against what it tolerates, its state, and when it has held.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Cx, Pane, Reaction};
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::board::Rule;
use crate::store::rule::{RuleState, RuleStatus};
use crate::text::clean;
use crate::widgets::theme::Role;

mod draw;
mod facts;

pub use facts::Fact;

/// One local rule, large.
///
/// ```text
/// ┌ Order flood ─────────────────────────────────────────────────────────────┐
/// │ ○ quiet since 10:24:12, 4m   6 of ≥ 30                                   │
/// │ condition  ≥ 30 matching events in any 15s                               │
/// │ watches    /website/orders                                               │
/// └──────────────────────────────────────────────────────────────────────────┘
/// ```
#[derive(Debug)]
pub struct RulePane {
    id: String,
}

/// What a rule pane shows.
#[derive(Debug)]
pub struct RuleView {
    /// State, value against threshold, age.
    pub head: Head,
    /// Why it is in its state, sanitised.
    pub reason: String,
    /// How it is evaluated and what it watches.
    pub facts: Vec<Fact>,
}

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Glyph and word of the state.
    pub state: String,
    /// Its colour.
    pub role: Role,
    /// ` since 10:24:12, 4m`, or nothing.
    pub since: String,
    /// `6 · ≥ 30`, or nothing.
    pub versus: String,
}

impl RulePane {
    /// A pane on the rule of this id.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into() }
    }

    fn rule<'a>(&self, cx: &Cx<'a>) -> Option<&'a Rule> {
        cx.board.rules.iter().find(|rule| rule.id == self.id)
    }

    fn status<'a>(&self, cx: &Cx<'a>) -> Option<&'a RuleStatus> {
        cx.store.rules.iter().find(|status| status.id == self.id)
    }

    /// What is shown; `None` where the board has no such rule.
    pub fn view(&self, cx: &Cx<'_>) -> Option<RuleView> {
        let rule = self.rule(cx)?;
        let status = self.status(cx);
        Some(RuleView {
            head: facts::head(rule, status, cx),
            reason: status.map(|status| clean(&status.reason).into_owned()).unwrap_or_default(),
            facts: facts::facts(rule, cx),
        })
    }
}

/// The glyph and word of a rule's state.
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

    fn wants(&self, _cx: &Cx<'_>) -> Vec<Subscription> {
        Vec::new()
    }

    fn on(&mut self, _action: Action, _cx: &Cx<'_>) -> Reaction {
        Reaction::Ignored
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        draw::draw(self, frame.buffer_mut(), area, cx);
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let view = self.view(cx)?;
        Some(format!("{} {}{}  {}", self.title(cx), view.head.state, view.head.since, view.head.versus))
    }
}
