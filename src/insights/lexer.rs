//! The words of the query language.

use super::span::Span;

/// A query that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at position {position}")]
pub struct ParseError {
    /// Byte offset, zero-based.
    pub position: usize,
    /// Where the part ends that is wrong: a byte offset, `position` where nothing is there.
    pub end: usize,
    /// What is wrong.
    pub message: String,
    /// Whose fault it is.
    pub fault: Fault,
}

/// Why a query can't be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// It is not in the language: the service would refuse it too.
    Syntax,
    /// It is in another language, of this name.
    Language(&'static str),
    /// The service does it, the local engine does not.
    Local,
}

impl ParseError {
    pub(super) fn new(position: usize, message: impl Into<String>) -> Self {
        Self { position, end: position, message: message.into(), fault: Fault::Syntax }
    }

    /// What is right, but not done here.
    pub(super) fn local(position: usize, message: impl Into<String>) -> Self {
        Self { fault: Fault::Local, ..Self::new(position, message) }
    }

    /// What can be read, but not be done with what there is.
    pub fn refusal(place: std::ops::Range<usize>, message: impl Into<String>) -> Self {
        Self { end: place.end, ..Self::local(place.start, message) }
    }

    /// With the word at its position as its range.
    pub(super) fn placed(mut self, text: &str) -> Self {
        if self.end <= self.position {
            self.end = token(text, self.position).map_or_else(|_| text.len(), |token| token.end);
        }
        self
    }
}

/// One word with its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a word is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind<'a> {
    /// A bare name: a command, a function, a field.
    Name(&'a str),
    /// A name in backticks, which is always a field.
    Field(&'a str),
    Text(String),
    Number(f64),
    /// A span: `5m`.
    Span(Span),
    Sign(&'static str),
    End,
}

const SIGNS: [&str; 22] = [
    ":", "==", "=~", "~=", "!=", "<=", ">=", "=", "<", ">", "!", "+", "-", "*", "/", "%", "^", "(", ")", "[", "]", ",",
];

/// The word at or after `at`; comments run from `#` to the end of their line.
pub(super) fn token(text: &str, at: usize) -> Result<Token<'_>, ParseError> {
    let start = skip(text, at);
    let rest = &text[start..];
    let found = |kind, length| Ok(Token { kind, start, end: start + length });
    let Some(first) = rest.chars().next() else { return found(Kind::End, 0) };
    match first {
        '"' | '\'' => string(rest, first).map_or_else(
            || Err(ParseError::new(start, "this text is never closed")),
            |(it, end)| found(Kind::Text(it), end),
        ),
        '`' => match rest[1..].find('`') {
            Some(length) => found(Kind::Field(&rest[1..=length]), length + 2),
            None => Err(ParseError::new(start, "this name is never closed")),
        },
        '0'..='9' => number(rest, start),
        '|' => found(Kind::Sign("|"), 1),
        _ if is_name_start(first) => {
            let name = name(rest);
            found(Kind::Name(name), name.len())
        }
        _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            Some(sign) => found(Kind::Sign(sign), sign.len()),
            None => Err(ParseError::new(start, format!("unexpected character `{first}`"))),
        },
    }
}

/// Past white space and comments.
pub(super) fn skip(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        at += rest.len() - rest.trim_start().len();
        if !text[at..].starts_with('#') {
            return at;
        }
        at += text[at..].find('\n').unwrap_or(text.len() - at);
    }
}

fn is_name_start(character: char) -> bool {
    character.is_alphabetic() || matches!(character, '@' | '_')
}

/// The letters and digits at the beginning.
pub(super) fn word(rest: &str) -> &str {
    let end = rest.find(|it: char| !it.is_alphanumeric() && !matches!(it, '@' | '_')).unwrap_or(rest.len());
    &rest[..end]
}

/// Letters, digits, `@` and `_`, with single dots between.
fn name(rest: &str) -> &str {
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '@' | '_');
    let mut end = 0;
    loop {
        end += rest[end..].find(|it| !is_part(it)).unwrap_or(rest.len() - end);
        let mut ahead = rest[end..].chars();
        match (ahead.next(), ahead.next()) {
            (Some('.'), Some(next)) if is_part(next) => end += 1,
            _ => return &rest[..end],
        }
    }
}

/// A text in quotes and its length; a backslash keeps a quote or backslash from its meaning.
fn string(rest: &str, quote: char) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut characters = rest.char_indices().skip(1);
    while let Some((offset, character)) = characters.next() {
        if character == quote {
            return Some((out, offset + 1));
        }
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next()?.1 {
            escaped @ ('"' | '\'' | '\\') => out.push(escaped),
            other => out.extend(['\\', other]),
        }
    }
    None
}

fn number(rest: &str, start: usize) -> Result<Token<'_>, ParseError> {
    let digits = |from: usize| rest[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(0);
    let whole = end;
    if rest[end..].starts_with('.') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    if rest[end..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        end += if exponent > 0 { 1 + sign + exponent } else { 0 };
    }
    let value: f64 = rest[..end].parse().map_err(|_| ParseError::new(start, "this is not a number"))?;
    let unit = rest[end..].len() - rest[end..].trim_start_matches(|it: char| it.is_alphabetic()).len();
    if unit == 0 {
        return Ok(Token { kind: Kind::Number(value), start, end: start + end });
    }
    let span = rest[..whole].parse::<i64>().ok().filter(|count| end == whole && *count > 0);
    let span = span.and_then(|count| Span::of(count, &rest[end..end + unit]));
    let Some(span) = span else {
        return Err(ParseError::new(
            start,
            format!("`{}` is neither a number nor a span such as 5m", &rest[..end + unit]),
        ));
    };
    Ok(Token { kind: Kind::Span(span), start, end: start + end + unit })
}

/// A regular expression between slashes that begins at `at`: its body and where it ends.
pub(super) fn expression(text: &str, at: usize) -> Result<(&str, usize), ParseError> {
    let mut escaped = false;
    for (offset, character) in text[at..].char_indices().skip(1) {
        match character {
            '/' if !escaped => return Ok((&text[at + 1..at + offset], at + offset + 1)),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    Err(ParseError::new(at, "this regular expression has no closing `/`"))
}
