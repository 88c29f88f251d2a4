//! Card numbers, masked.

use std::ops::Range;

const SHORTEST: usize = 13;
const LONGEST: usize = 19;

/// Masks card numbers: the first six and last four digits stay, the others become `*`; separators stay.
///
/// A card number is 13 to 19 digits, perhaps with up to three separators (space, dash, dot, underscore, slash, colon, plus,
/// bar, `%20`, or the JSON escape of a tab or line end) between any two of them, that
///
/// - pass the Luhn check (ISO/IEC 7812-1, annex B),
/// - begin as an issuer's numbers do (first digits 2 to 6) and have a length which that issuer uses; so times in
///   milliseconds, which begin with 1, are no card numbers,
/// - are whole: no digit touches them on either side, and they are not the digits of a decimal number (`4.12…`),
/// - are not part of a hexadecimal id: letters that touch them are not all `a` to `f`.
///
/// It looks into JSON strings and numbers alike, and reads digits that are written in full width. What it leaves holds
/// nothing more to mask.
pub(super) fn mask(text: &str) -> Option<String> {
    let mut masked = mask_once(text)?;
    while let Some(again) = mask_once(&masked) {
        masked = again;
    }
    Some(masked)
}

/// Digits that touch one another.
#[derive(Debug)]
struct Run {
    /// Where they stand in the text.
    range: Range<usize>,
    digits: Vec<Digit>,
}

#[derive(Debug)]
struct Digit {
    value: u8,
    range: Range<usize>,
}

/// What stands at a place of the text, by the meaning of its JSON escapes.
enum Glyph {
    Digit(u8),
    Separator(Separator),
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Point,
    Blank,
}

/// One pass from left to right, or `None` where there is nothing to mask.
fn mask_once(text: &str) -> Option<String> {
    if text.len() < SHORTEST || !has_enough_digits(text) {
        return None;
    }
    let hidden: Vec<Range<usize>> = chains(text).iter().flat_map(|chain| hidden_digits(text, chain)).collect();
    if hidden.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for range in hidden {
        out.push_str(&text[from..range.start]);
        out.push('*');
        from = range.end;
    }
    out.push_str(&text[from..]);
    Some(out)
}

/// Whether there may be enough digits for a card number; an escaped or wide digit counts by its last byte.
fn has_enough_digits(text: &str) -> bool {
    let digits = text.bytes().filter(|byte| byte.is_ascii_digit() || (0x90..=0x99).contains(byte)).count();
    digits >= SHORTEST
}

/// Runs of digits in the text, those with nothing but separators between them together in one chain.
fn chains(text: &str) -> Vec<Vec<Run>> {
    let mut chains: Vec<Vec<Run>> = Vec::new();
    let mut between: Vec<Separator> = Vec::new();
    let mut broken = true;
    let mut at = 0;
    while at < text.len() {
        let (glyph, length) = glyph(text, at);
        let range = at..at + length;
        at = range.end;
        match glyph {
            Glyph::Digit(value) => {
                let digit = Digit { value, range: range.clone() };
                match chains.last_mut().filter(|_| !broken) {
                    Some(chain) => match chain.last_mut() {
                        Some(run) if run.range.end == range.start => {
                            run.range.end = range.end;
                            run.digits.push(digit);
                        }
                        _ => chain.push(Run { range, digits: vec![digit] }),
                    },
                    None => chains.push(vec![Run { range, digits: vec![digit] }]),
                }
                between.clear();
                broken = false;
            }
            Glyph::Separator(separator) => {
                between.push(separator);
                broken |= between.len() > 3 || (between.len() > 1 && between.contains(&Separator::Point));
            }
            Glyph::Other => broken = true,
        }
    }
    chains.retain(|chain| count(chain) >= SHORTEST);
    chains
}

/// The glyph at a byte, and how many bytes it takes.
fn glyph(text: &str, at: usize) -> (Glyph, usize) {
    let bytes = &text.as_bytes()[at..];
    match bytes[0] {
        digit @ b'0'..=b'9' => (Glyph::Digit(digit - b'0'), 1),
        b'\\' => escape(bytes),
        b'%' if bytes.starts_with(b"%20") => (Glyph::Separator(Separator::Blank), 3),
        byte if byte.is_ascii() => (plain(char::from(byte)), 1),
        _ => {
            let character = text[at..].chars().next().unwrap_or_default();
            (plain(character), character.len_utf8().max(1))
        }
    }
}

/// What a JSON escape means; inside a string of JSON within JSON its backslash is doubled.
fn escape(bytes: &[u8]) -> (Glyph, usize) {
    let slashes = bytes.iter().take_while(|byte| **byte == b'\\').count();
    match bytes.get(slashes) {
        Some(b'u') => {
            let digits = bytes.get(slashes + 1..slashes + 5).and_then(|digits| std::str::from_utf8(digits).ok());
            match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32) {
                Some(character) => (plain(character), slashes + 5),
                None => (Glyph::Other, slashes),
            }
        }
        Some(b't' | b'n' | b'r') => (Glyph::Separator(Separator::Blank), slashes + 1),
        // The letter of an escape such as `\b` is no letter of the text.
        Some(b'b' | b'f') => (Glyph::Other, slashes + 1),
        _ => (Glyph::Other, slashes),
    }
}

/// What a character is, in any of its typographic forms.
fn plain(character: char) -> Glyph {
    match character {
        '0'..='9' => Glyph::Digit(character as u8 - b'0'),
        '\u{ff10}'..='\u{ff19}' => Glyph::Digit((u32::from(character) - 0xff10) as u8),
        '.' => Glyph::Separator(Separator::Point),
        ' '
        | '-'
        | '_'
        | '/'
        | ':'
        | '+'
        | '|'
        | '\t'
        | '\u{a0}'
        | '\u{2000}'..='\u{200a}'
        | '\u{202f}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2212}' => Glyph::Separator(Separator::Blank),
        _ => Glyph::Other,
    }
}

fn count(runs: &[Run]) -> usize {
    runs.iter().map(|run| run.digits.len()).sum()
}

/// The places to mask in one chain.
fn hidden_digits(text: &str, chain: &[Run]) -> Vec<Range<usize>> {
    let mut hidden = Vec::new();
    let mut from = 0;
    while from < chain.len() {
        let card = (from + 1..=chain.len()).take_while(|&to| count(&chain[from..to]) <= LONGEST);
        let card = card.filter(|&to| is_card(text, chain, from..to)).last();
        let Some(to) = card else {
            from += 1;
            continue;
        };
        let places: Vec<_> =
            chain[from..to].iter().flat_map(|run| &run.digits).map(|digit| digit.range.clone()).collect();
        hidden.extend_from_slice(&places[6..places.len() - 4]);
        from = to;
    }
    hidden
}

fn is_card(text: &str, chain: &[Run], window: Range<usize>) -> bool {
    let runs = &chain[window.clone()];
    let number: Vec<u8> = runs.iter().flat_map(|run| &run.digits).map(|digit| digit.value).collect();
    number.len() >= SHORTEST
        && is_issued(&number)
        && passes_luhn(&number)
        && !is_decimal(text, chain, &window)
        && !is_hexadecimal(text, runs)
}

/// Whether an issuer's numbers begin like this and have this length.
fn is_issued(number: &[u8]) -> bool {
    let head = |count: usize| number.iter().take(count).fold(0, |sum, &digit| sum * 10 + u32::from(digit));
    let length = number.len();
    match head(2) {
        // Mir 2200–2204; Mastercard 2221–2720.
        20..=27 => match head(4) {
            2200..=2204 => length >= 16,
            2221..=2720 => length == 16,
            _ => false,
        },
        // Diners Club 300–305, 309, 36, 38, 39; American Express 34, 37; JCB 3528–3589.
        30 => length >= 14 && matches!(head(3), 300..=305 | 309),
        36 | 38 | 39 => length >= 14,
        34 | 37 => length == 15,
        35 => length >= 16 && (3528..=3589).contains(&head(4)),
        51..=55 => length == 16,
        // Visa (16 digits, 13 and 19 in the standard); Maestro, RuPay and Verve; Discover and UnionPay among 6….
        40..=50 | 56..=69 => true,
        _ => false,
    }
}

/// Whether digits are a card's number.
pub(super) fn is_number(digits: &str) -> bool {
    let digits: Vec<u8> = digits.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect();
    digits.len() >= SHORTEST && is_issued(&digits) && passes_luhn(&digits)
}

fn passes_luhn(number: &[u8]) -> bool {
    let sum: u32 = number
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match (place % 2, u32::from(digit)) {
            (0, digit) => digit,
            (_, digit) => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether the digits are those of a decimal number: `4.123456789012345`, or what stands after its point.
fn is_decimal(text: &str, chain: &[Run], window: &Range<usize>) -> bool {
    let point = |before: usize| text[chain[before].range.end..].starts_with('.');
    match window.len() {
        1 => window.start > 0 && point(window.start - 1),
        2 => point(window.start),
        _ => false,
    }
}

/// Whether the letters that touch the digits make them a hexadecimal id.
fn is_hexadecimal(text: &str, runs: &[Run]) -> bool {
    let (Some(first), Some(last)) = (runs.first(), runs.last()) else { return false };
    let (before, after) = (&text.as_bytes()[..first.range.start], &text.as_bytes()[last.range.end..]);
    let before = &before[before.len() - before.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count()..];
    let after = &after[..after.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()];
    // The letter of a JSON escape such as `\b` is no letter of the text.
    let escape = before.len() == 1 && text[..first.range.start - 1].ends_with('\\');
    (!before.is_empty() && !escape && is_hex(before)) || (!after.is_empty() && is_hex(after))
}

fn is_hex(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_are_masked() {
        let cases = [
            ("4111111111111111", "411111******1111"),
            (r#"{"pan":"4111 1111 1111 1111"}"#, r#"{"pan":"4111 11** **** 1111"}"#),
            (r#"{"pan":5555555555554444,"a":1}"#, r#"{"pan":555555******4444,"a":1}"#),
            ("3782-822463-10005", "3782-82****-*0005"),
            ("30569309025904", "305693****5904"),
            ("6011.1111.1111.1117", "6011.11**.****.1117"),
            ("3530111333300000", "353011******0000"),
            ("2223003122003222", "222300******3222"),
            ("6304000000000000", "630400******0000"),
            ("4222222222222", "422222***2222"),
            ("card4111111111111111", "card411111******1111"),
            (r"\n4111111111111111", r"\n411111******1111"),
            (r"\b4111111111111111\f", r"\b411111******1111\f"),
            (r"\u00204111111111111111", r"\u0020411111******1111"),
            ("4111\u{a0}1111\u{2011}1111 1111", "4111\u{a0}11**\u{2011}**** 1111"),
            ("2026-01-15 4111 1111 1111 1111", "2026-01-15 4111 11** **** 1111"),
            ("4111111111111111 5555555555554444", "411111******1111 555555******4444"),
            ("4111111111111111.0", "411111******1111.0"),
            ("4111 - 1111/1111:1111", "4111 - 11**/****:1111"),
            ("pan=4111%201111%201111%201111", "pan=4111%2011**%20****%201111"),
            ("4111  1111_1111 -1111", "4111  11**_**** -1111"),
            (r"4111\t1111\n1111\\t1111", r"4111\t11**\n****\\t1111"),
            (r"4111\u00a01111\\u20111111 1111", r"4111\u00a011**\\u2011**** 1111"),
            ("４１１１１１１１１１１１１１１１", "４１１１１１******１１１１"),
        ];
        for (text, masked) in cases {
            assert_eq!(mask(text).as_deref(), Some(masked), "{text}");
            assert_eq!(mask(masked), None, "{text}");
        }
    }

    #[test]
    fn other_numbers_stay() {
        let cases = [
            "4111111111111112",
            "14111111111111111",
            "41111111111111110000",
            "1736936887004 1736936887012 1736936887020",
            "0.4111111111111111 4.111111111111111",
            "a4111111111111111f 4111111111111111cafe",
            "550e8400-e29b-41d4-a716-446655440000",
            "4111,1111,1111,1111",
            "10.0.3.14 - - [15/Jan/2026:10:28:07 +0000]",
            "*4111*1111*1111*1111*",
        ];
        for text in cases {
            assert_eq!(mask(text), None, "{text}");
        }
    }
}
