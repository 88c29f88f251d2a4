//! The operations over the documented world.

use chrono::TimeDelta;
use serde_json::Value;

use super::call;
use crate::clock::{Clock, Time};
use crate::demo::Estate;
use crate::demo::wire::Wire;
use crate::demo::world::{MetricName, Schedule, World, WorldConfig};

fn time(text: &str) -> Time {
    format!("2026-01-15T{text}Z").parse().expect("a time")
}

/// The world of seed 7 as it stands at a time of the day of its incident.
fn estate(at: &str) -> Estate {
    let now = time(at);
    let world = World::new(WorldConfig { seed: 7, rate: 40.0, schedule: Schedule::Day(now) });
    Estate { world, clock: Clock::fixed(now) }
}

fn ask(estate: &Estate, operation: &str, input: &Wire) -> Wire {
    call(estate, operation, input).unwrap_or_else(|error| panic!("{operation}: {error:?}"))
}

/// A query for a rolled-up metric of the token service.
fn metric(id: &str, name: &str, stat: &str, period: i64) -> Wire {
    let metric = Wire::map([("Namespace", "TokenServices".into()), ("MetricName", name.into())]);
    let stat = Wire::map([("Metric", metric), ("Period", period.into()), ("Stat", stat.into())]);
    Wire::map([("Id", id.into()), ("MetricStat", stat)])
}

fn expression(id: &str, text: &str) -> Wire {
    Wire::map([("Id", id.into()), ("Expression", text.into())])
}

fn with(query: Wire, member: &str, value: impl Into<Wire>) -> Wire {
    let Wire::Map(mut members) = query else { panic!("no structure") };
    members.push((member.to_owned(), value.into()));
    Wire::Map(members)
}

fn request(queries: Vec<Wire>, from: &str, to: &str) -> Wire {
    Wire::map([
        ("MetricDataQueries", Wire::List(queries)),
        ("StartTime", time(from).into()),
        ("EndTime", time(to).into()),
        ("ScanBy", "TimestampAscending".into()),
    ])
}

/// Id, label and datapoints of every result.
fn results(answer: &Wire) -> Vec<(String, String, Vec<(Time, f64)>)> {
    let one = |result: &Wire| {
        let times = result.items("Timestamps").iter().map(|t| t.as_time().expect("a time"));
        let values = result.items("Values").iter().map(|v| v.as_f64().expect("a value"));
        let text = |name: &str| result.text(name).expect("text").to_owned();
        (text("Id"), text("Label"), times.zip(values).collect())
    };
    answer.items("MetricDataResults").iter().map(one).collect()
}

fn data(estate: &Estate, queries: Vec<Wire>, from: &str, to: &str) -> Vec<(String, String, Vec<(Time, f64)>)> {
    results(&ask(estate, "GetMetricData", &request(queries, from, to)))
}

/// Every value published in a span, ascending.
fn published(estate: &Estate, name: &str, from: &str, to: &str) -> Vec<f64> {
    let metric = MetricName { namespace: "TokenServices".to_owned(), name: name.to_owned(), dimensions: Vec::new() };
    let minutes = estate.world.samples(&metric, time(from), time(to), estate.now()).expect("a metric");
    let pairs = minutes.iter().flat_map(|(_, minute)| minute.values.iter());
    let mut values: Vec<f64> = pairs.flat_map(|(value, times)| vec![*value; *times as usize]).collect();
    values.sort_by(f64::total_cmp);
    values
}

#[test]
fn statistics_are_those_of_the_published_values() {
    let estate = estate("10:28:00");
    let latency = "TokenProvisioningLatency";
    let values = published(&estate, latency, "10:15:00", "10:20:00");
    let count = values.len() as f64;
    let rank = |p: f64| values[(p * count / 100.0).ceil() as usize - 1];
    let cases = [
        ("SampleCount", count),
        ("Average", values.iter().sum::<f64>() / count),
        ("Maximum", values[values.len() - 1]),
        ("p50", rank(50.0)),
        ("p99", rank(99.0)),
        ("p99.9", rank(99.9)),
    ];
    let queries = cases.iter().enumerate().map(|(i, (stat, _))| metric(&format!("m{i}"), latency, stat, 300));
    let found = data(&estate, queries.collect(), "10:15:00", "10:20:00");
    for ((stat, expected), (_, label, points)) in cases.iter().zip(&found) {
        assert_eq!(label, latency);
        let [(at, value)] = points[..] else { panic!("{stat}: {points:?}") };
        assert_eq!(at, time("10:15:00"));
        assert!((value - expected).abs() < 1e-9, "{stat}: {value} is not {expected}");
    }
}

#[test]
fn windows_are_aligned_and_end_at_the_present() {
    let estate = estate("10:28:30");
    let sum = |period| vec![metric("m1", "TokenProvisioningRequests", "Sum", period)];
    let span = |points: &[(Time, f64)]| (points.len(), points[0].0, points[points.len() - 1].0);
    let found = data(&estate, sum(60), "10:20:00", "10:25:00");
    assert_eq!(span(&found[0].2), (5, time("10:20:00"), time("10:24:00")), "the end is exclusive");
    let found = data(&estate, sum(60), "10:20:30", "11:00:00");
    assert_eq!(span(&found[0].2), (9, time("10:20:00"), time("10:28:00")), "nothing is later than the present");
    let found = data(&estate, sum(300), "10:11:00", "10:21:00");
    assert_eq!(span(&found[0].2), (3, time("10:10:00"), time("10:20:00")), "periods are aligned to the clock");
    assert_eq!(found[0].2[0].1 as usize, published(&estate, "TokenProvisioningRequests", "10:10:00", "10:15:00").len());
    let none = data(&estate, vec![metric("m1", "NoSuchMetric", "Sum", 60)], "10:00:00", "10:05:00");
    assert_eq!(none, vec![("m1".to_owned(), "NoSuchMetric".to_owned(), vec![])]);
}

#[test]
fn expressions_agree_with_their_inputs() {
    let estate = estate("10:28:00");
    let hidden = |id, name| with(metric(id, name, "Sum", 60), "ReturnData", false);
    let found = data(
        &estate,
        vec![
            with(expression("rate", "100 * ok / total"), "Label", "Success rate"),
            with(expression("total", "ok + bad"), "ReturnData", false),
            hidden("ok", "TokenProvisioningSuccess"),
            hidden("bad", "TokenProvisioningFailure"),
        ],
        "10:00:00",
        "10:05:00",
    );
    assert_eq!(found.len(), 1);
    let (id, label, points) = &found[0];
    assert_eq!((id.as_str(), label.as_str(), points.len()), ("rate", "Success rate", 5));
    let count = |name| published(&estate, name, "10:00:00", "10:01:00").len() as f64;
    let (ok, bad) = (count("TokenProvisioningSuccess"), count("TokenProvisioningFailure"));
    assert!((points[0].1 - 100.0 * ok / (ok + bad)).abs() < 1e-9);
    assert!(points[0].1 > 95.0 && points[0].1 < 100.0);
}

#[test]
fn a_search_splits_the_rolled_up_metric() {
    let estate = estate("10:28:00");
    let search = |id: &str, period: &str| {
        let text = format!(
            "SEARCH('{{TokenServices,WalletProvider,Issuer}} MetricName=\"TokenProvisioningFailure\"', 'Sum'{period})"
        );
        expression(id, &text)
    };
    let labelled = with(search("e2", ""), "Label", "${PROP('Dim.WalletProvider')}/${PROP('Dim.Issuer')}");
    let found = data(
        &estate,
        vec![
            search("e1", ", 300"),
            with(labelled, "Period", 300_i64),
            expression("e3", "SUM(e1)"),
            metric("m1", "TokenProvisioningFailure", "Sum", 300),
        ],
        "10:15:00",
        "10:20:00",
    );
    let of = |id: &str| found.iter().filter(|result| result.0 == id).collect::<Vec<_>>();
    assert_eq!(of("e1").len(), 9);
    assert_eq!(of("e3")[0].2, of("m1")[0].2, "the parts add up to the whole");
    let mut labels: Vec<&str> = of("e1").iter().map(|result| result.1.as_str()).collect();
    labels.sort_unstable();
    labels.dedup();
    assert_eq!(labels.len(), 9);
    assert!(labels.contains(&"Contoso_Bank GooglePay"), "{labels:?}");
    let worst = of("e2").into_iter().max_by(|a, b| a.2[0].1.total_cmp(&b.2[0].1)).expect("results");
    assert_eq!(worst.1, "GooglePay/Contoso_Bank");
}

#[test]
fn bands_hold_the_calm_and_not_the_incident() {
    let estate = estate("10:28:00");
    let queries = |of: &str| {
        vec![
            metric("m1", "TokenProvisioningRequests", "Sum", 60),
            metric("ok", "TokenProvisioningSuccess", "Sum", 60),
            metric("bad", "TokenProvisioningFailure", "Sum", 60),
            expression("rate", "100 * ok / (ok + bad)"),
            expression("ad1", &format!("ANOMALY_DETECTION_BAND({of}, 2)")),
        ]
    };
    for of in ["m1", "rate"] {
        let found = data(&estate, queries(of), "09:30:00", "10:28:00");
        let line = |id: &str, which: usize| &found.iter().filter(|r| r.0 == id).nth(which).expect("a line").2;
        let (value, upper, lower) = (line(of, 0), line("ad1", 0), line("ad1", 1));
        let outside = |from: &str, to: &str| {
            let within = |t: Time| t >= time(from) && t < time(to);
            let points = value.iter().zip(upper.iter().zip(lower)).filter(|(v, _)| within(v.0));
            points.filter(|(v, (high, low))| v.1 > high.1 || v.1 < low.1).count()
        };
        assert_eq!(
            found.iter().filter(|r| r.0 == "ad1").map(|r| r.1.as_str()).collect::<Vec<_>>(),
            ["ad1 High", "ad1 Low"]
        );
        assert!(outside("09:30:00", "10:10:00") <= 8, "{of} is mostly inside in calm time");
        assert!(outside("10:14:00", "10:28:00") >= 12, "{of} is mostly outside in the incident");
    }
    let answer = ask(&estate, "GetMetricData", &request(queries("ok"), "10:00:00", "10:05:00"));
    let band = answer.items("MetricDataResults").iter().find(|r| r.text("Id") == Some("ad1")).expect("a band");
    assert_eq!(band.items("Messages")[0].text("Code"), Some("AnomalyDetectionModelMissing"));
}

#[test]
fn pages_join_to_the_whole_answer_and_split_lines() {
    let estate = estate("10:28:00");
    for scan in ["TimestampAscending", "TimestampDescending"] {
        let queries = vec![
            metric("m1", "TokenProvisioningRequests", "Sum", 60),
            metric("m2", "NoSuchMetric", "Sum", 60),
            metric("m3", "TokenProvisioningSuccess", "Sum", 60),
        ];
        let mut whole = request(queries, "10:00:00", "10:10:00");
        let Wire::Map(members) = &mut whole else { panic!("no structure") };
        members.retain(|(name, _)| name != "ScanBy");
        let whole = with(whole, "ScanBy", scan);
        let complete = results(&ask(&estate, "GetMetricData", &whole));
        let paged = with(whole, "MaxDatapoints", 7_i64);
        let mut joined: Vec<(String, String, Vec<(Time, f64)>)> = Vec::new();
        let (mut token, mut pages) = (None::<String>, 0);
        loop {
            let input = match &token {
                Some(token) => with(paged.clone(), "NextToken", token.as_str()),
                None => paged.clone(),
            };
            let answer = ask(&estate, "GetMetricData", &input);
            pages += 1;
            for (id, label, points) in results(&answer) {
                match joined.last_mut() {
                    Some(last) if last.0 == id => last.2.extend(points),
                    _ => joined.push((id, label, points)),
                }
            }
            token = answer.text("NextToken").map(str::to_owned);
            if token.is_none() {
                break;
            }
            let last = answer.items("MetricDataResults").last().expect("a result").text("StatusCode");
            assert_eq!(last, Some("PartialData"));
        }
        assert_eq!(pages, 3);
        assert_eq!(joined, complete);
        assert_eq!(complete[0].2[0].0 < complete[0].2[1].0, scan == "TimestampAscending");
    }
}

#[test]
fn faults_fail_the_whole_call_in_aws_words() {
    let estate = estate("10:28:00");
    let good = || metric("m1", "TokenProvisioningRequests", "Sum", 60);
    let hide = |query| with(query, "ReturnData", false);
    let select = || expression("q1", "SELECT SUM(TokenProvisioningRequests) FROM TokenServices");
    let mut second = select();
    if let Wire::Map(members) = &mut second {
        members[0].1 = "q2".into();
    }
    let cases: Vec<(Vec<Wire>, &str)> = vec![
        (vec![], "The parameter MetricDataQueries is required."),
        (vec![metric("M1", "A", "Sum", 60)], "is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$"),
        (vec![good(), good()], "are not unique"),
        (vec![good(), expression("e1", "m1 +")], "Error in expression 'e1': Unexpected end of expression"),
        (vec![good(), expression("e1", "m2 * 2")], "Error in expression 'e1': 'm2' is not defined"),
        (vec![expression("e1", "e2"), expression("e2", "e1")], "depends on itself"),
        (vec![good(), expression("e1", "AVG(m1)")], "must be a single time series or an array"),
        (vec![good(), expression("e1", "NOPE(m1)")], "Unsupported function 'NOPE' at position 0"),
        (vec![expression("e1", "SEARCH('x', 'Sum')")], "SEARCH needs a period"),
        (vec![metric("m1", "A", "p101", 60)], "The value p101 for parameter"),
        (vec![metric("m1", "A", "Sum", 61)], "must be 1, 5, 10, 20, 30 or a multiple of 60"),
        (vec![hide(good())], "ReturnData"),
        (vec![select()], "Metrics Insights queries are not supported"),
        (vec![select(), second], "At most one Metrics Insights query"),
        (vec![with(good(), "Expression", "m2")], "Exactly one of MetricStat and Expression"),
        ((0..501).map(|i| metric(&format!("m{i}"), "A", "Sum", 60)).collect(), "size greater than 500"),
    ];
    for (queries, words) in cases {
        let error = call(&estate, "GetMetricData", &request(queries, "10:00:00", "10:05:00")).expect_err(words);
        assert!(error.message.contains(words), "{} does not say {words}", error.message);
        assert_eq!(error.status, 400);
    }
    let error = call(&estate, "GetMetricData", &request(vec![good()], "10:05:00", "10:05:00")).expect_err("no window");
    assert_eq!(error.code, "ValidationError");
    let error = call(&estate, "PutMetricAlarm", &Wire::Map(vec![])).expect_err("not offered");
    assert_eq!(error.code, "UnknownOperationException");
}

#[test]
fn metrics_are_listed_by_namespace_name_and_dimension() {
    let estate = estate("10:28:00");
    let count = |members: Vec<(&str, Wire)>| ask(&estate, "ListMetrics", &Wire::map(members)).items("Metrics").len();
    let dimension = |name: &str, value: Option<&str>| {
        ("Dimensions", Wire::List(vec![Wire::map([("Name", name.into()), ("Value", value.into())])]))
    };
    let failure = || ("MetricName", Wire::from("TokenProvisioningFailure"));
    assert_eq!(count(vec![]), estate.world.metrics().len());
    assert_eq!(count(vec![("Namespace", "TokenServices".into()), failure()]), 10);
    assert_eq!(count(vec![failure(), dimension("Issuer", None)]), 9);
    assert_eq!(count(vec![failure(), dimension("Issuer", Some("DEMO_Bank"))]), 3);
    assert_eq!(count(vec![("Namespace", "Nowhere".into()), ("RecentlyActive", "PT3H".into())]), 0);
    assert!(call(&estate, "ListMetrics", &Wire::map([("RecentlyActive", "PT1H".into())])).is_err());
}

#[test]
fn metric_statistics_count_from_the_start() {
    let estate = estate("10:28:00");
    let input = Wire::map([
        ("Namespace", "TokenServices".into()),
        ("MetricName", "TokenProvisioningLatency".into()),
        ("StartTime", time("10:02:00").into()),
        ("EndTime", time("10:12:00").into()),
        ("Period", 300_i64.into()),
        ("Statistics", Wire::list(["Average", "SampleCount"])),
        ("ExtendedStatistics", Wire::list(["p99"])),
    ]);
    let answer = ask(&estate, "GetMetricStatistics", &input);
    let points = answer.items("Datapoints");
    assert_eq!(
        points.iter().map(|p| p.time("Timestamp")).collect::<Vec<_>>(),
        [Some(time("10:02:00")), Some(time("10:07:00"))]
    );
    let values = published(&estate, "TokenProvisioningLatency", "10:02:00", "10:07:00");
    assert_eq!(points[0].f64("SampleCount"), Some(values.len() as f64));
    let p99 = points[0].get("ExtendedStatistics").and_then(|stats| stats.f64("p99"));
    assert_eq!(p99, Some(values[(values.len() * 99).div_ceil(100) - 1]));
}

/// State and time of the last change of every alarm, by name.
fn alarms(estate: &Estate) -> Vec<(String, String, Time)> {
    let types = Wire::list(["MetricAlarm", "CompositeAlarm"]);
    let answer = ask(estate, "DescribeAlarms", &Wire::map([("AlarmTypes", types)]));
    let all = answer.items("MetricAlarms").iter().chain(answer.items("CompositeAlarms"));
    let one = |alarm: &Wire| {
        let text = |name: &str| alarm.text(name).expect("text").to_owned();
        (text("AlarmName"), text("StateValue"), alarm.time("StateTransitionedTimestamp").expect("a time"))
    };
    all.map(one).collect()
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
    assert_eq!(names(vec![]).0.len(), 5, "metric alarms unless asked");
    assert_eq!(names(vec![("AlarmNamePrefix", "High".into())]).0, ["HighFailureRate", "HighLatency"]);
    assert_eq!(names(vec![("AlarmNames", Wire::list(["RequestSpike"]))]).0, ["RequestSpike"]);
    assert_eq!(names(vec![both(), ("StateValue", "OK".into())]).0, Vec::<String>::new());
    assert_eq!(names(vec![("ActionPrefix", "arn:aws:sns:".into())]).0.len(), 5);
    assert_eq!(names(vec![("ActionPrefix", "arn:aws:lambda".into())]).0.len(), 0);
    let children = names(vec![("ChildrenOfAlarmName", "TokenProvisioningUnhealthy".into())]).0;
    assert_eq!(children, ["HighFailureRate", "HighLatency"]);
    assert_eq!(names(vec![("ParentsOfAlarmName", "HighLatency".into())]).0, ["TokenProvisioningUnhealthy"]);
    let (first, token) = names(vec![both(), ("MaxRecords", 4_i64.into())]);
    let (second, end) = names(vec![both(), ("MaxRecords", 4_i64.into()), ("NextToken", token.into())]);
    assert_eq!((first.len(), second.len(), end), (4, 2, None));
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
        [Some("HighLatency")]
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
    assert_eq!(ask(vec![composite, updates()]).0.len(), 3);
    let (first, token) = ask(vec![updates(), ("MaxRecords", 10_i64.into())]);
    let (second, end) = ask(vec![updates(), ("MaxRecords", 10_i64.into()), ("NextToken", token.into())]);
    assert_eq!((first.len(), second.len(), end), (10, 5, None));
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
