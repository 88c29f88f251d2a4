use super::*;

fn t(text: &str) -> Time {
    format!("2026-01-15T{text}Z").parse().expect("a time")
}

fn key(name: &str) -> ServiceKey {
    ServiceKey { kind: "remote".to_owned(), name: name.to_owned() }
}

fn statistics(total: u64, fault: u64, seconds: f64) -> Statistics {
    Statistics {
        ok: total - fault,
        fault,
        total,
        total_time_s: total as f64 * seconds,
        histogram: vec![(seconds, total)],
        ..Statistics::default()
    }
}

fn graph(window: (&str, &str), services: &[(&str, Statistics)]) -> ServiceGraph {
    let service = |(name, statistics): &(&str, Statistics)| Service {
        key: key(name),
        statistics: statistics.clone(),
        ..Service::default()
    };
    ServiceGraph {
        services: services.iter().map(service).collect(),
        window: Some((t(window.0), t(window.1))),
        ..ServiceGraph::default()
    }
}

#[test]
fn the_window_before_is_compared_with() {
    let mut now = graph(("09:00:00", "12:00:00"), &[("a", statistics(200, 20, 2.0)), ("b", statistics(10, 0, 1.0))]);
    let before = graph(("05:55:00", "08:55:00"), &[("a", statistics(100, 5, 1.0)), ("c", statistics(1, 0, 1.0))]);
    now.compare(&before);
    let change = now.services[0].change().expect("a change");
    assert_eq!((change.requests, change.fault, change.p99), (Some(100.0), Some(5.0), Some(100.0)));
    let change = now.services[1].change().expect("a change");
    assert_eq!((change.requests, change.fault, change.mean), (None, None, None), "it was not there before");
    assert_eq!(now.gone, [key("c")]);
    assert_eq!(now.before, before.window);
}

#[test]
fn another_window_says_nothing() {
    for other in [("03:00:00", "06:00:00"), ("08:00:00", "09:00:00"), ("09:00:00", "12:00:00")] {
        let mut now = graph(("09:00:00", "12:00:00"), &[("a", statistics(200, 20, 2.0))]);
        now.compare(&graph(other, &[("a", statistics(100, 5, 1.0))]));
        assert_eq!((now.before, now.services[0].change()), (None, None), "{other:?}");
    }
    let mut now = graph(("09:00:00", "12:00:00"), &[("a", statistics(200, 20, 2.0))]);
    let group = Some("pay".to_owned());
    now.compare(&ServiceGraph { group, ..graph(("06:00:00", "09:00:00"), &[]) });
    assert_eq!(now.before, None, "another group");
}

#[test]
fn what_is_neither_is_unknown() {
    let odd = Statistics { ok: 5, error: 2, fault: 1, total: 10, ..Statistics::default() };
    assert_eq!(odd.unknown(), 2);
    assert_eq!(Statistics { total: 3, ..odd }.unknown(), 0, "an error may be a fault as well");
}

#[test]
fn flaws_are_told_in_a_line() {
    assert_eq!(Flaws::default().words(), None);
    let flaws = Flaws { dangling: 2, negative: 1, ..Flaws::default() };
    let words = "X-Ray's answer has 2 edges to a service that is not in it, 1 count below 0";
    assert_eq!(flaws.words().as_deref(), Some(words));
}

#[test]
fn natures_come_from_type_and_state() {
    let cases = [
        ("client", "unknown", Nature::Client),
        ("remote", "active", Nature::Remote),
        ("AWS::DynamoDB::Table", "unknown", Nature::Inferred),
        ("AWS::EC2::Instance", "active", Nature::Reporting),
        ("AWS::EC2::Instance", "", Nature::Reporting),
    ];
    for (kind, state, nature) in cases {
        assert_eq!(Nature::of(kind, state), nature, "{kind} {state}");
    }
}
