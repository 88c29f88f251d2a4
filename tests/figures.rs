//! The five cards against the world's log lines: the console's way to a figure and a way that shares none of it.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use barograph::clock::Time;
use barograph::commands::snapshot;
use chrono::TimeDelta;
use serde_json::Value;

use crate::harness::console::{Console, INCIDENT, Setting, time, world};

const GROUP: &str = "/aws/lambda/token-provisioning-service";
const RATE: f64 = 4.0;

/// The figures of one stretch of log lines.
#[derive(Default)]
struct Sums {
    started: f64,
    succeeded: f64,
    failed: f64,
    seconds: f64,
}

/// Reads the lines of `[from, to)` as a person with `grep` and a calculator would.
fn sums(from: Time, to: Time) -> Sums {
    let world = world(RATE);
    let mut sums = Sums::default();
    let mut minute = from;
    while minute < to {
        let next = (minute + TimeDelta::minutes(1)).min(to);
        for record in world.log_events(GROUP, minute, next) {
            let line: Value = serde_json::from_str(&record.message).expect("JSON");
            match line["event"].as_str().expect("an event") {
                "TOKEN_PROVISION_START" => sums.started += 1.0,
                "TOKEN_PROVISION_SUCCESS" => sums.succeeded += 1.0,
                "TOKEN_PROVISION_FAILURE" => sums.failed += 1.0,
                other => panic!("an event {other}"),
            }
            sums.seconds += line["processingTime"].as_f64().unwrap_or(0.0);
        }
        minute = next;
    }
    sums
}

fn card<'a>(document: &'a Value, id: &str) -> &'a Value {
    document["cards"].as_array().expect("cards").iter().find(|card| card["id"] == id).expect("the card")
}

#[track_caller]
fn assert_close(document: &Value, id: &str, key: &str, expected: f64) {
    let got = card(document, id)[key].as_f64().unwrap_or(f64::NAN);
    assert!(
        (got - expected).abs() <= 1e-6 * expected.abs().max(1.0),
        "{id}.{key} is {got}, the log lines say {expected}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cards_say_what_the_log_lines_say() {
    let now = time(INCIDENT);
    let console = Console::settled(Setting { rate: RATE, ..Setting::once() }).await;
    let document = snapshot::document(&console.app);

    let hour = TimeDelta::hours(1);
    let window = sums(now - hour, now);
    let before = sums(now - hour * 2, now - hour);
    let last = sums(now - TimeDelta::minutes(5), now);
    let today = sums(now - TimeDelta::minutes(10 * 60 + 28), now);

    let rate = |part: f64, sums: &Sums| 100.0 * part / (sums.succeeded + sums.failed);
    assert_close(&document, "requests", "value", window.started);
    assert_close(&document, "requests", "change", 100.0 * (window.started / before.started - 1.0));
    assert_close(&document, "success_rate", "value", rate(last.succeeded, &last));
    assert_close(&document, "success_rate", "change", rate(last.succeeded, &last) - rate(before.succeeded, &before));
    assert_close(&document, "failure_rate", "value", rate(last.failed, &last));
    assert_close(&document, "failure_rate", "change", rate(last.failed, &last) - rate(before.failed, &before));
    let mean = |sums: &Sums| sums.seconds / (sums.succeeded + sums.failed);
    assert_close(&document, "average_time", "value", mean(&last));
    assert_close(&document, "average_time", "change", 100.0 * (mean(&last) / mean(&before) - 1.0));
    assert_close(&document, "active_tokens", "value", 1_200_000.0 + today.succeeded);

    assert_eq!(card(&document, "failure_rate")["state"], "critical");
    assert!(last.failed > 0.0 && before.failed > 0.0, "the comparison compares something");
}
