//! What is wrong in a file, said so that it can be mended.

use std::fmt;

use crate::text::{clean, closest};

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The file as it is named to the user, or the flag that a value came from.
    pub file: String,
    /// The line, counted from 1; `None` where the whole file or a flag is meant.
    pub line: Option<usize>,
    /// The column in characters, counted from 1.
    pub column: Option<usize>,
}

impl Place {
    /// A whole file, or a flag of the command line.
    pub fn whole(file: &str) -> Self {
        Self { file: clean(file).into_owned(), line: None, column: None }
    }
}

/// One thing that is wrong: where, what, and what was probably meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it is.
    pub place: Place,
    /// What is wrong, one sanitised line.
    pub message: String,
    /// A name that does exist and resembles the one that does not.
    pub suggestion: Option<String>,
}

impl Problem {
    /// A problem without a suggestion.
    pub fn new(place: Place, message: impl AsRef<str>) -> Self {
        Self { place, message: one_line(message.as_ref()), suggestion: None }
    }

    /// A name that is not among the names that are possible; the closest of them is suggested.
    pub fn unknown<'a>(
        place: Place,
        message: impl AsRef<str>,
        word: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self { suggestion: closest(word, known).map(|name| clean(name).into_owned()), ..Self::new(place, message) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, message, suggestion } = self;
        match place.line {
            Some(line) => write!(f, "{}:{line}: {message}", place.file)?,
            None => write!(f, "{}: {message}", place.file)?,
        }
        match suggestion {
            Some(name) => write!(f, "; did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

/// Sorts problems by file and line; those of one line stay as they are.
pub(super) fn sort(problems: &mut [Problem]) {
    problems.sort_by(|a, b| (&a.place.file, a.place.line).cmp(&(&b.place.file, b.place.line)));
}

fn one_line(message: &str) -> String {
    let words: Vec<&str> = message.split_whitespace().collect();
    clean(&words.join(" ")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_one_line() {
        let place = Place { file: "a.toml".to_owned(), line: Some(3), column: Some(1) };
        let problem = Problem::unknown(place, "no role\n `x`", "bordr", ["border"]);
        assert_eq!(problem.to_string(), "a.toml:3: no role `x`; did you mean `border`?");
        assert_eq!(Problem::new(Place::whole("--theme"), "gone").to_string(), "--theme: gone");
    }
}
