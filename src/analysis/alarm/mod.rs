//! How CloudWatch decides an alarm's state: comparison, M of N, missing data, and the rules of composites.

pub mod comparison;
pub mod evaluate;
pub mod look;
pub mod rule;

pub use comparison::Comparison;
pub use evaluate::{EXTRA_PERIODS, MofN, TreatMissing, Verdict};
pub use look::{Look, Looked, look};
pub use rule::Rule;
