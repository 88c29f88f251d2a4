//! The rows of a result, and the commands that work on them.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use super::ast::{Extraction, Named, SortKey, Stage};
use super::eval::{Column, Scope};
use super::record::{Fields, OwnedRecord};
use super::run::{Groups, Row, sort_keys};
use super::value::Value;

/// A record or group that may be in the result.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) record: Option<Arc<OwnedRecord>>,
    pub(super) columns: Vec<Column>,
    /// What it is sorted by.
    pub(super) keys: Vec<Value<'static>>,
    /// Its place among all, which settles ties.
    pub(super) number: u64,
}

impl Item {
    fn with<T>(&self, act: impl FnOnce(Scope<'_>) -> T) -> T {
        let fields = self.record.as_ref().map(|record| Fields::new(record.borrow()));
        act(Scope { fields: fields.as_ref(), columns: &self.columns, aggregates: &[] })
    }

    /// What the result shows of it.
    pub(super) fn row(&self, names: &[Arc<str>]) -> Row {
        self.with(|scope| {
            let pointer = self.record.as_ref().map(|_| Arc::from("@ptr"));
            let cell = |name: Arc<str>| Some((name.to_string(), scope.field(&name).as_text()?.into_owned()));
            names.iter().cloned().chain(pointer).filter_map(cell).collect()
        })
    }
}

/// The order of rows.
pub(super) enum Order<'a> {
    Newest,
    By(&'a [SortKey]),
}

impl Order<'_> {
    pub(super) fn keys(&self, scope: Scope<'_>) -> Vec<Value<'static>> {
        match self {
            Self::Newest => vec![scope.fields.map_or(Value::Missing, |it| it.get("@timestamp").owned())],
            Self::By(keys) => sort_keys(keys, scope),
        }
    }

    /// A missing value comes last in either direction; what is equal keeps the order in which it came.
    pub(super) fn compare(&self, one: &Item, two: &Item) -> Ordering {
        let descending = |index: usize| match self {
            Self::Newest => true,
            Self::By(keys) => keys.get(index).is_some_and(|key| key.descending),
        };
        let keys = one.keys.iter().zip(&two.keys).enumerate();
        let order = |(index, (one, two)): (usize, (&Value<'_>, &Value<'_>))| {
            let reverse = descending(index) && !one.is_missing() && !two.is_missing();
            if reverse { two.sort(one) } else { one.sort(two) }
        };
        keys.map(order).find(|it| it.is_ne()).unwrap_or_else(|| one.number.cmp(&two.number))
    }
}

/// Adds the columns that a stage computes from one record or row.
pub(super) fn compute(stage: &Stage, fields: Option<&Fields<'_>>, columns: &mut Vec<Column>) {
    match stage {
        Stage::Fields(list) | Stage::Display(list) => {
            for Named { name, expr } in list.iter().filter(|named| !named.is_plain()) {
                let value = expr.eval(Scope { fields, columns, aggregates: &[] }).owned();
                columns.push((Arc::clone(name), value));
            }
        }
        Stage::Parse(extraction) => extract(extraction, fields, columns),
        Stage::Filter(_) | Stage::Stats(_) | Stage::Sort(_) | Stage::Limit(_) | Stage::Dedup(_) => {}
    }
}

/// The groups that matched; where nothing did, all of them are missing.
fn extract(extraction: &Extraction, fields: Option<&Fields<'_>>, columns: &mut Vec<Column>) {
    let from = extraction.from.eval(Scope { fields, columns, aggregates: &[] });
    let text = from.as_text();
    let found = text.as_ref().and_then(|text| extraction.expression.captures(text));
    let value = |group: usize| {
        let text = found.as_ref().and_then(|found| found.get(group));
        text.map_or(Value::Missing, |text| Value::text(text.as_str().to_owned()))
    };
    let new: Vec<Column> = extraction.columns.iter().map(|(group, name)| (Arc::clone(name), value(*group))).collect();
    drop(found);
    drop(text);
    drop(from);
    columns.extend(new);
}

/// Applies a stage to all rows at once.
pub(super) fn apply(stage: &Stage, mut items: Vec<Item>) -> Vec<Item> {
    match stage {
        Stage::Fields(_) | Stage::Display(_) | Stage::Parse(_) => {
            for item in &mut items {
                let fields = item.record.as_ref().map(|record| Fields::new(record.borrow()));
                compute(stage, fields.as_ref(), &mut item.columns);
            }
        }
        Stage::Filter(expr) => items.retain(|item| item.with(|scope| expr.eval(scope).is_true())),
        Stage::Limit(limit) => items.truncate(*limit),
        Stage::Dedup(by) => {
            let mut seen = HashSet::new();
            items.retain(|item| {
                let text = |value: Value<'_>| value.as_text().map(std::borrow::Cow::into_owned);
                let key: Vec<_> = item.with(|scope| by.iter().map(|expr| text(expr.eval(scope))).collect());
                // A record that lacks one of the fields is never a duplicate.
                key.iter().any(Option::is_none) || seen.insert(key)
            });
        }
        Stage::Sort(by) => {
            for (item, number) in items.iter_mut().zip(1..) {
                item.keys = item.with(|scope| sort_keys(by, scope));
                item.number = number;
            }
            items.sort_by(|one, two| Order::By(by).compare(one, two));
        }
        Stage::Stats(stats) => {
            let mut groups = Groups::default();
            for item in &items {
                item.with(|scope| groups.add(stats, scope));
            }
            return groups.items(stats);
        }
    }
    items
}

/// The fields that the result shows: those of the last `display`; else those of `stats` and of every `fields` after it;
/// else those of every `fields`; else time, message and what was parsed.
pub(super) fn output(stages: &[Stage]) -> Vec<Arc<str>> {
    let stats = stages.iter().rposition(|stage| matches!(stage, Stage::Stats(_)));
    let mut names: Vec<Arc<str>> = Vec::new();
    let mut add = |name: &Arc<str>| {
        if !names.contains(name) {
            names.push(Arc::clone(name));
        }
    };
    let shown = &stages[stats.unwrap_or(0)..];
    if let Some(Stage::Display(list)) = shown.iter().rfind(|stage| matches!(stage, Stage::Display(_))) {
        for named in list {
            add(&named.name);
        }
        return names;
    }
    let listed = stats.is_some() || shown.iter().any(|stage| matches!(stage, Stage::Fields(_)));
    if !listed {
        ["@timestamp", "@message"].map(Arc::from).iter().for_each(&mut add);
    }
    for stage in shown {
        match stage {
            Stage::Fields(list) => list.iter().for_each(|named| add(&named.name)),
            Stage::Stats(stats) => stats.by.iter().chain(&stats.columns).for_each(|named| add(&named.name)),
            Stage::Parse(extraction) if !listed => extraction.columns.iter().for_each(|(_, name)| add(name)),
            Stage::Parse(_)
            | Stage::Display(_)
            | Stage::Filter(_)
            | Stage::Sort(_)
            | Stage::Limit(_)
            | Stage::Dedup(_) => {}
        }
    }
    names
}
