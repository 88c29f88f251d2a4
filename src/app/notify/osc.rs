//! Desktop notices by way of the terminal: OSC 9, OSC 777 and OSC 99.
//!
//! Sources: OSC 9 as iTerm2 documents it ("Proprietary escape codes"), OSC 777 as rxvt-unicode's `notify` extension and
//! VTE take it, OSC 99 as kitty specifies it ("Desktop notifications"). Nobody answers: a terminal that does not know a
//! sequence ignores it.

use crate::app::multiplexer::Multiplexer;
use crate::config::Desktop;
use crate::text::visible;

const ESC: char = '\x1b';
const BEL: &str = "\x07";
const ST: &str = "\x1b\\";

/// The bytes of a desktop notice, empty where none is wanted. Nothing in title or text can end the sequence early or
/// begin another: every control character becomes visible first.
pub fn sequence(desktop: Desktop, title: &str, text: &str, inside: Multiplexer) -> String {
    let (title, text) = (plain(title), plain(text));
    match desktop {
        Desktop::Off => String::new(),
        Desktop::Osc9 => inside.wrapped(&format!("{ESC}]9;baro: {title}: {text}{BEL}")),
        Desktop::Osc777 => {
            // The fields are told apart by semicolons.
            let title = title.replace(';', ",");
            inside.wrapped(&format!("{ESC}]777;notify;baro: {title};{text}{BEL}"))
        }
        Desktop::Osc99 => {
            // Screen would take the ST of the sequence for the end of its envelope.
            let end = if inside == Multiplexer::Screen { BEL } else { ST };
            let title = inside.wrapped(&format!("{ESC}]99;i=baro:d=0;baro: {title}{end}"));
            let text = inside.wrapped(&format!("{ESC}]99;i=baro:d=1:p=body;{text}{end}"));
            title + &text
        }
    }
}

/// Text without a control character: [`visible()`] has shown all of them, this makes sure.
fn plain(text: &str) -> String {
    visible(text).chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_terminal_gets_its_own() {
        let one = |desktop, inside| sequence(desktop, "▲ a;b", "c;d", inside);
        for (desktop, inside, expected) in [
            (Desktop::Off, Multiplexer::Tmux, ""),
            (Desktop::Osc9, Multiplexer::None, "\x1b]9;baro: ▲ a;b: c;d\x07"),
            (Desktop::Osc777, Multiplexer::None, "\x1b]777;notify;baro: ▲ a,b;c;d\x07"),
            (
                Desktop::Osc99,
                Multiplexer::None,
                "\x1b]99;i=baro:d=0;baro: ▲ a;b\x1b\\\x1b]99;i=baro:d=1:p=body;c;d\x1b\\",
            ),
            (Desktop::Osc9, Multiplexer::Tmux, "\x1bPtmux;\x1b\x1b]9;baro: ▲ a;b: c;d\x07\x1b\\"),
            (Desktop::Osc9, Multiplexer::Screen, "\x1bP\x1b]9;baro: ▲ a;b: c;d\x07\x1b\\"),
            (
                Desktop::Osc99,
                Multiplexer::Screen,
                "\x1bP\x1b]99;i=baro:d=0;baro: ▲ a;b\x07\x1b\\\x1bP\x1b]99;i=baro:d=1:p=body;c;d\x07\x1b\\",
            ),
        ] {
            assert_eq!(one(desktop, inside), expected, "{desktop:?} {inside:?}");
        }
    }

    /// The control characters of a sequence, in order.
    fn controls(text: &str) -> String {
        text.chars().filter(|c| c.is_control()).collect()
    }

    proptest! {
        #[test]
        fn no_text_breaks_out(title in any::<String>(), text in "[\\x00-\\x1f\\x7f-\\u{9f};\\\\a-c\\]]{0,40}") {
            for desktop in [Desktop::Osc9, Desktop::Osc777, Desktop::Osc99] {
                for inside in [Multiplexer::None, Multiplexer::Tmux, Multiplexer::Screen] {
                    let found = sequence(desktop, &title, &text, inside);
                    let harmless = sequence(desktop, "title", "text", inside);
                    prop_assert_eq!(controls(&found), controls(&harmless));
                }
            }
        }
    }
}
