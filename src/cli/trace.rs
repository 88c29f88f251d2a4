//! Options of `baro trace`.

use clap::{Args, ValueEnum};

/// Options of `baro trace`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Trace {
    /// A trace id as X-Ray writes it (1-…) or as W3C does (32 hex digits), or a traceparent or X-Amzn-Trace-Id header;
    /// several are shown one after the other, and `-` reads them from stdin, one a line
    #[arg(value_name = "TRACE_ID", required = true)]
    pub id: Vec<String>,
    /// What to write
    #[arg(long, default_value = "text")]
    pub output: TraceOutput,
}

const EXAMPLES: &str = "\
A thick line is the critical path: what the answer waited for. SELF is what a span spent itself, and not what it called.

Examples:
  baro trace 1-5f2aef12-6b4f7a9c8d2e1f3a2b1c0d9e
  baro trace 'Root=1-5f2aef12-6b4f7a9c8d2e1f3a2b1c0d9e;Sampled=1'
  baro trace 5f2aef126b4f7a9c8d2e1f3a2b1c0d9e --output json | jq .culprit
  baro trace - --output json < ids.txt | jq -r '[.trace_id, .duration_s] | @tsv'";

/// What `baro trace` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TraceOutput {
    /// The waterfall, exceptions, and what is missing.
    Text,
    /// A document, `barograph/v1`, in a line each.
    Json,
}
