//! Terms in plain text: `ERROR -timeout`, `?ERROR ?WARN`, `"exact phrase"`, `%expression%`.

use std::ops::Range;

use super::PatternError;
use super::operand::Expression;
use super::scan::Scanner;

/// Terms: all required ones, none of the excluded ones; if there are only optional ones, any of them.
///
/// Optional terms beside others count for nothing, as in CloudWatch Logs.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct TermPattern {
    required: Vec<Term>,
    excluded: Vec<Term>,
    optional: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq)]
enum Term {
    Text(String),
    Expression(Expression),
}

impl Term {
    /// Every place of a message where it stands.
    fn places(&self, message: &str) -> Vec<Range<usize>> {
        match self {
            Self::Text(text) => message.match_indices(text.as_str()).map(|(at, it)| at..at + it.len()).collect(),
            Self::Expression(expression) => expression.places(message),
        }
    }

    fn is_in(&self, message: &str) -> bool {
        match self {
            Self::Text(text) => message.contains(text.as_str()),
            Self::Expression(expression) => expression.matches(message),
        }
    }
}

impl TermPattern {
    pub(super) fn parse(scanner: &mut Scanner<'_>) -> Result<Self, PatternError> {
        let mut pattern = Self::default();
        loop {
            scanner.skip_space();
            let list = match scanner.peek() {
                None => return Ok(pattern),
                Some('?') => &mut pattern.optional,
                Some('-') => &mut pattern.excluded,
                Some(_) => &mut pattern.required,
            };
            if matches!(scanner.peek(), Some('?' | '-')) {
                scanner.at += 1;
                scanner.skip_space();
            }
            list.push(term(scanner)?);
        }
    }

    /// Where the terms stand that count.
    pub(super) fn explain(&self, message: &str) -> Vec<Range<usize>> {
        let alone = self.required.is_empty() && self.excluded.is_empty();
        let terms = if alone { &self.optional } else { &self.required };
        terms.iter().flat_map(|term| term.places(message)).collect()
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        if self.required.is_empty() && self.excluded.is_empty() {
            return self.optional.iter().any(|term| term.is_in(message));
        }
        self.required.iter().all(|term| term.is_in(message)) && !self.excluded.iter().any(|term| term.is_in(message))
    }
}

fn term(scanner: &mut Scanner<'_>) -> Result<Term, PatternError> {
    match scanner.peek() {
        None => return scanner.fail("expected a term"),
        // A blank in quotes is the user guide's way to match everything, lines without a blank too.
        Some('"') => {
            return scanner.quoted().map(|text| if text == " " { String::new() } else { text }).map(Term::Text);
        }
        Some('%') => return scanner.expression().map(Term::Expression),
        Some(_) => {}
    }
    let text = scanner.take(|it| it.is_alphanumeric() || it == '_');
    match scanner.peek() {
        Some(strange) if !strange.is_whitespace() => scanner.fail(&format!("Invalid character(s) in term '{strange}'")),
        _ => Ok(Term::Text(text.to_owned())),
    }
}
