//! Where texts in quotes begin and end: outside JSON, in JSON, and in JSON within JSON.

use std::ops::Range;

/// A quote as it is written: its sign, and how many backslashes stand before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quote {
    pub(super) sign: u8,
    pub(super) slashes: usize,
}

impl Quote {
    /// The quote that stands at a byte, and where it ends.
    pub(super) fn at(text: &str, at: usize) -> Option<(Self, usize)> {
        let rest = text.as_bytes().get(at..)?;
        let slashes = rest.iter().take_while(|byte| **byte == b'\\').count();
        let sign = *rest.get(slashes)?;
        matches!(sign, b'"' | b'\'').then_some((Self { sign, slashes }, at + slashes + 1))
    }

    /// Whether it opens a text, in a text whose quotes have `around` backslashes, and does not close that one.
    pub(super) fn opens(self, text: &str, after: usize, around: Option<usize>) -> bool {
        let is_inner = self.sign == b'"' && around.is_none_or(|around| self.slashes > around);
        let next = text.as_bytes().get(after);
        is_inner || !next.is_none_or(|next| b" \t\r\n,}]:;)\\".contains(next))
    }

    /// Where a text ends that this quote opens, and where its closing quote does. It may lack that: then it ends with the
    /// text around it, and with the line where it may not be longer.
    pub(super) fn end(self, text: &str, start: usize, around: Option<usize>, is_long: bool) -> (usize, usize) {
        let bytes = text.as_bytes();
        let mut from = start;
        while let Some(found) = memchr::memchr3(b'"', b'\'', b'\n', &bytes[from..]) {
            let place = from + found;
            from = place + 1;
            if bytes[place] == b'\n' {
                if is_long {
                    continue;
                }
                return (place, place);
            }
            let before = bytes[start..place].iter().rev().take_while(|byte| **byte == b'\\').count();
            if bytes[place] == self.sign && before % (2 * (self.slashes + 1)) == self.slashes {
                return (place - self.slashes, place + 1);
            }
            let ends_around = match self.sign {
                b'"' => before < self.slashes,
                _ => around.is_some_and(|around| before <= around),
            };
            if bytes[place] == b'"' && ends_around {
                return (place - before, place - before);
            }
        }
        (text.len(), text.len())
    }
}

/// The texts in quotes that are open at a place, which moves on through the text.
#[derive(Debug, Default)]
pub(super) struct Strings {
    at: usize,
    /// Backslashes before the quotes of each.
    open: Vec<usize>,
}

impl Strings {
    /// How many backslashes stand before the quotes of the innermost text that is open at a byte.
    pub(super) fn around(&mut self, text: &str, to: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        while self.at < to {
            let Some(found) = memchr::memchr2(b'"', b'\n', &bytes[self.at..to]) else { break };
            let place = self.at + found;
            let before = bytes[self.at..place].iter().rev().take_while(|byte| **byte == b'\\').count();
            self.at = place + 1;
            if bytes[place] == b'\n' {
                self.open.clear();
            } else {
                self.quote(before);
            }
        }
        self.at = self.at.max(to);
        self.open.last().copied()
    }

    fn quote(&mut self, slashes: usize) {
        while let Some(open) = self.open.last().copied() {
            if slashes % (2 * (open + 1)) == open {
                self.open.pop();
                return;
            }
            if slashes > open {
                break;
            }
            self.open.pop();
        }
        self.open.push(slashes);
    }
}

/// Puts other texts in place of parts of a text; of parts that overlap the first stays.
pub(super) fn put(text: &str, mut parts: Vec<(Range<usize>, String)>) -> Option<String> {
    parts.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut out = String::new();
    let mut from = 0;
    for (range, now) in parts {
        if range.start >= from {
            out.push_str(&text[from..range.start]);
            out.push_str(&now);
            from = range.end;
        }
    }
    (from > 0).then(|| out + &text[from..])
}
