//! Reads what a terminal would read, and counts what the program did not mean.

use barograph::app::clipboard::MOST_BYTES;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::text::is_forbidden;

/// What is not meant in a stream of bytes, each with where it begins; what is on the clipboard after it.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    pub(super) unmeant: Vec<String>,
    pub(super) copied: Vec<String>,
}

/// Scans what is drawn, copied and notified.
pub(super) fn scan(bytes: &[u8]) -> Scanned {
    let mut found = Scanned::default();
    match std::str::from_utf8(bytes) {
        Ok(text) => scan_text(text, &mut found),
        Err(error) => found.unmeant.push(format!("no UTF-8: {error}")),
    }
    found
}

fn scan_text(text: &str, found: &mut Scanned) {
    let mut unmeant = Vec::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if character == '\u{1b}' {
            rest = sequence(rest, found).unwrap_or_else(|| {
                unmeant.push(excerpt(rest));
                &rest[1..]
            });
            continue;
        }
        if is_forbidden(character) {
            unmeant.push(excerpt(rest));
        }
        rest = &rest[character.len_utf8()..];
    }
    found.unmeant.append(&mut unmeant);
}

fn excerpt(text: &str) -> String {
    format!("{:?}", text.chars().take(24).collect::<String>())
}

/// What stands after a sequence that the program means; `None` for any other.
fn sequence<'t>(text: &'t str, found: &mut Scanned) -> Option<&'t str> {
    let rest = &text[1..];
    if let Some(body) = rest.strip_prefix('[') {
        let end = body.find(|c: char| !(c.is_ascii_digit() || c == ';' || c == '?'))?;
        let (parameters, last) = (&body[..end], body[end..].chars().next()?);
        let meant = match last {
            // Cursor forward, cursor to a place, erase, style.
            'C' | 'H' | 'J' | 'm' => !parameters.contains('?'),
            // The cursor shown and hidden.
            'h' | 'l' => parameters == "?25",
            _ => false,
        };
        return meant.then(|| &body[end + 1..]);
    }
    if let Some(body) = rest.strip_prefix("]52;c;") {
        let (payload, after) = body.split_once('\u{7}')?;
        let copied = STANDARD.decode(payload).ok().filter(|copied| copied.len() <= MOST_BYTES)?;
        found.copied.push(String::from_utf8(copied).ok()?);
        return Some(after);
    }
    for (start, end) in [
        ("]9;baro: ", "\u{7}"),
        ("]777;notify;baro: ", "\u{7}"),
        ("]99;i=baro:d=0;baro: ", "\u{1b}\\"),
        ("]99;i=baro:d=1:p=body;", "\u{1b}\\"),
    ] {
        if let Some(body) = rest.strip_prefix(start) {
            let (words, after) = body.split_once(end)?;
            return (!words.contains(is_forbidden)).then_some(after);
        }
    }
    if let Some(body) = rest.strip_prefix("Ptmux;") {
        // Inside, every ESC is doubled; the first single one ends it.
        let mut inner = String::new();
        let mut rest = body;
        loop {
            let at = rest.find('\u{1b}')?;
            inner.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('\\') {
                scan_text(&inner, found);
                return Some(after);
            }
            rest = rest.strip_prefix('\u{1b}')?;
            inner.push('\u{1b}');
        }
    }
    None
}

#[test]
fn the_scanner_knows_what_is_meant() {
    for meant in [
        "plain ü 宽\u{1b}[1;1H\u{1b}[31mred\u{1b}[0m\u{1b}[4C\u{1b}[?25l\u{1b}[2J",
        "\u{1b}]52;c;eA==\u{7}",
        "\u{1b}Ptmux;\u{1b}\u{1b}]52;c;eA==\u{7}\u{1b}\\x",
        "\u{1b}]9;baro: a: b\u{7}",
    ] {
        assert_eq!(scan(meant.as_bytes()).unmeant, Vec::<String>::new(), "{meant:?}");
    }
    for hostile in [
        "\u{1b}]0;title\u{7}",
        "\u{1b}]52;c;?\u{7}",
        "\u{1b}[6n",
        "\u{1b}[?1049h",
        "\u{1b}P+q\u{1b}\\",
        "\u{1b}c",
        "\u{9b}2J",
        "a\u{202e}b",
        "\n",
        "\u{1b}Ptmux;\u{1b}\u{1b}]0;x\u{7}\u{1b}\\",
        "\u{1b}]9;baro: a\u{85}b\u{7}",
    ] {
        assert_ne!(scan(hostile.as_bytes()).unmeant.len(), 0, "{hostile:?}");
    }
    assert_ne!(scan(b"\xff").unmeant.len(), 0);
}
