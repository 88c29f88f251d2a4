//! The filter expressions of X-Ray (AWS X-Ray Developer Guide, "Using filter expressions"): reading and writing them.
//!
//! A keyword with an operator and a value is a condition. Conditions stand beside each other (which means AND), or are
//! put together by `AND`, `OR`, `!` and parentheses. Keywords and operators take any case. What is known is listed in
//! [`words`], and in docs/trace-search.md.

mod complete;
mod parse;
mod parts;
mod scanner;
mod selectors;
pub mod words;

pub use complete::{Completion, Known, complete};
pub use parse::parse;
pub use parts::{Kind, parts};
pub use scanner::FilterError;
pub use words::{Cause, CausePart, Flag, NumberKey, TextKey};

use crate::store::graph::ServiceKey;

/// An expression's tree.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// All of these hold.
    And(Vec<Expr>),
    /// One of these holds.
    Or(Vec<Expr>),
    /// This does not hold.
    Not(Box<Expr>),
    /// A yes-or-no keyword.
    Flag(Flag),
    /// A number compared.
    Number(NumberKey, Compare, f64),
    /// A text tested; `None` asks whether there is one.
    Text(TextKey, Option<TextTest>),
    /// An annotation, by key.
    Annotation(String, AnnotationTest),
    /// A service took part, in a way that the filter holds of.
    Service(ServiceSelector, Option<Box<Expr>>),
    /// A service called another, in a way that the filter holds of.
    Edge(ServiceSelector, ServiceSelector, Option<Box<Expr>>),
    /// A group, by name or by ARN.
    Group(GroupKey, TextTest),
    /// The cause of a fault, an error or a response time has such a part.
    RootCause(Cause, CausePart, Option<Box<Expr>>),
    /// A root cause as JSON.
    RootCauseJson(String),
}

/// By what a group is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupKey {
    /// Its name.
    Name,
    /// Its ARN.
    Arn,
}

/// A comparison of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// `=`.
    Equal,
    /// `!=`.
    Unequal,
    /// `<`.
    Less,
    /// `<=`.
    AtMost,
    /// `>`.
    Greater,
    /// `>=`.
    AtLeast,
}

impl Compare {
    /// Whether it holds of two numbers.
    pub fn holds(self, left: f64, right: f64) -> bool {
        let order = left.total_cmp(&right);
        match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

/// A test of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextTest {
    /// It is this.
    Equal(String),
    /// It is not this.
    Unequal(String),
    /// It has this in it.
    Contains(String),
    /// It begins so.
    BeginsWith(String),
    /// It ends so.
    EndsWith(String),
}

impl TextTest {
    /// Whether it holds of a text.
    pub fn holds(&self, text: &str) -> bool {
        match self {
            Self::Equal(other) => text == other,
            Self::Unequal(other) => text != other,
            Self::Contains(part) => text.contains(part.as_str()),
            Self::BeginsWith(part) => text.starts_with(part.as_str()),
            Self::EndsWith(part) => text.ends_with(part.as_str()),
        }
    }
}

/// A test of an annotation.
#[derive(Debug, Clone, PartialEq)]
pub enum AnnotationTest {
    /// It is set.
    Exists,
    /// It is such a text.
    Text(TextTest),
    /// It is such a number.
    Number(Compare, f64),
    /// It is yes or no.
    Bool(bool),
}

impl AnnotationTest {
    /// Whether it holds of a value as text.
    pub fn holds(&self, value: &str) -> bool {
        match self {
            Self::Exists => true,
            Self::Text(test) => test.holds(value),
            Self::Number(compare, number) => value.parse().is_ok_and(|value| compare.holds(value, *number)),
            Self::Bool(expected) => value.parse() == Ok(*expected),
        }
    }
}

/// Which services `service(…)` means: by name, by type, by both, or every one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServiceSelector {
    /// The name.
    pub name: Option<String>,
    /// The type.
    pub kind: Option<String>,
}

impl ServiceSelector {
    /// Whether it means this service.
    pub fn takes(&self, key: &ServiceKey) -> bool {
        self.name.as_ref().is_none_or(|name| *name == key.name)
            && self.kind.as_ref().is_none_or(|kind| *kind == key.kind)
    }
}

/// A text as an expression writes it: in quotes, with what would end it escaped.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests;
