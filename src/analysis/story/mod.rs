//! What a story means: its events read from lines and segments, its identifiers, its failing event and its summary.

pub mod ids;
pub mod line;
pub mod parts;
pub mod pasted;
pub mod rows;
pub mod spans;
pub mod summary;
pub mod unsearched;

pub use parts::{Links, missing, parts};
pub use rows::{Row, rows};
pub use summary::{Summary, summary};
pub use unsearched::unsearched;
