//! The time in a JSON object, found without keeping anything else of it.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{NAMES, epoch, of_text};
use crate::clock::Time;

/// Finds the time in an object without keeping anything else of it.
pub(super) struct Object;

impl<'de> Visitor<'de> for Object {
    type Value = Option<Time>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut best: Option<(usize, Time)> = None;
        while let Some(key) = map.next_key::<Key>()? {
            let Some(rank) = key.0 else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let value = map.next_value::<Moment>()?.0;
            if let Some(time) = value
                && best.is_none_or(|(known, _)| rank < known)
            {
                best = Some((rank, time));
            }
        }
        Ok(best.map(|(_, time)| time))
    }
}

/// The place of a key among those that hold a time.
struct Key(Option<usize>);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_str<E>(self, name: &str) -> Result<Key, E> {
                // EMF keeps its time in an object, as `Timestamp`.
                Ok(Key(NAMES.iter().position(|known| known.eq_ignore_ascii_case(name))))
            }
        }
        deserializer.deserialize_str(Name)
    }
}

/// A value that may be a time.
struct Moment(Option<Time>);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Moment;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }

            fn visit_str<E>(self, text: &str) -> Result<Moment, E> {
                Ok(Moment(of_text(text)))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Moment, E> {
                Ok(Moment(epoch(number as f64)))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Moment, E> {
                Ok(Moment(None))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Moment, E> {
                Ok(Moment(epoch(number)))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Moment, E> {
                Ok(Moment(None))
            }

            fn visit_unit<E>(self) -> Result<Moment, E> {
                Ok(Moment(None))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Moment, A::Error> {
                Object.visit_map(map).map(Moment)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Moment, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Moment(None))
            }
        }
        deserializer.deserialize_any(Any)
    }
}
