//! Identifiers as they are pasted: in quotes, with a name before them, as a header of a trace.

use super::ids;

/// Headers that carry a trace id, in lower case.
///
/// Source: W3C Trace Context, `traceparent`; X-Ray Developer Guide, "Tracing header".
const HEADERS: [&str; 4] = ["traceparent", "x-amzn-trace-id", "_x_amzn_trace_id", "xray traceid"];

/// The identifier in one word or one line: what stands around it is taken off, a trace's header gives the trace's id. Of
/// points alone all is kept; where there is nothing but quotes and brackets, nothing is.
pub fn value(text: &str) -> String {
    let bare = bare(text);
    if let Some(id) = trace(bare) {
        return id;
    }
    let after = bare.split_once([':', '=']).filter(|(name, _)| is_field(name)).map(|(_, after)| self::bare(after));
    match after.filter(|after| !after.is_empty()) {
        Some(after) => trace(after).unwrap_or_else(|| after.to_owned()),
        None if bare.is_empty() => text.trim_matches(is_around).to_owned(),
        None => bare.to_owned(),
    }
}

/// The identifiers in a line that is typed or pasted, apart by blanks. A name before one, as in `requestId: …`, is none.
pub fn values(line: &str) -> Vec<String> {
    if let Some(id) = trace(bare(line)) {
        return vec![id];
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    values_of(&words)
}

/// The identifiers in words that were given one by one, each once.
pub fn values_of(words: &[&str]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if at + 1 < words.len() && is_name(word) {
            continue;
        }
        for value in several(word).unwrap_or_else(|| vec![value(word)]) {
            if !value.is_empty() && !found.contains(&value) {
                found.push(value);
            }
        }
    }
    found
}

/// The identifiers in one text of several words, where each of them looks like one.
fn several(text: &str) -> Option<Vec<String>> {
    let bare = bare(text);
    if !bare.contains(char::is_whitespace) || trace(bare).is_some() {
        return None;
    }
    let values = values(text);
    (!values.is_empty() && values.iter().all(|value| ids::looks_like_one(value))).then_some(values)
}

/// A text without blanks, a byte order mark and characters without width around it.
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// Blanks, and characters that nobody sees: of no width, of direction, the byte order mark.
const fn is_blank(c: char) -> bool {
    let is_unseen = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    is_unseen || c.is_whitespace()
}

/// What stands around an identifier and is no part of it.
fn is_around(c: char) -> bool {
    is_blank(c) || "\"'`“”„‘’«»()[]{}<>,;".contains(c)
}

/// Whether a word only names the one after it: a header of a trace, or a field such as `"requestId":`.
fn is_name(word: &str) -> bool {
    let Some(name) = word.trim_end_matches(['"', '\'']).strip_suffix([':', '=']) else { return false };
    is_field(name) || HEADERS.contains(&bare(name).to_ascii_lowercase().as_str())
}

/// Whether a text is the name of a field that holds an identifier, such as `requestId`.
fn is_field(name: &str) -> bool {
    let name = bare(name);
    let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    is_word && name.len() > 2 && name.get(name.len() - 2..).is_some_and(|end| end.eq_ignore_ascii_case("id"))
}

/// A text without the quotes, brackets and points around it.
fn bare(text: &str) -> &str {
    text.trim_matches(is_around).trim_end_matches(|c: char| is_around(c) || ".:!?=".contains(c))
}

/// The trace id of a header, with its name or without.
fn trace(text: &str) -> Option<String> {
    if let Some(id) = ids::trace_id(text) {
        return Some(id);
    }
    let lower = text.to_ascii_lowercase();
    let named = HEADERS.iter().find(|name| lower.starts_with(**name));
    let rest = named.map_or(text, |name| bare(text[name.len()..].trim_start_matches([' ', '"', '\'', ':', '='])));
    root(rest).or_else(|| parent(rest)).or_else(|| named.and_then(|_| ids::trace_id(rest)))
}

/// The root of `Root=1-…;Parent=…;Sampled=1`, in whatever order.
fn root(text: &str) -> Option<String> {
    let part = text.split([';', ',', ' ']).find_map(|part| part.trim().strip_prefix("Root="))?;
    ids::trace_id(bare(part))
}

/// The trace of `00-<32 hex>-<16 hex>-<2 hex>`, and of B3's `<32 hex>-<16 hex>-1`.
fn parent(text: &str) -> Option<String> {
    let is_hex = |part: &&str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_hexdigit());
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [version, trace, span, _, ..] if is_hex(version, 2) && is_hex(span, 16) => ids::trace_id(trace),
        [trace, span, ..] if is_hex(trace, 32) && is_hex(span, 16) => ids::trace_id(trace),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "1-6968c1a0-0123456789abcdef01234567";

    #[test]
    fn headers_of_a_trace_give_its_id() {
        for header in [
            "00-6968c1a00123456789abcdef01234567-00f067aa0ba902b7-01",
            "traceparent: 00-6968c1a00123456789abcdef01234567-00f067aa0ba902b7-01",
            "\"traceparent\": \"00-6968c1a00123456789abcdef01234567-00f067aa0ba902b7-01\",",
            "Root=1-6968c1a0-0123456789abcdef01234567;Parent=53995c3f42cd8ad8;Sampled=1",
            "X-Amzn-Trace-Id: Root=1-6968c1a0-0123456789abcdef01234567;Parent=53995c3f42cd8ad8;Sampled=1",
            "x-amzn-trace-id: Self=1-67891234-12456789abcdef012345678;Root=1-6968c1a0-0123456789abcdef01234567",
            "XRAY TraceId: 1-6968c1a0-0123456789abcdef01234567",
            "6968c1a00123456789abcdef01234567-00f067aa0ba902b7-1",
            "(1-6968c1a0-0123456789abcdef01234567).",
        ] {
            assert_eq!(values(header), [ID], "{header}");
            assert_eq!(value(header), ID, "{header}");
            let words: Vec<&str> = header.split_whitespace().filter(|word| *word != "XRAY").collect();
            assert_eq!(values_of(&words), [ID], "{header} in words");
        }
    }

    #[test]
    fn what_stands_around_an_identifier_is_taken_off() {
        for text in
            ["\"corr_9f27c1\",", "(corr_9f27c1)", "corr_9f27c1.", "corr_9f27c1:", "`corr_9f27c1`", " “corr_9f27c1”, "]
        {
            assert_eq!(value(text), "corr_9f27c1", "{text}");
        }
        assert_eq!(values("\"correlationId\": \"corr_1\", \"requestId\":\"x1\", id=2"), ["corr_1", "x1", "id=2"]);
        assert_eq!(values("corr_1, corr_2; corr_1"), ["corr_1", "corr_2"]);
        assert_eq!(values("requestId: 8b29-1a"), ["8b29-1a"]);
        assert_eq!(values("requestId:"), ["requestId"], "a name alone is looked for");
        for text in ["\u{feff}corr_9f27c1", "corr_9f27c1\u{200b}", " \u{2060}\"corr_9f27c1\u{feff}\""] {
            assert_eq!(values_of(&[text]), ["corr_9f27c1"], "{text:?}");
        }
        for text in ["\"\"", " '' ", "\u{feff}", "[\"\"],"] {
            assert_eq!((values_of(&[text]), values(text)), (Vec::new(), Vec::new()), "{text:?} is none");
        }
        for text in ["a.b", "::", "card declined", "/aws/lambda/x", "-1"] {
            assert_eq!(value(text), text, "{text}");
        }
    }

    #[test]
    fn one_text_of_several_identifiers_is_taken_apart() {
        assert_eq!(
            values_of(&["corr_9f27c1 8b291a22-01", "corr_000001"]),
            ["corr_9f27c1", "8b291a22-01", "corr_000001"]
        );
        assert_eq!(values_of(&["requestId: 8b291a22-01, traceId: corr_000001"]), ["8b291a22-01", "corr_000001"]);
        for text in ["card declined", "timeout after 30000", "2026-01-15 10:28:00", "order 8b291a22-01"] {
            assert_eq!(values_of(&[text]), [text]);
        }
    }
}
