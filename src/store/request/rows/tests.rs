use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::board::{Column, Status};

fn rules() -> FeedRules {
    let column = |field: &str| Column { id: field.to_owned(), title: field.to_owned(), field: field.to_owned() };
    FeedRules {
        log_groups: vec!["/g".to_owned()],
        event_field: "event".to_owned(),
        statuses: vec![
            ("START".to_owned(), Status::Pending),
            ("OK".to_owned(), Status::Success),
            ("FAIL".to_owned(), Status::Failed),
        ],
        id_field: "requestId".to_owned(),
        correlation_field: "correlationId".to_owned(),
        trace_field: "traceId".to_owned(),
        latency_field: "processingTime".to_owned(),
        reason_field: "reason".to_owned(),
        columns: vec![column("device"), column("issuer")],
        identifiers: vec!["requestId".to_owned()],
        annotations: Vec::new(),
        overdue_after: Duration::from_mins(1),
    }
}

fn event(ms: i64, message: &str) -> LogEvent {
    LogEvent {
        time: chrono::DateTime::from_timestamp_millis(1_768_472_880_000 + ms).expect("in range"),
        group: 0,
        message: message.into(),
    }
}

fn folded(events: &[LogEvent]) -> Requests {
    let mut requests = Requests::default();
    requests.fold(&rules(), events, &mut Lines::default());
    requests
}

/// All that is visible of the rows, in their order.
fn rows(requests: &Requests) -> Vec<Request> {
    requests.newest_first().map(|row| Request { serial: 0, ..row.clone() }).collect()
}

fn second(requests: &Requests) -> Vec<Second> {
    let time = |s| chrono::DateTime::from_timestamp(s, 0).expect("in range");
    let empty = |second: &&Second| (second.arrived, second.ok, second.failed) != (0, 0, 0);
    requests.seconds(time(0), time(4_000_000_000)).filter(empty).copied().collect()
}

#[test]
fn a_start_becomes_its_end_in_place() {
    let start = event(0, r#"{"event":"START","requestId":"a","correlationId":"c","device":"iPhone15,3"}"#);
    let end =
        event(900, r#"{"event":"FAIL","requestId":"a","reason":"TSP_TIMEOUT","processingTime":0.9,"issuer":"B"}"#);
    for events in [[start.clone(), end.clone()], [end, start]] {
        let requests = folded(&events);
        let row = requests.by_id("a").expect("a row");
        assert_eq!(requests.len(), 1);
        assert_eq!(
            (row.status, row.latency_s, row.reason.as_deref()),
            (Status::Failed, Some(0.9), Some("TSP_TIMEOUT"))
        );
        assert_eq!(row.started, Some(events.iter().map(|e| e.time).min().expect("two")));
        assert_eq!(row.time, events.iter().map(|e| e.time).max().expect("two"));
        assert_eq!(row.columns, vec![Box::from("iPhone15,3"), Box::from("B")]);
        assert_eq!(row.correlation_id.as_deref(), Some("c"));
    }
}

#[test]
fn what_is_no_request_is_counted_and_left_out() {
    let cases = [
        "",
        "plain text",
        "[1,2]",
        "{\"event\":\"START\"",
        r#"{"event":"START","requestId":"a"} trailing"#,
        r#"{"event":"OTHER","requestId":"a"}"#,
        r#"{"event":"START"}"#,
        r#"{"event":"START","requestId":""}"#,
        r#"{"event":"START","requestId":null}"#,
        r#"{"requestId":"a"}"#,
        &format!(r#"{{"event":"START","requestId":"{}"}}"#, "x".repeat(300)),
    ];
    let events: Vec<LogEvent> = cases.iter().map(|text| event(0, text)).collect();
    let requests = folded(&events);
    assert_eq!(requests.counts(), Counts { events: cases.len() as u64, other: cases.len() as u64, dropped: 0 });
    assert!(requests.is_empty());
}

#[test]
fn fields_of_any_kind_are_read_and_long_ones_cut() {
    let long = "é".repeat(400);
    let line = format!(
        r#"{{"event":"OK","requestId":7,"skip":{{"event":"FAIL"}},"device":{{"a":[1,null]}},"issuer":"{long}","processingTime":"1.5"}}"#
    );
    let requests = folded(&[event(0, &line)]);
    let row = requests.by_id("7").expect("a row");
    assert_eq!(&*row.columns[0], r#"{"a":[1,null]}"#);
    assert_eq!(row.columns[1].chars().count(), 128);
    assert_eq!(row.latency_s, Some(1.5));
}

#[test]
fn the_rate_counts_arrivals_of_the_last_whole_minute() {
    let mut events = Vec::new();
    for i in 0..90 {
        events.push(event(i * 1000, &format!(r#"{{"event":"START","requestId":"{i}"}}"#)));
        events.push(event(i * 1000 + 500, &format!(r#"{{"event":"OK","requestId":"{i}"}}"#)));
    }
    let requests = folded(&events);
    assert_eq!(requests.per_minute(event(90_000, "").time), 60);
    assert_eq!(requests.per_minute(event(30_000, "").time), 30);
    assert_eq!(requests.per_minute(event(600_000, "").time), 0);
}

#[test]
fn memory_is_bounded_and_the_newest_rows_stay() {
    let events: Vec<LogEvent> =
        (0..KEPT_ROWS as i64 + 500).map(|i| event(i, &format!(r#"{{"event":"START","requestId":"{i}"}}"#))).collect();
    let requests = folded(&events);
    assert_eq!((requests.len(), requests.counts().dropped), (KEPT_ROWS, 500));
    assert!(requests.by_id("499").is_none() && requests.by_id("500").is_some());
    assert_eq!((requests.rows.len(), requests.by_id.len()), (KEPT_ROWS, KEPT_ROWS));
    assert!(requests.changes.len() <= KEPT_CHANGES);
}

#[test]
fn a_reader_learns_what_changed() {
    let mut requests = folded(&[event(0, r#"{"event":"START","requestId":"a"}"#)]);
    let seen = requests.revision();
    assert_eq!(requests.changed_since(seen).expect("known").count(), 0);
    requests.fold(&rules(), &[event(5, r#"{"event":"OK","requestId":"a"}"#), event(6, "{}")], &mut Lines::default());
    assert_eq!(requests.changed_since(seen).expect("known").collect::<Vec<_>>(), vec![0]);
    assert!(requests.changed_since(seen + 2).is_none(), "from another life");
    let many: Vec<LogEvent> =
        (0..=KEPT_CHANGES as i64).map(|i| event(i, &format!(r#"{{"event":"OK","requestId":"{i}"}}"#))).collect();
    requests.fold(&rules(), &many, &mut Lines::default());
    assert!(requests.changed_since(seen).is_none(), "too long ago");
}

/// Lines of a few requests: starts, ends, retries under the same id, times that collide, fields that disagree.
fn lines() -> impl Strategy<Value = Vec<LogEvent>> {
    let line = (0..4_u8, 0..4_i64, 0..3_usize, 0..3_u8, proptest::option::of(0..3_u8), 0..3_u8);
    proptest::collection::vec(line, 1..24).prop_map(|lines| {
        let read = |(id, time, kind, device, issuer, reason): (u8, i64, usize, u8, Option<u8>, u8)| {
            let name = ["START", "OK", "FAIL"][kind];
            let issuer = issuer.map_or_else(|| "null".to_owned(), |n| format!("\"i{n}\""));
            let text = format!(
                r#"{{"event":"{name}","requestId":"r{id}","device":"d{device}","issuer":{issuer},"reason":"x{reason}","traceId":"t{device}","processingTime":{reason}}}"#
            );
            event(time * 700, &text)
        };
        lines.into_iter().map(read).collect()
    })
}

proptest! {
    #[test]
    fn any_order_of_lines_makes_the_same_rows(
        (lines, shuffled) in lines().prop_flat_map(|lines| (Just(lines.clone()), Just(lines).prop_shuffle()))
    ) {
        let (one, other) = (folded(&lines), folded(&shuffled));
        prop_assert_eq!(rows(&one), rows(&other));
        prop_assert_eq!(second(&one), second(&other));
    }

    #[test]
    fn repeated_lines_change_nothing(lines in lines()) {
        let twice: Vec<LogEvent> = lines.iter().chain(&lines).cloned().collect();
        prop_assert_eq!(rows(&folded(&lines)), rows(&folded(&twice)));
        prop_assert_eq!(second(&folded(&lines)), second(&folded(&twice)));
    }
}
