//! The words of a line, and which of them are variable by their looks.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::Variable;

impl Variable {
    /// The mask of a word, if it has the looks of something variable.
    pub(super) fn of(word: &str) -> Option<Self> {
        if !word.bytes().any(|byte| byte.is_ascii_digit()) {
            return (word.contains("::") && word.parse::<Ipv6Addr>().is_ok()).then_some(Self::Address);
        }
        if is_number(word) {
            Some(Self::Number)
        } else if is_address(word) {
            Some(Self::Address)
        } else if is_time(word) {
            Some(Self::Time)
        } else {
            is_id(word).then_some(Self::Id)
        }
    }
}

/// `12`, `-3.5`, `1e9`, `12ms`, `99%`.
fn is_number(word: &str) -> bool {
    let word = word.trim_start_matches(['-', '+']);
    let digits = word.trim_end_matches(|it: char| it.is_ascii_alphabetic() || it == '%');
    let unit = word.len() - digits.len();
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (plain && !digits.is_empty() && digits.matches('.').count() <= 1 && unit <= 3) || word.parse::<f64>().is_ok()
}

fn is_address(word: &str) -> bool {
    let host = word.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let host = host.map_or(word, |(host, _)| host);
    host.parse::<Ipv4Addr>().is_ok() || word.parse::<Ipv6Addr>().is_ok()
}

/// `2026-01-15`, `2026-01-15T10:28:00.123Z`, `10:28:00,123`, `15/Jan/2026:10:28:00`.
fn is_time(word: &str) -> bool {
    let shape: String = word.chars().map(|it| if it.is_ascii_digit() { '0' } else { it }).take(12).collect();
    shape.starts_with("0000-00-00")
        || shape.starts_with("00:00:00")
        || shape.starts_with("0000/00/00")
        || (shape.starts_with("00/") && word.len() >= 11 && word.as_bytes().get(6) == Some(&b'/'))
}

/// Hexadecimal of eight and more, UUIDs, and long words of letters and digits.
fn is_id(word: &str) -> bool {
    let hex = word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    (hex && word.len() >= 8) || (plain && word.len() >= 16 && digits >= 4)
}

/// A line cut into words.
#[derive(Debug)]
pub(super) struct Words<'a> {
    line: &'a str,
    /// Where each word begins and ends, and how it looks.
    words: Vec<(usize, usize, Option<Variable>)>,
}

impl<'a> Words<'a> {
    /// The first words of a line, at most so many.
    pub(super) fn new(line: &'a str, most: usize) -> Self {
        let mut words = Vec::new();
        let mut at = 0;
        while words.len() < most {
            let Some(start) = line[at..].find(is_part).map(|offset| at + offset) else { break };
            let end = line[start..].find(|it| !is_part(it)).map_or(line.len(), |offset| start + offset);
            at = end;
            let inner = line[start..end].trim_matches(is_edge);
            if inner.is_empty() {
                continue;
            }
            // A sign belongs to the number after it.
            let mut from = start + (line[start..end].len() - line[start..end].trim_start_matches(is_edge).len());
            if inner.starts_with(|it: char| it.is_ascii_digit())
                && from > start
                && line.as_bytes().get(from - 1) == Some(&b'-')
            {
                from -= 1;
            }
            let to = start + line[start..end].trim_end_matches(is_edge).len();
            words.push((from, to, Variable::of(&line[from..to])));
        }
        Self { line, words }
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, Option<Variable>)> {
        self.words.iter().map(|(start, end, mask)| (&self.line[*start..*end], *mask))
    }

    /// What stands before each word, and after the last.
    pub(super) fn gaps(&self) -> impl Iterator<Item = &'a str> {
        let starts = self.words.iter().map(|word| word.0);
        let ends = self.words.iter().map(|word| word.1);
        // After so many words the rest is left out.
        let last = self.words.last().map_or(0, |word| word.1);
        let tail = self.line[last..].find(is_part).map_or(self.line.len(), |offset| last + offset);
        std::iter::once(0).chain(ends).zip(starts.chain([tail])).map(|(from, to)| &self.line[from..to])
    }
}

fn is_part(it: char) -> bool {
    it.is_alphanumeric() || "_-.:/@%+#$~*".contains(it)
}

/// What belongs to a word only in its middle.
fn is_edge(it: char) -> bool {
    "-.:/+#~*".contains(it)
}
