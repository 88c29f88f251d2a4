//! Which columns a result has.

use std::sync::Arc;

use super::ast::{Series, Stage};
use super::patterns;

/// The fields that the result shows: those of the last `display`; else those of `stats` or `pattern` and of everything
/// after it; else those of every `fields`; else time, message and what was parsed. What `lookup` and the commands of
/// series add is always among them.
pub(super) fn output(stages: &[Stage]) -> Vec<Arc<str>> {
    let aggregate = stages.iter().rposition(Stage::is_aggregate);
    let mut names: Vec<Arc<str>> = Vec::new();
    let mut add = |name: &Arc<str>| {
        if !names.contains(name) {
            names.push(Arc::clone(name));
        }
    };
    let mut shown = &stages[aggregate.unwrap_or(0)..];
    let listed = aggregate.is_some() || shown.iter().any(|stage| matches!(stage, Stage::Fields(_)));
    if let Some(at) = shown.iter().rposition(|stage| matches!(stage, Stage::Display(_))) {
        if let Stage::Display(list) = &shown[at] {
            for named in list {
                add(&named.name);
            }
        }
        shown = &shown[at + 1..];
        for stage in shown {
            match stage {
                Stage::Series(series) => added(series, &mut add),
                Stage::Lookup(lookup) => lookup.columns.iter().for_each(&mut add),
                _ => {}
            }
        }
        return names;
    }
    if !listed {
        ["@timestamp", "@message"].map(Arc::from).iter().for_each(&mut add);
    }
    for stage in shown {
        match stage {
            Stage::Fields(list) => list.iter().for_each(|named| add(&named.name)),
            Stage::Stats(stats) => stats.by.iter().chain(&stats.columns).for_each(|named| add(&named.name)),
            Stage::Pattern(it) => patterns::columns(it).iter().copied().map(Arc::from).for_each(|name| add(&name)),
            Stage::Parse(extraction) if !listed => extraction.columns.iter().for_each(|(_, name)| add(name)),
            Stage::Unnest(_, name) if !listed => add(name),
            Stage::Series(series) => added(series, &mut add),
            Stage::Lookup(lookup) => lookup.columns.iter().for_each(&mut add),
            Stage::Parse(_)
            | Stage::Unnest(..)
            | Stage::Display(_)
            | Stage::Filter(_)
            | Stage::Sort(_)
            | Stage::Limit(_)
            | Stage::Join(_)
            | Stage::Dedup(_) => {}
        }
    }
    names
}

fn added(series: &Series, add: &mut impl FnMut(&Arc<str>)) {
    match series {
        Series::Accum { name, .. } | Series::Sessionize { name, .. } => add(name),
        Series::Lag { names, .. } => names.iter().for_each(|(_, name)| add(name)),
        Series::Fillmissing { values, .. } => values.iter().for_each(|(name, _)| add(name)),
        Series::Totals { name, row, .. } => {
            if *row {
                add(name);
            }
        }
        Series::Filldown(_) => {}
    }
}
