//! The contract `barograph/v1`: keys, types, times and the figures that the documented world settles.

use serde_json::Value;

/// Whether an object has exactly these keys in this order.
#[track_caller]
pub(super) fn assert_keys(value: &Value, keys: &[&str]) {
    let object = value.as_object().unwrap_or_else(|| panic!("an object: {value}"));
    assert_eq!(object.keys().map(String::as_str).collect::<Vec<_>>(), keys);
}

/// Whether a text is RFC 3339 in UTC with milliseconds.
#[track_caller]
pub(super) fn assert_stamp(value: &Value) {
    let text = value.as_str().unwrap_or_else(|| panic!("a time: {value}"));
    assert_eq!(text.len(), "2026-01-15T10:28:00.000Z".len(), "{text}");
    assert!(text.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(text).is_ok(), "{text}");
}

pub(super) fn cards(cards: &Value) {
    let cards = cards.as_array().expect("cards");
    let ids: Vec<&Value> = cards.iter().map(|card| &card["id"]).collect();
    assert_eq!(ids, ["requests", "success_rate", "average_time", "failure_rate", "active_tokens"]);
    let units = ["percent", "points", "percent", "points", "percent"];
    for (card, unit) in cards.iter().zip(units) {
        assert_keys(card, &["id", "title", "value", "unit", "change", "change_unit", "state", "health"]);
        assert!(card["value"].is_number() && card["change"].is_number() && card["unit"].is_string(), "{card}");
        assert_eq!(card["change_unit"], unit, "{card}");
        assert_eq!(card["health"], "live");
    }
    let states: Vec<&Value> = cards.iter().map(|card| &card["state"]).collect();
    assert_eq!(states, ["ok", "critical", "critical", "critical", "ok"]);
}

/// What every document tells of an alarm, in this order.
pub(super) const ALARM: [&str; 7] = ["name", "kind", "state", "since", "reason", "value", "threshold"];

/// The alarms of a snapshot: exactly these keys.
pub(super) fn alarms(alarms: &Value) {
    for alarm in alarms.as_array().expect("alarms") {
        assert_keys(alarm, &ALARM);
    }
    firing(alarms);
}

/// The six that fire come first, in whatever document.
pub(super) fn firing(alarms: &Value) {
    let alarms = alarms.as_array().expect("alarms");
    let calm: Vec<&Value> = alarms.iter().skip(6).map(|alarm| &alarm["state"]).collect();
    assert_eq!(calm, ["INSUFFICIENT_DATA", "OK", "OK", "OK", "OK", "OK"]);
    let firing = [
        ("FailedProvisioningCount", "metric", &["10:20"][..]),
        ("HighFailureRate", "metric", &["10:20"]),
        ("HighLatency", "metric", &["10:25"]),
        ("RequestSpike", "metric", &["10:13", "10:14"]),
        ("SuccessRateDecline", "metric", &["10:13", "10:14"]),
        ("TokenProvisioningUnhealthy", "composite", &["10:20"]),
    ];
    for (name, kind, since) in firing {
        let alarm = alarms.iter().take(6).find(|alarm| alarm["name"] == name).expect(name);
        assert_eq!((&alarm["kind"], &alarm["state"]), (&kind.into(), &"ALARM".into()));
        assert_stamp(&alarm["since"]);
        let minute = &alarm["since"].as_str().expect("a time")[11..16];
        assert!(since.contains(&minute), "{name} since {minute}");
        assert!(alarm["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{alarm}");
    }
    let rate = alarms.iter().find(|alarm| alarm["name"] == "HighFailureRate").expect("there");
    assert_eq!(rate["threshold"], 5.0);
    assert!(alarms[1]["value"].as_f64().is_some_and(|value| value > 13.0));
}

pub(super) fn feed(feed: &Value) {
    let feed = feed.as_array().expect("a feed");
    assert_eq!(feed.len(), 500, "the newest 500");
    let keys = [
        "time",
        "id",
        "status",
        "device",
        "os",
        "wallet",
        "issuer",
        "reason",
        "latency_s",
        "correlation_id",
        "trace_id",
    ];
    for row in feed {
        assert_keys(row, &keys);
        assert_stamp(&row["time"]);
        assert!(["PENDING", "SUCCESS", "FAILED"].iter().any(|status| row["status"] == *status), "{row}");
        assert_eq!(row["latency_s"].is_null(), row["status"] == "PENDING", "{row}");
        assert_eq!(row["reason"].is_string(), row["status"] == "FAILED", "{row}");
    }
    let times: Vec<&str> = feed.iter().filter_map(|row| row["time"].as_str()).collect();
    assert!(times.windows(2).all(|two| two[0] >= two[1]), "newest first");
    assert!(feed.iter().any(|row| row["reason"] == "TSP_TIMEOUT"));
}

pub(super) fn services(services: &Value) {
    let services = services.as_array().expect("services");
    for service in services {
        let counts = ["requests", "ok", "error", "throttle", "fault"];
        assert_keys(service, &["name", "type", "requests", "ok", "error", "throttle", "fault", "p50_s", "p99_s"]);
        assert!(counts.iter().all(|count| service[count].is_u64()), "counts are numbers, never null: {service}");
        let count = |key: &str| service[key].as_u64().unwrap_or_default();
        assert_eq!(count("ok") + count("error") + count("fault"), count("requests"), "{service}");
        assert!(service["p50_s"].is_number() && service["p99_s"].is_number());
    }
    let names: Vec<&str> = services.iter().filter_map(|service| service["name"].as_str()).collect();
    for name in ["TokenProvisioningService", "TokenStore", "TokenizationService", "IssuerAuthorization", "TSP"] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
}

pub(super) fn trend(trend: &Value) {
    assert_keys(trend, &["period_s", "series"]);
    assert_eq!(trend["period_s"], 60);
    let series = trend["series"].as_array().expect("series");
    assert_eq!(series.iter().map(|line| &line["id"]).collect::<Vec<_>>(), ["success", "failed", "pending"]);
    for line in series {
        let points = line["points"].as_array().expect("points");
        assert_eq!(points.len(), 180);
        assert_eq!(points[0][0], "2026-01-15T07:28:00Z");
        assert_eq!(points[179][0], "2026-01-15T10:27:00Z");
        assert!(points.iter().all(|point| point[1].is_number()));
    }
}
