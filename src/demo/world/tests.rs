//! What the world's outputs promise one another.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::TimeDelta;
use serde_json::Value;

use super::*;
use crate::demo::world::logs::TOKENS;

fn at(text: &str) -> Time {
    text.parse().expect("a time")
}

fn world(rate: f64) -> World {
    World::new(WorldConfig { seed: 7, rate, schedule: Schedule::Day(at("2026-01-15T10:28:00Z")) })
}

fn metric(name: &str, dimensions: &[(&str, &str)]) -> MetricName {
    let dimensions = dimensions.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    MetricName { namespace: "TokenServices".to_owned(), name: name.to_owned(), dimensions }
}

const LATE: &str = "2026-01-16T12:00:00Z";

fn minutes(from: &str, n: i64) -> (Time, Time) {
    (at(from), at(from) + TimeDelta::minutes(n))
}

/// Sum and sample count of a roll-up, by minute.
fn sums(world: &World, name: &str, (from, to): (Time, Time)) -> BTreeMap<Time, (f64, u64)> {
    let samples = world.samples(&metric(name, &[]), from, to, at(LATE)).expect("a metric");
    let sum = |d: &Distribution| d.values.iter().map(|(v, n)| v * *n as f64).sum();
    let count = |d: &Distribution| d.values.iter().map(|(_, n)| n).sum();
    samples.iter().map(|(time, d)| (*time, (sum(d), count(d)))).collect()
}

fn parsed(world: &World, (from, to): (Time, Time)) -> Vec<(Time, Value)> {
    let read = |r: LogRecord| (r.time, serde_json::from_str(&r.message).expect("JSON"));
    world.log_events(TOKENS, from, to).into_iter().map(read).collect()
}

fn minute_start(time: Time) -> Time {
    crate::clock::floor(time, 60)
}

#[test]
fn metrics_are_the_counts_of_the_log_lines() {
    let world = world(4.0);
    for span in
        [minutes("2026-01-15T09:58:00Z", 3), minutes("2026-01-15T10:08:00Z", 6), minutes("2026-01-15T10:38:00Z", 5)]
    {
        let mut counts: HashMap<(&str, Time), (f64, u64)> = HashMap::new();
        let mut count = |name, time: Time, value: f64| {
            let slot = counts.entry((name, minute_start(time))).or_default();
            slot.0 += value;
            slot.1 += 1;
        };
        for (time, line) in parsed(&world, span) {
            match line["event"].as_str().expect("an event") {
                "TOKEN_PROVISION_START" => count("TokenProvisioningRequests", time, 1.0),
                "TOKEN_PROVISION_SUCCESS" => {
                    let seconds = line["processingTime"].as_f64().expect("a time");
                    count("TokenProvisioningSuccess", time, 1.0);
                    count("SuccessfulTokenProvisioning", time, 1.0);
                    count("TokenProvisioningLatency", time, seconds);
                    count("TokenProvisioningLatencyFromLogs", time, seconds);
                }
                "TOKEN_PROVISION_FAILURE" => {
                    count("TokenProvisioningFailure", time, 1.0);
                    count("FailedTokenProvisioning", time, 1.0);
                    count("TokenProvisioningLatency", time, line["processingTime"].as_f64().expect("a time"));
                }
                other => panic!("{other}"),
            }
        }
        let mut told = 0;
        for name in [
            "TokenProvisioningRequests",
            "TokenProvisioningSuccess",
            "SuccessfulTokenProvisioning",
            "TokenProvisioningFailure",
            "FailedTokenProvisioning",
            "TokenProvisioningLatency",
            "TokenProvisioningLatencyFromLogs",
        ] {
            for (time, (sum, n)) in sums(&world, name, span) {
                let counted = counts.get(&(name, time)).copied().unwrap_or_default();
                assert_eq!(counted.1, n, "{name} at {time}");
                assert!((counted.0 - sum).abs() < 1e-6, "{name} at {time}: {} and {sum}", counted.0);
                told += 1;
            }
        }
        assert_eq!(told, counts.len(), "every count has its datapoint");
    }
}

#[test]
fn ends_match_starts() {
    let world = world(4.0);
    let span = minutes("2026-01-15T10:05:00Z", 10);
    let mut started: HashMap<String, (Time, Value)> = HashMap::new();
    let mut by_client: HashMap<String, Vec<(Time, Value)>> = HashMap::new();
    let mut ended = 0;
    for (time, line) in parsed(&world, span) {
        let id = line["requestId"].as_str().expect("an id").to_owned();
        if line["event"] == "TOKEN_PROVISION_START" {
            assert!(line.get("processingTime").is_none() && line.get("reason").is_none());
            let client = line["correlationId"].as_str().expect("an id").to_owned();
            by_client.entry(client).or_default().push((time, line.clone()));
            assert!(started.insert(id, (time, line)).is_none(), "a request id twice");
            continue;
        }
        let Some((start, opening)) = started.get(&id) else {
            assert!(time < span.0 + TimeDelta::seconds(26), "an end without a start at {time}");
            continue;
        };
        for field in
            ["walletProvider", "issuer", "device", "os", "country", "tokenReferenceId", "correlationId", "traceId"]
        {
            assert_eq!(opening[field], line[field]);
        }
        let took = line["processingTime"].as_f64().expect("a time");
        assert_eq!((took * 1000.0).round() as i64, (time - *start).num_milliseconds());
        assert_eq!(line["reason"].is_string(), line["event"] == "TOKEN_PROVISION_FAILURE");
        ended += 1;
    }
    assert!(ended > 2000);
    let retried: Vec<_> = by_client.values().filter(|attempts| attempts.len() > 1).collect();
    assert!(retried.len() > 40, "{} retries", retried.len());
    for attempts in retried {
        assert_eq!(attempts.len(), 2);
        assert_ne!(attempts[0].1["requestId"], attempts[1].1["requestId"]);
        assert_eq!(attempts[0].1["device"], attempts[1].1["device"]);
    }
}

#[test]
fn the_incident_fails_exactly_the_guilty() {
    let world = world(4.0);
    for (_, line) in parsed(&world, minutes("2026-01-15T10:12:00Z", 4)) {
        let guilty =
            line["issuer"] == "Contoso_Bank" && line["walletProvider"] == "GooglePay" && line["os"] == "Android 14";
        if line["event"] != "TOKEN_PROVISION_START" {
            assert_eq!(guilty, line["reason"] == "TSP_TIMEOUT", "{line}");
        }
    }
    for (_, line) in parsed(&world, minutes("2026-01-15T10:45:00Z", 2)) {
        assert_ne!(line["reason"], "TSP_TIMEOUT");
    }
}

#[test]
fn combinations_add_up_to_the_roll_up() {
    let world = world(4.0);
    for (from, to) in
        [minutes("2026-01-15T00:00:00Z", 2), minutes("2026-01-15T10:08:00Z", 5), minutes("2026-01-15T10:39:00Z", 3)]
    {
        for name in [
            "TokenProvisioningRequests",
            "TokenProvisioningSuccess",
            "TokenProvisioningFailure",
            "TokenProvisioningLatency",
            "ActiveTokenCount",
            "TokenProvisioningPending",
        ] {
            let mut of_combos: BTreeMap<Time, f64> = BTreeMap::new();
            let combos: Vec<_> =
                world.metrics().iter().filter(|m| m.name == name && m.dimensions.len() == 2).cloned().collect();
            assert_eq!(combos.len(), 9);
            for combo in combos {
                for (time, d) in world.samples(&combo, from, to, at(LATE)).expect("a metric") {
                    *of_combos.entry(time).or_default() += d.values.iter().map(|(v, n)| v * *n as f64).sum::<f64>();
                }
            }
            for (time, (sum, _)) in sums(&world, name, (from, to)) {
                assert!((of_combos[&time] - sum).abs() < 1e-6, "{name} at {time}");
            }
        }
    }
}

#[test]
fn gauges_follow_from_the_counts() {
    let world = world(4.0);
    let span = minutes("2026-01-15T10:04:00Z", 45);
    let of = |name: &str| sums(&world, name, span);
    let (starts, ok, failed) =
        (of("TokenProvisioningRequests"), of("TokenProvisioningSuccess"), of("TokenProvisioningFailure"));
    let (pending, active) = (of("TokenProvisioningPending"), of("ActiveTokenCount"));
    let mut before: Option<(f64, f64)> = None;
    for (time, (active, _)) in &active {
        let get = |map: &BTreeMap<Time, (f64, u64)>| map.get(time).map_or(0.0, |(sum, _)| *sum);
        if let Some((pending_before, active_before)) = before {
            assert!((pending_before + get(&starts) - get(&ok) - get(&failed) - get(&pending)).abs() < 1e-9, "{time}");
            assert!((active_before + get(&ok) - active).abs() < 1e-9, "{time}: {active_before} to {active}");
        }
        before = Some((get(&pending), *active));
    }
}

#[test]
fn active_tokens_begin_anew_at_midnight() {
    let world = world(2.0);
    let span = minutes("2026-01-15T00:00:00Z", 3);
    let mut expected = 1_200_000.0;
    let ok = sums(&world, "TokenProvisioningSuccess", span);
    for (time, (active, _)) in sums(&world, "ActiveTokenCount", span) {
        expected += ok[&time].0;
        assert!((active - expected).abs() < 1e-9, "{time}");
    }
}

#[test]
fn planned_successes_come_true() {
    let core = core::Core::new(world(3.0).0.config.clone());
    let start = time::minute_of(at("2026-01-15T10:05:00Z"));
    for base in start..start + 40 {
        let part = core.part(base);
        let drawn: Vec<u32> = part.own.successes.iter().zip(part.next.successes).map(|(a, b)| a + b).collect();
        assert_eq!(core.successes_of(base).as_slice(), drawn, "{}", time::start_of(base));
    }
}

#[test]
fn a_running_minute_shows_what_has_happened() {
    let world = world(4.0);
    let (from, to) = minutes("2026-01-15T10:20:00Z", 1);
    let now = from + TimeDelta::milliseconds(31_500);
    let lines = parsed(&world, (from, now));
    let starts = lines.iter().filter(|(_, l)| l["event"] == "TOKEN_PROVISION_START").count() as u64;
    let requests = world.samples(&metric("TokenProvisioningRequests", &[]), from, to, now).expect("a metric");
    assert_eq!(requests, [(from, Distribution { values: vec![(1.0, starts)] })]);
    assert_eq!(world.samples(&metric("TokenProvisioningRequests", &[]), from, to, from), Some(vec![]));
    assert_eq!(world.samples(&metric("Nothing", &[]), from, to, now), None);
    let pending = world.samples(&metric("TokenProvisioningPending", &[]), from, to, now).expect("a metric");
    let open = |until: Time| {
        let lines = parsed(&world, (from - TimeDelta::minutes(1), until));
        let starts: HashSet<String> = lines
            .iter()
            .filter(|(_, l)| l["event"] == "TOKEN_PROVISION_START")
            .map(|(_, l)| l["requestId"].to_string())
            .collect();
        let ends: HashSet<String> = lines
            .iter()
            .filter(|(_, l)| l["event"] != "TOKEN_PROVISION_START")
            .map(|(_, l)| l["requestId"].to_string())
            .collect();
        starts.difference(&ends).count() as f64
    };
    assert_eq!(pending, [(from, Distribution { values: vec![(open(now), 1)] })]);
}

#[test]
fn two_worlds_agree_whatever_is_asked_first() {
    let (one, other) = (world(3.0), world(3.0));
    let span = minutes("2026-01-15T10:09:00Z", 2);
    let late = at(LATE);
    let first: Vec<_> = one.metrics().iter().map(|m| one.samples(m, span.0, span.1, late)).collect();
    let lines = other.log_events(TOKENS, span.0, span.1);
    let mut second: Vec<_> = other.metrics().iter().rev().map(|m| other.samples(m, span.0, span.1, late)).collect();
    second.reverse();
    assert_eq!(first, second);
    assert_eq!(one.log_events(TOKENS, span.0, span.1), lines);
    let halves: Vec<_> = [(0, 777), (777, 120_000)]
        .into_iter()
        .flat_map(|(a, b)| {
            let after = |ms| span.0 + TimeDelta::milliseconds(ms);
            one.log_events(TOKENS, after(a), after(b))
        })
        .collect();
    assert_eq!(halves, lines);
    assert!(lines.is_sorted_by(|a, b| (a.time, &a.id) < (b.time, &b.id)));
    assert!(lines.iter().all(|l| l.id.len() == 56 && l.id.bytes().all(|b| b.is_ascii_digit())));
    let another = World::new(WorldConfig { seed: 8, ..one.0.config.clone() });
    assert_ne!(another.log_events(TOKENS, span.0, span.1), lines);
}

#[test]
fn a_calm_day_raises_no_alarm() {
    let world = world(40.0);
    // Sixteen windows over a day in which nothing is scripted.
    for window in 0..16 {
        let from = at("2026-01-14T00:00:00Z") + TimeDelta::minutes(window * 90);
        let span = (from, from + TimeDelta::minutes(2));
        let ok = sums(&world, "TokenProvisioningSuccess", span);
        let failed = sums(&world, "TokenProvisioningFailure", span);
        for (time, (requests, _)) in sums(&world, "TokenProvisioningRequests", span) {
            let expected = world.expected("TokenProvisioningRequests", time).expect("an expectation");
            assert!((requests - expected.mean).abs() < 2.0 * expected.sd, "{time}: {requests} for {expected:?}");
            let rate = 100.0 * ok[&time].0 / (ok[&time].0 + failed[&time].0);
            let expected = world.expected("SuccessRate", time).expect("an expectation");
            assert!((rate - expected.mean).abs() < 2.0 * expected.sd, "{time}: {rate} for {expected:?}");
            assert!(failed[&time].0 < 100.0 && (97.0..99.0).contains(&rate));
        }
    }
}

#[test]
fn a_planned_day_stays_in_bounds() {
    let core = core::Core::new(world(40.0).0.config.clone());
    let day = time::minute_of(at("2026-01-14T00:00:00Z"));
    let mut requests = 0.0;
    for base in day..day + time::DAY_MINUTES {
        let plan = core.plan(base);
        let expected = rhythm::expected_requests(40.0, base);
        let total = plan.starts as f64 * (1.0 + rhythm::RETRY_SHARE * rhythm::FAILURE_SHARE);
        assert!((total - expected).abs() < 0.015 * expected, "{total} for {expected}");
        let successes: u32 = core.successes_of(base).iter().sum();
        let share = f64::from(successes) / plan.starts as f64;
        assert!((0.985..0.996).contains(&share), "{share}");
        requests += plan.starts as f64;
    }
    assert!((requests / 86_400.0 - 40.0).abs() < 1.0);
}

/// Whether each minute breaches, from 10:05 on.
fn breaches(test: impl Fn(Time) -> bool) -> Vec<bool> {
    (0..20).map(|n| test(at("2026-01-15T10:05:00Z") + TimeDelta::minutes(n))).collect()
}

/// The first instant after 10:05 at which three of the last five minutes breach.
fn three_of_five(breaches: &[bool]) -> String {
    let n = (5..=breaches.len()).find(|&n| breaches[n - 5..n].iter().filter(|b| **b).count() >= 3).expect("an alarm");
    (at("2026-01-15T10:05:00Z") + TimeDelta::minutes(n as i64)).format("%H:%M").to_string()
}

#[test]
fn the_scripted_incident_trips_the_alarms_on_time() {
    for seed in [7, 1, 2, 3, 4, 11] {
        let world = World::new(WorldConfig { seed, ..world(40.0).0.config.clone() });
        let span = minutes("2026-01-15T10:05:00Z", 20);
        let requests = sums(&world, "TokenProvisioningRequests", span);
        let ok = sums(&world, "TokenProvisioningSuccess", span);
        let failed = sums(&world, "FailedTokenProvisioning", span);
        let spiking = breaches(|time| {
            let expected = world.expected("TokenProvisioningRequests", time).expect("an expectation");
            (requests[&time].0 - expected.mean).abs() > 2.0 * expected.sd
        });
        let declining = breaches(|time| 100.0 * ok[&time].0 / (ok[&time].0 + failed[&time].0) < 97.0);
        assert!(["10:13", "10:14"].contains(&three_of_five(&spiking).as_str()), "seed {seed}: {spiking:?}");
        assert!(["10:13", "10:14"].contains(&three_of_five(&declining).as_str()), "seed {seed}: {declining:?}");
        let latency = sums(&world, "TokenProvisioningLatency", span);
        for (from, alarming) in [("10:05", false), ("10:10", true), ("10:15", true), ("10:20", true)] {
            let period = minutes(&format!("2026-01-15T{from}:00Z"), 5);
            let sum = |map: &BTreeMap<Time, (f64, u64)>| {
                map.range(period.0..period.1).fold((0.0, 0), |(s, n), (_, (sum, count))| (s + sum, n + count))
            };
            let (failures, successes) = (sum(&failed).0, sum(&ok).0);
            let rate = 100.0 * failures / (failures + successes);
            let (time, ended) = sum(&latency);
            let average = time / ended as f64;
            assert_eq!(rate > 5.0, alarming, "seed {seed} {from}: {rate} %");
            assert_eq!(average > 3.0, alarming, "seed {seed} {from}: {average} s");
            assert!(alarming || average < 1.2, "seed {seed} {from}: {average} s");
            assert_eq!(failures > 600.0, alarming, "seed {seed} {from}: {failures}");
            if seed == 7 && alarming {
                assert!(rate > 13.0 && average > 3.6, "{from}: {rate} % and {average} s");
            }
        }
    }
}
