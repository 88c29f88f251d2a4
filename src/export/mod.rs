//! What is on screen, as text, ANSI, SVG and JSON.

use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

pub mod ansi;
pub mod colour;
pub mod svg;

/// The screen as plain text: exactly its lines, each ended by a newline, padded to its width.
pub fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for row in 0..buffer.area.height {
        for (_, symbol) in row_symbols(buffer, row) {
            out.push_str(symbol);
        }
        out.push('\n');
    }
    out
}

/// The symbols of a row with their columns; the cells that a wide symbol covers are left out.
pub(crate) fn row_symbols(buffer: &Buffer, row: u16) -> impl Iterator<Item = (u16, &str)> {
    let mut covered = 0;
    (0..buffer.area.width).filter_map(move |column| {
        if column < covered {
            return None;
        }
        let symbol = buffer.cell((buffer.area.x + column, buffer.area.y + row))?.symbol();
        let symbol = if symbol.is_empty() { " " } else { symbol };
        covered = column + symbol.width().max(1) as u16;
        Some((column, symbol))
    })
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn text_has_the_lines_of_its_size() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 2));
        buffer.set_string(0, 0, "a宽b", Style::new());
        assert_eq!(text(&buffer), "a宽b  \n      \n");
    }
}
