//! One line about something that has just happened.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::text::clean;
use crate::widgets::print::{Align, cells, line, put};
use crate::widgets::theme::{Role, Theme};

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Done,
    /// Something needs a look.
    Warning,
    /// Something could not be done.
    Failed,
}

/// One line that goes away by itself: the program says when.
///
/// ```text
///  ✓ copied 36 characters
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

impl Notice {
    /// The cells that it takes, air included.
    pub fn width(&self) -> u16 {
        cells(&clean(&self.text)) + 4
    }

    /// Draws it over the first line of the area.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, theme: &Theme) {
        let Some(row) = line(area.intersection(buffer.area), 0) else { return };
        let (glyph, role) = match self.tone {
            Tone::Done => ("✓", Role::Good),
            Tone::Warning => ("!", Role::Banner),
            Tone::Failed => ("✗", Role::Failed),
        };
        for x in row.x..row.right() {
            buffer.set_stringn(x, row.y, " ", 1, theme.style(Role::Footer));
        }
        let text = format!(" {glyph} {}", clean(&self.text));
        put(buffer, row, &text, theme.style(Role::Footer).patch(theme.style(role)), Align::Left);
    }
}
