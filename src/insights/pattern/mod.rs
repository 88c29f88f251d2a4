//! CloudWatch Logs filter patterns, evaluated locally.
//!
//! The syntax is that of FilterLogEvents, Live Tail, metric and subscription filters ("Filter pattern syntax" in the
//! CloudWatch Logs user guide): `terms` in plain text, a `json` expression in braces, or `space`-delimited fields in
//! square brackets. All of it is case-sensitive.

use json::JsonPattern;
use scan::Scanner;
use space::SpacePattern;
use terms::TermPattern;

mod json;
mod operand;
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

    /// Whether it lets everything pass.
    pub fn is_everything(&self) -> bool {
        self.0 == Form::Everything
    }
}

#[cfg(test)]
mod tests;
