//! The language of filters.
//!
//! ```text
//! any   = all { ("or" | "||") all }
//! all   = not { ["and" | "&&"] not }
//! not   = ("not" | "!") not | one
//! one   = "(" any ")" | "/" REGEX "/" | "~" REGEX | FIELD OP VALUE | FIELD ":" VALUE | WORD | "\"" PHRASE "\""
//! OP    = "=" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~" | "contains"
//! ```

use super::field::{Field, Part};
use super::needle::Needle;
use super::value::Wanted;
use super::{Compare, Expr, FilterError};
use crate::board::FeedRules;

/// How deep parentheses may be.
const DEEPEST: usize = 32;

/// Reads a filter; `None` where it asks for nothing.
pub(super) fn parse(text: &str, rules: &FeedRules) -> Result<Option<Expr>, FilterError> {
    let mut parser = Parser { text, at: 0, depth: 0, rules };
    // A filter that begins with ~ is one regular expression to its end.
    if let Some(pattern) = text.trim_start().strip_prefix('~') {
        let at = text.len() - pattern.trim_start().len();
        let pattern = pattern.trim();
        return if pattern.is_empty() {
            Ok(None)
        } else {
            pattern_at(pattern, at).map(|needle| Some(Expr::Text(needle)))
        };
    }
    let expr = parser.any()?;
    match parser.peek() {
        None => Ok(expr),
        Some(')') => Err(parser.wrong(parser.at, "no parenthesis is open")),
        Some(c) => Err(parser.wrong(parser.at, &format!("`{c}` is not expected here"))),
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    rules: &'t FeedRules,
}

fn pattern_at(pattern: &str, at: usize) -> Result<Needle, FilterError> {
    Needle::pattern(pattern).map_err(|message| FilterError { position: at, message })
}

impl<'t> Parser<'t> {
    fn wrong(&self, position: usize, message: &str) -> FilterError {
        FilterError { position: position.min(self.text.len()), message: message.to_owned() }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn peek(&mut self) -> Option<char> {
        self.blank();
        self.rest().chars().next()
    }

    fn take(&mut self, text: &str) -> bool {
        self.blank();
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Takes a word of the language, which ends where a word ends.
    fn keyword(&mut self, word: &str) -> bool {
        self.blank();
        let rest = self.rest();
        let is = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
            && rest[word.len()..].chars().next().is_none_or(|c| c.is_whitespace() || c == '(' || c == ')');
        if is {
            self.at += word.len();
        }
        is
    }

    fn any(&mut self) -> Result<Option<Expr>, FilterError> {
        let mut parts = Vec::new();
        loop {
            let start = self.at;
            let part = self.all()?;
            let more = self.keyword("or") || self.take("||");
            match part {
                Some(part) => parts.push(part),
                None if more || !parts.is_empty() => {
                    return Err(self.wrong(if more { start } else { self.at }, "something must stand beside `or`"));
                }
                None => {}
            }
            if !more {
                return Ok(join(parts, Expr::Any));
            }
        }
    }

    fn all(&mut self) -> Result<Option<Expr>, FilterError> {
        let mut parts = Vec::new();
        loop {
            self.blank();
            let joined = self.keyword("and") || self.take("&&");
            if joined && parts.is_empty() {
                return Err(self.wrong(self.at, "something must stand before `and`"));
            }
            let ends = match self.peek() {
                None | Some(')') => true,
                Some(_) => self.rest().starts_with("||") || self.sees_or(),
            };
            if ends {
                if joined {
                    return Err(self.wrong(self.at, "something must stand behind `and`"));
                }
                return Ok(join(parts, Expr::All));
            }
            if let Some(part) = self.not()? {
                parts.push(part);
            }
        }
    }

    fn sees_or(&mut self) -> bool {
        let at = self.at;
        let sees = self.keyword("or");
        self.at = at;
        sees
    }

    fn not(&mut self) -> Result<Option<Expr>, FilterError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.wrong(self.at, "this is nested too deep"));
        }
        let expr = if self.take("!") || self.keyword("not") {
            match self.peek() {
                None => None,
                Some(_) => self.not()?.map(|expr| Expr::Not(Box::new(expr))),
            }
        } else {
            self.one()?
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn one(&mut self) -> Result<Option<Expr>, FilterError> {
        let start = self.at;
        match self.peek() {
            Some('(') => {
                self.at += 1;
                let expr = self.any()?;
                if !self.take(")") {
                    return Err(self.wrong(self.text.len(), "a parenthesis is not closed"));
                }
                Ok(expr)
            }
            Some('/') if self.rest()[1..].contains('/') => self.slashed().map(|needle| Some(Expr::Text(needle))),
            Some('"') => {
                let phrase = self.quoted();
                if self.rest().starts_with(':') && !phrase.is_empty() {
                    return self.pasted(&phrase);
                }
                self.phrase(&phrase, start)
            }
            Some('=' | '<' | '>' | '~') => Err(self.wrong(self.at, "a field must stand before this")),
            _ => self.word(),
        }
    }

    /// What stands in double quotes; `\"` is a quote. One that is not closed closes at the end.
    fn quoted(&mut self) -> String {
        let mut phrase = String::new();
        let mut chars = self.rest().char_indices().skip(1).peekable();
        let mut end = self.text.len();
        while let Some((at, c)) = chars.next() {
            match (c, chars.peek()) {
                ('\\', Some((_, next @ ('"' | '\\')))) => {
                    phrase.push(*next);
                    chars.next();
                }
                ('"', _) => {
                    end = self.at + at + 1;
                    break;
                }
                _ => phrase.push(c),
            }
        }
        self.at = end;
        phrase
    }

    /// A piece of JSON, as it is pasted from a line: `"level":"ERROR"`.
    fn pasted(&mut self, name: &str) -> Result<Option<Expr>, FilterError> {
        self.at += 1;
        self.blank();
        let start = self.at;
        let value = match self.peek() {
            None => return Ok(None),
            Some('"') => self.quoted(),
            Some('{' | '[') => {
                return Err(self.wrong(start, "what is in braces is named with dots: http.status = 500"));
            }
            Some(_) => self.bare().trim_end_matches([',', '}', ']']).to_owned(),
        };
        self.take(",");
        let wanted = self.wanted(&value, start)?;
        Ok(Some(Expr::Field(Box::new(Field::named(name, self.rules)), Compare::Is(wanted))))
    }

    fn phrase(&self, phrase: &str, start: usize) -> Result<Option<Expr>, FilterError> {
        // The short form may stand in quotes as a whole: "issuer:Contoso Bank".
        if let Some(expr) = self.short(phrase, start)? {
            return Ok(expr);
        }
        if phrase.is_empty() {
            return Ok(None);
        }
        Needle::text(phrase).map(|needle| Some(Expr::Text(needle))).map_err(|message| self.wrong(start, &message))
    }

    /// `/…/`; `\/` is a slash.
    fn slashed(&mut self) -> Result<Needle, FilterError> {
        let start = self.at + 1;
        let rest = self.text.get(start..).unwrap_or_default();
        let mut escaped = false;
        let end = rest.find(|c| {
            let ends = c == '/' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let end = end.unwrap_or(rest.len());
        self.at = (start + end + 1).min(self.text.len());
        pattern_at(&rest[..end].replace("\\/", "/"), start)
    }

    fn bare(&mut self) -> &'t str {
        self.blank();
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || "()\"".contains(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// A word; where it is a field and an operator follows, a comparison.
    fn word(&mut self) -> Result<Option<Expr>, FilterError> {
        let start = self.at;
        let rest = self.rest();
        let named = |c: char| c.is_alphanumeric() || "_@.-[]".contains(c);
        let name = &rest[..rest.find(|c: char| !named(c)).unwrap_or(rest.len())];
        if !name.is_empty() {
            self.at += name.len();
            if let Some(op) = self.operator() {
                return self.comparison(name, op).map(Some);
            }
            self.at = start;
        }
        let mut word = self.bare().to_owned();
        // `status:"a b"`
        if word.ends_with(':') && self.rest().starts_with('"') {
            word.push_str(&self.quoted());
        }
        if let Some(expr) = self.short(&word, start)? {
            return Ok(expr);
        }
        Needle::text(&word).map(|needle| Some(Expr::Text(needle))).map_err(|message| self.wrong(start, &message))
    }

    /// The short form `status:failed`; the inner `None` asks for nothing yet. A name that rows do not have may be a field of
    /// the lines' JSON, or the text may stand in them as it is: `level:ERROR`, `10.0.3.7:8080`.
    #[expect(clippy::option_option, reason = "no short form, one that asks for nothing yet, and one that does")]
    fn short(&self, word: &str, start: usize) -> Result<Option<Option<Expr>>, FilterError> {
        let Some((name, value)) = word.split_once(':') else { return Ok(None) };
        let Some(part) = Part::named(name, self.rules) else { return self.short_of_json(word, name, value, start) };
        if matches!(value, "" | ">" | "<") {
            return Ok(Some(None));
        }
        let field = Field::named(name, self.rules);
        let seconds = |text: &str| number(text);
        let bound = match (part, value.strip_prefix('>'), value.strip_prefix('<')) {
            (Part::Latency, Some(more), _) => {
                seconds(more).map(|_| Compare::More as fn(Wanted) -> Compare).zip(Some(more))
            }
            (Part::Latency, _, Some(less)) => {
                seconds(less).map(|_| Compare::Less as fn(Wanted) -> Compare).zip(Some(less))
            }
            _ => None,
        };
        let compare = match bound {
            Some((compare, bound)) => compare(self.wanted(bound, start)?),
            None => Compare::Has(Needle::folded(value).map_err(|message| self.wrong(start, &message))?),
        };
        Ok(Some(Some(Expr::Field(Box::new(field), compare))))
    }

    #[expect(clippy::option_option, reason = "as the short form of a column")]
    fn short_of_json(
        &self,
        word: &str,
        name: &str,
        value: &str,
        start: usize,
    ) -> Result<Option<Option<Expr>>, FilterError> {
        let named = |c: char| c.is_alphanumeric() || "_@.-[]".contains(c);
        if value.is_empty()
            || !name.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '@')
            || !name.chars().all(named)
        {
            return Ok(None);
        }
        let wrong = |message: String| self.wrong(start, &message);
        let bound = [('>', Compare::More as fn(Wanted) -> Compare), ('<', Compare::Less)];
        let bound = bound.into_iter().find_map(|(sign, compare)| {
            let bound = value.strip_prefix(sign).filter(|bound| number(bound).is_some())?;
            Some((compare, bound))
        });
        let compare = match bound {
            Some((compare, bound)) => compare(self.wanted(bound, start)?),
            None => Compare::Has(Needle::folded(value).map_err(wrong)?),
        };
        let text = Needle::text(word).map_err(wrong)?;
        let field = Expr::Field(Box::new(Field::named(name, self.rules)), compare);
        Ok(Some(Some(Expr::Any(vec![Expr::Text(text), field]))))
    }

    fn operator(&mut self) -> Option<&'static str> {
        const OPERATORS: [&str; 9] = ["==", "=", "!=", "!~", "<=", "<", ">=", ">", "~"];
        let at = self.at;
        if let Some(op) = OPERATORS.into_iter().find(|op| self.take(op)) {
            return Some(op);
        }
        if self.keyword("contains") {
            return Some("contains");
        }
        self.at = at;
        None
    }

    fn comparison(&mut self, name: &str, op: &str) -> Result<Expr, FilterError> {
        let field = Field::named(name, self.rules);
        let start = {
            self.blank();
            self.at
        };
        if matches!(op, "~" | "!~") {
            let needle = match self.peek() {
                None => return Err(self.wrong(start, &format!("an expression must stand behind `{op}`"))),
                Some('/') if self.rest()[1..].contains('/') => self.slashed()?,
                Some('"') => {
                    let pattern = self.quoted();
                    pattern_at(&pattern, start + 1)?
                }
                Some(_) => {
                    let rest = self.rest();
                    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                    self.at += end;
                    pattern_at(&rest[..end], start)?
                }
            };
            let has = Expr::Field(Box::new(field), Compare::Has(needle));
            return Ok(if op == "~" { has } else { Expr::Not(Box::new(has)) });
        }
        let value = match self.peek() {
            Some('"') => self.quoted(),
            Some(_) => self.bare().to_owned(),
            None => String::new(),
        };
        if self.at == start {
            return Err(self.wrong(start, &format!("a value must stand behind `{op}`")));
        }
        if op == "contains" {
            let needle = Needle::text(&value).map_err(|message| self.wrong(start, &message))?;
            return Ok(Expr::Field(Box::new(field), Compare::Has(needle)));
        }
        let wanted = self.wanted(&value, start)?;
        let ordered = matches!(op, "<" | "<=" | ">" | ">=");
        if ordered && field.part == Some(Part::Latency) && wanted.number.is_none() {
            return Err(self.wrong(start, "a latency compares with seconds, such as 3, 0.5s or 800ms"));
        }
        let not = |expr| Expr::Not(Box::new(expr));
        let test = |compare| Expr::Field(Box::new(field.clone()), compare);
        Ok(match op {
            "!=" => not(test(Compare::Is(wanted))),
            "<" => test(Compare::Less(wanted)),
            ">" => test(Compare::More(wanted)),
            // `a <= 3` wants a field, which `not a > 3` would not.
            "<=" => Expr::Any(vec![test(Compare::Less(wanted.clone())), test(Compare::Is(wanted))]),
            ">=" => Expr::Any(vec![test(Compare::More(wanted.clone())), test(Compare::Is(wanted))]),
            _ => test(Compare::Is(wanted)),
        })
    }

    fn wanted(&self, value: &str, start: usize) -> Result<Wanted, FilterError> {
        let text = Needle::text(value).map_err(|message| self.wrong(start, &message))?;
        Ok(Wanted { text, number: number(value) })
    }
}

/// A number, or seconds with their unit.
fn number(text: &str) -> Option<f64> {
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let scaled = |suffix: &str, factor: f64| Some(number(text.strip_suffix(suffix)?)? * factor);
    number(text).or_else(|| scaled("ms", 0.001)).or_else(|| scaled("s", 1.0)).or_else(|| scaled("m", 60.0))
}

fn join(mut parts: Vec<Expr>, all: impl Fn(Vec<Expr>) -> Expr) -> Option<Expr> {
    if parts.len() > 1 { Some(all(parts)) } else { parts.pop() }
}
