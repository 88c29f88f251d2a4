//! What alarms say.

use chrono::TimeDelta;
use serde_json::Value;

use super::*;

const SIX: [&str; 6] = [
    "FailedProvisioningCount",
    "HighFailureRate",
    "HighLatency",
    "RequestSpike",
    "SuccessRateDecline",
    "TokenProvisioningUnhealthy",
];
const KINDS: [&str; 3] = ["MetricAlarm", "CompositeAlarm", "LogAlarm"];

/// State and time of the last change of the alarms of the incident, by name.
fn alarms(estate: &Estate) -> Vec<(String, String, Time)> {
    every_alarm(estate).into_iter().filter(|alarm| SIX.contains(&alarm.0.as_str())).collect()
}

/// The same of every alarm.
fn every_alarm(estate: &Estate) -> Vec<(String, String, Time)> {
    let answer = ask(estate, "DescribeAlarms", &Wire::map([("AlarmTypes", Wire::list(KINDS))]));
    let all = ["MetricAlarms", "CompositeAlarms", "LogAlarms"].map(|list| answer.items(list)).concat();
    let one = |alarm: &Wire| {
        let text = |name: &str| alarm.text(name).expect("text").to_owned();
        (text("AlarmName"), text("StateValue"), alarm.time("StateTransitionedTimestamp").expect("a time"))
    };
    all.iter().map(one).collect()
}

#[test]
fn six_alarms_fire_in_the_middle_of_the_incident() {
    let estate = estate("10:28:00");
    let found = alarms(&estate);
    assert_eq!(found.len(), 6);
    let since = |name: &str| {
        let (_, state, since) = found.iter().find(|alarm| alarm.0 == name).expect(name);
        assert_eq!(state, "ALARM", "{name}");
        *since
    };
    for name in ["SuccessRateDecline", "RequestSpike"] {
        assert!([time("10:13:00"), time("10:14:00")].contains(&since(name)), "{name} {}", since(name));
    }
    for name in ["HighFailureRate", "FailedProvisioningCount", "TokenProvisioningUnhealthy"] {
        assert_eq!(since(name), time("10:20:00"), "{name}");
    }
    assert_eq!(since("HighLatency"), time("10:25:00"));
}

#[test]
fn the_others_stay_calm_in_any_incident() {
    let calm = |estate: &Estate| {
        let mut others: Vec<_> = every_alarm(estate).into_iter().filter(|a| !SIX.contains(&a.0.as_str())).collect();
        others.sort();
        others
            .into_iter()
            .map(|(name, state, since)| format!("{name} {state} {}", since.date_naive()))
            .collect::<Vec<String>>()
    };
    let expected: Vec<String> = [
        "ActiveTokensDrop OK",
        "MaintenanceWindow OK",
        "OrderSurge OK",
        "ProvisioningP95 OK",
        "RefundFailures INSUFFICIENT_DATA",
        "TokenEstateDegraded OK",
    ]
    .map(|alarm| format!("{alarm} 2025-11-03"))
    .to_vec();
    for at in ["10:00:00", "10:24:59", "10:28:00", "12:00:00"] {
        assert_eq!(calm(&estate(at)), expected, "{at}");
    }
    for seed in [1, 2, 3] {
        let now = time("10:28:00");
        let world = World::new(WorldConfig { seed, rate: 20.0, schedule: Schedule::Day(now) });
        assert_eq!(calm(&Estate { world, clock: Clock::fixed(now) }), expected, "seed {seed}");
    }
}

#[test]
fn a_log_alarm_sees_what_its_query_finds() {
    let estate = estate("10:28:00");
    let answer = ask(&estate, "DescribeAlarms", &Wire::map([("AlarmTypes", Wire::list(["LogAlarm"]))]));
    let [alarm] = answer.items("LogAlarms") else { panic!("{answer:?}") };
    let query = alarm.get("ScheduledQueryConfiguration").expect("a query");
    assert_eq!(query.text("AggregationExpression"), Some("count(*)"));
    assert_eq!((alarm.i64("QueryResultsToEvaluate"), alarm.i64("QueryResultsToAlarm")), (Some(2), Some(1)));
    let data: Value = serde_json::from_str(alarm.text("StateReasonData").expect("data")).expect("JSON");
    let from = data["startDate"].as_str().expect("a time");
    let from = chrono::DateTime::parse_from_str(from, "%Y-%m-%dT%H:%M:%S%.3f%z").expect("a time").to_utc();
    let orders = [0, 5].map(|minutes| {
        let from = from + TimeDelta::minutes(minutes);
        estate.world.log_events("/website/orders", from, from + TimeDelta::minutes(5)).len() as f64
    });
    assert!(orders[0] > 20.0 && data["recentDatapoints"] == serde_json::json!(orders), "{orders:?}: {data}");
}

#[test]
fn suppressors_disabled_actions_and_tags_are_told() {
    let estate = estate("10:28:00");
    let answer = ask(&estate, "DescribeAlarms", &Wire::map([("AlarmTypes", Wire::list(KINDS))]));
    let composite = answer.items("CompositeAlarms").iter().find(|a| a.text("AlarmName") == Some("TokenEstateDegraded"));
    let composite = composite.expect("the composite");
    assert_eq!(composite.text("ActionsSuppressor"), Some("MaintenanceWindow"));
    assert_eq!(composite.i64("ActionsSuppressorExtensionPeriod"), Some(120));
    let disabled: Vec<_> =
        answer.items("MetricAlarms").iter().filter(|a| a.bool("ActionsEnabled") == Some(false)).collect();
    let [disabled] = disabled[..] else { panic!("{disabled:?}") };
    let p95 =
        answer.items("MetricAlarms").iter().find(|a| a.text("AlarmName") == Some("ProvisioningP95")).expect("p95");
    assert_eq!((p95.text("ExtendedStatistic"), p95.get("Statistic")), (Some("p95"), None));
    let maintenance = answer.items("MetricAlarms").iter().find(|a| a.text("AlarmName") == Some("MaintenanceWindow"));
    assert_eq!(
        maintenance.and_then(|alarm| alarm.text("StateReason")),
        Some(
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching]."
        )
    );

    let arn = disabled.text("AlarmArn").expect("an ARN");
    let tags = ask(&estate, "ListTagsForResource", &Wire::map([("ResourceARN", arn.into())]));
    let tags: Vec<_> = tags.items("Tags").iter().map(|tag| (tag.text("Key"), tag.text("Value"))).collect();
    assert_eq!(tags, [(Some("team"), Some("wallets")), (Some("severity"), Some("warning"))]);
    for (operation, bad, code) in [
        ("ListTagsForResource", Wire::map([("ResourceARN", "arn:x".into())]), "ResourceNotFoundException"),
        ("DescribeAlarmContributors", Wire::map([("AlarmName", "x".into())]), "ResourceNotFoundException"),
        ("GetAlarmMuteRule", Wire::map([("AlarmMuteRuleName", "x".into())]), "ResourceNotFoundException"),
        ("ListAlarmMuteRules", Wire::map([("Statuses", Wire::list(["FINE"]))]), "ValidationError"),
    ] {
        assert_eq!(call(&estate, operation, &bad).expect_err("refused").code, code, "{operation}");
    }
    let muted = |name: &str| {
        let rules = ask(&estate, "ListAlarmMuteRules", &Wire::map([("AlarmName", name.into())]));
        rules.items("AlarmMuteRuleSummaries").len()
    };
    assert_eq!((muted("ProvisioningP95"), muted("HighLatency")), (1, 0));
    let rule = ask(&estate, "GetAlarmMuteRule", &Wire::map([("AlarmMuteRuleName", "nightly-load-test".into())]));
    assert_eq!(rule.text("Status"), Some("SCHEDULED"));
    let contributors = ask(&estate, "DescribeAlarmContributors", &Wire::map([("AlarmName", "HighLatency".into())]));
    assert!(contributors.items("AlarmContributors").is_empty());
}

#[test]
fn alarms_are_quiet_before_and_recover_after() {
    for at in ["10:09:59", "10:12:30"] {
        assert!(
            alarms(&estate(at))
                .iter()
                .all(|(_, state, since)| state == "OK" && since.to_rfc3339().starts_with("2025-11-03")),
            "{at}"
        );
    }
    for (name, state, since) in alarms(&estate("12:00:00")) {
        assert_eq!(state, "OK", "{name}");
        assert!(since > time("10:40:00") && since <= time("11:00:00"), "{name} {since}");
    }
}

#[test]
fn alarms_are_filtered_and_paged() {
    let estate = estate("10:28:00");
    let names = |members: Vec<(&str, Wire)>| {
        let answer = ask(&estate, "DescribeAlarms", &Wire::map(members));
        let all = answer.items("MetricAlarms").iter().chain(answer.items("CompositeAlarms"));
        let names: Vec<String> = all.filter_map(|alarm| alarm.text("AlarmName")).map(str::to_owned).collect();
        (names, answer.text("NextToken").map(str::to_owned))
    };
    let both = || ("AlarmTypes", Wire::list(["MetricAlarm", "CompositeAlarm"]));
    assert_eq!(names(vec![]).0.len(), 9, "metric alarms unless asked");
    assert_eq!(names(vec![("AlarmNamePrefix", "High".into())]).0, ["HighFailureRate", "HighLatency"]);
    assert_eq!(names(vec![("AlarmNames", Wire::list(["RequestSpike"]))]).0, ["RequestSpike"]);
    let silent = vec![both(), ("StateValue", "INSUFFICIENT_DATA".into())];
    assert_eq!(names(silent).0, ["RefundFailures"]);
    assert_eq!(names(vec![("ActionPrefix", "arn:aws:sns:".into())]).0.len(), 9);
    assert_eq!(names(vec![("ActionPrefix", "arn:aws:lambda".into())]).0.len(), 0);
    let children = names(vec![("ChildrenOfAlarmName", "TokenProvisioningUnhealthy".into())]).0;
    assert_eq!(children, ["HighFailureRate", "HighLatency"]);
    assert_eq!(names(vec![("ParentsOfAlarmName", "HighLatency".into())]).0, ["TokenProvisioningUnhealthy"]);
    let (first, token) = names(vec![both(), ("MaxRecords", 8_i64.into())]);
    let (second, end) = names(vec![both(), ("MaxRecords", 8_i64.into()), ("NextToken", token.into())]);
    assert_eq!((first.len(), second.len(), end), (8, 3, None));
    for bad in [
        Wire::map([("AlarmTypes", Wire::list(["Nope"]))]),
        Wire::map([("StateValue", "FINE".into())]),
        Wire::map([("MaxRecords", 0_i64.into())]),
        Wire::map([("NextToken", "x".into())]),
        Wire::map([("ChildrenOfAlarmName", "NoSuchAlarm".into())]),
        Wire::map([("ParentsOfAlarmName", "HighLatency".into()), ("StateValue", "OK".into())]),
    ] {
        assert!(call(&estate, "DescribeAlarms", &bad).is_err(), "{bad:?}");
    }
}

#[test]
fn alarms_tell_what_they_watch_and_why_they_fire() {
    let estate = estate("10:28:00");
    let answer = ask(&estate, "DescribeAlarms", &Wire::Map(vec![]));
    let alarm = |name: &str| {
        answer.items("MetricAlarms").iter().find(|alarm| alarm.text("AlarmName") == Some(name)).expect(name)
    };
    let rate = alarm("HighFailureRate");
    assert_eq!(rate.items("Metrics").len(), 3);
    assert_eq!(rate.f64("Threshold"), Some(5.0));
    assert_eq!(rate.get("MetricName"), None);
    let words = rate.text("StateReason").expect("a reason");
    assert!(words.starts_with("Threshold Crossed: 2 out of the last 2 datapoints ["), "{words}");
    assert!(words.contains("(15/01/26 10:15:00)") && words.contains("greater than the threshold (5.0)"), "{words}");
    let data: Value = serde_json::from_str(rate.text("StateReasonData").expect("data")).expect("JSON");
    let newest = data["recentDatapoints"][1].as_f64().expect("a value");
    let queried = data_of_rate(&estate);
    assert!((newest - queried).abs() < 1e-9, "the alarm saw what GetMetricData says: {newest}, {queried}");
    assert!(newest > 13.0 && newest < 30.0, "{newest}");

    let band = alarm("RequestSpike");
    assert_eq!(band.text("ThresholdMetricId"), Some("ad1"));
    assert_eq!(band.get("Threshold"), None);
    let latency = alarm("HighLatency");
    assert_eq!((latency.text("Statistic"), latency.i64("Period")), (Some("Average"), Some(300)));
    assert_eq!(latency.items("Metrics").len(), 0);

    let of = Wire::map([("Namespace", "TokenServices".into()), ("MetricName", "TokenProvisioningLatency".into())]);
    let found = ask(&estate, "DescribeAlarmsForMetric", &of);
    assert_eq!(
        found.items("MetricAlarms").iter().map(|a| a.text("AlarmName")).collect::<Vec<_>>(),
        [Some("HighLatency"), Some("ProvisioningP95")]
    );
}

fn data_of_rate(estate: &Estate) -> f64 {
    let found = data(
        estate,
        vec![
            metric("bad", "TokenProvisioningFailure", "Sum", 300),
            metric("ok", "TokenProvisioningSuccess", "Sum", 300),
            expression("rate", "100 * bad / (ok + bad)"),
        ],
        "10:15:00",
        "10:20:00",
    );
    found[2].2[0].1
}

#[test]
fn history_tells_every_change_once() {
    let estate = estate("12:00:00");
    let ask = |members: Vec<(&str, Wire)>| {
        let answer = ask(&estate, "DescribeAlarmHistory", &Wire::map(members));
        let items: Vec<(String, String, Time)> = answer
            .items("AlarmHistoryItems")
            .iter()
            .map(|item| {
                let text = |name: &str| item.text(name).expect("text").to_owned();
                (text("HistoryItemType"), text("HistorySummary"), item.time("Timestamp").expect("a time"))
            })
            .collect();
        (items, answer.text("NextToken").map(str::to_owned))
    };
    let name = || ("AlarmName", Wire::from("HighFailureRate"));
    let updates = || ("HistoryItemType", Wire::from("StateUpdate"));
    let (items, _) = ask(vec![name(), updates(), ("ScanBy", "TimestampAscending".into())]);
    let summaries: Vec<&str> = items.iter().map(|item| item.1.as_str()).collect();
    assert_eq!(
        summaries,
        [
            "Alarm updated from INSUFFICIENT_DATA to OK",
            "Alarm updated from OK to ALARM",
            "Alarm updated from ALARM to OK"
        ]
    );
    assert_eq!(items[1].2, time("10:20:00"));
    let (items, _) = ask(vec![name()]);
    assert_eq!(items.len(), 6, "creation, three updates, two actions");
    assert_eq!(items[5].0, "ConfigurationUpdate");
    assert!(items.windows(2).all(|pair| pair[0].2 >= pair[1].2), "newest first");
    let (items, _) =
        ask(vec![name(), updates(), ("StartDate", time("10:15:00").into()), ("EndDate", time("10:30:00").into())]);
    assert_eq!(items.len(), 1);
    let composite = ("AlarmTypes", Wire::list(["CompositeAlarm"]));
    assert_eq!(ask(vec![composite, updates()]).0.len(), 4);
    let (first, token) = ask(vec![updates(), ("MaxRecords", 10_i64.into())]);
    let (second, end) = ask(vec![updates(), ("MaxRecords", 10_i64.into()), ("NextToken", token.into())]);
    assert_eq!((first.len(), second.len(), end), (10, 8, None));
}

#[test]
fn live_incidents_fire_at_the_first_frame_and_again() {
    let launch = time("15:03:20");
    let world = World::new(WorldConfig { seed: 7, rate: 40.0, schedule: Schedule::Live(launch) });
    let at = |now: Time| alarms(&Estate { world: world.clone(), clock: Clock::fixed(now) });
    let firing = |now: Time| at(now).iter().filter(|alarm| alarm.1 == "ALARM").count();
    assert!(firing(launch) >= 5, "{:?}", at(launch));
    assert_eq!(firing(launch + TimeDelta::minutes(60)), 0);
    assert_eq!(firing(launch + TimeDelta::minutes(99)), 0, "the next one has just begun");
    let cleared = at(launch + TimeDelta::minutes(99));
    assert!(cleared.iter().all(|alarm| alarm.2 > launch), "states date from the last incident: {cleared:?}");
    assert!(firing(launch + TimeDelta::minutes(120)) >= 5);
}
