//! What an editor of queries needs: colours, completion and help. All of it works on a query that is not finished.

mod completion;
mod highlight;
mod vocabulary;

pub use completion::{Completion, Fits, completion_at};
pub use highlight::{Kind, highlight};
pub use vocabulary::{Word, WordKind, vocabulary, word};

#[cfg(test)]
mod tests;
