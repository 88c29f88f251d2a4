//! Evaluating an expression for one record or row.

use std::cmp::Ordering;
use std::sync::Arc;

use super::ast::{Arithmetic, Comparison, Expr, Sense};
use super::record::{Fields, find, part};
use super::value::Value;

/// A column of a row: its name and value.
pub(super) type Column = (Arc<str>, Value<'static>);

/// What an expression can see: computed columns hide the record's fields of the same name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'s> {
    pub(super) fields: Option<&'s Fields<'s>>,
    pub(super) columns: &'s [Column],
    pub(super) aggregates: &'s [Value<'static>],
}

impl<'s> Scope<'s> {
    /// A record or row with the columns computed so far.
    pub(super) const fn of(fields: Option<&'s Fields<'s>>, columns: &'s [Column]) -> Self {
        Self { fields, columns, aggregates: &[] }
    }

    /// A field: a column, a part of a column that is a map or list, or what the record has of that name.
    pub(super) fn field(self, name: &str) -> Value<'s> {
        if let Some((_, value)) = self.columns.iter().rev().find(|(column, _)| **column == *name) {
            return value.borrowed();
        }
        for (column, value) in self.columns.iter().rev() {
            let path = || name.strip_prefix(column.as_ref())?.strip_prefix('.');
            if let Value::Json(json) = value
                && let Some(path) = path()
            {
                return find(json, path).map_or(Value::Missing, part);
            }
        }
        self.fields.map_or(Value::Missing, |fields| fields.get(name))
    }
}

impl Expr {
    fn is_number(&self) -> bool {
        matches!(self, Self::Literal(value) if value.as_number().is_some())
    }

    /// Whether a message can pass, judged by the words that it must hold: those a discovered field is compared with.
    ///
    /// Where there are none, it can.
    pub(super) fn is_possible(&self, message: &str) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.is_possible(message)),
            Self::Any(parts) => parts.iter().any(|part| part.is_possible(message)),
            Self::Compare(one, Comparison::Equal, two) => word(one, two).is_none_or(|word| {
                // An escaped letter may hide a word.
                message.contains(word) || message.contains("\\u")
            }),
            Self::Field(_)
            | Self::Literal(_)
            | Self::Not(_)
            | Self::Compare(..)
            | Self::Contains(..)
            | Self::Matches(..)
            | Self::In(..)
            | Self::Among(..)
            | Self::Arithmetic(..)
            | Self::Call(..)
            | Self::Floor(..)
            | Self::Ceil(..)
            | Self::Now(_)
            | Self::Aggregate(_) => true,
        }
    }

    pub(super) fn eval<'s>(&'s self, scope: Scope<'s>) -> Value<'s> {
        match self {
            Self::Field(name) => scope.field(name),
            Self::Literal(value) => value.borrowed(),
            Self::All(parts) => Value::Bool(parts.iter().all(|part| part.eval(scope).is_true())),
            Self::Any(parts) => Value::Bool(parts.iter().any(|part| part.eval(scope).is_true())),
            Self::Not(inner) => Value::Bool(!inner.eval(scope).is_true()),
            Self::Compare(one, comparison, two) => {
                let (one, two) = (one.eval(scope), two.eval(scope));
                let both = !one.is_missing() && !two.is_missing();
                Value::Bool(both && comparison.holds(one.compare(&two)))
            }
            Self::Contains(of, text, sense) => {
                sense.test(&of.eval(scope), |value| value.as_text().is_some_and(|it| it.contains(text.as_str())))
            }
            Self::Matches(of, expression, sense) => {
                sense.test(&of.eval(scope), |value| value.as_text().is_some_and(|it| expression.is_match(&it)))
            }
            Self::In(of, list, sense) => sense.test(&of.eval(scope), |value| {
                list.iter().any(|element| value.compare(&element.eval(scope)) == Some(Ordering::Equal))
            }),
            Self::Among(of, values, sense) => sense.test(&of.eval(scope), |value| {
                let values = values.get();
                value.as_text().is_some_and(|text| values.is_some_and(|values| values.contains(text.as_ref())))
            }),
            Self::Arithmetic(one, operation, two) => {
                let numbers = one.eval(scope).as_number().zip(two.eval(scope).as_number());
                numbers.map_or(Value::Missing, |(one, two)| Value::number(operation.apply(one, two)))
            }
            Self::Call(function, arguments) => {
                let arguments: Vec<Value<'s>> = arguments.iter().map(|argument| argument.eval(scope)).collect();
                (function.apply)(&arguments).owned()
            }
            Self::Floor(of, span) => round(&of.eval(scope), |at| span.floor(at)),
            Self::Ceil(of, span) => round(&of.eval(scope), |at| span.ceil(at)),
            Self::Now(start) => start.get().map_or(Value::Missing, |at| Value::Number(at.div_euclid(1000) as f64)),
            Self::Aggregate(index) => scope.aggregates.get(*index).map_or(Value::Missing, Value::borrowed),
        }
    }
}

/// The word that a message must hold for a discovered field to be equal to it; numbers and booleans have several spellings.
fn word<'e>(one: &Expr, two: &'e Expr) -> Option<&'e str> {
    let (Expr::Field(name), Expr::Literal(Value::Text(text))) = (one, two) else { return None };
    let plain = text.chars().all(|it| it.is_ascii_alphanumeric() || "_-.: ".contains(it));
    let several = matches!(text.as_ref(), "" | "true" | "false") || two.is_number();
    (plain && !several && !name.starts_with('@')).then_some(text.as_ref())
}

fn round<'s>(value: &Value<'s>, by: impl Fn(i64) -> i64) -> Value<'s> {
    value.as_millis().map_or(Value::Missing, |at| Value::Time(by(at)))
}

impl Sense {
    fn test<'s>(self, value: &Value<'_>, holds: impl Fn(&Value<'_>) -> bool) -> Value<'s> {
        Value::Bool(!value.is_missing() && holds(value) == (self == Self::Plain))
    }
}

impl Comparison {
    /// Values that can't be compared are different, and nothing else.
    fn holds(self, ordering: Option<Ordering>) -> bool {
        let Some(ordering) = ordering else { return self == Self::Different };
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Different => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

impl Arithmetic {
    fn apply(self, one: f64, two: f64) -> f64 {
        match self {
            Self::Add => one + two,
            Self::Subtract => one - two,
            Self::Multiply => one * two,
            Self::Divide => one / two,
            Self::Remainder => one % two,
            Self::Power => libm::pow(one, two),
        }
    }
}
