//! CloudTrail, payments and orders join the token service's requests.

use std::collections::{HashMap, HashSet};

use super::*;
use crate::demo::world::logs::{ORDERS, TRAIL};

fn events(world: &World, group: &str, (from, to): (Time, Time)) -> Vec<(Time, Value)> {
    let records = world.log_events(group, from, to);
    assert!(records.is_sorted_by(|a, b| (a.time, &a.id) < (b.time, &b.id)));
    let read = |r: LogRecord| (r.time, serde_json::from_str(&r.message).expect("JSON"));
    records.into_iter().map(read).collect()
}

fn is_luhn_valid(number: &str) -> bool {
    let digit = |(place, c): (usize, char)| {
        let value = c.to_digit(10).expect("a digit") * if place % 2 == 1 { 2 } else { 1 };
        value / 10 + value % 10
    };
    number.chars().rev().enumerate().map(digit).sum::<u32>().is_multiple_of(10)
}

#[test]
fn the_trail_has_an_event_for_every_end() {
    let world = world(3.0);
    let span = minutes("2026-01-15T10:10:00Z", 2);
    let ends: HashMap<String, (Time, Value)> = parsed(&world, span)
        .into_iter()
        .filter(|(_, l)| l["event"] != "TOKEN_PROVISION_START")
        .map(|(time, l)| (l["requestId"].as_str().expect("an id").to_owned(), (time, l)))
        .collect();
    let trail = events(&world, TRAIL, span);
    assert_eq!(trail.len(), ends.len());
    for (time, event) in trail {
        let (end, line) = &ends[event["requestID"].as_str().expect("an id")];
        assert_eq!(time, *end);
        assert_eq!(event["eventSource"], "tokenization.amazonaws.com");
        assert_eq!(event["eventName"], "ProvisionToken");
        assert_eq!(event["requestParameters"]["walletProvider"], line["walletProvider"]);
        assert_eq!(event["requestParameters"]["issuerName"], line["issuer"]);
        assert_eq!(event["responseElements"]["tokenReferenceId"], line["tokenReferenceId"]);
        assert_eq!(event["responseElements"]["processingTime"], line["processingTime"]);
        let ok = line["event"] == "TOKEN_PROVISION_SUCCESS";
        assert_eq!(event["responseElements"]["tokenProvisioningStatus"], if ok { "SUCCESS" } else { "FAILED" });
        let card = event["requestParameters"]["cardholderData"]["primaryAccountNumber"].as_str().expect("a card");
        assert!(card.len() == 16 && is_luhn_valid(card), "{card}");
        let trace = world.trace(line["traceId"].as_str().expect("an id"), at(LATE)).expect("a trace");
        assert_eq!(trace.segments[1].1["annotations"]["CardBin"], card[..6]);
    }
}

#[test]
fn changes_alone_are_what_the_trail_holds_of_them() {
    let world = world(4.0);
    let (from, to) = minutes("2026-01-15T10:00:00Z", 20);
    let all = world.log_events(TRAIL, from, to);
    let changes: Vec<_> =
        all.into_iter().filter(|record| record.message.contains("\"managementEvent\":true")).collect();
    assert_eq!(world.change_events(from, to), changes);
    assert_eq!(changes.len(), 1);
}

#[test]
fn someone_deployed_just_before() {
    let world = world(0.1);
    let changes: Vec<(Time, Value)> = events(&world, TRAIL, minutes("2026-01-15T06:00:00Z", 12 * 60))
        .into_iter()
        .filter(|(_, event)| event["eventCategory"] == "Management")
        .collect();
    let names: Vec<&str> = changes.iter().filter_map(|(_, event)| event["eventName"].as_str()).collect();
    assert_eq!(
        names,
        ["PutMetricAlarm", "UpdateService", "UpdateFunctionCode20150331v2", "UpdateFunctionConfiguration20150331v2"]
    );
    assert_eq!(minute_start(changes[2].0), at("2026-01-15T10:07:00Z"));
}

#[test]
fn payments_pass_their_stages_in_order() {
    let world = world(10.0);
    let span = minutes("2026-01-15T09:00:00Z", 3);
    let successes: HashSet<String> = parsed(&world, (span.0 - TimeDelta::minutes(1), span.1))
        .into_iter()
        .filter(|(_, l)| l["event"] == "TOKEN_PROVISION_SUCCESS")
        .map(|(_, l)| l["correlationId"].to_string())
        .collect();
    let mut passed: HashMap<String, Vec<(Time, Value)>> = HashMap::new();
    for stage in ["initiation", "risk", "execution", "tracking", "billing", "settlement", "reconciliation"] {
        for (time, line) in events(&world, &format!("/payments/{stage}"), span) {
            assert_eq!(line["stage"], stage);
            passed.entry(line["correlationId"].to_string()).or_default().push((time, line));
        }
    }
    let whole = passed.values().filter(|lines| lines.len() == 7).count();
    let share = whole as f64 / (span.1 - span.0).num_seconds() as f64 / 10.0;
    assert!((0.03..0.07).contains(&share), "{share}");
    for (client, lines) in &passed {
        assert!(successes.contains(client));
        assert!(lines.is_sorted_by(|a, b| a.0 < b.0));
        assert!(lines.iter().all(|(_, l)| l["tenant"] == lines[0].1["tenant"] && l["region"] == lines[0].1["region"]));
        assert!(lines.iter().rev().skip(1).all(|(_, l)| l["status"] == "OK"));
    }
}

#[test]
fn dead_letters_are_the_payments_that_failed() {
    let world = world(40.0);
    let (from, to) = minutes("2026-01-15T09:00:00Z", 6);
    let failed = |group: &LogGroup| {
        let lines = events(&world, &group.name, (from, to));
        lines.iter().filter(|(_, l)| l["status"] == "FAILED").count()
    };
    let groups = world.log_groups().iter().filter(|g| g.name.starts_with("/payments/"));
    let failed: usize = groups.map(failed).sum();
    let queue = [("QueueName".to_owned(), "payments-dlq".to_owned())];
    let visible = |m: &&MetricName| m.name == "ApproximateNumberOfMessagesVisible" && m.dimensions == queue;
    let metric = world.metrics().iter().find(visible).expect("a metric");
    let samples = world.samples(metric, from, to, at(LATE)).expect("samples");
    assert!(failed > 0);
    assert_eq!(samples.last().map(|(_, d)| d.values.clone()), Some(vec![(failed as f64, 1)]));
}

/// The most orders in any 15 s of a span.
fn peak(world: &World, span: (Time, Time)) -> usize {
    let times: Vec<Time> = events(world, ORDERS, span).iter().map(|(time, _)| *time).collect();
    let within = |n: usize| times[n..].partition_point(|t| *t < times[n] + TimeDelta::seconds(15));
    (0..times.len()).map(within).max().unwrap_or(0)
}

#[test]
fn orders_flood_for_two_minutes_of_an_incident() {
    let world = world(1.0);
    assert!(peak(&world, minutes("2026-01-15T10:00:00Z", 22)) < 15);
    assert!(peak(&world, minutes("2026-01-15T10:24:00Z", 30)) < 15);
    for second in [0, 30, 60, 90, 105] {
        let from = at("2026-01-15T10:22:00Z") + TimeDelta::seconds(second);
        assert!(events(&world, ORDERS, (from, from + TimeDelta::seconds(15))).len() >= 30);
    }
    let (_, order) = &events(&world, ORDERS, minutes("2026-01-15T10:22:00Z", 1))[0];
    let fields: Vec<&str> = order.as_object().expect("an object").keys().map(String::as_str).collect();
    let named =
        ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "Customer", "Country"];
    assert_eq!(fields, named);
}
