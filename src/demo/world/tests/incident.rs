//! Calm times are calm, and the incident is as scripted.

use super::*;

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
fn a_calm_day_raises_no_alarm() {
    // A whole day at a low rate, where chance weighs most, and a morning and an evening at the documented one.
    for (rate, from, n) in
        [(5.0, "2026-01-14T00:00:00Z", 1440), (40.0, "2026-01-15T09:50:00Z", 20), (40.0, "2026-01-14T16:00:00Z", 20)]
    {
        let world = world(rate);
        let span = minutes(from, n);
        let ok = sums(&world, "TokenProvisioningSuccess", span);
        let failed = sums(&world, "TokenProvisioningFailure", span);
        let requests = sums(&world, "TokenProvisioningRequests", span);
        assert_eq!(requests.len(), n as usize);
        for (time, (requests, _)) in requests {
            let expected = world.expected("TokenProvisioningRequests", time).expect("an expectation");
            assert!((requests - expected.mean).abs() < 2.0 * expected.sd, "{time}: {requests} for {expected:?}");
            let failed = failed.get(&time).map_or(0.0, |(sum, _)| *sum);
            let rate = 100.0 * ok[&time].0 / (ok[&time].0 + failed);
            let expected = world.expected("SuccessRate", time).expect("an expectation");
            assert!((rate - expected.mean).abs() <= 2.0 * expected.sd, "{time}: {rate} for {expected:?}");
            // Five such minutes stay far below the 600 failures and the 5 % of the alarms.
            assert!(failed < 100.0 && failed < 0.05 * requests);
        }
    }
}

#[test]
fn a_planned_day_stays_in_bounds() {
    let core = core::Core::new(world(40.0).0.config.clone(), None);
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
