//! What leaves the program: the screen as text, ANSI and SVG, rows as CSV, JSON, NDJSON and Markdown, in files.

use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

pub mod ansi;
pub mod colour;
pub mod csv;
pub mod job;
pub mod markdown;
pub mod svg;
pub mod table;

pub use job::{Content, Goal, Job, Outcome};
pub use table::{Cell, Form, Table};

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

/// How a picture of the screen is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Picture {
    /// Plain lines.
    #[default]
    Text,
    /// Lines with SGR colours.
    Ansi,
    /// A picture.
    Svg,
    /// A code block of Markdown.
    Markdown,
}

impl Picture {
    /// Every form.
    pub const ALL: [Self; 4] = [Self::Text, Self::Ansi, Self::Svg, Self::Markdown];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Ansi => "ANSI",
            Self::Svg => "SVG",
            Self::Markdown => "Markdown",
        }
    }

    /// What names of its files end in.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Ansi => "ans",
            Self::Svg => "svg",
            Self::Markdown => "md",
        }
    }

    /// The screen in this form.
    pub fn of(self, buffer: &Buffer, ground: colour::Ground) -> String {
        match self {
            Self::Text => text(buffer),
            Self::Ansi => ansi::ansi(buffer),
            Self::Svg => svg::svg(buffer, ground),
            Self::Markdown => {
                let lines = text(buffer).lines().fold(String::new(), |out, line| out + line.trim_end() + "\n");
                markdown::code(&lines)
            }
        }
    }
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
