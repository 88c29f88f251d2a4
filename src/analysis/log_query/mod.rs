//! Logs Insights queries before and after they run: parameters, groups, cost, columns, values, bins.

pub mod bins;
pub mod capped;
pub mod columns;
pub mod estimate;
pub mod facets;
pub mod judge;
pub mod meaning;
pub mod parameters;
pub mod refine;
pub mod shape;
pub mod source;
mod standing;
