//! Which spans of a trace stand on the screen.

use std::collections::HashSet;

use crate::store::trace::{Span, Trace};

/// The spans that are shown, in order: what is folded hides what is below it; where something is looked for, what has
/// it stands with all that leads to it.
pub(super) fn shown(trace: &Trace, names: &[String], folded: &HashSet<String>, wanted: &str) -> Vec<usize> {
    let wanted = wanted.trim().to_lowercase();
    if wanted.is_empty() {
        let mut rows = Vec::new();
        let mut at = 0;
        while let Some(span) = trace.spans.get(at) {
            rows.push(at);
            at += if names.get(at).is_some_and(|name| folded.contains(name)) { span.size.max(1) } else { 1 };
        }
        return rows;
    }
    let mut leads = vec![false; trace.spans.len()];
    // From the end, as what is below stands behind what it is below of.
    for (at, span) in trace.spans.iter().enumerate().rev() {
        leads[at] |= holds(span, &wanted);
        if let (true, Some(parent)) = (leads[at], span.parent) {
            leads[parent] = true;
        }
    }
    leads.iter().enumerate().filter(|(_, leads)| **leads).map(|(at, _)| at).collect()
}

/// Whether a span's name, origin or any text of its document has a word, which is in small letters.
pub(super) fn holds(span: &Span, wanted: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(wanted);
    has(&span.name) || has(&span.origin) || span.document.any(has)
}
