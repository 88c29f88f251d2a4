use unicode_width::UnicodeWidthStr;

use super::*;
use crate::store::alarm::{AlarmKind, AlarmSetup, MetricAlarm};
use crate::store::series::MetricQuery;

fn alarm(name: &str, value: Option<f64>, threshold: Option<f64>) -> Alarm {
    let metric = MetricAlarm {
        query: MetricQuery::stat("N", "m", &[], "Sum", 60),
        band: None,
        comparison: "GreaterThanThreshold".to_owned(),
        threshold,
        evaluation_periods: 1,
        datapoints_to_alarm: 1,
        treat_missing: "missing".to_owned(),
    };
    Alarm {
        name: name.to_owned(),
        description: String::new(),
        kind: AlarmKind::Metric(Box::new(metric)),
        state: AlarmState::Alarm,
        since: "2026-01-15T10:20:00Z".parse().ok(),
        reason: "Threshold Crossed".to_owned(),
        value,
        actions_enabled: true,
        actions: Vec::new(),
        evaluation_state: None,
        setup: AlarmSetup::default(),
    }
}

fn now() -> Time {
    "2026-01-15T10:28:00Z".parse().expect("a time")
}

fn board() -> Board {
    crate::board::preset("token-provisioning").expect("the preset")
}

/// The table.
fn written(alarms: &[&Alarm], store: &Store) -> String {
    let mut out = Vec::new();
    table(alarms, &Seen { store, board: &board(), now: now() }, &mut out).expect("written");
    String::from_utf8(out).expect("UTF-8")
}

/// What is known where the newest datapoint of `N/m` is this one.
fn knowing(value: f64) -> Store {
    use crate::store::series::{MetricBatch, MetricResult, Series};
    let query = MetricQuery::stat("N", "m", &[], "Sum", 60);
    let points = vec![(now() - chrono::TimeDelta::minutes(1), value), (now(), 99.0)];
    let series = vec![Series { label: String::new(), points }];
    let result = MetricResult { query, from: now() - chrono::TimeDelta::minutes(5), to: now(), series, message: None };
    let mut store = Store::default();
    store.fold(&board(), Update::Metrics(MetricBatch { at: now(), results: vec![result] }));
    store
}

#[test]
fn a_comparison_is_true_and_tells_of_now() {
    let mut calm = alarm("Calm", Some(1.0), Some(30.0));
    calm.state = AlarmState::Ok;
    calm.since = "2025-01-15T10:20:00Z".parse().ok();
    calm.setup.unit = Some("Seconds".to_owned());
    assert!(written(&[&calm], &Store::default()).contains("Calm  then 1.00 ≤ 30 s  "));
    assert!(written(&[&calm], &knowing(24.7)).contains("Calm  24.7 ≤ 30 s  "), "{}", written(&[&calm], &knowing(24.7)));
    let store = knowing(24.7);
    let board = board();
    let document = document::alarms(&[&calm], &Seen { store: &store, board: &board, now: now() });
    let told = &document["alarms"][0];
    assert_eq!((&told["value"], &told["newest"], &told["unit"]), (&1.0.into(), &24.7.into(), &"Seconds".into()));
    assert_eq!(told["newest_at"], "2026-01-15T10:27:00.000Z");
    assert!(told["tags"].is_null(), "nobody asked");
}

#[test]
fn alarms_stand_as_in_the_list_of_the_console() {
    let mut board = board();
    board.alarms.severities = vec![("Minor*".to_owned(), Severity::Warning)];
    let of = |name: &str, state, since: &str| Alarm { state, since: since.parse().ok(), ..alarm(name, None, None) };
    let (old, new) = ("2026-01-15T10:00:00Z", "2026-01-15T10:20:00Z");
    let mut alarms = [
        of("Calm", AlarmState::Ok, old),
        of("MinorOld", AlarmState::Alarm, old),
        of("Blind", AlarmState::InsufficientData, new),
        of("ANew", AlarmState::Alarm, new),
        of("Old", AlarmState::Alarm, old),
    ];
    let store = Store::default();
    alarms.sort_by(|a, b| place(a, &store, &board).cmp(&place(b, &store, &board)));
    assert_eq!(alarms.map(|alarm| alarm.name), ["Old", "ANew", "MinorOld", "Blind", "Calm"]);
}

#[test]
fn columns_line_up() {
    let text =
        written(&[&alarm("HighFailureRate", Some(14.6), Some(5.0)), &alarm("警報", None, None)], &Store::default());
    let starts: Vec<usize> = text.lines().skip(1).map(|l| l[..l.find("Threshold").expect("reason")].width()).collect();
    assert_eq!(starts[0], starts[1], "{text}");
    assert!(text.contains("ALARM  2026-01-15T10:20:00Z  HighFailureRate  14.6 > 5"), "{text}");
}

#[test]
fn the_document_begins_as_the_contract_has_it() {
    let one = alarm("A", Some(14.6), Some(5.0));
    let mut board = board();
    board.alarms.severities = vec![("A".to_owned(), Severity::Warning)];
    let mut store = Store::default();
    store.alarm_tags.insert("A".into(), vec![("team".to_owned(), "tokens".to_owned())]);
    let document = document::alarms(&[&one], &Seen { store: &store, board: &board, now: now() }).to_string();
    assert!(document.contains(r#""tags":{"team":"tokens"}"#), "{document}");
    let start = r#"{"schema":"barograph/v1","alarms":[{"name":"A","kind":"metric","state":"ALARM","since":"2026-01-15T10:20:00.000Z","reason":"Threshold Crossed","value":14.6,"threshold":5.0,"severity":"warning""#;
    assert!(document.starts_with(start), "{document}");
    assert!(document.contains(r#""datapoints_to_alarm":1,"evaluation_periods":1,"period_s":60"#), "{document}");
}

#[test]
fn history_is_written_in_every_form() {
    let one = alarm("A, \"b\"", None, None);
    let event = AlarmEvent {
        at: "2026-01-15T10:20:00.500Z".parse().expect("a time"),
        kind: "StateUpdate".into(),
        summary: "Alarm updated from OK to ALARM".into(),
        change: Some((AlarmState::Ok, AlarmState::Alarm)),
    };
    let histories = [(&one, vec![event])];
    let written = |output| {
        let mut out = Vec::new();
        write_history(&histories, output, &mut out).expect("written");
        String::from_utf8(out).expect("UTF-8")
    };
    assert_eq!(
        written(Output::Csv),
        "alarm,time,type,summary\n\"A, \"\"b\"\"\",2026-01-15T10:20:00.500Z,StateUpdate,Alarm updated from OK to ALARM\n"
    );
    assert!(written(Output::Table).ends_with("2026-01-15T10:20:00Z  StateUpdate  Alarm updated from OK to ALARM\n"));
    assert_eq!(
        written(Output::Json).trim(),
        r#"{"schema":"barograph/v1","alarms":[{"name":"A, \"b\"","history":[{"time":"2026-01-15T10:20:00.500Z","type":"StateUpdate","summary":"Alarm updated from OK to ALARM","from":"OK","to":"ALARM"}]}]}"#
    );
}
