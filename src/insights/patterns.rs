//! The commands `pattern` and `diff`: texts that differ only in their variable parts are one row.

use std::sync::Arc;

use super::ast::Clustering;
use super::rows::Item;
use super::value::Value;
use crate::analysis::drain::{ClusterId, Drain, Settings, Variable};

/// The columns of its rows; the last three where they are compared with the time before.
const COLUMNS: [&str; 7] =
    ["@pattern", "@ratio", "@sampleCount", "@severityLabel", "@previousCount", "@difference", "@differenceDescription"];

/// The columns of the rows of a command.
pub(super) fn columns(clustering: &Clustering) -> &'static [&'static str] {
    if clustering.against.is_some() { &COLUMNS } else { &COLUMNS[..4] }
}

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
    /// How many of each pattern there are: now, and before.
    counts: Vec<[u64; 2]>,
}

impl Default for Patterns {
    fn default() -> Self {
        Self { drain: Drain::new(Settings::default()), counts: Vec::new() }
    }
}

impl Patterns {
    /// Takes in one text that counts now, before, or for both; what is missing counts for nothing.
    pub(super) fn add(&mut self, value: &Value<'_>, sides: Sides) {
        let Some(text) = value.as_text() else { return };
        let place = self.drain.add(&text).index();
        if self.counts.len() <= place {
            self.counts.resize(place + 1, [0; 2]);
        }
        if let Some([now, before]) = self.counts.get_mut(place) {
            *now += u64::from(sides.now);
            *before += u64::from(sides.before);
        }
    }

    /// One row a pattern, the most frequent first; those as frequent in the order in which they were found. Where they
    /// are compared, those first whose number has changed most.
    pub(super) fn items(&self, clustering: &Clustering) -> Vec<Item> {
        let ids = self.drain.clusters().map(|(id, _)| id);
        let mut found: Vec<(ClusterId, [u64; 2])> = ids.zip(self.counts.iter().copied()).collect();
        let compared = clustering.against.is_some();
        found.sort_by_key(|(id, [now, before])| {
            (std::cmp::Reverse((if compared { now.abs_diff(*before) } else { 0 }, *now)), *id)
        });
        let all: u64 = self.counts.iter().map(|[now, _]| now).sum();
        found.into_iter().zip(1..).filter_map(|(found, number)| self.item(found, all, number, clustering)).collect()
    }

    fn item(
        &self,
        (id, [now, before]): (ClusterId, [u64; 2]),
        all: u64,
        number: u64,
        clustering: &Clustering,
    ) -> Option<Item> {
        let cluster = self.drain.cluster(id)?;
        let template = cluster.written(|variable, place| format!("<{}-{place}>", name(variable)));
        let level = level(&template);
        let values = [
            Value::text(template),
            Value::Number(now as f64 / all.max(1) as f64),
            Value::Number(now as f64),
            level.map_or(Value::Missing, Value::text),
            Value::Number(before as f64),
            Value::Number(now as f64 - before as f64),
            Value::text(change(now, before)),
        ];
        let columns = columns(clustering).iter().copied().map(Arc::from).zip(values).collect();
        Some(Item { record: None, columns, keys: Vec::new(), number })
    }
}

/// In which of two windows a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sides {
    pub(super) now: bool,
    pub(super) before: bool,
}

impl Sides {
    /// Where nothing is compared.
    pub(super) const NOW: Self = Self { now: true, before: false };
    /// In the other window alone.
    pub(super) const BEFORE: Self = Self { now: false, before: true };
}

/// What has become of a pattern since the time before.
fn change(now: u64, before: u64) -> &'static str {
    match (now, before) {
        (_, 0) => "new",
        (0, _) => "gone",
        _ if now > before => "more often",
        _ if now < before => "less often",
        _ => "as often",
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
