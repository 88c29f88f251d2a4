//! Where in a JSON text a value stands.

use std::ops::Range;

use super::json::Step;

/// The place of the value that a way of keys and indices leads to, its name included where it has one; `None` where the
/// text has no such value. The text has to be valid JSON.
pub(super) fn of(text: &str, way: &[Step]) -> Option<Range<usize>> {
    let mut walker = Walker { text, at: 0 };
    walker.skip_space();
    let mut place = walker.at..walker.clone().value()?;
    for step in way {
        place = walker.enter(step)?;
    }
    Some(place)
}

#[derive(Clone)]
struct Walker<'t> {
    text: &'t str,
    /// Byte offset of the next character.
    at: usize,
}

impl Walker<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        self.skip_space();
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Goes over a string; its end.
    fn string(&mut self) -> Option<usize> {
        self.eat(b'"')?;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(self.at)
    }

    /// Goes over a value; its end.
    fn value(&mut self) -> Option<usize> {
        self.skip_space();
        if self.peek()? == b'"' {
            return self.string();
        }
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.string()?;
                    continue;
                }
                Some(b'{' | b'[') => depth += 1,
                Some(b'}' | b']' | b',' | b' ' | b'\t' | b'\n' | b'\r') if depth == 0 => break,
                Some(b'}' | b']') => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        break;
                    }
                }
                Some(_) => {}
                None => break,
            }
            self.at += 1;
        }
        Some(self.at)
    }

    /// Goes to the beginning of the member or element that a step names; its place, with its name.
    fn enter(&mut self, step: &Step) -> Option<Range<usize>> {
        self.skip_space();
        match step {
            Step::Key(wanted) => self.member(wanted),
            Step::Index(wanted) => self.element(*wanted),
            Step::Every => None,
        }
    }

    /// The last member of that name, as JSON readers take the last.
    fn member(&mut self, wanted: &str) -> Option<Range<usize>> {
        self.eat(b'{')?;
        let mut found = None;
        loop {
            self.skip_space();
            if self.peek()? != b'"' {
                break;
            }
            let start = self.at;
            let end = self.string()?;
            let name: String = serde_json::from_str(&self.text[start..end]).ok()?;
            self.eat(b':')?;
            self.skip_space();
            let value = self.at;
            let end = self.value()?;
            if name == wanted {
                found = Some((value, start..end));
            }
            if self.eat(b',').is_none() {
                break;
            }
        }
        let (value, place) = found?;
        self.at = value;
        Some(place)
    }

    fn element(&mut self, wanted: usize) -> Option<Range<usize>> {
        self.eat(b'[')?;
        for _ in 0..wanted {
            self.value()?;
            self.eat(b',')?;
        }
        self.skip_space();
        let start = self.at;
        let end = self.value()?;
        self.at = start;
        Some(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_where_they_stand() {
        let text = r#" {"a" : 1, "b": {"c": [10, {"d\"e": "x,}"}, null ], "c2":true}, "a": "last", "é": [[]]} "#;
        let key = |name: &str| Step::Key(name.to_owned());
        let cases = [
            (vec![key("a")], Some(r#""a": "last""#)),
            (vec![key("b"), key("c"), Step::Index(0)], Some("10")),
            (vec![key("b"), key("c"), Step::Index(1), key("d\"e")], Some(r#""d\"e": "x,}""#)),
            (vec![key("b"), key("c"), Step::Index(2)], Some("null")),
            (vec![key("b"), key("c"), Step::Index(3)], None),
            (vec![key("b"), key("c2")], Some(r#""c2":true"#)),
            (vec![key("é"), Step::Index(0)], Some("[]")),
            (vec![key("none")], None),
            (vec![Step::Index(0)], None),
            (Vec::new(), Some(text.trim())),
        ];
        for (way, expected) in cases {
            assert_eq!(of(text, &way).map(|place| &text[place]), expected, "{way:?}");
        }
        assert_eq!(of("12", &[]), Some(0..2));
        assert_eq!(of("{\"a\"", &[key("a")]), None);
    }
}
