//! The grammar of filter expressions.

use super::scanner::{FilterError, Scanner};
use super::words::{self, CausePart, Sort};
use super::{AnnotationTest, Cause, Compare, Expr, Flag, GroupKey, NumberKey, TextKey, TextTest};
use crate::text::closest;

/// How deep parentheses and blocks may nest.
const DEEPEST: usize = 50;

/// Parses an expression; `None` for an empty one, which every trace passes.
///
/// # Errors
/// What is wrong, and where.
pub fn parse(text: &str) -> Result<Option<Expr>, FilterError> {
    let mut parser = Parser { scanner: Scanner::new(text), depth: 0, block: Block::None };
    if parser.scanner.rest().is_empty() {
        return Ok(None);
    }
    let expr = parser.either()?;
    if parser.scanner.rest().is_empty() {
        Ok(Some(expr))
    } else {
        Err(parser.scanner.error("expected AND, OR or the end"))
    }
}

/// Where a condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    None,
    /// Between the braces of a service or an edge.
    Service,
    /// Between the braces of a root cause.
    Cause,
}

pub(super) struct Parser<'a> {
    pub(super) scanner: Scanner<'a>,
    depth: usize,
    pub(super) block: Block,
}

impl Parser<'_> {
    pub(super) fn either(&mut self) -> Result<Expr, FilterError> {
        let mut parts = vec![self.both()?];
        while self.scanner.keyword("OR") {
            parts.push(self.both()?);
        }
        Ok(one_or(parts, Expr::Or))
    }

    fn both(&mut self) -> Result<Expr, FilterError> {
        let mut parts = vec![self.one()?];
        while self.scanner.keyword("AND") || self.begins() {
            parts.push(self.one()?);
        }
        Ok(one_or(parts, Expr::And))
    }

    /// Whether a condition begins here: conditions beside each other mean AND.
    fn begins(&self) -> bool {
        let mut ahead = self.scanner.clone();
        let rest = ahead.rest();
        if rest.starts_with('(') || (rest.starts_with('!') && !rest.starts_with("!=")) {
            return true;
        }
        let word = ahead.word();
        !word.is_empty() && !word.eq_ignore_ascii_case("OR")
    }

    fn one(&mut self) -> Result<Expr, FilterError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.scanner.error("the expression nests too deep"));
        }
        let expr = if self.scanner.symbol("!") {
            Expr::Not(Box::new(self.one()?))
        } else if self.scanner.symbol("(") {
            let inner = self.either()?;
            self.scanner.expect(")")?;
            inner
        } else {
            self.condition()?
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn condition(&mut self) -> Result<Expr, FilterError> {
        self.scanner.rest();
        let start = self.scanner.clone();
        let word = self.scanner.word();
        if word.is_empty() {
            return Err(start.error("expected a condition"));
        }
        let Some(found) = words::find(word) else {
            return match words::annotation_key(word) {
                Some(key) => self.annotation(key.to_owned()),
                None => Err(unknown(&start, word)),
            };
        };
        match found.sort {
            Sort::Flag(flag) => self.flag(flag),
            Sort::Number(key) => self.number(key),
            Sort::Text(key) => self.text(key),
            Sort::Service | Sort::Edge | Sort::RootCause(..) | Sort::RootCauseJson | Sort::Group(_)
                if self.block != Block::None =>
            {
                Err(start.error_over(word, format!("{} within a block is not supported", found.name)))
            }
            Sort::Service => self.service(),
            Sort::Edge => self.edge(),
            Sort::Group(key) => self.group(key),
            Sort::RootCause(cause, part) => self.root_cause(cause, part),
            Sort::RootCauseJson => self.root_cause_json(),
            Sort::Annotation => {
                self.scanner.expect("[")?;
                let key = self.scanner.until(']')?.trim_matches(['"', '\'']).to_owned();
                self.annotation(key)
            }
        }
    }

    fn flag(&mut self, flag: Flag) -> Result<Expr, FilterError> {
        let expr = Expr::Flag(flag);
        let negated = self.scanner.symbol("!=");
        if !negated && !self.scanner.symbol("=") {
            return Ok(expr);
        }
        self.scanner.rest();
        let wanted = self.truth().ok_or_else(|| self.scanner.error("expected true or false"))?;
        Ok(if wanted == negated { Expr::Not(Box::new(expr)) } else { expr })
    }

    fn truth(&mut self) -> Option<bool> {
        if self.scanner.keyword("true") {
            return Some(true);
        }
        self.scanner.keyword("false").then_some(false)
    }

    fn compare(&mut self) -> Option<Compare> {
        const SIGNS: [(&str, Compare); 6] = [
            ("!=", Compare::Unequal),
            ("<=", Compare::AtMost),
            (">=", Compare::AtLeast),
            ("<", Compare::Less),
            (">", Compare::Greater),
            ("=", Compare::Equal),
        ];
        SIGNS.into_iter().find(|(sign, _)| self.scanner.symbol(sign)).map(|(_, compare)| compare)
    }

    fn number(&mut self, key: NumberKey) -> Result<Expr, FilterError> {
        let compare = self.compare().ok_or_else(|| self.scanner.error("expected =, !=, <, <=, > or >="))?;
        Ok(Expr::Number(key, compare, self.literal()?))
    }

    fn literal(&mut self) -> Result<f64, FilterError> {
        self.scanner.rest();
        let start = self.scanner.clone();
        let word = self.scanner.word();
        let number = word.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| start.error_over(word, "expected a number"))
    }

    fn text(&mut self, key: TextKey) -> Result<Expr, FilterError> {
        match self.text_test()? {
            Some(test) => Ok(Expr::Text(key, Some(test))),
            None if self.has_operator() => Err(self.scanner.error("expected a quoted text")),
            None => Ok(Expr::Text(key, None)),
        }
    }

    /// Whether an operator comes next; takes it, so that what is wrong is what follows.
    fn has_operator(&mut self) -> bool {
        let word = ["CONTAINS", "BEGINSWITH", "ENDSWITH"].into_iter().any(|word| self.scanner.keyword(word));
        let found = word || self.compare().is_some();
        self.scanner.rest();
        found
    }

    fn text_test(&mut self) -> Result<Option<TextTest>, FilterError> {
        let start = self.scanner.clone();
        let make: fn(String) -> TextTest = if self.scanner.keyword("CONTAINS") {
            TextTest::Contains
        } else if self.scanner.keyword("BEGINSWITH") {
            TextTest::BeginsWith
        } else if self.scanner.keyword("ENDSWITH") {
            TextTest::EndsWith
        } else if self.scanner.symbol("!=") {
            TextTest::Unequal
        } else if self.scanner.symbol("=") {
            TextTest::Equal
        } else {
            return Ok(None);
        };
        if let Some(text) = self.scanner.quoted()? {
            return Ok(Some(make(text)));
        }
        // The documentation has one in `name = traces`, within a root cause.
        if self.block == Block::Cause {
            let word = self.scanner.word();
            if !word.is_empty() {
                return Ok(Some(make(word.to_owned())));
            }
        }
        self.scanner = start;
        Ok(None)
    }

    fn annotation(&mut self, key: String) -> Result<Expr, FilterError> {
        if let Some(test) = self.text_test()? {
            return Ok(Expr::Annotation(key, AnnotationTest::Text(test)));
        }
        let Some(compare) = self.compare() else {
            if self.has_operator() {
                return Err(self.scanner.error("expected a quoted text"));
            }
            return Ok(Expr::Annotation(key, AnnotationTest::Exists));
        };
        let test = match self.truth() {
            Some(truth) if compare == Compare::Equal => AnnotationTest::Bool(truth),
            Some(truth) if compare == Compare::Unequal => AnnotationTest::Bool(!truth),
            Some(_) => return Err(self.scanner.error("true and false can be compared with = and != alone")),
            None => AnnotationTest::Number(compare, self.literal()?),
        };
        Ok(Expr::Annotation(key, test))
    }

    fn group(&mut self, key: GroupKey) -> Result<Expr, FilterError> {
        match self.text_test()? {
            Some(test @ (TextTest::Equal(_) | TextTest::Unequal(_))) => Ok(Expr::Group(key, test)),
            Some(_) | None => Err(self.scanner.error("expected = or != and a quoted text")),
        }
    }

    fn root_cause(&mut self, cause: Cause, part: CausePart) -> Result<Expr, FilterError> {
        Ok(Expr::RootCause(cause, part, self.block(Block::Cause)?))
    }

    /// `= #[…]`, with JSON between the brackets.
    fn root_cause_json(&mut self) -> Result<Expr, FilterError> {
        self.scanner.expect("=")?;
        self.scanner.expect("#")?;
        let start = self.scanner.clone();
        let mut values = serde_json::Deserializer::from_str(self.scanner.rest()).into_iter::<serde_json::Value>();
        match values.next() {
            Some(Ok(value @ serde_json::Value::Array(_))) => {
                let length = values.byte_offset();
                self.scanner.skip(length);
                Ok(Expr::RootCauseJson(value.to_string()))
            }
            _ => Err(start.error("expected a list of root causes as JSON, [ … ]")),
        }
    }
}

fn one_or(mut parts: Vec<Expr>, several: fn(Vec<Expr>) -> Expr) -> Expr {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            several(parts)
        }
        None => several(parts),
    }
}

fn unknown(at: &Scanner<'_>, word: &str) -> FilterError {
    let near = closest(&word.to_ascii_lowercase(), words::WORDS.iter().map(|word| word.name));
    let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    at.error_over(word, format!("the keyword {word} is not known{near}"))
}
