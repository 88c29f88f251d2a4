//! The grammar of filter expressions.

use super::scanner::{FilterError, Scanner};
use super::{AnnotationTest, Compare, Expr, Flag, NumberKey, ServiceSelector, TextKey, TextTest};

/// How deep parentheses and blocks may nest.
const DEEPEST: usize = 50;

/// Parses an expression; `None` for an empty one.
pub(super) fn parse(text: &str) -> Result<Option<Expr>, FilterError> {
    let mut parser = Parser { scanner: Scanner::new(text), depth: 0, in_block: false };
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

struct Parser<'a> {
    scanner: Scanner<'a>,
    depth: usize,
    /// Whether this is a service's or an edge's own part.
    in_block: bool,
}

impl Parser<'_> {
    fn either(&mut self) -> Result<Expr, FilterError> {
        let mut left = self.both()?;
        while self.scanner.keyword("OR") {
            left = Expr::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Expr, FilterError> {
        let mut left = self.one()?;
        while self.scanner.keyword("AND") {
            left = Expr::And(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
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
        match word {
            "ok" => self.flag(Flag::Ok),
            "error" => self.flag(Flag::Error),
            "throttle" => self.flag(Flag::Throttle),
            "fault" => self.flag(Flag::Fault),
            "partial" => self.flag(Flag::Partial),
            "responsetime" => self.number(NumberKey::ResponseTime),
            "duration" => self.number(NumberKey::Duration),
            "http.status" => self.number(NumberKey::HttpStatus),
            "http.url" => self.text(TextKey::HttpUrl),
            "http.method" => self.text(TextKey::HttpMethod),
            "name" => self.text(TextKey::Name),
            "service" | "edge" if self.in_block => Err(start.error(format!("{word} within a block is not supported"))),
            "service" => self.service(),
            "edge" => self.edge(),
            "annotation" => {
                self.scanner.expect("[")?;
                let key = self.scanner.until(']')?.trim_matches(['"', '\'']).to_owned();
                self.annotation(key)
            }
            "" => Err(start.error("expected a condition")),
            _ => match word.strip_prefix("annotation.").filter(|key| !key.is_empty()) {
                Some(key) => self.annotation(key.to_owned()),
                None => Err(start.error(format!("the keyword {word} is not supported"))),
            },
        }
    }

    fn flag(&mut self, flag: Flag) -> Result<Expr, FilterError> {
        let expr = Expr::Flag(flag);
        let negated = self.scanner.symbol("!=");
        if !negated && !self.scanner.symbol("=") {
            return Ok(expr);
        }
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
        self.scanner.word().parse().map_err(|_| start.error("expected a number"))
    }

    fn text(&mut self, key: TextKey) -> Result<Expr, FilterError> {
        match self.text_test()? {
            Some(test) => Ok(Expr::Text(key, test)),
            None => Err(self.scanner.error("expected =, !=, CONTAINS, BEGINSWITH or ENDSWITH and a quoted text")),
        }
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
        self.scanner = start;
        Ok(None)
    }

    fn annotation(&mut self, key: String) -> Result<Expr, FilterError> {
        if let Some(test) = self.text_test()? {
            return Ok(Expr::Annotation(key, AnnotationTest::Text(test)));
        }
        let Some(compare) = self.compare() else { return Ok(Expr::Annotation(key, AnnotationTest::Exists)) };
        let test = match self.truth() {
            Some(truth) if compare == Compare::Equal => AnnotationTest::Bool(truth),
            Some(truth) if compare == Compare::Unequal => AnnotationTest::Bool(!truth),
            Some(_) => return Err(self.scanner.error("true and false can be compared with = and != alone")),
            None => AnnotationTest::Number(compare, self.literal()?),
        };
        Ok(Expr::Annotation(key, test))
    }

    fn service(&mut self) -> Result<Expr, FilterError> {
        self.scanner.expect("(")?;
        let selector = self.selector()?;
        self.scanner.expect(")")?;
        Ok(Expr::Service(selector, self.block()?))
    }

    fn edge(&mut self) -> Result<Expr, FilterError> {
        self.scanner.expect("(")?;
        let from = self.selector()?;
        self.scanner.expect(",")?;
        let to = self.selector()?;
        self.scanner.expect(")")?;
        Ok(Expr::Edge(from, to, self.block()?))
    }

    fn block(&mut self) -> Result<Option<Box<Expr>>, FilterError> {
        if !self.scanner.symbol("{") {
            return Ok(None);
        }
        if self.scanner.symbol("}") {
            return Ok(None);
        }
        if self.in_block {
            return Err(self.scanner.error("a block within a block is not supported"));
        }
        self.in_block = true;
        let inner = self.either()?;
        self.in_block = false;
        self.scanner.expect("}")?;
        Ok(Some(Box::new(inner)))
    }

    /// A service by its quoted name, by `id(name: "…", type: "…")`, or, left out, every service.
    fn selector(&mut self) -> Result<ServiceSelector, FilterError> {
        if let Some(name) = self.scanner.quoted()? {
            return Ok(ServiceSelector { name: Some(name), kind: None });
        }
        let mut selector = ServiceSelector::default();
        if !self.scanner.keyword("id") {
            return Ok(selector);
        }
        self.scanner.expect("(")?;
        while !self.scanner.symbol(")") {
            let start = self.scanner.clone();
            let member = self.scanner.word();
            self.scanner.expect(":")?;
            let value = self.scanner.quoted()?.ok_or_else(|| self.scanner.error("expected a quoted text"))?;
            match member {
                "name" => selector.name = Some(value),
                "type" => selector.kind = Some(value),
                "account.id" => {}
                other => return Err(start.error(format!("a service has no {other}; it has a name and a type"))),
            }
            if !self.scanner.symbol(",") {
                self.scanner.expect(")")?;
                break;
            }
        }
        Ok(selector)
    }
}
