//! What a magnetic stripe or chip says after a card's number: tracks 1 and 2 (ISO/IEC 7813), EMV's tags 56 and 57.

use regex::Captures;

use super::cards;
use super::secrets::{HIDDEN, Pattern, pattern, replace};

/// Characters of the number that stay in front, and at its end.
const ENDS: (usize, usize) = (6, 4);

static TRACK: Pattern =
    Pattern::new(|| pattern(r"([0-9]{13,19}|[0-9]{6}\*{3,9}[0-9]{4})(=|%3[Dd]|[Dd])([0-9]{4,})([0-9A-Fa-f]*)"));

/// Number, name, and what follows; the stripe's end sign stays. Where it is cut there is no second separator.
static NAMED: Pattern = Pattern::new(|| {
    pattern(
        r#"([0-9](?: ?[0-9]){12,18}|[0-9](?: ?[0-9]){5}(?: ?\*){3,9}(?: ?[0-9]){4})(\^|%5[Ee])(?:(?:[^\^%"\\?\r\n]|%[0-46-9A-Fa-f][0-9A-Fa-f]|%5[0-9A-DFa-df]|\\+/){2,40}(?:\^|%5[Ee])(?:[0-9A-Z /.*+-]{0,60}(\?)|[0-9A-Za-z*]*)|[^\s\^%"'\\?*,;&<>{}\[\]]{2,26})"#,
    )
});

/// Masks the number and everything behind its separator: `;4111111111111111=2512101…?`, and
/// `%B4111111111111111^DOE/JOHN^2512101…?`.
pub(super) fn mask(text: &str) -> Option<String> {
    let named = named(text);
    numbered(named.as_deref().unwrap_or(text)).or(named)
}

/// Track 1.
fn named(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let is_possible = memchr::memchr2_iter(b'^', b'%', bytes).any(|at| {
        let is_separator = bytes[at] == b'^' || bytes.get(at + 1) == Some(&b'5');
        is_separator && at.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_digit())
    });
    if !is_possible {
        return None;
    }
    replace(&NAMED, text, |found: &Captures<'_>| {
        let number = found.get(1)?;
        let is_whole = !text[..number.start()].ends_with(|before: char| before.is_ascii_digit());
        let is_masked = number.as_str().contains('*');
        if !is_whole || !(is_masked || cards::is_number(number.as_str())) {
            return None;
        }
        let count = number.as_str().bytes().filter(|it| *it != b' ').count();
        let mut place = 0;
        let shown = number.as_str().chars().map(|it| {
            place += usize::from(it != ' ');
            if it != ' ' && place > ENDS.0 && place + ENDS.1 <= count { '*' } else { it }
        });
        let shown: String = shown.collect();
        Some(format!("{shown}{}{HIDDEN}{}", &found[2], found.get(3).map_or("", |end| end.as_str())))
    })
}

/// Track 2.
fn numbered(text: &str) -> Option<String> {
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
            ("%B4111111111111111^DOE/JOHN^2512101?", "%B411111******1111^****?"),
            (
                "%B4111111111111111^DOE/JOHN Q. MR^25121010000000000 00123?;4111111111111111=2512101?",
                "%B411111******1111^****?;411111******1111=****?",
            ),
            (r#"{"t":"%B5555555555554444^DOE\/JOHN^2512","n":1}"#, r#"{"t":"%B555555******4444^****","n":1}"#),
            ("t=%25B5555555555554444%5EDOE%2FJO%20X%5E2512101%3F", "t=%25B555555******4444%5E****%3F"),
            ("B3782 822463 10005^DÖE/J^2512 ok", "B3782 82**** *0005^**** ok"),
            ("411111******1111^DOE/JOHN^2512 ok", "411111******1111^**** ok"),
            // Cut.
            ("%B4111111111111111^DOE/JO", "%B411111******1111^****"),
            (r#"{"t":";5555555555554444\u003d251210?"}"#, r#"{"t":";555555******4444=****?"}"#),
        ];
        for (text, masked) in cases {
            assert_eq!(Masks::default().mask(text), masked, "{text}");
            assert_eq!(Masks::default().mask(masked), masked, "{text}");
        }
        for text in [
            "a=4111111111111112=2512101",
            "x4111111111111111d25",
            "1234567890123=4567 n=1=2",
            "B4111111111111112^DOE/JOHN^2512",
            "2^10",
        ] {
            assert_eq!(Masks::default().mask(text), text);
        }
    }
}
