//! The console's start, and one file for each subcommand that prints instead of opening it.

pub mod alarms;
mod asked;
pub mod check;
pub mod completions;
pub mod console;
pub mod demo;
pub mod find;
pub mod history;
pub mod journal;
mod keeping;
pub mod metrics;
pub mod probe;
mod progress;
pub mod query;
pub mod query_file;
pub mod services;
pub mod session;
pub mod sheet;
pub mod snapshot;
pub mod status;
pub mod suspects;
pub mod tail;
pub mod trace;
