//! What rows are joined and told by, read off a document without the rest of it.

use std::fmt;

use compact_str::CompactString;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::link::{self, Link};
use super::walk::{Walk, pass};

/// Fields of a segment document that say where a span stands and how it went.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// Empty where the document gives none, or something that is no text.
    pub(super) id: CompactString,
    pub(super) name: CompactString,
    /// The id that it names as its parent.
    pub(super) parent: Option<CompactString>,
    pub(super) start_s: Option<f64>,
    pub(super) end_s: Option<f64>,
    pub(super) inferred: bool,
    /// It is a subsegment's own document.
    pub(super) is_sub: bool,
    pub(super) said: Said,
    /// How many fields there are, and how many of them are [`ENVELOPE`](super::document::ENVELOPE).
    pub(super) fields: usize,
    pub(super) envelope: usize,
    /// A field is there that each segment has.
    pub(super) is_segment: bool,
    /// Two fields are there that each span of OpenTelemetry has.
    pub(super) otel: [bool; 2],
}

impl Head {
    /// The first time that is known of it.
    pub(super) const fn first_s(&self) -> Option<f64> {
        if self.start_s.is_some() { self.start_s } else { self.end_s }
    }
}

/// What an inferred segment may add to the call that it was inferred from; `None` where nothing is said.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) origin: Option<CompactString>,
    pub(super) namespace: Option<CompactString>,
    pub(super) fault: Option<bool>,
    pub(super) error: Option<bool>,
    pub(super) throttle: Option<bool>,
    pub(super) aws: Option<Aws>,
    pub(super) precursors: Option<Vec<Link>>,
    pub(super) links: Option<Vec<Link>>,
    /// Something is said of why it failed.
    pub(super) cause: bool,
}

impl Said {
    /// Adds what another says and this one does not.
    pub(super) fn add(&mut self, other: Self) {
        let Self { origin, namespace, fault, error, throttle, aws, precursors, links, cause } = other;
        self.origin = self.origin.take().or(origin);
        self.namespace = self.namespace.take().or(namespace);
        (self.fault, self.error, self.throttle) =
            (self.fault.or(fault), self.error.or(error), self.throttle.or(throttle));
        self.aws = match (self.aws.take(), aws) {
            (Some(own), Some(more)) => Some(Aws {
                operation: own.operation.or(more.operation),
                log_groups: own.log_groups.or(more.log_groups),
            }),
            (own, more) => own.or(more),
        };
        self.precursors = self.precursors.take().or(precursors);
        self.links = self.links.take().or(links);
        self.cause |= cause;
    }
}

/// What the part `aws` of a document says.
///
/// Source: X-Ray segment documents, AWS X-Ray Developer Guide, "AWS resource data".
#[derive(Debug, Default)]
pub(super) struct Aws {
    pub(super) operation: Option<CompactString>,
    pub(super) log_groups: Option<Vec<String>>,
}

/// The fields that are read, by their names.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    Id,
    Name,
    ParentId,
    TraceId,
    Type,
    StartTime,
    EndTime,
    Inferred,
    Origin,
    Namespace,
    Fault,
    Error,
    Throttle,
    Cause,
    Aws,
    PrecursorIds,
    Links,
    Subsegments,
    #[serde(rename = "spanId")]
    SpanId,
    #[serde(rename = "startTimeUnixNano")]
    StartTimeUnixNano,
    #[serde(other)]
    Other,
}

/// The fields of `aws` that are read.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum AwsField {
    Operation,
    CloudwatchLogs,
    #[serde(other)]
    Other,
}

impl<'de> Deserialize<'de> for Head {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(HeadVisitor)
    }
}

struct HeadVisitor;

impl<'de> Visitor<'de> for HeadVisitor {
    type Value = Head;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a segment document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head, A::Error> {
        let mut head = Head::default();
        while let Some(field) = map.next_key()? {
            head.fields += 1;
            match field {
                Field::Id => (head.id, head.is_segment) = (map.next_value::<Leaf>()?.text(), true),
                Field::Name => (head.name, head.is_segment) = (map.next_value::<Leaf>()?.text(), true),
                Field::StartTime => (head.start_s, head.is_segment) = (map.next_value::<Leaf>()?.seconds(), true),
                Field::EndTime => head.end_s = map.next_value::<Leaf>()?.seconds(),
                Field::ParentId => {
                    head.envelope += 1;
                    head.parent = Some(map.next_value::<Leaf>()?.text()).filter(|id| !id.is_empty());
                }
                Field::Type => {
                    head.envelope += 1;
                    head.is_sub = map.next_value::<Leaf>()?.text() == "subsegment";
                }
                Field::TraceId => {
                    head.envelope += 1;
                    map.next_value_seed(Walk(&mut pass))?;
                }
                Field::Inferred => head.inferred = map.next_value::<Leaf>()?.flag(),
                Field::Origin => head.said.origin = Some(map.next_value::<Leaf>()?.text()),
                Field::Namespace => head.said.namespace = Some(map.next_value::<Leaf>()?.text()),
                Field::Fault => head.said.fault = Some(map.next_value::<Leaf>()?.flag()),
                Field::Error => head.said.error = Some(map.next_value::<Leaf>()?.flag()),
                Field::Throttle => head.said.throttle = Some(map.next_value::<Leaf>()?.flag()),
                Field::Cause => {
                    head.said.cause = true;
                    map.next_value_seed(Walk(&mut pass))?;
                }
                Field::Aws => head.said.aws = Some(map.next_value::<Leaf>()?.aws()),
                Field::PrecursorIds => head.said.precursors = Some(link::precursors(&map.next_value()?)),
                Field::Links => head.said.links = Some(link::links(&map.next_value()?)),
                Field::Subsegments => {
                    head.fields -= 1;
                    map.next_value_seed(Walk(&mut pass))?;
                }
                Field::SpanId | Field::StartTimeUnixNano => {
                    head.otel[usize::from(matches!(field, Field::SpanId))] = true;
                    map.next_value_seed(Walk(&mut pass))?;
                }
                Field::Other => map.next_value_seed(Walk(&mut pass))?,
            }
        }
        Ok(head)
    }
}

/// A value of a field, as far as heads have a use for it.
enum Leaf {
    Text(CompactString),
    Number(f64),
    Flag(bool),
    /// An object, with what is read of one that is called `aws`.
    Object(Aws),
    Other,
}

impl Leaf {
    fn text(self) -> CompactString {
        if let Self::Text(text) = self { text } else { CompactString::default() }
    }

    const fn flag(&self) -> bool {
        matches!(self, Self::Flag(true))
    }

    fn seconds(self) -> Option<f64> {
        match self {
            Self::Number(seconds) => Some(seconds),
            Self::Text(text) => text.trim().parse().ok().filter(|seconds: &f64| seconds.is_finite()),
            Self::Flag(_) | Self::Object(_) | Self::Other => None,
        }
    }

    /// What `aws` says; where that is no object, that there is nothing.
    fn aws(self) -> Aws {
        match self {
            Self::Object(aws) => aws,
            _ => Aws { operation: Some(CompactString::default()), log_groups: Some(Vec::new()) },
        }
    }
}

impl<'de> Deserialize<'de> for Leaf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LeafVisitor)
    }
}

struct LeafVisitor;

impl<'de> Visitor<'de> for LeafVisitor {
    type Value = Leaf;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Leaf, E> {
        Ok(Leaf::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Leaf, E> {
        Ok(Leaf::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Leaf, E> {
        Ok(Leaf::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Leaf, E> {
        Ok(Leaf::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Leaf, E> {
        Ok(Leaf::Text(text.into()))
    }

    fn visit_unit<E>(self) -> Result<Leaf, E> {
        Ok(Leaf::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Leaf, A::Error> {
        while list.next_element_seed(Walk(&mut pass))?.is_some() {}
        Ok(Leaf::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Leaf, A::Error> {
        let mut aws = Aws::default();
        while let Some(field) = map.next_key()? {
            match field {
                AwsField::Operation => aws.operation = Some(map.next_value::<Leaf>()?.text()),
                AwsField::CloudwatchLogs => aws.log_groups = Some(log_groups(&map.next_value()?)),
                AwsField::Other => map.next_value_seed(Walk(&mut pass))?,
            }
        }
        Ok(Leaf::Object(aws))
    }
}

fn log_groups(logs: &Value) -> Vec<String> {
    let named = |log: &Value| Some(log.get("log_group")?.as_str()?.to_owned());
    logs.as_array().into_iter().flatten().filter_map(named).collect()
}
