//! Dumb drawing: a theme and plain data in, cells out. Knows nothing of the store.

pub mod frame;
pub mod list;
pub mod theme;
