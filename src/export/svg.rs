//! The screen as an SVG picture.
//!
//! Text is set in runs whose length is fixed to the grid; block, braille and box-drawing characters are drawn as shapes,
//! so that the picture does not depend on what the viewer's font has.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Modifier;

use super::colour::{Ground, rgb};
use super::row_symbols;

/// Width of a cell in SVG units.
const CELL_WIDTH: f64 = 8.4;
/// Height of a cell in SVG units.
const CELL_HEIGHT: f64 = 18.0;
/// Size of the type.
const FONT_SIZE: f64 = 14.0;
/// From the top of a cell to the base line of its text.
const BASE_LINE: f64 = 13.6;
/// Space around the screen.
const MARGIN: f64 = 10.0;

type Rgb = (u8, u8, u8);

/// What a run of cells has in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    text: Rgb,
    back: Option<Rgb>,
    bold: bool,
    italic: bool,
    underline: bool,
}

/// The screen as a picture.
pub fn svg(buffer: &Buffer, ground: Ground) -> String {
    let width = f64::from(buffer.area.width) * CELL_WIDTH + 2.0 * MARGIN;
    let height = f64::from(buffer.area.height) * CELL_HEIGHT + 2.0 * MARGIN;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" width=\"{width:.0}\" height=\"{height:.0}\" \
         font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"{FONT_SIZE}\" xml:space=\"preserve\">\n\
         <style>rect[y]{{shape-rendering:crispEdges}}</style>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{}\"/>\n",
        hex(ground.back)
    );
    for row in 0..buffer.area.height {
        let cells: Vec<(u16, &str, Look)> = row_symbols(buffer, row)
            .filter_map(|(column, symbol)| {
                let cell = buffer.cell((buffer.area.x + column, buffer.area.y + row))?;
                Some((column, symbol, look(cell, ground)))
            })
            .collect();
        draw_row(&mut out, &cells, buffer.area.width, MARGIN + f64::from(row) * CELL_HEIGHT);
    }
    out.push_str("</svg>\n");
    out
}

fn draw_row(out: &mut String, cells: &[(u16, &str, Look)], width: u16, top: f64) {
    let end_of = |index: usize| cells.get(index + 1).map_or(width, |(column, ..)| *column);
    let mut at = 0;
    while at < cells.len() {
        let (start, _, look) = cells[at];
        let mut end = at;
        while end + 1 < cells.len() && cells[end + 1].2 == look {
            end += 1;
        }
        let x = left(start);
        let run_width = left(end_of(end)) - x;
        if let Some(back) = look.back {
            let fill = hex(back);
            let _ = writeln!(
                out,
                "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{run_width:.1}\" height=\"{CELL_HEIGHT}\" fill=\"{fill}\"/>"
            );
        }
        draw_run(out, &cells[at..=end], &|index| end_of(at + index), top, look);
        at = end + 1;
    }
}

/// Draws cells of one look: shapes one by one, the words between them as text.
fn draw_run(out: &mut String, cells: &[(u16, &str, Look)], end_of: &dyn Fn(usize) -> u16, top: f64, look: Look) {
    let mut words: Option<(u16, u16, String)> = None;
    let mut after = 0;
    for (index, (column, symbol, _)) in cells.iter().enumerate() {
        if index < after {
            continue;
        }
        // Neighbours of one height are one rectangle: no seams, and fewer of them.
        let same = if is_flat(symbol) { cells[index..].iter().take_while(|(_, s, _)| s == symbol).count() } else { 1 };
        after = index + same;
        let width = CELL_WIDTH * same as f64;
        let shape = shape(symbol, left(*column), top, width, &hex(look.text));
        if shape.is_none() && *symbol != " " {
            let word = words.get_or_insert_with(|| (*column, *column, String::new()));
            word.1 = end_of(index);
            word.2.push_str(symbol);
            continue;
        }
        if let (None, Some(word)) = (&shape, &mut words)
            && cells.get(index + 1).is_some_and(|(_, next, _)| *next != " ")
        {
            word.1 = end_of(index);
            word.2.push(' ');
            continue;
        }
        set_words(out, words.take(), top, look);
        if let Some(shape) = shape {
            out.push_str(&shape);
        }
    }
    set_words(out, words, top, look);
}

fn set_words(out: &mut String, words: Option<(u16, u16, String)>, top: f64, look: Look) {
    let Some((start, end, text)) = words else { return };
    let (x, y, length) = (left(start), top + BASE_LINE, left(end) - left(start));
    let mut style = String::new();
    for (on, attribute) in [
        (look.bold, " font-weight=\"bold\""),
        (look.italic, " font-style=\"italic\""),
        (look.underline, " text-decoration=\"underline\""),
    ] {
        if on {
            style.push_str(attribute);
        }
    }
    let fill = hex(look.text);
    let _ = write!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" textLength=\"{length:.1}\" fill=\"{fill}\"{style}>");
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out.push_str("</text>\n");
}

/// Block elements, braille and light box drawing as shapes; `None` for characters that a font draws.
fn shape(symbol: &str, x: f64, y: f64, width: f64, fill: &str) -> Option<String> {
    let c = symbol.chars().next()?;
    match c {
        '▁'..='█' => {
            let height = CELL_HEIGHT * f64::from(c as u32 - '▁' as u32 + 1) / 8.0;
            let top = y + CELL_HEIGHT - height;
            Some(rect(x, top, width, height, fill))
        }
        '▉'..='▏' => {
            let width = CELL_WIDTH * f64::from('▐' as u32 - c as u32) / 8.0;
            Some(rect(x, y, width, CELL_HEIGHT, fill))
        }
        '▐' => Some(rect(x + CELL_WIDTH / 2.0, y, CELL_WIDTH / 2.0, CELL_HEIGHT, fill)),
        '▀' => Some(rect(x, y, width, CELL_HEIGHT / 2.0, fill)),
        '░' => Some(shade(x, y, width, 0.25, fill)),
        '▒' => Some(shade(x, y, width, 0.5, fill)),
        '▓' => Some(shade(x, y, width, 0.75, fill)),
        '─' => Some(level(x, y, width, fill)),
        '\u{2800}'..='\u{28ff}' => Some(braille(c, x, y, fill)),
        '─'..='╿' => lines(c, x, y, fill),
        _ => None,
    }
}

fn rect(x: f64, y: f64, width: f64, height: f64, fill: &str) -> String {
    format!("<rect x=\"{x:.1}\" y=\"{y:.2}\" width=\"{width:.1}\" height=\"{height:.2}\" fill=\"{fill}\"/>\n")
}

fn shade(x: f64, y: f64, width: f64, share: f64, fill: &str) -> String {
    format!(
        "<rect x=\"{x:.1}\" y=\"{y:.2}\" width=\"{width:.1}\" height=\"{CELL_HEIGHT}\" fill=\"{fill}\" fill-opacity=\"{share}\"/>\n"
    )
}

/// A line through the middles of cells.
fn level(x: f64, y: f64, width: f64, fill: &str) -> String {
    let (end, middle) = (x + width, y + CELL_HEIGHT / 2.0);
    format!(
        "<path d=\"M{x:.1} {middle:.1}L{end:.1} {middle:.1}\" stroke=\"{fill}\" stroke-width=\"1\" fill=\"none\"/>\n"
    )
}

/// Whether a cell looks like its neighbours of the same symbol put together.
fn is_flat(symbol: &str) -> bool {
    symbol.chars().next().is_some_and(|c| matches!(c, '▁'..='█' | '▀' | '░'..='▓' | '─'))
}

fn braille(c: char, x: f64, y: f64, fill: &str) -> String {
    // Dots 1–8 of a braille cell: column and row of each bit, by the Unicode chart of block 2800.
    const DOTS: [(f64, f64); 8] =
        [(0.0, 0.0), (0.0, 1.0), (0.0, 2.0), (1.0, 0.0), (1.0, 1.0), (1.0, 2.0), (0.0, 3.0), (1.0, 3.0)];
    let bits = c as u32 - 0x2800;
    let mut out = String::new();
    for (bit, (column, row)) in DOTS.iter().enumerate() {
        if bits >> bit & 1 == 1 {
            let (cx, cy) = (x + CELL_WIDTH * (0.25 + 0.5 * column), y + CELL_HEIGHT * (0.125 + 0.25 * row));
            let _ = writeln!(out, "<circle cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"1.25\" fill=\"{fill}\"/>");
        }
    }
    out
}

/// Light lines by the arms they have: left, right, up, down. Heavy and double lines are left to the font.
fn lines(c: char, x: f64, y: f64, fill: &str) -> Option<String> {
    let (arms, dashed) = match c {
        '┄' | '┈' | '╌' => ([true, true, false, false], true),
        '│' => ([false, false, true, true], false),
        '┆' | '┊' | '╎' => ([false, false, true, true], true),
        '┌' | '╭' => ([false, true, false, true], false),
        '┐' | '╮' => ([true, false, false, true], false),
        '└' | '╰' => ([false, true, true, false], false),
        '┘' | '╯' => ([true, false, true, false], false),
        '├' => ([false, true, true, true], false),
        '┤' => ([true, false, true, true], false),
        '┬' => ([true, true, false, true], false),
        '┴' => ([true, true, true, false], false),
        '┼' => ([true, true, true, true], false),
        '╴' => ([true, false, false, false], false),
        '╶' => ([false, true, false, false], false),
        '╵' => ([false, false, true, false], false),
        '╷' => ([false, false, false, true], false),
        _ => return None,
    };
    let (cx, cy) = (x + CELL_WIDTH / 2.0, y + CELL_HEIGHT / 2.0);
    let ends = [(x, cy), (x + CELL_WIDTH, cy), (cx, y), (cx, y + CELL_HEIGHT)];
    let mut path = String::new();
    for (_, (ex, ey)) in arms.iter().zip(ends).filter(|(on, _)| **on) {
        let _ = write!(path, "M{cx:.1} {cy:.1}L{ex:.1} {ey:.1}");
    }
    let dash = if dashed { " stroke-dasharray=\"2 2\"" } else { "" };
    Some(format!("<path d=\"{path}\" stroke=\"{fill}\" stroke-width=\"1\" fill=\"none\"{dash}/>\n"))
}

fn look(cell: &Cell, ground: Ground) -> Look {
    let mut text = rgb(cell.fg).unwrap_or(ground.text);
    let mut back = rgb(cell.bg);
    if cell.modifier.contains(Modifier::REVERSED) {
        let new_back = text;
        text = back.unwrap_or(ground.back);
        back = Some(new_back);
    }
    if cell.modifier.contains(Modifier::DIM) {
        text = mix(text, back.unwrap_or(ground.back));
    }
    Look {
        text,
        back,
        bold: cell.modifier.contains(Modifier::BOLD),
        italic: cell.modifier.contains(Modifier::ITALIC),
        underline: cell.modifier.contains(Modifier::UNDERLINED),
    }
}

fn mix(a: Rgb, b: Rgb) -> Rgb {
    let middle = |a: u8, b: u8| ((u16::from(a) * 3 + u16::from(b) * 2) / 5) as u8;
    (middle(a.0, b.0), middle(a.1, b.1), middle(a.2, b.2))
}

fn left(column: u16) -> f64 {
    MARGIN + f64::from(column) * CELL_WIDTH
}

fn hex((r, g, b): Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Style};

    use super::*;

    #[test]
    fn text_is_escaped_and_set_to_the_grid() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 1));
        buffer.set_string(0, 0, "a<b & c", Style::new().fg(Color::Rgb(1, 2, 3)));
        let picture = svg(&buffer, Ground::DARK);
        assert!(picture.contains(">a&lt;b &amp; c</text>"), "{picture}");
        assert!(picture.contains("textLength=\"58.8\"") && picture.contains("fill=\"#010203\""), "{picture}");
    }

    #[test]
    fn neighbours_of_one_height_are_one_shape() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 9, 1));
        buffer.set_string(0, 0, "▃▃▃█──░░x", Style::new());
        let picture = svg(&buffer, Ground::DARK);
        assert_eq!(picture.matches("<rect x").count(), 3, "{picture}");
        assert!(picture.contains("width=\"25.2\""), "{picture}");
        assert_eq!(picture.matches("<path").count(), 1);
    }

    #[test]
    fn bars_braille_and_frames_are_shapes() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
        buffer.set_string(0, 0, "█⣿┌", Style::new());
        let picture = svg(&buffer, Ground::LIGHT);
        assert_eq!(picture.matches("<circle").count(), 8);
        assert_eq!(picture.matches("<path").count(), 1);
        assert!(!picture.contains("<text"));
    }
}
