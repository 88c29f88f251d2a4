use super::*;

const SLO: &str = r#"
[[slo]]
id = "s"
good = "good"
total = "good + bad"
objective = 99.0
"#;

/// A board with the SLO and one burn rule.
fn burning(windows: &str) -> Board {
    board(&format!("{SLO}\n[[rule]]\nid = \"r\"\nkind = \"burn\"\nslo = \"s\"\n{windows}"))
}

/// The trace after minutes of these percentages of bad events, ending at 10:00.
fn trace_of(windows: &str, minutes: &[(usize, f64)]) -> Trace {
    let board = burning(windows);
    let bad: Vec<Option<f64>> = minutes.iter().flat_map(|(n, percent)| vec![Some(*percent); *n]).collect();
    let good: Vec<Option<f64>> = bad.iter().map(|bad| bad.map(|bad| 100.0 - bad)).collect();
    let (from, now) = (at("10:00:00") - TimeDelta::minutes(bad.len() as i64), at("10:00:00"));
    let mut store = Store::default();
    store.fold(&board, answer(&board, "good", from, &good, now));
    store.fold(&board, answer(&board, "bad", from, &bad, now));
    first_look(&board, &store, from, now)
}

#[test]
fn both_windows_have_to_burn() {
    let hours = 60;
    let cases = [
        // 1 % is allowed: 20 % bad burns at 20.
        ("fast", vec![(hours, 0.0), (hours, 20.0)], RuleState::Firing, 20.0),
        // The last five minutes are good again.
        ("fast", vec![(hours, 0.0), (hours - 5, 20.0), (5, 0.0)], RuleState::Quiet, 0.0),
        // Five bad minutes are not enough for an hour: 5/60 · 100 = 8.3.
        ("fast", vec![(2 * hours - 5, 0.0), (5, 100.0)], RuleState::Quiet, 100.0 * 5.0 / 60.0),
        ("fast", vec![(2 * hours - 9, 0.0), (9, 100.0)], RuleState::Firing, 15.0),
        ("slow", vec![(6 * hours, 6.0)], RuleState::Firing, 6.0),
        ("slow", vec![(6 * hours, 5.9)], RuleState::Quiet, 5.9),
        ("ticket", vec![(72 * hours, 1.01)], RuleState::Firing, 1.01),
        ("ticket", vec![(72 * hours, 0.99)], RuleState::Quiet, 0.99),
    ];
    for (windows, minutes, state, rate) in cases {
        let trace = trace_of(&format!("windows = \"{windows}\""), &minutes);
        let value = trace.looks.last().and_then(|look| look.value).expect("a rate");
        assert_eq!(trace.state(), state, "{windows} {minutes:?}: {value}");
        assert!((value - rate).abs() < 1e-9, "{windows} {minutes:?}: {value}");
    }
}

#[test]
fn own_windows_and_too_little_of_the_past() {
    let own = "long = \"10m\"\nshort = \"1m\"\nfactor = 2";
    assert_eq!(changes(&trace_of(own, &[(12, 1.0), (4, 5.0)])), ["09:54:00 Quiet", "09:59:00 Firing"]);
    let short = trace_of(own, &[(9, 5.0)]);
    assert_eq!((short.state(), short.looks.len()), (RuleState::NoData, 0));
}

#[test]
fn a_minute_in_which_nothing_was_good_counts() {
    let board = burning("long = \"2m\"\nshort = \"1m\"\nfactor = 40");
    let mut store = Store::default();
    let (from, now) = (at("09:57:00"), at("10:00:00"));
    store.fold(&board, answer(&board, "good", from, &numbers("10 - -"), now));
    store.fold(&board, answer(&board, "bad", from, &numbers("- 10 10"), now));
    let look = first_look(&board, &store, from, now);
    assert_eq!(changes(&look), ["09:59:00 Firing"]);
    assert_eq!(look.looks.last().and_then(|look| look.value).map(f64::round), Some(100.0));
}

#[test]
fn no_events_are_no_failures() {
    let board = burning("long = \"2m\"\nshort = \"1m\"\nfactor = 1");
    let mut store = Store::default();
    let (from, now) = (at("09:57:00"), at("10:03:10"));
    for id in ["good", "bad"] {
        store.fold(&board, answer(&board, id, from, &numbers("0 0 0 0 0 0"), now));
    }
    assert_eq!(first_look(&board, &store, from, now).state(), RuleState::NoData);
}
