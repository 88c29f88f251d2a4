//! The CloudWatch Logs Insights language over local records: parser with positions, engine, filter patterns.

pub mod pattern;
