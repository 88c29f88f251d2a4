//! From text to a plan: commands between pipes, each read by recursive descent.

use std::sync::Arc;

use super::ast::{Aggregate, Expr, Named, Plan, Query, SortKey, Stage, Stats};
use super::lexer::{Fault, Kind, ParseError, Token, token};

mod commands;
mod expression;
mod extraction;

pub(super) use commands::COMMANDS;

/// Characters that a query may have; StartQuery's limit.
const LONGEST: usize = 10_000;
/// Rows that a query may ask for; GetQueryResults' limit.
const MOST_ROWS: usize = 100_000;

/// Parses a query for the local engine: what only the service can do is refused, with its position.
pub fn parse(text: &str) -> Result<Query, ParseError> {
    read(text).map_err(|error| error.placed(text))
}

/// Whether the service would take a query, as far as its documentation tells. Gives what the local engine can't do in
/// it, if anything.
pub fn check(text: &str) -> Result<Option<ParseError>, ParseError> {
    match parse(text) {
        Ok(_) => Ok(None),
        Err(error) if error.fault == Fault::Local => Ok(Some(error)),
        Err(error) => Err(error),
    }
}

fn read(text: &str) -> Result<Query, ParseError> {
    if let Some((position, _)) = text.char_indices().nth(LONGEST) {
        return Err(ParseError::new(position, "a query has at most 10,000 characters"));
    }
    let mut parser = Parser { text, at: 0, stats: None, grouped: None };
    let mut plan = Plan::default();
    loop {
        parser.command(&mut plan)?;
        if parser.eat("|")? {
            continue;
        }
        let next = parser.peek()?;
        if next.kind != Kind::End {
            return Err(parser.unexpected(&next, "`|` or the end of the query"));
        }
        return Ok(Query(Arc::new(plan)));
    }
}

/// A place in a query.
struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// The aggregates of the `stats` that is being read.
    stats: Option<Vec<Aggregate>>,
    /// The columns of the last `stats`, by which later commands may name its expressions.
    grouped: Option<Vec<Arc<str>>>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Result<Token<'a>, ParseError> {
        token(self.text, self.at)
    }

    fn next(&mut self) -> Result<Token<'a>, ParseError> {
        let token = self.peek()?;
        self.at = token.end;
        Ok(token)
    }

    fn eat(&mut self, sign: &str) -> Result<bool, ParseError> {
        let token = self.peek()?;
        let found = matches!(token.kind, Kind::Sign(it) if it == sign);
        if found {
            self.at = token.end;
        }
        Ok(found)
    }

    fn expect(&mut self, sign: &str) -> Result<(), ParseError> {
        if self.eat(sign)? {
            return Ok(());
        }
        Err(self.unexpected(&self.peek()?, &format!("`{sign}`")))
    }

    fn eat_word(&mut self, word: &str) -> Result<bool, ParseError> {
        let token = self.peek()?;
        let found = matches!(token.kind, Kind::Name(it) if it.eq_ignore_ascii_case(word));
        if found {
            self.at = token.end;
        }
        Ok(found)
    }

    fn unexpected(&self, token: &Token<'_>, wanted: &str) -> ParseError {
        let found = match token.kind {
            Kind::End => "the query ends".to_owned(),
            _ => format!("there is `{}`", &self.text[token.start..token.end]),
        };
        ParseError::new(token.start, format!("expected {wanted}, but {found}"))
    }

    fn command(&mut self, plan: &mut Plan) -> Result<(), ParseError> {
        let token = self.next()?;
        let Kind::Name(name) = token.kind else { return Err(self.unexpected(&token, "a command")) };
        let stage = match name.to_ascii_lowercase().as_str() {
            "fields" => Stage::Fields(self.list()?),
            "display" => Stage::Display(self.list()?),
            "filter" => Stage::Filter(self.expression()?),
            "stats" => Stage::Stats(self.stats()?),
            "sort" => Stage::Sort(self.sort()?),
            "limit" | "head" => Stage::Limit(self.limit()?),
            "dedup" => Stage::Dedup(self.list()?.into_iter().map(|named| named.expr).collect()),
            "parse" => Stage::Parse(self.extraction()?),
            "source" if plan.stages.is_empty() => return self.source(plan),
            "source" => return Err(ParseError::new(token.start, "`source` comes first")),
            known @ ("pattern" | "diff" | "anomaly" | "unmask" | "unnest" | "join" | "filterindex" | "subquery"
            | "lookup" | "tail") => {
                return Err(ParseError::new(token.start, format!("the command `{known}` is not supported here")));
            }
            _ => return Err(ParseError::new(token.start, format!("unknown command `{name}`{}", suggestion(name)))),
        };
        plan.stages.push(stage);
        Ok(())
    }

    /// `source 'one', 'two'`, which may come several times.
    fn source(&mut self, plan: &mut Plan) -> Result<(), ParseError> {
        loop {
            let token = self.next()?;
            match token.kind {
                Kind::Text(group) => plan.sources.push(group),
                Kind::Name(_) => {
                    return Err(ParseError::new(
                        token.start,
                        "only log group names in quotes are supported as sources here",
                    ));
                }
                _ => return Err(self.unexpected(&token, "the name of a log group in quotes")),
            }
            if !self.eat(",")? {
                return Ok(());
            }
        }
    }

    /// Expressions between commas, each perhaps with `as` and a name.
    fn list(&mut self) -> Result<Vec<Named>, ParseError> {
        let mut list = vec![self.named()?];
        while self.eat(",")? {
            list.push(self.named()?);
        }
        Ok(list)
    }

    /// An expression; without a name of its own it is called as it is written.
    fn named(&mut self) -> Result<Named, ParseError> {
        let start = self.peek()?.start;
        let expr = self.expression()?;
        let written = &self.text[start..self.at];
        let name = match &expr {
            _ if self.eat_word("as")? => self.name()?,
            Expr::Field(name) => Arc::clone(name),
            _ => written.into(),
        };
        Ok(Named { name, expr })
    }

    fn name(&mut self) -> Result<Arc<str>, ParseError> {
        let token = self.next()?;
        match token.kind {
            Kind::Name(name) | Kind::Field(name) => Ok(name.into()),
            _ => Err(self.unexpected(&token, "a name")),
        }
    }

    fn stats(&mut self) -> Result<Stats, ParseError> {
        self.stats = Some(Vec::new());
        let columns = self.list();
        let aggregates = self.stats.take().unwrap_or_default();
        let columns = columns?;
        let by = if self.eat_word("by")? { self.list()? } else { Vec::new() };
        self.grouped = Some(by.iter().chain(&columns).map(|named| Arc::clone(&named.name)).collect());
        Ok(Stats { by, aggregates, columns })
    }

    fn sort(&mut self) -> Result<Vec<SortKey>, ParseError> {
        self.eat_word("by")?;
        let mut keys = Vec::new();
        loop {
            let expr = self.expression()?;
            let descending = self.eat_word("desc")?;
            if !descending {
                self.eat_word("asc")?;
            }
            keys.push(SortKey { expr, descending });
            if !self.eat(",")? {
                return Ok(keys);
            }
        }
    }

    fn limit(&mut self) -> Result<usize, ParseError> {
        let token = self.next()?;
        match token.kind {
            Kind::Number(count) if count.fract() == 0.0 && (1.0..=MOST_ROWS as f64).contains(&count) => {
                Ok(count as usize)
            }
            Kind::Number(_) => Err(ParseError::new(token.start, "a limit is a whole number from 1 to 100,000")),
            _ => Err(self.unexpected(&token, "a number of rows")),
        }
    }
}

fn suggestion(name: &str) -> String {
    let commands = ["fields", "display", "filter", "stats", "sort", "limit", "dedup", "parse", "source"];
    let name = name.to_ascii_lowercase();
    let near = commands.into_iter().find(|command| strsim::damerau_levenshtein(command, &name) <= 2);
    near.map_or_else(String::new, |command| format!("; did you mean `{command}`?"))
}
