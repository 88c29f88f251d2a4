//! A text or a regular expression to look for.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::{Hir, HirKind};

use super::find::Find;

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
    /// Finds it faster than the expression: all of it, or a text that stands in everything the expression finds.
    quick: Option<Find>,
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
        // Of ASCII, either case is that of ASCII.
        let regex = build(&regex::escape(text), cased, !text.is_ascii())?;
        Ok(Self { text: text.to_owned(), regex, literal: true, exact: !cased, quick: Find::text(text, cased) })
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
        let folded = either_case(&plain);
        let regex = build(text, folded, true)?;
        let quick = inner(text, folded).and_then(|inner| Find::text(&inner, folded));
        Ok(Self { text: text.to_owned(), regex, literal: false, exact: false, quick })
    }

    /// Whether it stands in a text.
    pub fn is_in(&self, text: &[u8]) -> bool {
        match &self.quick {
            Some(Find::Literal(finder)) if self.exact => finder.find(text).is_some(),
            _ => self.regex.is_match(text),
        }
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

    /// What finds the lines that may have it, and whether those surely do.
    pub fn finder(&self) -> (Find, bool) {
        let whole = || (Find::Pattern(self.regex.clone()), true);
        self.quick.clone().map_or_else(whole, |quick| (quick, self.literal))
    }

    /// Where it stands in a text; nowhere where it is empty.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let found = self.regex.find_iter(text.as_bytes()).map(|found| found.range());
        found.filter(|range| !range.is_empty() && text.get(range.clone()).is_some()).collect()
    }
}

/// Bytes of an inner text below which it is not worth looking for.
const SHORTEST: usize = 5;

/// The longest text that stands in everything an expression finds, where there is one of some length.
fn inner(pattern: &str, folded: bool) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut longest: &[u8] = &[];
    needed(&hir, &mut longest);
    let text = std::str::from_utf8(longest).ok()?;
    // K and S have a third case beyond ASCII, which only the expression knows of.
    let parts = text.split(|c: char| folded && matches!(c, 'k' | 'K' | 's' | 'S'));
    let text = parts.max_by_key(|part| part.len())?;
    (text.len() >= SHORTEST).then(|| text.to_owned())
}

fn needed<'h>(hir: &'h Hir, longest: &mut &'h [u8]) {
    match hir.kind() {
        HirKind::Literal(literal) if literal.0.len() > longest.len() => *longest = &literal.0,
        HirKind::Concat(parts) => parts.iter().for_each(|part| needed(part, longest)),
        HirKind::Capture(capture) => needed(&capture.sub, longest),
        HirKind::Repetition(repetition) if repetition.min > 0 => needed(&repetition.sub, longest),
        HirKind::Empty
        | HirKind::Literal(_)
        | HirKind::Class(_)
        | HirKind::Look(_)
        | HirKind::Repetition(_)
        | HirKind::Alternation(_) => {}
    }
}

/// `^` and `$` are the ends of every line of a text.
fn build(pattern: &str, folded: bool, unicode: bool) -> Result<Regex, String> {
    let regex = RegexBuilder::new(pattern)
        .case_insensitive(folded)
        .unicode(unicode)
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
