//! The editor of a query: text, completion, and what is wrong with the text. Which language it is, its owner knows.

use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui_textarea::{CursorMove, TextArea};

use crate::analysis::log_query::judge::Mistake;
use crate::text::visible;

pub(super) mod draw;
mod history;

use history::{Edit, History, Moment};

/// Characters that a paste adds at most: twice what a query may have, so that too long a one is told.
const MOST_PASTED: usize = 20_000;
/// Choices that are offered at a time.
const MOST_CHOICES: usize = 40;

/// What may be written at a byte of a text.
pub(super) type Choose<'a> = &'a dyn Fn(&str, usize) -> Option<Choices>;

/// A text of several lines with a cursor.
#[derive(Debug)]
pub(super) struct Editor {
    area: TextArea<'static>,
    /// The first line and cell on screen.
    pub(super) offset: (usize, usize),
    pub(super) choices: Option<Choices>,
    mistake: Option<Mistake>,
    /// Finds what is wrong with a text.
    judge: fn(&str) -> Option<Mistake>,
    history: History,
}

/// What the word at the cursor can become.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choices {
    /// The bytes that a choice replaces.
    range: Range<usize>,
    /// What has been written of it, up to the cursor.
    prefix: String,
    /// Names, and what each is.
    pub(super) words: Vec<(String, String)>,
    pub(super) at: usize,
    /// Whether they are offered before a first letter is written.
    at_once: bool,
}

impl Choices {
    /// Choices for these bytes; `None` where there is none, or what is written is one already.
    pub(super) fn of(range: Range<usize>, prefix: String, mut words: Vec<(String, String)>) -> Option<Self> {
        words.truncate(MOST_CHOICES);
        let done = matches!(words.as_slice(), [(only, _)] if only.eq_ignore_ascii_case(&prefix));
        (!words.is_empty() && !done).then_some(Self { range, prefix, words, at: 0, at_once: false })
    }

    /// The same, offered before a first letter is written.
    pub(super) fn at_once(self) -> Self {
        Self { at_once: true, ..self }
    }
}

impl Editor {
    /// An editor with a text, the cursor at its end.
    pub(super) fn new(text: &str, judge: fn(&str) -> Option<Mistake>) -> Self {
        let mut editor = Self {
            area: TextArea::default(),
            offset: (0, 0),
            choices: None,
            mistake: None,
            judge,
            history: History::default(),
        };
        // Steps are kept here, as the widget has one for each character.
        editor.area.set_max_histories(0);
        editor.set(text);
        editor.history = History::default();
        editor
    }

    /// Replaces the text; what stood there can be had back by undoing.
    pub(super) fn set(&mut self, text: &str) {
        let before = self.now();
        self.put(tidy(text).split('\n').map(str::to_owned).collect());
        self.area.move_cursor(CursorMove::Bottom);
        self.area.move_cursor(CursorMove::End);
        self.changed(Edit::Other, before);
    }

    /// The text as it is.
    fn now(&self) -> Moment {
        Moment { lines: self.area.lines().to_vec(), cursor: self.cursor() }
    }

    /// Puts other lines in place of the text.
    fn put(&mut self, lines: Vec<String>) {
        let killed = self.area.yank_text();
        self.area = TextArea::new(lines);
        self.area.set_max_histories(0);
        self.area.set_yank_text(killed);
    }

    /// Looks at the text anew and makes the edit a step, if it has changed anything.
    fn changed(&mut self, edit: Edit, before: Moment) {
        self.choices = None;
        if before.lines != self.area.lines() {
            self.history.note(edit, before, self.cursor());
        }
        self.look();
    }

    /// Goes a step back, or forth.
    fn step(&mut self, back: bool) {
        let now = self.now();
        let found = if back { self.history.undo(now) } else { self.history.redo(now) };
        let Some(Moment { lines, cursor: (row, column) }) = found else { return };
        self.put(lines);
        self.area.move_cursor(CursorMove::Jump(short(row), short(column)));
        self.choices = None;
        self.look();
    }

    /// The text.
    pub(super) fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Its lines.
    pub(super) fn lines(&self) -> &[String] {
        self.area.lines()
    }

    /// What is wrong with the text, if anything.
    pub(super) const fn mistake(&self) -> Option<&Mistake> {
        self.mistake.as_ref()
    }

    /// Line and character of the cursor.
    pub(super) fn cursor(&self) -> (usize, usize) {
        let cursor = self.area.cursor();
        (cursor.0, cursor.1)
    }

    /// The bytes that are selected.
    pub(super) fn selection(&self) -> Option<Range<usize>> {
        let (from, to) = self.area.selection_range()?;
        Some(self.byte(from)..self.byte(to))
    }

    /// The byte of the text at a line and character.
    pub(super) fn byte(&self, (row, column): (usize, usize)) -> usize {
        let lines = self.area.lines();
        let before: usize = lines.iter().take(row).map(|line| line.len() + 1).sum();
        let line = lines.get(row).map_or("", String::as_str);
        before + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
    }

    /// Takes a key. Up and down move among the choices while there are some.
    pub(super) fn key(&mut self, key: KeyEvent, choose: Choose<'_>) {
        if let Some(choices) = &mut self.choices {
            let last = choices.words.len().saturating_sub(1);
            match key.code {
                KeyCode::Down => return choices.at = if choices.at == last { 0 } else { choices.at + 1 },
                KeyCode::Up => return choices.at = choices.at.checked_sub(1).unwrap_or(last),
                _ => {}
            }
        }
        if let KeyCode::Char(c) = key.code
            && visible(c.encode_utf8(&mut [0; 4])) != c.to_string()
        {
            return;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        match key.code {
            // Terminals send one byte for all three.
            KeyCode::Char('_' | '/' | '7') if control => return self.step(true),
            KeyCode::Char('u') if alt => return self.step(true),
            KeyCode::Char('r') if alt => return self.step(false),
            _ => {}
        }
        let before = self.now();
        if control && key.code == KeyCode::Char('u') {
            // As in shells, which know nothing of the line above.
            if before.cursor.1 > 0 {
                self.area.delete_line_by_head();
            }
        } else {
            self.area.input(key);
        }
        if self.area.lines() == before.lines {
            self.choices = None;
            return;
        }
        let types = matches!(key.code, KeyCode::Char(_) | KeyCode::Backspace) && !control && !alt;
        let edit = match key.code {
            KeyCode::Char(c) if types => Edit::Typed(c),
            KeyCode::Enter => Edit::Typed('\n'),
            KeyCode::Backspace | KeyCode::Delete if !control && !alt => Edit::Deleted,
            _ => Edit::Other,
        };
        self.changed(edit, before);
        self.choices =
            if types { self.choices_for(choose).filter(|it| it.at_once || !it.prefix.is_empty()) } else { None };
    }

    /// Takes a paste.
    pub(super) fn paste(&mut self, text: &str) {
        let start: String = text.chars().take(MOST_PASTED).collect();
        // Terminals send the line ends of a paste as the key that ends a line.
        let start = start.replace("\r\n", "\n").replace('\r', "\n");
        let before = self.now();
        self.area.insert_str(tidy(&start));
        self.changed(Edit::Other, before);
    }

    /// Takes the choice under the cursor, or offers some; `false` where there is nothing to complete.
    pub(super) fn complete(&mut self, choose: Choose<'_>) -> bool {
        let Some(choices) = self.choices.take() else {
            self.choices = self.choices_for(choose);
            return self.choices.is_some();
        };
        let Some((word, _)) = choices.words.get(choices.at) else { return false };
        let cursor = self.byte(self.cursor());
        let before = self.now();
        // The cursor may stand inside the word: what is behind it goes too.
        let text = self.text();
        let written = text.get(choices.range.start..cursor).map_or(0, |text| text.chars().count());
        let behind = text.get(cursor..choices.range.end).map_or(0, |text| text.chars().count());
        for _ in 0..behind {
            self.area.delete_next_char();
        }
        for _ in 0..written {
            self.area.delete_char();
        }
        self.area.insert_str(word);
        self.changed(Edit::Other, before);
        true
    }

    fn choices_for(&self, choose: Choose<'_>) -> Option<Choices> {
        choose(&self.text(), self.byte(self.cursor()))
    }

    /// Puts the cursor where something is wrong.
    pub(super) fn point(&mut self, mistake: Mistake) {
        let text = self.text();
        let mut at = mistake.position.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let row = text[..at].matches('\n').count();
        let column = text[..at].rsplit('\n').next().unwrap_or_default().chars().count();
        self.area.move_cursor(CursorMove::Jump(short(row), short(column)));
        self.mistake = Some(mistake);
    }

    fn look(&mut self) {
        self.mistake = (self.judge)(&self.text());
    }
}

fn short(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// A text without control and direction tricks, line by line.
fn tidy(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let line = line.strip_suffix('\r').unwrap_or(line).replace('\t', "    ");
        visible(&line).into_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
