//! The history: episodes and acknowledgements in a SQLite database on this host. May do IO; knows neither AWS nor the terminal.
//!
//! ```text
//! Effect::Remember ─► Runner ─► Recorder ─► Mailbox ─► its thread ─► history.db
//! Msg::Feed(Update::History) ◄───────────────────────── its thread ◄─ history.db ◄─ other consoles
//! ```
//!
//! The loop never waits for the disk: the [`Recorder`] takes an entry, and a thread of its own writes it down. What is
//! written stands in `docs/history.md`.

mod database;
mod location;
mod mailbox;
mod query;
mod reader;
mod record;
mod recorder;
mod schema;
mod trouble;

pub use database::{Bounds, Database};
pub use location::Location;
pub use query::{Answer, QueryError};
pub use reader::Reader;
pub use recorder::Recorder;
pub use rusqlite::types::Value;
pub use schema::VERSION;
pub use trouble::Trouble;

#[cfg(test)]
mod tests;
