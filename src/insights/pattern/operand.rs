//! What a field is compared with.

use std::ops::Range;

use regex::Regex;

use super::PatternError;
use super::scan::{Scanner, error};

/// A comparison with a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Test {
    pub(super) operator: Operator,
    pub(super) operand: Operand,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    Different,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    Text(Wild),
    /// A number, and how it was written.
    Number(f64, String),
    Expression(Expression),
}

/// Text that may go on before or after: `*tail`, `head*`, `*middle*`; an asterisk elsewhere is an asterisk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wild {
    pub(super) text: String,
    pub(super) open_before: bool,
    pub(super) open_after: bool,
}

/// A regular expression; two are equal when they are written alike.
#[derive(Debug, Clone)]
pub(super) struct Expression(Regex);

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Expression {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Regex::new(&translated(text)).ok().map(Self)
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// Every place of a text that it matches.
    pub(super) fn places(&self, text: &str) -> Vec<Range<usize>> {
        self.0.find_iter(text).map(|found| found.range()).collect()
    }
}

/// A regular expression of CloudWatch Logs as the `regex` crate takes it: classes are of ASCII, and a repetition may
/// leave out its minimum.
fn translated(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match (character, rest.peek()) {
            ('\\', Some(&class)) => {
                rest.next();
                match class {
                    'd' => out.push_str("[0-9]"),
                    'D' => out.push_str("[^0-9]"),
                    'w' => out.push_str("[a-zA-Z_0-9]"),
                    'W' => out.push_str("[^a-zA-Z_0-9]"),
                    other => out.extend(['\\', other]),
                }
            }
            ('{', Some(',')) => out.push_str("{0"),
            (other, _) => out.push(other),
        }
    }
    out
}

impl Wild {
    fn parse(text: &str) -> Self {
        let (open_before, text) = text.strip_prefix('*').map_or((false, text), |rest| (true, rest));
        let (open_after, text) = text.strip_suffix('*').map_or((false, text), |rest| (true, rest));
        Self { text: text.to_owned(), open_before: open_before || (text.is_empty() && open_after), open_after }
    }

    fn matches(&self, text: &str) -> bool {
        match (self.open_before, self.open_after) {
            (true, true) => text.contains(&self.text),
            (true, false) => text.ends_with(&self.text),
            (false, true) => text.starts_with(&self.text),
            (false, false) => text == self.text,
        }
    }
}

impl Test {
    /// Reads an operator and its operand.
    pub(super) fn parse(scanner: &mut Scanner<'_>) -> Result<Self, PatternError> {
        scanner.skip_space();
        let Some(operator) = Operator::parse(scanner) else {
            return scanner.fail("expected one of = != < <= > >=");
        };
        scanner.skip_space();
        let at = scanner.at;
        let operand = match scanner.peek() {
            Some('"') => Operand::Text(Wild::parse(&scanner.quoted()?)),
            Some('%') => Operand::Expression(scanner.expression()?),
            _ => bare(scanner)?,
        };
        let ordered = !matches!(operator, Operator::Equal | Operator::Different);
        if ordered && !matches!(operand, Operand::Number(..)) {
            return Err(error(at, "< <= > >= compare numbers only"));
        }
        Ok(Self { operator, operand })
    }

    /// Whether it holds for a text, which is a number too where it reads like one.
    pub(super) fn holds_for_text(&self, text: &str) -> bool {
        match (&self.operand, text.parse::<f64>()) {
            (Operand::Number(..), Ok(number)) => self.holds_for_number(number, text),
            (Operand::Number(..), Err(_)) => self.operator == Operator::Different,
            _ => self.holds_for_string(text),
        }
    }

    /// Whether it holds for a string that is no number.
    pub(super) fn holds_for_string(&self, text: &str) -> bool {
        let equal = match &self.operand {
            Operand::Text(wild) => wild.matches(text),
            Operand::Number(_, written) => written == text,
            Operand::Expression(expression) => expression.matches(text),
        };
        match self.operator {
            Operator::Equal => equal,
            Operator::Different => !equal,
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => false,
        }
    }

    /// Whether it holds for a number, written as `text`.
    #[expect(clippy::float_cmp, reason = "a filter asks for exactly this number")]
    pub(super) fn holds_for_number(&self, number: f64, text: &str) -> bool {
        let Operand::Number(wanted, _) = &self.operand else { return self.holds_for_string(text) };
        match self.operator {
            Operator::Equal => number == *wanted,
            Operator::Different => number != *wanted,
            Operator::Less => number < *wanted,
            Operator::LessOrEqual => number <= *wanted,
            Operator::Greater => number > *wanted,
            Operator::GreaterOrEqual => number >= *wanted,
        }
    }

    /// Text without which it can't hold, where there is such.
    pub(super) fn required(&self) -> Option<&str> {
        let plain = |it: char| it.is_ascii_alphanumeric() || "_-.: ".contains(it);
        match (self.operator, &self.operand) {
            (Operator::Equal, Operand::Text(wild)) if wild.text.chars().all(plain) => Some(&wild.text),
            _ => None,
        }
    }
}

impl Operator {
    fn parse(scanner: &mut Scanner<'_>) -> Option<Self> {
        let table = [
            ("!=", Self::Different),
            ("<=", Self::LessOrEqual),
            (">=", Self::GreaterOrEqual),
            ("=", Self::Equal),
            ("<", Self::Less),
            (">", Self::Greater),
        ];
        table.into_iter().find(|(sign, _)| scanner.eat(sign)).map(|(_, operator)| operator)
    }
}

/// A value without quotes: letters, digits and the few signs that names and addresses are written with.
fn bare(scanner: &mut Scanner<'_>) -> Result<Operand, PatternError> {
    let text = scanner.take(|it| it.is_alphanumeric() || "_-.*:/+#".contains(it));
    if text.is_empty() {
        return match scanner.peek() {
            Some(strange) if !"]})&|,".contains(strange) => {
                scanner.fail(&format!("Invalid character(s) in term '{strange}'"))
            }
            _ => scanner.fail("expected a value"),
        };
    }
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    let number = text.parse::<f64>().ok().filter(|number| digits && number.is_finite());
    Ok(number.map_or_else(|| Operand::Text(Wild::parse(text)), |number| Operand::Number(number, text.to_owned())))
}
