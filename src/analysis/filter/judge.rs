//! Judging lines: what costs nothing first, then texts, then fields.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset};

use super::field::{Field, Part};
use super::find::Find;
use super::value::Value;
use super::{Compare, Expr, Filter};
use crate::board::Status;
use crate::store::lines::Kind;

/// A line as a filter looks at it.
#[derive(Debug, Clone, Copy)]
pub struct LineView<'l> {
    /// Its time, in milliseconds since the epoch.
    pub ms: i64,
    /// What it is.
    pub kind: Kind,
    /// Its text, of UTF-8.
    pub text: &'l [u8],
}

/// A filter made ready for many lines.
#[derive(Debug, Clone)]
pub struct Judge {
    expr: Option<Expr>,
    /// Which kinds can pass at all.
    kinds: [bool; Kind::COUNT],
    find: Find,
    /// Whether a line in which `find` finds something passes, without more ado.
    is_whole: bool,
    /// Whether the kind of a line is all that decides.
    is_by_kind: bool,
    sole: Option<Sole>,
    offset: FixedOffset,
}

/// The one field that a filter compares: where its name stands in a line, the value behind it is judged in place.
#[derive(Debug, Clone)]
pub struct Sole {
    field: Field,
    /// One of these must hold.
    compares: Vec<Compare>,
}

impl Sole {
    fn of(expr: &Expr) -> Option<Self> {
        let parts = match expr {
            Expr::Any(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        let mut sole: Option<Self> = None;
        for part in parts {
            let Expr::Field(field, compare) = part else { return None };
            if !field.is_bare() || matches!(field.part, Some(Part::Time | Part::Status)) {
                return None;
            }
            match &mut sole {
                None => sole = Some(Self { field: (**field).clone(), compares: vec![compare.clone()] }),
                Some(sole) if sole.field == **field => sole.compares.push(compare.clone()),
                Some(_) => return None,
            }
        }
        sole
    }

    /// Whether a line passes, by what its name at a byte of it is followed by; `false` leaves open what stands further on.
    pub fn passes_at(&self, text: &[u8], at: usize) -> bool {
        self.field.value_at(text, at).is_some_and(|value| self.compares.iter().any(|compare| compare.holds(&value)))
    }
}

/// The status that a kind of line gives a request.
const fn status(kind: Kind) -> Option<Status> {
    match kind {
        Kind::Other | Kind::Trouble => None,
        Kind::Start => Some(Status::Pending),
        Kind::Success => Some(Status::Success),
        Kind::Failed => Some(Status::Failed),
    }
}

const KINDS: [Kind; Kind::COUNT] = [Kind::Other, Kind::Trouble, Kind::Start, Kind::Success, Kind::Failed];

impl Judge {
    /// A judge of lines, whose times are written with this offset from UTC.
    pub fn new(filter: &Filter, offset: FixedOffset) -> Self {
        let expr = filter.expr().cloned();
        let by_kind = KINDS.map(|kind| expr.as_ref().map_or(Some(true), |expr| can_pass(expr, kind)));
        let sole = expr.as_ref().and_then(Sole::of);
        let find = expr.as_ref().map_or(Find::Nothing, needed);
        let find = match &sole {
            Some(sole) if matches!(find, Find::Nothing) => name(&sole.field),
            _ => find,
        };
        // What is found by its value is judged by the line.
        let sole = sole.filter(|_| matches!(find, Find::Name(_)));
        let is_whole = match &expr {
            Some(Expr::Text(needle)) => needle.finder().1,
            Some(Expr::All(_) | Expr::Any(_) | Expr::Not(_) | Expr::Field(..)) | None => false,
        };
        let kinds = by_kind.map(|passes| passes != Some(false));
        Self { expr, kinds, find, is_whole, is_by_kind: by_kind.iter().all(Option::is_some), sole, offset }
    }

    /// Whether a line of this kind can pass at all.
    pub const fn takes(&self, kind: Kind) -> bool {
        self.kinds[kind as usize]
    }

    /// What must stand in the text of a line that passes.
    pub const fn find(&self) -> &Find {
        &self.find
    }

    /// Whether a line passes in which that stands, whatever else.
    pub const fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Whether every line of a kind that it takes passes, whatever its text.
    pub const fn is_by_kind(&self) -> bool {
        self.is_by_kind
    }

    /// The one field that is compared; [`Self::find`] finds its name then.
    pub const fn sole(&self) -> Option<&Sole> {
        self.sole.as_ref()
    }

    /// Whether a line passes.
    pub fn passes(&self, line: LineView<'_>) -> bool {
        self.takes(line.kind) && self.expr.as_ref().is_none_or(|expr| self.holds(expr, line))
    }

    fn holds(&self, expr: &Expr, line: LineView<'_>) -> bool {
        match expr {
            Expr::All(parts) => parts.iter().all(|part| self.holds(part, line)),
            Expr::Any(parts) => parts.iter().any(|part| self.holds(part, line)),
            Expr::Not(part) => !self.holds(part, line),
            Expr::Text(needle) => needle.is_in(line.text),
            Expr::Field(field, compare) => self.field_holds(field, compare, line),
        }
    }

    fn field_holds(&self, field: &Field, compare: &Compare, line: LineView<'_>) -> bool {
        match field.part {
            Some(Part::Time) => {
                let at = DateTime::from_timestamp_millis(line.ms).unwrap_or_default().with_timezone(&self.offset);
                compare.holds(&Value::Text(crate::text::time::clock_ms(&at).into()))
            }
            Some(Part::Status) => {
                status(line.kind).is_some_and(|status| compare.holds(&Value::Text(status.name().into())))
                    || named_otherwise(field, compare, line)
            }
            _ => {
                let mut holds = false;
                field.each(line.text, |value| {
                    holds = compare.holds(&value);
                    holds
                });
                holds
            }
        }
    }
}

/// The word behind a status may be meant as the line has it: `event = TOKEN_PROVISION_FAILURE`.
fn named_otherwise(field: &Field, compare: &Compare, line: LineView<'_>) -> bool {
    field.path() != "status" && field.first(line.text).is_some_and(|value| compare.holds(&value))
}

impl Compare {
    /// Whether a value compares so.
    pub fn holds(&self, value: &Value<'_>) -> bool {
        match self {
            Self::Is(wanted) => wanted.is(value),
            Self::Less(wanted) => wanted.order(value).is_some_and(std::cmp::Ordering::is_lt),
            Self::More(wanted) => wanted.order(value).is_some_and(std::cmp::Ordering::is_gt),
            Self::Has(needle) => {
                let text: Cow<'_, str> = value.text();
                needle.is_in(text.as_bytes())
            }
        }
    }
}

/// Whether a line of a kind passes: `None` where that hangs on more than the kind.
fn can_pass(expr: &Expr, kind: Kind) -> Option<bool> {
    match expr {
        Expr::All(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| can_pass(part, kind)).collect();
            if parts.contains(&Some(false)) {
                return Some(false);
            }
            parts.iter().all(Option::is_some).then_some(true)
        }
        Expr::Any(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| can_pass(part, kind)).collect();
            if parts.contains(&Some(true)) {
                return Some(true);
            }
            parts.iter().all(Option::is_some).then_some(false)
        }
        Expr::Not(part) => can_pass(part, kind).map(|passes| !passes),
        Expr::Field(field, compare) if field.part == Some(Part::Status) && field.path() == "status" => {
            Some(status(kind).is_some_and(|status| compare.holds(&Value::Text(status.name().into()))))
        }
        Expr::Field(..) | Expr::Text(_) => None,
    }
}

fn name(field: &Field) -> Find {
    Find::Name(Box::new(field.key().clone()))
}

/// What a line must have in its text to pass; the rarest of what is known to be needed.
fn needed(expr: &Expr) -> Find {
    match expr {
        Expr::All(parts) => parts.iter().map(needed).max_by_key(Find::worth).unwrap_or(Find::Nothing),
        Expr::Any(_) | Expr::Not(_) => Find::Nothing,
        Expr::Text(needle) => needle.finder().0,
        Expr::Field(field, _) if matches!(field.part, Some(Part::Time | Part::Status)) => Find::Nothing,
        Expr::Field(field, compare) => {
            // What a JSON string has to escape, or may, is left out; a number can be written in many ways.
            let plain = |text: &str| {
                !text.is_empty() && text.bytes().all(|c| c.is_ascii_alphanumeric() || b"_-. :,".contains(&c))
            };
            match compare {
                Compare::Is(wanted) if wanted.number.is_none() && plain(&wanted.text.text) => wanted.text.finder().0,
                Compare::Has(needle)
                    if !needle.is_pattern()
                        && plain(&needle.text)
                        && !needle.text.bytes().all(|c| b"0123456789.eE+-".contains(&c)) =>
                {
                    needle.finder().0
                }
                Compare::Is(_) | Compare::Has(_) | Compare::Less(_) | Compare::More(_) => name(field),
            }
        }
    }
}
