//! Space-delimited fields: `[ip, user, ..., status_code = 4*, bytes > 1000]`.

use std::ops::Range;

use super::PatternError;
use super::operand::Test;
use super::scan::{Scanner, error};

/// The fields of a line in their order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SpacePattern {
    /// Fields from the start of the line.
    head: Vec<Condition>,
    /// Where there is an ellipsis: fields up to the end of the line.
    tail: Option<Vec<Condition>>,
}

/// What one field must fulfil: any of these groups, all tests of it. No group asks for nothing.
type Condition = Vec<Vec<Test>>;

impl SpacePattern {
    pub(super) fn parse(scanner: &mut Scanner<'_>) -> Result<Self, PatternError> {
        scanner.eat("[");
        let mut head = Vec::new();
        let mut tail: Option<Vec<Condition>> = None;
        loop {
            scanner.skip_space();
            let at = scanner.at;
            if scanner.eat("...") || scanner.eat("…") {
                if tail.replace(Vec::new()).is_some() {
                    return Err(error(at, "only one ellipsis fits into a pattern"));
                }
            } else {
                tail.as_mut().unwrap_or(&mut head).push(field(scanner)?);
            }
            if scanner.eat(",") {
                continue;
            }
            if !scanner.eat("]") {
                return scanner.fail("expected `,` or `]`");
            }
            scanner.end()?;
            return Ok(Self { head, tail });
        }
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        self.places(message).is_some()
    }

    /// The fields that had a condition to fulfil.
    pub(super) fn explain(&self, message: &str) -> Vec<Range<usize>> {
        let conditioned = self.places(message).unwrap_or_default().into_iter().filter(|(asks, _)| *asks);
        conditioned.map(|(_, place)| place).collect()
    }

    /// Each named field's place, and whether a condition is asked of it; `None` where the line does not match.
    ///
    /// Without an ellipsis the last field takes what is left of the line: the patterns that AWS offers for Lambda's logs
    /// (`[timestamp=*Z, request_id="*-*", event]`) and the user guide's `[w1=ERROR, w2]` count on it.
    fn places(&self, message: &str) -> Option<Vec<(bool, Range<usize>)>> {
        let mut fields = fields(message);
        let count = self.head.len();
        let pairs: Vec<(&Condition, Range<usize>)> = match &self.tail {
            None if fields.len() < count => return None,
            None => {
                if fields.len() > count
                    && let Some(last) = fields.get_mut(count.saturating_sub(1))
                {
                    *last = whole(message, last.start)..message.trim_end().len();
                }
                self.head.iter().zip(fields).collect()
            }
            Some(tail) => {
                let from = fields.len().checked_sub(tail.len()).filter(|from| *from >= count)?;
                let tail = tail.iter().zip(fields[from..].iter().cloned());
                self.head.iter().zip(fields.iter().cloned()).chain(tail).collect()
            }
        };
        let holds = |(condition, place): &(&Condition, Range<usize>)| hold(condition, &message[place.clone()]);
        if !pairs.iter().all(holds) {
            return None;
        }
        Some(pairs.into_iter().map(|(condition, place)| (!condition.is_empty(), place)).collect())
    }
}

fn hold(condition: &Condition, field: &str) -> bool {
    condition.is_empty() || condition.iter().any(|tests| tests.iter().all(|test| test.holds_for_text(field)))
}

/// Where a field begins that starts at a place, its bracket or quote included.
fn whole(message: &str, start: usize) -> usize {
    if message[..start].ends_with(['[', '"']) { start - 1 } else { start }
}

/// One field: its name, perhaps with conditions that repeat the name; or nothing at all.
fn field(scanner: &mut Scanner<'_>) -> Result<Condition, PatternError> {
    let enclosed = scanner.eat("(");
    let name = name(scanner);
    scanner.skip_space();
    if name.is_empty() {
        return match scanner.peek() {
            Some(',' | ']') if !enclosed => Ok(Vec::new()),
            Some(strange) => scanner.fail(&format!("Invalid character(s) in term '{strange}'")),
            None => scanner.fail("If a filter pattern starts with '[' it must end with ']'"),
        };
    }
    if matches!(scanner.peek(), Some(',' | ']')) && !enclosed {
        return Ok(Vec::new());
    }
    if scanner.peek().is_none() {
        return scanner.fail("If a filter pattern starts with '[' it must end with ']'");
    }
    let mut condition = vec![vec![Test::parse(scanner)?]];
    loop {
        let and = scanner.eat("&&");
        if !and && !scanner.eat("||") {
            break;
        }
        scanner.skip_space();
        let at = scanner.at;
        if self::name(scanner) != name {
            return Err(error(at, "the conditions of one field must all name it"));
        }
        let test = Test::parse(scanner)?;
        match condition.last_mut() {
            Some(group) if and => group.push(test),
            _ => condition.push(vec![test]),
        }
    }
    if enclosed && !scanner.eat(")") {
        return scanner.fail("expected `)`");
    }
    Ok(condition)
}

fn name<'a>(scanner: &mut Scanner<'a>) -> &'a str {
    scanner.skip_space();
    scanner.take(|it| it.is_alphanumeric() || matches!(it, '_' | '-' | '@' | '$'))
}

/// The places of a line's fields: words, and what stands between square brackets or double quotes.
fn fields(message: &str) -> Vec<Range<usize>> {
    let mut fields = Vec::new();
    let mut at = message.len() - message.trim_start().len();
    let end = message.trim_end().len();
    while at < end {
        let rest = &message[at..end];
        let closing = match rest.as_bytes()[0] {
            b'[' => Some(']'),
            b'"' => Some('"'),
            _ => None,
        };
        let enclosed = closing.and_then(|closing| rest[1..].find(closing));
        let after = if let Some(length) = enclosed {
            fields.push(at + 1..at + 1 + length);
            at + length + 2
        } else {
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            fields.push(at..at + length);
            at + length
        };
        at = end - message[after..end].trim_start().len();
    }
    fields
}
