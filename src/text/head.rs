//! The beginning of a text that may be a megabyte long.

use std::borrow::Cow;

use super::{clean, clean_field};

/// Bytes behind what is shown that are looked at all the same, so that a secret which begins in what is shown is known
/// for one.
const BEYOND: usize = 16 * 1024;
/// Bytes at the end of what was looked at that are not shown where the text goes on: what they begin might be a secret
/// by how it ends. Card numbers, keys and addresses are shorter.
const UNSURE: usize = 512;

/// What stands for a value of which nothing is shown.
const HIDDEN: &str = "****";

/// The beginning of a text as it may be shown on one line, at most so many bytes of it; `…` says that there is more.
///
/// What it costs does not depend on how long the text is.
pub fn clean_head(text: &str, bytes: usize) -> Cow<'_, str> {
    head(text, bytes, clean)
}

/// The same of the value of a field: nothing of it, where the name says that it is a secret.
pub fn clean_field_head<'t>(name: &str, value: &'t str, bytes: usize) -> Cow<'t, str> {
    head(value, bytes, |part| clean_field(name, part))
}

fn head<'t>(text: &'t str, bytes: usize, clean: impl Fn(&'t str) -> Cow<'t, str>) -> Cow<'t, str> {
    let looked_at = text.floor_char_boundary(bytes.saturating_add(BEYOND));
    let shown = clean(&text[..looked_at]);
    let sure = if looked_at < text.len() { shown.len().saturating_sub(UNSURE) } else { shown.len() };
    if shown.len() <= bytes && (sure == shown.len() || shown == HIDDEN) {
        return shown;
    }
    let end = shown.floor_char_boundary(bytes.min(sure));
    Cow::Owned(format!("{}…", &shown[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_is_what_the_whole_begins_with() {
        assert!(matches!(clean_head("short", 10), Cow::Borrowed("short")));
        assert_eq!(clean_head("0123456789abc", 10), "0123456789…");
        assert_eq!(clean_head("日本語", 4), "日…");
        let long = "é".repeat(600_000);
        let head = clean_head(&long, 4_001);
        assert_eq!((head.len(), head.chars().last()), (4_000 + '…'.len_utf8(), Some('…')));
    }

    #[test]
    fn a_secret_across_an_end_is_masked() {
        for at in 0..40 {
            for length in [100, BEYOND] {
                let before = "x".repeat(length - at);
                let text = format!("{before} 4111 1111 1111 1111 {}", "y".repeat(40_000));
                let head = clean_head(&text, length);
                assert!(!head.contains("1111 1"), "{at}: {}", &head[head.len() - 60..]);
            }
        }
        // What a mask makes shorter brings the end of what was looked at into view.
        let token = "a1".repeat(BEYOND / 2 - 20);
        for more in 0..40 {
            let text = format!("Bearer {token}{} 4111 1111 1111 1111 {}", "b".repeat(more), "y".repeat(40_000));
            let head = clean_head(&text, 60);
            assert!(!head.contains("1111 1"), "{more}: {head}");
        }
    }
}
