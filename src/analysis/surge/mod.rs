//! Spikes and declines of a metric against the recent past and the same time on earlier days.
//!
//! The method and where it comes from stand in `docs/analysis.md`.

mod detector;
mod line;
mod replay;
mod season;
mod settings;
mod tail;
mod verdict;
mod window;

pub use detector::Detector;
pub use replay::replay;
pub use settings::Settings;
pub use verdict::{Stray, Verdict};

#[cfg(test)]
mod tests;
