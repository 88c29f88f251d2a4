//! The words of the language, for completion and help.

use std::sync::LazyLock;

use crate::insights::functions::{AGGREGATES, FUNCTIONS};
use crate::insights::parser::{COMMANDS, alias};

/// A word of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// As the documentation writes it; case does not matter.
    pub name: &'static str,
    /// What it is.
    pub kind: WordKind,
    /// How it is written, with its arguments.
    pub signature: &'static str,
    /// What it does, in one sentence.
    pub doc: &'static str,
    /// Whether the local engine does it too; the service does all of them.
    pub local: bool,
}

/// What a word of the language is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WordKind {
    /// First in a query, or after a pipe.
    Command,
    /// Computes a value of one row.
    Function,
    /// Computes a value of many rows, in `stats`.
    Aggregate,
    /// Joins the parts of an expression or command.
    Keyword,
}

const KEYWORDS: &[(&str, &str, &str)] = &[
    ("and", "a and b", "Holds where both sides hold."),
    ("or", "a or b", "Holds where one side holds."),
    ("not", "not a", "Holds where the rest does not."),
    ("like", "field like \"text\" | /regex/", "Holds where a value contains a text or matches a regular expression."),
    ("in", "field in [a, b]", "Holds where a value is one of those in the list."),
    ("as", "expression as name", "Names a column."),
    ("by", "stats … by a, bin(5m)", "Says what groups are made of."),
    ("asc", "sort field asc", "Sorts the smallest first."),
    ("desc", "sort field desc", "Sorts the largest first."),
    ("multi", "parse field /regex/ multi", "Makes a row of each match."),
    ("into", "unnest field into name", "Names the column of the elements."),
    ("where", "join … where a.id=b.id", "Says what rows have in common."),
];

static VOCABULARY: LazyLock<Vec<Word>> = LazyLock::new(|| {
    let commands = COMMANDS.iter().map(|it| Word {
        name: it.name,
        kind: WordKind::Command,
        signature: it.signature,
        doc: it.doc,
        local: it.local,
    });
    let functions = FUNCTIONS.iter().map(|it| Word {
        name: it.name,
        kind: WordKind::Function,
        signature: it.signature,
        doc: it.doc,
        local: true,
    });
    let aggregates = AGGREGATES.iter().map(|it| Word {
        name: it.name,
        kind: WordKind::Aggregate,
        signature: it.signature,
        doc: it.doc,
        local: it.local,
    });
    let keywords = KEYWORDS.iter().map(|(name, signature, doc)| Word {
        name,
        kind: WordKind::Keyword,
        signature,
        doc,
        local: true,
    });
    commands.chain(functions).chain(aggregates).chain(keywords).collect()
});

/// Every word of the language: commands, functions, aggregates, keywords.
pub fn vocabulary() -> &'static [Word] {
    &VOCABULARY
}

/// The word of this name, in any case.
pub fn word(name: &str) -> Option<&'static Word> {
    let name = alias(name);
    VOCABULARY.iter().find(|word| word.name.eq_ignore_ascii_case(name))
}
