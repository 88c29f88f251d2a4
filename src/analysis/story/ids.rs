//! Identifiers: their forms, and where they stand in lines and documents.

use serde_json::Value;

use crate::board::FeedRules;
use crate::clock::Time;

/// The shortest value that is taken for an identifier: shorter ones name kinds of things, not things.
const SHORTEST: usize = 6;
/// The longest.
const LONGEST: usize = 256;
/// How deep in a document identifiers are looked for.
const DEEPEST: usize = 6;

/// The fields of a board that lead from one source to another.
pub fn fields(rules: Option<&FeedRules>) -> Vec<String> {
    let Some(rules) = rules else { return ["correlationId", "requestId", "traceId"].map(str::to_owned).to_vec() };
    let mut fields = rules.identifiers.clone();
    for field in [&rules.id_field, &rules.correlation_field, &rules.trace_field] {
        if !field.is_empty() && !fields.contains(field) {
            fields.push(field.clone());
        }
    }
    fields
}

/// A trace id as X-Ray writes it, `1-<8 hex>-<24 hex>`, of that form or of W3C's 32 digits.
pub fn trace_id(text: &str) -> Option<String> {
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let text = text.trim();
    if let Some((epoch, tail)) = text.strip_prefix("1-").and_then(|rest| rest.split_once('-')) {
        return (epoch.len() == 8 && tail.len() == 24 && is_hex(epoch) && is_hex(tail)).then(|| text.to_lowercase());
    }
    let is_w3c = text.len() == 32 && is_hex(text) && text.bytes().any(|byte| byte != b'0');
    is_w3c.then(|| format!("1-{}-{}", &text[..8], &text[8..]).to_lowercase())
}

/// When a trace began: the epoch second inside its id.
pub fn epoch(trace_id: &str) -> Option<Time> {
    let seconds = i64::from_str_radix(trace_id.strip_prefix("1-")?.get(..8)?, 16).ok()?;
    chrono::DateTime::from_timestamp(seconds, 0)
}

/// The texts by which an identifier is found in log lines: a trace id in both of its forms.
pub fn terms(value: &str) -> Vec<String> {
    match trace_id(value) {
        Some(id) => {
            let w3c: String = id.chars().skip(2).filter(|c| *c != '-').collect();
            vec![id, w3c]
        }
        None => vec![value.to_owned()],
    }
}

/// Whether a value can name one thing: long enough, of one word, with a digit in it.
fn is_identifier(value: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&value.len())
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && !value.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Whether a word of a text looks like an identifier; a date and a time do not.
pub fn looks_like_one(word: &str) -> bool {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    is_identifier(word) && (is_number || word.bytes().any(|byte| byte.is_ascii_alphabetic()))
}

/// The identifiers in a document, by field: each key that is one of `fields`, however deep and in whatever case
/// (`requestID` of CloudTrail is `requestId` of a log line).
pub fn within(document: &Value, fields: &[String], trace_field: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    walk(document, fields, trace_field, 0, &mut found);
    found
}

fn walk(value: &Value, fields: &[String], trace_field: &str, depth: usize, found: &mut Vec<(String, String)>) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match (fields.iter().find(|field| field.eq_ignore_ascii_case(key)), value) {
                    (Some(field), Value::String(text)) => take(field, text, trace_field, found),
                    (Some(field), Value::Number(number)) => take(field, &number.to_string(), trace_field, found),
                    _ => walk(value, fields, trace_field, depth + 1, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, fields, trace_field, depth + 1, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn take(field: &str, value: &str, trace_field: &str, found: &mut Vec<(String, String)>) {
    let value =
        if field == trace_field { trace_id(value).unwrap_or_else(|| value.to_owned()) } else { value.to_owned() };
    let pair = (field.to_owned(), value);
    if is_identifier(&pair.1) && !found.contains(&pair) {
        found.push(pair);
    }
}

/// The identifiers in a line that is no JSON: `requestId=…`, `requestId: …`, `RequestId …`, as Lambda's own lines are.
pub fn in_text(text: &str, fields: &[String], trace_field: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut words =
        text.split(|c: char| c.is_whitespace() || "=:,;\"'[]{}()".contains(c)).filter(|word| !word.is_empty());
    let mut last: Option<&String> = None;
    for word in words.by_ref() {
        if let Some(field) = last.take() {
            take(field, word, trace_field, &mut found);
        }
        last = fields.iter().find(|field| field.eq_ignore_ascii_case(word));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        ["correlationId", "requestId", "tokenReferenceId", "traceId"].map(str::to_owned).to_vec()
    }

    #[test]
    fn trace_ids_are_read_in_both_forms() {
        let id = "1-6968c1a0-0123456789abcdef01234567";
        assert_eq!(trace_id(id).as_deref(), Some(id));
        assert_eq!(trace_id("6968c1a00123456789ABCDEF01234567").as_deref(), Some(id));
        assert_eq!(epoch(id).map(|at| at.timestamp()), Some(0x6968_c1a0));
        assert_eq!(terms(id), [id, "6968c1a00123456789abcdef01234567"]);
        for other in
            ["1-6968c1a0-01", "corr_0123", "00000000000000000000000000000000", "1-zzzzzzzz-0123456789abcdef01234567"]
        {
            assert_eq!(trace_id(other), None, "{other}");
            assert_eq!(terms(other), [other]);
        }
    }

    #[test]
    fn identifiers_are_found_in_any_case_at_any_depth() {
        let trail = serde_json::json!({
            "requestID": "a1b2c3d4-5678", "eventName": "ProvisionToken",
            "responseElements": {"tokenReferenceId": "trm_0a1b2c", "status": "FAILED"},
            "correlationId": "", "items": [{"traceId": "6968c1a00123456789abcdef01234567"}],
        });
        let mut found = within(&trail, &names(), "traceId");
        found.sort();
        let expected = [
            ("requestId", "a1b2c3d4-5678"),
            ("tokenReferenceId", "trm_0a1b2c"),
            ("traceId", "1-6968c1a0-0123456789abcdef01234567"),
        ];
        assert_eq!(found, expected.map(|(field, value)| (field.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_names_a_kind_of_thing_is_no_identifier() {
        for value in ["Contoso_Bank", "42", "a b 123456", ""] {
            let line = serde_json::json!({ "correlationId": value });
            assert_eq!(within(&line, &names(), "traceId"), [], "{value}");
        }
    }

    #[test]
    fn plain_lines_have_identifiers_too() {
        let line = "START RequestId: a1b2c3d4-5678 Version: $LATEST correlationId=corr_01 took 5";
        let expected = [("requestId", "a1b2c3d4-5678"), ("correlationId", "corr_01")];
        assert_eq!(
            in_text(line, &names(), "traceId"),
            expected.map(|(field, value)| (field.to_owned(), value.to_owned()))
        );
    }
}
