//! JSON that stays JSON: what is masked of a bare number gets quotes.

/// Documents that are tried in vain in one text; what has more `{` and `[` than that before its JSON is none.
const TRIES: usize = 16;
/// JSON within JSON within JSON.
const LEVELS: u32 = 3;
/// How deep a document may nest.
const DEPTH: usize = 64;

/// The masked text with quotes around the values that were bare, in the documents that it holds; `None` where there is
/// nothing to do. Within JSON that is a text of JSON, quotes have their backslashes.
pub(super) fn quoted(text: &str) -> Option<String> {
    if !text.contains('*') {
        return None;
    }
    let mut places = Vec::new();
    look(text, (0, text.len()), 0, &mut places);
    if places.is_empty() {
        return None;
    }
    places.sort_unstable();
    let mut out = String::with_capacity(text.len() + 4 * places.len());
    let mut from = 0;
    for (at, level) in places {
        out.push_str(&text[from..at]);
        out.extend(std::iter::repeat_n('\\', backslashes(level)));
        out.push('"');
        from = at;
    }
    out.push_str(&text[from..]);
    Some(out)
}

/// How many stand before a quote of JSON at a level: 0, 1, 3.
const fn backslashes(level: u32) -> usize {
    (1 << level) - 1
}

/// Looks for documents in a part of the text, and adds the places where quotes are missing.
fn look(text: &str, (from, to): (usize, usize), level: u32, places: &mut Vec<(usize, u32)>) {
    let (mut at, mut tries) = (from, 0);
    while level < LEVELS && tries < TRIES {
        let Some(start) = text.as_bytes()[at..to].iter().position(|byte| matches!(byte, b'{' | b'[')) else { return };
        let start = at + start;
        let mut document =
            Document { bytes: &text.as_bytes()[..to], level: level_of(&text[start..to], level), ..Document::default() };
        let end = document.value(start, DEPTH);
        let Some(end) = end else {
            (at, tries) = (start + 1, tries + 1);
            continue;
        };
        let level = document.level;
        places.extend(document.bare.iter().flat_map(|(start, end)| [(*start, level), (*end, level)]));
        for (start, end) in document.strings {
            if text[start..end].contains('*') {
                look(text, (start, end), level + 1, places);
            }
        }
        at = end;
    }
}

/// The level of a document by its first quote, where that is the first thing in it.
fn level_of(text: &str, least: u32) -> u32 {
    let inside = text[1..].trim_start_matches([' ', '\t', '\n', '\r', '[']);
    let count = inside.len() - inside.trim_start_matches('\\').len();
    if !inside[count..].starts_with('"') {
        return least;
    }
    (least..LEVELS).find(|level| backslashes(*level) == count).unwrap_or(least)
}

/// A document that is read.
#[derive(Default)]
struct Document<'a> {
    bytes: &'a [u8],
    level: u32,
    /// Masked values without quotes.
    bare: Vec<(usize, usize)>,
    /// What stands between quotes.
    strings: Vec<(usize, usize)>,
}

impl Document<'_> {
    /// The end of the value that begins here.
    fn value(&mut self, at: usize, depth: usize) -> Option<usize> {
        let depth = depth.checked_sub(1)?;
        match self.bytes.get(at)? {
            b'{' => self.members(at, b'}', depth),
            b'[' => self.members(at, b']', depth),
            b'"' | b'\\' => self.string(at),
            _ => self.scalar(at),
        }
    }

    /// The members of an object or list, up to what closes it.
    fn members(&mut self, at: usize, close: u8, depth: usize) -> Option<usize> {
        let mut at = self.space(at + 1);
        if *self.bytes.get(at)? == close {
            return Some(at + 1);
        }
        loop {
            if close == b'}' {
                let end = self.string(at)?;
                at = self.space(end);
                at = self.sign(at, b':')?;
            }
            let end = self.value(at, depth)?;
            at = self.space(end);
            if *self.bytes.get(at)? == close {
                return Some(at + 1);
            }
            at = self.sign(at, b',')?;
        }
    }

    /// Past a sign and the white space after it.
    fn sign(&self, at: usize, sign: u8) -> Option<usize> {
        (*self.bytes.get(at)? == sign).then(|| self.space(at + 1))
    }

    fn space(&self, mut at: usize) -> usize {
        loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            let slashes = rest.iter().take_while(|byte| **byte == b'\\').count();
            at += match rest.get(slashes) {
                Some(b' ' | b'\t' | b'\n' | b'\r') if slashes == 0 => 1,
                Some(b't' | b'n' | b'r') if slashes > 0 && self.level > 0 => slashes + 1,
                _ => return at,
            };
        }
    }

    /// Past a text in quotes.
    fn string(&mut self, at: usize) -> Option<usize> {
        let slashes = backslashes(self.level);
        let rest = self.bytes.get(at..)?;
        let opened =
            rest.iter().take_while(|byte| **byte == b'\\').count() == slashes && rest.get(slashes) == Some(&b'"');
        if !opened {
            return None;
        }
        let start = at + slashes + 1;
        let mut from = start;
        loop {
            let quote = from + memchr::memchr(b'"', self.bytes.get(from..)?)?;
            let before = self.bytes[start..quote].iter().rev().take_while(|byte| **byte == b'\\').count();
            if before < slashes {
                return None;
            }
            if before % (2 * (slashes + 1)) == slashes {
                self.strings.push((start, quote - slashes));
                return Some(quote + 1);
            }
            from = quote + 1;
        }
    }

    /// Past a number, a word, or what is masked of one.
    fn scalar(&mut self, at: usize) -> Option<usize> {
        let is_part = |byte: &&u8| {
            !matches!(
                byte,
                b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"' | b'\'' | b'\\' | b' ' | b'\t' | b'\n' | b'\r'
            )
        };
        let length = self.bytes.get(at..)?.iter().take_while(is_part).count();
        let part = self.bytes.get(at..at + length)?;
        if part.contains(&b'*') {
            self.bare.push((at, at + length));
            return Some(at + length);
        }
        let is_number = part.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-')
            && std::str::from_utf8(part).is_ok_and(|part| part.parse::<f64>().is_ok());
        (is_number || matches!(part, b"true" | b"false" | b"null")).then_some(at + length)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use crate::text::mask::Masks;

    #[test]
    fn bare_numbers_get_quotes() {
        let cases = [
            (r#"{"pan":5555555555554444,"a":1}"#, r#"{"pan":"555555******4444","a":1}"#),
            ("[4111111111111111,2]", "[\"411111******1111\",2]"),
            ("2026-01-15T10:00:00Z {\"cvv\": 123 }", "2026-01-15T10:00:00Z {\"cvv\": \"***\" }"),
            (r#"{"password":123456,"apiKey":null}"#, r#"{"password":"****","apiKey":null}"#),
            (
                r#"{"m":"{\"pan\":5555555555554444}","n":"cards [4111111111111111, 2]"}"#,
                r#"{"m":"{\"pan\":\"555555******4444\"}","n":"cards [\"411111******1111\", 2]"}"#,
            ),
            // What is no JSON is left as it is.
            ("pan: 4111111111111111, ok", "pan: 411111******1111, ok"),
            ("{pan: 4111111111111111}", "{pan: 411111******1111}"),
            (r#"{"pan":4111111111111111,"cut":"#, r#"{"pan":411111******1111,"cut":"#),
        ];
        for (text, masked) in cases {
            assert_eq!(Masks::default().mask(text), masked, "{text}");
            assert_eq!(Masks::default().mask(masked), masked, "{text}");
        }
    }

    fn scalar() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(json!(4_111_111_111_111_111_u64)),
            Just(json!(5_555_555_555_554_444_u64)),
            Just(json!(true)),
            Just(Value::Null),
            any::<i32>().prop_map(|it| json!(it)),
            any::<f32>().prop_map(|it| json!(it)),
            (100..9_999).prop_map(|it| json!(it)),
            "[a-z \"\\\\\\n:=,{}\\[\\]é]{0,12}".prop_map(|it| json!(it)),
            Just(json!("Authorization: Digest username=\"jo\", response=\"12ab\"")),
            Just(json!("Cookie: a=b; c=d")),
            Just(json!("https://jo:pw,1@example.com/")),
            Just(json!("password=abc, cvv: 123; Bearer 0123456789abcdef")),
            Just(json!("[4111111111111111, 3]")),
            Just(json!("password=\"two words\", password='it\"s, password=[\"a b\", 'c")),
            Just(json!("no password=")),
            Just(json!("Digest username=\"a b\", uri=\"/x,y:z\", response=\"12")),
            Just(json!("<password>two \"words\"</password> --password \"a b\" curl -u 'jo:p w")),
            Just(json!("%B4111111111111111^DOE/JOHN^2512101?")),
        ]
    }

    fn document() -> impl Strategy<Value = Value> {
        let name = prop::sample::select(vec![
            "pan",
            "cvv",
            "password",
            "apiKey",
            "authorization",
            "Set-Cookie",
            "cookie",
            "sessionToken",
            "value",
            "--password",
            "a b",
            "n",
        ]);
        scalar().prop_recursive(4, 24, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                prop::collection::vec((name.clone(), inner), 0..5).prop_map(|members| Value::Object(
                    members.into_iter().map(|(name, it)| (name.to_owned(), it)).collect()
                )),
            ]
        })
    }

    /// Whether a text is JSON, and texts in it that were JSON are too.
    fn assert_same(before: &str, after: &str) {
        let parsed: Value = serde_json::from_str(after).unwrap_or_else(|error| panic!("{error}\n{before}\n{after}"));
        assert!(serde_json::from_str::<Value>(before).is_ok());
        assert!(!parsed.is_null() || before == "null");
    }

    proptest! {
        #[test]
        fn json_stays_json(document in document(), pretty in any::<bool>(), wraps in 0..3) {
            let document = json!({ "d": document });
            let mut text = if pretty { serde_json::to_string_pretty(&document).expect("JSON") } else { document.to_string() };
            for _ in 0..wraps {
                text = json!({ "wrapped": text }).to_string();
            }
            let mut masked = Masks::default().mask(&text).into_owned();
            assert_eq!(Masks::default().mask(&masked), masked.as_str());
            assert_same(&text, &masked);
            for _ in 0..wraps {
                let outer: Value = serde_json::from_str(&masked).expect("JSON");
                masked = outer["wrapped"].as_str().expect("a text").to_owned();
                prop_assert!(serde_json::from_str::<Value>(&masked).is_ok(), "{} -> {}", text, masked);
            }
        }
    }
}
