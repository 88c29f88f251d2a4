//! Words, strings and signs of a query, with their positions.

use crate::analysis::math::MathError;

/// A word, string or sign.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// Letters, digits, underscores and the points between them, unquoted.
    Word(String),
    /// `"…"`: an identifier.
    Name(String),
    /// `'…'`: a value.
    Value(String),
    Open,
    Close,
    Comma,
    Equal,
    NotEqual,
}

/// Splits a text into tokens, each with its byte offset.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, MathError> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = match first {
            _ if first.is_whitespace() => {
                at += first.len_utf8();
                continue;
            }
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '=' => (Token::Equal, 1),
            '!' if rest.starts_with("!=") => (Token::NotEqual, 2),
            '\'' | '"' => quoted(rest, at, first)?,
            _ if is_word(first) => {
                let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
                (Token::Word(rest[..end].to_owned()), end)
            }
            _ => {
                let message = format!(
                    "unexpected '{}'; names with anything but letters, digits and _ stand in double quotes",
                    first.escape_default()
                );
                return Err(MathError::new(at, message));
            }
        };
        found.push((at, token));
        at += length;
    }
    Ok(found)
}

/// What may stand in a name without quotes; the point only in `AWS.AccountId` and `tag.Name`.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '.'
}

/// A quoted text, in which a backslash takes the next character as it is, and its length with the quotes.
fn quoted(rest: &str, at: usize, quote: char) -> Result<(Token, usize), MathError> {
    let mut inside = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((place, c)) = chars.next() {
        match c {
            '\\' => inside.extend(chars.next().map(|(_, c)| c)),
            _ if c == quote => {
                let token = if quote == '"' { Token::Name(inside) } else { Token::Value(inside) };
                return Ok((token, place + 1));
            }
            _ => inside.push(c),
        }
    }
    Err(MathError::new(at, format!("this {quote} is never closed")))
}
