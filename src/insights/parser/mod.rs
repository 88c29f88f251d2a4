//! From text to a plan: commands between pipes, each read by recursive descent.

use std::sync::{Arc, OnceLock};

use super::ast::{Aggregate, Clustering, Expr, Named, Plan, SortKey, Stage, Stats};
use super::lexer::{Kind, ParseError, Token, token};
use super::query::Query;
use super::subquery::Subquery;

mod commands;
mod compare;
mod expression;
mod extraction;
mod language;
mod lookup;
mod names;
mod rows;
mod source;

pub(super) use commands::COMMANDS;

/// Characters that a query may have; StartQuery's limit.
const LONGEST: usize = 10_000;
/// Rows that a query may ask for; GetQueryResults' limit.
const MOST_ROWS: usize = 100_000;

/// Parses a query for the local engine: what only the service can do is refused, with its position.
pub fn parse(text: &str) -> Result<Query, ParseError> {
    match read(text) {
        Ok((query, None)) => Ok(query),
        Ok((_, Some(refusal))) => Err(refusal),
        Err(error) => Err(error),
    }
}

/// Whether the service would take a query, as far as its documentation tells. Gives what the local engine can't do in
/// it, if anything.
pub fn check(text: &str) -> Result<Option<ParseError>, ParseError> {
    read(text).map(|(_, refusal)| refusal)
}

/// The query, and the first thing in it that is not done here.
fn read(text: &str) -> Result<(Query, Option<ParseError>), ParseError> {
    if let Some((position, _)) = text.char_indices().nth(LONGEST) {
        return Err(ParseError::new(position, "a query has at most 10,000 characters"));
    }
    let mut parser = Parser {
        text,
        at: 0,
        stats: None,
        grouped: None,
        refusal: None,
        nested: false,
        now: Arc::default(),
        alias: None,
        subqueries: Vec::new(),
    };
    match parser.plan() {
        Ok(plan) => Ok((Query(Arc::new(plan)), parser.refusal.map(|refusal| refusal.placed(text)))),
        Err(error) => Err(language::other(text, error).placed(text)),
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
    /// What is right, but not done here.
    refusal: Option<ParseError>,
    /// Within a query in parentheses.
    nested: bool,
    /// When the query was started.
    now: Arc<OnceLock<i64>>,
    /// What the rows themselves are called since a `join`.
    alias: Option<Arc<str>>,
    subqueries: Vec<Subquery>,
}

impl<'a> Parser<'a> {
    fn plan(&mut self) -> Result<Plan, ParseError> {
        let mut plan = Plan { now: Arc::clone(&self.now), ..Plan::default() };
        loop {
            self.command(&mut plan)?;
            if self.eat("|")? {
                continue;
            }
            let next = self.peek()?;
            let end = if self.nested { next.kind == Kind::Sign(")") } else { next.kind == Kind::End };
            if !end {
                return Err(self.unexpected(&next, "`|` or the end of the query"));
            }
            plan.subqueries = std::mem::take(&mut self.subqueries);
            plan.nested = self.nested;
            self.text.clone_into(&mut plan.text);
            return Ok(plan);
        }
    }

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

    fn expect_word(&mut self, word: &str) -> Result<(), ParseError> {
        if self.eat_word(word)? {
            return Ok(());
        }
        Err(self.unexpected(&self.peek()?, &format!("`{word}`")))
    }

    fn unexpected(&self, token: &Token<'_>, wanted: &str) -> ParseError {
        let found = match token.kind {
            Kind::End => "the query ends".to_owned(),
            _ => format!("there is `{}`", &self.text[token.start..token.end]),
        };
        ParseError::new(token.start, format!("expected {wanted}, but {found}"))
    }

    /// Remembers what the service does and the local engine does not.
    fn refuse(&mut self, position: usize, message: impl Into<String>) {
        if self.refusal.is_none() {
            self.refusal = Some(ParseError::local(position, message));
        }
    }

    /// Past everything up to the next pipe or the end.
    fn skip_arguments(&mut self) -> Result<(), ParseError> {
        let mut depth = 0_usize;
        loop {
            let token = self.peek()?;
            match token.kind {
                Kind::End => return Ok(()),
                Kind::Sign("|" | ")") if depth == 0 => return Ok(()),
                Kind::Sign("(") => depth += 1,
                Kind::Sign(")") => depth -= 1,
                _ => {}
            }
            self.at = token.end;
        }
    }

    fn command(&mut self, plan: &mut Plan) -> Result<(), ParseError> {
        let token = self.next()?;
        let Kind::Name(name) = token.kind else { return Err(self.unexpected(&token, "a command")) };
        let lower = name.to_ascii_lowercase();
        let known = COMMANDS.iter().find(|command| command.name.eq_ignore_ascii_case(alias(&lower)));
        let Some(known) = known else {
            return Err(ParseError::new(token.start, format!("unknown command `{name}`{}", suggestion(&lower))));
        };
        plan.commands.push(known.name);
        if !known.local {
            self.refuse(token.start, format!("the local engine does not do `{}`: {}", known.name, known.why));
        }
        let stage = match alias(&lower) {
            "fields" => Stage::Fields(self.list()?),
            "display" => Stage::Display(self.list()?),
            "filter" | "filterindex" => Stage::Filter(self.expression()?),
            "stats" => Stage::Stats(self.stats(plan)?),
            "sort" => Stage::Sort(self.sort()?),
            "limit" => Stage::Limit(self.limit()?),
            "dedup" => Stage::Dedup(self.list()?.into_iter().map(|named| named.expr).collect()),
            "parse" => match self.extraction()? {
                Some(extraction) => Stage::Parse(extraction),
                None => return Ok(()),
            },
            "pattern" => {
                let of = self.expression()?;
                // `diff | pattern a` is `pattern a | diff`.
                if let Some(Stage::Pattern(clustering)) =
                    plan.stages.last_mut().filter(|_| plan.commands.ends_with(&["diff", "pattern"]))
                {
                    clustering.of = of;
                    return Ok(());
                }
                Stage::Pattern(Clustering { of, against: None })
            }
            "unnest" => self.unnest()?,
            // Data protection stays as it is: nothing is ever unmasked here.
            "unmask" => return self.list().map(drop),
            "countfrequent" => return self.count_frequent(plan),
            "accum" => Stage::Series(self.accum()?),
            "addtotals" => Stage::Series(self.totals()?),
            "autoregress" => Stage::Series(self.autoregress()?),
            "filldown" => Stage::Series(self.filldown()?),
            "fillmissing" => Stage::Series(self.fillmissing(plan, token.start)?),
            "sessionize" => Stage::Series(self.sessionize()?),
            "join" => Stage::Join(self.join()?),
            "lookup" => Stage::Lookup(self.lookup()?),
            "diff" => return self.diff(plan, token.start),
            "logcompare" => return self.log_compare(plan, token.start),
            "source" if plan.stages.is_empty() => return self.source(plan),
            "source" => return Err(ParseError::new(token.start, "`source` comes first")),
            _ => return self.skip_arguments(),
        };
        plan.stages.push(stage);
        Ok(())
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
            Expr::Field(name) if self.of_alias(written).is_none() => Arc::clone(name),
            _ => written.into(),
        };
        Ok(Named { name, expr })
    }

    fn stats(&mut self, plan: &Plan) -> Result<Stats, ParseError> {
        if let Some(Stage::Stats(_)) = plan.stages.iter().rfind(|stage| matches!(stage, Stage::Stats(_)))
            && plan.stages.iter().filter(|stage| matches!(stage, Stage::Stats(_))).count() >= commands::MOST_STATS
        {
            self.refuse(self.at, "the local engine does at most ten `stats` in a query");
        }
        self.stats = Some(Vec::new());
        let columns = self.list();
        let aggregates = self.stats.take().unwrap_or_default();
        let columns = columns?;
        let by = if self.eat_word("by")? { self.list()? } else { Vec::new() };
        let start = self.peek()?.start;
        if self.eat_word("offset")? {
            let token = self.next()?;
            if !matches!(token.kind, Kind::Span(_)) {
                return Err(self.unexpected(&token, "a span such as 1h"));
            }
            self.refuse(start, "the local engine does not shift periods with `offset`");
        }
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

/// The one name of a command that has several.
pub(super) fn alias(name: &str) -> &str {
    let others = [("head", "limit"), ("count_frequent", "countfrequent")];
    others.iter().find(|(other, _)| name.eq_ignore_ascii_case(other)).map_or(name, |(_, one)| one)
}

fn suggestion(name: &str) -> String {
    let scored = COMMANDS
        .iter()
        .map(|command| (strsim::damerau_levenshtein(&command.name.to_ascii_lowercase(), name), command.name));
    let near = scored.filter(|(distance, _)| *distance <= 2).min_by_key(|(distance, _)| *distance);
    near.map_or_else(String::new, |(_, command)| format!("; did you mean `{command}`?"))
}
