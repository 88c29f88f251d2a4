//! The rows of a result, and the commands that work on them.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use regex::Captures;

use super::ast::{Clustering, Expr, Extraction, Named, SortKey, Stage};
use super::eval::{Column, Scope};
use super::patterns::{Patterns, Sides};
use super::record::{Fields, OwnedRecord, part};
use super::run::{Groups, Row, sort_keys};
use super::series;
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
    pub(super) fn with<T>(&self, act: impl FnOnce(Scope<'_>) -> T) -> T {
        let fields = self.record.as_ref().map(|record| Fields::new(record.borrow()));
        act(Scope::of(fields.as_ref(), &self.columns))
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
                let value = expr.eval(Scope::of(fields, columns)).owned();
                columns.push((Arc::clone(name), value));
            }
        }
        Stage::Parse(extraction) => extract(extraction, fields, columns),
        Stage::Lookup(lookup) => {
            let new = lookup.columns(Scope::of(fields, columns));
            columns.extend(new);
        }
        Stage::Filter(_)
        | Stage::Stats(_)
        | Stage::Sort(_)
        | Stage::Limit(_)
        | Stage::Dedup(_)
        | Stage::Unnest(..)
        | Stage::Pattern(_)
        | Stage::Series(_)
        | Stage::Join(_) => {}
    }
}

/// The groups that matched; where nothing did, all of them are missing.
fn extract(extraction: &Extraction, fields: Option<&Fields<'_>>, columns: &mut Vec<Column>) {
    let from = extraction.from.eval(Scope::of(fields, columns));
    let text = from.as_text();
    let found = text.as_ref().and_then(|text| extraction.expression.captures(text));
    let new: Vec<Column> = groups(extraction, found.as_ref()).collect();
    drop(found);
    drop(text);
    drop(from);
    columns.extend(new);
}

fn groups(extraction: &Extraction, found: Option<&Captures<'_>>) -> impl Iterator<Item = Column> {
    extraction.columns.iter().map(move |(group, name)| {
        let text = found.and_then(|found| found.get(*group));
        (Arc::clone(name), text.map_or(Value::Missing, |text| Value::text(text.as_str().to_owned())))
    })
}

/// The columns of each of the rows that a stage makes of one; `None` for a stage that keeps rows as they are.
pub(super) fn multiply(stage: &Stage, fields: Option<&Fields<'_>>, columns: &[Column]) -> Option<Vec<Vec<Column>>> {
    let scope = Scope::of(fields, columns);
    let with = |new: &mut dyn Iterator<Item = Column>| columns.iter().cloned().chain(new).collect::<Vec<Column>>();
    match stage {
        Stage::Unnest(from, name) => {
            let one = |value| with(&mut std::iter::once((Arc::clone(name), value)));
            let value = from.eval(scope);
            Some(match &value {
                Value::Json(json) if json.is_array() => {
                    json.as_array().into_iter().flatten().map(|element| one(part(element).owned())).collect()
                }
                _ => vec![one(value.owned())],
            })
        }
        Stage::Parse(extraction) if extraction.multi => {
            let value = extraction.from.eval(scope);
            let text = value.as_text().unwrap_or_default();
            let mut rows: Vec<Vec<Column>> = extraction
                .expression
                .captures_iter(&text)
                .map(|found| with(&mut groups(extraction, Some(&found))))
                .collect();
            if rows.is_empty() {
                rows.push(with(&mut groups(extraction, None)));
            }
            Some(rows)
        }
        Stage::Join(join) => {
            let value = join.on.eval(scope);
            let found = value.as_text().and_then(|key| join.table.get()?.get(key.as_ref()));
            let mut rows: Vec<Vec<Column>> = found
                .into_iter()
                .flatten()
                .map(|other| with(&mut std::iter::once((Arc::clone(&join.name), Value::Json(Arc::clone(other))))))
                .collect();
            if rows.is_empty() && join.outer {
                rows.push(columns.to_vec());
            }
            Some(rows)
        }
        _ => None,
    }
}

/// Applies a stage to all rows at once; `names` are the columns that there are before it.
pub(super) fn apply(stage: &Stage, mut items: Vec<Item>, names: &[Arc<str>]) -> Vec<Item> {
    match stage {
        Stage::Unnest(..) | Stage::Join(_) | Stage::Parse(Extraction { multi: true, .. }) => {
            return spread(stage, items);
        }
        Stage::Fields(_) | Stage::Display(_) | Stage::Parse(_) | Stage::Lookup(_) => {
            for item in &mut items {
                let fields = item.record.as_ref().map(|record| Fields::new(record.borrow()));
                compute(stage, fields.as_ref(), &mut item.columns);
            }
        }
        Stage::Filter(expr) => items.retain(|item| item.with(|scope| expr.eval(scope).is_true())),
        Stage::Limit(limit) => items.truncate(*limit),
        Stage::Dedup(by) => {
            let mut seen = HashSet::new();
            items.retain(|item| item.with(|scope| unique(by, scope)).is_none_or(|key| seen.insert(key)));
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
        Stage::Pattern(clustering) => return cluster(clustering, &items, &[]),
        Stage::Series(series) => return series::apply(series, items, names),
    }
    items
}

/// What `dedup` tells rows apart by; a row that lacks one of the fields is never a duplicate.
pub(super) fn unique(by: &[Expr], scope: Scope<'_>) -> Option<Vec<String>> {
    by.iter().map(|expr| expr.eval(scope).as_text().map(std::borrow::Cow::into_owned)).collect()
}

/// The patterns of rows, and of those of the time before.
pub(super) fn cluster(clustering: &Clustering, items: &[Item], before: &[Item]) -> Vec<Item> {
    let mut patterns = Patterns::default();
    for (items, sides) in [(items, Sides::NOW), (before, Sides::BEFORE)] {
        for item in items {
            item.with(|scope| patterns.add(&clustering.of.eval(scope), sides));
        }
    }
    patterns.items(clustering)
}

/// Several rows of each.
fn spread(stage: &Stage, items: Vec<Item>) -> Vec<Item> {
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        let fields = item.record.as_ref().map(|record| Fields::new(record.borrow()));
        let rows = multiply(stage, fields.as_ref(), &item.columns).unwrap_or_default();
        out.extend(rows.into_iter().map(|columns| Item { columns, ..item.clone() }));
    }
    out
}
