//! Dumb drawing: a theme and plain data in, cells out. Knows nothing of the store.

pub mod area;
pub mod axis;
pub mod bar;
pub mod braille;
pub mod chart;
pub mod facts;
pub mod frame;
pub mod legend;
pub mod list;
pub mod map;
pub mod print;
#[cfg(test)]
pub(crate) mod screen;
pub mod selection;
pub mod sparkline;
pub mod table;
pub mod theme;
pub mod tree;
pub mod waterfall;
