//! X-Ray traces: segments and subsegments as one tree.
//!
//! The spans stand in one list, each parent before what is below it, so that no walk recurses: a chain of ten thousand
//! calls is as good as any other tree.

mod cut;
mod document;
mod head;
mod link;
mod otel;
mod reading;
mod span;
mod tree;
mod verdict;
mod walk;

#[cfg(test)]
mod any_cut;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

pub use document::Document;
pub use link::{Link, LinkKind};
pub use span::{Span, SpanKind, instant};
pub use verdict::Verdict;

/// One trace as X-Ray returns it, its documents joined to a tree.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trace {
    /// Trace id, `1-<8 hex>-<24 hex>`.
    pub id: String,
    /// X-Ray's duration in seconds.
    pub duration_s: f64,
    /// All spans, parents before their children, siblings by their start and then their id.
    pub spans: Vec<Span>,
    /// What was wrong with documents that could not be read or joined, one line each.
    pub problems: Vec<String>,
    /// Parents that were named and did not come, in the order of what hangs below them.
    pub missing: Vec<Missing>,
    /// X-Ray left documents out, because the trace is larger than it keeps.
    pub limit_exceeded: bool,
    /// X-Ray said to the end that it did not get round to the whole of it.
    pub unprocessed: bool,
}

/// A span that others name as their parent and that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Its id.
    pub id: String,
    /// Spans that name it as their parent.
    pub children: usize,
    /// These and all below them.
    pub spans: usize,
}

impl Trace {
    /// Joins segment documents (JSON texts) to a tree. The order of the documents does not matter.
    ///
    /// - Subsegments stand within their segment, or are documents of their own that name their parent.
    /// - A segment that names a subsegment as its parent is what that one called, and stands below it.
    /// - The same id twice is one span: the ended one is shown, with the children of both.
    /// - An inferred segment is the call that it was inferred from, and adds to its row what it alone says.
    /// - Whose parent did not come is a root, and [`Trace::missing`] counts it.
    ///
    /// Spans in the form of OpenTelemetry are read as the segments that they tell.
    ///
    /// A document that can not be read becomes a line in [`Trace::problems`]; the rest is still shown.
    /// Source of the fields: X-Ray segment documents, AWS X-Ray Developer Guide.
    pub fn from_documents<'a>(id: &str, duration_s: f64, documents: impl IntoIterator<Item = &'a str>) -> Self {
        let (parts, mut problems) = reading::read_all(documents);
        let grown = tree::grow(parts);
        problems.extend(grown.problems);
        Self {
            id: id.to_owned(),
            duration_s,
            spans: grown.spans,
            problems,
            missing: grown.missing,
            limit_exceeded: false,
            unprocessed: false,
        }
    }

    /// Earliest start and latest end in epoch seconds, `None` for a trace without spans.
    pub fn span(&self) -> Option<(f64, f64)> {
        let start = self.spans.iter().map(|span| span.start_s).reduce(f64::min)?;
        let end = self.spans.iter().map(|span| span.end_s.unwrap_or(span.start_s)).reduce(f64::max)?;
        Some((start, end.max(start)))
    }

    /// The rows of the spans that have no parent.
    pub fn roots(&self) -> impl Iterator<Item = usize> + '_ {
        self.level(0, self.spans.len())
    }

    /// The rows of a span's children.
    pub fn children(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        let size = self.spans.get(row).map_or(0, |span| span.size);
        self.level(row + 1, row + size)
    }

    /// The rows from `from` on, each after all that is below the one before.
    fn level(&self, from: usize, to: usize) -> impl Iterator<Item = usize> + '_ {
        let first = (from < to).then_some(from);
        std::iter::successors(first, move |row| {
            let next = row + self.spans.get(*row).map_or(1, |span| span.size.max(1));
            (next < to).then_some(next)
        })
    }

    /// The row of a span, by its id or by that of an inferred segment that is told in its row.
    pub fn find(&self, id: &str) -> Option<usize> {
        if id.is_empty() {
            return None;
        }
        let own = self.spans.iter().position(|span| span.id == id);
        own.or_else(|| self.spans.iter().position(|span| span.inferred.iter().any(|other| other == id)))
    }

    /// What the rows are known by from one reading of the trace to the next: their ids; their places below their
    /// parents where they have none.
    pub fn keys(&self) -> Vec<String> {
        // How many of a name and without an id stand below a parent.
        let mut nameless: HashMap<(Option<usize>, &str), usize> = HashMap::new();
        let mut keys: Vec<String> = Vec::with_capacity(self.spans.len());
        for span in &self.spans {
            if !span.id.is_empty() {
                keys.push(span.id.clone());
                continue;
            }
            let parent = span.parent.and_then(|parent| keys.get(parent)).map_or("", String::as_str);
            let number = nameless.entry((span.parent, &span.name)).or_default();
            let key = format!("{parent}/{}/{number}", span.name);
            *number += 1;
            keys.push(key);
        }
        keys
    }

    /// Whether a span has not ended.
    pub fn is_open(&self) -> bool {
        self.spans.iter().any(|span| span.end_s.is_none())
    }
}
