//! A backend for thin lines: the same screen in fewer bytes than ratatui's own crossterm backend sends.
//!
//! It moves forward inside a row by a relative step, writes only what changes in the style, in one sequence, and does not
//! change the colour of text for a blank. Everything but drawing is left to crossterm's backend.

use std::fmt::Write as _;
use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use crate::export::ansi;

/// Modifiers that show on a blank too.
const SEEN_ON_BLANKS: Modifier = Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);

/// The backend.
#[derive(Debug)]
pub struct Thrifty<W: Write> {
    inner: CrosstermBackend<W>,
    /// The bytes of one frame, kept for the next one's allocation.
    frame: String,
}

/// How the terminal writes at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Pen {
    const PLAIN: Self = Self { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

    /// The pen that `cell` needs, given the present one: a blank takes over whatever does not show on it.
    fn for_cell(self, cell: &Cell) -> Self {
        let blank = cell.symbol() == " " && !(cell.modifier | self.modifier).intersects(SEEN_ON_BLANKS);
        if blank {
            return Self { bg: cell.bg, ..self };
        }
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    /// Writes the one sequence that turns this pen into `next`.
    fn change(self, next: Self, out: &mut String) {
        if self == next {
            return;
        }
        let mut from = self;
        out.push_str("\u{1b}[");
        let start = out.len();
        if !next.modifier.contains(from.modifier) || next == Self::PLAIN {
            out.push('0');
            from = Self::PLAIN;
        }
        ansi::modifiers(out, next.modifier - from.modifier);
        if next.fg != from.fg {
            ansi::colour(out, next.fg, 30);
        }
        if next.bg != from.bg {
            ansi::colour(out, next.bg, 40);
        }
        if out[start..].starts_with(';') {
            out.remove(start);
        }
        out.push('m');
    }
}

impl<W: Write> Thrifty<W> {
    /// A backend that writes to `writer`.
    pub const fn new(writer: W) -> Self {
        Self { inner: CrosstermBackend::new(writer), frame: String::new() }
    }
}

/// Writes the cells of a frame into `out`; ends with a plain pen.
fn write_cells<'a>(content: impl Iterator<Item = (u16, u16, &'a Cell)>, out: &mut String) {
    let mut pen = Pen::PLAIN;
    let mut at: Option<(u16, u16)> = None;
    for (x, y, cell) in content {
        match at {
            Some((column, row)) if row == y && column == x => {}
            Some((column, row)) if row == y && column < x => {
                let _ = match x - column {
                    1 => write!(out, "\u{1b}[C"),
                    step => write!(out, "\u{1b}[{step}C"),
                };
            }
            Some(_) | None => {
                let _ = write!(out, "\u{1b}[{};{}H", y + 1, x + 1);
            }
        }
        let next = pen.for_cell(cell);
        pen.change(next, out);
        pen = next;
        out.push_str(cell.symbol());
        // Terminals disagree about symbols that are not one cell wide: after those the place is named anew.
        at = (cell.symbol().width() == 1).then_some((x + 1, y));
    }
    pen.change(Pen::PLAIN, out);
}

impl<W: Write> Write for Thrifty<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.inner)
    }
}

impl<W: Write> Backend for Thrifty<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.frame.clear();
        write_cells(content, &mut self.frame);
        self.inner.write_all(self.frame.as_bytes())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;

    fn cell(symbol: &'static str, style: Style) -> Cell {
        let mut cell = Cell::new(symbol);
        cell.set_style(style);
        cell
    }

    fn written(cells: &[(u16, u16, Cell)]) -> String {
        let mut out = String::new();
        write_cells(cells.iter().map(|(x, y, cell)| (*x, *y, cell)), &mut out);
        out
    }

    #[test]
    fn only_what_changes_is_written() {
        let red = Style::new().fg(Color::Red);
        let bold = red.add_modifier(Modifier::BOLD);
        let cells = [
            (0, 0, cell("a", red)),
            (1, 0, cell(" ", Style::new())),
            (2, 0, cell("b", red)),
            (4, 0, cell("c", bold)),
            (9, 0, cell("d", red)),
            (0, 1, cell("e", Style::new())),
        ];
        assert_eq!(written(&cells), "\x1b[1;1H\x1b[31ma b\x1b[C\x1b[1mc\x1b[4C\x1b[0;31md\x1b[2;1H\x1b[0me");
    }

    #[test]
    fn blanks_keep_what_shows_on_them() {
        let reversed = Style::new().add_modifier(Modifier::REVERSED);
        let ground = Style::new().bg(Color::Blue);
        let cells = [(0, 0, cell(" ", reversed)), (1, 0, cell(" ", Style::new())), (2, 0, cell(" ", ground))];
        assert_eq!(written(&cells), "\x1b[1;1H\x1b[7m \x1b[0m \x1b[44m \x1b[0m");
    }

    #[test]
    fn after_a_wide_symbol_the_place_is_named() {
        let cells = [(0, 0, cell("宽", Style::new())), (2, 0, cell("x", Style::new()))];
        assert_eq!(written(&cells), "\x1b[1;1H宽\x1b[1;3Hx");
    }

    #[test]
    fn a_terminal_shows_the_same_as_with_crossterms_backend() {
        use ratatui::Terminal;
        use ratatui::TerminalOptions;
        use ratatui::Viewport;
        use ratatui::layout::Rect;

        // What a person sees: the colour and weight of text do not show on a blank that is not underlined.
        let shown = |bytes: &[u8]| {
            let mut parser = vt100::Parser::new(5.try_into().expect("rows"), 20.try_into().expect("columns"), 0);
            parser.process(bytes);
            let cells = (0..5).flat_map(|y| (0..20).map(move |x| (x, y)));
            let seen = cells.map(|(x, y)| {
                let cell = parser.screen().cell(y, x).expect("a cell");
                let blank = cell.contents().trim().is_empty() && !cell.underline();
                let text = (!blank).then(|| (cell.contents().to_owned(), cell.fgcolor(), cell.bold()));
                (text, cell.bgcolor(), cell.underline())
            });
            format!("{:?}", seen.collect::<Vec<_>>())
        };
        let draw = |frame: &mut ratatui::Frame<'_>, step: u16| {
            let buffer = frame.buffer_mut();
            for y in 0..5u16 {
                for x in 0..20u16 {
                    let n = x * 7 + y * 13 + step * 5;
                    let mut style = Style::new();
                    if n.is_multiple_of(3) {
                        style = style.fg(Color::Indexed((n % 200) as u8));
                    }
                    if n.is_multiple_of(5) {
                        style = style.bg(Color::Rgb(n as u8, 1, 2));
                    }
                    if n.is_multiple_of(4) {
                        style = style.add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
                    }
                    let symbol = if n % 6 < 2 { " ".to_owned() } else { char::from(b'a' + (n % 26) as u8).to_string() };
                    buffer[(x, y)].set_symbol(&symbol).set_style(style);
                }
            }
        };
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        let options = || TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, 20, 5)) };
        {
            let mut ours = Terminal::with_options(Thrifty::new(&mut ours), options()).expect("a terminal");
            let mut theirs = Terminal::with_options(CrosstermBackend::new(&mut theirs), options()).expect("a terminal");
            for step in 0..4 {
                ours.draw(|frame| draw(frame, step)).expect("drawn");
                theirs.draw(|frame| draw(frame, step)).expect("drawn");
            }
        }
        assert_eq!(shown(&ours), shown(&theirs));
        assert!(ours.len() < theirs.len(), "{} against {}", ours.len(), theirs.len());
    }
}
