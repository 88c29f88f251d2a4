//! Counts agree with the lines they are counts of.

use std::collections::{HashMap, HashSet};

use super::*;

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
    let core = core::Core::new(world(3.0).0.config.clone(), None);
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
