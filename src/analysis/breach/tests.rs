use std::time::Duration;

use super::*;
use crate::store::alarm::{AlarmSetup, MetricAlarm};
use crate::store::health::Feed;
use crate::store::series::MetricQuery;

fn t(text: &str) -> Time {
    format!("2026-01-15T{text}Z").parse().expect("a time")
}

fn alarm(name: &str, state: AlarmState, since: &str, kind: AlarmKind) -> Alarm {
    Alarm {
        name: name.into(),
        description: String::new(),
        kind,
        state,
        since: Some(t(since)),
        reason: String::new(),
        value: None,
        actions_enabled: true,
        actions: Vec::new(),
        evaluation_state: None,
        setup: AlarmSetup::default(),
    }
}

fn metric(period_s: u32, datapoints: u32) -> AlarmKind {
    AlarmKind::Metric(Box::new(MetricAlarm {
        query: MetricQuery::stat("N", "M", &[], "Sum", period_s),
        band: None,
        comparison: "GreaterThanThreshold".into(),
        threshold: Some(5.0),
        evaluation_periods: 5,
        datapoints_to_alarm: datapoints,
        treat_missing: "missing".into(),
    }))
}

fn composite(children: &[&str]) -> AlarmKind {
    let children = children.iter().map(|name| (*name).to_owned()).collect();
    AlarmKind::Composite { rule: String::new(), children }
}

fn store(alarms: Vec<Alarm>) -> Store {
    let mut store = Store::default();
    store.alarms.data = alarms;
    store
}

fn window() -> Window {
    Window { span: Duration::from_hours(3), end: Some(t("12:00:00")) }
}

#[test]
fn a_firing_alarm_began_as_many_periods_before_as_had_to_breach() {
    let cases = [
        ("10:20:00", 300, 2, "10:10:00", "10:15:00"),
        ("10:25:00", 300, 3, "10:10:00", "10:15:00"),
        ("10:14:07", 60, 3, "10:11:00", "10:12:00"),
        ("10:14:00", 60, 1, "10:13:00", "10:14:00"),
    ];
    for (since, period, datapoints, from, ends) in cases {
        let alarm = alarm("a", AlarmState::Alarm, since, metric(period, datapoints));
        let span = span(&alarm, &store(Vec::new()), window(), t("10:28:00"));
        assert_eq!(span, Span { from: t(from), to: None }, "{since} {period} {datapoints}");
        let onset = onset(&alarm, &store(Vec::new()), window(), t("10:28:00"));
        assert_eq!(onset, t(ends), "what was changed in the first period may be the cause");
    }
}

#[test]
fn a_composite_began_with_the_first_of_its_firing_children() {
    let parent = alarm("parent", AlarmState::Alarm, "10:20:00", composite(&["late", "middle", "calm", "gone"]));
    let alarms = vec![
        parent.clone(),
        alarm("late", AlarmState::Alarm, "10:25:00", metric(60, 1)),
        alarm("middle", AlarmState::Alarm, "10:20:00", composite(&["early", "parent"])),
        alarm("early", AlarmState::Alarm, "10:12:00", metric(60, 2)),
        alarm("calm", AlarmState::Ok, "09:00:00", metric(60, 1)),
    ];
    let store = store(alarms);
    assert_eq!(span(&parent, &store, window(), t("10:28:00")).from, t("10:10:00"));
    assert_eq!(onset(&parent, &store, window(), t("10:28:00")), t("10:11:00"), "of the child that began first");
    let names: Vec<&str> = culprits(&parent, &store).into_iter().map(|alarm| alarm.name.as_str()).collect();
    assert_eq!(names, ["late", "early"], "each once, those that fire alone, and a ring ends");
}

#[test]
fn what_has_recovered_is_looked_into_where_it_last_fired() {
    use AlarmState::{Alarm as Firing, Ok};
    let calm = alarm("a", Ok, "10:40:00", metric(300, 2));
    let mut store = store(vec![calm.clone()]);
    assert_eq!(span(&calm, &store, window(), t("12:00:00")), Span::of(window(), t("12:00:00")), "no history yet");
    let event = |at, change| AlarmEvent { at: t(at), kind: "StateUpdate".into(), summary: String::new(), change };
    let history = vec![
        event("10:41:00", None),
        event("10:40:00", Some((Firing, Ok))),
        event("10:20:00", Some((Ok, Firing))),
        event("08:00:00", Some((Firing, Ok))),
    ];
    store.histories.insert("a".into(), Feed { data: history, ..Feed::default() });
    let expected = Span { from: t("10:10:00"), to: Some(t("10:40:00")) };
    assert_eq!(span(&calm, &store, window(), t("12:00:00")), expected);
    assert_eq!(onset(&calm, &store, window(), t("12:00:00")), t("10:15:00"));
    assert_eq!(culprits(&calm, &store).len(), 1);
}
