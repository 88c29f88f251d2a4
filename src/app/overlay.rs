//! What stands over the panes and takes the keys: one stack, one enum.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::Known;
use super::action::Action;
use crate::analysis::math::MathError;
use crate::config::Keymap;
use crate::panes::Pane;
use crate::panes::chrome::{
    Acknowledge, ExportBox, FilterLine, Help, JumpLine, OverlayOutcome, Palette, Problems, Prompt, RangePicker,
};

/// What can stand over the panes.
pub(super) enum Overlay {
    /// The line that a filter is typed into; drawn in the footer's place.
    Filter(FilterLine),
    /// Boxed: it holds what was said before.
    Acknowledge(Box<Acknowledge>),
    /// Boxed: it holds the rows.
    Export(Box<ExportBox>),
    Help(Help),
    Jump(JumpLine),
    Palette(Palette),
    Problems(Problems),
    /// Boxed: it holds what can be chosen.
    Prompt(Box<Prompt>),
    Range(RangePicker),
}

impl Overlay {
    /// Every key, with what it does in the pane in front.
    pub(super) fn help(keymap: &Keymap, front: &dyn Pane) -> Self {
        let says = |action: Action| front.sentence(action).unwrap_or(action.help());
        Self::Help(Help::saying(|action| keymap.keys_for(action).join(" "), says).typing(front.typing_keys()))
    }

    /// Every action, with what it does in the pane in front.
    pub(super) fn palette(keymap: &Keymap, front: &dyn Pane) -> Self {
        let says = |action: Action| front.sentence(action).unwrap_or(action.help());
        Self::Palette(Palette::saying(|action| keymap.keys_for(action).join(" "), says))
    }

    pub(super) fn key(&mut self, key: KeyEvent) -> OverlayOutcome {
        match self {
            Self::Filter(line) => line.on_key(key),
            Self::Acknowledge(note) => note.on_key(key),
            Self::Export(export) => export.on_key(key),
            Self::Help(help) => help.on_key(key),
            Self::Jump(jump) => jump.on_key(key),
            Self::Palette(palette) => palette.on_key(key),
            Self::Problems(problems) => problems.on_key(key),
            Self::Prompt(prompt) => prompt.on_key(key),
            Self::Range(range) => range.on_key(key),
        }
    }

    pub(super) fn paste(&mut self, text: &str) -> OverlayOutcome {
        match self {
            Self::Filter(line) => line.on_paste(text),
            Self::Acknowledge(note) => note.on_paste(text),
            Self::Palette(palette) => palette.on_paste(text),
            Self::Jump(jump) => jump.on_paste(text),
            Self::Prompt(prompt) => prompt.on_paste(text),
            Self::Range(range) => range.on_paste(text),
            Self::Export(_) | Self::Help(_) | Self::Problems(_) => OverlayOutcome::Stay,
        }
    }

    /// Says what is wrong with what was typed, where it asks for something.
    pub(super) fn refuse(&mut self, error: MathError) {
        if let Self::Prompt(prompt) = self {
            prompt.refuse(error);
        }
    }

    /// Draws it over `body`; a filter line takes the `footer` instead.
    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, body: Rect, footer: Rect, known: &Known) {
        let theme = known.theme();
        match self {
            Self::Filter(line) => line.draw(frame, footer, theme),
            Self::Acknowledge(note) => note.draw(frame, body, theme),
            Self::Export(export) => export.draw(frame, body, theme),
            Self::Help(help) => help.draw(frame, body, theme),
            Self::Jump(jump) => jump.draw(frame, body, theme),
            Self::Palette(palette) => palette.draw(frame, body, theme),
            Self::Problems(problems) => {
                let configuration = known.problems.iter().map(ToString::to_string);
                let configuration: Vec<String> = configuration.chain(known.store.history.trouble.clone()).collect();
                problems.draw(frame, body, &known.store, &configuration, known.now, theme);
            }
            Self::Prompt(prompt) => prompt.draw(frame, body, theme),
            Self::Range(range) => range.draw(frame, body, theme),
        }
    }
}
