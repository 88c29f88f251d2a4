//! Log events that pile up within a sliding window.

use std::collections::VecDeque;
use std::time::Duration;

use chrono::TimeDelta;

use super::trace::{Look, Trace};
use crate::clock::Time;
use crate::store::counts::Counts;
use crate::store::rule::RuleState;

/// How far what is known may be behind before the present counts as unknown.
const LATE: TimeDelta = TimeDelta::minutes(1);
/// Points of a chart for each length of the window.
const POINTS_A_WINDOW: i32 = 5;

pub(super) fn trace(counts: Option<&Counts>, window: Duration, at_least: u32, from: Time, now: Time) -> Trace {
    let window = TimeDelta::from_std(window).unwrap_or_default().max(TimeDelta::milliseconds(1));
    let step = (window / POINTS_A_WINDOW).max(TimeDelta::seconds(1));
    let period_s = step.num_seconds();
    let Some((counts, (start, end))) = counts.and_then(|counts| Some((counts, counts.known?))) else {
        return Trace { period_s, ..Trace::waiting(now + LATE, "waiting for the first log events") };
    };
    let start = start.max(from).min(end);
    let oldest = counts.times.partition_point(|time| *time <= start - window);
    let newest = counts.times.partition_point(|time| *time <= end);
    let times: Vec<Time> = counts.times.range(oldest..newest.max(oldest)).copied().collect();
    let look = |at: Time, state, count: u32| Look {
        at,
        state,
        value: Some(f64::from(count)),
        threshold: Some(f64::from(at_least)),
        excess: f64::from(count.saturating_sub(at_least)),
        mean_of: None,
        bad: count,
    };
    let mut looks = vec![look(start, RuleState::Quiet, within(&times, start, window))];
    for held in holds(&times, window, at_least).into_iter().filter(|held| held.to > start) {
        if held.from <= start {
            looks.clear();
        }
        let begin = held.from.max(start);
        looks.push(look(begin, RuleState::Firing, within(&times, begin, window)));
        looks.push(look(held.peak_at.max(begin), RuleState::Firing, held.peak));
        if held.to <= end {
            looks.push(look(held.to, RuleState::Quiet, within(&times, held.to, window)));
        }
    }
    let state = looks.last().map_or(RuleState::Quiet, |look| look.state);
    looks.push(look(end, state, within(&times, end, window)));
    let late = now - end >= LATE;
    Trace {
        looks,
        points: points(&times, window, step, start, end),
        lower: Vec::new(),
        upper: Vec::new(),
        period_s,
        // Before a whole window is known, a count is only a part of the truth.
        known_from: Some(start + window),
        unknown: late.then(|| format!("log events are known up to {} only", end.format("%H:%M:%S"))),
        due: if late { now + LATE } else { end + LATE },
    }
}

/// A stretch `[from, to)` in which every window holds enough events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) from: Time,
    pub(super) to: Time,
    /// The most events in one window.
    pub(super) peak: u32,
    /// When that was first so.
    pub(super) peak_at: Time,
}

/// The stretches in which at least `k` of `times` (ascending) lie in the window `(t − window, t]`.
///
/// At an event, the window holds `k` events exactly if the `k`-th newest is younger than the window; it goes on holding
/// them until that one leaves.
pub(super) fn holds(times: &[Time], window: TimeDelta, k: u32) -> Vec<Held> {
    let mut held: Vec<Held> = Vec::new();
    let k = k.max(1) as usize;
    let mut oldest = 0;
    for (index, at) in times.iter().enumerate() {
        while times[oldest] <= *at - window {
            oldest += 1;
        }
        let count = index + 1 - oldest;
        if count < k {
            continue;
        }
        let to = times[index + 1 - k] + window;
        let peak = count as u32;
        match held.last_mut().filter(|last| last.to >= *at) {
            Some(last) => {
                last.to = last.to.max(to);
                if peak > last.peak {
                    (last.peak, last.peak_at) = (peak, *at);
                }
            }
            None => held.push(Held { from: *at, to, peak, peak_at: *at }),
        }
    }
    held
}

/// How many events lie in `(at − window, at]`.
fn within(times: &[Time], at: Time, window: TimeDelta) -> u32 {
    let from = times.partition_point(|time| *time <= at - window);
    (times.partition_point(|time| *time <= at) - from) as u32
}

/// The most events that a window which ends within each step holds.
fn points(times: &[Time], window: TimeDelta, step: TimeDelta, start: Time, end: Time) -> Vec<(Time, f64)> {
    let mut points = Vec::new();
    let mut at = crate::clock::floor(start, step.num_seconds());
    let mut inside: VecDeque<Time> = VecDeque::new();
    let mut next = times.iter().copied().peekable();
    while at < end {
        let until = at + step;
        while next.next_if(|time| *time < at).map(|time| inside.push_back(time)).is_some() {}
        while inside.pop_front_if(|time| *time <= at - window).is_some() {}
        let mut most = inside.len();
        while let Some(time) = next.next_if(|time| *time < until) {
            inside.push_back(time);
            while inside.pop_front_if(|old| *old <= time - window).is_some() {}
            most = most.max(inside.len());
        }
        if at >= start {
            points.push((at, most as f64));
        }
        at = until;
    }
    points
}
