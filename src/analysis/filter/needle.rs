//! A text or a regular expression to look for.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};

/// How large a compiled expression may be, in bytes: what one types is short.
const LARGEST: usize = 1 << 20;

/// What is looked for. A text without capitals is found in either case, one with capitals as it is.
#[derive(Debug, Clone)]
pub struct Needle {
    /// The text, or the expression.
    pub text: String,
    regex: Regex,
    literal: bool,
    /// Found byte for byte: no regex is needed.
    exact: bool,
}

impl PartialEq for Needle {
    fn eq(&self, other: &Self) -> bool {
        self.regex.as_str() == other.regex.as_str()
    }
}

/// Whether a text is looked for in either case.
pub(super) fn either_case(text: &str) -> bool {
    !text.chars().any(char::is_uppercase)
}

impl Needle {
    /// A text, found in either case where it has no capitals.
    pub fn text(text: &str) -> Result<Self, String> {
        Self::literal(text, either_case(text))
    }

    /// A text, found in either case.
    pub fn folded(text: &str) -> Result<Self, String> {
        Self::literal(text, true)
    }

    fn literal(text: &str, folded: bool) -> Result<Self, String> {
        let cased = folded && text.chars().any(char::is_alphabetic);
        let regex = build(&regex::escape(text), cased)?;
        Ok(Self { text: text.to_owned(), regex, literal: true, exact: !cased })
    }

    /// A regular expression; one without capitals is found in either case.
    pub fn pattern(text: &str) -> Result<Self, String> {
        // Classes such as \S and \W are no capitals.
        let mut escaped = false;
        let plain: String = text
            .chars()
            .filter(|c| {
                let skip = escaped;
                escaped = *c == '\\' && !escaped;
                !skip
            })
            .collect();
        Ok(Self { text: text.to_owned(), regex: build(text, either_case(&plain))?, literal: false, exact: false })
    }

    /// Whether it stands in a text.
    pub fn is_in(&self, text: &[u8]) -> bool {
        if self.exact { memchr::memmem::find(text, self.text.as_bytes()).is_some() } else { self.regex.is_match(text) }
    }

    /// Whether it is the whole of a text.
    pub fn is_all_of(&self, text: &str) -> bool {
        if self.exact {
            return text == self.text;
        }
        self.literal && self.regex.find(text.as_bytes()).is_some_and(|found| found.range() == (0..text.len()))
    }

    /// Whether it is a regular expression.
    pub const fn is_pattern(&self) -> bool {
        !self.literal
    }

    /// The expression that finds it.
    pub const fn regex(&self) -> &Regex {
        &self.regex
    }

    /// Where it stands in a text; nowhere where it is empty.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let found = self.regex.find_iter(text.as_bytes()).map(|found| found.range());
        found.filter(|range| !range.is_empty() && text.get(range.clone()).is_some()).collect()
    }
}

/// `^` and `$` are the ends of every line of a text.
fn build(pattern: &str, folded: bool) -> Result<Regex, String> {
    let regex = RegexBuilder::new(pattern)
        .case_insensitive(folded)
        .multi_line(true)
        .dot_matches_new_line(false)
        .size_limit(LARGEST)
        .build();
    regex.map_err(|error| match error {
        regex::Error::Syntax(text) => {
            let last = text.lines().last().unwrap_or_default();
            last.strip_prefix("error: ").unwrap_or(last).to_owned()
        }
        regex::Error::CompiledTooBig(_) => "the expression is too large".to_owned(),
        other => other.to_string(),
    })
}
