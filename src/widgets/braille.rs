//! A canvas of braille dots, two by four in a cell.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// The bits of a cell's dots, by row and column, as Unicode orders them.
const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// Dots that become cells. A cell has the style of whoever drew its first dot.
#[derive(Debug)]
pub struct Braille {
    width: usize,
    cells: Vec<(u8, Style)>,
}

impl Braille {
    /// An empty canvas of so many cells.
    pub fn new(width: u16, height: u16) -> Self {
        let width = usize::from(width);
        Self { width, cells: vec![(0, Style::new()); width * usize::from(height)] }
    }

    /// Its size in dots: across and down.
    pub fn dots(&self) -> (i32, i32) {
        let height = self.cells.len().checked_div(self.width).unwrap_or(0);
        ((self.width * 2) as i32, (height * 4) as i32)
    }

    /// Draws a dot; outside of the canvas nothing happens.
    pub fn dot(&mut self, x: i32, y: i32, style: Style) {
        let (across, down) = self.dots();
        if !(0..across).contains(&x) || !(0..down).contains(&y) {
            return;
        }
        let (x, y) = (x as usize, y as usize);
        let (bits, ink) = &mut self.cells[y / 4 * self.width + x / 2];
        if *bits == 0 {
            *ink = style;
        }
        *bits |= BITS[y % 4][x % 2];
    }

    /// Draws a straight line, both ends included (Bresenham).
    pub fn line(&mut self, from: (i32, i32), to: (i32, i32), style: Style) {
        self.trace(from, to, &mut |canvas, x, y| canvas.dot(x, y, style));
    }

    /// Draws every second dot of a line.
    pub fn dotted(&mut self, from: (i32, i32), to: (i32, i32), style: Style) {
        self.trace(from, to, &mut |canvas, x, y| {
            if (x + y).rem_euclid(2) == 0 {
                canvas.dot(x, y, style);
            }
        });
    }

    fn trace(&mut self, from: (i32, i32), to: (i32, i32), dot: &mut dyn FnMut(&mut Self, i32, i32)) {
        let (run, rise) = ((to.0 - from.0).abs(), -(to.1 - from.1).abs());
        let (right, down) = ((to.0 - from.0).signum(), (to.1 - from.1).signum());
        let (mut x, mut y) = from;
        let mut error = run + rise;
        loop {
            dot(self, x, y);
            if (x, y) == to {
                return;
            }
            let twice = 2 * error;
            if twice >= rise {
                error += rise;
                x += right;
            }
            if twice <= run {
                error += run;
                y += down;
            }
        }
    }

    /// Puts the cells that hold dots over what is in `area`.
    pub fn paint(&self, area: Rect, buf: &mut Buffer) {
        for (i, (bits, style)) in self.cells.iter().enumerate().filter(|(_, (bits, _))| *bits != 0) {
            let (x, y) = (area.x + (i % self.width) as u16, area.y + (i / self.width) as u16);
            let glyph = char::from_u32(0x2800 + u32::from(*bits)).unwrap_or(' ');
            if let Some(cell) = buf.cell_mut((x, y)) {
                // What stood there before is gone, its weight too: a line over a dim band is not dim.
                cell.modifier = Modifier::empty();
                cell.set_char(glyph).set_style(*style);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(canvas: &Braille, width: u16, height: u16) -> Vec<String> {
        let area = Rect::new(0, 0, width, height);
        let mut buffer = Buffer::empty(area);
        canvas.paint(area, &mut buffer);
        (0..height).map(|y| (0..width).map(|x| buffer[(x, y)].symbol()).collect()).collect()
    }

    #[test]
    fn lines_and_dots() {
        let mut canvas = Braille::new(2, 2);
        assert_eq!(canvas.dots(), (4, 8));
        canvas.line((0, 0), (3, 0), Style::new());
        canvas.line((0, 7), (0, 4), Style::new());
        canvas.dot(9, 9, Style::new());
        canvas.dot(-1, 0, Style::new());
        assert_eq!(painted(&canvas, 2, 2), ["⠉⠉", "⡇ "]);
        let mut canvas = Braille::new(1, 1);
        canvas.line((0, 3), (1, 0), Style::new());
        assert_eq!(painted(&canvas, 1, 1), ["⡜"]);
        Braille::new(0, 0).dot(0, 0, Style::new());
    }
}
