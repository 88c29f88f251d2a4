use super::*;
use crate::store::graph::{ServicePoint, Statistics, Trend};

/// An answer about what the first rule looks at: requests and faults a minute from 10:00 on, `-` for no requests.
fn answer(board: &Board, minutes: &str, now: Time) -> Update {
    let RuleKind::Service { watch, .. } = &board.rules[0].kind else { panic!("a rule on a service") };
    let from = at("10:00:00");
    let points = minutes.split_whitespace().enumerate().filter_map(|(minute, word)| {
        let (total, fault) = word.split_once('/')?;
        let (total, fault): (u64, u64) = (total.parse().ok()?, fault.parse().ok()?);
        let statistics = Statistics {
            ok: total - fault,
            fault,
            total,
            total_time_s: total as f64,
            histogram: vec![(0.5, total - fault), (8.0, fault)],
            ..Statistics::default()
        };
        Some(ServicePoint { at: from + TimeDelta::minutes(minute as i64), statistics })
    });
    let trend = Trend { points: points.collect(), covered: Some((from, now)), ..Trend::default() };
    Update::ServiceTrend { at: now, query: watch.query(), followed: true, trend }
}

fn trace_of(rule: &str, minutes: &str, now: &str) -> Trace {
    let board = board(&format!("[[rule]]\nid = \"r\"\nkind = \"service\"\n{rule}"));
    let mut store = Store::default();
    store.fold(&board, answer(&board, minutes, at(now)));
    first_look(&board, &store, at("09:00:00"), at(now))
}

#[test]
fn shares_times_and_rates_are_held_against_a_bound() {
    let cases: [(&str, &str, &str, &[&str]); 6] = [
        (
            "service = \"TSP\"\nmeasure = \"fault_rate\"\nabove = 0.05",
            "100/1 100/6 100/1 100/6 100/6 100/0 100/0 100/0",
            "10:09:10",
            &["10:05:00 Firing", "10:07:00 Quiet"],
        ),
        (
            "edge = [\"A\", \"B\"]\nmeasure = \"p99\"\nabove = 3\nevaluation_periods = 1",
            "100/0 100/2 100/1 100/0",
            "10:05:10",
            &["10:01:00 Quiet", "10:02:00 Firing", "10:03:00 Quiet"],
        ),
        (
            "service = \"TSP\"\nmeasure = \"request_rate\"\nbelow = 1\nevaluation_periods = 1",
            "120/0 - 30/0 60/0",
            "10:05:10",
            &["10:01:00 Quiet", "10:02:00 Firing", "10:04:00 Quiet"],
        ),
        (
            "service = \"TSP\"\nmeasure = \"fault_rate\"\nabove = 0.05\nevaluation_periods = 1",
            "10/1 - - - - 10/0",
            "10:07:10",
            &["10:01:00 Firing", "10:02:00 NoData", "10:06:00 Quiet"],
        ),
        (
            "service = \"TSP\"\nmeasure = \"fault_rate\"\nabove = 0.05\nevaluation_periods = 1\ntreat_missing = \"notBreaching\"",
            "10/1 - - - - 10/0",
            "10:07:10",
            &["10:01:00 Firing", "10:02:00 Quiet"],
        ),
        // A minute that has just ended may still gain traces.
        (
            "service = \"TSP\"\nmeasure = \"mean\"\nabove = 0.5\nevaluation_periods = 1",
            "10/0 10/0",
            "10:02:59",
            &["10:01:00 Firing"],
        ),
    ];
    for (rule, minutes, now, expected) in cases {
        assert_eq!(changes(&trace_of(rule, minutes, now)), expected, "{rule} over {minutes}");
    }
}

#[test]
fn shares_are_told_in_percent() {
    let board = board(
        "[[rule]]\nid = \"r\"\nkind = \"service\"\nservice = \"TSP\"\nmeasure = \"fault_rate\"\nabove = 0.05\nevaluation_periods = 3",
    );
    let mut store = Store::default();
    let now = at("10:05:10");
    let mut engine = RuleEngine::new(&board, Place::default(), Duration::from_hours(1));
    let update = answer(&board, "100/10 100/20 100/30 100/40", now);
    engine.note(&update);
    store.fold(&board, update);
    let begun = engine.look(&board, &mut store, now);
    assert!(matches!(begun.as_slice(), [Change::Began(_)]), "{begun:?}");
    let rule = &store.rules[0];
    assert_eq!((rule.state, rule.value, rule.threshold), (RuleState::Firing, Some(40.0), Some(5.0)));
    assert_eq!(rule.reason, "3 of the last 3 datapoints > 5.0 %, newest 40.0 %");
    assert_eq!(store.rule_tracks["r"].points.len(), 4);
}

#[test]
fn silence_is_not_health() {
    let board =
        board("[[rule]]\nid = \"r\"\nkind = \"service\"\nservice = \"TSP\"\nmeasure = \"fault_rate\"\nabove = 0.05");
    let mut store = Store::default();
    let look = |store: &Store| first_look(&board, store, at("09:00:00"), at("10:30:00"));
    assert_eq!(look(&store).unknown.as_deref(), Some("waiting for the first datapoints"));
    store.fold(&board, answer(&board, "9/9 9/9 9/9 9/9 9/9", at("10:07:00")));
    store.fail(SourceId::ServiceRules, &failure(SourceId::ServiceRules, at("10:08:00")));
    assert_eq!(look(&store).unknown.as_deref(), Some("no datapoints: throttled"));
}

#[test]
fn rules_on_one_service_share_an_answer() {
    let rule = |id: &str, n: u32| {
        format!(
            "[[rule]]\nid = \"{id}\"\nkind = \"service\"\nservice = \"TSP\"\nmeasure = \"p90\"\nabove = 1\nevaluation_periods = {n}\n"
        )
    };
    let engine = |rules: &str| RuleEngine::new(&board(rules), Place::default(), Duration::from_hours(1));
    let needs = engine(&format!("{}{}", rule("a", 3), rule("b", 30))).needs();
    let [Need::Service { span, .. }] = needs.as_slice() else { panic!("{needs:?}") };
    assert_eq!(*span, Duration::from_hours(1) + Duration::from_mins(31), "the longer one");
}

#[test]
fn what_is_wrong_is_said_at_its_line() {
    let cases = [
        ("measure = \"p99\"\nabove = 1", "1", "needs `service = \"name\"` or `edge = [\"caller\", \"called\"]`"),
        ("service = \"a\"\nmeasure = \"p98\"\nabove = 1", "5", "did you mean `p9"),
        ("service = \"a\"\nmeasure = \"fault_rate\"\nabove = 5", "6", "from 0 to 1: 5 % is 0.05"),
        ("service = \"a\"\nedge = [\"a\", \"b\"]\nmeasure = \"p99\"\nabove = 5", "5", "not on both"),
        ("edge = [\"a\"]\nmeasure = \"p99\"\nabove = 5", "4", "names two services"),
        ("edge = [\"a\", \"b\"]\ntype = \"x\"\nmeasure = \"p99\"\nabove = 5", "4", "`type` goes with `service`"),
        ("service = \"a\"\nmeasure = \"p99\"\nabove = 5\nperiod = \"2m\"", "7", "X-Ray has no other"),
        ("service = \"a\"\nmeasure = \"p99\"", "1", "takes one of `above`"),
        ("service = \"a\"\nmeasure = \"p99\"\nabove = 1\nvalue = \"m\"", "7", "value"),
    ];
    for (rule, line, words) in cases {
        let text = format!("[[rule]]\nid = \"r\"\nkind = \"service\"\n{rule}\n");
        let (_, problems) = board::load_text("test.toml", &text, &[]);
        let [problem] = problems.as_slice() else { panic!("{rule}: {problems:?}") };
        let told = problem.to_string();
        assert!(told.starts_with(&format!("test.toml:{line}: ")) && told.contains(words), "{rule}: {told}");
    }
}
