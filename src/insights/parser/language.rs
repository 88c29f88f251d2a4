//! Texts that are not in this language.

use crate::insights::lexer::{Fault, ParseError, skip, word};

/// Commands that only OpenSearch's piped language has.
const PIPED: [&str; 16] = [
    "where",
    "eval",
    "rename",
    "top",
    "rare",
    "fillnull",
    "grok",
    "eventstats",
    "trendline",
    "patterns",
    "expand",
    "flatten",
    "describe",
    "kmeans",
    "ad",
    "search",
];
/// Functions that a formula of metrics begins with.
const FORMULAS: [&str; 8] =
    ["search", "sort", "metrics", "fill", "anomaly_detection_band", "insight_rule_metric", "remove_empty", "if"];

/// The error of a text, with the language that it is in where that is another one.
pub(super) fn other(text: &str, error: ParseError) -> ParseError {
    let Some((position, name)) = language(text, error.position) else { return error };
    let message = format!("this is {name}, not the Logs Insights language");
    ParseError { fault: Fault::Language(name), ..ParseError::new(position, message) }
}

fn language(text: &str, error: usize) -> Option<(usize, &'static str)> {
    let start = skip(text, 0);
    let rest = &text[start..];
    let first = word(rest).to_ascii_lowercase();
    let after = rest[first.len().min(rest.len())..].trim_start();
    if matches!(first.as_str(), "select" | "with") {
        return Some((start, "SQL"));
    }
    if FORMULAS.contains(&first.as_str()) && after.starts_with('(') {
        return Some((start, "a formula of metrics"));
    }
    if (first == "source" && after.starts_with('=')) || (first == "search" && after.starts_with("source")) {
        return Some((start, "OpenSearch PPL"));
    }
    if let Some(at) = text.find("Type: AWS::") {
        return Some((at, "a CloudFormation template"));
    }
    let wrong = text.get(error..).unwrap_or_default();
    if wrong.starts_with("${") || wrong.starts_with("{{") {
        return Some((error, "a template whose placeholders are not filled in"));
    }
    if wrong.starts_with('<') && wrong[1..].starts_with(|it: char| it.is_alphabetic()) {
        return Some((error, "a template whose placeholders are not filled in"));
    }
    let piped = PIPED.contains(&word(wrong).to_ascii_lowercase().as_str());
    let command = text[..error.min(text.len())].trim_end().ends_with('|') || error == start;
    (piped && command).then_some((error, "OpenSearch PPL"))
}
