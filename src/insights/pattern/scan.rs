//! Reading a filter pattern character by character.

use super::PatternError;
use super::operand::Expression;

/// Regular expressions that one pattern may hold; CloudWatch Logs' limit.
const EXPRESSIONS: usize = 2;

/// A place in a filter pattern.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    /// Byte offset of the next character.
    pub(super) at: usize,
    expressions: usize,
}

impl<'a> Scanner<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0, expressions: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// Takes `token`, if it comes next, after any white space.
    pub(super) fn eat(&mut self, token: &str) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    /// Takes a word in any case, if it comes next as a whole.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        self.skip_space();
        let found = self.take_ahead(char::is_alphanumeric);
        let matches = found.eq_ignore_ascii_case(word);
        if matches {
            self.at += found.len();
        }
        matches
    }

    fn take_ahead(&self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        &rest[..rest.find(|it| !wanted(it)).unwrap_or(rest.len())]
    }

    /// Takes the characters of a kind; may be none.
    pub(super) fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let taken = self.take_ahead(wanted);
        self.at += taken.len();
        taken
    }

    /// What follows the opening quote, up to the closing one; a backslash keeps a quote or backslash from its meaning.
    pub(super) fn quoted(&mut self) -> Result<String, PatternError> {
        let start = self.at;
        let mut out = String::new();
        let mut rest = self.rest().char_indices().skip(1);
        while let Some((offset, character)) = rest.next() {
            match character {
                '"' => {
                    self.at = start + offset + 1;
                    return Ok(out);
                }
                '\\' => match rest.next() {
                    Some((_, escaped @ ('"' | '\\'))) => out.push(escaped),
                    Some((_, other)) => out.extend(['\\', other]),
                    None => break,
                },
                _ => out.push(character),
            }
        }
        Err(error(start, "this quote is never closed"))
    }

    /// A regular expression between per cent signs; only what CloudWatch Logs supports.
    pub(super) fn expression(&mut self) -> Result<Expression, PatternError> {
        let start = self.at + 1;
        let Some(length) = self.text[start..].find('%') else {
            return Err(error(self.at, "this regular expression has no closing `%`"));
        };
        let body = &self.text[start..start + length];
        if let Some((offset, strange)) = body.char_indices().find(|&(_, it)| !is_expression_character(it)) {
            return Err(error(start + offset, &format!("a regular expression may not hold `{strange}`")));
        }
        self.expressions += 1;
        if self.expressions > EXPRESSIONS {
            return Err(error(self.at, "a pattern holds at most two regular expressions"));
        }
        let parsed = Expression::parse(body).ok_or_else(|| error(start, "this is not a regular expression"))?;
        self.at = start + length + 1;
        Ok(parsed)
    }

    /// Makes sure that nothing but white space follows.
    pub(super) fn end(&mut self) -> Result<(), PatternError> {
        self.skip_space();
        match self.peek() {
            None => Ok(()),
            Some(strange) => Err(error(self.at, &format!("`{strange}` after the end of the pattern"))),
        }
    }

    /// An error at this place.
    pub(super) fn fail<T>(&self, message: &str) -> Result<T, PatternError> {
        Err(error(self.at, message))
    }
}

/// An error at a place.
pub(super) fn error(position: usize, message: &str) -> PatternError {
    PatternError { position, message: message.to_owned() }
}

/// Letters, digits, the symbols and the operators that the user guide lists, and the blank that its examples hold;
/// parentheses are not among them.
fn is_expression_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || " _#=@/;,-:^$?[]{}|\\*+.".contains(character)
}
