//! Rules of composite alarms.
//!
//! Source: PutCompositeAlarm in the CloudWatch API reference, and "Composite alarms" in the user guide for `AT_LEAST`.

use crate::store::alarm::AlarmState;

/// How deep a rule may nest.
const DEEPEST: usize = 64;

/// A parsed rule, such as `ALARM(a) OR NOT OK("b c")`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// `TRUE` or `FALSE`.
    Fixed(bool),
    /// Whether an alarm, by name, is in a state.
    Is(AlarmState, String),
    /// `NOT x`.
    Not(Box<Rule>),
    /// `x AND y AND …`.
    All(Vec<Rule>),
    /// `x OR y OR …`.
    Any(Vec<Rule>),
    /// `AT_LEAST(2, ALARM, (a, b, c))`.
    AtLeast(AtLeast),
}

/// How many of some alarms must be in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtLeast {
    /// How many: a number, or a percentage of the alarms.
    pub count: Count,
    /// Whether the state is one that they must not be in.
    pub negated: bool,
    /// The state.
    pub state: AlarmState,
    /// The alarms, by name.
    pub names: Vec<String>,
}

/// A number of alarms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Number(usize),
    /// So many in a hundred.
    Percent(usize),
}

impl Rule {
    /// Parses a rule; `NOT` binds tightest, then `AND`, then `OR`. `None` for what is no rule.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parser = Parser { rest: text, depth: 0 };
        let rule = parser.or()?;
        parser.rest.trim_start().is_empty().then_some(rule)
    }

    /// Whether it holds, given the states of alarms; an alarm that does not exist is in no state.
    pub fn holds(&self, of: &dyn Fn(&str) -> Option<AlarmState>) -> bool {
        match self {
            Self::Fixed(value) => *value,
            Self::Is(state, name) => of(name) == Some(*state),
            Self::Not(inner) => !inner.holds(of),
            Self::All(parts) => parts.iter().all(|part| part.holds(of)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(of)),
            Self::AtLeast(least) => least.found(of) >= least.needed(),
        }
    }

    /// The alarms it names, in order of appearance, each once.
    pub fn children(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.collect(&mut names);
        names
    }

    fn collect<'a>(&'a self, names: &mut Vec<&'a str>) {
        let mut add = |name: &'a str| {
            if !names.contains(&name) {
                names.push(name);
            }
        };
        match self {
            Self::Fixed(_) => {}
            Self::Is(_, name) => add(name),
            Self::AtLeast(least) => least.names.iter().for_each(|name| add(name)),
            Self::Not(inner) => inner.collect(names),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.collect(names)),
        }
    }
}

impl AtLeast {
    /// How many alarms it takes.
    pub fn needed(&self) -> usize {
        match self.count {
            Count::Number(number) => number,
            Count::Percent(percent) => (self.names.len() * percent).div_ceil(100),
        }
    }

    /// How many there are.
    pub fn found(&self, of: &dyn Fn(&str) -> Option<AlarmState>) -> usize {
        self.names.iter().filter(|name| (of(name) == Some(self.state)) != self.negated).count()
    }

    /// `AT_LEAST 2 of 3 ALARM`.
    pub fn words(&self) -> String {
        let count = match self.count {
            Count::Number(number) => number.to_string(),
            Count::Percent(percent) => format!("{percent}%"),
        };
        format!(
            "AT_LEAST {count} of {} {}{}",
            self.names.len(),
            if self.negated { "NOT " } else { "" },
            self.state.name()
        )
    }
}

/// The name of an alarm that is referred to by its name or ARN.
pub fn name_of(reference: &str) -> &str {
    match reference.split_once(":alarm:") {
        Some((head, name)) if head.starts_with("arn:") => name,
        Some(_) | None => reference,
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
        let is_word = word.starts_with(|c: char| c.is_ascii_alphabetic());
        if is_word && after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
            return false;
        }
        self.rest = &rest[word.len()..];
        true
    }

    fn or(&mut self) -> Option<Rule> {
        let mut parts = vec![self.and()?];
        while self.word("OR") {
            parts.push(self.and()?);
        }
        Some(if parts.len() == 1 { parts.remove(0) } else { Rule::Any(parts) })
    }

    fn and(&mut self) -> Option<Rule> {
        let mut parts = vec![self.not()?];
        while self.word("AND") {
            parts.push(self.not()?);
        }
        Some(if parts.len() == 1 { parts.remove(0) } else { Rule::All(parts) })
    }

    fn not(&mut self) -> Option<Rule> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let rule = if self.word("NOT") { Rule::Not(Box::new(self.not()?)) } else { self.operand()? };
        self.depth -= 1;
        Some(rule)
    }

    fn operand(&mut self) -> Option<Rule> {
        if self.word("(") {
            let inner = self.or()?;
            return self.word(")").then_some(inner);
        }
        for (word, value) in [("TRUE", true), ("FALSE", false)] {
            if self.word(word) {
                return Some(Rule::Fixed(value));
            }
        }
        if self.word("AT_LEAST") {
            return self.at_least();
        }
        let state = self.state()?;
        self.word("(").then_some(())?;
        let name = self.name(&[')'])?;
        self.word(")").then_some(Rule::Is(state, name))
    }

    fn state(&mut self) -> Option<AlarmState> {
        let states = [AlarmState::Alarm, AlarmState::Ok, AlarmState::InsufficientData];
        states.into_iter().find(|state| self.word(state.name()))
    }

    fn at_least(&mut self) -> Option<Rule> {
        self.word("(").then_some(())?;
        let rest = self.rest.trim_start();
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: usize = rest[..digits].parse().ok()?;
        self.rest = &rest[digits..];
        let count = if self.word("%") { Count::Percent(number) } else { Count::Number(number) };
        self.word(",").then_some(())?;
        let negated = self.word("NOT");
        let state = self.state()?;
        self.word(",").then_some(())?;
        self.word("(").then_some(())?;
        let mut names = vec![self.name(&[',', ')'])?];
        while self.word(",") {
            names.push(self.name(&[',', ')'])?);
        }
        (self.word(")") && self.word(")")).then_some(Rule::AtLeast(AtLeast { count, negated, state, names }))
    }

    fn name(&mut self, ends: &[char]) -> Option<String> {
        let rest = self.rest.trim_start();
        let quote = rest.chars().next().filter(|c| ['"', '\''].contains(c));
        let (name, after) = match quote {
            Some(quote) => rest[1..].split_once(quote)?,
            None => rest.split_at(rest.find(ends)?),
        };
        self.rest = after;
        let name = name_of(name.trim());
        (!name.is_empty()).then(|| name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Option<AlarmState> {
        match name {
            "firing" | "too" => Some(AlarmState::Alarm),
            "fine" | "b c" => Some(AlarmState::Ok),
            "silent" => Some(AlarmState::InsufficientData),
            _ => None,
        }
    }

    #[test]
    fn rules_hold_as_they_read() {
        let cases = [
            ("ALARM(firing)", true),
            ("ALARM(fine) OR ALARM(firing)", true),
            ("ALARM(firing) AND OK(fine)", true),
            ("ALARM(firing) AND NOT OK(\"b c\")", false),
            ("ALARM('firing')", true),
            ("NOT (ALARM(fine) OR INSUFFICIENT_DATA(silent))", false),
            ("FALSE OR TRUE AND FALSE", false),
            ("TRUE", true),
            ("NOT ALARM(unknown) AND NOT OK(unknown)", true),
            ("(ALARM(firing))", true),
            ("ALARM(arn:aws:cloudwatch:us-east-1:1:alarm:firing)", true),
            ("AT_LEAST(2, ALARM, (firing, too, fine))", true),
            ("AT_LEAST(3, ALARM, (firing, \"too\", fine))", false),
            ("AT_LEAST(60%, NOT OK, (firing, silent, fine))", true),
            ("AT_LEAST(70%, NOT OK, (firing, silent, fine)) OR FALSE", false),
        ];
        for (text, holds) in cases {
            assert_eq!(Rule::parse(text).expect(text).holds(&of), holds, "{text}");
        }
    }

    #[test]
    fn children_come_once_and_in_order() {
        let rule = Rule::parse("ALARM(b) OR (OK(a) AND NOT ALARM(b)) OR AT_LEAST(1, OK, (c, a))").expect("valid");
        assert_eq!(rule.children(), ["b", "a", "c"]);
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        let deep = "NOT ".repeat(1000) + "TRUE";
        for text in [
            "",
            "ALARM",
            "ALARM(",
            "ALARM()",
            "a OR b",
            "ALARM(a) ALARM(b)",
            "TRUE OR",
            "(TRUE",
            "ALARMS(a)",
            "AT_LEAST(2, ALARM)",
            "AT_LEAST(x, ALARM, (a))",
            "AT_LEAST(99999999999999999999999, ALARM, (a))",
            &deep,
        ] {
            assert_eq!(Rule::parse(text), None, "{text}");
        }
    }
}
