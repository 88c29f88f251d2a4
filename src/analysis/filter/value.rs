//! Values of fields, and what they are compared with.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::needle::Needle;

/// A value that a field has.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'v> {
    /// A text.
    Text(Cow<'v, str>),
    /// A number.
    Number(f64),
}

impl Value<'_> {
    /// It as a finite number; a text that spells one counts.
    pub fn number(&self) -> Option<f64> {
        let number = match self {
            Self::Number(number) => *number,
            Self::Text(text) => text.parse().ok()?,
        };
        number.is_finite().then_some(number)
    }

    /// It as text.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
        }
    }
}

/// A value that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// As a text.
    pub text: Needle,
    /// As a number, where it is one.
    pub number: Option<f64>,
}

impl Wanted {
    /// Whether a field has it.
    pub fn is(&self, value: &Value<'_>) -> bool {
        match (self.number, value.number()) {
            (Some(wanted), Some(number)) => (wanted - number).abs() < f64::EPSILON * wanted.abs().max(1.0),
            _ => self.text.is_all_of(&value.text()),
        }
    }

    /// How a field's value stands to it: by number where it is one, else by text where that is none either.
    pub fn order(&self, value: &Value<'_>) -> Option<Ordering> {
        match (self.number, value.number()) {
            (Some(wanted), Some(number)) => number.partial_cmp(&wanted),
            (None, _) => Some((*value.text()).cmp(self.text.text.as_str())),
            (Some(_), None) => None,
        }
    }
}
