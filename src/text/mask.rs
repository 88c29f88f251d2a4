//! Card numbers, masked.

use std::borrow::Cow;
use std::ops::Range;

const SHORTEST: usize = 13;
const LONGEST: usize = 19;

/// Masks card numbers: the first six and last four digits stay, the others become `*`; separators and length stay.
///
/// A card number is 13 to 19 digits, perhaps with one space, dash or dot between any two of them, that
///
/// - pass the Luhn check (ISO/IEC 7812-1, annex B),
/// - begin as an issuer's numbers do (first digits 2 to 6) and have a length which that issuer uses; so times in
///   milliseconds, which begin with 1, are no card numbers,
/// - are whole: no digit touches them on either side, and they are not the digits of a decimal number (`4.12…`),
/// - are not part of a hexadecimal id: letters that touch them are not all `a` to `f`.
///
/// It looks into JSON strings and numbers alike. What it leaves holds nothing more to mask.
pub fn mask(text: &str) -> Cow<'_, str> {
    let Some(mut masked) = mask_once(text) else { return Cow::Borrowed(text) };
    while let Some(again) = mask_once(&masked) {
        masked = again;
    }
    Cow::Owned(masked)
}

/// One pass from left to right, or `None` where there is nothing to mask.
fn mask_once(text: &str) -> Option<String> {
    if text.bytes().filter(u8::is_ascii_digit).count() < SHORTEST {
        return None;
    }
    let hidden: Vec<usize> = chains(text).iter().flat_map(|chain| hidden_digits(text, chain)).collect();
    if hidden.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for at in hidden {
        out.push_str(&text[from..at]);
        out.push('*');
        from = at + 1;
    }
    out.push_str(&text[from..]);
    Some(out)
}

/// Runs of digits in the text, those with single separators between them together in one chain.
fn chains(text: &str) -> Vec<Vec<Range<usize>>> {
    let bytes = text.as_bytes();
    let mut chains: Vec<Vec<Range<usize>>> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"\\u") && bytes.get(at + 2..at + 6).is_some_and(is_hex) {
            at += 6;
            continue;
        }
        let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length == 0 {
            at += 1;
            continue;
        }
        let run = at..at + length;
        at = run.end;
        match chains.last_mut() {
            Some(chain) if chain.last().is_some_and(|last| is_separator(&text[last.end..run.start])) => chain.push(run),
            _ => chains.push(vec![run]),
        }
    }
    chains.retain(|chain| digits(chain) >= SHORTEST);
    chains
}

fn is_hex(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_hexdigit)
}

/// Whether the text between two runs of digits is one space, dash or dot, in any of their typographic forms.
fn is_separator(between: &str) -> bool {
    let mut characters = between.chars();
    let (Some(only), None) = (characters.next(), characters.next()) else { return false };
    matches!(only, ' ' | '-' | '.' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn digits(runs: &[Range<usize>]) -> usize {
    runs.iter().map(ExactSizeIterator::len).sum()
}

/// The positions to mask in one chain.
fn hidden_digits(text: &str, chain: &[Range<usize>]) -> Vec<usize> {
    let mut hidden = Vec::new();
    let mut from = 0;
    while from < chain.len() {
        let card = (from + 1..=chain.len()).take_while(|&to| digits(&chain[from..to]) <= LONGEST);
        let card = card.filter(|&to| is_card(text, chain, from..to)).last();
        let Some(to) = card else {
            from += 1;
            continue;
        };
        let places: Vec<usize> = chain[from..to].iter().cloned().flatten().collect();
        hidden.extend_from_slice(&places[6..places.len() - 4]);
        from = to;
    }
    hidden
}

fn is_card(text: &str, chain: &[Range<usize>], window: Range<usize>) -> bool {
    let runs = &chain[window.clone()];
    let number: Vec<u8> = runs.iter().flat_map(|run| text[run.clone()].bytes().map(|byte| byte - b'0')).collect();
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
fn is_decimal(text: &str, chain: &[Range<usize>], window: &Range<usize>) -> bool {
    let point = |before: usize| text[chain[before].end..].starts_with('.');
    match window.len() {
        1 => window.start > 0 && point(window.start - 1),
        2 => point(window.start),
        _ => false,
    }
}

/// Whether the letters that touch the digits make them a hexadecimal id.
fn is_hexadecimal(text: &str, runs: &[Range<usize>]) -> bool {
    let (Some(first), Some(last)) = (runs.first(), runs.last()) else { return false };
    let (before, after) = (&text.as_bytes()[..first.start], &text.as_bytes()[last.end..]);
    let before = &before[before.len() - before.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count()..];
    let after = &after[..after.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()];
    // The letter of a JSON escape such as `\b` is no letter of the text.
    let escape = before.len() == 1 && text[..first.start - 1].ends_with('\\');
    (!before.is_empty() && !escape && is_hex(before)) || (!after.is_empty() && is_hex(after))
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
        ];
        for (text, masked) in cases {
            assert_eq!(mask(text), masked, "{text}");
            assert_eq!(mask(masked), masked, "{text}");
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
            assert!(matches!(mask(text), Cow::Borrowed(_)), "{text} -> {}", mask(text));
        }
    }
}
