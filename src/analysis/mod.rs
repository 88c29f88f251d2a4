//! What data means: arithmetic on series, and later anomalies, breakdowns and correlation. Pure functions.

pub mod alarm;
pub mod breach;
pub mod breakdown;
pub mod card;
pub mod cells;
pub mod concerns;
pub mod drain;
pub mod expression;
pub mod filter;
pub mod finder;
pub mod insights_sql;
pub mod leads;
pub mod log_query;
pub mod math;
pub mod rollup;
pub mod rule;
pub mod scan;
pub mod search;
pub mod statistic;
pub mod story;
pub mod summary;
pub mod surge;
pub mod suspects;
pub mod unit;
