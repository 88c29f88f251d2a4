//! From tokens to a query, clause by clause.

use super::token::{Token, tokens};
use super::{Condition, Function, MOST_SERIES, Order, Source, Sql};
use crate::analysis::math::MathError;

/// Words that begin a clause or join its parts: none of them is a name unless it is quoted. AWS's list of reserved words
/// is far longer, but its own examples use some of those (`Type`, `Resource`) bare.
const STRUCTURAL: [&str; 11] =
    ["SELECT", "FROM", "SCHEMA", "WHERE", "GROUP", "ORDER", "BY", "LIMIT", "AND", "ASC", "DESC"];

/// Parses a whole query.
pub(super) fn parse(text: &str) -> Result<Sql, MathError> {
    let mut parser = Parser { tokens: tokens(text)?, next: 0, end: text.trim_end().len() };
    parser.keyword("SELECT", "SELECT FUNCTION(metric)")?;
    let function = parser.function()?;
    parser.sign(&Token::Open, "(")?;
    let metric = parser.name("a metric's name")?;
    parser.sign(&Token::Close, ")")?;
    parser.keyword("FROM", "FROM namespace or FROM SCHEMA(namespace, …)")?;
    let source = parser.source()?;
    let conditions = if parser.take("WHERE") { parser.conditions()? } else { Vec::new() };
    let group_by = if parser.take("GROUP") { parser.group_by()? } else { Vec::new() };
    let order = if parser.take("ORDER") { Some(parser.order()?) } else { None };
    let limit = if parser.take("LIMIT") { Some(parser.limit()?) } else { None };
    if parser.next < parser.tokens.len() {
        return Err(parser.unexpected("one of WHERE, GROUP BY, ORDER BY and LIMIT, in this order, each once"));
    }
    Ok(Sql { function, metric, source, conditions, group_by, order, limit })
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    end: usize,
}

impl Parser {
    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(at, _)| *at)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    /// The error at the next token, which is not what stands here.
    fn unexpected(&self, expected: &str) -> MathError {
        let found = match self.peek() {
            None => "the query ends here".to_owned(),
            Some(Token::Word(word) | Token::Name(word) | Token::Value(word)) => format!("unexpected '{word}'"),
            Some(Token::Open) => "unexpected '('".to_owned(),
            Some(Token::Close) => "unexpected ')'".to_owned(),
            Some(Token::Comma) => "unexpected ','".to_owned(),
            Some(Token::Equal) => "unexpected '='".to_owned(),
            Some(Token::NotEqual) => "unexpected '!='".to_owned(),
        };
        MathError::new(self.at(), format!("{found}, expected {expected}"))
    }

    /// Takes a keyword if it is next, in whatever case.
    fn take(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword));
        self.next += usize::from(found);
        found
    }

    fn keyword(&mut self, keyword: &str, expected: &str) -> Result<(), MathError> {
        if self.take(keyword) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    fn take_sign(&mut self, sign: &Token) -> bool {
        let found = self.peek() == Some(sign);
        self.next += usize::from(found);
        found
    }

    fn sign(&mut self, sign: &Token, name: &str) -> Result<(), MathError> {
        if self.take_sign(sign) { Ok(()) } else { Err(self.unexpected(name)) }
    }

    fn function(&mut self) -> Result<Function, MathError> {
        let found = match self.peek() {
            Some(Token::Word(word)) => Function::ALL.into_iter().find(|f| f.name().eq_ignore_ascii_case(word)),
            Some(_) | None => None,
        };
        self.next += usize::from(found.is_some());
        found.ok_or_else(|| self.unexpected("one of AVG, COUNT, MAX, MIN and SUM"))
    }

    /// A namespace, a metric's name or a label key: bare, or in double quotes.
    fn name(&mut self, what: &str) -> Result<String, MathError> {
        let name = match self.peek() {
            Some(Token::Word(word)) if !is_structural(word) => {
                let special = word.starts_with("AWS.") || word.starts_with("tag.");
                if word.contains('.') && !special {
                    return Err(MathError::new(self.at(), format!("a name with a point stands in quotes: \"{word}\"")));
                }
                word.clone()
            }
            Some(Token::Name(name)) if !name.is_empty() => name.clone(),
            Some(Token::Value(value)) => {
                let message = format!("names stand in double quotes, only values in single ones: \"{value}\"");
                return Err(MathError::new(self.at(), message));
            }
            Some(_) | None => return Err(self.unexpected(what)),
        };
        self.next += 1;
        Ok(name)
    }

    fn source(&mut self) -> Result<Source, MathError> {
        if !self.take("SCHEMA") {
            return Ok(Source { namespace: self.name("a namespace or SCHEMA(namespace, …)")?, schema: None });
        }
        self.sign(&Token::Open, "(")?;
        let namespace = self.name("a namespace")?;
        let mut schema = Vec::new();
        while self.take_sign(&Token::Comma) {
            schema.push(self.name("a dimension's name")?);
        }
        self.sign(&Token::Close, "',' or ')'")?;
        schema.sort();
        Ok(Source { namespace, schema: Some(schema) })
    }

    fn conditions(&mut self) -> Result<Vec<Condition>, MathError> {
        let mut conditions = Vec::new();
        loop {
            let key = self.name("a dimension's name")?;
            let equal = self.take_sign(&Token::Equal);
            if !equal && !self.take_sign(&Token::NotEqual) {
                return Err(self.unexpected("= or !="));
            }
            let Some(Token::Value(value)) = self.peek() else {
                return Err(self.unexpected("a value in single quotes"));
            };
            conditions.push(Condition { key, equal, value: value.clone() });
            self.next += 1;
            if !self.take("AND") {
                return Ok(conditions);
            }
        }
    }

    fn group_by(&mut self) -> Result<Vec<String>, MathError> {
        self.keyword("BY", "BY")?;
        let mut keys = vec![self.name("a dimension's name")?];
        while self.take_sign(&Token::Comma) {
            keys.push(self.name("a dimension's name")?);
        }
        Ok(keys)
    }

    fn order(&mut self) -> Result<Order, MathError> {
        self.keyword("BY", "BY")?;
        let function = self.function()?;
        self.sign(&Token::Open, "()")?;
        self.sign(&Token::Close, "): the function of ORDER BY takes nothing")?;
        let descending = self.take("DESC");
        if !descending {
            self.take("ASC");
        }
        Ok(Order { function, descending })
    }

    fn limit(&mut self) -> Result<usize, MathError> {
        let limit = match self.peek() {
            Some(Token::Word(word)) => word.parse().ok().filter(|limit| (1..=MOST_SERIES).contains(limit)),
            Some(_) | None => None,
        };
        let limit = limit.ok_or_else(|| self.unexpected("a number from 1 to 500"))?;
        self.next += 1;
        Ok(limit)
    }
}

fn is_structural(word: &str) -> bool {
    STRUCTURAL.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}
