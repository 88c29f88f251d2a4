//! Subcommands that print instead of opening the console.

pub mod check;
pub mod completions;
