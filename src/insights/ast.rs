//! What a query means.

use std::sync::Arc;

use regex::Regex;

use super::functions::Function;
use super::run::Run;
use super::value::Value;

/// A query that was read without errors.
#[derive(Debug, Clone)]
pub struct Query(pub(super) Arc<Plan>);

impl Query {
    /// Begins a run over records.
    pub fn start(&self) -> Run {
        Run::new(Arc::clone(&self.0))
    }

    /// The log groups that the query itself names with `source`.
    pub fn sources(&self) -> &[String] {
        &self.0.sources
    }

    /// Whether its rows are aggregates, so that no row is one record.
    pub fn aggregates(&self) -> bool {
        self.0.stages.iter().any(|stage| matches!(stage, Stage::Stats(_)))
    }
}

/// A query's commands in their order.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) sources: Vec<String>,
    pub(super) stages: Vec<Stage>,
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
    Arithmetic(Box<Expr>, Arithmetic, Box<Expr>),
    Call(&'static Function, Vec<Expr>),
    /// A time, rounded down or up to a span of milliseconds.
    Floor(Box<Expr>, i64),
    Ceil(Box<Expr>, i64),
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
