//! Values of fields that are known for secrets by their names, as far as they go: all between two quotes, all of a list, all of
//! an element of XML.

use std::ops::Range;
use std::sync::LazyLock;

use super::quotes::{Quote, Strings, put};
use super::secrets::Pattern;

/// How deep lists and objects may stand in each other.
const DEPTH: usize = 4;
/// Members of an object that are its value: `"password":{"value":"…"}`, and the types of DynamoDB and SQS.
const MEMBERS: [&str; 9] =
    ["value", "values", "plaintext", "text", "secret", "s", "ss", "stringvalue", "stringlistvalues"];

/// A value that is found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'t> {
    pub(super) name: &'t str,
    pub(super) text: &'t str,
    /// Whether it has no quotes, as numbers have none.
    pub(super) is_bare: bool,
}

/// What is shown for a value, where it is no more what it was.
type Hide<'h> = &'h dyn Fn(Value<'_>) -> Option<String>;

/// Masks the values of the fields whose names a pattern finds. Bare values are found in lists and objects alone.
pub(super) fn mask(names: &Pattern, text: &str, hide: Hide<'_>) -> Option<String> {
    let names = LazyLock::force(names).as_ref()?;
    let mut strings = Strings::default();
    let (mut parts, mut past) = (Vec::new(), 0);
    for name in names.find_iter(text).filter(|name| !is_part(text, name.end())) {
        if name.start() < past {
            continue;
        }
        let Some(field) = Field::after(text, name.end()) else { continue };
        let known = |part: Range<usize>, is_bare| {
            let value = Value { name: name.as_str(), text: &text[part.clone()], is_bare };
            hide(value).filter(|now| now != value.text).map(|now| (part, now))
        };
        let around = match field.quote {
            Some(Quote { sign: b'"', slashes }) => slashes.checked_sub(1),
            _ => strings.around(text, field.value),
        };
        if field.is_element {
            let element = is_tag(&text[..name.start()]).then(|| content(text, field.value, around)).flatten();
            parts.extend(element.and_then(|part| known(part, false)));
            continue;
        }
        if matches!(text.as_bytes().get(field.value), Some(b'[' | b'{')) {
            let mut walk = Walk { text, around, found: Vec::new() };
            let _ = walk.value(field.value, true, DEPTH);
            parts.extend(walk.found.into_iter().filter_map(|(part, is_bare)| known(part, is_bare)));
            continue;
        }
        let Some((quote, start)) = Quote::at(text, field.value) else { continue };
        if field.quote == Some(quote) || quote.opens(text, start, around) {
            let (end, after) = quote.end(text, start, around, field.quote.is_some());
            past = after;
            parts.extend((start < end).then_some(start..end).and_then(|part| known(part, false)));
        }
    }
    put(text, parts)
}

/// Whether a name goes on here.
fn is_part(text: &str, at: usize) -> bool {
    text.as_bytes().get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// What stands between a name and its value.
struct Field {
    /// The quote that ends the name.
    quote: Option<Quote>,
    /// Whether the name is that of an element of XML.
    is_element: bool,
    /// Where the value begins.
    value: usize,
}

impl Field {
    fn after(text: &str, at: usize) -> Option<Self> {
        let (quote, at) = match Quote::at(text, at) {
            Some((quote, at)) => (Some(quote), at),
            None => (None, at),
        };
        let sign = space(text, at, quote.is_some());
        let rest = &text.as_bytes()[sign..];
        let length = if rest.starts_with(b"=>") || rest.starts_with(b":=") { 2 } else { 1 };
        let is_element = quote.is_none() && *rest.first()? == b'>';
        let value = sign + length;
        (is_element || matches!(rest.first()?, b':' | b'=')).then(|| Self {
            quote,
            is_element,
            value: space(text, value, quote.is_some()),
        })
    }
}

/// Past white space; in JSON also past line ends, and past their escapes.
fn space(text: &str, mut at: usize, is_json: bool) -> usize {
    loop {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let slashes = rest.iter().take_while(|byte| **byte == b'\\').count();
        at += match rest.get(slashes) {
            Some(b' ' | b'\t') if slashes == 0 => 1,
            Some(b'\n' | b'\r') if slashes == 0 && is_json => 1,
            Some(b't' | b'n' | b'r') if slashes > 0 && is_json => slashes + 1,
            _ => return at,
        };
    }
}

/// Whether a name that follows this is that of an opening tag.
fn is_tag(before: &str) -> bool {
    before.trim_end_matches(|it: char| it.is_ascii_alphanumeric() || "_:.-".contains(it)).ends_with('<')
}

/// The text of an element of XML, up to its closing tag.
fn content(text: &str, start: usize, around: Option<usize>) -> Option<Range<usize>> {
    let end = start + memchr::memchr(b'<', &text.as_bytes()[start..])?;
    let inside = &text[start..end];
    // A text around it ends first.
    let is_cut = inside.match_indices('"').any(|(place, _)| {
        let before = inside.as_bytes()[..place].iter().rev().take_while(|byte| **byte == b'\\').count();
        around.is_some_and(|around| before <= around)
    });
    let is_closed = text[end + 1..].trim_start_matches('\\').starts_with('/');
    let start = start + (inside.len() - inside.trim_start().len());
    let end = start + text[start..end].trim_end().len();
    (is_closed && !is_cut && start < end).then_some(start..end)
}

/// Goes through a list or an object.
struct Walk<'t> {
    text: &'t str,
    around: Option<usize>,
    /// The values, and whether they are bare.
    found: Vec<(Range<usize>, bool)>,
}

impl Walk<'_> {
    /// The end of the value that begins here.
    fn value(&mut self, at: usize, is_wanted: bool, depth: usize) -> Option<usize> {
        let depth = depth.checked_sub(1)?;
        match self.byte(at)? {
            b'[' => self.members(at, b']', is_wanted, depth),
            b'{' => self.members(at, b'}', is_wanted, depth),
            b'"' | b'\'' | b'\\' => {
                let (part, after) = self.string(at)?;
                if is_wanted && !part.is_empty() {
                    self.found.push((part, false));
                }
                Some(after)
            }
            _ => {
                let is_end = |byte: &u8| b"{}[],:\"'\\ \t\r\n".contains(byte);
                let rest = self.text.as_bytes().get(at..)?;
                let end = at + rest.iter().position(is_end).unwrap_or(rest.len());
                if is_wanted && at < end {
                    self.found.push((at..end, true));
                }
                (at < end).then_some(end)
            }
        }
    }

    fn members(&mut self, at: usize, close: u8, is_wanted: bool, depth: usize) -> Option<usize> {
        let mut at = space(self.text, at + 1, true);
        while self.byte(at)? != close {
            let mut is_value = is_wanted;
            if close == b'}' {
                let (name, after) = self.string(at)?;
                is_value &= MEMBERS.iter().any(|member| self.text[name.clone()].eq_ignore_ascii_case(member));
                at = space(self.text, after, true);
                at = (self.byte(at)? == b':').then(|| space(self.text, at + 1, true))?;
            }
            let end = self.value(at, is_value, depth)?;
            at = space(self.text, end, true);
            match self.byte(at)? {
                b',' => at = space(self.text, at + 1, true),
                byte if byte == close => {}
                _ => return None,
            }
        }
        Some(at + 1)
    }

    /// A text in quotes, and where its closing quote ends.
    fn string(&self, at: usize) -> Option<(Range<usize>, usize)> {
        let (quote, start) = Quote::at(self.text, at)?;
        let is_inner = quote.sign != b'"' || self.around.is_none_or(|around| quote.slashes > around);
        let (end, after) = is_inner.then(|| quote.end(self.text, start, self.around, true))?;
        Some((start..end, after))
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }
}

#[cfg(test)]
mod tests {
    use crate::text::mask::Masks;

    fn assert_masked(cases: &[(&str, &str)]) {
        for (text, masked) in cases {
            assert_eq!(Masks::default().mask(text), *masked, "{text}");
            assert_eq!(Masks::default().mask(masked), *masked, "{text}");
        }
    }

    #[test]
    fn quoted_values_are_masked_to_their_closing_quote() {
        assert_masked(&[
            (r#"password="correct horse battery staple" next"#, r#"password="****" next"#),
            (r#"password: "two words""#, r#"password: "****""#),
            ("password='two words' next", "password='****' next"),
            (r#"{"nested":"password=\"two words\""}"#, r#"{"nested":"password=\"****\""}"#),
            (r#"{"nested":"password='two words'","n":1}"#, r#"{"nested":"password='****'","n":1}"#),
            (
                r#"{"a":"{\"b\":\"password=\\\"two words\\\", ok\"}"}"#,
                r#"{"a":"{\"b\":\"password=\\\"****\\\", ok\"}"}"#,
            ),
            (r#"password="a \"b\" c" d"#, r#"password="****" d"#),
            (r#"{'password': 'it"s two words', 'n': 1}"#, r"{'password': '****', 'n': 1}"),
            (r#"{:password=>"two words", :n=>1}"#, r#"{:password=>"****", :n=>1}"#),
            (r#"client_secret = "a b""#, r#"client_secret = "****""#),
            (r#"authorization: "Basic a b c" x"#, r#"authorization: "Basic ****" x"#),
            (r#"a 5" disk, password="two words" x"#, r#"a 5" disk, password="****" x"#),
            // What is cut has no closing quote.
            (r#"password="two wor"#, r#"password="****"#),
            ("password=\"two wor\nnext line", "password=\"****\nnext line"),
            (r#"{"m":"password=\"two wor","n":1}"#, r#"{"m":"password=\"****","n":1}"#),
            (r#"{"m":"password='two wor","n":"it's"}"#, r#"{"m":"password='****","n":"it's"}"#),
        ]);
    }

    #[test]
    fn a_quote_that_closes_another_text_opens_none() {
        for text in [
            r#"{"m":"no password=","x":"two words"}"#,
            r#"{"m":"enter password: ","x":"two words"}"#,
            r#"{"m":"{\"n\":\"password=\",\"x\":\"two words\"}"}"#,
            r#"level=info msg="no password=" user="two words""#,
            "{'m': 'no password=', 'x': 'two words'}",
            r#"{"m":"password=[","x":"two words"}"#,
            r#"{"m":"<password>","x":"two </words>"}"#,
            r#"password="" next"#,
            r#""password":[null,true,""]"#,
            r#""passwordPolicy":["two words"]"#,
        ] {
            assert_eq!(Masks::default().mask(text), text);
        }
    }

    #[test]
    fn all_of_a_list_is_masked() {
        assert_masked(&[
            (r#"{"authorization":["Basic abc","Basic def"]}"#, r#"{"authorization":["Basic ****","Basic ****"]}"#),
            (
                r#"{"multiValueHeaders":{"Authorization":["Bearer abc.def","Token bbbb cc"],"Host":["a","b"]}}"#,
                r#"{"multiValueHeaders":{"Authorization":["Bearer ****","Token ****"],"Host":["a","b"]}}"#,
            ),
            (r#""password":["hunter2","hunter3"]"#, r#""password":["****","****"]"#),
            (r#"{"password":[123456, "a b", 234567],"n":1}"#, r#"{"password":["****", "****", "****"],"n":1}"#),
            (r#"{\"password\":[\n  \"a b\",\n  \"c\"\n]}"#, r#"{\"password\":[\n  \"****\",\n  \"****\"\n]}"#),
            ("password=['a b', 'c d'] e", "password=['****', '****'] e"),
            (r#"{"cvv":["123",456,"n/a"]}"#, r#"{"cvv":["***","***","n/a"]}"#),
            (r#"{"sessionToken":["FwoGZXIvYXdz","FwoGZXIvYXdy"]}"#, r#"{"sessionToken":["****","****"]}"#),
            (r#""password":["hunter2","hunt"#, r#""password":["****","****"#),
        ]);
    }

    #[test]
    fn values_of_objects_and_elements_are_masked() {
        assert_masked(&[
            (r#"{"password":{"value":"hunter2","n":"a"}}"#, r#"{"password":{"value":"****","n":"a"}}"#),
            (r#"{"apiKey":{"S":"a b"}}"#, r#"{"apiKey":{"S":"****"}}"#),
            ("<Authorization>Basic abc def</Authorization>", "<Authorization>Basic ****</Authorization>"),
            ("<ns:userPassword> two words </ns:userPassword>", "<ns:userPassword> **** </ns:userPassword>"),
            (r#"{"m":"<password>a \"b\" c<\/password>"}"#, r#"{"m":"<password>****<\/password>"}"#),
        ]);
    }
}
