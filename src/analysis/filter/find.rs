//! What must stand in a line that passes, and finding it quickly in many.

use std::ops::Range;

use memchr::memmem::Finder;
use regex::bytes::{Regex, RegexBuilder};

/// Bytes that are looked for of a text in either case: few enough that all ways to write them are tried at once.
const WINDOW: usize = 4;

/// What must stand in the text of a line that passes.
#[derive(Debug, Clone)]
pub enum Find {
    /// Nothing that is known.
    Nothing,
    /// The name of a field, in quotes: it stands in most lines.
    Name(Box<Finder<'static>>),
    /// This, byte for byte.
    Literal(Box<Finder<'static>>),
    /// This ASCII text, in either case: the part of it that is likely to be rarest finds it.
    Folded {
        /// The text.
        text: String,
        /// Finds its rarest part.
        rarest: Box<Find>,
        /// Where that part begins in it.
        offset: usize,
    },
    /// A match of this.
    Pattern(Regex),
}

impl Find {
    /// Finds a text, in either case or as it is; `None` where that needs the regex.
    pub(super) fn text(text: &str, folded: bool) -> Option<Self> {
        if !folded {
            return Some(Self::Literal(Box::new(Finder::new(text).into_owned())));
        }
        if !text.is_ascii() || text.len() < WINDOW {
            return None;
        }
        if let Some((offset, run)) = caseless(text) {
            let rarest = Box::new(Self::Literal(Box::new(Finder::new(run).into_owned())));
            return Some(Self::Folded { text: text.to_owned(), rarest, offset });
        }
        let windows = text.as_bytes().windows(WINDOW).enumerate();
        let (offset, window) =
            windows.min_by_key(|(_, window)| window.iter().map(|byte| commonness(*byte)).sum::<u32>())?;
        let window = std::str::from_utf8(window).ok()?;
        let rarest = RegexBuilder::new(&regex::escape(window)).case_insensitive(true).unicode(false).build().ok()?;
        let rarest = Box::new(Self::Pattern(rarest));
        Some(Self::Folded { text: text.to_owned(), rarest, offset })
    }

    /// Where it stands next in some bytes, from one of them on.
    pub fn next(&self, raw: &[u8], from: usize) -> Option<Range<usize>> {
        match self {
            Self::Nothing => None,
            Self::Name(finder) | Self::Literal(finder) => {
                let start = from + finder.find(raw.get(from..)?)?;
                Some(start..start + finder.needle().len())
            }
            Self::Folded { text, rarest, offset } => {
                let mut at = from.saturating_add(*offset);
                loop {
                    let found = rarest.next(raw, at)?.start;
                    let range = found - offset..found - offset + text.len();
                    if raw.get(range.clone()).is_some_and(|here| here.eq_ignore_ascii_case(text.as_bytes())) {
                        return Some(range);
                    }
                    at = found + 1;
                }
            }
            Self::Pattern(regex) => Some(regex.find_at(raw, Some(from).filter(|from| *from <= raw.len())?)?.range()),
        }
    }

    /// How much is spared by looking for it: a value is rarer than the name of a field, long texts are rarer than short.
    pub(super) fn worth(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Name(_) => 1,
            Self::Literal(finder) => 1 + finder.needle().len(),
            Self::Folded { text, .. } => 1 + text.len(),
            Self::Pattern(regex) => 1 + regex.as_str().len(),
        }
    }
}

/// How rare a part without letters must be, so that it alone is looked for: four digits are.
const RARE: u32 = 24;

/// The rarest part of a text that has no letters, and where it begins: it is the same in either case.
fn caseless(text: &str) -> Option<(usize, &str)> {
    let mut offset = 0;
    let parts = text.split(|c: char| c.is_ascii_alphabetic()).map(|part| {
        let at = offset;
        offset += part.len() + 1;
        (at, part)
    });
    let rarity = |part: &str| part.bytes().map(|byte| 10 - commonness(byte)).sum::<u32>();
    parts.filter(|(_, part)| rarity(part) >= RARE).max_by_key(|(_, part)| rarity(part))
}

/// How common a byte is in log lines: the letters of words and of JSON's names first, digits and signs last.
const fn commonness(byte: u8) -> u32 {
    match byte.to_ascii_lowercase() {
        b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' | b'"' => 9,
        b'l' | b'd' | b'c' | b'u' | b'm' | b'p' | b'h' | b' ' | b',' | b':' => 7,
        b'f' | b'g' | b'v' | b'y' | b'b' | b'k' | b'w' | b'.' | b'_' | b'/' => 5,
        b'0'..=b'9' | b'-' => 4,
        _ => 3,
    }
}
