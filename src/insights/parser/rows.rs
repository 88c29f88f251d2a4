//! Commands that work on rows in their order, and those that make several rows of one.

use std::sync::Arc;

use super::Parser;
use crate::insights::ast::{
    Aggregate, AggregateKind, Expr, Join, Named, Plan, Series, SortKey, Stage, Stats, Wildcard,
};
use crate::insights::lexer::{Kind, ParseError};
use crate::insights::query::Query;
use crate::insights::span::Span;
use crate::insights::subquery::{Subquery, Table};
use crate::insights::value::Value;

/// How long a session is silent before it ends, where the query does not say.
const SESSION: i64 = 30 * 60_000;

impl Parser<'_> {
    /// `unnest field into name`.
    pub(super) fn unnest(&mut self) -> Result<Stage, ParseError> {
        let from = Expr::Field(self.field()?);
        self.expect_word("into")?;
        Ok(Stage::Unnest(from, self.name()?))
    }

    /// `countFrequent a, b`: the same as counting by these and sorting.
    pub(super) fn count_frequent(&mut self, plan: &mut Plan) -> Result<(), ParseError> {
        let by = self.list()?;
        let name: Arc<str> = "_approxcount".into();
        let columns = vec![Named { name: Arc::clone(&name), expr: Expr::Aggregate(0) }];
        let aggregates = vec![Aggregate { kind: AggregateKind::Count, of: None }];
        plan.stages.push(Stage::Stats(Stats { by, aggregates, columns }));
        plan.stages.push(Stage::Sort(vec![SortKey { expr: Expr::Field(name), descending: true }]));
        Ok(())
    }

    /// `accum field as name`.
    pub(super) fn accum(&mut self) -> Result<Series, ParseError> {
        let field = self.field()?;
        let name = if self.eat_word("as")? { self.name()? } else { Arc::clone(&field) };
        Ok(Series::Accum { of: Expr::Field(field), name })
    }

    /// `autoregress field as name p=1-4`.
    pub(super) fn autoregress(&mut self) -> Result<Series, ParseError> {
        let field = self.field()?;
        let alias = if self.eat_word("as")? { Some(self.name()?) } else { None };
        let (mut first, mut last) = (1, 1);
        if self.eat_word("p")? {
            self.expect("=")?;
            first = self.count()?;
            last = if self.eat("-")? { self.count()? } else { first };
        }
        let names = (first..=last).map(|lag| match &alias {
            Some(alias) if first == last => (lag, Arc::clone(alias)),
            alias => (lag, format!("{}_p{lag}", alias.as_ref().unwrap_or(&field)).into()),
        });
        let names = names.collect();
        Ok(Series::Lag { of: Expr::Field(field), names })
    }

    /// A number of rows from 1 to 100.
    fn count(&mut self) -> Result<usize, ParseError> {
        let token = self.next()?;
        match token.kind {
            Kind::Number(count) if count.fract() == 0.0 && (1.0..=100.0).contains(&count) => Ok(count as usize),
            _ => Err(self.unexpected(&token, "a whole number from 1 to 100")),
        }
    }

    /// `filldown host cpu*`.
    pub(super) fn filldown(&mut self) -> Result<Series, ParseError> {
        let mut list = Vec::new();
        while let Kind::Name(_) | Kind::Field(_) = self.peek()?.kind {
            let name = self.field()?;
            let open = self.text[self.at..].starts_with('*');
            self.at += usize::from(open);
            list.push(Wildcard { name, open });
            self.eat(",")?;
        }
        Ok(Series::Filldown(list))
    }

    /// `fillmissing with 0 for a, 1 for b`, after a `stats` by periods.
    pub(super) fn fillmissing(&mut self, plan: &Plan, start: usize) -> Result<Series, ParseError> {
        let stats =
            plan.stages.iter().rev().find_map(|stage| if let Stage::Stats(it) = stage { Some(it) } else { None });
        let periods = stats.and_then(|stats| stats.by.iter().find_map(period));
        let (Some(stats), Some((bin, span))) = (stats, periods) else {
            return Err(ParseError::new(start, "`fillmissing` comes after `stats … by bin(…)`"));
        };
        let others = stats.by.iter().map(|named| Arc::clone(&named.name)).filter(|name| *name != bin).collect();
        let mut values = Vec::new();
        if self.eat_word("with")? {
            loop {
                let value = self.constant()?;
                self.expect_word("for")?;
                values.push((self.name()?, value));
                if !self.eat(",")? {
                    break;
                }
            }
        }
        Ok(Series::Fillmissing { bin, span, others, values })
    }

    fn constant(&mut self) -> Result<Value<'static>, ParseError> {
        let minus = self.eat("-")?;
        let token = self.next()?;
        match token.kind {
            Kind::Number(number) => Ok(Value::Number(if minus { -number } else { number })),
            Kind::Text(text) if !minus => Ok(Value::text(text)),
            _ => Err(self.unexpected(&token, "a number or a text in quotes")),
        }
    }

    /// `sessionize a, b maxspan 30m as name`.
    pub(super) fn sessionize(&mut self) -> Result<Series, ParseError> {
        let mut by = vec![Expr::Field(self.field()?)];
        while self.eat(",")? {
            by.push(Expr::Field(self.field()?));
        }
        let mut gap = SESSION;
        if self.eat_word("maxspan")? {
            let token = self.next()?;
            let Kind::Span(Span::Millis(millis)) = token.kind else {
                return Err(self.unexpected(&token, "a span such as 30m"));
            };
            gap = millis;
        }
        let name = if self.eat_word("as")? { self.name()? } else { "session_id".into() };
        Ok(Series::Sessionize { by, gap, name })
    }

    /// `addtotals fieldname=Name row=true col=false a, b`.
    pub(super) fn totals(&mut self) -> Result<Series, ParseError> {
        let (mut name, mut row, mut column, mut of): (Arc<str>, _, _, Vec<Arc<str>>) =
            ("Total".into(), true, false, Vec::new());
        while let Kind::Name(_) | Kind::Field(_) = self.peek()?.kind {
            let start = self.peek()?.start;
            let field = self.field()?;
            if !self.eat("=")? {
                of.push(field);
                self.eat(",")?;
                continue;
            }
            match field.to_ascii_lowercase().as_str() {
                "fieldname" => name = self.name()?,
                "row" => row = self.flag()?,
                "col" => column = self.flag()?,
                _ => return Err(ParseError::new(start, "an option is `fieldname`, `row` or `col`")),
            }
        }
        Ok(Series::Totals { name, row, column, of })
    }

    fn flag(&mut self) -> Result<bool, ParseError> {
        let token = self.next()?;
        match token.kind {
            Kind::Name(word) if word.eq_ignore_ascii_case("true") => Ok(true),
            Kind::Name(word) if word.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(self.unexpected(&token, "`true` or `false`")),
        }
    }

    /// `join type=inner left=a right=b where a.id=b.id (SOURCE …)`.
    pub(super) fn join(&mut self) -> Result<Join, ParseError> {
        let (mut outer, mut left, mut right) = (false, None, None);
        while !self.eat_word("where")? {
            let start = self.peek()?.start;
            let option = self.name()?;
            self.expect("=")?;
            let value = self.name()?;
            match (option.to_ascii_lowercase().as_str(), value.to_ascii_lowercase().as_str()) {
                ("type", kind @ ("inner" | "left")) => outer = kind == "left",
                ("left", _) => left = Some(value),
                ("right", _) => right = Some(value),
                _ => {
                    let message = "a join has `type=inner` or `type=left`, `left=`, `right=` and `where`";
                    return Err(ParseError::new(start, message));
                }
            }
        }
        let start = self.peek()?.start;
        let (one, two) = (self.field()?, {
            self.expect("=")?;
            self.field()?
        });
        let (Some(left), Some(name)) = (left, right) else {
            return Err(ParseError::new(start, "a join names both sides: `left=` and `right=`"));
        };
        let part = |field: &Arc<str>, side: &Arc<str>| -> Option<Arc<str>> {
            Some(field.strip_prefix(side.as_ref())?.strip_prefix('.')?.into())
        };
        let on = part(&one, &left).zip(part(&two, &name)).or_else(|| part(&two, &left).zip(part(&one, &name)));
        let Some((on, field)) = on else {
            let message = format!("the fields to join by are written `{left}.field={name}.field`");
            return Err(ParseError::new(start, message));
        };
        self.expect("(")?;
        let plan = self.subquery()?;
        self.expect(")")?;
        let table = Table::default();
        self.subqueries.push(Subquery::of_table(Query(Arc::new(plan)), field, Arc::clone(&table)));
        self.alias = Some(left);
        Ok(Join { on: Expr::Field(on), name, outer, table })
    }

    /// A query in parentheses, whose opening one has been taken.
    pub(super) fn subquery(&mut self) -> Result<Plan, ParseError> {
        if self.nested {
            return Err(ParseError::new(self.at, "queries in parentheses do not nest"));
        }
        self.nested = true;
        let outside = (self.stats.take(), self.grouped.take(), self.alias.take(), std::mem::take(&mut self.subqueries));
        let plan = self.plan();
        self.nested = false;
        (self.stats, self.grouped, self.alias, self.subqueries) = outside;
        plan
    }
}

/// The column and span of a period.
fn period(named: &Named) -> Option<(Arc<str>, Span)> {
    if let Expr::Floor(_, span) = &named.expr { Some((Arc::clone(&named.name), *span)) } else { None }
}
