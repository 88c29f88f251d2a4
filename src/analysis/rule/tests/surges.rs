use super::*;

const THREE_OF_FIVE: &str = "datapoints_to_alarm = 3\nevaluation_periods = 5";

/// A trace of six hours around 100 that end at 10:00, then these values a minute.
fn trace_of(rule: &str, values: &str, now: &str) -> Trace {
    let board = board(&format!("[[rule]]\nid = \"r\"\nvalue = \"m\"\n{THREE_OF_FIVE}\n{rule}"));
    let mut store = Store::default();
    let ordinary = (0..360).map(|minute| Some(100.0 + f64::from(minute * 7919 % 11) - 5.0));
    let all: Vec<Option<f64>> = ordinary.chain(numbers(values)).collect();
    store.fold(&board, answer(&board, "m", at("04:00:00"), &all, at(now)));
    first_look(&board, &store, at("09:30:00"), at(now))
}

#[test]
fn a_side_of_the_band_counts_or_both() {
    let up = "300 310 100 305 300 300 100 100 100";
    let down = "20 10 100 15 20 20 100 100 100";
    let fires: &[&str] = &["09:31:00 Quiet", "10:04:00 Firing", "10:09:00 Quiet"];
    let quiet: &[&str] = &["09:31:00 Quiet"];
    for (kind, values, expected) in [
        ("spike", up, fires),
        ("spike", down, quiet),
        ("decline", down, fires),
        ("decline", up, quiet),
        ("outside", up, fires),
        ("outside", down, fires),
    ] {
        let trace = trace_of(&format!("kind = \"{kind}\"\nhistory = \"5h\""), values, "10:09:05");
        assert_eq!(changes(&trace), expected, "{kind} over {values}");
    }
}

#[test]
fn the_band_is_drawn_where_the_rule_has_been_followed() {
    let trace = trace_of("kind = \"spike\"\nhistory = \"5h\"", "300", "10:01:05");
    assert_eq!((trace.points.len(), trace.lower.len(), trace.upper.len()), (31, 31, 31));
    assert!(trace.lower.iter().zip(&trace.upper).all(|(low, high)| low.1 < 100.0 && high.1 > 100.0));
    let look = trace.looks.last().expect("a look");
    assert_eq!((look.value, look.bad, look.threshold), (Some(300.0), 1, trace.upper.last().map(|(_, edge)| *edge)));
    assert_eq!((trace.state(), look.excess > 100.0), (RuleState::Quiet, true), "one of five is not enough");
}

#[test]
fn a_wider_band_tells_of_less() {
    let rule = "kind = \"spike\"\nhistory = \"5h\"\nsensitivity = ";
    let values = "112 112 112 112 112";
    assert_eq!(trace_of(&format!("{rule}1"), values, "10:05:05").state(), RuleState::Firing);
    assert_eq!(trace_of(&format!("{rule}50"), values, "10:05:05").state(), RuleState::Quiet);
}

#[test]
fn what_is_not_known_yet_is_no_verdict() {
    let board = board("[[rule]]\nid = \"r\"\nkind = \"spike\"\nvalue = \"m\"\nhistory = \"1h\"");
    let now = at("10:05:05");
    for (from, why) in [
        // The answer for the past is still on its way.
        ("09:00:00", "waiting for the past that it learns from"),
        // The metric is that young.
        ("08:30:00", "too little of the past is known"),
    ] {
        let mut store = Store::default();
        let minutes = (at("10:05:00") - at(from)).num_minutes() as usize;
        let values: Vec<Option<f64>> = (0..minutes).map(|minute| (minute + 5 >= minutes).then_some(1.0)).collect();
        store.fold(&board, answer(&board, "m", at(from), &values, now));
        let trace = first_look(&board, &store, at("09:30:00"), now);
        assert_eq!((trace.state(), trace.unknown.as_deref()), (RuleState::NoData, Some(why)));
    }
}

#[test]
fn what_it_tells_of_is_not_learnt_until_it_has_lasted_an_hour() {
    let values = |minutes: usize| vec!["150"; minutes].join(" ");
    let rule = "kind = \"spike\"\nhistory = \"5h\"";
    let after = |minutes: usize, now: &str| trace_of(rule, &values(minutes), now).state();
    assert_eq!(after(20, "10:20:05"), RuleState::Firing);
    assert_eq!(after(55, "10:55:05"), RuleState::Firing);
    assert_eq!(after(200, "13:20:05"), RuleState::Quiet);
}
