//! Pages and refusals of GetMetricData.

use super::*;

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
        let limited = with(whole, "MaxDatapoints", 7_i64);
        let mut joined: Vec<Line> = Vec::new();
        let (mut token, mut count) = (None::<String>, 0);
        loop {
            let input = match &token {
                Some(token) => with(limited.clone(), "NextToken", token.as_str()),
                None => limited.clone(),
            };
            let answer = ask(&estate, "GetMetricData", &input);
            count += 1;
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
        assert_eq!(count, 3);
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
        (vec![select()], "Period must not be null for a Metrics Insights query"),
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
fn hostile_inputs_are_answered_soon() {
    let estate = estate("10:28:00");
    let early = Wire::Time(chrono::DateTime::<chrono::Utc>::MIN_UTC);
    let late = Wire::Time(chrono::DateTime::<chrono::Utc>::MAX_UTC);
    let sums = |i: usize| expression(&format!("e{i}"), &vec![format!("e{}", i - 1); 200].join("+"));
    let mut queries = vec![metric("e0", "TokenProvisioningRequests", "Sum", 60)];
    queries.extend((1..40).map(sums));
    queries.push(expression("band", "ANOMALY_DETECTION_BAND(e39)"));
    let answer = ask(&estate, "GetMetricData", &request(queries, "10:00:00", "10:01:00"));
    assert_eq!(answer.items("MetricDataResults").len(), 42);
    let query = vec![expression("e1", "TIME_SERIES(1)")];
    let forever =
        Wire::map([("MetricDataQueries", Wire::List(query)), ("StartTime", early), ("EndTime", late.clone())]);
    let points = results(&ask(&estate, "GetMetricData", &forever)).remove(0).2.len();
    assert_eq!(points, 15 * 24 * 60, "minutes are kept for 15 days");
    let future = Wire::map([
        ("MetricDataQueries", Wire::List(vec![metric("m1", "TokenProvisioningRequests", "Sum", 60)])),
        ("StartTime", Wire::Time(chrono::DateTime::<chrono::Utc>::MAX_UTC - chrono::TimeDelta::seconds(1))),
        ("EndTime", late),
    ]);
    assert_eq!(results(&ask(&estate, "GetMetricData", &future))[0].2, []);
}
