//! The command `pattern`: texts that differ only in their variable parts are one row.

use std::sync::Arc;

use super::rows::Item;
use super::value::Value;
use crate::analysis::drain::{ClusterId, Drain, Settings, Variable};

/// The columns of its rows.
pub(super) const COLUMNS: [&str; 4] = ["@pattern", "@ratio", "@sampleCount", "@severityLabel"];

/// Words by which a pattern says how bad it is, the worst first.
const LEVELS: [(&str, &[&str]); 4] = [
    ("Error", &["error", "fatal", "critical", "exception", "severe", "emergency", "panic"]),
    ("Warning", &["warn", "warning"]),
    ("Info", &["info", "notice"]),
    ("Debug", &["debug", "trace", "verbose"]),
];

/// The patterns of the texts seen so far.
#[derive(Debug)]
pub(super) struct Patterns {
    drain: Drain,
    all: u64,
}

impl Default for Patterns {
    fn default() -> Self {
        Self { drain: Drain::new(Settings::default()), all: 0 }
    }
}

impl Patterns {
    /// Takes in one text; what is missing counts for nothing.
    pub(super) fn add(&mut self, value: &Value<'_>) {
        if let Some(text) = value.as_text() {
            self.drain.add(&text);
            self.all += 1;
        }
    }

    /// One row a pattern, the most frequent first; those as frequent in the order in which they were found.
    pub(super) fn items(&self) -> Vec<Item> {
        let mut found: Vec<(ClusterId, u64)> =
            self.drain.clusters().map(|(id, cluster)| (id, cluster.count())).collect();
        found.sort_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
        found.into_iter().zip(1..).filter_map(|((id, _), number)| self.item(id, number)).collect()
    }

    fn item(&self, id: ClusterId, number: u64) -> Option<Item> {
        let cluster = self.drain.cluster(id)?;
        let template = cluster.written(|variable, place| format!("<{}-{place}>", name(variable)));
        let ratio = cluster.count() as f64 / self.all.max(1) as f64;
        let level = level(&template);
        let values = [
            Value::text(template),
            Value::Number(ratio),
            Value::Number(cluster.count() as f64),
            level.map_or(Value::Missing, Value::text),
        ];
        let columns = COLUMNS.into_iter().map(Arc::from).zip(values).collect();
        Some(Item { record: None, columns, keys: Vec::new(), number })
    }
}

/// What the service calls such a part.
const fn name(variable: Variable) -> &'static str {
    match variable {
        Variable::Number => "Number",
        Variable::Id => "ID",
        Variable::Address => "IP",
        Variable::Time => "Time",
        Variable::Any => "Token",
    }
}

fn level(template: &str) -> Option<&'static str> {
    let lower = template.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(|it: char| !it.is_ascii_alphanumeric()).collect();
    LEVELS.iter().find(|(_, signs)| words.iter().any(|word| signs.contains(word))).map(|(level, _)| *level)
}
