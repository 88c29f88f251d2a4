//! What data means: arithmetic on series, and later anomalies, breakdowns and correlation. Pure functions.

pub mod breach;
pub mod card;
pub mod leads;
pub mod math;
pub mod rollup;
pub mod summary;
pub mod unit;
