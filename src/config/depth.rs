//! How many colours a terminal shows, and the nearest of them.

use ratatui::style::Color;

/// How many colours a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None: bold, underline and reverse only.
    Mono,
    /// The sixteen of ANSI.
    Ansi16,
    /// xterm's 256.
    Indexed,
    /// 24 bits.
    True,
}

/// Terminals that show 24 bits and say so in `TERM`, which, unlike `COLORTERM`, travels over SSH.
const TRUE_TERMS: [&str; 6] = ["kitty", "alacritty", "ghostty", "wezterm", "foot", "contour"];

impl Depth {
    /// The depth that a terminal declares by `TERM` and `COLORTERM`.
    pub fn of_terminal(term: &str, colorterm: &str) -> Self {
        let term = term.to_ascii_lowercase();
        if matches!(colorterm, "truecolor" | "24bit") || term.ends_with("-direct") {
            return Self::True;
        }
        if term == "dumb" || term.starts_with("vt1") || term.starts_with("vt2") {
            return Self::Mono;
        }
        if TRUE_TERMS.iter().any(|name| term.split('-').any(|part| part == *name)) {
            return Self::True;
        }
        if term.contains("256color") { Self::Indexed } else { Self::Ansi16 }
    }

    /// The nearest colour that a terminal of this depth shows.
    pub fn nearest(self, color: Color) -> Color {
        match self {
            Self::True => color,
            Self::Indexed => match color {
                Color::Rgb(r, g, b) => Color::Indexed(nearest((r, g, b), 16..=255)),
                other => other,
            },
            Self::Ansi16 => match color {
                Color::Rgb(r, g, b) => ANSI[usize::from(nearest((r, g, b), 0..=15))],
                Color::Indexed(index) if index < 16 => ANSI[usize::from(index)],
                Color::Indexed(index) => ANSI[usize::from(nearest(rgb(index), 0..=15))],
                other => other,
            },
            Self::Mono => Color::Reset,
        }
    }
}

/// The sixteen colours of ANSI, by index.
pub(super) const ANSI: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];

type Rgb = (u8, u8, u8);

/// xterm's default values of the first sixteen; a terminal may paint them in its own way.
const FIRST: [Rgb; 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

/// What xterm paints for an index: sixteen colours, a cube of six steps a side, 24 greys.
fn rgb(index: u8) -> Rgb {
    let step = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
    match index {
        0..=15 => FIRST[usize::from(index)],
        16..=231 => {
            let n = index - 16;
            (step(n / 36), step(n / 6 % 6), step(n % 6))
        }
        232..=255 => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
    }
}

fn nearest(wanted: Rgb, among: std::ops::RangeInclusive<u8>) -> u8 {
    let first = *among.start();
    among.min_by_key(|index| distance(wanted, rgb(*index))).unwrap_or(first)
}

/// Squared distance, weighted for the eye by the mean red ("redmean", T. Riemersma, <https://www.compuphase.com/cmetric.htm>).
fn distance(a: Rgb, b: Rgb) -> i32 {
    let (r, g, blue) = (difference(a.0, b.0), difference(a.1, b.1), difference(a.2, b.2));
    let mean = i32::midpoint(i32::from(a.0), i32::from(b.0));
    (((512 + mean) * r * r) >> 8) + 4 * g * g + (((767 - mean) * blue * blue) >> 8)
}

fn difference(a: u8, b: u8) -> i32 {
    i32::from(a) - i32::from(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_declare_their_depth() {
        for (term, colorterm, expected) in [
            ("xterm-256color", "truecolor", Depth::True),
            ("xterm-256color", "24bit", Depth::True),
            ("xterm-direct", "", Depth::True),
            ("xterm-kitty", "", Depth::True),
            ("xterm-256color", "", Depth::Indexed),
            ("screen-256color", "yes", Depth::Indexed),
            ("xterm", "", Depth::Ansi16),
            ("linux", "", Depth::Ansi16),
            ("", "", Depth::Ansi16),
            ("dumb", "", Depth::Mono),
            ("vt100", "", Depth::Mono),
        ] {
            assert_eq!(Depth::of_terminal(term, colorterm), expected, "{term} {colorterm}");
        }
    }

    #[test]
    fn colours_become_the_nearest() {
        let red = Color::Rgb(250, 10, 5);
        for (depth, color, expected) in [
            (Depth::True, red, red),
            (Depth::Indexed, red, Color::Indexed(196)),
            (Depth::Indexed, Color::Rgb(18, 18, 18), Color::Indexed(233)),
            (Depth::Indexed, Color::Green, Color::Green),
            (Depth::Ansi16, red, Color::LightRed),
            (Depth::Ansi16, Color::Indexed(196), Color::LightRed),
            (Depth::Ansi16, Color::Indexed(2), Color::Green),
            (Depth::Ansi16, Color::Rgb(120, 125, 130), Color::DarkGray),
            (Depth::Ansi16, Color::Reset, Color::Reset),
            (Depth::Mono, red, Color::Reset),
        ] {
            assert_eq!(depth.nearest(color), expected, "{depth:?} {color:?}");
        }
    }

    #[test]
    fn xterms_own_colours_stay() {
        for index in 16..=255 {
            let (r, g, b) = rgb(index);
            let Color::Indexed(found) = Depth::Indexed.nearest(Color::Rgb(r, g, b)) else { panic!("indexed") };
            assert_eq!(rgb(found), (r, g, b), "{index}");
        }
    }
}
