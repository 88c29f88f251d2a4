//! A list in a box, found by typing: one is picked, or several that are marked.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::action::Action;
use crate::panes::chrome::input::Input;
use crate::panes::chrome::popup::popup;
use crate::text::{clean, width};
use crate::widgets::list::ListState;
use crate::widgets::print::{Align, cells, line, put};
use crate::widgets::selection::select;
use crate::widgets::theme::{Role, Theme};

/// Items that match are looked for among the first so many.
const MOST: usize = 20_000;

/// Something that can be picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// What is typed to find it, and what it is picked by.
    pub(super) name: String,
    /// What stands beside it.
    pub(super) detail: String,
    /// Whether it is among those that were chosen before.
    pub(super) chosen: bool,
}

/// What came of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Picked {
    /// Nothing yet.
    Nothing,
    /// It ends with those that are marked, or with the one under the cursor.
    Taken(Vec<String>),
}

/// A line to type into, and what matches.
#[derive(Debug, Default)]
pub(super) struct Picker {
    input: Input,
    list: ListState<String>,
    found: Vec<String>,
    /// Whether several can be marked.
    several: bool,
    marked: Vec<String>,
    /// Whether the cursor stays on the best match, as nobody has moved it since something was typed.
    at_best: bool,
}

impl Picker {
    /// A list of which several can be picked.
    pub(super) fn several() -> Self {
        Self { several: true, ..Self::default() }
    }

    /// The items that are marked, by name.
    pub(super) fn marked(&self) -> &[String] {
        &self.marked
    }

    /// What is typed.
    pub(super) fn typed(&self) -> &str {
        self.input.text()
    }

    /// Takes a key.
    pub(super) fn key(&mut self, key: KeyEvent, items: &[Item]) -> Picked {
        self.search(items);
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let movement = match key.code {
            KeyCode::Enter if !self.marked.is_empty() => return Picked::Taken(std::mem::take(&mut self.marked)),
            KeyCode::Enter => {
                let current = self.list.key().filter(|key| self.found.contains(key));
                return current.map_or(Picked::Nothing, |name| Picked::Taken(vec![name.clone()]));
            }
            KeyCode::Char('a') if control && self.several => {
                self.mark_chosen(items);
                return Picked::Nothing;
            }
            KeyCode::Tab | KeyCode::Char(' ') if self.several => {
                self.mark();
                Action::Down
            }
            KeyCode::BackTab if self.several => {
                self.mark();
                Action::Up
            }
            KeyCode::Tab | KeyCode::Down => Action::Down,
            KeyCode::Char('n' | 'j') if control => Action::Down,
            KeyCode::BackTab | KeyCode::Up => Action::Up,
            KeyCode::Char('p' | 'k') if control => Action::Up,
            KeyCode::PageDown => Action::PageDown,
            KeyCode::PageUp => Action::PageUp,
            _ => {
                if self.input.on_key(key) {
                    self.at_best = true;
                    self.search(items);
                }
                return Picked::Nothing;
            }
        };
        self.at_best = false;
        self.list.on(movement, &self.found);
        Picked::Nothing
    }

    /// Marks the item under the cursor, or takes its mark off.
    fn mark(&mut self) {
        let Some(name) = self.list.key().filter(|key| self.found.contains(key)) else { return };
        match self.marked.iter().position(|known| known == name) {
            Some(at) => drop(self.marked.remove(at)),
            None => self.marked.push(name.clone()),
        }
    }

    /// Marks those that were chosen before, or takes all marks off where they are marked.
    fn mark_chosen(&mut self, items: &[Item]) {
        let before = self.marked.len();
        for item in items.iter().filter(|item| item.chosen) {
            if !self.marked.contains(&item.name) {
                self.marked.push(item.name.clone());
            }
        }
        if self.marked.len() == before {
            self.marked.clear();
        }
    }

    /// Takes a paste.
    pub(super) fn paste(&mut self, text: &str) {
        self.at_best = true;
        self.input.paste(text);
    }

    fn search(&mut self, items: &[Item]) {
        let pattern =
            Pattern::parse(self.input.text().trim_end_matches('*'), CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT.match_paths());
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, usize)> = Vec::new();
        for (at, item) in items.iter().enumerate().take(MOST) {
            if let Some(score) = pattern.score(Utf32Str::new(&item.name, &mut buffer), &mut matcher) {
                scored.push((score, at));
            }
        }
        scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        self.found = scored.into_iter().filter_map(|(_, at)| items.get(at)).map(|item| item.name.clone()).collect();
        if self.at_best {
            self.list.select_row(0, &self.found);
        }
        self.list.sync(&self.found);
    }

    /// Draws it over the area; `empty` is said where nothing matches.
    pub(super) fn draw(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        items: &[Item],
        (title, hint, empty): (&str, &str, &str),
        theme: &Theme,
    ) {
        self.search(items);
        let height = u16::try_from(items.len() + 4).unwrap_or(u16::MAX).min(area.height * 4 / 5).max(8);
        let inner = popup(frame, area, (110, height), title, hint, theme);
        let Some(first) = line(inner, 0) else { return };
        self.input.draw(frame, first, "› ", theme);
        let rows = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        let buffer = frame.buffer_mut();
        if self.found.is_empty() {
            put(buffer, rows, empty, theme.style(Role::Muted), Align::Left);
            return;
        }
        let view = self.list.visible(self.found.len(), usize::from(rows.height));
        for (row, index) in view.enumerate() {
            let (Some(space), Some(name)) = (line(rows, row), self.found.get(index)) else { return };
            let Some(item) = items.iter().find(|item| item.name == *name) else { continue };
            let (mark, role) = match (self.marked.contains(name), item.chosen && self.several) {
                (true, _) => ("● ", Role::Strong),
                (false, true) => ("○ ", Role::Text),
                (false, false) => ("  ", Role::Text),
            };
            let used = put(buffer, space, &format!("{mark}{}", clean(&item.name)), theme.style(role), Align::Left);
            let detail = clean(&item.detail);
            let rest = Rect { x: space.x + used, width: space.width.saturating_sub(used), ..space };
            if usize::from(rest.width) > width(&detail) + 2 {
                put(buffer, rest, &detail, theme.style(Role::Muted), Align::Right);
            } else if rest.width > 12 {
                let rest = Rect { x: rest.x + 2, width: rest.width - 2, ..rest };
                put(buffer, rest, &detail, theme.style(Role::Muted), Align::Left);
            }
            if index == self.list.row() {
                select(buffer, space, theme);
            }
        }
        let marked = if self.marked.is_empty() { String::new() } else { format!("{} marked · ", self.marked.len()) };
        let count = format!("{marked}{} of {}", self.found.len(), items.len());
        if first.width > cells(&count) + 20 {
            put(frame.buffer_mut(), first, &count, theme.style(Role::Muted), Align::Right);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items() -> Vec<Item> {
        let item = |name: &str, chosen| Item { name: name.to_owned(), detail: String::new(), chosen };
        vec![item("/a", true), item("/b", true), item("/c", false)]
    }

    fn typed(picker: &mut Picker, keys: &[KeyCode]) -> Picked {
        keys.iter().map(|code| picker.key((*code).into(), &items())).last().unwrap_or(Picked::Nothing)
    }

    fn taken(names: &[&str]) -> Picked {
        Picked::Taken(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn enter_takes_what_is_marked_or_else_what_is_under_the_cursor() {
        use KeyCode::{BackTab, Char, Down, Enter, Tab};
        let cases: [(&[KeyCode], Picked); 6] = [
            (&[Down, Enter], taken(&["/b"])),
            (&[Tab, Char(' '), Enter], taken(&["/a", "/b"])),
            (&[Tab, BackTab, Enter], taken(&["/a", "/b"])),
            (&[Tab, Down, Enter], taken(&["/a"])),
            (&[Char('c'), Tab, Enter], taken(&["/c"])),
            (&[Char('x'), Enter], Picked::Nothing),
        ];
        for (keys, expected) in cases {
            assert_eq!(typed(&mut Picker::several(), keys), expected, "{keys:?}");
        }
        let mut picker = Picker::several();
        picker.key(KeyEvent::new(Char('a'), KeyModifiers::CONTROL), &items());
        assert_eq!(typed(&mut picker, &[Down, Down, Tab, Enter]), taken(&["/a", "/b", "/c"]));
        assert_eq!(typed(&mut Picker::default(), &[Tab, Enter]), taken(&["/b"]), "of one list nothing is marked");
    }
}
