//! Subcommands that print instead of opening the console.

pub mod alarms;
pub mod status;
pub mod tail;
