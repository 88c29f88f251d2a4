//! A value beyond a bound in M of N periods.

use chrono::TimeDelta;

use super::trace::{Look, Trace};
use super::values::{Gap, Values, values};
use super::{datapoints, service};
use crate::board::Board;
use crate::board::rule::{Datapoints, Formula, Limit, Missing, ServiceWatch};
use crate::clock::{Time, floor};
use crate::store::Store;
use crate::store::rule::RuleState;

pub(super) fn trace(
    formula: &Formula,
    bound: Limit,
    m: Datapoints,
    missing: Missing,
    known: (&Board, &Store),
    from: Time,
    now: Time,
) -> Trace {
    let from = from - before(m, formula.period_s);
    judge(values(formula, known, Gap::Nothing, from, now), bound, m, missing, formula.period_s, now)
}

/// The same of what X-Ray counts.
pub(super) fn of_service(
    watch: &ServiceWatch,
    bound: Limit,
    m: Datapoints,
    missing: Missing,
    store: &Store,
    from: Time,
    now: Time,
) -> Trace {
    let from = from - before(m, watch.period_s);
    judge(service::values(watch, store, from, now), bound, m, missing, watch.period_s, now)
}

/// How much earlier than the first look its datapoints begin.
fn before(m: Datapoints, period_s: u32) -> TimeDelta {
    TimeDelta::seconds(i64::from(period_s.max(1))) * m.of.saturating_sub(1) as i32
}

fn judge(found: Option<Values>, bound: Limit, m: Datapoints, missing: Missing, period_s: u32, now: Time) -> Trace {
    let period = i64::from(period_s.max(1));
    let step = TimeDelta::seconds(period);
    let due = floor(now, period) + step;
    let Some(found) = found else {
        return Trace { period_s: period, ..Trace::waiting(due, "waiting for the first datapoints") };
    };
    let bad: Vec<Option<bool>> = found.points.iter().map(|(_, value)| value.map(|v| bound.breached(v))).collect();
    let mut state = RuleState::NoData;
    let mut looks = Vec::new();
    for (index, (at, value)) in found.points.iter().enumerate().skip(m.of.saturating_sub(1) as usize) {
        let (now, bad) = datapoints::state(&bad[index + 1 - m.of as usize..=index], m, missing, state);
        state = now;
        looks.push(Look {
            at: *at + step,
            state,
            value: *value,
            threshold: Some(bound.value),
            excess: value.map_or(0.0, |value| excess(bound, value)),
            mean_of: None,
            bad,
        });
    }
    Trace {
        known_from: looks.first().map(|look| look.at),
        looks,
        points: found.points.iter().filter_map(|(at, value)| Some((*at, (*value)?))).collect(),
        lower: Vec::new(),
        upper: Vec::new(),
        period_s: period,
        // A message with datapoints beside it (partial data) does not keep anybody from judging them.
        unknown: found.unknown.or(found.message.filter(|_| bad.iter().all(Option::is_none))),
        due,
    }
}

/// How far a value lies beyond a bound.
fn excess(bound: Limit, value: f64) -> f64 {
    let beyond = if bound.sign.is_upper() { value - bound.value } else { bound.value - value };
    beyond.max(0.0)
}
