//! The screen as text with SGR sequences, for `cat` and tickets that keep colour.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::row_symbols;

/// The screen's lines with colours; every line begins and ends in the terminal's own style.
pub fn ansi(buffer: &Buffer) -> String {
    let mut out = String::new();
    for row in 0..buffer.area.height {
        let mut last = String::new();
        for (column, symbol) in row_symbols(buffer, row) {
            let Some(cell) = buffer.cell((buffer.area.x + column, buffer.area.y + row)) else { continue };
            let style = sgr(cell);
            if style != last {
                let _ = write!(out, "\u{1b}[0{style}m");
                last = style;
            }
            out.push_str(symbol);
        }
        if !last.is_empty() {
            out.push_str("\u{1b}[0m");
        }
        out.push('\n');
    }
    out
}

/// The SGR parameters of a cell, each after a semicolon; empty for the terminal's own style.
fn sgr(cell: &Cell) -> String {
    let mut out = String::new();
    modifiers(&mut out, cell.modifier);
    if cell.fg != Color::Reset {
        colour(&mut out, cell.fg, 30);
    }
    if cell.bg != Color::Reset {
        colour(&mut out, cell.bg, 40);
    }
    out
}

/// Writes the SGR parameters of modifiers, each after a semicolon.
pub(crate) fn modifiers(out: &mut String, modifiers: Modifier) {
    for (modifier, code) in [
        (Modifier::BOLD, 1),
        (Modifier::DIM, 2),
        (Modifier::ITALIC, 3),
        (Modifier::UNDERLINED, 4),
        (Modifier::REVERSED, 7),
        (Modifier::CROSSED_OUT, 9),
    ] {
        if modifiers.contains(modifier) {
            let _ = write!(out, ";{code}");
        }
    }
}

/// Writes the SGR parameters of a colour after a semicolon; `base` is 30 for text and 40 for ground.
pub(crate) fn colour(out: &mut String, colour: Color, base: u8) {
    let named = |code: u8| if code < 8 { base + code } else { base + 52 + code };
    let code = match colour {
        Color::Reset => base + 9,
        Color::Rgb(r, g, b) => {
            let _ = write!(out, ";{};2;{r};{g};{b}", base + 8);
            return;
        }
        Color::Indexed(index) => {
            let _ = write!(out, ";{};5;{index}", base + 8);
            return;
        }
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => named(8),
        Color::LightRed => named(9),
        Color::LightGreen => named(10),
        Color::LightYellow => named(11),
        Color::LightBlue => named(12),
        Color::LightMagenta => named(13),
        Color::LightCyan => named(14),
        Color::White => named(15),
    };
    let _ = write!(out, ";{code}");
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn styles_are_written_once_a_run_and_closed() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
        buffer.set_string(0, 0, "ab", Style::new().fg(Color::LightRed).add_modifier(Modifier::BOLD));
        assert_eq!(ansi(&buffer), "\u{1b}[0;1;91mab\u{1b}[0m  \n");
        buffer.set_string(2, 0, "c", Style::new().bg(Color::Rgb(1, 2, 3)));
        assert_eq!(ansi(&buffer), "\u{1b}[0;1;91mab\u{1b}[0;48;2;1;2;3mc\u{1b}[0m \n");
    }
}
