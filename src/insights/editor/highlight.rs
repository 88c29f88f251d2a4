//! What each part of a query is.

use std::ops::Range;

use crate::insights::lexer::{self, Kind as Token, expression, token};

/// What a part of a query is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The name of a command that exists.
    Command,
    /// The name of a function that exists, before its parenthesis.
    Function,
    /// A field, with or without backticks.
    Field,
    /// Text in quotes, closed or not.
    Text,
    /// A number or a span such as `5m`.
    Number,
    /// A regular expression between slashes, closed or not.
    Regex,
    /// A sign that computes or compares.
    Operator,
    /// A word of the language that is none of the others: `and`, `as`, `by`, `desc` …
    Keyword,
    /// From `#` to the end of the line.
    Comment,
    /// The pipe between commands.
    Pipe,
    /// Parentheses, brackets and commas.
    Punctuation,
    /// What can't be read: a character that has no place, or the name of a command or function that does not exist.
    Error,
}

/// The parts of a query in their order, without the white space between them; ranges are in bytes and never overlap.
pub fn highlight(text: &str) -> Vec<(Range<usize>, Kind)> {
    let mut out = Vec::new();
    let mut state = State { command: true, parse: false, regex: false };
    let mut at = 0;
    while at < text.len() {
        let start = lexer::skip(text, at);
        comments(text, at..start, &mut out);
        if start >= text.len() {
            break;
        }
        let (end, kind) = state.part(text, start);
        out.push((start..end, kind));
        at = end;
    }
    out
}

/// Comments between two words.
fn comments(text: &str, gap: Range<usize>, out: &mut Vec<(Range<usize>, Kind)>) {
    let mut at = gap.start;
    while let Some(start) = text[at..gap.end].find('#').map(|offset| at + offset) {
        let end = text[start..gap.end].find('\n').map_or(gap.end, |offset| start + offset);
        out.push((start..end, Kind::Comment));
        at = end;
    }
}

/// What came before.
struct State {
    /// A command is due.
    command: bool,
    /// The command is `parse`, where a slash is never a division.
    parse: bool,
    /// The word before takes a regular expression.
    regex: bool,
}

impl State {
    fn part(&mut self, text: &str, start: usize) -> (usize, Kind) {
        let rest = &text[start..];
        let due = self.regex || self.parse;
        if rest.starts_with('/') && due {
            self.regex = false;
            return match expression(text, start) {
                Ok((_, end)) => (end, Kind::Regex),
                Err(_) => (start + line(rest), Kind::Regex),
            };
        }
        let command = std::mem::replace(&mut self.command, false);
        self.regex = false;
        let Ok(token) = token(text, start) else {
            return match rest.chars().next() {
                Some('"' | '\'') => (start + line(rest), Kind::Text),
                Some('`') => (start + line(rest), Kind::Field),
                Some(first) if first.is_ascii_digit() => (start + lexer::word(rest).len().max(1), Kind::Error),
                first => (start + first.map_or(1, char::len_utf8), Kind::Error),
            };
        };
        let kind = match token.kind {
            Token::Name(name) if command => {
                self.parse = name.eq_ignore_ascii_case("parse");
                let known = super::word(name).is_some_and(|word| word.kind == super::WordKind::Command);
                if known { Kind::Command } else { Kind::Error }
            }
            Token::Name(name) => self.name(name, text, token.end),
            Token::Field(_) => Kind::Field,
            Token::Text(_) => Kind::Text,
            Token::Number(_) | Token::Span(_) => Kind::Number,
            Token::Sign("|") => {
                *self = Self { command: true, parse: false, regex: false };
                Kind::Pipe
            }
            Token::Sign("(" | ")" | "[" | "]" | ",") => {
                // A subquery begins with its own command.
                self.command =
                    rest.starts_with('(') && lexer::word(rest[1..].trim_start()).eq_ignore_ascii_case("source");
                Kind::Punctuation
            }
            Token::Sign(sign) => {
                self.regex = matches!(sign, "=~" | "~=");
                Kind::Operator
            }
            Token::End => Kind::Error,
        };
        (token.end, kind)
    }

    fn name(&mut self, name: &str, text: &str, end: usize) -> Kind {
        if text[end..].trim_start().starts_with('(') && !is_keyword(name) {
            let known = name.eq_ignore_ascii_case("logGroups")
                || super::word(name)
                    .is_some_and(|word| matches!(word.kind, super::WordKind::Function | super::WordKind::Aggregate));
            return if known { Kind::Function } else { Kind::Error };
        }
        if is_keyword(name) {
            self.regex = name.eq_ignore_ascii_case("like");
            return Kind::Keyword;
        }
        Kind::Field
    }
}

fn is_keyword(name: &str) -> bool {
    super::word(name).is_some_and(|word| word.kind == super::WordKind::Keyword)
}

/// Bytes up to the end of the line.
fn line(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}
