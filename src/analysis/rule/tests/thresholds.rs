use super::*;

const FROM: &str = "10:00:00";

/// The trace of `m` with these values from 10:00 on.
fn trace_of(rule: &str, values: &str, now: &str) -> Trace {
    let board = board(&format!("[[rule]]\nid = \"r\"\nkind = \"threshold\"\nvalue = \"m\"\n{rule}"));
    let mut store = Store::default();
    store.fold(&board, answer(&board, "m", at(FROM), &numbers(values), at(now)));
    first_look(&board, &store, at("09:00:00"), at(now))
}

#[test]
fn states_change_at_the_ends_of_periods() {
    let cases: [(&str, &str, &str, &[&str]); 9] = [
        ("above = 5", "1 6 7 5 1", "10:05:10", &["10:01:00 Quiet", "10:02:00 Firing", "10:04:00 Quiet"]),
        ("at_least = 5", "1 6 7 5 1", "10:05:10", &["10:01:00 Quiet", "10:02:00 Firing", "10:05:00 Quiet"]),
        ("below = 5", "6 5 4 6", "10:04:10", &["10:01:00 Quiet", "10:03:00 Firing", "10:04:00 Quiet"]),
        ("at_most = 5", "6 5 4 6", "10:04:10", &["10:01:00 Quiet", "10:02:00 Firing", "10:04:00 Quiet"]),
        ("above = 5\nevaluation_periods = 3", "6 6 6 6 1", "10:05:10", &["10:03:00 Firing", "10:05:00 Quiet"]),
        (
            "above = 5\ndatapoints_to_alarm = 2\nevaluation_periods = 3",
            "1 6 1 6 1 1",
            "10:06:10",
            &["10:03:00 Quiet", "10:04:00 Firing", "10:05:00 Quiet"],
        ),
        (
            "above = 5\nevaluation_periods = 2",
            "6 6 - - - - - 1 1",
            "10:09:10",
            &["10:02:00 Firing", "10:03:00 Quiet", "10:04:00 NoData", "10:08:00 Quiet"],
        ),
        (
            "above = 5\nevaluation_periods = 2\ntreat_missing = \"breaching\"",
            "1 1 - - 1",
            "10:05:10",
            &["10:02:00 Quiet", "10:04:00 Firing", "10:05:00 Quiet"],
        ),
        (
            "above = 5\nevaluation_periods = 2\ntreat_missing = \"ignore\"",
            "6 6 - - - 1",
            "10:06:10",
            &["10:02:00 Firing", "10:03:00 Quiet"],
        ),
    ];
    for (rule, values, now, expected) in cases {
        assert_eq!(changes(&trace_of(rule, values, now)), expected, "{rule} over {values}");
    }
}

#[test]
fn a_longer_period_adds_up_what_its_metrics_count() {
    let board = board(
        "[[rule]]\nid = \"r\"\nkind = \"threshold\"\nvalue = \"100 * bad / (good + bad)\"\nperiod = \"5m\"\nabove = 5",
    );
    let mut store = Store::default();
    let now = at("10:10:05");
    // One bad minute of five is 4.8 % bad; the mean of the minutes' rates would be 10 %.
    store.fold(&board, answer(&board, "good", at(FROM), &numbers("95 95 95 95 1 100 100 100 100 90"), now));
    store.fold(&board, answer(&board, "bad", at(FROM), &numbers("5 5 5 5 1 0 0 0 0 35"), now));
    let trace = first_look(&board, &store, at("09:00:00"), now);
    assert_eq!(changes(&trace), ["10:05:00 Firing"]);
    let values: Vec<f64> = trace.points.iter().map(|(_, value)| (value * 100.0).round() / 100.0).collect();
    assert_eq!(values, [5.22, 6.67]);
}

#[test]
fn what_is_late_is_waited_for_and_corrects_the_past() {
    let rule = "above = 5\nevaluation_periods = 2";
    let waiting = trace_of(rule, "6 6 - - -", "10:04:59");
    assert_eq!(
        (waiting.looks.last().map(|look| clock(look.at)), waiting.state()),
        (Some("10:02:00".into()), RuleState::Firing)
    );
    // Three minutes later nothing is late any more: it is missing.
    assert_eq!(trace_of(rule, "6 6 - - - - -", "10:07:00").state(), RuleState::NoData);
    assert_eq!(changes(&trace_of(rule, "6 6 6 6 6", "10:05:05")), ["10:02:00 Firing"]);
}

#[test]
fn what_nobody_answers_is_not_missing() {
    let breaching =
        "[[rule]]\nid = \"r\"\nkind = \"threshold\"\nvalue = \"m\"\nabove = 5\ntreat_missing = \"breaching\"";
    let board = board(breaching);
    let mut store = Store::default();
    let now = at("10:30:00");
    let look = |store: &Store| first_look(&board, store, at("09:00:00"), now);
    assert_eq!(look(&store).unknown.as_deref(), Some("waiting for the first datapoints"));
    store.fold(&board, answer(&board, "m", at(FROM), &numbers("1 1 1"), at("10:03:00")));
    store.fail(SourceId::Metrics, &failure(SourceId::Metrics, at("10:04:00")));
    let trace = look(&store);
    assert_eq!((trace.state(), changes(&trace)), (RuleState::NoData, vec!["10:01:00 Quiet".to_owned()]));
    assert_eq!(trace.unknown.as_deref(), Some("no datapoints: throttled"));
}
