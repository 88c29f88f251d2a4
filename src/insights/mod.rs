//! The CloudWatch Logs Insights language over local records: parser with positions, engine, filter patterns.
//!
//! [`parse`] reads a query, [`Query::start`] begins a run of it, [`Run::push`] feeds it one record after the other, in
//! any order, and [`Run::snapshot`] says what the result is so far. Nothing is kept of a record that can't be in the
//! result, so a run can look through a long window.
//!
//! The language is that of the service's documentation; `docs/insights.md` says what is done here and what values mean.
//! What the service does and the engine does not is refused by [`parse`] with the position and a message, never ignored;
//! [`check`] takes it. Queries in parentheses are run first, by whoever has the records ([`Query::subqueries`]).
//! [`editor`] has colours, completion and help for a query that is being written.

mod aggregate;
mod ast;
mod compare;
pub mod editor;
mod eval;
mod functions;
mod kept;
mod lambda;
mod lexer;
mod lookup;
mod output;
mod parser;
pub mod pattern;
mod patterns;
mod query;
mod record;
mod rows;
mod run;
mod series;
mod span;
mod subquery;
mod unknown;
mod value;

pub use ast::Selection;
pub use compare::{Against, Compared, Window};
pub use lambda::is_line as is_lambda_line;
pub use lexer::{Fault, ParseError};
pub use lookup::{Lookup, Sheet};
pub use parser::{check, parse};
pub use query::Query;
pub use record::Record;
pub use run::{Row, Run, Statistics};
pub use subquery::Subquery;
pub use unknown::Unknown;

#[cfg(test)]
mod tests;
