//! Every action, found by typing.

use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::OverlayOutcome;
use super::input::Input;
use super::popup::popup;
use crate::app::action::Action;
use crate::widgets::list::ListState;
use crate::widgets::print::{Align, cells, line, put, put_marked};
use crate::widgets::theme::{Role, Theme};

/// The palette: type a few letters of what you want, Enter runs it.
///
/// ```text
/// ┌ Commands ────────────────────────────────────────────────┐
/// │ : frz                                                    │
/// │ freeze           Freezes the screen while data …   Space │
/// └────────────────────────────────────── ⏎ run  Esc close ──┘
/// ```
#[derive(Debug, Clone)]
pub struct Palette {
    input: Input,
    /// Each action with its keys and what it does.
    entries: Vec<(Action, String, &'static str)>,
    found: Vec<Found>,
    actions: Vec<Action>,
    list: ListState<Action>,
}

/// An action that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    action: Action,
    keys: String,
    help: &'static str,
    score: u32,
    name_marks: Vec<Range<usize>>,
    help_marks: Vec<Range<usize>>,
}

impl Palette {
    /// A palette of all actions; `keys` are those of an action, empty where it has none.
    pub fn new(keys: impl Fn(Action) -> String) -> Self {
        Self::saying(keys, Action::help)
    }

    /// The same, with what each action does where one is.
    pub fn saying(keys: impl Fn(Action) -> String, says: impl Fn(Action) -> &'static str) -> Self {
        let entries = Action::ALL.iter().map(|action| (*action, keys(*action), says(*action))).collect();
        let mut palette =
            Self { input: Input::default(), entries, found: Vec::new(), actions: Vec::new(), list: ListState::new() };
        palette.search();
        palette
    }

    fn search(&mut self) {
        let pattern = Pattern::parse(self.input.text(), CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        self.found = self
            .entries
            .iter()
            .filter_map(|(action, keys, said)| {
                let name = marks(&pattern, action.name(), &mut matcher);
                let help = marks(&pattern, said, &mut matcher);
                // A name is shorter and chosen by whoever knows it: what is found there comes first.
                let score = name.as_ref().map_or(0, |(score, _)| score + 20).max(help.as_ref().map_or(0, |h| h.0));
                (name.is_some() || help.is_some()).then(|| Found {
                    action: *action,
                    keys: keys.clone(),
                    help: said,
                    score,
                    name_marks: name.map(|(_, marks)| marks).unwrap_or_default(),
                    help_marks: help.map(|(_, marks)| marks).unwrap_or_default(),
                })
            })
            .collect();
        if !self.input.is_empty() {
            self.found.sort_by_key(|found| std::cmp::Reverse(found.score));
        }
        self.actions = self.found.iter().map(|found| found.action).collect();
        self.list.select_row(0, &self.actions);
    }

    /// Takes a key.
    pub fn on_key(&mut self, key: KeyEvent) -> OverlayOutcome {
        if key.kind == KeyEventKind::Release {
            return OverlayOutcome::Stay;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let movement = match key.code {
            KeyCode::Esc => return OverlayOutcome::Close,
            KeyCode::Enter => {
                let chosen = self.found.get(self.list.row());
                return chosen.map_or(OverlayOutcome::Stay, |found| OverlayOutcome::Run(found.action));
            }
            KeyCode::Backspace if self.input.is_empty() => return OverlayOutcome::Close,
            KeyCode::Down | KeyCode::Tab => Action::Down,
            KeyCode::Char('n' | 'j') if control => Action::Down,
            KeyCode::Up | KeyCode::BackTab => Action::Up,
            KeyCode::Char('p' | 'k') if control => Action::Up,
            KeyCode::PageDown => Action::PageDown,
            KeyCode::PageUp => Action::PageUp,
            _ => {
                if self.input.on_key(key) {
                    self.search();
                }
                return OverlayOutcome::Stay;
            }
        };
        self.list.on(movement, &self.actions);
        OverlayOutcome::Stay
    }

    /// Takes a paste.
    pub fn on_paste(&mut self, text: &str) -> OverlayOutcome {
        if self.input.paste(text) {
            self.search();
        }
        OverlayOutcome::Stay
    }

    /// Draws it over the area.
    pub fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        // As high as all entries, so that it does not jump while one types.
        let height = u16::try_from(self.entries.len() + 3).unwrap_or(u16::MAX).min(area.height.max(6) * 3 / 4);
        let inner = popup(frame, area, (104, height), "Commands", "⏎ run  Esc close", theme);
        let Some(first) = line(inner, 0) else { return };
        self.input.draw(frame, first, ": ", theme);
        let rows = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
        if self.found.is_empty() {
            put(frame.buffer_mut(), rows, "No command is called that.", theme.style(Role::Muted), Align::Left);
            return;
        }
        let view = self.list.visible(self.found.len(), usize::from(rows.height));
        for (row, index) in view.enumerate() {
            let (Some(space), Some(found)) = (line(rows, row), self.found.get(index)) else { return };
            found.draw(frame, space, theme);
            if index == self.list.row() {
                frame.buffer_mut().set_style(space, theme.style(Role::Selection));
            }
        }
    }
}

impl Found {
    fn draw(&self, frame: &mut Frame<'_>, space: Rect, theme: &Theme) {
        const NAME: u16 = 18;
        let buffer = frame.buffer_mut();
        let marked = theme.style(Role::Match);
        let name = Rect { width: NAME.min(space.width), ..space };
        let strong = theme.style(Role::Strong);
        put_marked(buffer, name, self.action.name(), strong, Align::Left, (&self.name_marks, marked));
        let left = (NAME + 1).min(space.width);
        let mut rest = Rect { x: space.x + left, width: space.width - left, ..space };
        let need = cells(&self.keys);
        if rest.width > need * 2 {
            put(buffer, rest, &self.keys, theme.style(Role::Key), Align::Right);
            rest.width -= need + 1;
        }
        let muted = theme.style(Role::Text);
        put_marked(buffer, rest, self.help, muted, Align::Left, (&self.help_marks, marked));
    }
}

/// How well a text matches, and the bytes that do.
fn marks(pattern: &Pattern, text: &str, matcher: &mut Matcher) -> Option<(u32, Vec<Range<usize>>)> {
    let (mut buffer, mut indices) = (Vec::new(), Vec::new());
    let score = pattern.indices(Utf32Str::new(text, &mut buffer), matcher, &mut indices)?;
    let ranges = text.char_indices().enumerate().filter(|(n, _)| u32::try_from(*n).is_ok_and(|n| indices.contains(&n)));
    Some((score, ranges.map(|(_, (at, c))| at..at + c.len_utf8()).collect()))
}
