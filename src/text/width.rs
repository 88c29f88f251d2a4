//! How many cells text takes, and text cut or padded to a number of cells.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Which side of a padded text stays flush.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Spaces after it.
    #[default]
    Left,
    /// Spaces before it: numbers.
    Right,
    /// Spaces on both sides, the odd one after it.
    Center,
}

/// The cells a text takes in a terminal: the sum over its grapheme clusters, as ratatui places them.
pub fn width(text: &str) -> usize {
    if is_plain(text) {
        return text.len();
    }
    text.graphemes(true).map(cells).sum()
}

/// At most `cells` cells of a text; `…` says that something was left out. Never splits a grapheme cluster.
pub fn truncate(text: &str, cells: usize) -> Cow<'_, str> {
    // Only as much of the text is measured as has room: it may be a megabyte long.
    if split(text, cells).1.is_empty() {
        return Cow::Borrowed(text);
    }
    let Some(room) = cells.checked_sub(1) else { return Cow::Borrowed("") };
    let (start, _) = split(text, room);
    Cow::Owned(format!("{start}…"))
}

/// A text in exactly `cells` cells: cut where it is longer, filled with spaces where it is shorter.
pub fn pad(text: &str, cells: usize, align: Align) -> String {
    let text = truncate(text, cells);
    let free = cells.saturating_sub(width(&text));
    let (before, after) = match align {
        Align::Left => (0, free),
        Align::Right => (free, 0),
        Align::Center => (free / 2, free - free / 2),
    };
    // A format's width takes no more than 65,535, and panics beyond.
    format!("{}{text}{}", " ".repeat(before), " ".repeat(after))
}

/// A text cut in two, the first part at most `room` cells wide.
pub fn split(text: &str, room: usize) -> (&str, &str) {
    let mut used = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        used += cells(cluster);
        if used > room {
            return text.split_at(at);
        }
    }
    (text, "")
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The cells of one grapheme cluster. ratatui leaves out clusters with control characters, and gives the half-width
/// katakana sound marks a cell of their own.
fn cells(cluster: &str) -> usize {
    if cluster.contains(char::is_control) {
        return 0;
    }
    cluster.width() + cluster.chars().filter(|&mark| matches!(mark, '\u{ff9e}' | '\u{ff9f}')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths() {
        let cases = [("", 0), ("abc", 3), ("日本", 4), ("e\u{301}", 1), ("👩🏽\u{200d}🚀", 2), ("🇩🇪", 2), ("▲ 1.8 %", 7)];
        for (text, cells) in cases {
            assert_eq!(width(text), cells, "{text}");
        }
    }

    #[test]
    fn truncation_keeps_clusters_whole() {
        let cases = [
            ("Contoso_Bank", 12, "Contoso_Bank"),
            ("Contoso_Bank", 8, "Contoso…"),
            ("日本語", 6, "日本語"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("👩🏽\u{200d}🚀x", 2, "…"),
            ("e\u{301}tat", 2, "e\u{301}…"),
            ("abc", 1, "…"),
            ("abc", 0, ""),
        ];
        for (text, cells, cut) in cases {
            assert_eq!(truncate(text, cells), cut, "{text} in {cells}");
        }
    }

    #[test]
    fn padding_fills_the_cells() {
        assert_eq!(pad("ab", 70_000, Align::Left).len(), 70_000);
        assert_eq!(pad("ab", 5, Align::Left), "ab   ");
        assert_eq!(pad("ab", 5, Align::Right), "   ab");
        assert_eq!(pad("ab", 5, Align::Center), " ab  ");
        assert_eq!(pad("日本語", 4, Align::Right), " 日…");
    }
}
