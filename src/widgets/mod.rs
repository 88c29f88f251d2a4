//! Dumb drawing: a theme and plain data in, cells out. Knows nothing of the store.

pub mod bar;
pub mod frame;
pub mod list;
pub mod print;
pub mod table;
pub mod theme;
pub mod tree;
pub mod waterfall;
