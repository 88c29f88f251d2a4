//! The line on which a filter is typed.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::OverlayOutcome;
use super::input::Input;
use crate::widgets::print::{Align, cells, put};
use crate::widgets::theme::{Role, Theme};

/// A filter being typed; every change shows at once, Esc takes it back.
///
/// ```text
/// / status:failed contoso▏                                       ⏎ keep  Esc undo
/// ```
#[derive(Debug, Clone)]
pub struct FilterLine {
    before: String,
    input: Input,
}

impl FilterLine {
    /// A line that begins with the filter as it is.
    pub fn new(filter: &str) -> Self {
        Self { before: filter.to_owned(), input: Input::new(filter) }
    }

    /// Whether a filter is the one that it began with.
    pub fn is_as_before(&self, filter: &str) -> bool {
        self.before == filter
    }

    /// Takes a key.
    pub fn on_key(&mut self, key: KeyEvent) -> OverlayOutcome {
        if key.kind == KeyEventKind::Release {
            return OverlayOutcome::Stay;
        }
        match key.code {
            KeyCode::Esc => OverlayOutcome::Filter { text: self.before.clone(), done: true },
            KeyCode::Enter => OverlayOutcome::Filter { text: self.input.text().to_owned(), done: true },
            // Nothing left to delete: as in vi, that ends it.
            KeyCode::Backspace if self.input.is_empty() => OverlayOutcome::Filter { text: String::new(), done: true },
            _ => {
                let changed = self.input.on_key(key);
                self.said(changed)
            }
        }
    }

    /// Takes a paste.
    pub fn on_paste(&mut self, text: &str) -> OverlayOutcome {
        let changed = self.input.paste(text);
        self.said(changed)
    }

    fn said(&self, changed: bool) -> OverlayOutcome {
        if changed {
            OverlayOutcome::Filter { text: self.input.text().to_owned(), done: false }
        } else {
            OverlayOutcome::Stay
        }
    }

    /// Draws it into the first line of the area.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let area = Rect { height: area.height.min(1), ..area }.intersection(frame.area());
        let hint = "⏎ keep  Esc undo ";
        let style = theme.style(Role::Footer);
        frame.buffer_mut().set_style(area, style);
        for x in area.x..area.right() {
            frame.buffer_mut().set_stringn(x, area.y, " ", 1, style);
        }
        let hinted = if area.width > 50 { cells(hint) } else { 0 };
        put(frame.buffer_mut(), area, if hinted > 0 { hint } else { "" }, theme.style(Role::Muted), Align::Right);
        let line = Rect { width: area.width.saturating_sub(hinted + 1), ..area };
        self.input.draw(frame, line, " / ", theme);
    }
}
