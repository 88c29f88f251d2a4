//! The Logs Insights queries behind suspects and breakdowns.

use chrono::TimeDelta;

use super::windows::Span;
use crate::analysis::cells::COUNT;
use crate::board::{FeedRules, Status};
use crate::store::rows::LogQuery;

/// Lines of a sample.
const SAMPLE_LINES: usize = 500;
/// The stretch that a sample is taken from at most: reading costs.
const SAMPLE_SPAN: TimeDelta = TimeDelta::minutes(2);
/// Rows of one answer (API Reference, GetQueryResults); the rarest combinations go where there are more.
const MOST_ROWS: usize = 10_000;
/// Values of one field in a breakdown.
const MOST_VALUES: usize = 1_000;

/// The name of the median in the rows of [`latencies`].
pub const P50: &str = "p50";
/// The name of the 99th percentile in the rows of [`latencies`].
pub const P99: &str = "p99";

/// A sample of ended requests, the newest of the span.
pub fn sample(rules: &FeedRules, span: Span) -> LogQuery {
    let from = span.from.max(span.to - SAMPLE_SPAN);
    let text = format!("fields @message | {} | limit {SAMPLE_LINES}", filter(rules, &[]));
    query(rules, text, Span { from, ..span })
}

/// How many requests ended, and how, for each combination of these fields' values; most frequent first.
pub fn counts(rules: &FeedRules, fields: &[String], path: &[(String, String)], span: Span) -> LogQuery {
    let by = std::iter::once(&rules.event_field).chain(fields).map(|field| name(field));
    let by = by.collect::<Vec<_>>().join(", ");
    let text =
        format!("{} | stats count(*) as {COUNT} by {by} | sort {COUNT} desc | limit {MOST_ROWS}", filter(rules, path));
    query(rules, text, span)
}

/// How long requests took, for each value of a field; `None` where the board names no latency.
pub fn latencies(rules: &FeedRules, field: &str, path: &[(String, String)], span: Span) -> Option<LogQuery> {
    if rules.latency_field.is_empty() {
        return None;
    }
    let took = name(&rules.latency_field);
    let text = format!(
        "{} | stats count(*) as {COUNT}, pct({took}, 50) as {P50}, pct({took}, 99) as {P99} by {} | sort {COUNT} desc | limit {MOST_VALUES}",
        filter(rules, path),
        name(field)
    );
    Some(query(rules, text, span))
}

/// Whether an answer has as many rows as AWS returns, so that there may be more.
pub const fn is_cut(rows: usize) -> bool {
    rows >= MOST_ROWS
}

fn query(rules: &FeedRules, text: String, span: Span) -> LogQuery {
    LogQuery { text, groups: rules.log_groups.clone(), span: Some((span.from, span.to)) }
}

/// Keeps the events that end a request (or start it, on boards that know no good end), with all values of a path.
fn filter(rules: &FeedRules, path: &[(String, String)]) -> String {
    let has_good_ends = rules.statuses.iter().any(|(_, status)| *status == Status::Success);
    let counts = |status: Status| match status {
        Status::Pending => !has_good_ends,
        Status::Success | Status::Failed => true,
    };
    let events = rules.statuses.iter().filter(|(_, status)| counts(*status)).map(|(event, _)| quoted(event));
    let ends = format!("filter {} in [{}]", name(&rules.event_field), events.collect::<Vec<_>>().join(", "));
    let values = path.iter().map(|(field, value)| format!("{} = {}", name(field), quoted(value)));
    std::iter::once(ends).chain(values).collect::<Vec<_>>().join(" and ")
}

/// A field's name as a query takes it: in backticks where it has other characters than letters, digits, `_`, `.`, `@`.
///
/// Source: CloudWatch Logs user guide, "Supported logs and discovered fields".
fn name(field: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.@".contains(c);
    let starts = field.starts_with(|c: char| c.is_ascii_alphabetic() || c == '@' || c == '_');
    if starts && field.chars().all(is_plain) { field.to_owned() } else { format!("`{}`", field.replace('`', "")) }
}

/// A value as a query takes it.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::cells::fixture::rules;

    fn span() -> Span {
        let at = |text: &str| text.parse().expect("a time");
        Span { from: at("2026-01-15T10:13:00Z"), to: at("2026-01-15T10:28:00Z") }
    }

    #[test]
    fn queries_say_what_is_counted() {
        let rules = rules();
        let fields = ["os".to_owned(), "client-version".to_owned()];
        let path = [("issuer".to_owned(), r#"Joe's "Bank" \ Co"#.to_owned())];
        let query = counts(&rules, &fields, &path, span());
        assert_eq!(
            query.text,
            "filter event in [\"OK\", \"BAD\", \"REFUSED\"] and issuer = \"Joe's \\\"Bank\\\" \\\\ Co\" | \
             stats count(*) as n by event, os, `client-version` | sort n desc | limit 10000"
        );
        assert_eq!(query.span, Some((span().from, span().to)));
        let sample = sample(&rules, span());
        assert_eq!(sample.span, Some(("2026-01-15T10:26:00Z".parse().expect("a time"), span().to)));
        let times = latencies(&rules, "os", &[], span()).expect("a latency field");
        for text in [query.text, sample.text, times.text] {
            crate::insights::parse(&text).expect("a query that can be read");
        }
    }

    #[test]
    fn starts_count_where_no_event_is_a_good_end() {
        let mut rules = rules();
        rules.statuses.retain(|(_, status)| *status != Status::Success);
        assert!(counts(&rules, &[], &[], span()).text.starts_with("filter event in [\"START\", \"BAD\", \"REFUSED\"]"));
    }
}
