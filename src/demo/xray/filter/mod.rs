//! X-Ray filter expressions (X-Ray Developer Guide, "Use filter expressions").
//!
//! Understood are the flags `ok`, `error`, `throttle`, `fault`, `partial`; the numbers `responsetime`, `duration` and
//! `http.status`; the texts `http.url`, `http.method` and `name`; `annotation[key]` and `annotation.key`;
//! `service(…) { … }` and `edge(…) { … }`; `AND`, `OR`, `!` and parentheses. Anything else is refused by name.

mod parse;
mod scanner;
mod subject;

use std::cell::OnceCell;

use self::subject::{Subject, TraceView};
use super::INVALID;
use crate::demo::wire::ApiError;
use crate::demo::world::{TraceRecord, TraceSummary};
use crate::store::graph::ServiceKey;

/// A parsed filter expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Filter(Option<Expr>);

/// An expression's tree.
#[derive(Debug, Clone, PartialEq)]
enum Expr {
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Flag(Flag),
    Number(NumberKey, Compare, f64),
    Text(TextKey, TextTest),
    Annotation(String, AnnotationTest),
    Service(ServiceSelector, Option<Box<Expr>>),
    Edge(ServiceSelector, ServiceSelector, Option<Box<Expr>>),
}

/// A yes-or-no keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flag {
    Ok,
    Error,
    Throttle,
    Fault,
    Partial,
}

/// A keyword that is a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NumberKey {
    ResponseTime,
    Duration,
    HttpStatus,
}

/// A keyword that is a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TextKey {
    HttpUrl,
    HttpMethod,
    Name,
}

/// A comparison of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compare {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Compare {
    fn holds(self, left: f64, right: f64) -> bool {
        let order = left.total_cmp(&right);
        match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

/// A test of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum TextTest {
    Equal(String),
    Unequal(String),
    Contains(String),
    BeginsWith(String),
    EndsWith(String),
}

impl TextTest {
    fn holds(&self, text: &str) -> bool {
        match self {
            Self::Equal(other) => text == other,
            Self::Unequal(other) => text != other,
            Self::Contains(part) => text.contains(part.as_str()),
            Self::BeginsWith(part) => text.starts_with(part.as_str()),
            Self::EndsWith(part) => text.ends_with(part.as_str()),
        }
    }
}

/// A test of an annotation.
#[derive(Debug, Clone, PartialEq)]
enum AnnotationTest {
    Exists,
    Text(TextTest),
    Number(Compare, f64),
    Bool(bool),
}

impl AnnotationTest {
    fn holds(&self, value: &str) -> bool {
        match self {
            Self::Exists => true,
            Self::Text(test) => test.holds(value),
            Self::Number(compare, number) => value.parse().is_ok_and(|value| compare.holds(value, *number)),
            Self::Bool(expected) => value.parse() == Ok(*expected),
        }
    }
}

/// Which services `service(…)` means: by name, by type, by both, or every one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ServiceSelector {
    name: Option<String>,
    kind: Option<String>,
}

impl ServiceSelector {
    /// Whether it means this service.
    pub(super) fn takes(&self, key: &ServiceKey) -> bool {
        self.name.as_ref().is_none_or(|name| *name == key.name)
            && self.kind.as_ref().is_none_or(|kind| *kind == key.kind)
    }
}

/// What GetTimeSeriesServiceStatistics is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum EntitySelector {
    /// A service.
    Service(ServiceSelector),
    /// The calls from one to another.
    Edge(ServiceSelector, ServiceSelector),
}

impl EntitySelector {
    /// The member of the answer that has its statistics.
    pub(super) const fn member(&self) -> &'static str {
        match self {
            Self::Service(_) => "ServiceSummaryStatistics",
            Self::Edge(..) => "EdgeSummaryStatistics",
        }
    }
}

/// Reads the entity selector of GetTimeSeriesServiceStatistics, which names one service or one edge.
pub(super) fn entity_selector(text: &str) -> Result<EntitySelector, ApiError> {
    match Filter::parse(text)?.0 {
        Some(Expr::Service(selector, None)) => Ok(EntitySelector::Service(selector)),
        Some(Expr::Edge(from, to, None)) => Ok(EntitySelector::Edge(from, to)),
        _ => {
            let known = "use service(\"name\") or edge(\"caller\", \"called\")";
            Err(ApiError::bad(INVALID, format!("The entity selector {text} is not supported; {known}")))
        }
    }
}

impl Filter {
    /// Parses an expression; the empty one lets every trace pass.
    pub(super) fn parse(text: &str) -> Result<Self, ApiError> {
        parse::parse(text)
            .map(Self)
            .map_err(|error| ApiError::bad(INVALID, format!("Invalid filter expression: {error}")))
    }

    /// Whether a trace passes. `whole` is asked only where a service's or an edge's own part matters.
    pub(super) fn takes(&self, summary: &TraceSummary, whole: &dyn Fn() -> Option<TraceRecord>) -> bool {
        let Some(expr) = &self.0 else { return true };
        expr.holds(&TraceView { summary, whole, tree: OnceCell::new() })
    }
}

impl Expr {
    fn holds(&self, subject: &dyn Subject) -> bool {
        match self {
            Self::And(left, right) => left.holds(subject) && right.holds(subject),
            Self::Or(left, right) => left.holds(subject) || right.holds(subject),
            Self::Not(inner) => !inner.holds(subject),
            Self::Flag(flag) => subject.flag(*flag),
            Self::Number(key, compare, value) => {
                subject.number(*key).is_some_and(|number| compare.holds(number, *value))
            }
            Self::Text(key, test) => subject.text(*key).is_some_and(|text| test.holds(&text)),
            Self::Annotation(key, test) => subject.annotations(key).iter().any(|value| test.holds(value)),
            Self::Service(selector, block) => subject.has_service(selector, block.as_deref()),
            Self::Edge(from, to, block) => subject.has_edge(from, to, block.as_deref()),
        }
    }
}

#[cfg(test)]
mod tests;
