//! Whatever goes in, what `text` gives out is safe to show.

use std::path::PathBuf;

use barograph::text::{self, Align};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// A file of the collection of real data, or `None`, with a word about it, where there is none.
pub(crate) fn real_data(path: &str) -> Option<String> {
    let root = std::env::var_os("BARO_REAL_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let file = root.join(path);
    let text = std::fs::read_to_string(&file).ok();
    if text.is_none() {
        eprintln!("skipped: no {}", file.display());
    }
    text
}

/// Whether a character must never reach a terminal, by a list that is not the library's.
pub(crate) fn is_forbidden(character: char) -> bool {
    matches!(u32::from(character),
        0..=0x1f | 0x7f..=0x9f | 0xad | 0x61c | 0x180e | 0x200b | 0x200c | 0x200e | 0x200f | 0x2028..=0x202e
        | 0x2060..=0x206f | 0xfe00..=0xfe0e | 0xfeff | 0xfff9..=0xfffb | 0xe000..=0xf8ff
        | 0xe0000..=0xe0fff | 0xf_0000..=0x10_ffff)
        || u32::from(character) & 0xfffe == 0xfffe
}

fn check(raw: &str) {
    let shown = text::clean(raw);
    assert!(!shown.contains(is_forbidden), "{raw:?} -> {shown:?}");
    assert_eq!(text::clean(&shown), shown, "a second time changes {raw:?}");
    for line in text::clean_lines(raw) {
        assert!(!line.contains(is_forbidden), "{raw:?} -> {line:?}");
    }
    for cells in [0, 1, 2, 7, 80] {
        assert!(text::width(&text::truncate(&shown, cells)) <= cells, "{shown:?} in {cells}");
        assert_eq!(text::width(&text::pad(&shown, cells, Align::Center)), cells, "{shown:?} in {cells}");
    }
}

/// The cells that ratatui gives a text.
fn placed(text: &str) -> usize {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 4000, 1));
    usize::from(buffer.set_stringn(0, 0, text, 4000, Style::new()).0)
}

#[test]
fn naughty_strings_are_tamed() {
    let Some(json) = real_data("terminal/blns.json") else { return };
    let strings: Vec<String> = serde_json::from_str(&json).expect("a list of strings");
    assert!(strings.len() > 400);
    for raw in strings {
        check(&raw);
        assert_eq!(text::width(&text::clean(&raw)), placed(&text::clean(&raw)), "{raw:?}");
    }
}

/// Text in which the awkward characters are common.
fn awkward() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        "[0-9]{1,19}",
        "[ -~]{0,8}",
        prop::sample::select(vec![
            "\u{1b}]0;title\u{7}",
            "\u{9b}2J",
            "\r\n",
            "\u{202e}",
            "\u{200b}",
            "\u{200d}",
            "\u{fe0f}",
            "\u{20e3}",
            "\u{301}",
            "👩",
            "🏽",
            "🚀",
            "🇩🇪",
            "日本",
            "ｶﾞ",
            "\u{e0041}",
            "\u{ad}",
            "4111 1111 1111 1111",
            "*",
            "-",
            ".",
            " ",
        ])
        .prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// A number of an issuer's that passes the Luhn check.
fn card() -> impl Strategy<Value = String> {
    let form = prop::sample::select(vec![
        ("4", 13),
        ("4", 16),
        ("4", 19),
        ("51", 16),
        ("2221", 16),
        ("37", 15),
        ("3056", 14),
        ("6011", 16),
    ]);
    (form, prop::collection::vec(0u32..10, 19)).prop_map(|((prefix, length), filler)| {
        let mut digits: Vec<u32> = prefix.chars().filter_map(|digit| digit.to_digit(10)).collect();
        digits.extend(filler.into_iter().take(length - 1 - digits.len()));
        let doubled =
            |(place, digit): (usize, &u32)| if place % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { *digit };
        let sum: u32 = digits.iter().rev().enumerate().map(doubled).sum();
        digits.push((10 - sum % 10) % 10);
        digits.into_iter().filter_map(|digit| char::from_digit(digit, 10)).collect()
    })
}

/// What the escapes of a text stand for, however many backslashes they have.
#[expect(clippy::expect_used, reason = "the pattern is right")]
fn unescaped(text: &str) -> String {
    let escape = regex::Regex::new(r"\\+u([0-9a-fA-F]{4})").expect("a pattern");
    let character = |found: &regex::Captures<'_>| {
        let code = u32::from_str_radix(&found[1], 16).ok().and_then(char::from_u32);
        code.map(String::from).unwrap_or_default()
    };
    escape.replace_all(text, character).into_owned()
}

proptest! {
    #[test]
    fn anything_is_safe_to_show(raw in any::<String>()) {
        check(&raw);
    }

    #[test]
    fn awkward_text_is_safe_to_show(raw in awkward()) {
        check(&raw);
        let shown = text::clean(&raw);
        prop_assert_eq!(text::width(&shown), placed(&shown));
        prop_assert!(!text::visible(&raw).contains(is_forbidden));
    }

    #[test]
    fn cards_are_masked_whatever_separates_their_digits(
        number in card(),
        separators in prop::collection::vec(prop::sample::select(vec!["", "", "", " ", "-", ".", "\u{200b}"]), 19),
        (before, after) in prop::sample::select(vec![("", ""), ("{\"pan\":\"", "\"}"), ("[", ",2]"), ("PAN=", " ok"), ("über ", "…")]),
    ) {
        let spaced: String =
            number.chars().zip(&separators).flat_map(|(digit, separator)| std::iter::once(digit).chain(separator.chars())).collect();
        let spaced = spaced.trim_end_matches([' ', '-', '.', '\u{200b}']);
        let points = spaced.matches('.').count();
        // One point and nothing else is a decimal number.
        prop_assume!(points != 1 || spaced.contains([' ', '-']));
        let raw = format!("{before}{spaced}{after}");
        let shown = text::clean(&raw).into_owned();
        let masked: String = shown.chars().filter(|it| it.is_ascii_digit() || *it == '*').collect();
        let tail: String = after.chars().filter(char::is_ascii_digit).collect();
        let hidden = "*".repeat(number.len() - 10);
        prop_assert_eq!(masked, format!("{}{hidden}{}{tail}", &number[..6], &number[number.len() - 4..]));
        // What was bare in JSON has quotes.
        let is_quoted = shown.starts_with("[\"");
        prop_assert_eq!(shown.chars().count(), raw.replace('\u{200b}', "").chars().count() + 2 * usize::from(is_quoted));
    }

    #[test]
    fn secrets_are_masked_however_they_are_written(
        number in card(),
        separators in prop::collection::vec(
            prop::sample::select(vec!["", "", " ", "-", "_", "  ", " -", "\t", "\n", "\u{a0}", "\u{2011}", "\u{200b}"]), 19),
        code in "[0-9]{3,4}",
        token in "[a-zA-Z0-9._-]{20,60}",
        key in "[A-Z0-9]{16}",
        secret in "[a-zA-Z0-9/+]{40}",
        name in "[g-z]{4,12}",
        (escaped, slashes) in prop::sample::select(vec![(false, 0), (false, 1), (false, 2), (true, 0), (true, 1), (true, 2)]),
    ) {
        let spaced: String =
            number.chars().zip(&separators).flat_map(|(digit, separator)| std::iter::once(digit).chain(separator.chars())).collect();
        let mut record = serde_json::json!({
            "pan": spaced.trim_end(),
            "cardCvv": code,
            "message": format!("call with Authorization: Bearer {token}"),
            "credentials": {"accessKeyId": format!("AKIA{key}"), "secretAccessKey": secret},
            "contact": format!("{name}@example.com"),
        })
        .to_string();
        if escaped {
            // Every third digit as its escape, and the sign of the address.
            let escapes = record.chars().enumerate().map(|(place, character)| match character {
                '0'..='9' if place % 3 == 0 => format!("\\u{:04x}", u32::from(character)),
                '@' => "\\u0040".to_owned(),
                _ => character.to_string(),
            });
            record = escapes.collect();
        }
        for _ in 0..slashes {
            record = serde_json::json!({ "wrapped": record }).to_string();
        }
        let shown = text::clean(&record).into_owned();
        let plain = unescaped(&shown);
        let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
        prop_assert!(!digits.contains(&number), "{} -> {}", record, shown);
        let field = plain.find("cardCvv").map(|at| &plain[at..]).unwrap_or_default();
        prop_assert!(!field.split(',').next().unwrap_or_default().contains(&code), "{} -> {}", record, shown);
        for hidden in [&format!("{name}@"), &token, &secret, &key] {
            prop_assert!(!plain.contains(hidden.as_str()), "{}: {} -> {}", hidden, record, shown);
        }
    }

    #[test]
    fn spans_read_back(seconds in 0i64..60) {
        for scale in [1, 60, 86_400] {
            let text = text::units::span(seconds * scale);
            prop_assert_eq!(text::parse_span(&text).map(|span| span.as_secs()), Ok((seconds * scale) as u64));
        }
    }

    #[test]
    fn parsers_never_panic(raw in any::<String>(), number in any::<f64>()) {
        use barograph::board::{ChangeUnit, Unit};
        let _ = text::parse_span(&raw);
        let _ = text::parse_time(&raw, "2026-01-15T10:28:00Z".parse().expect("a time"));
        for unit in [Unit::Count, Unit::Percent, Unit::Seconds, Unit::Milliseconds, Unit::Bytes, Unit::None] {
            prop_assert!(text::width(&text::units::value(number, unit)) <= 22);
            prop_assert!(text::width(&text::units::axis(number, unit)) <= 14);
        }
        prop_assert!(text::width(&text::units::change(number, ChangeUnit::Percent)) <= 14);
    }
}
