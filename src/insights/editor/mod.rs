//! What an editor of queries needs: colours, completion and help. All of it works on a query that is not finished.

mod completion;
mod highlight;
mod vocabulary;

pub use completion::{Completion, Fits, completion_at};
pub use highlight::{Kind, highlight};
pub use vocabulary::{Word, WordKind, vocabulary, word};

/// Whether a query begins with `SOURCE`, and thereby says which log groups it reads. AWS refuses groups beside them.
pub fn names_groups(query: &str) -> bool {
    let command = highlight(query).into_iter().find(|(_, kind)| *kind == Kind::Command);
    command.and_then(|(range, _)| query.get(range)).is_some_and(|word| word.eq_ignore_ascii_case("source"))
}

#[cfg(test)]
mod tests;
