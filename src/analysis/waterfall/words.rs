//! What a span is called.

use crate::store::trace::Span;

/// A span's name, with the operation of an AWS call; as it came, not cleaned.
pub fn label(span: &Span) -> String {
    if span.operation.is_empty() { span.name.clone() } else { format!("{} {}", span.name, span.operation) }
}
