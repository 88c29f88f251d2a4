//! What a span is called.

use serde_json::Value;

use crate::store::trace::Span;

/// A span's name, with the operation of an AWS call; as it came, not cleaned.
pub fn label(span: &Span) -> String {
    match span.document.get("aws").and_then(|aws| aws.get("operation")).and_then(Value::as_str) {
        Some(operation) => format!("{} {operation}", span.name),
        None => span.name.clone(),
    }
}
