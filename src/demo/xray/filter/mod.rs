//! Filter expressions, asked of traces. `rootcause.json` is refused by name; what no segment of this world has, such as
//! users, zones and instances, no trace passes.

mod cause;
mod subject;

use std::cell::OnceCell;

use self::subject::{Subject, TraceView};
use super::{INVALID, groups};
pub(super) use crate::analysis::trace_filter::ServiceSelector;
use crate::analysis::trace_filter::{self, Expr, TextTest};
use crate::demo::wire::ApiError;
use crate::demo::world::{TraceRecord, TraceSummary};

/// A parsed filter expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Filter(Option<Expr>);

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
        let refused = |error: String| ApiError::bad(INVALID, format!("Invalid filter expression: {error}"));
        let expr = trace_filter::parse(text).map_err(|error| refused(error.to_string()))?;
        if let Some(name) = expr.as_ref().and_then(unsupported) {
            return Err(refused(format!("the embedded AWS does not answer the keyword {name}")));
        }
        expr.map(without_groups).transpose().map(Self)
    }

    /// Whether a trace passes. `whole` is asked only where a service's or an edge's own part matters.
    pub(super) fn takes(&self, summary: &TraceSummary, whole: &dyn Fn() -> Option<TraceRecord>) -> bool {
        let Some(expr) = &self.0 else { return true };
        holds(expr, &TraceView { summary, whole, tree: OnceCell::new() })
    }
}

/// A keyword that this world has no answer to.
fn unsupported(expr: &Expr) -> Option<&'static str> {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().find_map(unsupported),
        Expr::Not(inner) => unsupported(inner),
        Expr::Service(_, block) | Expr::Edge(_, _, block) => block.as_deref().and_then(unsupported),
        Expr::RootCauseJson(_) => Some("rootcause.json"),
        Expr::Flag(_)
        | Expr::Number(..)
        | Expr::Text(..)
        | Expr::Annotation(..)
        | Expr::Group(..)
        | Expr::RootCause(..) => None,
    }
}

/// The same with what a group takes in place of its name.
fn without_groups(expr: Expr) -> Result<Expr, ApiError> {
    let all = |parts: Vec<Expr>| parts.into_iter().map(without_groups).collect::<Result<Vec<_>, _>>();
    Ok(match expr {
        Expr::And(parts) => Expr::And(all(parts)?),
        Expr::Or(parts) => Expr::Or(all(parts)?),
        Expr::Not(inner) => Expr::Not(Box::new(without_groups(*inner)?)),
        Expr::Group(_, test) => {
            let (TextTest::Equal(name)
            | TextTest::Unequal(name)
            | TextTest::Contains(name)
            | TextTest::BeginsWith(name)
            | TextTest::EndsWith(name)) = &test;
            let taken = Filter::parse(groups::find(name)?.filter.unwrap_or_default())?.0;
            let taken = taken.unwrap_or_else(|| Expr::And(Vec::new()));
            if matches!(test, TextTest::Unequal(_)) { Expr::Not(Box::new(taken)) } else { taken }
        }
        other => other,
    })
}

/// Whether an expression holds of a trace, or of a service's part in it.
fn holds(expr: &Expr, subject: &dyn Subject) -> bool {
    match expr {
        Expr::And(parts) => parts.iter().all(|part| holds(part, subject)),
        Expr::Or(parts) => parts.iter().any(|part| holds(part, subject)),
        Expr::Not(inner) => !holds(inner, subject),
        Expr::Flag(flag) => subject.flag(*flag),
        Expr::Number(key, compare, value) => subject.number(*key).is_some_and(|number| compare.holds(number, *value)),
        Expr::Text(key, test) => {
            subject.text(*key).is_some_and(|text| test.as_ref().is_none_or(|test| test.holds(&text)))
        }
        Expr::Annotation(key, test) => subject.annotations(key).iter().any(|value| test.holds(value)),
        Expr::Service(selector, block) => subject.has_service(selector, block.as_deref()),
        Expr::Edge(from, to, block) => subject.has_edge(from, to, block.as_deref()),
        Expr::RootCause(cause, part, block) => subject.has_cause(*cause, *part, block.as_deref()),
        Expr::Group(..) | Expr::RootCauseJson(_) => false,
    }
}

#[cfg(test)]
mod tests;
