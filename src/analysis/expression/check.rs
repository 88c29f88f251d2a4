//! What can be told wrong of metric math before AWS is asked.

use crate::analysis::math::{Kind, MathError, Node};
use crate::analysis::search::Search;
use crate::board::stat;

use super::{period, reference};

/// Every function of metric math. Source: CloudWatch user guide, "Metric math syntax and functions".
const FUNCTIONS: [&str; 38] = [
    "ABS",
    "ANOMALY_DETECTION_BAND",
    "AVG",
    "CEIL",
    "DATAPOINT_COUNT",
    "DATE",
    "DAY",
    "DB_PERF_INSIGHTS",
    "DIFF",
    "DIFF_TIME",
    "EPOCH",
    "FILL",
    "FIRST",
    "FLOOR",
    "HOUR",
    "IF",
    "INSIGHT_RULE_METRIC",
    "LAMBDA",
    "LAST",
    "LOG",
    "LOG10",
    "MAX",
    "METRICS",
    "METRIC_COUNT",
    "MIN",
    "MINUTE",
    "MONTH",
    "PERIOD",
    "RATE",
    "REMOVE_EMPTY",
    "RUNNING_SUM",
    "SEARCH",
    "SERVICE_QUOTA",
    "SLICE",
    "SORT",
    "STDDEV",
    "SUM",
    "TIME_SERIES",
];
/// A function whose name is also that of a part of a date.
const YEAR: &str = "YEAR";

/// The first thing that is wrong with a tree, if anything.
pub(super) fn functions(node: &Node) -> Result<(), MathError> {
    match &node.kind {
        Kind::Number(_) | Kind::Text(_) | Kind::Id(_) | Kind::Word(_) => Ok(()),
        Kind::Negate(inner) => functions(inner),
        Kind::Binary(_, left, right) => functions(left).and_then(|()| functions(right)),
        Kind::List(items) => items.iter().try_for_each(functions),
        Kind::Call(name, arguments) => {
            if name != YEAR && !FUNCTIONS.contains(&name.as_str()) {
                let near = FUNCTIONS.iter().map(|known| (strsim::jaro_winkler(known, name), *known));
                let near = near.filter(|(score, _)| *score > 0.8).max_by(|a, b| a.0.total_cmp(&b.0));
                let near = near.map(|(_, known)| format!("; did you mean {known}?")).unwrap_or_default();
                return Err(MathError::new(node.at, format!("no function '{name}'{near}")));
            }
            if name == "SEARCH" {
                search(node.at, arguments)?;
            }
            arguments.iter().try_for_each(functions)
        }
    }
}

/// Checks `SEARCH('…', 'STAT'[, PERIOD])`.
fn search(at: usize, arguments: &[Node]) -> Result<(), MathError> {
    let (Some(terms), Some(statistic), 2..=3) = (arguments.first(), arguments.get(1), arguments.len()) else {
        return Err(MathError::new(at, "SEARCH takes a search, a statistic and a period: SEARCH('{NS} x', 'Sum', 60)"));
    };
    let Kind::Text(text) = &terms.kind else {
        return Err(MathError::new(terms.at, "the search stands in quotes"));
    };
    // The text begins behind its quote.
    Search::parse(text).map_err(|error| MathError::new(terms.at + 1 + error.position, error.message))?;
    match &statistic.kind {
        Kind::Text(name) if stat::exists(name) => {}
        Kind::Text(name) => return Err(MathError::new(statistic.at + 1, reference::no_statistic(name))),
        _ => return Err(MathError::new(statistic.at, "the statistic stands in quotes")),
    }
    match arguments.get(2).map(|node| (node.at, &node.kind)) {
        None => Ok(()),
        Some((_, Kind::Number(seconds))) if period(&seconds.to_string()).is_some() => Ok(()),
        Some((at, _)) => Err(MathError::new(at, "the period is 1, 5, 10, 20, 30 or whole minutes, in seconds")),
    }
}

/// The longest period that a search in it names, in seconds.
pub(super) fn search_period(node: &Node) -> Option<u32> {
    match &node.kind {
        Kind::Number(_) | Kind::Text(_) | Kind::Id(_) | Kind::Word(_) => None,
        Kind::Negate(inner) => search_period(inner),
        Kind::Binary(_, left, right) => search_period(left).max(search_period(right)),
        Kind::Call(name, arguments) if name == "SEARCH" => match arguments.get(2).map(|node| &node.kind) {
            Some(Kind::Number(seconds)) => period(&seconds.to_string()),
            Some(_) | None => None,
        },
        Kind::Call(_, items) | Kind::List(items) => items.iter().filter_map(search_period).max(),
    }
}

/// Every id with the place where it stands first.
pub(super) fn ids(node: &Node, found: &mut Vec<(String, usize)>) {
    match &node.kind {
        Kind::Number(_) | Kind::Text(_) | Kind::Word(_) => {}
        Kind::Id(id) => {
            if !found.iter().any(|(known, _)| known == id) {
                found.push((id.clone(), node.at));
            }
        }
        Kind::Negate(inner) => ids(inner, found),
        Kind::Binary(_, left, right) => {
            ids(left, found);
            ids(right, found);
        }
        Kind::Call(_, items) | Kind::List(items) => items.iter().for_each(|item| ids(item, found)),
    }
}
