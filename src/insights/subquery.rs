//! Queries in parentheses: they are run first, and their rows kept until the query around them is done.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value as Json};

use super::query::Query;
use super::record::find;
use super::run::Row;

/// The values of a field in the rows of a query in parentheses.
pub(super) type Values = Arc<OnceLock<HashSet<String>>>;

/// The rows of a query in parentheses by the value that they are joined by.
pub(super) type Table = Arc<OnceLock<HashMap<String, Vec<Arc<Json>>>>>;

/// A query in parentheses. Whoever runs the query around it runs it first, over the log groups that it names, and gives
/// back its rows.
#[derive(Debug)]
pub struct Subquery {
    query: Query,
    /// The field that is looked for in its rows.
    field: Arc<str>,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Values(Values),
    Table(Table),
}

impl Subquery {
    pub(super) const fn of_values(query: Query, field: Arc<str>, values: Values) -> Self {
        Self { query, field, place: Place::Values(values) }
    }

    pub(super) const fn of_table(query: Query, field: Arc<str>, table: Table) -> Self {
        Self { query, field, place: Place::Table(table) }
    }

    /// What is to be run.
    pub const fn query(&self) -> &Query {
        &self.query
    }

    /// Takes its rows; the first ones count.
    pub fn answer(&self, rows: Vec<Row>) {
        match &self.place {
            Place::Values(values) => {
                let value = |row: Row| {
                    let at = row.iter().position(|(name, _)| *name == *self.field).unwrap_or(0);
                    row.into_iter().nth(at).filter(|(name, _)| name != "@ptr").map(|(_, value)| value)
                };
                let _ = values.set(rows.into_iter().filter_map(value).collect());
            }
            Place::Table(table) => {
                let mut found: HashMap<String, Vec<Arc<Json>>> = HashMap::new();
                for row in rows {
                    let object = object(row);
                    let key = match find(&object, &self.field) {
                        Some(Json::String(text)) => text.clone(),
                        Some(json @ (Json::Number(_) | Json::Bool(_))) => json.to_string(),
                        _ => continue,
                    };
                    found.entry(key).or_default().push(Arc::new(object));
                }
                let _ = table.set(found);
            }
        }
    }
}

/// A row as a map: the fields of its message, if that is a JSON object, and its columns.
fn object(row: Row) -> Json {
    let message = row.iter().find(|(name, _)| name == "@message").map(|(_, value)| value.as_str());
    let mut members = match message.and_then(|message| serde_json::from_str(message).ok()) {
        Some(Json::Object(members)) => members,
        _ => Map::new(),
    };
    for (name, value) in row {
        members.entry(name).or_insert(Json::String(value));
    }
    Json::Object(members)
}
