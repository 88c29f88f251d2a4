//! Colours by name: `#rrggbb`, ANSI's sixteen, xterm's index, the terminal's own.

use ratatui::style::Color;

use super::depth::ANSI;

/// ANSI's names by index; the bright ones are also called `light-…`.
const NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

/// Every name that is not a number, for suggestions.
pub(super) fn names<'a>() -> impl Iterator<Item = &'a str> {
    NAMES.into_iter().chain(["default", "gray"])
}

/// The colour of a name, `None` for what is none.
pub(super) fn parse(name: &str) -> Option<Color> {
    if let Some(digits) = name.strip_prefix('#') {
        return hex(digits);
    }
    if let Ok(index) = name.parse::<u8>() {
        return Some(Color::Indexed(index));
    }
    match name {
        "default" => return Some(Color::Reset),
        "gray" | "grey" | "dark-gray" | "dark-grey" => return Some(Color::DarkGray),
        _ => {}
    }
    let name = name.strip_prefix("light-").map_or_else(|| name.to_owned(), |rest| format!("bright-{rest}"));
    let index = NAMES.iter().position(|known| *known == name)?;
    Some(ANSI[index])
}

fn hex(digits: &str) -> Option<Color> {
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some(Color::Rgb(part(0)?, part(2)?, part(4)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_colours() {
        for (name, expected) in [
            ("#1a2B3c", Some(Color::Rgb(0x1a, 0x2b, 0x3c))),
            ("red", Some(Color::Red)),
            ("white", Some(Color::Gray)),
            ("bright-white", Some(Color::White)),
            ("light-red", Some(Color::LightRed)),
            ("gray", Some(Color::DarkGray)),
            ("208", Some(Color::Indexed(208))),
            ("default", Some(Color::Reset)),
            ("256", None),
            ("#12345", None),
            ("#1234567", None),
            ("#12345g", None),
            ("#äöü", None),
            ("#+12345", None),
            ("", None),
            ("rde", None),
        ] {
            assert_eq!(parse(name), expected, "{name}");
        }
    }
}
