//! What a magnetic stripe or chip says after a card's number: track 2 (ISO/IEC 7813), EMV's tag 57.

use regex::Captures;

use super::cards;
use super::secrets::{HIDDEN, Pattern, pattern, replace};

/// Characters of the number that stay in front, and at its end.
const ENDS: (usize, usize) = (6, 4);

static TRACK: Pattern =
    Pattern::new(|| pattern(r"([0-9]{13,19}|[0-9]{6}\*{3,9}[0-9]{4})(=|%3[Dd]|[Dd])([0-9]{4,})([0-9A-Fa-f]*)"));

/// Masks the number and everything behind its separator: `;4111111111111111=2512101…?`.
pub(super) fn mask(text: &str) -> Option<String> {
    // A number, a separator, a number: hardly any text has that.
    let is_possible = text.as_bytes().windows(3).any(|it| {
        matches!(it, [before, b'=' | b'%' | b'D' | b'd', after] if before.is_ascii_digit() && after.is_ascii_digit())
    });
    if !is_possible {
        return None;
    }
    replace(&TRACK, text, |found: &Captures<'_>| {
        let number = found.get(1)?;
        let before = text[..number.start()].bytes().next_back();
        let is_masked = number.as_str().contains('*');
        let is_letter = found[2].eq_ignore_ascii_case("d");
        let touches = |byte: u8| byte.is_ascii_digit() || (is_letter && byte.is_ascii_alphabetic());
        let is_whole = !before.is_some_and(touches);
        // A letter stands in hexadecimal ids too: those are longer or shorter than expiry and service code.
        if !is_whole || !(is_masked || cards::is_number(number.as_str())) || (is_letter && found[3].len() < 7) {
            return None;
        }
        let (head, tail) = (ENDS.0, number.len() - ENDS.1);
        let shown = &number.as_str();
        let stars = "*".repeat(tail - head);
        Some(format!("{}{stars}{}{}{HIDDEN}", &shown[..head], &shown[tail..], &found[2]))
    })
}

#[cfg(test)]
mod tests {
    use crate::text::mask::Masks;

    #[test]
    fn what_follows_the_number_is_hidden() {
        let cases = [
            (";4111111111111111=25121010000012345678?", ";411111******1111=****?"),
            ("track2=4111111111111111D25121010000012345678F ok", "track2=411111******1111D**** ok"),
            ("411111******1111=2512101123400001230", "411111******1111=****"),
            ("t=5555555555554444%3D2512", "t=555555******4444%3D****"),
            (r#"{"t":";5555555555554444\u003d251210?"}"#, r#"{"t":";555555******4444=****?"}"#),
        ];
        for (text, masked) in cases {
            assert_eq!(Masks::default().mask(text), masked, "{text}");
            assert_eq!(Masks::default().mask(masked), masked, "{text}");
        }
        for text in ["a=4111111111111112=2512101", "x4111111111111111d25", "1234567890123=4567 n=1=2"] {
            assert_eq!(Masks::default().mask(text), text);
        }
    }
}
