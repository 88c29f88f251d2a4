//! From tokens to a tree: operators by precedence, calls, lists.

use super::MathError;
use super::node::{Kind, Node, Op};
use super::token::{Token, tokens};

/// How deep an expression may nest; a person never gets near it, a hostile text would otherwise exhaust the stack.
const DEEPEST: usize = 64;
/// Words that functions take as arguments.
const WORDS: [&str; 9] = ["REPEAT", "LINEAR", "AVG", "MIN", "MAX", "SUM", "ASC", "DESC", "STDDEV"];
/// How tightly a sign before an operand binds: looser than `^`, tighter than `*`.
const UNARY: u8 = 6;

/// Parses a whole text.
pub(super) fn parse(text: &str) -> Result<Node, MathError> {
    let mut parser = Parser { tokens: tokens(text)?, next: 0, end: text.len(), depth: 0 };
    let node = parser.expression(0)?;
    match parser.peek() {
        None => Ok(node),
        Some((at, token)) => Err(MathError::new(at, unexpected(&token))),
    }
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    end: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<(usize, Token)> {
        self.tokens.get(self.next).cloned()
    }

    fn take(&mut self) -> Result<(usize, Token), MathError> {
        let found = self.peek().ok_or_else(|| MathError::new(self.end, "Unexpected end of expression"))?;
        self.next += 1;
        Ok(found)
    }

    fn take_if(&mut self, wanted: &Token) -> bool {
        let found = self.tokens.get(self.next).is_some_and(|(_, token)| token == wanted);
        self.next += usize::from(found);
        found
    }

    /// An operand and every operator after it that binds at least as tightly as `floor`.
    fn expression(&mut self, floor: u8) -> Result<Node, MathError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let at = self.peek().map_or(self.end, |(at, _)| at);
            return Err(MathError::new(at, "Expression is nested too deeply"));
        }
        let mut left = self.operand()?;
        let mut links = 0;
        while let Some((at, Token::Op(op))) = self.peek()
            && op.precedence() >= floor
        {
            self.next += 1;
            links += 1;
            if links > DEEPEST * 16 {
                return Err(MathError::new(at, "Expression is too long"));
            }
            // `2^3^2` is `2^(3^2)`; all others group from the left.
            let right_floor = if op == Op::Power { op.precedence() } else { op.precedence() + 1 };
            let right = self.expression(right_floor)?;
            left = Node { at, kind: Kind::Binary(op, Box::new(left), Box::new(right)) };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operand(&mut self) -> Result<Node, MathError> {
        let (at, token) = self.take()?;
        let kind = match token {
            Token::Number(value) => Kind::Number(value),
            Token::Text(text) => Kind::Text(text),
            Token::Op(Op::Subtract) => Kind::Negate(Box::new(self.expression(UNARY)?)),
            Token::Op(Op::Add) => return self.expression(UNARY),
            Token::Open => {
                let inner = self.expression(0)?;
                self.close(&Token::Close, ')')?;
                return Ok(inner);
            }
            Token::OpenList => Kind::List(self.items(&Token::CloseList, ']')?),
            Token::Word(word) => self.word(at, word)?,
            other @ (Token::Op(_) | Token::Close | Token::CloseList | Token::Comma) => {
                return Err(MathError::new(at, unexpected(&other)));
            }
        };
        Ok(Node { at, kind })
    }

    fn word(&mut self, at: usize, word: String) -> Result<Kind, MathError> {
        if self.take_if(&Token::Open) {
            return Ok(Kind::Call(word.to_ascii_uppercase(), self.items(&Token::Close, ')')?));
        }
        if WORDS.contains(&word.as_str()) {
            return Ok(Kind::Word(word));
        }
        if word.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Ok(Kind::Id(word));
        }
        Err(MathError::new(at, format!("Invalid identifier '{word}': identifiers start with a lowercase letter")))
    }

    fn items(&mut self, closing: &Token, sign: char) -> Result<Vec<Node>, MathError> {
        let mut items = Vec::new();
        if self.take_if(closing) {
            return Ok(items);
        }
        loop {
            items.push(self.expression(0)?);
            if !self.take_if(&Token::Comma) {
                self.close(closing, sign)?;
                return Ok(items);
            }
        }
    }

    fn close(&mut self, closing: &Token, sign: char) -> Result<(), MathError> {
        let (at, token) = self.take().map_err(|end| MathError::new(end.position, format!("Expected '{sign}'")))?;
        if token == *closing {
            return Ok(());
        }
        Err(MathError::new(at, format!("{}, expected '{sign}'", unexpected(&token))))
    }
}

fn unexpected(token: &Token) -> String {
    match token {
        Token::Number(value) => format!("Unexpected number {value}"),
        Token::Text(_) => "Unexpected string".to_owned(),
        Token::Word(word) => format!("Unexpected '{word}'"),
        Token::Op(op) => format!("Unexpected '{}'", op.sign()),
        Token::Open => "Unexpected '('".to_owned(),
        Token::Close => "Unexpected ')'".to_owned(),
        Token::OpenList => "Unexpected '['".to_owned(),
        Token::CloseList => "Unexpected ']'".to_owned(),
        Token::Comma => "Unexpected ','".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Expr, MathError};

    #[test]
    fn operators_bind_as_in_arithmetic() {
        let cases = [
            ("1 + 2 * 3", 7.0),
            ("(1 + 2) * 3", 9.0),
            ("10 - 2 - 3", 5.0),
            ("2 ^ 3 ^ 2", 512.0),
            ("-2 ^ 2", -4.0),
            ("2 * -3", -6.0),
            ("2 ^ -1", 0.5),
            ("100*a/(a+b)", 97.0),
            ("a > b AND b >= 3", 1.0),
            ("a < b || b != 3", 0.0),
            ("1 + 1 == 2 && 2 <= 1", 0.0),
            (".5 + 1e2 + 1.5E-1", 100.65),
        ];
        for (text, value) in cases {
            let expr = Expr::parse(text).expect(text);
            assert_eq!(expr.to_string(), text);
            let of = |id: &str| if id == "a" { Some(97.0) } else { Some(3.0) };
            assert_eq!(expr.scalar(&of), Some(value), "{text}");
        }
    }

    #[test]
    fn ids_come_once_and_in_order() {
        let expr = Expr::parse("SUM([m2, m1]) / FILL(m1, REPEAT) + IF(m3 > 1, m2, METRICS('m9'))").expect("valid");
        assert_eq!(expr.ids(), ["m2", "m1", "m3"]);
        assert!(expr.root().calls("METRICS") && !expr.root().calls("AVG"));
    }

    #[test]
    fn errors_say_where() {
        let cases = [
            ("", 0, "Unexpected end of expression"),
            ("m1 +", 4, "Unexpected end of expression"),
            ("m1 m2", 3, "Unexpected 'm2'"),
            ("(m1", 3, "Expected ')'"),
            ("(m1]", 3, "Unexpected ']', expected ')'"),
            ("SUM(m1,)", 7, "Unexpected ')'"),
            ("m1 + M2", 5, "Invalid identifier 'M2': identifiers start with a lowercase letter"),
            ("m1 % 2", 3, "Unexpected character '%'"),
            ("m1 + 'a", 5, "Unterminated string"),
            ("1.2.3", 0, "Invalid number"),
            ("2m", 0, "Invalid number"),
            ("m1 = 2", 3, "Unexpected character '='"),
            ("é", 0, "Unexpected character '\\u{e9}'"),
        ];
        for (text, position, message) in cases {
            assert_eq!(Expr::parse(text), Err(MathError::new(position, message)), "{text}");
        }
    }

    #[test]
    fn hostile_texts_are_refused_rather_than_followed() {
        for text in ["(".repeat(100_000), "-".repeat(100_000), "[".repeat(100_000), "1+".repeat(100_000)] {
            assert!(Expr::parse(&text).is_err());
        }
        assert!(Expr::parse(&format!("1{}", "+1".repeat(500))).is_ok());
    }
}
