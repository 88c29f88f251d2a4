//! Which keys do what.

use crossterm::event::KeyEvent;

use super::chain::{Layer, layer, layers};
use super::document::Section;
use super::key::{Key, KeyError};
use super::problem::{self, Place, Problem};
use super::shelf::{Asset, Shelf};
use super::value::Value;
use crate::app::action::Action;

/// Keys and sequences of keys with their actions.
#[derive(Debug, Clone, PartialEq)]
pub struct Keymap {
    /// Its name: the file's, without `.toml`.
    pub name: String,
    bindings: Vec<Binding>,
}

/// What the keys typed so far mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// An action.
    Action(Action),
    /// The beginning of a longer sequence.
    Prefix,
    /// Nothing.
    None,
}

#[derive(Debug, Clone, PartialEq)]
struct Binding {
    keys: Vec<Key>,
    action: Action,
    shown: String,
}

/// A line of a `[keys]` table.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    keys: Vec<Key>,
    /// As the file writes them.
    written: String,
    /// `None` takes an inherited binding away.
    action: Option<Action>,
    place: Place,
}

impl Keymap {
    /// A keymap in which Control-C quits and nothing else is bound.
    pub fn bare(name: &str) -> Self {
        let mut keymap = Self { name: name.to_owned(), bindings: Vec::new() };
        if let Ok(key) = Key::parse("ctrl-c") {
            keymap.bind(vec![key], Action::Quit);
        }
        keymap
    }

    /// Reads a keymap and those that it builds on.
    pub fn read(shelf: &Shelf, asset: Asset) -> (Self, Vec<Problem>) {
        let name = asset.name.clone();
        let whole = Place::whole(&asset.file);
        let (levels, mut problems) = layers(shelf, asset, read_layer);
        let mut lines: Vec<Line> = Vec::new();
        for line in levels.into_iter().flatten() {
            if !lines.iter().any(|nearer| nearer.keys == line.keys) {
                lines.push(line);
            }
        }
        lines.retain(|line| line.action.is_some());
        problems.extend(shadowed(&lines));
        let mut keymap = Self { name: name.clone(), bindings: Vec::new() };
        for Line { keys, action, .. } in lines {
            keymap.bind(keys, action.unwrap_or(Action::Quit));
        }
        if keymap.first_key(Action::Quit).is_none() {
            problems.push(Problem::new(whole, "no key quits; `ctrl-c` does now"));
            keymap.bindings.extend(Self::bare(&name).bindings);
        }
        problem::sort(&mut problems);
        (keymap, problems)
    }

    fn bind(&mut self, keys: Vec<Key>, action: Action) {
        let gap = if keys.iter().all(|key| key.is_char()) { "" } else { " " };
        let shown = keys.iter().map(Key::to_string).collect::<Vec<_>>().join(gap);
        self.bindings.push(Binding { keys, action, shown });
    }

    /// What the keys typed so far mean; empty for none.
    pub fn find(&self, typed: &[KeyEvent]) -> Found {
        let typed: Vec<Key> = typed.iter().map(Key::from).collect();
        if typed.is_empty() {
            return Found::None;
        }
        if let Some(binding) = self.bindings.iter().find(|binding| binding.keys == typed) {
            return Found::Action(binding.action);
        }
        if self.bindings.iter().any(|binding| binding.keys.starts_with(&typed)) { Found::Prefix } else { Found::None }
    }

    /// The keys of an action as they are shown, the first of the nearest file first.
    pub fn keys_for(&self, action: Action) -> Vec<String> {
        self.shown(action).map(str::to_owned).collect()
    }

    /// The key that stands for an action in the footer.
    pub fn first_key(&self, action: Action) -> Option<&str> {
        self.shown(action).next()
    }

    fn shown(&self, action: Action) -> impl Iterator<Item = &str> {
        self.bindings.iter().filter(move |binding| binding.action == action).map(|binding| binding.shown.as_str())
    }
}

fn read_layer(asset: &Asset) -> Layer<Vec<Line>> {
    layer(asset, read_lines)
}

fn read_lines(mut root: Section<'_>) -> Vec<Line> {
    let table = root.section("keys");
    root.done();
    let mut lines: Vec<Line> = Vec::new();
    for (key, value) in table.map(Section::entries).unwrap_or_default() {
        let Some(line) = read_line(&key, &value) else { continue };
        match lines.iter().find(|earlier| earlier.keys == line.keys) {
            Some(earlier) => key.fail(format!("`{}` is the same key as `{}` above", line.written, earlier.written)),
            None => lines.push(line),
        }
    }
    lines
}

fn read_line(key: &Value<'_>, value: &Value<'_>) -> Option<Line> {
    let keys: Result<Vec<Key>, KeyError> = key.key().split_whitespace().map(Key::parse).collect();
    let keys = match keys {
        Ok(keys) if keys.is_empty() => {
            key.fail("a key must not be empty; the space bar is `space`");
            None
        }
        Ok(keys) => Some(keys),
        Err(KeyError::Unknown(word)) => {
            let names = Key::names_like(&word);
            key.unknown(format!("no key `{word}`"), &word, names.iter().map(String::as_str));
            None
        }
        Err(error @ KeyError::Twin(..)) => {
            key.fail(error.to_string());
            None
        }
    };
    let word = value.text()?;
    let action = if word == "none" { None } else { Some(Action::parse(&word)) };
    if action == Some(None) {
        let names = Action::ALL.iter().map(|action| action.name());
        value.unknown(format!("no action `{word}`"), &word, names);
        return None;
    }
    Some(Line { keys: keys?, written: key.key().to_owned(), action: action.flatten(), place: key.place() })
}

/// Sequences that can never be typed, because a shorter one acts first.
fn shadowed(lines: &[Line]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for line in lines {
        let shorter =
            lines.iter().find(|other| other.keys.len() < line.keys.len() && line.keys.starts_with(&other.keys));
        let Some(shorter) = shorter else { continue };
        let (long, short) = (&line.written, &shorter.written);
        let message =
            format!("`{long}` can never be typed, for `{short}` acts first; unbind it with \"{short}\" = \"none\"");
        problems.push(Problem::new(line.place.clone(), message));
    }
    problems
}
