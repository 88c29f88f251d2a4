//! CloudWatch Logs filter patterns, evaluated locally.
//!
//! The syntax is that of FilterLogEvents, Live Tail, metric and subscription filters ("Filter pattern syntax" in the
//! CloudWatch Logs user guide): `terms` in plain text, a `json` expression in braces, or `space`-delimited fields in
//! square brackets. All of it is case-sensitive.

use std::ops::Range;

use json::JsonPattern;
use scan::Scanner;
use space::SpacePattern;
use terms::TermPattern;

mod json;
mod operand;
mod place;
mod scan;
mod space;
mod terms;

/// A parsed filter pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern(Form);

#[derive(Debug, Clone, PartialEq)]
enum Form {
    Everything,
    Terms(TermPattern),
    Json(JsonPattern),
    Space(SpacePattern),
}

/// A parse error with its position.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at position {position}")]
pub struct PatternError {
    /// Byte offset, zero-based.
    pub position: usize,
    /// What is wrong.
    pub message: String,
}

impl Pattern {
    /// The pattern that matches every event.
    pub const EVERYTHING: Self = Self(Form::Everything);

    /// Parses a filter pattern; the empty one matches everything.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let mut scanner = Scanner::new(text);
        scanner.skip_space();
        let form = match scanner.peek() {
            None => Form::Everything,
            Some('{') => Form::Json(JsonPattern::parse(&mut scanner)?),
            Some('[') => Form::Space(SpacePattern::parse(&mut scanner)?),
            Some(_) => Form::Terms(TermPattern::parse(&mut scanner)?),
        };
        Ok(Self(form))
    }

    /// Whether a log event's text matches.
    pub fn matches(&self, message: &str) -> bool {
        match &self.0 {
            Form::Everything => true,
            Form::Terms(pattern) => pattern.matches(message),
            Form::Json(pattern) => pattern.matches(message),
            Form::Space(pattern) => pattern.matches(message),
        }
    }

    /// What of a log event's text made it match: byte ranges, ascending and apart. `None` where it does not match; no
    /// range where it matches for what is *not* there, or because everything does.
    pub fn explain(&self, message: &str) -> Option<Vec<Range<usize>>> {
        if !self.matches(message) {
            return None;
        }
        let mut spans = match &self.0 {
            Form::Everything => Vec::new(),
            Form::Terms(pattern) => pattern.explain(message),
            Form::Json(pattern) => pattern.explain(message),
            Form::Space(pattern) => pattern.explain(message),
        };
        spans.retain(|span| !span.is_empty());
        spans.sort_by_key(|span| (span.start, span.end));
        spans.dedup_by(|next, before| {
            let joins = next.start <= before.end;
            if joins {
                before.end = before.end.max(next.end);
            }
            joins
        });
        Some(spans)
    }

    /// Whether only JSON events can match whose property of this name, at the top, is this boolean. A store that keeps
    /// such events apart need not look at the others.
    pub fn demands(&self, property: &str, value: bool) -> bool {
        match &self.0 {
            Form::Json(pattern) => pattern.demands(property, value),
            Form::Everything | Form::Terms(_) | Form::Space(_) => false,
        }
    }

    /// Whether it lets everything pass.
    pub fn is_everything(&self) -> bool {
        self.0 == Form::Everything
    }
}

#[cfg(test)]
mod tests;
