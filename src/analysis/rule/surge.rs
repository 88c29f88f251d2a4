//! A value that leaves what the recent past and the same time of earlier days let expect.

use chrono::TimeDelta;

use super::datapoints;
use super::trace::{Look, Trace};
use super::values::{Gap, values};
use crate::analysis::surge::{Detector, Settings, Verdict};
use crate::board::Board;
use crate::board::rule::{Beyond, Datapoints, Formula, Missing};
use crate::clock::{Time, floor};
use crate::store::Store;
use crate::store::rule::RuleState;

/// How long what lies beyond the band is not learnt from.
const UNLEARNT: TimeDelta = TimeDelta::hours(1);

/// What a spike or decline is told by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surge<'r> {
    pub(super) formula: &'r Formula,
    pub(super) side: Beyond,
    pub(super) datapoints: Datapoints,
    pub(super) history: std::time::Duration,
    pub(super) sensitivity: Option<f64>,
}

pub(super) fn trace(surge: Surge<'_>, known: (&Board, &Store), from: Time, now: Time) -> Trace {
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
    // What is learnt does not depend on how wide a band the rule wants.
    let width = surge.sensitivity.unwrap_or(1.0);
    let verdicts: Vec<(Time, Verdict)> =
        follow(step, &points).into_iter().map(|(at, verdict)| (at, scaled(verdict, width))).collect();
    let verdict = |at: Time| verdicts.binary_search_by_key(&at, |(at, _)| *at).ok().map(|index| verdicts[index].1);
    let judged: Vec<(Time, Option<f64>, Option<Verdict>)> =
        found.points.iter().map(|(at, value)| (*at, *value, verdict(*at))).collect();
    // What the detector cannot judge yet is as good as missing.
    let is_bad = |(_, value, verdict): &(Time, Option<f64>, Option<Verdict>)| {
        beyond(surge.side, (*value)?, verdict.as_ref()?).map(|(_, by)| by > 0.0)
    };
    let bad: Vec<Option<bool>> = judged.iter().map(is_bad).collect();
    let first = judged.partition_point(|(at, ..)| *at < from);
    let n = surge.datapoints.of as usize;
    let mut looks = Vec::new();
    for (index, (at, value, verdict)) in judged.iter().enumerate().skip(first.max(n.saturating_sub(1))) {
        let window = &bad[index + 1 - n..=index];
        let (state, bad) = datapoints::state(window, surge.datapoints, Missing::Missing, RuleState::NoData);
        let edge = value.zip(verdict.as_ref()).and_then(|(value, verdict)| beyond(surge.side, value, verdict));
        looks.push(Look {
            at: *at + step,
            state,
            value: *value,
            threshold: edge.map(|(edge, _)| edge),
            excess: edge.map_or(0.0, |(_, by)| by.max(0.0)),
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

/// What a detector says of each of `points` that does not get used to what it tells of.
///
/// A detector learns from all that it is shown, and a band that follows an incident soon holds it. So what lies beyond
/// its own band is not shown to it, for [`UNLEARNT`] at most: what lasts longer is the new ordinary.
fn follow(period: TimeDelta, points: &[(Time, f64)]) -> Vec<(Time, Verdict)> {
    let mut detector = Detector::new(Settings::default(), period);
    let mut verdicts: Vec<(Time, Verdict)> = Vec::with_capacity(points.len());
    let mut beyond_since: Option<Time> = None;
    let beyond = |verdict: &Verdict, value: f64| {
        verdict.low.is_some_and(|low| value < low) || verdict.high.is_some_and(|high| value > high)
    };
    for &(at, value) in points {
        // Copying a detector is dear; the band moves little from one datapoint to the next.
        let is_suspect = verdicts.last().is_some_and(|(_, last)| beyond(last, value));
        let before = is_suspect.then(|| detector.clone());
        let verdict = detector.push(at, value);
        if !beyond(&verdict, value) {
            beyond_since = None;
        } else if let Some(before) = before
            && at - *beyond_since.get_or_insert(at) < UNLEARNT
        {
            detector = before;
        }
        verdicts.push((at, verdict));
    }
    verdicts
}

/// A verdict with the edges of its band so many times as far from what was expected.
fn scaled(verdict: Verdict, sensitivity: f64) -> Verdict {
    let edge = |edge: Option<f64>| {
        let (edge, expected) = (edge?, verdict.expected?);
        Some(expected + (edge - expected) * sensitivity)
    };
    Verdict { low: edge(verdict.low), high: edge(verdict.high), ..verdict }
}

/// The edge that a value is held to, and how far it is beyond it; of two edges, the nearer.
fn beyond(side: Beyond, value: f64, verdict: &Verdict) -> Option<(f64, f64)> {
    let above = verdict.high.map(|high| (high, value - high));
    let below = verdict.low.map(|low| (low, low - value));
    match side {
        Beyond::Above => above,
        Beyond::Below => below,
        Beyond::Both => [above, below].into_iter().flatten().max_by(|(_, one), (_, two)| one.total_cmp(two)),
    }
}
