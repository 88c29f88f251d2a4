//! What data means: arithmetic on series, and later anomalies, breakdowns and correlation. Pure functions.

pub mod card;
pub mod expression;
pub mod finder;
pub mod insights_sql;
pub mod math;
pub mod rollup;
pub mod search;
pub mod summary;
pub mod unit;
