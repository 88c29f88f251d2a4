//! Space-delimited fields: `[ip, user, ..., status_code = 4*, bytes > 1000]`.

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
        let fields = fields(message);
        let Some(tail) = &self.tail else { return fields.len() == self.head.len() && hold(&self.head, &fields) };
        let Some(from) = fields.len().checked_sub(tail.len()) else { return false };
        from >= self.head.len() && hold(&self.head, &fields) && hold(tail, &fields[from..])
    }
}

fn hold(conditions: &[Condition], fields: &[&str]) -> bool {
    conditions.iter().zip(fields).all(|(condition, field)| {
        condition.is_empty() || condition.iter().any(|tests| tests.iter().all(|test| test.holds_for_text(field)))
    })
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

/// The fields of a line: words, and what stands between square brackets or double quotes.
fn fields(message: &str) -> Vec<&str> {
    let mut fields = Vec::new();
    let mut rest = message.trim();
    while !rest.is_empty() {
        let closing = match rest.as_bytes()[0] {
            b'[' => Some(']'),
            b'"' => Some('"'),
            _ => None,
        };
        let enclosed = closing.and_then(|closing| rest[1..].find(closing));
        let (field, after) = match enclosed {
            Some(length) => (&rest[1..=length], &rest[length + 2..]),
            None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        fields.push(field);
        rest = after.trim_start();
    }
    fields
}
