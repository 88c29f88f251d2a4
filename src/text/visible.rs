//! Control, direction and invisible characters, made visible or left out.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// Marks that may pile up on one letter; more than the scripts in use need would spill over neighbouring rows.
const MARKS: usize = 4;
const JOINER: char = '\u{200d}';
const EMOJI_STYLE: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';
/// What stands for a character that must not be shown.
const STRANGE: char = char::REPLACEMENT_CHARACTER;
const LINE_END: char = '⏎';

/// Text on one line in which nothing hides: what it holds is what a reader sees.
///
/// - C0 controls and DEL become their Unicode pictures (`␛`, `␀`, `␡`), a tab one space, a line end `⏎` (a last line
///   end, which nearly every log line has, is left out).
/// - C1 controls, bidirectional embeddings, overrides and isolates, private-use and unassigned characters become `�`.
/// - Characters without any appearance (zero-width space, word joiner, byte order mark, soft hyphen, direction marks,
///   tags, variation selectors) are left out. A zero-width joiner and the emoji variation selector stay inside emoji.
/// - More than four combining marks on one letter are left out.
///
/// Classes are those of the Unicode Character Database as the `regex` crate carries it.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !class(&SUSPECT).is_some_and(|it| it.is_match(text)) {
        return Cow::Borrowed(text);
    }
    let shown: Vec<char> = appearances(text).collect();
    let mut out = String::with_capacity(text.len());
    let mut last = None;
    let mut marks = 0;
    for (index, &character) in shown.iter().enumerate() {
        let next = shown.get(index + 1).copied();
        let keep = match character {
            EMOJI_STYLE => last.is_some_and(|last| takes_emoji_style(last, next)),
            JOINER => last.is_some_and(joins) && next.is_some_and(is_pictograph),
            _ if !character.is_ascii() && is(&MARK, character) => {
                marks += 1;
                marks <= MARKS
            }
            _ => {
                marks = 0;
                true
            }
        };
        if keep {
            out.push(character);
            last = Some(character);
        }
    }
    Cow::Owned(out)
}

/// Each character's visible form, without those that have none.
fn appearances(text: &str) -> impl Iterator<Item = char> {
    let body = text.strip_suffix('\n').map_or(text, |body| body.strip_suffix('\r').unwrap_or(body));
    let mut rest = body.chars().peekable();
    std::iter::from_fn(move || {
        loop {
            let character = rest.next()?;
            if character == '\r' && rest.peek() == Some(&'\n') {
                continue;
            }
            if let Some(shown) = appearance(character) {
                return Some(shown);
            }
        }
    })
}

fn appearance(character: char) -> Option<char> {
    match character {
        ' '..='~' | JOINER | EMOJI_STYLE => Some(character),
        '\t' => Some(' '),
        '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(LINE_END),
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)),
        '\u{7f}' => Some('␡'),
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(STRANGE),
        _ if is(&HIDDEN, character) => None,
        _ if is(&OTHER, character) => Some(STRANGE),
        _ => Some(character),
    }
}

fn takes_emoji_style(last: char, next: Option<char>) -> bool {
    is_pictograph(last) || (matches!(last, '0'..='9' | '#' | '*') && next == Some(KEYCAP))
}

fn joins(last: char) -> bool {
    last == EMOJI_STYLE || is_pictograph(last)
}

fn is_pictograph(character: char) -> bool {
    !character.is_ascii() && is(&PICTOGRAPH, character)
}

type Class = LazyLock<Option<Regex>>;

static SUSPECT: Class =
    LazyLock::new(|| Regex::new(r"[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|\p{M}{5}").ok());
static HIDDEN: Class = LazyLock::new(|| Regex::new(r"\p{Default_Ignorable_Code_Point}").ok());
static OTHER: Class = LazyLock::new(|| Regex::new(r"\p{C}").ok());
static MARK: Class = LazyLock::new(|| Regex::new(r"\p{M}").ok());
static PICTOGRAPH: Class = LazyLock::new(|| Regex::new(r"[\p{Extended_Pictographic}\p{Emoji_Modifier}]").ok());

fn class(class: &'static Class) -> Option<&'static Regex> {
    class.as_ref()
}

fn is(wanted: &'static Class, character: char) -> bool {
    class(wanted).is_some_and(|it| it.is_match(character.encode_utf8(&mut [0; 4])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_compiles() {
        for it in [&SUSPECT, &HIDDEN, &OTHER, &MARK, &PICTOGRAPH] {
            assert!(class(it).is_some());
        }
    }

    #[test]
    fn nothing_hides() {
        let cases = [
            ("\u{1b}[31mred\u{1b}[0m", "␛[31mred␛[0m"),
            ("a\0b\u{7}c\u{7f}", "a␀b␇c␡"),
            ("one\r\ntwo\nthree\n", "one⏎two⏎three"),
            ("lone\rreturn", "lone␍return"),
            ("tab\tbed", "tab bed"),
            ("\u{9b}31m \u{85}\u{2028}", "�31m ⏎⏎"),
            ("user\u{202e}txt.exe", "user�txt.exe"),
            ("\u{2066}a\u{2069}\u{200e}\u{200f}\u{61c}", "�a�"),
            ("z\u{200b}e\u{2060}r\u{feff}o\u{ad}\u{200c}", "zero"),
            ("tag\u{e0041}\u{e0042}", "tag"),
            ("a\u{fe0f}b\u{200d}c\u{fe00}", "abc"),
            ("private \u{e000} \u{10ffff} \u{378}", "private � � �"),
            ("\u{fff9}x\u{fffb}", "�x�"),
            ("e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "e\u{301}\u{301}\u{301}\u{301}"),
        ];
        for (text, shown) in cases {
            assert_eq!(visible(text), shown, "{text:?}");
        }
    }

    #[test]
    fn real_writing_stays() {
        for text in [
            "日本語 café Привет שלום नमस्ते",
            "❤\u{fe0f} 1\u{fe0f}\u{20e3}",
            "👩🏽\u{200d}🚀 👨\u{200d}👩\u{200d}👧 🇩🇪",
            "✓ ▲ …",
        ] {
            assert_eq!(visible(text), text);
        }
    }
}
