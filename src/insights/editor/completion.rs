//! What may be written at a place in a query.

use std::ops::Range;

use super::{Kind, Word, WordKind, highlight, vocabulary};

/// What fits at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The bytes that a choice replaces: the word that the cursor is in or at the end of; empty where there is none.
    pub range: Range<usize>,
    /// What has been written of it, up to the cursor.
    pub prefix: String,
    /// What kind of word comes here.
    pub fits: Fits,
}

/// What kind of word comes at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fits {
    /// The name of a command: at the start and after a pipe.
    Command,
    /// A function or a field.
    Value,
    /// A function, an aggregate or a field: in `stats` before `by`.
    Aggregate,
    /// Nothing that is known: inside a text, a number, a comment, after `limit` or `as`.
    Nothing,
}

impl Completion {
    /// The words of the language that fit and begin with what is written, in any case: exact beginnings first, in the
    /// order of the vocabulary. Fields are the caller's to add, where [`Completion::takes_fields`] says so.
    pub fn words(&self) -> Vec<&'static Word> {
        let begins = |word: &&Word| {
            word.name.get(..self.prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(&self.prefix))
        };
        vocabulary().iter().filter(|word| self.fits.takes(word.kind)).filter(begins).collect()
    }

    /// Whether names of fields fit too.
    pub fn takes_fields(&self) -> bool {
        matches!(self.fits, Fits::Value | Fits::Aggregate)
    }
}

impl Fits {
    fn takes(self, kind: WordKind) -> bool {
        match self {
            Self::Command => kind == WordKind::Command,
            Self::Value => matches!(kind, WordKind::Function | WordKind::Keyword),
            Self::Aggregate => matches!(kind, WordKind::Function | WordKind::Aggregate | WordKind::Keyword),
            Self::Nothing => false,
        }
    }
}

/// What may be written at the cursor, a byte offset; one that is no boundary of characters counts as the one before it.
pub fn completion_at(text: &str, cursor: usize) -> Completion {
    let mut cursor = cursor.min(text.len());
    while !text.is_char_boundary(cursor) {
        cursor -= 1;
    }
    let parts = highlight(text);
    let touched = parts.iter().find(|(range, _)| range.start < cursor && cursor <= range.end);
    let nothing = Completion { range: cursor..cursor, prefix: String::new(), fits: Fits::Nothing };
    let mut range = cursor..cursor;
    match touched {
        Some((_, Kind::Text | Kind::Number | Kind::Regex | Kind::Comment)) => return nothing,
        Some((word, Kind::Command | Kind::Function | Kind::Field | Kind::Keyword | Kind::Error)) => {
            range = word.clone();
        }
        Some((_, Kind::Operator | Kind::Pipe | Kind::Punctuation)) | None => {}
    }
    let prefix = text[range.start..cursor].to_owned();
    let before: Vec<&(Range<usize>, Kind)> =
        parts.iter().filter(|(part, kind)| part.end <= range.start && *kind != Kind::Comment).collect();
    let fits = fits(text, &before);
    if fits == Fits::Nothing { nothing } else { Completion { range, prefix, fits } }
}

/// What the words before a place ask for.
fn fits(text: &str, before: &[&(Range<usize>, Kind)]) -> Fits {
    let from = before.iter().rposition(|(_, kind)| *kind == Kind::Pipe).map_or(0, |at| at + 1);
    let Some((command, rest)) = before[from..].split_first() else { return Fits::Command };
    let is = |part: &(Range<usize>, Kind), name: &str| text[part.0.clone()].eq_ignore_ascii_case(name);
    if is(command, "limit") || is(command, "head") || is(command, "source") {
        return Fits::Nothing;
    }
    if rest.last().is_some_and(|last| is(last, "as") || is(last, "into")) {
        return Fits::Nothing;
    }
    if is(command, "stats") && !rest.iter().any(|part| part.1 == Kind::Keyword && is(part, "by")) {
        return Fits::Aggregate;
    }
    Fits::Value
}
