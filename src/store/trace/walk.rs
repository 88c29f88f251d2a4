//! Walks through JSON that keep nothing of it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// A text or a number on the way.
pub(super) enum Scalar<'a> {
    Text(&'a str),
    Number(Number),
}

/// Shows each text and number of a value, at any depth; names of fields are none.
///
/// It takes what [`serde_json::Value`] takes, and fails where that fails.
pub(super) struct Walk<'f, F>(pub(super) &'f mut F);

/// A walk that only looks whether a value can be read.
pub(super) const fn pass(_: Scalar<'_>) {}

impl<'de, F: FnMut(Scalar<'_>)> DeserializeSeed<'de> for Walk<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(Scalar<'_>)> Visitor<'de> for Walk<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        (self.0)(Scalar::Number(number.into()));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        (self.0)(Scalar::Number(number.into()));
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        if let Some(number) = Number::from_f64(number) {
            (self.0)(Scalar::Number(number));
        }
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        (self.0)(Scalar::Text(text));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Walk(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_key_seed(Walk(&mut pass))?.is_some() {
            map.next_value_seed(Walk(self.0))?;
        }
        Ok(())
    }
}

/// A [`Walk`] through the fields of an object without some of them.
pub(super) struct Fields<'f, S, F> {
    /// Whether a field is passed over.
    pub(super) skips: S,
    pub(super) show: &'f mut F,
}

impl<'de, S: Fn(&str) -> bool, F: FnMut(Scalar<'_>)> Visitor<'de> for Fields<'_, S, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if (self.skips)(&name) {
                map.next_value::<IgnoredAny>()?;
            } else {
                map.next_value_seed(Walk(self.show))?;
            }
        }
        Ok(())
    }
}
