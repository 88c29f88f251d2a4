//! What stands between the program and the terminal, and how a sequence gets through it.

use crate::config::Environment;

const ESC: char = '\x1b';
const ST: &str = "\x1b\\";
/// The most bytes of a string that every GNU Screen passes on, its envelope included: 256 up to 4.0.3, 512 up to 4.2.0,
/// 768 since (the history is told in `hterm/etc/osc52.sh` of Chromium OS).
const SCREEN_STRING: usize = 256;

/// What stands between the program and the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Multiplexer {
    /// Nothing.
    #[default]
    None,
    /// tmux, which passes a sequence on where `allow-passthrough` is on.
    Tmux,
    /// GNU Screen.
    Screen,
}

impl Multiplexer {
    /// The one that the program runs in: by `$TMUX` and `$STY`, which they set.
    pub const fn of(env: &Environment) -> Self {
        match (env.tmux, env.screen) {
            (true, _) => Self::Tmux,
            (false, true) => Self::Screen,
            (false, false) => Self::None,
        }
    }

    /// A sequence as it reaches the terminal through it. Through Screen it must not have an ST, which would end the
    /// envelope: let it end in BEL.
    pub fn wrapped(self, sequence: &str) -> String {
        match self {
            Self::None => sequence.to_owned(),
            // Within the envelope of tmux every ESC is doubled.
            Self::Tmux => format!("{ESC}Ptmux;{}{ST}", sequence.replace(ESC, "\x1b\x1b")),
            Self::Screen => {
                pieces(sequence, SCREEN_STRING - 4).fold(String::new(), |out, piece| out + "\x1bP" + piece + ST)
            }
        }
    }
}

/// A text in pieces of at most so many bytes.
fn pieces(text: &str, most: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest.floor_char_boundary(most);
        let (piece, after) = rest.split_at(end);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_what_stands_between() {
        let env = |tmux, screen| Environment { tmux, screen, ..Environment::default() };
        assert_eq!(Multiplexer::of(&env(true, true)), Multiplexer::Tmux);
        assert_eq!(Multiplexer::of(&env(false, true)), Multiplexer::Screen);
        assert_eq!(Multiplexer::of(&env(false, false)), Multiplexer::None);
    }

    #[test]
    fn screen_gets_strings_that_it_takes() {
        let sequence = format!("\x1b]9;{}\x07", "ü".repeat(400));
        let wrapped = Multiplexer::Screen.wrapped(&sequence);
        let parts: Vec<&str> = wrapped.split_inclusive("\x1b\\").collect();
        assert!(parts.len() > 3 && parts.iter().all(|part| part.len() <= 256 && part.starts_with("\x1bP")));
        let joined: String = parts.iter().map(|part| part[2..].trim_end_matches("\x1b\\")).collect();
        assert_eq!(joined, sequence);
    }
}
