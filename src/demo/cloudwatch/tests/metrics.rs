//! What metrics say.

use super::*;

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
    let many = Wire::List((0..11).map(|n| Wire::map([("Name", Wire::from(format!("D{n}")))])).collect());
    assert!(call(&estate, "ListMetrics", &Wire::map([("Dimensions", many)])).is_err(), "ten at most");

    let linked = |members: Vec<(&str, Wire)>| ask(&estate, "ListMetrics", &Wire::map(members));
    let answer = linked(vec![failure(), ("IncludeLinkedAccounts", true.into())]);
    let owners: Vec<&str> = answer.items("OwningAccounts").iter().filter_map(Wire::as_text).collect();
    assert_eq!(owners, vec![Estate::ACCOUNT; 10], "an owner beside each metric");
    let own = vec![failure(), ("IncludeLinkedAccounts", true.into()), ("OwningAccount", Estate::ACCOUNT.into())];
    assert_eq!(linked(own).items("Metrics").len(), 10);
    let other = vec![failure(), ("IncludeLinkedAccounts", true.into()), ("OwningAccount", "210987654321".into())];
    assert_eq!(linked(other).items("Metrics").len(), 0);
    assert!(linked(vec![failure()]).items("OwningAccounts").is_empty());
}

#[test]
fn metric_statistics_count_from_the_start() {
    let estate = estate("10:28:00");
    let input = |more: Vec<(&'static str, Wire)>| {
        let members = [
            ("Namespace", "TokenServices".into()),
            ("MetricName", "TokenProvisioningLatency".into()),
            ("StartTime", time("10:02:00").into()),
            ("EndTime", time("10:12:00").into()),
            ("Period", 300_i64.into()),
        ];
        Wire::map(members.into_iter().chain(more))
    };
    let plain = || ("Statistics", Wire::list(["Average", "SampleCount"]));
    let extended = || ("ExtendedStatistics", Wire::list(["p99", "tm99", "TC(1:5)", "PR(:2)"]));
    let answer = ask(&estate, "GetMetricStatistics", &input(vec![plain()]));
    let points = answer.items("Datapoints");
    assert_eq!(
        points.iter().map(|p| p.time("Timestamp")).collect::<Vec<_>>(),
        [Some(time("10:02:00")), Some(time("10:07:00"))]
    );
    let values = published(&estate, "TokenProvisioningLatency", "10:02:00", "10:07:00");
    assert_eq!(points[0].f64("SampleCount"), Some(values.len() as f64));
    let answer = ask(&estate, "GetMetricStatistics", &input(vec![extended()]));
    let found = |name: &str| answer.items("Datapoints")[0].get("ExtendedStatistics").and_then(|stats| stats.f64(name));
    assert_eq!(found("p99"), Some(values[(values.len() * 99).div_ceil(100) - 1]));
    let within = |low: f64, high: f64| values.iter().filter(|value| **value > low && **value <= high).count() as f64;
    assert_eq!(found("TC(1:5)"), Some(within(1.0, 5.0)));
    assert_eq!(found("PR(:2)"), Some(100.0 * within(f64::MIN, 2.0) / values.len() as f64));
    assert!(found("tm99") < found("p99"));
    assert!(call(&estate, "GetMetricStatistics", &input(vec![plain(), extended()])).is_err(), "either, not both");
}
