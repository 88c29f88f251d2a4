//! Every key, by what it is for.

use std::borrow::Cow;
use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::OverlayOutcome;
use super::popup::popup;
use crate::app::action::Action;
use crate::widgets::print::{Align, cells, line, put, put_next};
use crate::widgets::theme::{Role, Theme};

/// Cells that one column of help needs, with the gap after it.
const COLUMN: u16 = 78;

/// The help screen: actions under their headings, each with its keys.
///
/// ```text
/// ┌ Keys ────────────────────────────────────────────────────────────┐
/// │ Screens and panes                  Time                          │
/// │ 1         Shows the Overview.      t      Chooses the time range.│
/// │ Tab       Moves to the next pane.  [      Moves the window earli…│
/// └───────────────────────────────────────────── j k move  Esc close ┘
/// ```
#[derive(Debug, Clone)]
pub struct Help {
    lines: Vec<HelpLine>,
    scroll: usize,
    /// The lowest that it can be scrolled, as of the last drawing.
    lowest: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum HelpLine {
    Heading(&'static str),
    Key { keys: Cow<'static, str>, help: &'static str },
    Blank,
}

impl Help {
    /// Help from the keymap: the keys of each action, empty where it has none.
    pub fn new(keys: impl Fn(Action) -> String) -> Self {
        Self::saying(keys, Action::help)
    }

    /// The same, with what each action does where one is.
    pub fn saying(keys: impl Fn(Action) -> String, says: impl Fn(Action) -> &'static str) -> Self {
        let mut lines = Vec::new();
        let mut group = None;
        let mut actions: Vec<Action> = Action::ALL.to_vec();
        actions.sort_by_key(|action| action.group());
        for action in actions {
            if group != Some(action.group()) {
                if group.is_some() {
                    lines.push(HelpLine::Blank);
                }
                group = Some(action.group());
                lines.push(HelpLine::Heading(action.group().title()));
            }
            lines.push(HelpLine::Key { keys: keys(action).into(), help: says(action) });
        }
        Self { lines, scroll: 0, lowest: 0 }
    }

    /// With the keys of what is typed in the pane in front, which no keymap has.
    #[must_use]
    pub fn typing(mut self, keys: &[(&'static str, &'static str)]) -> Self {
        if !keys.is_empty() {
            let keys = keys.iter().map(|(keys, help)| HelpLine::Key { keys: Cow::Borrowed(keys), help });
            let heading = std::iter::once(HelpLine::Heading("While typing here"));
            self.lines.splice(0..0, heading.chain(keys).chain(std::iter::once(HelpLine::Blank)));
        }
        self
    }

    /// Takes a key.
    pub fn on_key(&mut self, key: KeyEvent) -> OverlayOutcome {
        if key.kind == KeyEventKind::Release {
            return OverlayOutcome::Stay;
        }
        let to = match key.code {
            KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q' | '?') => return OverlayOutcome::Close,
            KeyCode::Char('j') | KeyCode::Down => self.scroll + 1,
            KeyCode::Char('k') | KeyCode::Up => self.scroll.saturating_sub(1),
            KeyCode::PageDown | KeyCode::Char(' ' | 'd') => self.scroll + 10,
            KeyCode::PageUp | KeyCode::Char('u') => self.scroll.saturating_sub(10),
            KeyCode::Char('g') | KeyCode::Home => 0,
            KeyCode::Char('G') | KeyCode::End => usize::MAX,
            _ => return OverlayOutcome::Stay,
        };
        self.scroll = to.min(self.lowest);
        OverlayOutcome::Stay
    }

    /// Draws it over the area.
    pub fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let columns = (area.width / COLUMN).clamp(1, 3);
        let parts = self.columns(usize::from(columns));
        let height = parts.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
        let wanted = u16::try_from(height + 2).unwrap_or(u16::MAX);
        let wide = columns * COLUMN + 2;
        let inner = popup(frame, area, (wide, wanted), "Keys", "j k move  Esc close", theme);
        self.lowest = height.saturating_sub(usize::from(inner.height));
        self.scroll = self.scroll.min(self.lowest);
        let key_width = self.lines.iter().map(HelpLine::key_width).max().unwrap_or(0).clamp(3, 16);
        for (index, part) in parts.into_iter().enumerate() {
            let left = (index as u16 * (inner.width / columns)).min(inner.width);
            let column = Rect { x: inner.x + left, width: inner.width / columns, ..inner };
            for (row, shown) in self.lines[part].iter().skip(self.scroll).enumerate() {
                let Some(space) = line(column, row) else { break };
                shown.draw(frame, space, key_width, theme);
            }
        }
    }
}

impl Help {
    /// The lines of each column: whole groups, and no column higher than it must be.
    fn columns(&self, count: usize) -> Vec<Range<usize>> {
        let all = self.lines.len();
        let even = all.div_ceil(count.max(1));
        (even..=all).find_map(|height| self.packed(height, count)).unwrap_or_else(|| std::iter::once(0..all).collect())
    }

    /// The groups one after the other in columns of this height; `None` where these are not enough.
    fn packed(&self, height: usize, count: usize) -> Option<Vec<Range<usize>>> {
        let mut columns = Vec::new();
        let mut start = 0;
        let mut end = 0;
        for group in self.lines.split(|line| *line == HelpLine::Blank) {
            let after = end + group.len() + usize::from(end > start);
            if after - start > height && end > start {
                columns.push(start..end);
                // The blank line between two columns is not shown.
                start = end + 1;
                end = start + group.len();
            } else {
                end = after;
            }
            if end - start > height {
                return None;
            }
        }
        columns.push(start..end);
        (columns.len() <= count).then_some(columns)
    }
}

impl HelpLine {
    fn key_width(&self) -> u16 {
        match self {
            Self::Key { keys, .. } => cells(keys),
            Self::Heading(_) | Self::Blank => 0,
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, space: Rect, key_width: u16, theme: &Theme) {
        let buffer = frame.buffer_mut();
        match self {
            Self::Blank => {}
            Self::Heading(title) => {
                put(buffer, space, title, theme.style(Role::Title), Align::Left);
            }
            Self::Key { keys, help } => {
                let keyed = Rect { width: key_width.min(space.width), ..space };
                let shown = if keys.is_empty() { "–" } else { keys.as_ref() };
                put(buffer, keyed, shown, theme.style(Role::Key), Align::Left);
                let left = (key_width + 2).min(space.width);
                let space = Rect { x: space.x + left, width: space.width - left, ..space };
                put_next(buffer, space, help, theme.style(Role::Text));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_hold_whole_groups_and_every_line() {
        let help = Help::new(|_| String::new()).typing(&[("^a", "To the head of the line.")]);
        for count in 1..=3 {
            let columns = help.columns(count);
            assert!((1..=count).contains(&columns.len()), "{columns:?}");
            for column in &columns {
                assert!(matches!(help.lines[column.start], HelpLine::Heading(_)), "{columns:?}");
            }
            let shown: usize = columns.iter().map(ExactSizeIterator::len).sum();
            assert_eq!(shown + columns.len() - 1, help.lines.len(), "only the blank lines between are left out");
        }
    }
}
