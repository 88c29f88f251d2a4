//! The CloudWatch Logs Insights language over local records: parser with positions, engine, filter patterns.
//!
//! [`parse`] reads a query, [`Query::start`] begins a run of it, [`Run::push`] feeds it one record after the other, in
//! any order, and [`Run::snapshot`] says what the result is so far. Nothing is kept of a record that can't be in the
//! result, so a run can look through a long window.
//!
//! Commands: `fields`, `display`, `filter`, `stats`, `sort`, `limit`, `parse`, `dedup`, and `source` with literal names.
//! Whatever else the service knows is refused with the position and a message, never ignored.

mod aggregate;
mod ast;
pub mod editor;
mod eval;
mod functions;
mod lambda;
mod lexer;
mod output;
mod parser;
pub mod pattern;
mod patterns;
mod record;
mod rows;
mod run;
mod series;
mod span;
mod value;

pub use ast::{Query, Selection};
pub use lexer::{Fault, ParseError};
pub use parser::{check, parse};
pub use record::Record;
pub use run::{Row, Run, Statistics};

#[cfg(test)]
mod tests;
