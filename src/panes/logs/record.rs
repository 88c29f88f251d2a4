//! One record: its fields as a tree.

use serde_json::{Map, Value};

use crate::analysis::log_query::columns::POINTER;
use crate::app::action::Action;
use crate::panes::Cx;
use crate::panes::request::browser::Browser;
use crate::widgets::theme::Role;
use crate::widgets::tree::Root;

/// The name of the tree's root in paths.
const ROOT: &str = "record";
/// The field that holds the line.
const MESSAGE: &str = "@message";

/// A row that is open.
#[derive(Debug)]
pub(super) struct Record {
    /// The row's fields.
    row: Vec<(String, String)>,
    pub(super) browser: Browser,
    pub(super) search: String,
    /// What the tree shows, so that it is not made anew for each frame.
    shown: Option<(bool, String)>,
}

impl Record {
    pub(super) fn new(row: Vec<(String, String)>) -> Self {
        Self { row, browser: Browser::default(), search: String::new(), shown: None }
    }

    /// The pointer to the whole record, if the row has one.
    pub(super) fn pointer(&self) -> Option<&str> {
        self.row.iter().find(|(name, _)| name == POINTER).map(|(_, value)| value.as_str())
    }

    /// Brings the tree up to date with what is known of the record.
    pub(super) fn sync(&mut self, cx: &Cx<'_>) {
        let whole = self.pointer().and_then(|pointer| cx.store.logbook.records.get(pointer)).map(|feed| &feed.data);
        let now = (whole.is_some(), self.search.clone());
        if self.shown.as_ref() == Some(&now) {
            return;
        }
        let value = value(&self.row, whole.map_or(&[][..], Vec::as_slice));
        let value = prune(&value, &self.search.to_lowercase()).unwrap_or(Value::Null);
        let head = vec![("Record".to_owned(), Role::Strong)];
        self.browser.show(vec![Root { id: ROOT.to_owned(), head, value, open: true }]);
        self.shown = Some(now);
    }

    /// Moves and folds.
    pub(super) fn on(&mut self, action: Action) -> bool {
        self.browser.on(action)
    }

    /// The field under the cursor as a query names it, and its value; `None` on what is no single value.
    pub(super) fn field(&self) -> Option<(String, String)> {
        let path = self.path()?;
        let value = self.browser.scalar()?;
        Some((path, value))
    }

    /// The path of what is under the cursor as a query names it.
    pub(super) fn path(&self) -> Option<String> {
        let path = self.browser.path()?.strip_prefix(ROOT)?.strip_prefix('/')?;
        let path = match path.strip_prefix(MESSAGE) {
            Some(below) if below.starts_with('/') => &below[1..],
            _ => path,
        };
        Some(path.replace('/', "."))
    }
}

/// The record as JSON: its fields, with the message as what it is.
fn value(row: &[(String, String)], whole: &[(String, String)]) -> Value {
    let mut fields: Map<String, Value> = Map::new();
    let message = whole.iter().chain(row).find(|(name, _)| name == MESSAGE).map(|(_, text)| text);
    let parsed: Option<Value> = message.and_then(|text| serde_json::from_str(text).ok()).filter(Value::is_object);
    for (name, text) in row.iter().filter(|(name, _)| name != POINTER && name != MESSAGE) {
        fields.insert(name.clone(), Value::from(text.as_str()));
    }
    for (name, text) in whole.iter().filter(|(name, _)| name != POINTER && name != MESSAGE) {
        // What was discovered in the message stands there already.
        if (name.starts_with('@') || parsed.is_none()) && !fields.contains_key(name) {
            fields.insert(name.clone(), Value::from(text.as_str()));
        }
    }
    if let Some(text) = message {
        fields.insert(MESSAGE.to_owned(), parsed.unwrap_or_else(|| Value::from(text.as_str())));
    }
    Value::Object(fields)
}

/// The parts of a value whose names or texts hold what is looked for.
fn prune(value: &Value, search: &str) -> Option<Value> {
    if search.is_empty() {
        return Some(value.clone());
    }
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter_map(|(key, value)| {
                let whole = key.to_lowercase().contains(search).then(|| value.clone());
                Some((key.clone(), whole.or_else(|| prune(value, search))?))
            });
            let kept: Map<String, Value> = kept.collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        Value::Array(items) => {
            let kept: Vec<Value> = items.iter().filter_map(|item| prune(item, search)).collect();
            (!kept.is_empty()).then_some(Value::Array(kept))
        }
        Value::String(text) => text.to_lowercase().contains(search).then(|| value.clone()),
        other => other.to_string().to_lowercase().contains(search).then(|| value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn a_record_is_its_fields_with_the_message_unfolded() {
        let row = pairs(&[("@timestamp", "t"), ("@ptr", "p"), ("@message", r#"{"a":{"b":1},"c":"x"}"#)]);
        let whole = pairs(&[("@log", "1:g"), ("a.b", "1"), ("c", "x"), ("@message", r#"{"a":{"b":1},"c":"x"}"#)]);
        assert_eq!(
            value(&row, &whole).to_string(),
            r#"{"@timestamp":"t","@log":"1:g","@message":{"a":{"b":1},"c":"x"}}"#
        );
        let plain = value(&pairs(&[("@message", "hello")]), &pairs(&[("f", "v")]));
        assert_eq!(plain.to_string(), r#"{"f":"v","@message":"hello"}"#);
    }

    #[test]
    fn a_search_keeps_what_it_finds_with_what_it_stands_in() {
        let value: Value = serde_json::json!({"a": {"deep": "Needle", "n": 1}, "b": [1, {"needle": 2}], "c": 3});
        assert_eq!(prune(&value, "needle"), Some(serde_json::json!({"a": {"deep": "Needle"}, "b": [{"needle": 2}]})));
        assert_eq!(prune(&value, "nothing"), None);
    }
}
