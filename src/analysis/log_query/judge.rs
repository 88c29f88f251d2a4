//! Whether a query can be read, before AWS is asked and paid.

use super::parameters;
use crate::insights::{self, ParseError};
use crate::text::{clean, width};

/// What is wrong with a query, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The byte where it begins.
    pub position: usize,
    /// The byte where it ends, at least `position`.
    pub end: usize,
    /// What is wrong.
    pub message: String,
}

impl Mistake {
    /// A mistake at a byte.
    pub fn new(position: usize, message: impl Into<String>) -> Self {
        Self { position, end: position, message: message.into() }
    }
}

impl From<ParseError> for Mistake {
    fn from(error: ParseError) -> Self {
        Self { position: error.position, end: error.end.max(error.position), message: error.message }
    }
}

/// What our own parser finds wrong with a query. What the service does and the local engine does not is not wrong.
pub fn judge(text: &str) -> Option<Mistake> {
    if text.trim().is_empty() {
        return Some(Mistake::new(0, "there is no query"));
    }
    insights::check(text).err().map(Mistake::from)
}

/// The same for a query whose parameters have no values yet: any text in their place shows what else is wrong.
pub fn judge_written(text: &str) -> Option<Mistake> {
    if parameters::names(text).is_empty() {
        return judge(text);
    }
    let (filled, shifts) = parameters::stand_in(text);
    judge(&filled).map(|mistake| {
        let back = |at: usize| shifts.iter().rev().find(|(to, _)| *to <= at).map_or(at, |(to, from)| from + (at - to));
        Mistake { position: back(mistake.position), end: back(mistake.end), ..mistake }
    })
}

/// The line of a text with a byte of it, by number from 0, the cells before that byte, and the line.
pub fn place(text: &str, position: usize) -> (usize, usize, &str) {
    let mut position = position.min(text.len());
    while !text.is_char_boundary(position) {
        position -= 1;
    }
    let start = text[..position].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    (text[..start].matches('\n').count(), width(&clean(&text[start..position])), line)
}

/// The line, a caret below the place, and what is wrong there.
pub fn caret(text: &str, error: &Mistake) -> String {
    let (number, column, line) = place(text, error.position);
    let (line, message) = (clean(line), clean(&error.message));
    format!("line {}, column {}: {message}\n  {line}\n  {}^", number + 1, column + 1, " ".repeat(column))
}

/// The byte of a query that AWS's words point at: `line 2 and position 3`, in whatever form.
pub fn pointed(text: &str, message: &str) -> Option<usize> {
    let after = |word: &str| {
        let rest = &message[message.find(word)? + word.len()..];
        let digits = rest.trim_start_matches([' ', ':', '=']);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        digits[..end].parse::<usize>().ok()
    };
    let (line, column) = (after("line ")?, after("position ")?);
    let start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let line = text.get(start..)?;
    let at = line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    Some(start + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caret_stands_under_the_mistake() {
        let text = "fields @timestamp\n| filtre a = 1";
        let error = judge(text).expect("no such command");
        let expected = "line 2, column 3: unknown command `filtre`; did you mean `filter`?\n  | filtre a = 1\n    ^";
        assert_eq!(caret(text, &error), expected);
        assert_eq!(judge("fields @message | limit 5"), None);
        assert!(judge(" \n").is_some());
    }

    #[test]
    fn what_only_aws_runs_is_not_refused() {
        assert_eq!(judge("fields @message | pattern @message"), None);
    }

    #[test]
    fn parameters_may_be_anything_and_what_is_behind_them_keeps_its_place() {
        assert_eq!(judge_written("filter a = {{n}} | limit 5"), None);
        let text = "filter a = {{ name }} | filtre b";
        assert_eq!(judge_written(text).map(|mistake| mistake.position), text.find("filtre"));
    }

    #[test]
    fn places_in_the_words_of_aws_are_found() {
        let text = "fields ä\n| filtre x";
        assert_eq!(pointed(text, "no such command (line 2, position 3)"), Some(12));
        assert_eq!(pointed(text, "unexpected symbol found filtre at line 2 and position 3"), Some(12));
        assert_eq!(pointed(text, "something else"), None);
        assert_eq!(pointed(text, "line 9 and position 9"), Some(text.len()));
        assert_eq!(place(text, 12), (1, 2, "| filtre x"));
    }
}
