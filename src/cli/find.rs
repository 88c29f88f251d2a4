//! Options of `baro find`.

use clap::{Args, ValueEnum};

/// Options of `baro find`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Find {
    /// A correlation id, request id, token reference, trace id (1-… or W3C) or any text; `-` reads them from stdin
    #[arg(value_name = "ID", required = true, allow_hyphen_values = false)]
    pub identifiers: Vec<String>,
    /// Log group in place of the board's: a name, a prefix that ends in `*`, or an ARN; may be given several times
    #[arg(long = "log-group", value_name = "GROUP")]
    pub log_groups: Vec<String>,
    /// What to write
    #[arg(long, default_value = "text")]
    pub output: FindOutput,
}

const EXAMPLES: &str = "\
Looks 24 hours back from now (or from --at); --since says otherwise. A trace id says by itself when it was, and is read from
a traceparent or X-Amzn-Trace-Id header too. Where nothing is found, earlier days are looked at too, within the board's budget.
A text that many requests share leads to the newest of them. Case matters.

Examples:
  baro find corr_9f27c1ab
  baro find 1-5f2aef12-6b4f7a9c8d2e1f3a2b1c0d9e --output markdown
  baro find - --output ndjson < ids.txt";

/// What `baro find` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FindOutput {
    /// Summary, events in order of time, and what was searched.
    Text,
    /// A document, `barograph/v1`.
    Json,
    /// An event a line, then a line with the rest.
    Ndjson,
    /// Tables for a ticket.
    Markdown,
}
