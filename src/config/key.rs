//! Names of keys: as keymap files write them, as the terminal sends them, as the footer shows them.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with its modifiers, in the one form in which two equal presses are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// Keys with a name of their own: the name in files, the form on screen, the code. The first name of a code is its own.
const NAMED: &[(&str, &str, KeyCode)] = &[
    ("enter", "⏎", KeyCode::Enter),
    ("return", "⏎", KeyCode::Enter),
    ("esc", "Esc", KeyCode::Esc),
    ("escape", "Esc", KeyCode::Esc),
    ("tab", "Tab", KeyCode::Tab),
    ("backtab", "⇧Tab", KeyCode::BackTab),
    ("space", "Space", KeyCode::Char(' ')),
    ("backspace", "⌫", KeyCode::Backspace),
    ("delete", "Del", KeyCode::Delete),
    ("insert", "Ins", KeyCode::Insert),
    ("up", "↑", KeyCode::Up),
    ("down", "↓", KeyCode::Down),
    ("left", "←", KeyCode::Left),
    ("right", "→", KeyCode::Right),
    ("pgup", "PgUp", KeyCode::PageUp),
    ("pageup", "PgUp", KeyCode::PageUp),
    ("pgdn", "PgDn", KeyCode::PageDown),
    ("pagedown", "PgDn", KeyCode::PageDown),
    ("home", "Home", KeyCode::Home),
    ("end", "End", KeyCode::End),
];

/// Modifiers: the prefix in files, the form on screen.
const MODIFIERS: [(&str, &str, KeyModifiers); 3] =
    [("ctrl-", "^", KeyModifiers::CONTROL), ("alt-", "M-", KeyModifiers::ALT), ("shift-", "⇧", KeyModifiers::SHIFT)];

impl Key {
    fn new(code: KeyCode, modifiers: KeyModifiers) -> Self {
        let mut modifiers = modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        let code = match code {
            // Terminals differ in whether they send Shift beside the character that it made.
            KeyCode::Char(c) if c != ' ' => {
                let shifted = modifiers.contains(KeyModifiers::SHIFT);
                modifiers.remove(KeyModifiers::SHIFT);
                KeyCode::Char(if shifted { c.to_ascii_uppercase() } else { c })
            }
            KeyCode::Tab if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            other => other,
        };
        if code == KeyCode::BackTab {
            modifiers.remove(KeyModifiers::SHIFT);
        }
        Self { code, modifiers }
    }

    /// The key of a file's name for it: `q`, `G`, `ctrl-d`, `shift-tab`, `f5`, `pgdn`.
    pub(super) fn parse(name: &str) -> Result<Self, KeyError> {
        let (mut rest, mut modifiers) = (name, KeyModifiers::NONE);
        while let Some((prefix, _, modifier)) = MODIFIERS.iter().find(|(prefix, _, _)| starts_with(rest, prefix)) {
            modifiers |= *modifier;
            rest = &rest[prefix.len()..];
        }
        let code = code(rest).ok_or_else(|| KeyError::Unknown(rest.to_owned()))?;
        if modifiers == KeyModifiers::CONTROL
            && let Some(twin) = twin(code)
        {
            return Err(KeyError::Twin(name.to_owned(), twin));
        }
        Ok(Self::new(code, modifiers))
    }

    /// Names that a wrong one may have been meant to be: those of special keys, and every modifier with its last part.
    pub(super) fn names_like(word: &str) -> Vec<String> {
        let last = word.rsplit('-').next().unwrap_or_default();
        let modified = MODIFIERS.iter().filter(|_| last != word).map(|(prefix, _, _)| format!("{prefix}{last}"));
        NAMED.iter().map(|(name, _, _)| (*name).to_owned()).chain(modified).collect()
    }

    /// Whether it is shown as one character, so that sequences of such keys need no gap.
    pub(super) fn is_char(self) -> bool {
        self.modifiers.is_empty() && matches!(self.code, KeyCode::Char(c) if c != ' ')
    }
}

impl From<&KeyEvent> for Key {
    fn from(event: &KeyEvent) -> Self {
        Self::new(event.code, event.modifiers)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (_, shown, modifier) in MODIFIERS {
            if self.modifiers.contains(modifier) {
                f.write_str(shown)?;
            }
        }
        if let Some((_, shown, _)) = NAMED.iter().find(|(_, _, code)| *code == self.code) {
            return f.write_str(shown);
        }
        match self.code {
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(n) => write!(f, "F{n}"),
            // No name in a file leads to the other codes.
            other => write!(f, "{other:?}"),
        }
    }
}

/// Why a name is not a key's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum KeyError {
    /// No key has this name.
    #[error("no key `{0}`")]
    Unknown(String),
    /// Terminals send another key's code for it.
    #[error("a terminal cannot tell `{0}` from `{1}`")]
    Twin(String, &'static str),
}

fn starts_with(text: &str, prefix: &str) -> bool {
    // `ctrl-` alone would be Control with no key at all; the key `-` is what follows the last modifier.
    text.len() > prefix.len() && text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

fn code(name: &str) -> Option<KeyCode> {
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_whitespace() && !c.is_control()).then_some(KeyCode::Char(c));
    }
    let name = name.to_ascii_lowercase();
    if let Some((_, _, code)) = NAMED.iter().find(|(known, _, _)| *known == name) {
        return Some(*code);
    }
    let number: u8 = name.strip_prefix('f')?.parse().ok()?;
    (1..=12).contains(&number).then_some(KeyCode::F(number))
}

/// The key whose byte a terminal sends for Control with a character.
fn twin(code: KeyCode) -> Option<&'static str> {
    match code {
        KeyCode::Char('i' | 'I') => Some("tab"),
        KeyCode::Char('m' | 'M') => Some("enter"),
        KeyCode::Char('[') => Some("esc"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_keys_and_are_shown() {
        for (name, code, modifiers, shown) in [
            ("q", KeyCode::Char('q'), KeyModifiers::NONE, "q"),
            ("G", KeyCode::Char('G'), KeyModifiers::SHIFT, "G"),
            ("shift-g", KeyCode::Char('G'), KeyModifiers::NONE, "G"),
            ("ctrl-d", KeyCode::Char('d'), KeyModifiers::CONTROL, "^d"),
            ("Ctrl-D", KeyCode::Char('D'), KeyModifiers::CONTROL, "^D"),
            ("alt-x", KeyCode::Char('x'), KeyModifiers::ALT, "M-x"),
            ("ctrl-alt-x", KeyCode::Char('x'), KeyModifiers::ALT.union(KeyModifiers::CONTROL), "^M-x"),
            ("-", KeyCode::Char('-'), KeyModifiers::NONE, "-"),
            ("ctrl--", KeyCode::Char('-'), KeyModifiers::CONTROL, "^-"),
            ("space", KeyCode::Char(' '), KeyModifiers::NONE, "Space"),
            ("enter", KeyCode::Enter, KeyModifiers::NONE, "⏎"),
            ("shift-tab", KeyCode::BackTab, KeyModifiers::SHIFT, "⇧Tab"),
            ("backtab", KeyCode::BackTab, KeyModifiers::NONE, "⇧Tab"),
            ("shift-up", KeyCode::Up, KeyModifiers::SHIFT, "⇧↑"),
            ("PgDn", KeyCode::PageDown, KeyModifiers::NONE, "PgDn"),
            ("f12", KeyCode::F(12), KeyModifiers::NONE, "F12"),
            ("ü", KeyCode::Char('ü'), KeyModifiers::NONE, "ü"),
        ] {
            let key = Key::parse(name).expect(name);
            assert_eq!(key, Key::from(&KeyEvent::new(code, modifiers)), "{name}");
            assert_eq!(key.to_string(), shown, "{name}");
        }
    }

    #[test]
    fn wrong_names_are_errors() {
        for name in ["", "ctrl-", "f0", "f13", "entr", "ctrl-entr", " ", "\u{1b}", "ctrl-shift-"] {
            assert!(matches!(Key::parse(name), Err(KeyError::Unknown(_))), "{name:?}");
        }
        assert_eq!(Key::parse("ctrl-i"), Err(KeyError::Twin("ctrl-i".to_owned(), "tab")));
        assert!(Key::parse("alt-i").is_ok());
    }
}
