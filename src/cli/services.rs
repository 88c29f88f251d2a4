//! Options of `baro services`.

use clap::{Args, ValueEnum};

/// Options of `baro services`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Services {
    /// X-Ray group whose traces the graph is made of [default: the board's, else all traces]
    #[arg(long, value_name = "NAME")]
    pub group: Option<String>,
    /// What to write
    #[arg(long, default_value = "table")]
    pub output: ServicesOutput,
}

const EXAMPLES: &str = "\
The window is the board's unless --since says otherwise. Changes are against the window before, of the same length.

Examples:
  baro services --since 1h
  baro services --output json | jq '.services[] | select(.fault > 0) | .name'
  baro services --output dot | dot -Tsvg > services.svg";

/// What `baro services` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ServicesOutput {
    /// A line a service, then a line an edge.
    Table,
    /// A document, `barograph/v1`.
    Json,
    /// A graph for Graphviz.
    Dot,
}
