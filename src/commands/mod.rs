//! Subcommands that print instead of opening the console.
