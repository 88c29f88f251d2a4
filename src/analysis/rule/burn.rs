//! How fast the error budget of an SLO burns, over a long and a short window at once.
//!
//! Source: Google, *The Site Reliability Workbook* (2018), chapter 5, "Alerting on SLOs", "6: Multiwindow, Multi-Burn-Rate
//! Alerts". The burn rate of a window is its share of bad events divided by the share that the objective allows. The
//! long window says that enough of the budget is gone to matter, the short one that it is still burning, so that the
//! rule stops soon after the trouble does.

use chrono::TimeDelta;

use super::trace::{Look, Trace};
use super::values::{Gap, values};
use crate::board::rule::BurnWindows;
use crate::board::{Board, Slo};
use crate::clock::{Time, floor};
use crate::store::Store;
use crate::store::rule::RuleState;

pub(super) fn trace(slo: &Slo, windows: BurnWindows, known: (&Board, &Store), from: Time, now: Time) -> Trace {
    let period = i64::from(slo.total.period_s.max(1));
    let step = TimeDelta::seconds(period);
    let due = floor(now, period) + step;
    let periods = |span: std::time::Duration| (span.as_secs() as i64 / period).max(1) as usize;
    let (long, short) = (periods(windows.long), periods(windows.short));
    let before = step * long as i32;
    let both = [&slo.good, &slo.total].map(|formula| values(formula, known, Gap::Zero, from - before, now));
    let [Some(good), Some(total)] = both else {
        return Trace { period_s: period, ..Trace::waiting(due, "waiting for the first datapoints") };
    };
    let sums = Sums::of(&good.points, &total.points);
    let mut looks = Vec::new();
    for (index, (at, _)) in total.points.iter().enumerate().skip(long - 1) {
        let rate = |periods| sums.bad_share(index, periods).map(|share| share / slo.budget());
        let rates = rate(long).zip(rate(short));
        // Both have to reach the factor: the lower one decides.
        let value = rates.map(|(long, short)| long.min(short));
        let state = match value {
            None => RuleState::NoData,
            Some(rate) if rate >= windows.factor => RuleState::Firing,
            Some(_) => RuleState::Quiet,
        };
        looks.push(Look {
            at: *at + step,
            state,
            value,
            threshold: Some(windows.factor),
            excess: value.map_or(0.0, |rate| (rate - windows.factor).max(0.0)),
            mean_of: None,
            bad: u32::from(state == RuleState::Firing),
        });
    }
    let points = looks.iter().filter_map(|look| Some((look.at - step, look.value?)));
    let silent = total.points.iter().all(|(_, value)| value.is_none());
    let unknown = total.unknown.or(total.message.or(good.message).filter(|_| silent));
    Trace {
        points: points.collect(),
        known_from: looks.first().map(|look| look.at),
        unknown: unknown.or_else(|| looks.is_empty().then(|| "waiting for datapoints of the long window".to_owned())),
        looks,
        lower: Vec::new(),
        upper: Vec::new(),
        period_s: period,
        due,
    }
}

/// Running sums of good and of all events.
struct Sums(Vec<(f64, f64)>);

impl Sums {
    fn of(good: &[(Time, Option<f64>)], total: &[(Time, Option<f64>)]) -> Self {
        let mut sum = (0.0, 0.0);
        let mut sums = vec![sum];
        for (at, all) in total {
            let well = good.binary_search_by_key(at, |(at, _)| *at).ok().and_then(|index| good[index].1);
            if let Some(all) = all {
                sum.0 += well.unwrap_or(0.0).min(*all);
                sum.1 += all;
            }
            sums.push(sum);
        }
        Self(sums)
    }

    /// The share of bad events in the `periods` up to and with `index`; `None` without any event.
    fn bad_share(&self, index: usize, periods: usize) -> Option<f64> {
        let (to, from) = (self.0.get(index + 1)?, self.0.get((index + 1).checked_sub(periods)?)?);
        let (good, all) = (to.0 - from.0, to.1 - from.1);
        (all > 0.0).then(|| (1.0 - good / all).max(0.0))
    }
}
