//! A query as the text that is parsed into it again.

use crate::analysis::insights_sql::Sql;
use crate::store::series::{MetricQuery, MetricSource};

use super::{period_text, reference};

/// The text of a query: ids of its inputs give way to what they stand for, so that it means the same anywhere.
pub fn text(query: &MetricQuery) -> String {
    let body = body(query);
    match &query.label {
        Some(label) => format!("{body} as \"{label}\""),
        None => body,
    }
}

/// A query in a few words: a metric's name, the values of its dimensions and the statistic; an expression as it stands.
pub fn title(query: &MetricQuery) -> String {
    match (&query.label, &query.source) {
        (Some(label), _) if !label.contains("${") => label.clone(),
        (_, MetricSource::Stat { name, dimensions, stat, .. }) => {
            let values = dimensions.iter().map(|(_, value)| value.as_str());
            let words: Vec<&str> = std::iter::once(name.as_str()).chain(values).collect();
            format!("{} · {stat}", words.join(" "))
        }
        (_, MetricSource::Expression { text, .. }) => text.clone(),
    }
}

fn body(query: &MetricQuery) -> String {
    match &query.source {
        MetricSource::Stat { namespace, name, dimensions, stat } => {
            let sides: Vec<String> =
                dimensions.iter().map(|(key, value)| format!("{}={}", side(key), side(value))).collect();
            let dimensions = if sides.is_empty() { String::new() } else { format!("{{{}}}", sides.join(",")) };
            let account = query.account.as_ref().map(|account| format!("@{account}")).unwrap_or_default();
            let period = period_text(query.period_s);
            format!("{}:{}{dimensions}:{stat}:{period}{account}", part(namespace, true), part(name, false))
        }
        MetricSource::Expression { text, inputs } if inputs.is_empty() || Sql::is_meant(text) => text.clone(),
        MetricSource::Expression { text, inputs } => spelled_out(text, inputs),
    }
}

/// The text with every input's id spelled out, quotes left alone.
fn spelled_out(text: &str, inputs: &[(String, MetricQuery)]) -> String {
    let mut out = String::new();
    let mut rest = text;
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
            c if word(c) || c == '.' => rest.find(|c| !word(c) && c != '.').unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (piece, tail) = rest.split_at(length);
        match inputs.iter().find(|(id, _)| id == piece) {
            None => out.push_str(piece),
            Some((_, input)) => {
                let whole = body(input);
                // A bare part would run on over the operator in front of it or behind it.
                let glued = |c: char| reference::is_bare(c);
                let space = if out.ends_with(glued) { " " } else { "" };
                let after = if tail.starts_with(glued) { " " } else { "" };
                match &input.source {
                    MetricSource::Stat { .. } => out.extend([space, &whole, after]),
                    MetricSource::Expression { .. } => out.extend(["(", &whole, ")"]),
                }
            }
        }
        rest = tail;
    }
    out
}

fn part(text: &str, first: bool) -> String {
    let starts = !first || text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if starts && !text.is_empty() && text.chars().all(reference::is_bare) { text.to_owned() } else { quoted(text) }
}

fn side(text: &str) -> String {
    let plain = !text.is_empty() && text.trim() == text && !text.contains(['=', ',', '{', '}', '"', '\\']);
    if plain { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
