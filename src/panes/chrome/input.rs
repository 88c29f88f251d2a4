//! One line of text that is typed.

use crossterm::event::{Event, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::backend::crossterm::EventHandler;

use crate::text::visible;
use crate::text::width::width;
use crate::widgets::print::{Align, line, put, put_next, wrap};
use crate::widgets::theme::{Role, Theme};

/// How many characters a line takes; what is typed or pasted beyond is dropped.
const LONGEST: usize = 256;
/// The same for an expression: GetMetricData takes this many.
const LONGEST_EXPRESSION: usize = 2_048;

/// A line of text with a cursor. Only characters that can be shown as they are get in, and only so many.
#[derive(Debug, Clone)]
pub struct Input {
    line: tui_input::Input,
    longest: usize,
}

impl Default for Input {
    fn default() -> Self {
        Self { line: tui_input::Input::default(), longest: LONGEST }
    }
}

impl Input {
    /// A line with a text, the cursor at its end.
    pub fn new(text: &str) -> Self {
        let mut input = Self::default();
        input.paste(text);
        input
    }

    /// A line with room for an expression.
    pub fn expression(text: &str) -> Self {
        let mut input = Self { longest: LONGEST_EXPRESSION, ..Self::default() };
        input.paste(text);
        input
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.line.value()
    }

    /// Whether nothing has been typed.
    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// Takes a key; returns whether the text changed.
    pub fn on_key(&mut self, key: KeyEvent) -> bool {
        let before = self.line.clone();
        self.line.handle_event(&Event::Key(key));
        if self.text().chars().count() > self.longest || visible(self.text()) != self.text() {
            self.line = before;
            return false;
        }
        self.text() != before.value()
    }

    /// Takes a paste at the cursor, cleaned and cut; returns whether the text changed.
    pub fn paste(&mut self, pasted: &str) -> bool {
        let room = self.longest.saturating_sub(self.text().chars().count());
        if room == 0 {
            return false;
        }
        // A paste can be of any size: no more of it is looked at than could ever fit.
        let start: String = pasted.chars().take(self.longest * 4).collect();
        let line: String = start.split(['\n', '\r', '\t']).collect::<Vec<_>>().join(" ");
        let clean: String = visible(line.trim()).chars().take(room).collect();
        if clean.is_empty() {
            return false;
        }
        let (head, tail): (String, String) = (
            self.text().chars().take(self.line.cursor()).collect(),
            self.text().chars().skip(self.line.cursor()).collect(),
        );
        let cursor = head.chars().count() + clean.chars().count();
        self.line = tui_input::Input::new(format!("{head}{clean}{tail}")).with_cursor(cursor);
        true
    }

    /// Draws the line, and beneath it in two lines what is to be said of the text.
    pub fn draw_judged(&self, frame: &mut Frame<'_>, area: Rect, (said, role): (&str, Role), theme: &Theme) {
        let Some(first) = line(area, 0) else { return };
        self.draw(frame, first, "› ", theme);
        for (row, part) in wrap(said, usize::from(area.width)).iter().take(2).enumerate() {
            if let Some(space) = line(area, row + 1) {
                put(frame.buffer_mut(), space, part, theme.style(role), Align::Left);
            }
        }
    }

    /// Draws prompt and text, and puts the terminal's cursor where the next character goes.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, prompt: &str, theme: &Theme) {
        let area = area.intersection(frame.area());
        if area.is_empty() {
            return;
        }
        let buffer = frame.buffer_mut();
        let space = put_next(buffer, area, prompt, theme.style(Role::Key));
        if space.is_empty() {
            return;
        }
        // The text scrolls so that the cursor stays inside, with a cell for itself.
        let room = usize::from(space.width) - 1;
        let before: String = self.text().chars().take(self.line.cursor()).collect();
        let mut from = 0;
        while width(&before[from..]) > room {
            from += before[from..].chars().next().map_or(1, char::len_utf8);
        }
        put_next(buffer, space, &self.text()[from..], theme.style(Role::Strong));
        let x = space.x + u16::try_from(width(&before[from..])).unwrap_or(0).min(space.width - 1);
        frame.set_cursor_position((x, space.y));
    }
}
