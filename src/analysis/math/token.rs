//! Words and signs of an expression, with their positions.

use super::MathError;
use super::node::Op;

/// A word or sign.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Text(String),
    /// Letters, digits and underscores, not starting with a digit.
    Word(String),
    Op(Op),
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
}

const SIGNS: [(&str, Token); 17] = [
    ("<=", Token::Op(Op::LessOrEqual)),
    (">=", Token::Op(Op::GreaterOrEqual)),
    ("==", Token::Op(Op::Equal)),
    ("!=", Token::Op(Op::NotEqual)),
    ("&&", Token::Op(Op::And)),
    ("||", Token::Op(Op::Or)),
    ("<", Token::Op(Op::Less)),
    (">", Token::Op(Op::Greater)),
    ("+", Token::Op(Op::Add)),
    ("-", Token::Op(Op::Subtract)),
    ("*", Token::Op(Op::Multiply)),
    ("/", Token::Op(Op::Divide)),
    ("^", Token::Op(Op::Power)),
    ("(", Token::Open),
    (")", Token::Close),
    ("[", Token::OpenList),
    ("]", Token::CloseList),
];

/// Splits a text into tokens, each with its byte offset.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, MathError> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, length) = token(text, at, first)?;
        found.push((at, token));
        at += length;
    }
    Ok(found)
}

fn token(text: &str, at: usize, first: char) -> Result<(Token, usize), MathError> {
    let rest = &text[at..];
    match first {
        '0'..='9' | '.' => number(rest, at),
        '\'' | '"' => quoted(rest, at, first),
        ',' => Ok((Token::Comma, 1)),
        'a'..='z' | 'A'..='Z' | '_' => Ok(word(rest)),
        other => SIGNS
            .iter()
            .find(|(sign, _)| rest.starts_with(sign))
            .map(|(sign, token)| (token.clone(), sign.len()))
            .ok_or_else(|| MathError::new(at, format!("Unexpected character '{}'", other.escape_default()))),
    }
}

fn word(rest: &str) -> (Token, usize) {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let word = &rest[..end];
    let token = match word {
        "AND" => Token::Op(Op::And),
        "OR" => Token::Op(Op::Or),
        other => Token::Word(other.to_owned()),
    };
    (token, end)
}

/// Digits, at most one point, and an exponent where a digit follows its `e`.
fn number(rest: &str, at: usize) -> Result<(Token, usize), MathError> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end += 1 + digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits((end + 1 + sign).min(bytes.len()));
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    let follows = rest[end..].chars().next();
    let bad = follows.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    match rest[..end].parse::<f64>() {
        Ok(value) if !bad && value.is_finite() => Ok((Token::Number(value), end)),
        _ => Err(MathError::new(at, "Invalid number")),
    }
}

fn quoted(rest: &str, at: usize, quote: char) -> Result<(Token, usize), MathError> {
    let inner = &rest[1..];
    let Some(end) = inner.find(quote) else {
        return Err(MathError::new(at, "Unterminated string"));
    };
    Ok((Token::Text(inner[..end].to_owned()), end + 2))
}
