//! JSON expressions: `{ $.status = "FAILED" && ($.latency >= 3 || $.reason IS NULL) }`.

use std::ops::Range;

use serde_json::Value;

use super::PatternError;
use super::operand::Test;
use super::place;
use super::scan::Scanner;

/// Parentheses and operators may nest this deep.
const DEPTH: usize = 64;

/// Wildcard selectors that one pattern may hold; CloudWatch Logs' limit.
const WILDCARDS: usize = 3;

/// A condition on a JSON object; an event that is none does not match.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct JsonPattern(Condition);

#[derive(Debug, Clone, PartialEq)]
enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Compare(Selector, Test),
    Null(Selector),
    Bool(Selector, bool),
    Exists(Selector, bool),
}

/// The way from the root to a value: `$.users[0].id`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Selector(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
    /// Any element of an array, any member of an object.
    Every,
}

impl JsonPattern {
    pub(super) fn parse(scanner: &mut Scanner<'_>) -> Result<Self, PatternError> {
        scanner.eat("{");
        let condition = any(scanner, DEPTH)?;
        if !scanner.eat("}") {
            return scanner.fail(match scanner.peek() {
                None => "If a filter pattern starts with '{' it must end with '}'",
                Some(_) => "expected `&&`, `||` or `}`",
            });
        }
        scanner.end()?;
        if condition.wildcards() > WILDCARDS {
            return scanner.fail("a pattern holds at most three wildcards in its selectors");
        }
        Ok(Self(condition))
    }

    /// Whether nothing can fulfil it whose property of this name is not this boolean.
    pub(super) fn demands(&self, property: &str, value: bool) -> bool {
        self.0.demands(property, value)
    }

    /// The properties that fulfilled it, names and values.
    pub(super) fn explain(&self, message: &str) -> Vec<Range<usize>> {
        let Ok(value) = serde_json::from_str::<Value>(message) else { return Vec::new() };
        let mut found = Vec::new();
        self.0.reasons(&value, &mut found);
        found.iter().filter_map(|path| place::of(message, path)).collect()
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        // Parsing is dear: first see whether the words are there at all. An escaped letter could hide them.
        let escaped = || message.contains("\\u");
        if !message.trim_start().starts_with(['{', '[']) || !(self.0.is_possible(message) || escaped()) {
            return false;
        }
        serde_json::from_str(message).is_ok_and(|value| self.0.holds(&value))
    }
}

impl Condition {
    /// Whether the text holds the words that the condition can't do without.
    fn is_possible(&self, message: &str) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.is_possible(message)),
            Self::Any(parts) => parts.iter().any(|part| part.is_possible(message)),
            Self::Compare(selector, test) => {
                test.required().is_none_or(|text| message.contains(text)) && selector.is_possible(message)
            }
            Self::Null(selector) | Self::Bool(selector, _) | Self::Exists(selector, true) => {
                selector.is_possible(message)
            }
            Self::Exists(_, false) => true,
        }
    }

    fn holds(&self, root: &Value) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(root)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(root)),
            Self::Compare(selector, test) => selector.any(root, &|value| passes(test, value)),
            Self::Null(selector) => selector.any(root, &Value::is_null),
            Self::Bool(selector, wanted) => selector.any(root, &|value| value.as_bool() == Some(*wanted)),
            Self::Exists(selector, wanted) => selector.any(root, &|_| true) == *wanted,
        }
    }

    /// Collects the ways to the values that made it hold; whether it holds.
    fn reasons(&self, root: &Value, found: &mut Vec<Vec<Step>>) -> bool {
        let before = found.len();
        let holds = match self {
            // No `all` or `any`: each part has its reasons to tell.
            Self::All(parts) => parts.iter().filter(|part| part.reasons(root, found)).count() == parts.len(),
            Self::Any(parts) => parts.iter().filter(|part| part.reasons(root, found)).count() > 0,
            Self::Compare(selector, test) => selector.ways(root, &|value| passes(test, value), found),
            Self::Null(selector) => selector.ways(root, &Value::is_null, found),
            Self::Bool(selector, wanted) => selector.ways(root, &|value| value.as_bool() == Some(*wanted), found),
            Self::Exists(selector, true) => selector.ways(root, &|_| true, found),
            Self::Exists(selector, false) => !selector.any(root, &|_| true),
        };
        if !holds {
            found.truncate(before);
        }
        holds
    }

    fn demands(&self, property: &str, value: bool) -> bool {
        match self {
            Self::All(parts) => parts.iter().any(|part| part.demands(property, value)),
            Self::Any(parts) => parts.iter().all(|part| part.demands(property, value)),
            Self::Bool(Selector(steps), wanted) => {
                *wanted == value && matches!(steps.as_slice(), [Step::Key(key)] if key == property)
            }
            Self::Compare(..) | Self::Null(_) | Self::Exists(..) => false,
        }
    }

    fn wildcards(&self) -> usize {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().map(Self::wildcards).sum(),
            Self::Compare(selector, _) | Self::Null(selector) | Self::Bool(selector, _) | Self::Exists(selector, _) => {
                selector.0.iter().filter(|step| **step == Step::Every).count()
            }
        }
    }
}

/// Whether a value passes; an object, an array or null passes no comparison, not even `!=`.
fn passes(test: &Test, value: &Value) -> bool {
    match value {
        Value::String(string) => test.holds_for_string(string),
        Value::Number(number) => number.as_f64().is_some_and(|float| test.holds_for_number(float, &number.to_string())),
        Value::Bool(flag) => test.holds_for_string(if *flag { "true" } else { "false" }),
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

impl Selector {
    fn parse(scanner: &mut Scanner<'_>) -> Result<Self, PatternError> {
        if !scanner.eat("$") {
            return scanner.fail("expected a property selector such as `$.status`");
        }
        let mut steps = Vec::new();
        loop {
            match scanner.peek() {
                // The user guide writes `$.['cluster.name']`.
                Some('.') if scanner.rest().starts_with(".[") => scanner.at += 1,
                Some('.') if scanner.rest().starts_with(".*") => {
                    scanner.at += 2;
                    steps.push(Step::Every);
                }
                Some('.') => {
                    scanner.at += 1;
                    let key = scanner.take(|it| it.is_alphanumeric() || matches!(it, '_' | '-'));
                    if key.is_empty() {
                        return scanner.fail("expected the name of a property");
                    }
                    steps.push(Step::Key(key.to_owned()));
                }
                Some('[') => steps.push(bracketed(scanner)?),
                _ if steps.is_empty() => return scanner.fail("expected `.` and the name of a property"),
                _ => break,
            }
        }
        if steps.iter().filter(|step| **step == Step::Every).count() > 1 {
            return scanner.fail("a property selector holds at most one wildcard");
        }
        Ok(Self(steps))
    }

    fn is_possible(&self, message: &str) -> bool {
        self.0.iter().all(|step| match step {
            Step::Key(key) => !key.is_ascii() || message.contains(key.as_str()),
            Step::Index(_) | Step::Every => true,
        })
    }

    /// Whether a value that it selects passes.
    fn any(&self, root: &Value, passes: &dyn Fn(&Value) -> bool) -> bool {
        self.ways(root, passes, &mut Vec::new())
    }

    /// Collects the ways to the selected values that pass; whether there is one.
    fn ways(&self, root: &Value, passes: &dyn Fn(&Value) -> bool, found: &mut Vec<Vec<Step>>) -> bool {
        let before = found.len();
        walk(root, &self.0, &mut Vec::new(), passes, found);
        found.len() > before
    }
}

fn walk(
    value: &Value,
    steps: &[Step],
    way: &mut Vec<Step>,
    passes: &dyn Fn(&Value) -> bool,
    found: &mut Vec<Vec<Step>>,
) {
    let Some((step, rest)) = steps.split_first() else {
        if passes(value) {
            found.push(way.clone());
        }
        return;
    };
    let mut go = |step: Step, value: &Value| {
        way.push(step);
        walk(value, rest, way, passes, found);
        way.pop();
    };
    match (step, value) {
        (Step::Key(key), Value::Object(members)) => {
            members.get(key).into_iter().for_each(|value| go(step.clone(), value));
        }
        (Step::Index(index), Value::Array(items)) => {
            items.get(*index).into_iter().for_each(|value| go(step.clone(), value));
        }
        (Step::Every, Value::Object(members)) => {
            members.iter().for_each(|(key, value)| go(Step::Key(key.clone()), value));
        }
        (Step::Every, Value::Array(items)) => {
            items.iter().enumerate().for_each(|(index, value)| go(Step::Index(index), value));
        }
        (Step::Key(_) | Step::Index(_) | Step::Every, _) => {}
    }
}

/// `[0]`, `[*]`, or a quoted name: `['with.dot']`, `["with.dot"]`.
fn bracketed(scanner: &mut Scanner<'_>) -> Result<Step, PatternError> {
    scanner.at += 1;
    let step = match scanner.peek() {
        Some('"') => Step::Key(scanner.quoted()?),
        Some('*') => {
            scanner.at += 1;
            Step::Every
        }
        Some('\'') => {
            scanner.at += 1;
            let key = scanner.take(|it| it != '\'').to_owned();
            if !scanner.eat("'") {
                return scanner.fail("this name is never closed");
            }
            Step::Key(key)
        }
        _ => match scanner.take(|it| it.is_ascii_digit()).parse() {
            Ok(index) => Step::Index(index),
            Err(_) => return scanner.fail("expected the number of an element"),
        },
    };
    if scanner.eat("]") { Ok(step) } else { scanner.fail("expected `]`") }
}

fn any(scanner: &mut Scanner<'_>, depth: usize) -> Result<Condition, PatternError> {
    let mut parts = vec![all(scanner, depth)?];
    while scanner.eat("||") {
        parts.push(all(scanner, depth)?);
    }
    Ok(single(parts).unwrap_or_else(Condition::Any))
}

fn all(scanner: &mut Scanner<'_>, depth: usize) -> Result<Condition, PatternError> {
    let mut parts = vec![one(scanner, depth)?];
    while scanner.eat("&&") {
        parts.push(one(scanner, depth)?);
    }
    Ok(single(parts).unwrap_or_else(Condition::All))
}

/// The only part, or all of them back.
fn single(mut parts: Vec<Condition>) -> Result<Condition, Vec<Condition>> {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => Ok(only),
        (last, _) => {
            parts.extend(last);
            Err(parts)
        }
    }
}

fn one(scanner: &mut Scanner<'_>, depth: usize) -> Result<Condition, PatternError> {
    let Some(depth) = depth.checked_sub(1) else { return scanner.fail("too many parentheses") };
    if scanner.eat("(") {
        let inner = any(scanner, depth)?;
        return if scanner.eat(")") { Ok(inner) } else { scanner.fail("expected `)`") };
    }
    let selector = Selector::parse(scanner)?;
    if scanner.eat_word("EXISTS") {
        return Ok(Condition::Exists(selector, true));
    }
    if scanner.eat_word("NOT") {
        if scanner.eat_word("EXISTS") {
            return Ok(Condition::Exists(selector, false));
        }
        return scanner.fail("expected EXISTS");
    }
    if !scanner.eat_word("IS") {
        return Test::parse(scanner).map(|test| Condition::Compare(selector, test));
    }
    match () {
        () if scanner.eat_word("NULL") => Ok(Condition::Null(selector)),
        () if scanner.eat_word("TRUE") => Ok(Condition::Bool(selector, true)),
        () if scanner.eat_word("FALSE") => Ok(Condition::Bool(selector, false)),
        () => scanner.fail("expected TRUE, FALSE or NULL"),
    }
}
