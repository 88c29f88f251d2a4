//! Expressions, by precedence climbing.

use std::sync::Arc;

use regex::Regex;

use super::Parser;
use crate::insights::ast::{Aggregate, AggregateKind, Arithmetic, Comparison, Expr, Sense};
use crate::insights::functions::{aggregate, function, like};
use crate::insights::lexer::{Kind, ParseError, Token, expression, word};
use crate::insights::query::Query;
use crate::insights::subquery::{Subquery, Values};
use crate::insights::value::Value;

/// How deep expressions may nest.
const DEPTH: usize = 100;

/// Binding powers, from loose to tight.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARE: u8 = 4;
const ADD: u8 = 5;
const MULTIPLY: u8 = 6;
const NEGATE: u8 = 7;
const POWER: u8 = 8;

/// What stands between two operands, or after one.
enum Operator {
    Or,
    And,
    Compare(Comparison),
    Like(Sense),
    In(Sense),
    Arithmetic(Arithmetic),
}

impl Operator {
    fn power(&self) -> u8 {
        match self {
            Self::Or => OR,
            Self::And => AND,
            Self::Compare(_) | Self::Like(_) | Self::In(_) => COMPARE,
            Self::Arithmetic(Arithmetic::Add | Arithmetic::Subtract) => ADD,
            Self::Arithmetic(Arithmetic::Multiply | Arithmetic::Divide | Arithmetic::Remainder) => MULTIPLY,
            Self::Arithmetic(Arithmetic::Power) => POWER,
        }
    }
}

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Result<Expr, ParseError> {
        self.climb(OR, DEPTH)
    }

    /// The column of the last `stats` that is written here just as it was written there: `count(*)`.
    fn column(&mut self) -> Result<Option<Expr>, ParseError> {
        let start = self.peek()?.start;
        let rest = &self.text[start..];
        let computed =
            self.grouped.iter().flatten().filter(|_| self.stats.is_none()).filter(|column| column.contains('('));
        let Some(column) =
            computed.filter(|column| rest.starts_with(column.as_ref())).max_by_key(|column| column.len())
        else {
            return Ok(None);
        };
        self.at = start + column.len();
        Ok(Some(Expr::Field(column.clone())))
    }

    fn climb(&mut self, least: u8, depth: usize) -> Result<Expr, ParseError> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(ParseError::new(self.at, "this expression is nested too deeply"));
        };
        let mut left = self.prefix(depth)?;
        let mut height = 0;
        loop {
            let back = self.at;
            let Some(operator) = self.operator()? else { return Ok(left) };
            if operator.power() < least {
                self.at = back;
                return Ok(left);
            }
            let power = operator.power();
            left = match operator {
                Operator::Or => join(left, self.climb(power + 1, depth)?, Expr::Any, Expr::into_any),
                Operator::And => join(left, self.climb(power + 1, depth)?, Expr::All, Expr::into_all),
                Operator::Compare(comparison) => {
                    Expr::Compare(Box::new(left), comparison, Box::new(self.climb(power + 1, depth)?))
                }
                Operator::Like(sense) => self.like(left, sense)?,
                Operator::In(sense) => self.members(left, sense, depth)?,
                Operator::Arithmetic(operation) => {
                    // A power binds to the right: 2^3^2 is 2^9.
                    let next = if operation == Arithmetic::Power { NEGATE } else { power + 1 };
                    Expr::Arithmetic(Box::new(left), operation, Box::new(self.climb(next, depth)?))
                }
            };
            height += 1;
            if height > DEPTH && !matches!(left, Expr::Any(_) | Expr::All(_)) {
                return Err(ParseError::new(back, "this expression is too long"));
            }
        }
    }

    /// The operator that follows, if one does; its word is taken.
    fn operator(&mut self) -> Result<Option<Operator>, ParseError> {
        let token = self.peek()?;
        let operator = match &token.kind {
            Kind::Sign(sign) => match *sign {
                "=" | "==" => Operator::Compare(Comparison::Equal),
                "!=" => Operator::Compare(Comparison::Different),
                "<" => Operator::Compare(Comparison::Less),
                "<=" => Operator::Compare(Comparison::LessOrEqual),
                ">" => Operator::Compare(Comparison::Greater),
                ">=" => Operator::Compare(Comparison::GreaterOrEqual),
                "=~" => Operator::Like(Sense::Plain),
                "~=" => return Err(ParseError::new(token.start, "`~=` is not an operator; did you mean `=~`?")),
                "+" => Operator::Arithmetic(Arithmetic::Add),
                "-" => Operator::Arithmetic(Arithmetic::Subtract),
                "*" => Operator::Arithmetic(Arithmetic::Multiply),
                "/" => Operator::Arithmetic(Arithmetic::Divide),
                "%" => Operator::Arithmetic(Arithmetic::Remainder),
                "^" => Operator::Arithmetic(Arithmetic::Power),
                _ => return Ok(None),
            },
            Kind::Name(word) => match word.to_ascii_lowercase().as_str() {
                "or" => Operator::Or,
                "and" => Operator::And,
                "like" => Operator::Like(Sense::Plain),
                "in" => Operator::In(Sense::Plain),
                "not" => return self.negated(&token).map(Some),
                _ => return Ok(None),
            },
            Kind::Field(_) | Kind::Text(_) | Kind::Number(_) | Kind::Span(_) | Kind::End => return Ok(None),
        };
        self.at = token.end;
        Ok(Some(operator))
    }

    fn negated(&mut self, not: &Token<'_>) -> Result<Operator, ParseError> {
        self.at = not.end;
        if self.eat_word("like")? {
            return Ok(Operator::Like(Sense::Negated));
        }
        if self.eat_word("in")? {
            return Ok(Operator::In(Sense::Negated));
        }
        Err(self.unexpected(&self.peek()?, "`like` or `in`"))
    }

    /// What follows `like`: text that is contained, or a regular expression that matches.
    fn like(&mut self, left: Expr, sense: Sense) -> Result<Expr, ParseError> {
        let token = self.next()?;
        match token.kind {
            Kind::Text(text) => Ok(Expr::Contains(Box::new(left), text, sense)),
            Kind::Sign("/") => Ok(Expr::Matches(Box::new(left), self.regex(token.start)?, sense)),
            _ => Err(self.unexpected(&token, "a text in quotes or a regular expression between slashes")),
        }
    }

    /// The regular expression whose opening slash is at `start`.
    fn regex(&mut self, start: usize) -> Result<Regex, ParseError> {
        let (body, end) = expression(self.text, start)?;
        self.at = end;
        self.compile(body, start, end)
    }

    /// A regular expression; what looks around or back is refused as not done here.
    pub(super) fn compile(&mut self, body: &str, start: usize, end: usize) -> Result<Regex, ParseError> {
        match Regex::new(body) {
            Ok(regex) => Ok(regex),
            Err(_) if ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|it| body.contains(it)) => {
                self.refuse(start, "the local engine does not look around in regular expressions");
                // It is never used: the query is refused.
                Regex::new("").map_err(|_| ParseError::new(start, "this regular expression is not valid"))
            }
            Err(error) => {
                let why = match error {
                    regex::Error::CompiledTooBig(_) => "this regular expression is too large",
                    _ => "this regular expression is not valid",
                };
                Err(ParseError { end, ..ParseError::new(start, why) })
            }
        }
    }

    /// What follows `in`: a list in brackets, or a query in parentheses.
    fn members(&mut self, left: Expr, sense: Sense, depth: usize) -> Result<Expr, ParseError> {
        let token = self.peek()?;
        let rest = self.text[token.end..].trim_start();
        if token.kind != Kind::Sign("(") || !word(rest).eq_ignore_ascii_case("source") {
            return Ok(Expr::In(Box::new(left), self.elements(depth)?, sense));
        }
        self.at = token.end;
        let plan = self.subquery()?;
        self.expect(")")?;
        let Expr::Field(field) = &left else {
            return Err(ParseError::new(token.start, "only a field can be looked for in a query in parentheses"));
        };
        let values = Values::default();
        self.subqueries.push(Subquery::of_values(Query(Arc::new(plan)), Arc::clone(field), Arc::clone(&values)));
        Ok(Expr::Among(Box::new(left), values, sense))
    }

    fn elements(&mut self, depth: usize) -> Result<Vec<Expr>, ParseError> {
        self.expect("[")?;
        let mut elements = vec![self.climb(OR, depth)?];
        while self.eat(",")? {
            elements.push(self.climb(OR, depth)?);
        }
        self.expect("]")?;
        Ok(elements)
    }

    fn prefix(&mut self, depth: usize) -> Result<Expr, ParseError> {
        if let Some(column) = self.column()? {
            return Ok(column);
        }
        let token = self.next()?;
        match token.kind {
            Kind::Sign("(") => {
                let inner = self.climb(OR, depth)?;
                self.expect(")")?;
                Ok(inner)
            }
            Kind::Sign("!") => Ok(Expr::Not(Box::new(self.climb(NEGATE, depth)?))),
            Kind::Sign("-") => {
                let inner = self.climb(NEGATE, depth)?;
                Ok(Expr::Arithmetic(Box::new(Expr::Literal(Value::Number(0.0))), Arithmetic::Subtract, Box::new(inner)))
            }
            Kind::Sign("+") => self.climb(NEGATE, depth),
            Kind::Number(number) => Ok(Expr::Literal(Value::Number(number))),
            Kind::Text(text) => Ok(Expr::Literal(Value::text(text))),
            Kind::Name(word) if word.eq_ignore_ascii_case("not") => Ok(Expr::Not(Box::new(self.climb(NOT, depth)?))),
            Kind::Name(name) if self.eat("(")? => self.call(name, token.start, depth),
            Kind::Field(name) => Ok(Expr::Field(self.path(name)?)),
            Kind::Name(name) if !is_reserved(name) => Ok(Expr::Field(self.path(name)?)),
            Kind::Name(_) | Kind::Sign(_) | Kind::Span(_) | Kind::End => Err(self.unexpected(&token, "a value")),
        }
    }

    /// A function's arguments; its name and the opening parenthesis have been taken.
    fn call(&mut self, name: &str, start: usize, depth: usize) -> Result<Expr, ParseError> {
        let lower = name.to_ascii_lowercase();
        if let "bin" | "datefloor" | "dateceil" = lower.as_str() {
            return self.round(&lower, start, depth);
        }
        if aggregate(&lower).is_some() {
            return self.aggregate(&lower, start, depth);
        }
        let Some(function) = function(name) else {
            let hint = like(name).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            return Err(ParseError::new(start, format!("unknown function `{name}`{hint}")));
        };
        let mut arguments = Vec::new();
        while !self.eat(")")? {
            if !arguments.is_empty() {
                self.expect(",")?;
            }
            arguments.push(self.climb(OR, depth)?);
        }
        if !(function.least..=function.most).contains(&arguments.len()) {
            let message = match (function.least, function.most) {
                (least, usize::MAX) => format!("`{name}` takes {least} or more arguments"),
                (least, most) if least == most => {
                    format!("`{name}` takes {least} argument{}", if least == 1 { "" } else { "s" })
                }
                (least, most) => format!("`{name}` takes {least} to {most} arguments"),
            };
            return Err(ParseError::new(start, message));
        }
        if lower == "now" {
            return Ok(Expr::Now(Arc::clone(&self.now)));
        }
        Ok(Expr::Call(function, arguments))
    }

    /// `bin(5m)`, `bin(@timestamp, 5m)`, `datefloor(time, 1h)`.
    fn round(&mut self, name: &str, start: usize, depth: usize) -> Result<Expr, ParseError> {
        let mut of = Expr::Field("@timestamp".into());
        if !matches!(self.peek()?.kind, Kind::Span(_)) {
            of = self.climb(OR, depth)?;
            self.expect(",")?;
        } else if name != "bin" {
            return Err(ParseError::new(start, format!("`{name}` takes a time and a span")));
        }
        let token = self.next()?;
        let Kind::Span(span) = token.kind else { return Err(self.unexpected(&token, "a span such as 5m")) };
        self.expect(")")?;
        Ok(if name == "dateceil" { Expr::Ceil(Box::new(of), span) } else { Expr::Floor(Box::new(of), span) })
    }

    fn aggregate(&mut self, name: &str, start: usize, depth: usize) -> Result<Expr, ParseError> {
        // Aggregates do not nest: while one is read there is nowhere to put another.
        let Some(mut aggregates) = self.stats.take() else {
            return Err(ParseError::new(start, format!("`{name}` belongs directly into `stats`")));
        };
        let counts = matches!(name, "count" | "count_over_time");
        let every = counts && (self.eat("*")? || matches!(self.peek()?.kind, Kind::Sign(")")));
        let of = if every { None } else { Some(self.climb(OR, depth)?) };
        let kind = match name {
            "count" | "count_over_time" => AggregateKind::Count,
            "count_distinct" => AggregateKind::CountDistinct,
            "sum" | "sum_over_time" => AggregateKind::Sum,
            "avg" => AggregateKind::Average,
            "min" => AggregateKind::Minimum,
            "max" => AggregateKind::Maximum,
            "median" => AggregateKind::Percentile(50.0),
            "stddev" => AggregateKind::Deviation,
            "earliest" => AggregateKind::Earliest,
            "latest" => AggregateKind::Latest,
            "sortsfirst" => AggregateKind::First,
            "sortslast" => AggregateKind::Last,
            "rate" | "histogram" => {
                self.expect(",")?;
                self.next()?;
                self.refuse(start, format!("the local engine does not do `{name}`"));
                AggregateKind::Count
            }
            _ => AggregateKind::Percentile(self.rank()?),
        };
        self.expect(")")?;
        aggregates.push(Aggregate { kind, of });
        let index = aggregates.len() - 1;
        self.stats = Some(aggregates);
        Ok(Expr::Aggregate(index))
    }

    /// The second argument of `pct`.
    fn rank(&mut self) -> Result<f64, ParseError> {
        self.expect(",")?;
        let token = self.next()?;
        match token.kind {
            Kind::Number(rank) if rank <= 100.0 => Ok(rank),
            Kind::Number(_) => Err(ParseError::new(token.start, "a percentile is a number from 0 to 100")),
            _ => Err(self.unexpected(&token, "a number from 0 to 100")),
        }
    }
}

/// Words that can't be fields without backticks, for then a mistake would be silent.
fn is_reserved(word: &str) -> bool {
    ["and", "or", "like", "in", "as", "by", "asc", "desc"].iter().any(|it| it.eq_ignore_ascii_case(word))
}

/// Adds an operand to a chain of the same kind, or begins one.
fn join(left: Expr, right: Expr, chain: fn(Vec<Expr>) -> Expr, open: fn(Expr) -> Result<Vec<Expr>, Expr>) -> Expr {
    match open(left) {
        Ok(mut parts) => {
            parts.push(right);
            chain(parts)
        }
        Err(left) => chain(vec![left, right]),
    }
}

impl Expr {
    fn into_any(self) -> Result<Vec<Self>, Self> {
        if let Self::Any(parts) = self { Ok(parts) } else { Err(self) }
    }

    fn into_all(self) -> Result<Vec<Self>, Self> {
        if let Self::All(parts) = self { Ok(parts) } else { Err(self) }
    }
}
