//! The board's cards in a row: each a number with its change, state and trend.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Cx, Exported, Pane, Reaction, Target, exported};
use crate::analysis::card::{CardView, card_spark, card_value, counted};
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::board::Card;
use crate::store::health::{Health, SourceId};
use crate::store::window::Shift;
use crate::widgets::list::ListState;

mod draw;

pub(super) use draw::{bound, role as value_role, words};

/// The narrowest card: a value and its change just fit.
const NARROWEST: u16 = 16;

/// The cards, left to right; one of them is selected.
///
/// ```text
/// ┌ Total requests ──────┐┌ Success rate ────────┐┌ Average time ────────┐
/// │ 431.2 k      ▲ 1.8 % ││ 85.4 %     ▼ 12.7 pt ││ 4.12 s       ▲ 358 % │
/// │ ▃▃▄▄▅▅▅▆▆▇▇█▇▆▆▅▅▅▅█ ││ ██████████████████▅▂ ││ ▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▃▆██ │
/// └──────────────────────┘└──────── crit < 95 % ─┘└ p99 24.3 s ─ crit > 3 s ┘
/// ```
///
/// Where not all fit, those around the selected one are shown and the edge says how many there are more.
#[derive(Debug, Default)]
pub struct Cards {
    list: ListState<String>,
}

/// A card as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct CardPanel {
    /// Its definition.
    pub card: Card,
    /// Its figures.
    pub figures: CardView,
    /// The formula over the window, oldest first.
    pub spark: Vec<Option<f64>>,
    /// Whether it is the selected one of a focused pane.
    pub selected: bool,
    /// What its source suffers from, in a few words.
    pub trouble: Option<String>,
}

impl Cards {
    /// Cards with the first one selected.
    pub fn new() -> Self {
        Self::default()
    }

    /// The cards with sparklines of so many cells.
    pub fn view(&self, cx: &Cx<'_>, cells: usize) -> Vec<CardPanel> {
        let selected = self.selected(cx);
        let trouble = trouble(cx.store.health(SourceId::Metrics), cx);
        let panel = |(i, card): (usize, &Card)| CardPanel {
            card: card.clone(),
            figures: card_value(card, cx.board, cx.store, cx.window, cx.now),
            spark: card_spark(card, cx.board, cx.store, cx.window, cx.now, cells),
            selected: cx.focused && selected == Some(i),
            trouble: trouble.clone(),
        };
        cx.board.cards.iter().enumerate().map(panel).collect()
    }

    fn selected(&self, cx: &Cx<'_>) -> Option<usize> {
        self.list.clone().sync(&keys(cx))
    }
}

fn keys(cx: &Cx<'_>) -> Vec<String> {
    cx.board.cards.iter().map(|card| card.id.clone()).collect()
}

/// A source's trouble in so few words that a card has room for them; the trend's frame has the rest.
fn trouble(health: &Health, cx: &Cx<'_>) -> Option<String> {
    match health {
        Health::Live { .. } | Health::Waiting => None,
        Health::Stale { at, .. } => Some(format!("stale {}", super::note::age(*at, cx.now))),
        Health::Failed { error, .. } => Some(error.kind.word().to_owned()),
    }
}

impl Pane for Cards {
    fn title(&self, _cx: &Cx<'_>) -> String {
        "Cards".to_owned()
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let mut wanted: Vec<Subscription> = Vec::new();
        for card in &cx.board.cards {
            let named = counted(card, cx.board, cx.window, cx.now).into_iter().map(|(_, query)| query);
            let below = card.below.as_ref().and_then(|(_, id)| cx.board.metrics.get(id));
            let below = below.map(|query| query.counted(cx.window, Some(Shift::Window), cx.now));
            for query in named.chain(below) {
                let want = Subscription::Metric { query, compare: Some(Shift::Window) };
                if !wanted.contains(&want) {
                    wanted.push(want);
                }
            }
        }
        wanted
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let keys = keys(cx);
        let Some(row) = self.list.sync(&keys) else { return Reaction::Ignored };
        let action = match action {
            Action::Left => Action::Up,
            Action::Right => Action::Down,
            Action::Open => return Reaction::Open(Target::Card(keys[row].clone())),
            Action::Top | Action::Bottom => action,
            _ => return Reaction::Ignored,
        };
        self.list.on(action, &keys);
        Reaction::Handled
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let count = cx.board.cards.len();
        if area.is_empty() || count == 0 {
            return;
        }
        self.list.sync(&keys(cx));
        let fit = usize::from(area.width / NARROWEST).clamp(1, count);
        let shown = self.list.visible(count, fit);
        let share = usize::from(area.width) / fit;
        let mut rest = usize::from(area.width) % fit;
        let panels = self.view(cx, draw::room(share));
        let mut x = area.x;
        for (i, panel) in panels.iter().enumerate().take(shown.end).skip(shown.start) {
            let width = (share + usize::from(rest > 0)) as u16;
            rest = rest.saturating_sub(1);
            let more = if i + 1 == shown.end { count - shown.end } else { 0 };
            draw::panel(panel, more, Rect { x, width, ..area }, frame.buffer_mut(), cx);
            x += width;
        }
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let panel = self.view(cx, 0).into_iter().nth(self.selected(cx)?)?;
        Some(draw::sentence(&panel))
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        Some(exported::cards(cx, self.selected(cx)?))
    }
}

#[cfg(test)]
mod tests;
