//! A value that leaves what the recent past and the same time of earlier days let expect.

use chrono::TimeDelta;

use super::datapoints;
use super::memory::Memory;
use super::trace::{Look, Trace};
use super::values::{Gap, values};
use crate::analysis::surge::{Settings, Stray, Verdict};
use crate::board::Board;
use crate::board::rule::{Beyond, Datapoints, Formula, Missing};
use crate::clock::{Time, floor};
use crate::store::Store;
use crate::store::rule::RuleState;

/// What a spike or decline is told by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surge<'r> {
    pub(super) formula: &'r Formula,
    pub(super) side: Beyond,
    pub(super) datapoints: Datapoints,
    pub(super) history: std::time::Duration,
    pub(super) sensitivity: Option<f64>,
}

pub(super) fn trace(surge: Surge<'_>, known: (&Board, &Store), memory: &mut Memory, from: Time, now: Time) -> Trace {
    let period = i64::from(surge.formula.period_s.max(1));
    let step = TimeDelta::seconds(period);
    let due = floor(now, period) + step;
    let before = TimeDelta::from_std(surge.history).unwrap_or_default();
    let Some(found) = values(surge.formula, known, Gap::Nothing, from - before, now) else {
        return Trace { period_s: period, ..Trace::waiting(due, "waiting for the first datapoints") };
    };
    // A verdict from a part of the past would be another one a moment later.
    if found.points.first().is_none_or(|(at, _)| *at >= from - before + step * 2) {
        return Trace { period_s: period, ..Trace::waiting(due, "waiting for the past that it learns from") };
    }
    let points: Vec<(Time, f64)> = found.points.iter().filter_map(|(at, value)| Some((*at, (*value)?))).collect();
    let settings = Settings { sensitivity: surge.sensitivity.unwrap_or(1.0), ..Settings::default() };
    let verdicts: Vec<(Time, Verdict)> = memory.follow(&settings, step, &points, now);
    let verdict = |at: Time| verdicts.binary_search_by_key(&at, |(at, _)| *at).ok().map(|index| verdicts[index].1);
    let judged: Vec<(Time, Option<f64>, Option<Verdict>)> =
        found.points.iter().map(|(at, value)| (*at, *value, verdict(*at))).collect();
    // What the detector cannot judge yet is as good as missing.
    let is_bad = |(_, value, verdict): &(Time, Option<f64>, Option<Verdict>)| {
        held_to(surge.side, (*value)?, verdict.as_ref()?).map(|(_, by)| by > 0.0)
    };
    let bad: Vec<Option<bool>> = judged.iter().map(is_bad).collect();
    let first = judged.partition_point(|(at, ..)| *at < from);
    let n = surge.datapoints.of as usize;
    let mut looks = Vec::new();
    for (index, (at, value, verdict)) in judged.iter().enumerate().skip(first.max(n.saturating_sub(1))) {
        let window = &bad[index + 1 - n..=index];
        let (state, bad) = datapoints::state(window, surge.datapoints, Missing::Missing, RuleState::NoData);
        let held = value.zip(verdict.as_ref()).and_then(|(value, verdict)| held_to(surge.side, value, verdict));
        looks.push(Look {
            at: *at + step,
            state,
            value: held.map_or(*value, |(stray, _)| Some(stray.value)),
            threshold: held.map(|(stray, _)| stray.edge),
            excess: held.map_or(0.0, |(_, by)| by.max(0.0)),
            mean_of: held.and_then(|(stray, _)| stray.span),
            bad,
        });
    }
    let edge = |of: fn(&Verdict) -> Option<f64>| {
        let edges = verdicts.iter().filter(|(at, _)| *at >= from);
        edges.filter_map(|(at, verdict)| Some((*at, of(verdict)?))).collect()
    };
    // A message with datapoints beside it (partial data) does not keep anybody from judging them.
    let unknown = found.unknown.or(found.message.filter(|_| points.is_empty()));
    let learning = !verdicts.iter().any(|(_, verdict)| verdict.expected.is_some());
    Trace {
        known_from: looks.first().map(|look| look.at),
        unknown: unknown.or_else(|| learning.then(|| "too little of the past is known".to_owned())),
        looks,
        lower: edge(|verdict| verdict.low),
        upper: edge(|verdict| verdict.high),
        points: points.into_iter().filter(|(at, _)| *at >= from).collect(),
        period_s: period,
        due,
    }
}

/// What is outside on the sides that a rule looks at, else what the datapoint is held to; and how far it is beyond.
fn held_to(side: Beyond, value: f64, verdict: &Verdict) -> Option<(Stray, f64)> {
    let above = verdict.high.map(|edge| verdict.spike.unwrap_or(Stray { span: None, value, edge }));
    let below = verdict.low.map(|edge| verdict.decline.unwrap_or(Stray { span: None, value, edge }));
    let above = above.map(|stray| (stray, stray.value - stray.edge));
    let below = below.map(|stray| (stray, stray.edge - stray.value));
    match side {
        Beyond::Above => above,
        Beyond::Below => below,
        Beyond::Both => [above, below].into_iter().flatten().max_by(|(_, one), (_, two)| one.total_cmp(two)),
    }
}
