//! TOML with positions: sections that hand out values by key and report the keys nobody asked for.

use std::cell::{OnceCell, RefCell};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Place, Problem};
use super::value::Value;
use super::vars::Vars;
use crate::text::clean;

/// A file while it is read: its text, its variables, and what has been found wrong with it.
#[derive(Debug)]
pub struct Document<'t> {
    file: String,
    text: &'t str,
    problems: RefCell<Vec<Problem>>,
    vars: OnceCell<Vars>,
}

impl<'t> Document<'t> {
    /// A document that is called `file` in its problems.
    pub fn new(file: &str, text: &'t str) -> Self {
        Self { file: clean(file).into_owned(), text, problems: RefCell::default(), vars: OnceCell::new() }
    }

    /// Its root table; broken syntax is one problem and no table.
    pub fn parse(&self) -> Option<Spanned<DeTable<'t>>> {
        match DeTable::parse(self.text) {
            Ok(table) => Some(table),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                self.report(Problem::new(self.place(at), format!("not TOML: {}", error.message())));
                None
            }
        }
    }

    /// The root section.
    pub fn root<'d>(&'d self, table: &'d Spanned<DeTable<'d>>) -> Section<'d> {
        Section { doc: self, table: table.get_ref(), start: 0, name: String::new(), asked: Vec::new() }
    }

    /// From here on `${name}` in texts stands for the variable's value.
    pub fn substitute(&self, vars: Vars) {
        // The reader sets them once, before it asks for the first text; a second set would be ignored.
        self.vars.get_or_init(|| vars);
    }

    /// The variables of this document.
    pub(super) fn vars(&self) -> Option<&Vars> {
        self.vars.get()
    }

    /// The place of a byte offset.
    pub fn place(&self, offset: usize) -> Place {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        Place { file: self.file.clone(), line: Some(line), column: Some(column) }
    }

    /// Records a problem.
    pub fn report(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// All problems, by line.
    pub fn finish(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|problem| problem.place.line);
        problems
    }
}

/// A table of a document. Dropping it without [`Section::done`] leaves its unknown keys unreported.
#[derive(Debug)]
#[must_use = "call done() so that unknown keys are reported"]
pub struct Section<'d> {
    doc: &'d Document<'d>,
    table: &'d DeTable<'d>,
    start: usize,
    name: String,
    asked: Vec<&'static str>,
}

impl<'d> Section<'d> {
    pub(super) fn new(doc: &'d Document<'d>, table: &'d DeTable<'d>, start: usize, name: &str) -> Self {
        Self { doc, table, start, name: name.to_owned(), asked: Vec::new() }
    }

    /// The value of a key, if the key is there.
    pub fn get(&mut self, key: &'static str) -> Option<Value<'d>> {
        self.asked.push(key);
        let node = self.table.get(key)?;
        Some(Value::new(self.doc, key, node))
    }

    /// The value of a key that must be there.
    pub fn need(&mut self, key: &'static str) -> Option<Value<'d>> {
        let value = self.get(key);
        if value.is_none() {
            self.fail(format!("{} needs `{key}`", self.called()));
        }
        value
    }

    /// A text that is not empty, if the key is there.
    pub fn name(&mut self, key: &'static str) -> Option<String> {
        self.get(key)?.name()
    }

    /// A text to be shown, not empty, sanitised.
    pub fn label(&mut self, key: &'static str) -> Option<String> {
        self.name(key).map(|text| clean(&text).into_owned())
    }

    /// A text that is not empty; the key must be there.
    pub fn need_name(&mut self, key: &'static str) -> Option<String> {
        self.need(key)?.name()
    }

    /// A table inside this one.
    pub fn section(&mut self, key: &'static str) -> Option<Section<'d>> {
        self.get(key)?.section()
    }

    /// Repeated tables `[[singular]]`, or the same as an array `plural = [{ … }]`.
    pub fn sections(&mut self, singular: &'static str, plural: &'static str) -> Vec<Section<'d>> {
        let tables = [self.get(singular), self.get(plural)];
        tables.into_iter().flatten().flat_map(|value| value.sections(singular)).collect()
    }

    /// Every key with its value, for tables whose keys are the user's own.
    pub fn entries(self) -> Vec<(Value<'d>, Value<'d>)> {
        let Self { doc, table, .. } = self;
        table.iter().map(|(key, node)| (Value::of_key(doc, key), Value::new(doc, key.get_ref(), node))).collect()
    }

    /// Reports every key that nobody asked for.
    pub fn done(self) {
        for key in self.table.keys() {
            let word: &str = key.get_ref();
            if self.asked.contains(&word) {
                continue;
            }
            let place = self.doc.place(key.span().start);
            let message = match self.name.as_str() {
                "" => format!("no key `{word}` here"),
                name => format!("no key `{word}` in `{name}`"),
            };
            self.doc.report(Problem::unknown(place, message, word, self.asked.iter().copied()));
        }
    }

    /// Where the section begins.
    pub fn place(&self) -> Place {
        self.doc.place(self.start)
    }

    /// Records a problem of the section as a whole.
    pub fn fail(&self, message: impl AsRef<str>) {
        self.doc.report(Problem::new(self.place(), message));
    }

    fn called(&self) -> String {
        if self.name.is_empty() { "the file".to_owned() } else { format!("`{}`", self.name) }
    }
}

/// The kind of a value with its article, for sentences.
pub(super) fn kind(node: &DeValue<'_>) -> &'static str {
    match node {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
