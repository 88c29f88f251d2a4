//! Functions of maps and lists.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::insights::value::Value;

/// A map or list out of a text; nothing out of anything else.
pub(super) fn parse(arguments: &[Value<'_>]) -> Value<'static> {
    if let Value::Json(json) = &arguments[0] {
        return Value::Json(Arc::clone(json));
    }
    let Some(text) = arguments[0].as_text() else { return Value::Missing };
    match serde_json::from_str::<Json>(&text) {
        Ok(json @ (Json::Object(_) | Json::Array(_))) => Value::Json(Arc::new(json)),
        _ => Value::Missing,
    }
}

pub(super) fn stringify(arguments: &[Value<'_>]) -> Value<'static> {
    match &arguments[0] {
        Value::Missing => Value::Missing,
        Value::Json(json) => Value::text(json.to_string()),
        Value::Text(text) => Value::text(Json::from(text.as_ref()).to_string()),
        other => other.as_text().map_or(Value::Missing, |text| Value::text(text.into_owned())),
    }
}
