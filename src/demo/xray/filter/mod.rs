//! Filter expressions, asked of traces. Groups and root causes are refused by name; what no segment of this world has, such
//! as users, zones and instances, no trace passes.

mod subject;

use std::cell::OnceCell;

use self::subject::{Subject, TraceView};
use super::INVALID;
pub(super) use crate::analysis::trace_filter::ServiceSelector;
use crate::analysis::trace_filter::{self, Expr};
use crate::demo::wire::ApiError;
use crate::demo::world::{TraceRecord, TraceSummary};

/// A parsed filter expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Filter(Option<Expr>);

/// Reads the entity selector of GetTimeSeriesServiceStatistics, which names one service.
pub(super) fn service_selector(text: &str) -> Result<ServiceSelector, ApiError> {
    match Filter::parse(text)?.0 {
        Some(Expr::Service(selector, None)) => Ok(selector),
        _ => Err(ApiError::bad(INVALID, format!("The entity selector {text} is not supported; use service(\"name\")"))),
    }
}

impl Filter {
    /// Parses an expression; the empty one lets every trace pass.
    pub(super) fn parse(text: &str) -> Result<Self, ApiError> {
        let refused = |error: String| ApiError::bad(INVALID, format!("Invalid filter expression: {error}"));
        let expr = trace_filter::parse(text).map_err(|error| refused(error.to_string()))?;
        match expr.as_ref().and_then(unsupported) {
            Some(name) => Err(refused(format!("the keyword {name} is not supported"))),
            None => Ok(Self(expr)),
        }
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
        Expr::Group(..) => Some("group"),
        Expr::RootCauseJson(_) => Some("rootcause.json"),
        Expr::RootCause(..) => Some("rootcause"),
        Expr::Flag(_) | Expr::Number(..) | Expr::Text(..) | Expr::Annotation(..) => None,
    }
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
        Expr::Group(..) | Expr::RootCause(..) | Expr::RootCauseJson(_) => false,
    }
}

#[cfg(test)]
mod tests;
