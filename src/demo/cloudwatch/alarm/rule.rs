//! Rules of composite alarms.

use crate::store::alarm::AlarmState;

/// How deep a rule may nest.
const DEEPEST: usize = 64;

/// A parsed rule, such as `ALARM(a) OR NOT OK("b c")`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Composite {
    /// `TRUE` or `FALSE`.
    Fixed(bool),
    /// Whether an alarm, by name or ARN, is in a state.
    Is(AlarmState, String),
    /// `NOT x`.
    Not(Box<Composite>),
    /// `x AND y`.
    And(Box<Composite>, Box<Composite>),
    /// `x OR y`.
    Or(Box<Composite>, Box<Composite>),
}

impl Composite {
    /// Parses a rule; `NOT` binds tightest, then `AND`, then `OR`. `None` for what is no rule.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parser = Parser { rest: text, depth: 0 };
        let rule = parser.or()?;
        parser.rest.trim_start().is_empty().then_some(rule)
    }

    /// Whether it holds, given the states of alarms; an alarm that does not exist is in no state.
    pub(super) fn holds(&self, of: &dyn Fn(&str) -> Option<AlarmState>) -> bool {
        match self {
            Self::Fixed(value) => *value,
            Self::Is(state, name) => of(name) == Some(*state),
            Self::Not(inner) => !inner.holds(of),
            Self::And(left, right) => left.holds(of) && right.holds(of),
            Self::Or(left, right) => left.holds(of) || right.holds(of),
        }
    }

    /// The alarms it names, in order of appearance, each once.
    pub(super) fn children(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.collect(&mut names);
        names
    }

    fn collect<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Self::Fixed(_) => {}
            Self::Is(_, name) => {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
            Self::Not(inner) => inner.collect(names),
            Self::And(left, right) | Self::Or(left, right) => {
                left.collect(names);
                right.collect(names);
            }
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl Parser<'_> {
    fn word(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start();
        let Some(after) = rest.strip_prefix(word) else { return false };
        if word != "(" && word != ")" && after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
            return false;
        }
        self.rest = &rest[word.len()..];
        true
    }

    fn or(&mut self) -> Option<Composite> {
        let mut left = self.and()?;
        while self.word("OR") {
            left = Composite::Or(Box::new(left), Box::new(self.and()?));
        }
        Some(left)
    }

    fn and(&mut self) -> Option<Composite> {
        let mut left = self.not()?;
        while self.word("AND") {
            left = Composite::And(Box::new(left), Box::new(self.not()?));
        }
        Some(left)
    }

    fn not(&mut self) -> Option<Composite> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let rule = if self.word("NOT") { Composite::Not(Box::new(self.not()?)) } else { self.operand()? };
        self.depth -= 1;
        Some(rule)
    }

    fn operand(&mut self) -> Option<Composite> {
        if self.word("(") {
            let inner = self.or()?;
            return self.word(")").then_some(inner);
        }
        for (word, value) in [("TRUE", true), ("FALSE", false)] {
            if self.word(word) {
                return Some(Composite::Fixed(value));
            }
        }
        let states = [AlarmState::Alarm, AlarmState::Ok, AlarmState::InsufficientData];
        let state = states.into_iter().find(|state| self.word(state.name()))?;
        self.word("(").then_some(())?;
        let name = self.name()?;
        self.word(")").then_some(Composite::Is(state, name))
    }

    fn name(&mut self) -> Option<String> {
        let rest = self.rest.trim_start();
        let (name, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => rest.split_at(rest.find(')')?),
        };
        self.rest = after;
        let name = name.trim();
        (!name.is_empty()).then(|| name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_hold_as_they_read() {
        let of = |name: &str| match name {
            "firing" => Some(AlarmState::Alarm),
            "fine" | "b c" => Some(AlarmState::Ok),
            "silent" => Some(AlarmState::InsufficientData),
            _ => None,
        };
        let cases = [
            ("ALARM(firing)", true),
            ("ALARM(fine) OR ALARM(firing)", true),
            ("ALARM(firing) AND OK(fine)", true),
            ("ALARM(firing) AND NOT OK(\"b c\")", false),
            ("NOT (ALARM(fine) OR INSUFFICIENT_DATA(silent))", false),
            ("FALSE OR TRUE AND FALSE", false),
            ("TRUE", true),
            ("NOT ALARM(unknown) AND NOT OK(unknown)", true),
            ("(ALARM(firing))", true),
        ];
        for (text, holds) in cases {
            assert_eq!(Composite::parse(text).expect(text).holds(&of), holds, "{text}");
        }
    }

    #[test]
    fn children_come_once_and_in_order() {
        let rule = Composite::parse("ALARM(b) OR (OK(a) AND NOT ALARM(b))").expect("valid");
        assert_eq!(rule.children(), ["b", "a"]);
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        let deep = "NOT ".repeat(1000) + "TRUE";
        for text in
            ["", "ALARM", "ALARM(", "ALARM()", "a OR b", "ALARM(a) ALARM(b)", "TRUE OR", "(TRUE", "ALARMS(a)", &deep]
        {
            assert_eq!(Composite::parse(text), None, "{text}");
        }
    }
}
