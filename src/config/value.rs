//! A value of a document, handed out as the type that is asked for.

use std::time::Duration;

use toml::Spanned;
use toml::de::{DeString, DeValue};

use super::document::{Document, Section, kind};
use super::problem::{Place, Problem};
use super::vars;
use crate::text::units::parse_span;

/// A value with its key and its place. A wrong type is a problem and no value.
#[derive(Debug, Clone)]
pub struct Value<'d> {
    doc: &'d Document<'d>,
    key: String,
    node: Node<'d>,
    start: usize,
}

#[derive(Debug, Clone, Copy)]
enum Node<'d> {
    Key(&'d str),
    Value(&'d DeValue<'d>),
}

impl<'d> Value<'d> {
    pub(super) fn new(doc: &'d Document<'d>, key: &str, node: &'d Spanned<DeValue<'d>>) -> Self {
        Self { doc, key: key.to_owned(), node: Node::Value(node.get_ref()), start: node.span().start }
    }

    pub(super) fn of_key(doc: &'d Document<'d>, key: &'d Spanned<DeString<'d>>) -> Self {
        Self { doc, key: key.get_ref().to_string(), node: Node::Key(key.get_ref()), start: key.span().start }
    }

    /// The key that it belongs to.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        self.doc.place(self.start)
    }

    /// Records a problem with it.
    pub fn fail(&self, message: impl AsRef<str>) {
        self.doc.report(Problem::new(self.place(), message));
    }

    /// Records that a word in it is none of those that are possible.
    pub fn unknown<'a>(&self, message: impl AsRef<str>, word: &str, known: impl IntoIterator<Item = &'a str>) {
        self.doc.report(Problem::unknown(self.place(), message, word, known));
    }

    /// A text, its variables filled in.
    pub fn text(&self) -> Option<String> {
        let raw = match self.node {
            Node::Key(key) => key,
            Node::Value(DeValue::String(text)) => text,
            Node::Value(_) => return self.mismatch("a text"),
        };
        let Some(vars) = self.doc.vars() else { return Some(raw.to_owned()) };
        match vars.fill(raw) {
            Ok(text) => Some(text),
            Err(vars::Unknown(name)) => {
                self.unknown(format!("`{}`: no variable `{name}` in [vars]", self.key), &name, vars.names());
                None
            }
        }
    }

    /// A text that is not empty.
    pub fn name(&self) -> Option<String> {
        let text = self.text()?;
        if text.trim().is_empty() {
            self.fail(format!("`{}` must not be empty", self.key));
            return None;
        }
        Some(text)
    }

    /// `true` or `false`.
    pub fn flag(&self) -> Option<bool> {
        match self.node {
            Node::Value(DeValue::Boolean(flag)) => Some(*flag),
            Node::Value(_) | Node::Key(_) => self.mismatch("true or false"),
        }
    }

    /// A finite number, whole or not.
    pub fn number(&self) -> Option<f64> {
        let number = match self.node {
            Node::Value(DeValue::Float(number)) => number.as_str().parse::<f64>().ok(),
            Node::Value(DeValue::Integer(number)) => {
                i64::from_str_radix(number.as_str(), number.radix()).ok().map(|number| number as f64)
            }
            Node::Value(_) | Node::Key(_) => return self.mismatch("a number"),
        };
        let number = number.filter(|number| number.is_finite());
        if number.is_none() {
            self.fail(format!("`{}` is not a number that can be used", self.key));
        }
        number
    }

    /// An integer in `[from, to]`.
    pub fn integer(&self, from: i64, to: i64) -> Option<i64> {
        let Node::Value(DeValue::Integer(number)) = self.node else { return self.mismatch("an integer") };
        let number = i64::from_str_radix(number.as_str(), number.radix()).ok();
        let number = number.filter(|number| (from..=to).contains(number));
        if number.is_none() {
            self.fail(format!("`{}` must be from {from} to {to}", self.key));
        }
        number
    }

    /// A span of time such as `"90s"`, `"5m"`, `"3h"`: whole seconds, at least one.
    pub fn span(&self) -> Option<Duration> {
        let text = self.text()?;
        match parse_span(&text) {
            Ok(span) if span.as_secs() > 0 && span.subsec_nanos() == 0 => return Some(span),
            Ok(_) => self.fail(format!("`{}`: `{text}` must be whole seconds, at least one", self.key)),
            Err(error) => self.fail(format!("`{}`: {error}", self.key)),
        }
        None
    }

    /// One of several words, each of which stands for something.
    pub fn choice<T: Clone>(&self, what: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        if let Some((_, chosen)) = words.iter().find(|(word, _)| *word == text) {
            return Some(chosen.clone());
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let message = format!("`{}`: no {what} `{text}`, there are {}", self.key, known.join(", "));
        self.unknown(message, &text, known.iter().copied());
        None
    }

    /// The values of a list.
    pub fn list(&self) -> Option<Vec<Self>> {
        let Node::Value(DeValue::Array(items)) = self.node else { return self.mismatch("a list") };
        Some(items.iter().map(|item| Self::new(self.doc, &self.key, item)).collect())
    }

    /// A list of texts that are not empty.
    pub fn names(&self) -> Option<Vec<String>> {
        Some(self.list()?.iter().filter_map(Self::name).collect())
    }

    /// A table.
    pub fn section(&self) -> Option<Section<'d>> {
        let Node::Value(DeValue::Table(table)) = self.node else { return self.mismatch("a table") };
        Some(Section::new(self.doc, table, self.start, &self.key))
    }

    /// A list of tables, each called `name` in its problems.
    pub fn sections(&self, name: &str) -> Vec<Section<'d>> {
        let Node::Value(DeValue::Array(items)) = self.node else {
            self.fail(format!("`{name}` is repeated: write [[{name}]]"));
            return Vec::new();
        };
        let tables = items.iter().map(|item| Self { key: name.to_owned(), ..Self::new(self.doc, name, item) });
        tables.filter_map(|value| value.section()).collect()
    }

    /// Whether it is a table.
    pub fn is_table(&self) -> bool {
        matches!(self.node, Node::Value(DeValue::Table(_)))
    }

    /// Whether it is an integer.
    pub fn is_integer(&self) -> bool {
        matches!(self.node, Node::Value(DeValue::Integer(_)))
    }

    fn mismatch<T>(&self, wanted: &str) -> Option<T> {
        let found = match self.node {
            Node::Key(_) => "a key",
            Node::Value(node) => kind(node),
        };
        self.fail(format!("`{}` must be {wanted}, not {found}", self.key));
        None
    }
}
