use proptest::prelude::*;

use super::super::rate::holds;
use super::*;

const FLOOD: &str = "[[rule]]\nid = \"r\"\nkind = \"rate\"\nlog_groups = [\"/g\"]\nwindow = \"15s\"\nat_least = 3";

fn t(ms: i64) -> Time {
    chrono::DateTime::from_timestamp_millis(ms).expect("in range")
}

/// A store that knows these seconds' events over `[from, to]` seconds after 10:00.
fn known(board: &Board, seconds: &[i64], from: i64, to: i64) -> Store {
    let mut store = Store::default();
    let second = |s: i64| at("10:00:00") + TimeDelta::seconds(s);
    let RuleKind::Rate { events, .. } = &board.rules[0].kind else { panic!("a rate") };
    let times = seconds.iter().map(|s| second(*s)).collect();
    let batch = CountBatch { at: second(to), query: events.clone(), times, from: second(from), to: second(to) };
    store.fold(board, Update::Counts(batch));
    store
}

#[test]
fn a_flood_begins_with_the_event_that_fills_the_window_and_ends_when_it_leaves() {
    let board = board(FLOOD);
    let cases: [(&[i64], i64, &[&str]); 6] = [
        (&[20, 30, 34], 60, &["10:00:00 Quiet", "10:00:34 Firing", "10:00:35 Quiet"]),
        (&[20, 30, 35], 60, &["10:00:00 Quiet"]),
        (&[20, 21, 22, 30, 31], 60, &["10:00:00 Quiet", "10:00:22 Firing", "10:00:37 Quiet"]),
        (
            &[20, 20, 20, 60, 60, 60],
            90,
            &["10:00:00 Quiet", "10:00:20 Firing", "10:00:35 Quiet", "10:01:00 Firing", "10:01:15 Quiet"],
        ),
        (&[20, 21, 22], 30, &["10:00:00 Quiet", "10:00:22 Firing"]),
        (&[], 30, &["10:00:00 Quiet"]),
    ];
    for (seconds, to, expected) in cases {
        let store = known(&board, seconds, 0, to);
        let now = at("10:00:00") + TimeDelta::seconds(to);
        let trace = first_look(&board, &store, at("09:00:00"), now);
        assert_eq!(changes(&trace), expected, "{seconds:?}");
    }
}

#[test]
fn the_peak_is_the_fullest_window() {
    let board = board(FLOOD);
    let store = known(&board, &[20, 21, 22, 23, 24, 40, 41, 42], 0, 120);
    let trace = first_look(&board, &store, at("09:00:00"), at("10:02:00"));
    let found = spells(&trace);
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].value, found[0].peak, found[0].whole), (Some(3.0), Some(5.0), true));
    assert_eq!((clock(found[0].began), found[0].ended.map(clock)), ("10:00:22".into(), Some("10:00:37".into())));
    let most = trace.points.iter().map(|(_, value)| *value).fold(0.0, f64::max);
    assert_eq!((trace.period_s, most), (3, 5.0));
}

#[test]
fn what_began_before_anybody_looked_has_no_beginning() {
    let board = board(FLOOD);
    let store = known(&board, &[1, 2, 3, 4], 0, 60);
    let trace = first_look(&board, &store, at("09:00:00"), at("10:01:00"));
    assert_eq!(spells(&trace).iter().map(|spell| spell.whole).collect::<Vec<_>>(), [false]);
}

#[test]
fn what_is_far_behind_is_unknown() {
    let board = board(FLOOD);
    let store = known(&board, &[20, 21, 22], 0, 30);
    let look = |now| first_look(&board, &store, at("09:00:00"), at(now));
    assert_eq!(look("10:00:50").state(), RuleState::Firing);
    let late = look("10:01:30");
    assert_eq!(late.state(), RuleState::NoData);
    assert_eq!(late.unknown.as_deref(), Some("log events are known up to 10:00:30 only"));
    assert_eq!(spells(&late)[0].ended, None, "silence does not end it");
    let nothing = first_look(&board, &Store::default(), at("09:00:00"), at("10:00:00"));
    assert_eq!(nothing.unknown.as_deref(), Some("waiting for the first log events"));
}

/// The stretches of milliseconds in `[0, to)` at which a window holds enough events, by counting at every one of them.
fn counted(times: &[i64], window: i64, k: usize, to: i64) -> Vec<(i64, i64)> {
    let mut found: Vec<(i64, i64)> = Vec::new();
    for now in 0..to {
        if times.iter().filter(|t| **t > now - window && **t <= now).count() >= k {
            match found.last_mut().filter(|(_, end)| *end == now) {
                Some((_, end)) => *end = now + 1,
                None => found.push((now, now + 1)),
            }
        }
    }
    found
}

proptest! {
    #[test]
    fn the_sliding_window_agrees_with_counting(
        mut times in prop::collection::vec(0_i64..300, 0..40),
        window in 1_i64..60,
        k in 1_u32..6,
    ) {
        times.sort_unstable();
        let events: Vec<Time> = times.iter().map(|ms| t(*ms)).collect();
        let held = holds(&events, TimeDelta::milliseconds(window), k);
        let stretches: Vec<(i64, i64)> =
            held.iter().map(|held| (held.from.timestamp_millis(), held.to.timestamp_millis())).collect();
        prop_assert_eq!(stretches, counted(&times, window, k as usize, 400));
        for held in held {
            let count = |now: i64| times.iter().filter(|t| **t > now - window && **t <= now).count();
            let inside = held.from.timestamp_millis()..held.to.timestamp_millis();
            prop_assert_eq!(inside.map(count).max(), Some(held.peak as usize));
            prop_assert_eq!(count(held.peak_at.timestamp_millis()), held.peak as usize);
        }
    }
}
