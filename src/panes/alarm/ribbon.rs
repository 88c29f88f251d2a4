//! An alarm's states over time, in one line.

use chrono::TimeDelta;

use crate::clock::Time;
use crate::store::alarm::{Alarm, AlarmEvent, AlarmState};
use crate::widgets::theme::Role;

/// The states of `columns` equal parts of `[from, to)`, the worst in each; `None` for the future and the unknown.
///
/// `events` are the history, newest first. Before its oldest change the alarm was in the state it changed from; without
/// any change it has been in its present state since [`Alarm::since`], and nothing is known before.
pub fn states(
    alarm: &Alarm,
    events: &[AlarmEvent],
    (from, to): (Time, Time),
    now: Time,
    columns: u16,
) -> Vec<Option<AlarmState>> {
    let stretches = stretches(alarm, events, now);
    let span = (to - from).num_milliseconds();
    let edge = |column: u16| from + TimeDelta::milliseconds(span * i64::from(column) / i64::from(columns.max(1)));
    (0..columns)
        .map(|column| {
            let (start, end) = (edge(column), edge(column + 1));
            let inside = stretches.iter().filter(|stretch| stretch.from < end && stretch.to > start);
            inside.map(|stretch| stretch.state).min()
        })
        .collect()
}

struct Stretch {
    from: Time,
    to: Time,
    state: AlarmState,
}

/// The stretches of time in one state, newest first.
fn stretches(alarm: &Alarm, events: &[AlarmEvent], now: Time) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let mut to = now;
    for (at, (_, after)) in events.iter().filter_map(|event| Some((event.at, event.change?))) {
        stretches.push(Stretch { from: at.min(to), to, state: after });
        to = at.min(to);
    }
    let oldest = events.iter().rev().find_map(|event| event.change);
    match (oldest, alarm.since) {
        (Some((before, _)), _) => stretches.push(Stretch { from: Time::MIN_UTC, to, state: before }),
        (None, Some(since)) => stretches.push(Stretch { from: since, to, state: alarm.state }),
        (None, None) => {}
    }
    // The state of the alarm is newer knowledge than the history's.
    if let (Some(since), Some(newest)) = (alarm.since, stretches.first())
        && since > newest.from
        && newest.state != alarm.state
    {
        stretches.insert(0, Stretch { from: since, to: now, state: alarm.state });
        if let Some(second) = stretches.get_mut(1) {
            second.to = since;
        }
    }
    stretches
}

/// How a state looks in the ribbon: its height and its colour say the same.
pub(super) const fn cell(state: Option<AlarmState>) -> (&'static str, Role) {
    match state {
        Some(AlarmState::Alarm) => ("█", Role::AlarmFiring),
        Some(AlarmState::InsufficientData) => ("▒", Role::AlarmNoData),
        Some(AlarmState::Ok) => ("▁", Role::AlarmOk),
        None => (" ", Role::Muted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::alarm::{AlarmKind, AlarmSetup};

    fn t(minute: i64) -> Time {
        chrono::DateTime::from_timestamp(minute * 60, 0).expect("in range")
    }

    fn alarm(state: AlarmState, since: Option<i64>) -> Alarm {
        Alarm {
            name: "a".into(),
            description: String::new(),
            kind: AlarmKind::Composite { rule: String::new(), children: Vec::new() },
            state,
            since: since.map(t),
            reason: String::new(),
            value: None,
            actions_enabled: true,
            actions: Vec::new(),
            evaluation_state: None,
            setup: AlarmSetup::default(),
        }
    }

    fn ribbon(alarm: &Alarm, changes: &[(i64, AlarmState, AlarmState)]) -> String {
        let events: Vec<_> = changes
            .iter()
            .map(|(at, before, after)| AlarmEvent {
                at: t(*at),
                kind: "StateUpdate".into(),
                summary: String::new(),
                change: Some((*before, *after)),
            })
            .collect();
        let states = states(alarm, &events, (t(0), t(10)), t(9), 10);
        states.into_iter().map(|state| cell(state).0).collect()
    }

    #[test]
    fn states_follow_the_history() {
        use AlarmState::{Alarm as Firing, InsufficientData, Ok};
        let cases = [
            (
                alarm(Firing, Some(8)),
                vec![(8, Ok, Firing), (5, Firing, Ok), (2, InsufficientData, Firing)],
                "▒▒███▁▁▁█ ",
            ),
            (alarm(Firing, Some(6)), vec![], "      ███ "),
            (alarm(Ok, None), vec![], "          "),
            (alarm(Ok, Some(7)), vec![(3, Ok, Firing)], "▁▁▁████▁▁ "),
            (alarm(Firing, Some(20)), vec![(20, Ok, Firing)], "▁▁▁▁▁▁▁▁▁ "),
        ];
        for (alarm, changes, expected) in cases {
            assert_eq!(ribbon(&alarm, &changes), expected, "{changes:?}");
        }
        assert!(states(&alarm(Ok, None), &[], (t(0), t(1)), t(1), 0).is_empty());
    }
}
