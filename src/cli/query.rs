//! Options of `baro query`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::local::Table;

/// Options of `baro query`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Query {
    /// The query; `-` reads it from stdin, `@FILE` from a file
    #[arg(value_name = "QUERY", required_unless_present_any = ["saved", "file"], allow_hyphen_values = true)]
    pub query: Option<String>,
    /// Asks log files of this machine instead of AWS, packed or not; - or nothing means standard input. Without a query
    /// the console opens over them
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", conflicts_with = "log_groups")]
    pub file: Vec<PathBuf>,
    /// A table for the command `lookup`: comma-separated values with a line of names on top; may be given several times
    #[arg(long = "lookup", value_name = "NAME=FILE", value_parser = table, requires = "file")]
    pub lookups: Vec<Table>,
    /// Log group by name or ARN, or all that begin so with `PREFIX*`; may be given several times [default: the board's]
    #[arg(long = "log-group", value_name = "GROUP")]
    pub log_groups: Vec<String>,
    /// Runs the saved query of this name: the board's, else the account's
    #[arg(long, value_name = "NAME", conflicts_with = "query")]
    pub saved: Option<String>,
    /// Value of the parameter `{{NAME}}` in the query; may be given several times
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    pub parameters: Vec<(String, String)>,
    /// Rows at most, up to 100,000 [default: the query's limit, else AWS's 10,000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: Option<u32>,
    /// What to write
    #[arg(long, default_value = "table")]
    pub output: QueryOutput,
}

const EXAMPLES: &str = "\
Examples:
  baro query 'filter event = \"TOKEN_PROVISION_FAILURE\" | stats count(*) by reason' --since 1h
  baro query 'fields @timestamp, @message | limit 20' --log-group '/payments/*' --output ndjson
  baro query @slow.query --param issuer=Contoso_Bank --output csv
  baro query --saved 'Failures by reason'
  baro query --file app.log.gz 'filter @message like /timeout/ | stats count(*) by bin(5m)'
  baro query --file app.log 'pattern @message | diff'
  baro query --file app.log --lookup users=users.csv 'lookup users id as user OUTPUT name'
  baro query --file app.log.gz --file app.log

What AWS will charge is told before, what it has charged after, both on stderr. Files are read here and cost nothing;
without --since, all of them.";

/// What `baro query` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum QueryOutput {
    /// Lines with columns.
    Table,
    /// A document, `barograph/v1`.
    Json,
    /// A JSON object a row.
    Ndjson,
    /// Comma-separated values (RFC 4180), headed.
    Csv,
}

fn table(text: &str) -> Result<Table, String> {
    let (name, file) =
        text.split_once('=').filter(|(_, file)| !file.is_empty()).ok_or("write it like NAME=FILE.csv")?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if is_name {
        Ok(Table { name: name.to_owned(), file: file.into() })
    } else {
        Err(format!("`{name}` is no name of a table: letters, digits, _ and -"))
    }
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it like NAME=VALUE")?;
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name {
        Ok((name.to_owned(), value.to_owned()))
    } else {
        Err(format!("`{name}` is no name of a parameter: letters, digits and _, no digit first"))
    }
}
