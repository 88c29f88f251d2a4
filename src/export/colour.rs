//! Terminal colours as numbers, for exports that have no terminal.

use ratatui::style::Color;

/// The 16 ANSI colours as exports show them, in ANSI order.
const ANSI: [(u8, u8, u8); 16] = [
    (0x1d, 0x20, 0x27),
    (0xd9, 0x54, 0x59),
    (0x6f, 0xb0, 0x6a),
    (0xd6, 0xa2, 0x4b),
    (0x5b, 0x8f, 0xd9),
    (0xb0, 0x78, 0xc8),
    (0x4f, 0xb3, 0xb8),
    (0xc8, 0xcc, 0xd4),
    (0x6b, 0x72, 0x80),
    (0xf0, 0x71, 0x75),
    (0x8f, 0xd0, 0x8a),
    (0xf0, 0xc0, 0x6c),
    (0x86, 0xb0, 0xf0),
    (0xcf, 0x9a, 0xe4),
    (0x76, 0xd4, 0xd8),
    (0xf2, 0xf4, 0xf8),
];

/// Ground and text of an export whose theme leaves them to the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ground {
    /// Text.
    pub text: (u8, u8, u8),
    /// Ground.
    pub back: (u8, u8, u8),
}

impl Ground {
    /// For themes made for a dark terminal.
    pub const DARK: Self = Self { text: (0xc8, 0xcc, 0xd4), back: (0x12, 0x14, 0x19) };
    /// For themes made for a light terminal.
    pub const LIGHT: Self = Self { text: (0x24, 0x29, 0x2f), back: (0xfb, 0xfb, 0xf9) };
}

/// The red, green and blue of a colour; `None` for the terminal's own.
pub fn rgb(colour: Color) -> Option<(u8, u8, u8)> {
    let index = match colour {
        Color::Reset => return None,
        Color::Rgb(r, g, b) => return Some((r, g, b)),
        Color::Indexed(index) => index,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    Some(indexed(index))
}

/// The xterm colour of an index: 16 ANSI colours, a 6×6×6 cube, 24 greys.
fn indexed(index: u8) -> (u8, u8, u8) {
    match index {
        0..=15 => ANSI[usize::from(index)],
        16..=231 => {
            let step = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
            let cube = index - 16;
            (step(cube / 36), step(cube / 6 % 6), step(cube % 6))
        }
        232..=255 => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cube_and_the_greys_are_xterms() {
        assert_eq!(indexed(16), (0, 0, 0));
        assert_eq!(indexed(231), (255, 255, 255));
        assert_eq!(indexed(208), (255, 135, 0));
        assert_eq!(indexed(244), (128, 128, 128));
        assert_eq!(rgb(Color::Reset), None);
    }
}
