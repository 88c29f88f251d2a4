//! What each part of an expression is, whether or not the whole can be read.

use std::ops::Range;

use super::words::{self, Sort};

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A keyword.
    Keyword,
    /// `service`, `edge`, `annotation` and the others that take more than an operator.
    Complex,
    /// `AND`, `OR`, `CONTAINS`, `BEGINSWITH`, `ENDSWITH`, `true`, `false`, `id`.
    Word,
    /// A text in quotes, closed or not.
    Text,
    /// A number.
    Number,
    /// A sign that compares or negates.
    Operator,
    /// Brackets and commas.
    Punctuation,
    /// A word that is none of the language, such as the key of an annotation.
    Name,
}

/// The words that join and compare.
pub(super) const JOINS: [&str; 2] = ["AND", "OR"];
/// The operators that are words.
pub(super) const TESTS: [&str; 3] = ["CONTAINS", "BEGINSWITH", "ENDSWITH"];

/// The parts of an expression in their order, without the blanks between them.
pub fn parts(text: &str) -> Vec<(Range<usize>, Kind)> {
    let mut found: Vec<(Range<usize>, Kind)> = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let blank = rest.len() - rest.trim_start().len();
        if blank > 0 {
            at += blank;
            continue;
        }
        let (length, kind) = part(rest);
        let in_brackets = found.last().is_some_and(|(range, _)| &text[range.clone()] == "[");
        let kind = if in_brackets && kind != Kind::Text && kind != Kind::Punctuation { Kind::Name } else { kind };
        found.push((at..at + length, kind));
        at += length;
    }
    found
}

/// How long the part is that a text begins with, and what it is.
fn part(rest: &str) -> (usize, Kind) {
    let Some(first) = rest.chars().next() else { return (0, Kind::Name) };
    if matches!(first, '"' | '\'') {
        return (closing(rest, first), Kind::Text);
    }
    for sign in ["!=", "<=", ">=", "=", "<", ">", "!"] {
        if rest.starts_with(sign) {
            return (sign.len(), Kind::Operator);
        }
    }
    let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    let length = rest.find(|c| !is_inside(c)).unwrap_or(rest.len());
    if length == 0 {
        return (first.len_utf8(), Kind::Punctuation);
    }
    (length, kind_of(&rest[..length]))
}

fn kind_of(word: &str) -> Kind {
    if word.parse::<f64>().is_ok() {
        return Kind::Number;
    }
    match words::find(word).map(|word| word.sort) {
        Some(Sort::Flag(_) | Sort::Number(_) | Sort::Text(_)) => return Kind::Keyword,
        Some(_) => return Kind::Complex,
        None if words::annotation_key(word).is_some() => return Kind::Complex,
        None => {}
    }
    let others = ["true", "false", "id"];
    let is_word = |known: &&str| known.eq_ignore_ascii_case(word);
    if JOINS.iter().chain(&TESTS).chain(&others).any(is_word) { Kind::Word } else { Kind::Name }
}

/// The length of a text in quotes; to the end where it is not closed.
fn closing(rest: &str, quote: char) -> usize {
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        if character == '\\' {
            characters.next();
        } else if character == quote {
            return at + quote.len_utf8();
        }
    }
    rest.len()
}
