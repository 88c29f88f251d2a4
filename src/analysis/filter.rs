//! What one types to see fewer lines: texts, regular expressions, comparisons of fields, joined by and, or, not.
//!
//! One filter judges a request's row by its columns and a line by its text and JSON fields; docs/feed.md has the language.

use std::fmt;

use crate::board::FeedRules;

mod field;
mod find;
mod judge;
mod needle;
mod parse;
mod value;

pub use field::{Field, Part};
pub use find::Find;
pub use judge::{Judge, LineView, Sole};
pub use needle::Needle;
pub use value::{Value, Wanted};

/// A filter as it was typed, and what it means.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    text: String,
    /// The text that `expr` was read from.
    meant: String,
    expr: Option<Expr>,
    error: Option<FilterError>,
}

/// Why a filter is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    /// The byte of the text at which it goes wrong.
    pub position: usize,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {}: {}", self.position + 1, self.message)
    }
}

/// What must hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// All of these.
    All(Vec<Expr>),
    /// One of these.
    Any(Vec<Expr>),
    /// Not this.
    Not(Box<Expr>),
    /// The text stands somewhere in it.
    Text(Needle),
    /// A field compares like this.
    Field(Box<Field>, Compare),
}

/// How a field compares.
#[derive(Debug, Clone, PartialEq)]
pub enum Compare {
    /// It is the value: as a number where both are.
    Is(Wanted),
    /// It is less.
    Less(Wanted),
    /// It is more.
    More(Wanted),
    /// The text stands in it.
    Has(Needle),
}

impl Filter {
    /// Reads a filter; one that is wrong says where, and lets everything through.
    pub fn parse(text: &str, rules: &FeedRules) -> Self {
        match parse::parse(text, rules) {
            Ok(expr) => Self { text: text.to_owned(), meant: text.to_owned(), expr, error: None },
            Err(error) => Self { text: text.to_owned(), meant: String::new(), expr: None, error: Some(error) },
        }
    }

    /// The filter with what this one means, and the text and the error of another: what was meant last goes on while
    /// something is typed that means nothing yet.
    pub fn typed_over(self, other: Self) -> Self {
        if other.error.is_some() { Self { expr: self.expr, meant: self.meant, ..other } } else { other }
    }

    /// It as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text that is meant: what was typed last and was right.
    pub fn meant(&self) -> &str {
        &self.meant
    }

    /// What is wrong with it.
    pub const fn error(&self) -> Option<&FilterError> {
        self.error.as_ref()
    }

    /// What it means; `None` lets everything through.
    pub const fn expr(&self) -> Option<&Expr> {
        self.expr.as_ref()
    }

    /// Whether it lets everything through.
    pub const fn is_empty(&self) -> bool {
        self.expr.is_none()
    }

    /// The fields that it compares, each with how.
    pub fn fields(&self) -> Vec<(&Field, &Compare)> {
        let mut fields = Vec::new();
        if let Some(expr) = &self.expr {
            expr.fields(&mut fields);
        }
        fields
    }

    /// The texts that it looks for, each with the field that it must stand in, so that they can be marked.
    pub fn marks(&self) -> Vec<(Option<&Field>, &Needle)> {
        let mut marks = Vec::new();
        if let Some(expr) = &self.expr {
            expr.marks(&mut marks);
        }
        marks
    }
}

impl Expr {
    fn fields<'e>(&'e self, fields: &mut Vec<(&'e Field, &'e Compare)>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.fields(fields)),
            Self::Not(part) => part.fields(fields),
            Self::Text(_) => {}
            Self::Field(field, compare) => fields.push((field, compare)),
        }
    }

    fn marks<'e>(&'e self, marks: &mut Vec<(Option<&'e Field>, &'e Needle)>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.marks(marks)),
            Self::Not(_) => {}
            Self::Text(needle) => marks.push((None, needle)),
            Self::Field(field, compare) => match compare {
                Compare::Has(needle) => marks.push((Some(field), needle)),
                Compare::Is(wanted) => marks.push((Some(field), &wanted.text)),
                Compare::Less(_) | Compare::More(_) => {}
            },
        }
    }
}

#[cfg(test)]
mod tests;
