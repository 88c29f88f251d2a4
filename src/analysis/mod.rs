//! What data means: arithmetic on series, and later anomalies, breakdowns and correlation. Pure functions.

pub mod math;
