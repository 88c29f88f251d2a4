//! What the documents of a span say, read when it is looked at.

use std::ops::Deref;
use std::sync::OnceLock;

use serde::Deserializer;
use serde_json::{Map, Value};

use super::walk::{Fields, Scalar};

/// What a subsegment's own document needs, and one within its segment does not have.
pub(super) const ENVELOPE: [&str; 3] = ["type", "trace_id", "parent_id"];
/// Fields of an inferred segment that say nothing of the call.
const ITS_OWN: [&str; 8] = ["id", "name", "parent_id", "trace_id", "inferred", "in_progress", "start_time", "end_time"];

/// The whole document of a span without its subsegments and, of a subsegment, without what names its parent: http, sql,
/// aws, annotations, metadata, cause; with what inferred segments add to it.
///
/// It is kept as it came, and becomes a [`Value`] when it is first looked at: of ten thousand spans few are.
#[derive(Debug, Clone, Default)]
pub struct Document {
    text: Box<str>,
    is_sub: bool,
    /// Those of the inferred segments that are told with it, in the order in which they add to it.
    inferred: Vec<Document>,
    value: OnceLock<Box<Value>>,
}

impl Document {
    /// That of a segment, or of a subsegment, from a text that is known to be a JSON object.
    pub(super) fn new(text: String, is_sub: bool) -> Self {
        Self { text: text.into_boxed_str(), is_sub, inferred: Vec::new(), value: OnceLock::new() }
    }

    /// Adds what the document of an inferred segment alone says.
    pub(super) fn add(&mut self, inferred: Self) {
        self.inferred.push(inferred);
        self.value = OnceLock::new();
    }

    /// Whether some text or number in it is as asked for. Nothing is kept of what is read for that.
    pub fn any(&self, mut is: impl FnMut(&str) -> bool) -> bool {
        let mut found = false;
        let mut show = |scalar: Scalar<'_>| {
            found = found
                || match scalar {
                    Scalar::Text(text) => is(text),
                    Scalar::Number(number) => is(&number.to_string()),
                };
        };
        let fields = Fields { skips: |name: &str| self.leaves_out(name), show: &mut show };
        // A text that could be read once can be read again.
        let _ = match self.value.get() {
            None if self.inferred.is_empty() => serde_json::Deserializer::from_str(&self.text).deserialize_any(fields),
            _ => Deserializer::deserialize_any(&**self, fields),
        };
        found
    }

    /// Whether a field of the text is not one of the document.
    fn leaves_out(&self, key: &str) -> bool {
        key == "subsegments" || self.is_sub && ENVELOPE.contains(&key)
    }

    fn read(&self) -> Value {
        let Ok(Value::Object(mut fields)) = serde_json::from_str(&self.text) else { return Value::Null };
        fields.retain(|key, _| !self.leaves_out(key));
        for inferred in &self.inferred {
            if let Value::Object(more) = &**inferred {
                complete(&mut fields, more);
            }
        }
        Value::Object(fields)
    }
}

impl Deref for Document {
    type Target = Value;

    fn deref(&self) -> &Value {
        self.value.get_or_init(|| Box::new(self.read()))
    }
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        let is_same_text = (&self.text, self.is_sub, &self.inferred) == (&other.text, other.is_sub, &other.inferred);
        is_same_text || **self == **other
    }
}

/// Adds what an inferred segment says; of the call's own fields none is written over.
fn complete(fields: &mut Map<String, Value>, more: &Map<String, Value>) {
    for (key, value) in more.iter().filter(|(key, _)| !ITS_OWN.contains(&key.as_str())) {
        match (fields.get_mut(key), value) {
            (None, value) => {
                fields.insert(key.clone(), value.clone());
            }
            (Some(Value::Object(own)), Value::Object(more)) => {
                for (key, value) in more {
                    own.entry(key.clone()).or_insert_with(|| value.clone());
                }
            }
            (Some(_), _) => {}
        }
    }
}
