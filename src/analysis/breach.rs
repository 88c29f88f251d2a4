//! When what an alarm watches went wrong: the stretch of time that evidence is looked for in.

use chrono::TimeDelta;

use crate::clock::{Time, floor};
use crate::store::Store;
use crate::store::alarm::{Alarm, AlarmEvent, AlarmKind, AlarmState};
use crate::store::window::{Span, Window};

/// How deep composite alarms may hold one another here; CloudWatch itself forbids cycles.
const DEPTH: usize = 8;

/// The stretch in which an alarm's values breached: from the first of the periods that made it fire until it recovered,
/// or until now while it fires.
///
/// An alarm that fires is in `ALARM` since M of N periods breached, so the first of them began M periods before. One
/// that does not fire has its newest episode in its history; where that holds none, the window on screen is taken. A
/// composite takes the earliest of its children that fire.
pub fn span(alarm: &Alarm, store: &Store, window: Window, now: Time) -> Span {
    found(alarm, store, window, now).0
}

/// The end of the first period that breached, or the change of state where that came earlier.
///
/// A period's datapoint says nothing of when in the period the trouble began, so what was changed until its end may be
/// the cause as well as what was changed before its start.
pub fn onset(alarm: &Alarm, store: &Store, window: Window, now: Time) -> Time {
    found(alarm, store, window, now).1
}

fn found(alarm: &Alarm, store: &Store, window: Window, now: Time) -> (Span, Time) {
    let firing = alarm.state == AlarmState::Alarm;
    if let Some((from, onset)) = if firing { began(alarm, store, DEPTH) } else { None } {
        return (Span { from, to: None }, onset);
    }
    let history = store.histories.get(&alarm.name).map_or(&[][..], |feed| &feed.data);
    match episode(history) {
        Some((since, to)) if !firing => {
            let (from, onset) = first_period(alarm, since);
            (Span { from, to: Some(to) }, onset)
        }
        Some(_) | None => {
            let span = Span::of(window, now);
            (span, span.from)
        }
    }
}

/// The alarms that make an alarm fire: the alarm itself, or the children of a composite that fire, to the bottom; all
/// of them where none does.
pub fn culprits<'a>(alarm: &'a Alarm, store: &'a Store) -> Vec<&'a Alarm> {
    let mut found = Vec::new();
    collect(alarm, store, DEPTH, &mut found);
    let firing: Vec<&Alarm> = found.iter().copied().filter(|alarm| alarm.state == AlarmState::Alarm).collect();
    if firing.is_empty() { found } else { firing }
}

fn collect<'a>(alarm: &'a Alarm, store: &'a Store, depth: usize, found: &mut Vec<&'a Alarm>) {
    let AlarmKind::Composite { children, .. } = &alarm.kind else {
        if !found.iter().any(|known| known.name == alarm.name) {
            found.push(alarm);
        }
        return;
    };
    let Some(depth) = depth.checked_sub(1) else { return };
    for child in children.iter().filter_map(|name| store.alarm(name)) {
        collect(child, store, depth, found);
    }
}

/// Start and end of the period in which the values of a firing alarm began to breach.
fn began(alarm: &Alarm, store: &Store, depth: usize) -> Option<(Time, Time)> {
    let since = alarm.since?;
    let AlarmKind::Composite { children, .. } = &alarm.kind else { return Some(first_period(alarm, since)) };
    let depth = depth.checked_sub(1)?;
    let firing = children.iter().filter_map(|name| store.alarm(name)).filter(|child| child.state == AlarmState::Alarm);
    firing.filter_map(|child| began(child, store, depth)).min().or(Some((since, since)))
}

/// Start and end of the first of the periods that made an alarm change its state at `since`.
fn first_period(alarm: &Alarm, since: Time) -> (Time, Time) {
    match &alarm.kind {
        AlarmKind::Metric(metric) => {
            let period = i64::from(metric.query.period_s.max(1));
            let periods = i64::from(metric.datapoints_to_alarm.max(1));
            let from = floor(since, period) - TimeDelta::seconds(period * periods);
            (from, since.min(from + TimeDelta::seconds(period)))
        }
        AlarmKind::Composite { .. } | AlarmKind::Logs(_) => (since - TimeDelta::minutes(5), since),
    }
}

/// Start and end of the newest episode in a history, which is newest first.
fn episode(history: &[AlarmEvent]) -> Option<(Time, Time)> {
    let ended = history.iter().position(|event| event.change.is_some_and(|(before, _)| before == AlarmState::Alarm))?;
    let mut older = history[ended..].iter();
    let began = older.find(|event| event.change.is_some_and(|(_, after)| after == AlarmState::Alarm))?;
    Some((began.at, history[ended].at))
}

#[cfg(test)]
mod tests;
