//! Text that is safe to show: sanitising, masking, widths, units, times.
//!
//! Everything that comes from AWS or from a file passes [`clean`] before it reaches a cell or stdout. `clean` is
//! [`visible()`] (no control or direction trick survives) followed by [`mask()`] (card numbers and other secrets).

use std::borrow::Cow;

mod closest;
mod head;
pub mod marks;
pub mod mask;
pub mod time;
pub mod units;
pub mod visible;
pub mod width;

pub use closest::closest;
pub use head::{clean_field_head, clean_head};
pub use marks::clean_marked;
pub use mask::{mask, mask_field};
pub use time::parse_time;
pub use units::parse_span;
pub use visible::visible;
pub use width::{Align, pad, truncate, width};

/// Text as it may be shown on one line: no control or direction tricks, secrets masked.
///
/// Applying it twice changes nothing more. Plain ASCII without a secret is borrowed.
pub fn clean(text: &str) -> Cow<'_, str> {
    both(visible(text), mask)
}

/// The value of a field as it may be shown on one line: where the name says that it is a secret, nothing of it.
pub fn clean_field<'t>(name: &str, value: &'t str) -> Cow<'t, str> {
    both(visible(value), |shown| mask_field(name, shown))
}

fn both(shown: Cow<'_, str>, mask: impl Fn(&str) -> Cow<'_, str>) -> Cow<'_, str> {
    match shown {
        Cow::Borrowed(text) => mask(text),
        Cow::Owned(text) => match mask(&text) {
            Cow::Borrowed(_) => Cow::Owned(text),
            Cow::Owned(masked) => Cow::Owned(masked),
        },
    }
}

/// The lines of a text, each as [`clean`] leaves it: for stack traces and JSON shown over several rows.
pub fn clean_lines(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.split(['\n', '\u{85}', '\u{2028}', '\u{2029}']).map(|line| clean(line.strip_suffix('\r').unwrap_or(line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_borrowed() {
        assert!(matches!(clean("GET /health 200 in 12 ms"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_card_number_split_by_a_hidden_character_is_masked() {
        assert_eq!(clean("pan 41111111\u{200b}11111111"), "pan 411111******1111");
        assert_eq!(clean("pan 4111\t1111\t1111\t1111"), "pan 4111 11** **** 1111");
        assert_eq!(clean_field("cvv", "1\u{200b}23"), "****");
        assert_eq!(clean_field("pan", "4111\t1111\t1111\t1111"), "4111 11** **** 1111");
    }

    #[test]
    fn lines_are_cleaned_one_by_one() {
        let lines: Vec<_> = clean_lines("at a\r\n\tat b\u{1b}\u{2028}end").collect();
        assert_eq!(lines, ["at a", " at b␛", "end"]);
    }
}
