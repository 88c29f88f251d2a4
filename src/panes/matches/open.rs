//! What a log line leads to.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::board::Board;
use crate::panes::Target;

/// A trace id as X-Ray writes it; the AWS documentation's own samples have too few digits at the end.
static TRACE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b1-[0-9a-fA-F]{8}-[0-9a-zA-Z]{20,24}\b").ok());

/// What opens for a line: the story of its request, by the identifiers that the board names, or else its trace.
pub(super) fn target(message: &str, board: &Board) -> Option<Target> {
    let line: Option<Value> = serde_json::from_str(message).ok();
    let field = |name: &str| match line.as_ref()?.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    if let Some(rules) = &board.feed {
        let names = [&rules.id_field, &rules.correlation_field].into_iter().chain(&rules.identifiers);
        let is_trace = |name: &&String| **name == rules.trace_field;
        if let Some(id) = names.filter(|name| !is_trace(name)).find_map(|name| field(name)) {
            return Some(Target::Request(id));
        }
    }
    let found = TRACE.as_ref().and_then(|regex| regex.find(message));
    found.map(|id| Target::Trace(id.as_str().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_leads_to_its_request_or_its_trace() {
        let board = crate::board::preset("token-provisioning").expect("the preset");
        let trace = "1-5f2aef12-6b4f7a9c8d2e1f3a2b1c0d9e";
        let cases = [
            (r#"{"requestId":"r-1","correlationId":"c-1"}"#.to_owned(), Some(Target::Request("r-1".into()))),
            (r#"{"correlationId":"c-1"}"#.to_owned(), Some(Target::Request("c-1".into()))),
            (r#"{"requestId":7}"#.to_owned(), Some(Target::Request("7".into()))),
            (r#"{"requestId":null,"message":"x"}"#.to_owned(), None),
            (format!(r#"{{"xray":"Root={trace};Sampled=1"}}"#), Some(Target::Trace(trace.into()))),
            (format!("REPORT RequestId: 5 XRAY TraceId: {trace} SegmentId: 6"), Some(Target::Trace(trace.into()))),
            ("plain text 1-2-3".to_owned(), None),
        ];
        for (line, expected) in cases {
            assert_eq!(target(&line, &board), expected, "{line}");
        }
    }
}
