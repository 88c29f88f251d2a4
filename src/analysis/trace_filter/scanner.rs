//! Reading a filter expression piece by piece.

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at position {position}")]
pub struct FilterError {
    /// Byte offset where it begins, zero-based; at most the length of the text.
    pub position: usize,
    /// Byte offset where it ends, at least `position`.
    pub end: usize,
    /// What is wrong.
    pub message: String,
}

/// A place in the text of an expression.
#[derive(Debug, Clone)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Scanner<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, position: 0 }
    }

    pub(super) fn error(&self, message: impl Into<String>) -> FilterError {
        FilterError { position: self.position, end: self.position, message: message.into() }
    }

    /// What is wrong with a word that begins here.
    pub(super) fn error_over(&self, word: &str, message: impl Into<String>) -> FilterError {
        FilterError { end: self.position + word.len(), ..self.error(message) }
    }

    /// Takes so many bytes, of which the last ends a character.
    pub(super) const fn skip(&mut self, bytes: usize) {
        self.position += bytes;
    }

    /// What is left, blanks skipped.
    pub(super) fn rest(&mut self) -> &'a str {
        let left = self.text.get(self.position..).unwrap_or_default();
        let trimmed = left.trim_start();
        self.position += left.len() - trimmed.len();
        trimmed
    }

    /// Takes a symbol if it comes next.
    pub(super) fn symbol(&mut self, symbol: &str) -> bool {
        let found = self.rest().starts_with(symbol);
        if found {
            self.position += symbol.len();
        }
        found
    }

    /// Takes a symbol that must come next.
    pub(super) fn expect(&mut self, symbol: &str) -> Result<(), FilterError> {
        if self.symbol(symbol) { Ok(()) } else { Err(self.error(format!("expected {symbol}"))) }
    }

    /// Takes a word in whatever case if it comes next.
    pub(super) fn keyword(&mut self, keyword: &str) -> bool {
        let mut ahead = self.clone();
        let found = ahead.word().eq_ignore_ascii_case(keyword);
        if found {
            *self = ahead;
        }
        found
    }

    /// Takes a word of letters, digits, dots, dashes and underscores; empty where none comes next.
    pub(super) fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
        let length = rest.find(|c| !is_inside(c)).unwrap_or(rest.len());
        self.position += length;
        &rest[..length]
    }

    /// Takes everything up to a character, which is taken too.
    pub(super) fn until(&mut self, end: char) -> Result<&'a str, FilterError> {
        let rest = self.rest();
        let Some(length) = rest.find(end) else { return Err(self.error(format!("expected {end}"))) };
        self.position += length + end.len_utf8();
        Ok(rest[..length].trim())
    }

    /// Takes a quoted text if one comes next; a backslash keeps the character after it.
    pub(super) fn quoted(&mut self) -> Result<Option<String>, FilterError> {
        let rest = self.rest();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return Ok(None) };
        let mut text = String::new();
        let mut characters = rest.char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => text.extend(characters.next().map(|(_, escaped)| escaped)),
                _ if character == quote => {
                    self.position += at + quote.len_utf8();
                    return Ok(Some(text));
                }
                _ => text.push(character),
            }
        }
        Err(self.error("the text that begins here has no closing quote"))
    }
}
