//! Options of `baro query`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Options of `baro query`.
#[derive(Debug, Clone, Args)]
pub struct Query {
    /// What to ask, in the Logs Insights language
    pub query: String,
    /// Asks log files of this machine instead of AWS, packed or not; - or nothing means standard input
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    pub file: Vec<PathBuf>,
    /// The log groups to ask, where the query has no SOURCE
    #[arg(long, value_name = "NAME")]
    pub log_group: Vec<String>,
    /// What to write
    #[arg(long, default_value = "table")]
    pub output: QueryOutput,
}

/// What `baro query` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum QueryOutput {
    /// Columns for people.
    #[default]
    Table,
    /// One document, the contract `barograph/v1`.
    Json,
    /// A JSON object a line.
    Ndjson,
    /// Comma-separated values, with a line of names on top.
    Csv,
}
