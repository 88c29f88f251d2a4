//! What a query means.

use std::sync::{Arc, OnceLock};

use regex::Regex;

use super::compare::{Against, Window};
use super::functions::Function;
use super::lookup::Lookup;
use super::span::Span;
use super::subquery::{Subquery, Table, Values};
use super::value::Value;

/// Log groups chosen by what they are called and whose they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// How their names begin; any name where there is none.
    pub prefixes: Vec<String>,
    /// The accounts that they belong to; any where there is none.
    pub accounts: Vec<String>,
    /// Their class: `STANDARD` or `INFREQUENT_ACCESS`.
    pub class: Option<String>,
}

impl Selection {
    /// Whether it takes a log group of this name.
    pub fn takes(&self, group: &str) -> bool {
        self.prefixes.is_empty() || self.prefixes.iter().any(|prefix| group.starts_with(prefix.as_str()))
    }
}

/// A query's commands in their order.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) sources: Vec<String>,
    pub(super) selection: Option<Selection>,
    pub(super) stages: Vec<Stage>,
    /// The names of the commands, those included that do nothing here.
    pub(super) commands: Vec<&'static str>,
    /// When the query was started, in milliseconds.
    pub(super) now: Arc<OnceLock<i64>>,
    /// The window that it runs over, where that counts.
    pub(super) window: OnceLock<Window>,
    pub(super) subqueries: Vec<Subquery>,
    /// Within parentheses, where rows are not limited.
    pub(super) nested: bool,
    pub(super) text: String,
}

impl Plan {
    /// What its patterns are compared with.
    pub(super) fn against(&self) -> Option<&Against> {
        self.stages.iter().find_map(|stage| if let Stage::Pattern(it) = stage { it.against.as_ref() } else { None })
    }
}

/// One command.
#[derive(Debug)]
pub(super) enum Stage {
    Fields(Vec<Named>),
    Display(Vec<Named>),
    Filter(Expr),
    Parse(Extraction),
    Stats(Stats),
    Sort(Vec<SortKey>),
    Limit(usize),
    Dedup(Vec<Expr>),
    Unnest(Expr, Arc<str>),
    Pattern(Clustering),
    Series(Series),
    Join(Join),
    Lookup(Lookup),
}

impl Stage {
    /// Whether its rows are no longer records.
    pub(super) const fn is_aggregate(&self) -> bool {
        matches!(self, Self::Stats(_) | Self::Pattern(_))
    }

    /// Whether it looks at one record alone; `sort` is among these, for it does its work at the end.
    pub(super) const fn is_streamed(&self) -> bool {
        match self {
            Self::Fields(_)
            | Self::Display(_)
            | Self::Filter(_)
            | Self::Parse(_)
            | Self::Sort(_)
            | Self::Join(_)
            | Self::Lookup(_)
            | Self::Unnest(..) => true,
            Self::Stats(_) | Self::Limit(_) | Self::Dedup(_) | Self::Pattern(_) | Self::Series(_) => false,
        }
    }
}

/// `pattern`, perhaps with `diff`.
#[derive(Debug)]
pub(super) struct Clustering {
    pub(super) of: Expr,
    pub(super) against: Option<Against>,
}

/// `join`: rows of another query with the same value.
#[derive(Debug)]
pub(super) struct Join {
    pub(super) on: Expr,
    /// What the other row is called.
    pub(super) name: Arc<str>,
    /// Whether rows stay that have no other.
    pub(super) outer: bool,
    pub(super) table: Table,
}

/// A command for which the order of rows counts.
#[derive(Debug)]
pub(super) enum Series {
    /// The running sum of a field.
    Accum { of: Expr, name: Arc<str> },
    /// The values of so many rows before.
    Lag { of: Expr, names: Vec<(usize, Arc<str>)> },
    /// The last value over gaps, for fields that match; all where there is none.
    Filldown(Vec<Wildcard>),
    /// Rows for times without any.
    Fillmissing { bin: Arc<str>, span: Span, others: Vec<Arc<str>>, values: Vec<(Arc<str>, Value<'static>)> },
    /// Sessions: what is silent for longer is another one.
    Sessionize { by: Vec<Expr>, gap: i64, name: Arc<str> },
    /// Sums of rows and columns.
    Totals { name: Arc<str>, row: bool, column: bool, of: Vec<Arc<str>> },
}

/// A name, or how names begin.
#[derive(Debug)]
pub(super) struct Wildcard {
    pub(super) name: Arc<str>,
    pub(super) open: bool,
}

impl Wildcard {
    pub(super) fn takes(&self, name: &str) -> bool {
        if self.open { name.starts_with(self.name.as_ref()) } else { name == self.name.as_ref() }
    }
}

/// An expression with the name of its column.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: Arc<str>,
    pub(super) expr: Expr,
}

impl Named {
    /// Whether it merely shows the field of its own name.
    pub(super) fn is_plain(&self) -> bool {
        matches!(&self.expr, Expr::Field(name) if *name == self.name)
    }
}

/// `stats`: groups, what is gathered in each, and the columns computed from that.
#[derive(Debug)]
pub(super) struct Stats {
    pub(super) by: Vec<Named>,
    pub(super) aggregates: Vec<Aggregate>,
    pub(super) columns: Vec<Named>,
}

/// One aggregate function and what it looks at; every record, where that is `None`.
#[derive(Debug)]
pub(super) struct Aggregate {
    pub(super) kind: AggregateKind,
    pub(super) of: Option<Expr>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum AggregateKind {
    Count,
    CountDistinct,
    Sum,
    Average,
    Minimum,
    Maximum,
    /// 0–100.
    Percentile(f64),
    Deviation,
    Earliest,
    Latest,
    /// The value that sorts first or last.
    First,
    Last,
}

#[derive(Debug)]
pub(super) struct SortKey {
    pub(super) expr: Expr,
    pub(super) descending: bool,
}

/// `parse`: the groups of an expression become columns.
#[derive(Debug)]
pub(super) struct Extraction {
    pub(super) from: Expr,
    pub(super) expression: Regex,
    /// Whether every match is a row of its own.
    pub(super) multi: bool,
    /// Group number and column.
    pub(super) columns: Vec<(usize, Arc<str>)>,
}

#[derive(Debug)]
pub(super) enum Expr {
    Field(Arc<str>),
    Literal(Value<'static>),
    All(Vec<Expr>),
    Any(Vec<Expr>),
    Not(Box<Expr>),
    Compare(Box<Expr>, Comparison, Box<Expr>),
    Contains(Box<Expr>, String, Sense),
    Matches(Box<Expr>, Regex, Sense),
    In(Box<Expr>, Vec<Expr>, Sense),
    /// Whether a value is among those that a query in parentheses gave.
    Among(Box<Expr>, Values, Sense),
    Arithmetic(Box<Expr>, Arithmetic, Box<Expr>),
    Call(&'static Function, Vec<Expr>),
    /// A time, rounded down or up to a span.
    Floor(Box<Expr>, Span),
    Ceil(Box<Expr>, Span),
    /// When the query was started.
    Now(Arc<OnceLock<i64>>),
    /// The value of an aggregate of the enclosing `stats`.
    Aggregate(usize),
}

/// Whether a test was negated by its own `not`; a missing value passes neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    Plain,
    Negated,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Different,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}
