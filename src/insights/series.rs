//! The commands for which the order of rows counts.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::ast::{Expr, Series, Wildcard};
use super::eval::Column;
use super::rows::Item;
use super::run::order_of_keys;
use super::span::Span;
use super::value::Value;

/// Rows that `fillmissing` adds at most.
const MOST_ADDED: usize = 100_000;

/// Applies such a command; `names` are the columns that there are before it.
pub(super) fn apply(series: &Series, mut items: Vec<Item>, names: &[Arc<str>]) -> Vec<Item> {
    match series {
        Series::Accum { of, name } => accumulate(&mut items, of, name),
        Series::Lag { of, names } => lag(&mut items, of, names),
        Series::Filldown(list) => fill_down(&mut items, list, names),
        Series::Fillmissing { bin, span, others, values } => fill_missing(&mut items, bin, *span, others, values),
        Series::Sessionize { by, gap, name } => sessions(&mut items, by, *gap, name),
        Series::Totals { name, row, column, of } => {
            totals(&mut items, name, (*row, *column), if of.is_empty() { names } else { of });
        }
    }
    items
}

/// The sum of a field's numbers up to each row.
fn accumulate(items: &mut [Item], of: &Expr, name: &Arc<str>) {
    let mut sum = 0.0;
    for item in items {
        sum += item.with(|scope| of.eval(scope).as_number()).unwrap_or_default();
        item.columns.push((Arc::clone(name), Value::number(sum)));
    }
}

fn lag(items: &mut [Item], of: &Expr, names: &[(usize, Arc<str>)]) {
    let values: Vec<Value<'static>> = items.iter().map(|item| item.with(|scope| of.eval(scope).owned())).collect();
    for (at, item) in items.iter_mut().enumerate() {
        for (back, name) in names {
            let value = at.checked_sub(*back).and_then(|at| values.get(at)).cloned().unwrap_or(Value::Missing);
            item.columns.push((Arc::clone(name), value));
        }
    }
}

fn fill_down(items: &mut [Item], list: &[Wildcard], names: &[Arc<str>]) {
    let chosen = |name: &&Arc<str>| list.is_empty() || list.iter().any(|wildcard| wildcard.takes(name));
    let plain = list.iter().filter(|wildcard| !wildcard.open).map(|wildcard| &wildcard.name);
    let fields: HashSet<&Arc<str>> = names.iter().filter(chosen).chain(plain).collect();
    let mut carried: HashMap<&Arc<str>, Value<'static>> = HashMap::new();
    for item in items {
        for name in &fields {
            match item.with(|scope| scope.field(name).owned()) {
                Value::Missing => {
                    if let Some(value) = carried.get(*name) {
                        item.columns.push((Arc::clone(name), value.clone()));
                    }
                }
                value => {
                    carried.insert(*name, value);
                }
            }
        }
    }
}

/// A row for every period between the first and the last that has none, of each combination of the other groups.
fn fill_missing(items: &mut Vec<Item>, bin: &Arc<str>, span: Span, others: &[Arc<str>], values: &[Column]) {
    let time = |item: &Item| item.with(|scope| scope.field(bin).as_millis());
    let Some((first, last)) = items.iter().filter_map(time).fold(None, |range, at| match range {
        None => Some((at, at)),
        Some((first, last)) => Some((at.min(first), at.max(last))),
    }) else {
        return;
    };
    let key = |item: &Item| -> Vec<Column> {
        others.iter().map(|name| (Arc::clone(name), item.with(|scope| scope.field(name).owned()))).collect()
    };
    let text = |columns: &[Column]| -> Vec<Option<String>> {
        columns.iter().map(|(_, value)| value.as_text().map(std::borrow::Cow::into_owned)).collect()
    };
    let mut there: HashSet<(Vec<Option<String>>, i64)> = HashSet::new();
    let mut groups: BTreeMap<Vec<Option<String>>, Vec<Column>> = BTreeMap::new();
    for item in items.iter() {
        let columns = key(item);
        let name = text(&columns);
        if let Some(at) = time(item) {
            there.insert((name.clone(), at));
        }
        groups.insert(name, columns);
    }
    let before = items.len();
    for (name, columns) in &groups {
        let mut at = first;
        while at <= last && items.len() - before < MOST_ADDED {
            if !there.contains(&(name.clone(), at)) {
                let mut columns = columns.clone();
                columns.push((Arc::clone(bin), Value::Time(at)));
                columns.extend(values.iter().cloned());
                items.push(Item { record: None, columns, keys: Vec::new(), number: 0 });
            }
            at = span.next(at);
        }
    }
    // As `stats` leaves them: the newest period first, then the other groups.
    let keys = |item: &Item| -> Vec<Value<'static>> {
        let names = std::iter::once(bin).chain(others);
        names.map(|name| item.with(|scope| scope.field(name).owned())).collect()
    };
    items.sort_by_cached_key(|item| Keys(keys(item)));
    for (item, number) in items.iter_mut().zip(1..) {
        item.number = number;
    }
}

/// Keys in the order in which `stats` has them.
#[derive(Debug, PartialEq)]
struct Keys(Vec<Value<'static>>);

impl Eq for Keys {}

impl PartialOrd for Keys {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Keys {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let pairs = self.0.iter().zip(&other.0);
        pairs.map(|(one, two)| order_of_keys(one, two)).find(|it| it.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    }
}

/// Numbers sessions in the order in which they begin; rows without a time or an identity have none.
fn sessions(items: &mut [Item], by: &[Expr], gap: i64, name: &Arc<str>) {
    let mut order: Vec<(i64, usize)> = items
        .iter()
        .enumerate()
        .filter_map(|(at, item)| Some((item.with(|scope| scope.field("@timestamp").as_millis())?, at)))
        .collect();
    order.sort_unstable();
    let mut open: HashMap<Vec<String>, (i64, u64)> = HashMap::new();
    let mut count = 0;
    for (time, at) in order {
        let Some(item) = items.get_mut(at) else { continue };
        let identity: Option<Vec<String>> = item
            .with(|scope| by.iter().map(|expr| expr.eval(scope).as_text().map(std::borrow::Cow::into_owned)).collect());
        let Some(identity) = identity else { continue };
        let session = open.entry(identity).or_insert((i64::MIN, 0));
        if session.1 == 0 || time - session.0 > gap {
            count += 1;
            session.1 = count;
        }
        session.0 = time;
        item.columns.push((Arc::clone(name), Value::Number(session.1 as f64)));
    }
}

/// The sum of each row's numbers in a column of their own, of each column's in a row of their own.
fn totals(items: &mut Vec<Item>, name: &Arc<str>, (row, column): (bool, bool), of: &[Arc<str>]) {
    let number = |value: Value<'_>| match value {
        Value::Time(_) | Value::Bool(_) => None,
        other => other.as_number(),
    };
    let mut sums: Vec<Option<f64>> = vec![None; of.len()];
    let mut all = 0.0;
    for item in items.iter_mut() {
        let numbers: Vec<Option<f64>> = item.with(|scope| of.iter().map(|name| number(scope.field(name))).collect());
        for (sum, number) in sums.iter_mut().zip(&numbers) {
            *sum = number.map_or(*sum, |number| Some(sum.unwrap_or_default() + number));
        }
        let total: f64 = numbers.iter().flatten().sum();
        all += total;
        if row {
            item.columns.push((Arc::clone(name), Value::number(total)));
        }
    }
    if !column {
        return;
    }
    let mut columns: Vec<Column> =
        of.iter().zip(&sums).filter_map(|(name, sum)| Some((Arc::clone(name), Value::number((*sum)?)))).collect();
    if row {
        columns.push((Arc::clone(name), Value::number(all)));
    }
    let number = items.last().map_or(0, |item| item.number) + 1;
    items.push(Item { record: None, columns, keys: Vec::new(), number });
}
