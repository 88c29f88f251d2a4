//! The clipboard of the terminal by OSC 52, which works over SSH.
//!
//! Sources: xterm's "Control Sequences" (`Ps = 5 2`); for tmux its manual, `set-clipboard` and `allow-passthrough`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::multiplexer::Multiplexer;

/// The most bytes that are copied: no more of them fit the 100,000 bytes of a sequence that Chromium OS's hterm takes
/// (`OSC_52_MAX_SEQUENCE` in its `osc52.sh`), the least of what terminals document. xterm and iTerm2 take more, kitty 8 MB.
pub const MOST_BYTES: usize = 74_994;

/// The bytes that put a text on the clipboard. Whatever the text is, between the ends of the sequence stands base64.
///
/// tmux takes the plain sequence where `set-clipboard` is `on`, and passes on the wrapped one where `allow-passthrough`
/// is: which of them nobody can tell from inside, so it gets both. One says what the other says.
pub fn sequence(text: &str, inside: Multiplexer) -> String {
    let plain = format!("\x1b]52;c;{}\x07", STANDARD.encode(text));
    match inside {
        Multiplexer::None => plain,
        Multiplexer::Screen => inside.wrapped(&plain),
        Multiplexer::Tmux => format!("{plain}{}", inside.wrapped(&plain)),
    }
}

/// As much of a text as a terminal takes, whole characters.
pub fn fitting(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST_BYTES)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_multiplexer_gets_what_it_passes_on() {
        assert_eq!(sequence("héllo", Multiplexer::None), "\x1b]52;c;aMOpbGxv\x07");
        assert_eq!(sequence("x", Multiplexer::Tmux), "\x1b]52;c;eA==\x07\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\");
        assert_eq!(sequence("x", Multiplexer::Screen), "\x1bP\x1b]52;c;eA==\x07\x1b\\");
    }

    #[test]
    fn what_fits_is_cut_between_characters() {
        assert_eq!(fitting("short"), "short");
        let long = "日".repeat(30_000);
        assert_eq!(fitting(&long).len(), MOST_BYTES, "three bytes each");
        let long = format!("x{long}");
        assert_eq!(fitting(&long).len(), MOST_BYTES - 2);
        let most = sequence(&"x".repeat(MOST_BYTES), Multiplexer::None);
        assert!(most.len() <= 100_000 && most.len() > 99_990, "{}", most.len());
    }

    proptest! {
        #[test]
        fn no_text_ends_the_sequence(text in prop_oneof![any::<String>(), "[\\x00-\\x1f\\x7f-\\u{9f};\\\\\\]]{0,999}"]) {
            let payload = |sequence: &str| {
                let inner = sequence.strip_prefix("\x1b]52;c;").and_then(|rest| rest.strip_suffix('\x07'));
                inner.map(|inner| STANDARD.decode(inner))
            };
            let bytes = Some(Ok(text.as_bytes().to_vec()));
            prop_assert_eq!(payload(&sequence(&text, Multiplexer::None)), bytes.clone());
            let tmux = sequence(&text, Multiplexer::Tmux);
            let (plain, wrapped) = tmux.split_once("\x1bPtmux;").expect("both");
            prop_assert_eq!(payload(plain), bytes.clone());
            let wrapped = wrapped.strip_suffix("\x1b\\").expect("an end").replace("\x1b\x1b", "\x1b");
            prop_assert_eq!(payload(&wrapped), bytes.clone());
            let screen = sequence(&text, Multiplexer::Screen);
            let pieces = screen.split_terminator("\x1b\\").map(|piece| piece.strip_prefix("\x1bP").expect("a start"));
            prop_assert_eq!(payload(&pieces.collect::<String>()), bytes);
        }
    }
}
