//! Metrics Insights SQL against the statistics that GetMetricData gives of the same metrics.

use crate::clock::Time;
use crate::demo::Estate;
use crate::demo::cloudwatch::call;
use crate::demo::cloudwatch::tests::{Line, data, estate, expression, metric, published, request, results, time, with};
use crate::demo::wire::Wire;

/// The published queries whose namespaces the world has are run as they are.
const PUBLISHED: &str = include_str!("../../../analysis/insights_sql/published.txt");
const FAILURE: &str = "TokenProvisioningFailure";
const BY_ISSUER: &str = "FROM SCHEMA(TokenServices, WalletProvider, Issuer)";

fn sql(text: &str) -> Wire {
    with(expression("q1", text), "Period", 300_i64)
}

fn run(estate: &Estate, text: &str) -> Vec<Line> {
    data(estate, vec![sql(text)], "10:00:00", "10:20:00")
}

fn values(line: &Line) -> Vec<f64> {
    line.2.iter().map(|(_, value)| *value).collect()
}

#[test]
fn all_observations_are_taken_together() {
    let estate = estate("10:28:00");
    for (function, stat) in
        [("SUM", "Sum"), ("AVG", "Average"), ("MAX", "Maximum"), ("MIN", "Minimum"), ("COUNT", "SampleCount")]
    {
        let text =
            format!("SELECT {function}(TokenProvisioningLatency) FROM SCHEMA(TokenServices, Issuer, WalletProvider)");
        let ours = run(&estate, &text);
        let rolled_up =
            data(&estate, vec![metric("m1", "TokenProvisioningLatency", stat, 300)], "10:00:00", "10:20:00");
        assert_eq!((ours.len(), ours[0].2.len()), (1, 4), "{function}");
        for (ours, theirs) in ours[0].2.iter().zip(&rolled_up[0].2) {
            assert_eq!(ours.0, theirs.0);
            assert!((ours.1 - theirs.1).abs() < 1e-9 * theirs.1.abs(), "{function}: {ours:?} is not {theirs:?}");
        }
    }
    let twice = run(&estate, &format!("SELECT COUNT({FAILURE}) FROM TokenServices"));
    let once = run(&estate, &format!("SELECT COUNT({FAILURE}) FROM SCHEMA(TokenServices)"));
    let doubled: Vec<f64> = values(&once[0]).iter().map(|count| 2.0 * count).collect();
    assert_eq!(values(&twice[0]), doubled, "without SCHEMA the roll-up counts beside its parts");
}

#[test]
fn groups_are_ordered_and_limited() {
    let estate = estate("10:28:00");
    let labels = |clauses: &str| -> Vec<String> {
        let lines = run(&estate, &format!("SELECT SUM({FAILURE}) {BY_ISSUER} {clauses}"));
        lines.into_iter().map(|(_, label, _)| label).collect()
    };
    assert_eq!(labels("GROUP BY Issuer"), ["Contoso_Bank", "DEMO_Bank", "Northwind_CU"]);
    assert_eq!(labels("GROUP BY Issuer, WalletProvider ORDER BY MAX() DESC LIMIT 1"), ["Contoso_Bank GooglePay"]);
    assert_eq!(labels("WHERE Issuer = 'DEMO_Bank' AND WalletProvider != 'ApplePay' GROUP BY WalletProvider").len(), 2);
    let descending = labels("GROUP BY Issuer ORDER BY SUM() DESC");
    let mut ascending = labels("GROUP BY Issuer ORDER BY SUM()");
    ascending.reverse();
    assert_eq!(descending, ascending);
    assert_eq!(descending[0], "Contoso_Bank");
    assert_eq!(labels("WHERE Issuer = 'Nobody' GROUP BY Issuer"), Vec::<String>::new());

    let other = run(&estate, &format!("SELECT SUM({FAILURE}) FROM TokenServices GROUP BY Issuer"));
    let whole: f64 = published(&estate, FAILURE, "10:00:00", "10:20:00").iter().sum();
    let of_other = other.iter().find(|line| line.1 == "Other").expect("a group for the roll-up");
    assert!((values(of_other).iter().sum::<f64>() - whole).abs() < 1e-9);
}

#[test]
fn labels_and_math_work_on_what_it_returns() {
    let estate = estate("10:28:00");
    let by_issuer = format!("SELECT SUM({FAILURE}) {BY_ISSUER} GROUP BY Issuer");
    let labelled = with(sql(&by_issuer), "Label", "${PROP('Dim.Issuer')} of ${PROP('Namespace')}");
    let found = data(&estate, vec![labelled, expression("e1", "SUM(q1)")], "10:00:00", "10:20:00");
    assert_eq!(found[0].1, "Contoso_Bank of TokenServices");
    let total = found.iter().find(|line| line.0 == "e1").expect("the sum");
    let alone = run(&estate, &format!("SELECT SUM({FAILURE}) {BY_ISSUER}"));
    assert_eq!(values(total), values(&alone[0]));
    assert_eq!(alone[0].1, "q1", "without groups and label it is called by its id");
}

#[test]
fn two_weeks_and_a_minute_are_its_limits() {
    let estate = estate("10:28:00");
    let text = "SELECT SUM(ActiveTokenCount) FROM SCHEMA(TokenServices)";
    let Wire::Map(mut members) = request(vec![with(expression("q1", text), "Period", 60_i64)], "10:00:00", "10:01:00")
    else {
        panic!("no structure")
    };
    for (name, value) in &mut members {
        let at = |text: &str| Wire::from(text.parse::<Time>().expect("a time"));
        match name.as_str() {
            "StartTime" => *value = at("2025-12-31T00:00:00Z"),
            "EndTime" => *value = at("2026-01-01T10:31:00Z"),
            _ => {}
        }
    }
    let answer = call(&estate, "GetMetricData", &Wire::Map(members)).unwrap_or_else(|error| panic!("{error:?}"));
    let times: Vec<Time> = results(&answer)[0].2.iter().map(|(at, _)| *at).collect();
    let expected = ["2026-01-01T10:28:00Z", "2026-01-01T10:29:00Z", "2026-01-01T10:30:00Z"];
    assert_eq!(times, expected.map(|text| text.parse::<Time>().expect("a time")), "two weeks before 10:28");
    let fine = data(&estate, vec![with(expression("q1", text), "Period", 10_i64)], "10:00:00", "10:05:00");
    assert_eq!(fine[0].2.len(), 5);
    assert_eq!(fine[0].2[0].0, time("10:00:00"));
}

#[test]
fn published_queries_run_where_the_world_has_their_metrics() {
    let estate = estate("10:28:00");
    let mut answered = 0;
    for query in PUBLISHED.lines().filter(|line| !line.is_empty()) {
        let lines = run(&estate, query);
        let groups = query.contains("GROUP BY");
        assert!(groups || lines.len() == 1, "{query}");
        answered += usize::from(lines.iter().any(|line| !line.2.is_empty()));
    }
    assert!(answered >= 4, "Lambda and SQS at least: {answered}");
}

#[test]
fn one_a_call_and_a_slip_is_a_validation_error() {
    let estate = estate("10:28:00");
    let good = "SELECT SUM(Errors) FROM \"AWS/Lambda\"";
    let refused = |queries: Vec<Wire>| {
        let input = request(queries, "10:00:00", "10:20:00");
        let error = call(&estate, "GetMetricData", &input).expect_err("refused");
        assert_eq!(error.code, "ValidationError");
        error.message
    };
    let two = vec![sql(good), with(expression("q2", good), "Period", 60_i64)];
    assert!(refused(two).contains("one Metrics Insights query"));
    assert!(refused(vec![expression("q1", good)]).contains("Period"));
    assert_eq!(
        refused(vec![sql("SELECT P99(Errors) FROM X")]),
        "Error in expression 'q1': unexpected 'P99', expected one of AVG, COUNT, MAX, MIN and SUM at position 7"
    );
}
