//! A query at work.

use std::collections::HashMap;
use std::sync::Arc;

use super::aggregate::Gathered;
use super::ast::{Named, Plan, SortKey, Stage, Stats};
use super::compare::{Compared, Window};
use super::eval::{Column, Scope};
use super::kept::Rows;
use super::output::output;
use super::patterns::{Patterns, Sides};
use super::record::{Fields, Record};
use super::rows::{Item, Order, apply, cluster, compute, multiply};
use super::unknown::{Unknown, Watch};
use super::value::Value;

/// One row: field names and values in the order in which the query names them; what a record lacks is left out.
///
/// The rows of a query without `stats` end with `@ptr`, the record's opaque name.
pub type Row = Vec<(String, String)>;

/// Rows of a query that does not say how many.
const DEFAULT_LIMIT: usize = 10_000;

/// What a run has looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Records pushed.
    pub records_scanned: u64,
    /// Those that passed every filter before the first `stats`, `limit` or `dedup`.
    pub records_matched: u64,
    /// Bytes of the messages pushed.
    pub bytes_scanned: u64,
}

/// A run of a query over records that come one by one, in any order.
///
/// It keeps the rows that can still be in the result (at most twice the limit), or one entry for each group of `stats`
/// or `pattern`, or one row for each combination of values of `dedup`. Only `dedup` before other commands than `limit` keeps
/// every record that lacks a value, and only the commands of series (`accum`, `sessionize`
/// …) before any limit keep every record that matches.
#[derive(Debug)]
pub struct Run {
    plan: Arc<Plan>,
    /// How many stages look at one record alone; `sort` is among them, for it does its work at the end.
    streamed: usize,
    /// How many rows can be in the result, where that is known.
    bound: Option<usize>,
    statistics: Statistics,
    rows: Rows,
    /// The rows of the window that this one is compared with.
    before: Rows,
    groups: Groups,
    patterns: Patterns,
    /// The query's own window and the one that it is compared with, and how many records were in each.
    compared: Option<Compared>,
    /// The fields that it asks for, where somebody wants to know whether there are any.
    watch: Option<Watch>,
}

/// The groups of a `stats`, by the text of their keys.
#[derive(Debug, Default)]
pub(super) struct Groups(HashMap<Vec<Option<String>>, Group>);

#[derive(Debug)]
struct Group {
    keys: Vec<Value<'static>>,
    gathered: Vec<Gathered>,
}

impl Run {
    pub(super) fn new(plan: Arc<Plan>) -> Self {
        let streamed = plan.stages.iter().position(|stage| !stage.is_streamed()).unwrap_or(plan.stages.len());
        let bound = match plan.stages.get(streamed) {
            None if plan.nested => None,
            None => Some(DEFAULT_LIMIT),
            Some(Stage::Limit(limit)) => Some(*limit),
            Some(Stage::Dedup(_)) => bound_after(&plan, streamed + 1),
            Some(_) => None,
        };
        let compared = plan
            .against()
            .zip(plan.window.get())
            .map(|(against, own)| Compared { windows: [*own, against.before(*own)], records: [0; 2] });
        Self {
            plan,
            streamed,
            bound,
            statistics: Statistics::default(),
            rows: Rows::default(),
            before: Rows::default(),
            groups: Groups::default(),
            patterns: Patterns::default(),
            compared,
            watch: None,
        }
    }

    /// The same, looking out for the fields that the query asks for.
    #[must_use]
    pub fn watching(self) -> Self {
        Self { watch: Some(Watch::new(&self.plan)), ..self }
    }

    /// The fields that the query asks for and no record has that was pushed, where it looked out for them.
    pub fn unknown(&self) -> Vec<Unknown> {
        self.watch.as_ref().map(Watch::unknown).unwrap_or_default()
    }

    /// Takes in one record. Of a query that compares, those that are in neither of its windows count for nothing.
    pub fn push(&mut self, record: &Record<'_>) {
        let sides = self.sides(record);
        if !sides.now && !sides.before {
            return;
        }
        self.statistics.records_scanned += 1;
        self.statistics.bytes_scanned += record.message.len() as u64;
        let plan = Arc::clone(&self.plan);
        let fields = Fields::new(*record);
        if let Some(watch) = &mut self.watch {
            watch.look(&fields);
        }
        let mut matched = false;
        stream(&plan.stages[..self.streamed], &fields, Vec::new(), &mut |columns| {
            matched = true;
            self.take(&plan, &fields, columns, sides);
        });
        self.statistics.records_matched += u64::from(matched);
    }

    /// In which of the windows a record is.
    fn sides(&mut self, record: &Record<'_>) -> Sides {
        let Some(Compared { windows: [own, before], records: [now, then] }) = &mut self.compared else {
            return Sides::NOW;
        };
        let within = |(from, to): &Window| (*from..*to).contains(&record.time);
        let sides = Sides { now: within(own), before: within(before) };
        *now += u64::from(sides.now);
        *then += u64::from(sides.before);
        sides
    }

    /// The windows that were compared, where the query does that and was told its own.
    pub const fn compared(&self) -> Option<Compared> {
        self.compared
    }

    /// Takes in a row that passed the first stages.
    fn take(&mut self, plan: &Plan, fields: &Fields<'_>, columns: Vec<Column>, sides: Sides) {
        let scope = Scope::of(Some(fields), &columns);
        match plan.stages.get(self.streamed) {
            Some(Stage::Stats(stats)) => return self.groups.add(stats, scope),
            Some(Stage::Pattern(clustering)) => return self.patterns.add(&clustering.of.eval(scope), sides),
            _ => {}
        }
        let order = order(&plan.stages[..self.streamed]);
        let by = if let Some(Stage::Dedup(by)) = plan.stages.get(self.streamed) { by } else { &[][..] };
        if sides.before {
            self.before.take(&order, self.bound, by, fields, columns.clone());
        }
        if sides.now {
            self.rows.take(&order, self.bound, by, fields, columns);
        }
    }

    /// Rows that are kept.
    #[cfg(test)]
    pub(super) const fn kept(&self) -> usize {
        self.rows.len()
    }

    /// What has been looked at so far.
    pub const fn statistics(&self) -> Statistics {
        self.statistics
    }

    /// The result of what has been pushed so far.
    ///
    /// Without `sort`, records come newest first, groups by their keys (times newest first).
    pub fn snapshot(&self) -> Vec<Row> {
        let (streamed, rest) = self.plan.stages.split_at(self.streamed);
        let (mut items, rest) = match rest {
            [Stage::Stats(stats), rest @ ..] => (self.groups.items(stats), rest),
            [Stage::Pattern(clustering), rest @ ..] => (self.patterns.items(clustering), rest),
            // Of each combination that `dedup` tells apart one row was kept.
            [Stage::Dedup(_), rest @ ..] | rest => (self.rows.items(&order(streamed), self.bound), rest),
        };
        let mut before = self.before.items(&order(streamed), self.bound);
        let done = self.plan.stages.len() - rest.len();
        for (stage, at) in rest.iter().zip(done..) {
            let names = if matches!(stage, Stage::Series(_)) { output(&self.plan.stages[..at]) } else { Vec::new() };
            if let Stage::Pattern(clustering) = stage {
                items = cluster(clustering, &items, &before);
                before.clear();
                continue;
            }
            if !before.is_empty() {
                before = apply(stage, before, &names);
            }
            items = apply(stage, items, &names);
        }
        if !self.plan.nested && !self.plan.stages.iter().any(|stage| matches!(stage, Stage::Limit(_))) {
            items.truncate(DEFAULT_LIMIT);
        }
        let names = output(&self.plan.stages);
        items.iter().map(|item| item.row(&names)).collect()
    }

    /// The result.
    pub fn finish(self) -> Vec<Row> {
        self.snapshot()
    }
}

/// How many of the rows before a stage can be in the result, where those after it only show them.
fn bound_after(plan: &Plan, from: usize) -> Option<usize> {
    let rest = plan.stages.get(from..).unwrap_or_default();
    match rest.iter().find(|stage| !matches!(stage, Stage::Fields(_) | Stage::Display(_))) {
        Some(Stage::Limit(limit)) => Some(*limit),
        None if !plan.nested => Some(DEFAULT_LIMIT),
        _ => None,
    }
}

/// A record's way through the first stages; the columns of each of its rows that get through are handed on.
fn stream(stages: &[Stage], fields: &Fields<'_>, mut columns: Vec<Column>, pass: &mut dyn FnMut(Vec<Column>)) {
    for (at, stage) in stages.iter().enumerate() {
        if let Stage::Filter(expr) = stage {
            // Parsing JSON is dear: first see whether the words are there at all.
            if columns.is_empty() && !expr.is_possible(fields.record().message) {
                return;
            }
            if !expr.eval(Scope::of(Some(fields), &columns)).is_true() {
                return;
            }
            continue;
        }
        if let Some(rows) = multiply(stage, Some(fields), &columns) {
            for row in rows {
                stream(&stages[at + 1..], fields, row, pass);
            }
            return;
        }
        compute(stage, Some(fields), &mut columns);
    }
    pass(columns);
}

/// The order of the last `sort`, or newest first.
fn order(stages: &[Stage]) -> Order<'_> {
    let last = |stage: &'_ Stage| matches!(stage, Stage::Sort(_));
    match stages.iter().rev().find(|stage| last(stage)) {
        Some(Stage::Sort(keys)) => Order::By(keys),
        _ => Order::Newest,
    }
}

impl Groups {
    /// Takes in one record or row.
    pub(super) fn add(&mut self, stats: &Stats, scope: Scope<'_>) {
        let keys: Vec<Value<'_>> = stats.by.iter().map(|named| named.expr.eval(scope)).collect();
        let texts: Vec<Option<String>> =
            keys.iter().map(|key| key.as_text().map(std::borrow::Cow::into_owned)).collect();
        let group = self.0.entry(texts).or_insert_with(|| Group {
            keys: keys.into_iter().map(Value::owned).collect(),
            gathered: stats.aggregates.iter().map(|aggregate| Gathered::new(aggregate.kind)).collect(),
        });
        let time = scope.field("@timestamp").as_number().map_or(0, |at| at as i64);
        for (aggregate, gathered) in stats.aggregates.iter().zip(&mut group.gathered) {
            gathered.add(aggregate.of.as_ref().map(|of| of.eval(scope)), time);
        }
    }

    /// One row a group, in the order of their keys.
    pub(super) fn items(&self, stats: &Stats) -> Vec<Item> {
        let mut groups: Vec<&Group> = self.0.values().collect();
        groups.sort_unstable_by(|one, two| {
            let pairs = one.keys.iter().zip(&two.keys);
            pairs.map(|(one, two)| order_of_keys(one, two)).find(|it| it.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
        });
        groups.into_iter().zip(1..).map(|(group, number)| group.item(stats, number)).collect()
    }
}

/// The order of the keys of groups: times newest first.
pub(super) fn order_of_keys(one: &Value<'_>, two: &Value<'_>) -> std::cmp::Ordering {
    match (one, two) {
        (Value::Time(one), Value::Time(two)) => two.cmp(one),
        _ => one.sort(two),
    }
}

impl Group {
    fn item(&self, stats: &Stats, number: u64) -> Item {
        let aggregates: Vec<Value<'static>> = self.gathered.iter().map(Gathered::value).collect();
        let mut columns: Vec<Column> =
            stats.by.iter().zip(&self.keys).map(|(named, key)| (Arc::clone(&named.name), key.clone())).collect();
        for Named { name, expr } in &stats.columns {
            let value = expr.eval(Scope { fields: None, columns: &columns, aggregates: &aggregates }).owned();
            columns.push((Arc::clone(name), value));
        }
        Item { record: None, columns, keys: Vec::new(), number }
    }
}

/// Sort keys of a stage, for the order of rows.
pub(super) fn sort_keys(keys: &[SortKey], scope: Scope<'_>) -> Vec<Value<'static>> {
    keys.iter().map(|key| key.expr.eval(scope).owned()).collect()
}
