//! Text into cells: cut to its space, never outside the buffer.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use crate::text::width::{split, width};

pub use crate::text::Align;

/// How many cells a text takes.
pub fn cells(text: &str) -> u16 {
    u16::try_from(width(text)).unwrap_or(u16::MAX)
}

/// Writes one line of text into `space` (its first line), cut with `…` where it is too long. Returns the cells used.
pub fn put(buffer: &mut Buffer, space: Rect, text: &str, style: Style, align: Align) -> u16 {
    put_marked(buffer, space, text, style, align, (&[], style))
}

/// Writes a line of text at the left and returns the space that is left of it.
pub fn put_next(buffer: &mut Buffer, space: Rect, text: &str, style: Style) -> Rect {
    let used = put(buffer, space, text, style, Align::Left);
    Rect { x: space.x.saturating_add(used), width: space.width.saturating_sub(used), ..space }
}

/// Like [`put`], with byte ranges of the text in a style of their own.
pub fn put_marked(
    buffer: &mut Buffer,
    space: Rect,
    text: &str,
    style: Style,
    align: Align,
    (marks, marked): (&[Range<usize>], Style),
) -> u16 {
    let space = space.intersection(buffer.area);
    if space.is_empty() {
        return 0;
    }
    // Only as much of the text is measured as has room: it may be a megabyte long.
    let (head, beyond) = split(text, usize::from(space.width));
    let (whole, cut) = (cells(head), !beyond.is_empty());
    let room = if cut { space.width - 1 } else { space.width };
    let mut x = match align {
        Align::Right if !cut => space.right() - whole,
        Align::Center if !cut => space.x + (space.width - whole) / 2,
        Align::Left | Align::Right | Align::Center => space.x,
    };
    let start = x;
    let end = space.x + room;
    for (at, grapheme) in text.grapheme_indices(true) {
        let width = cells(grapheme);
        if width == 0 {
            continue;
        }
        if x + width > end {
            break;
        }
        let inside = marks.iter().any(|mark| mark.contains(&at));
        buffer.set_stringn(x, space.y, grapheme, usize::from(width), if inside { style.patch(marked) } else { style });
        x += width;
    }
    if cut {
        buffer.set_stringn(x, space.y, "…", 1, style);
        x += 1;
    }
    x - start
}

/// A line of an area, `None` below its end.
pub fn line(area: Rect, row: usize) -> Option<Rect> {
    let row = u16::try_from(row).ok().filter(|row| *row < area.height)?;
    Some(Rect { y: area.y + row, height: 1, ..area })
}

/// A text in lines of at most `room` cells, broken between words where there are any.
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    let room = room.max(2);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut word = word;
        loop {
            let last = lines.last_mut().map(|line| (width(line), line));
            let Some((used, line)) = last else { break };
            let gap = usize::from(used > 0);
            let (head, tail) = split(word, room.saturating_sub(used + gap));
            if tail.is_empty() && used + gap <= room {
                line.push_str(&" "[..gap]);
                line.push_str(head);
                break;
            }
            if used == 0 {
                // A cluster that is wider than the line has one of its own all the same.
                let first = if head.is_empty() { word.graphemes(true).next().unwrap_or(word) } else { head };
                line.push_str(first);
                word = &word[first.len()..];
            }
            if word.is_empty() {
                break;
            }
            lines.push(String::new());
        }
    }
    lines
}

/// A text that has to fit `room` cells with both its ends recognisable: ids differ at the end as often as at the start.
pub fn shorten_middle(text: &str, room: usize) -> String {
    if split(text, room).1.is_empty() {
        return text.to_owned();
    }
    let tail = (room.saturating_sub(1) / 3).min(4);
    let (head, rest) = split(text, room.saturating_sub(tail + 1));
    let mut used = 0;
    let kept = rest.grapheme_indices(true).rev().take_while(|(_, cluster)| {
        used += width(cluster);
        used <= tail
    });
    let from = kept.last().map_or(rest.len(), |(at, _)| at);
    format!("{head}…{}", &rest[from..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str, width: u16, align: Align) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 1));
        put(&mut buffer, Rect::new(0, 0, width, 1), text, Style::new(), align);
        (0..10).map(|x| buffer[(x, 0)].symbol().to_owned()).collect::<String>()
    }

    #[test]
    fn a_megabyte_is_cut_before_it_is_measured() {
        // Clusters of several bytes, no blank among them: whoever measured the rest for each line would not come to an end.
        let long = "e\u{301}".repeat(1 << 18);
        let lines = wrap(&long, 80);
        assert_eq!((lines.len(), lines.concat().len()), ((1_usize << 18).div_ceil(80), long.len()));
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
        let area = buffer.area;
        for _ in 0..1_000 {
            assert_eq!(put(&mut buffer, area, &long, Style::new(), Align::Left), 8);
        }
        assert_eq!(shorten_middle(&long, 9).chars().filter(|c| *c == 'e').count(), 8);
        assert_eq!(crate::text::truncate(&long, 3), "e\u{301}e\u{301}…");
    }

    #[test]
    fn text_is_cut_to_its_space() {
        let cases = [
            ("abc", 5, Align::Left, "abc       "),
            ("abc", 5, Align::Right, "  abc     "),
            ("abcdef", 4, Align::Left, "abc…      "),
            ("abcdef", 4, Align::Right, "abc…      "),
            ("日本語", 5, Align::Left, "日 本 …     "),
            ("a", 0, Align::Left, "          "),
            ("ab", 1, Align::Left, "…         "),
        ];
        for (text, width, align, expected) in cases {
            assert_eq!(printed(text, width, align).trim_end(), expected.trim_end(), "{text}");
        }
    }

    #[test]
    fn outside_the_buffer_nothing_happens() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 2, 1));
        for space in [Rect::new(5, 5, 3, 1), Rect::new(1, 0, 9, 4), Rect::new(0, 0, 0, 0)] {
            put(&mut buffer, space, "abcdef", Style::new(), Align::Right);
        }
    }

    #[test]
    fn long_texts_wrap_between_words() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh i", 3), ["abc", "def", "gh", "i"]);
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(wrap("日本語", 0), ["日", "本", "語"]);
    }

    #[test]
    fn ids_keep_both_ends() {
        assert_eq!(shorten_middle("corr_9f27c1ab34de", 11), "corr_9f…4de");
        assert_eq!(shorten_middle("corr_1", 11), "corr_1");
        assert_eq!(shorten_middle("abcdef", 1), "…");
        assert_eq!(cells(&shorten_middle("日本語日本語", 7)), 7);
    }
}
