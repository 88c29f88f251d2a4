//! One log line, read in place: only the wanted fields of its JSON object, without building the rest.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::board::FeedRules;

/// How many bytes of a field are kept; what is longer is cut, so that no line can fill the memory.
pub(super) const KEPT_BYTES: usize = 256;

/// The field in which loggers say how bad it is.
const LEVEL: &str = "level";

/// The fields that a board wants from its lines: found by name, asked for by use.
pub(super) struct Wanted<'r> {
    names: Vec<&'r str>,
    uses: Vec<usize>,
}

/// What a field is used for.
#[derive(Clone, Copy)]
pub(super) enum Use {
    Event,
    Id,
    Correlation,
    Trace,
    Latency,
    Reason,
    Level,
    Column(usize),
}

impl Use {
    const FIXED: usize = 7;

    const fn index(self) -> usize {
        match self {
            Self::Event => 0,
            Self::Id => 1,
            Self::Correlation => 2,
            Self::Trace => 3,
            Self::Latency => 4,
            Self::Reason => 5,
            Self::Level => 6,
            Self::Column(column) => Self::FIXED + column,
        }
    }
}

impl<'r> Wanted<'r> {
    /// The fields of a board's rules.
    pub(super) fn new(rules: &'r FeedRules) -> Self {
        let fixed: [&str; Use::FIXED] = [
            &rules.event_field,
            &rules.id_field,
            &rules.correlation_field,
            &rules.trace_field,
            &rules.latency_field,
            &rules.reason_field,
            LEVEL,
        ];
        let mut names: Vec<&str> = Vec::new();
        let mut uses = Vec::new();
        for name in fixed.into_iter().chain(rules.columns.iter().map(|column| column.field.as_str())) {
            let known = names.iter().position(|have| *have == name);
            uses.push(known.unwrap_or(names.len()));
            if known.is_none() {
                names.push(name);
            }
        }
        Self { names, uses }
    }

    /// The wanted fields of one line, `None` where it is not one JSON object.
    pub(super) fn read<'l>(&self, text: &'l str) -> Option<Line<'_, 'l>> {
        let mut json = serde_json::Deserializer::from_str(text);
        let values = self.deserialize(&mut json).ok()?;
        json.end().ok()?;
        Some(Line { uses: &self.uses, values })
    }
}

impl<'de> DeserializeSeed<'de> for &Wanted<'_> {
    type Value = Vec<Field<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &Wanted<'_> {
    type Value = Vec<Field<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values: Vec<Field<'de>> = Vec::with_capacity(self.names.len());
        values.resize_with(self.names.len(), || Field::Absent);
        while let Some(known) = map.next_key_seed(Key(&self.names))? {
            match known.and_then(|slot| values.get_mut(slot)) {
                Some(slot) => *slot = map.next_value()?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(values)
    }
}

/// Finds a key among the wanted names.
struct Key<'n>(&'n [&'n str]);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|name| *name == key))
    }
}

/// The value of a wanted field.
pub(super) enum Field<'l> {
    /// Not there, or null.
    Absent,
    /// A string, or the JSON of an object or array.
    Text(Cow<'l, str>),
    /// A whole number.
    Whole(i128),
    /// Another number.
    Real(f64),
    /// `true` or `false`.
    Bool(bool),
}

impl<'de> Deserialize<'de> for Field<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(FieldVisitor)
    }
}

struct FieldVisitor;

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = Field<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Field::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Field::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Field::Whole(number.into()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Field::Whole(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Field::Real(number))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(Field::Bool(truth))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Field::Absent)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let value = Value::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Field::Text(Cow::Owned(value.to_string())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        let value = Value::deserialize(SeqAccessDeserializer::new(seq))?;
        Ok(Field::Text(Cow::Owned(value.to_string())))
    }
}

/// The wanted fields of one line.
pub(super) struct Line<'w, 'l> {
    uses: &'w [usize],
    values: Vec<Field<'l>>,
}

impl Line<'_, '_> {
    fn field(&self, what: Use) -> &Field<'_> {
        const ABSENT: &Field<'_> = &Field::Absent;
        self.uses.get(what.index()).and_then(|&slot| self.values.get(slot)).unwrap_or(ABSENT)
    }

    /// A field as text, at most [`KEPT_BYTES`] of it; `None` where it is absent, null or empty.
    pub(super) fn text(&self, what: Use) -> Option<Cow<'_, str>> {
        match self.field(what) {
            Field::Absent => None,
            Field::Text(text) if text.is_empty() => None,
            Field::Text(text) => Some(Cow::Borrowed(&text[..text.floor_char_boundary(KEPT_BYTES)])),
            Field::Whole(number) => Some(Cow::Owned(number.to_string())),
            Field::Real(number) => Some(Cow::Owned(number.to_string())),
            Field::Bool(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
        }
    }

    /// The request's id; one that would have to be cut is none, as two could then be taken for one.
    pub(super) fn id(&self) -> Option<Cow<'_, str>> {
        match self.field(Use::Id) {
            Field::Text(text) if text.len() > KEPT_BYTES => None,
            Field::Absent | Field::Text(_) | Field::Whole(_) | Field::Real(_) | Field::Bool(_) => self.text(Use::Id),
        }
    }

    /// A field as a finite number; text that spells one counts.
    pub(super) fn number(&self, what: Use) -> Option<f64> {
        let number = match self.field(what) {
            Field::Whole(number) => *number as f64,
            Field::Real(number) => *number,
            Field::Text(text) => text.parse().ok()?,
            Field::Absent | Field::Bool(_) => return None,
        };
        number.is_finite().then_some(number)
    }
}
