use indexmap::IndexMap;

use super::*;
use crate::board::{Evidence, preset};
use crate::store::health::Feed;
use crate::store::matches::MetricFilter;

fn board() -> Board {
    let mut board = preset("token-provisioning").expect("the preset");
    board.evidence = IndexMap::new();
    board
}

fn metric(namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> Metric {
    let dimensions = dimensions.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Metric { namespace: namespace.into(), name: name.into(), dimensions }
}

fn filtered(name: &str, pattern: &str) -> Store {
    let mut store = Store::default();
    let filter = MetricFilter { name: "f".into(), log_group: "/g".into(), pattern: pattern.into(), value: "1".into() };
    let feed = Feed { data: vec![filter], ..Feed::default() };
    store.metric_filters.insert(("N".into(), name.into()), feed);
    store
}

#[test]
fn services_log_by_convention() {
    let cases = [
        (metric("AWS/Lambda", "Errors", &[("FunctionName", "pay")]), "/aws/lambda/pay", FAILURES),
        (metric("AWS/Lambda", "Duration", &[("FunctionName", "pay")]), "/aws/lambda/pay", ""),
        (metric("AWS/ApiGateway", "5XXError", &[("ApiName", "pay"), ("Stage", "v1")]), "/aws/apigateway/pay", FAILURES),
        (metric("AWS/ECS", "CPUUtilization", &[("ClusterName", "c"), ("ServiceName", "pay")]), "/ecs/pay", ""),
        (metric("AWS/RDS", "FreeableMemory", &[("DBInstanceIdentifier", "db")]), "/aws/rds/instance/db/error", ""),
        (metric("AWS/RDS", "Deadlocks", &[("DBClusterIdentifier", "c")]), "/aws/rds/cluster/c/error", FAILURES),
        (metric("AWS/Logs", "IncomingBytes", &[("LogGroupName", "/any")]), "/any", ""),
        (metric("Mine", "OrdersFailed", &[("FunctionName", "pay")]), "/aws/lambda/pay", FAILURES),
    ];
    for (metric, group, pattern) in cases {
        let found = leads(std::slice::from_ref(&metric), &board(), &Store::default());
        let [lead] = found.as_slice() else { panic!("{metric:?}: {found:?}") };
        assert_eq!((lead.group.as_str(), lead.pattern.as_str(), &lead.why), (group, pattern, &Why::Convention));
    }
}

#[test]
fn a_filter_is_surer_than_a_convention_and_the_feed_stands_in() {
    let dimensions = [("FunctionName", "pay")];
    let found = leads(&[metric("N", "Failed", &dimensions)], &board(), &filtered("Failed", "ERROR"));
    let [lead] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((lead.group.as_str(), &lead.why), ("/g", &Why::Filter("f".into())));

    let found = leads(&[metric("N", "Unheard", &[])], &board(), &Store::default());
    let [lead] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(lead.pattern, r#"{ $.event = "TOKEN_PROVISION_FAILURE" }"#);
    assert_eq!((lead.group.as_str(), &lead.why), ("/aws/lambda/token-provisioning-service", &Why::Feed));
}

#[test]
fn the_board_may_say_it() {
    let mut board = board();
    let said = |pattern: &str| Evidence { pattern: Some(pattern.into()), service: Some("S".into()), log_group: None };
    board.evidence = IndexMap::from([("failure".into(), said("F")), ("success".into(), said("S"))]);
    let named = |name: &str| metric("TokenServices", name, &[]);
    let metrics = [named("TokenProvisioningSuccess"), named("TokenProvisioningFailure")];
    let found = leads(&metrics, &board, &Store::default());
    assert_eq!(found.iter().map(|lead| lead.pattern.as_str()).collect::<Vec<_>>(), ["F", "S"], "failures come first");
    assert!(found.iter().all(|lead| lead.why == Why::Board));
    assert_eq!(service(&metrics, &board), Some("S".into()));
    board.evidence.reverse();
    let key = crate::store::graph::ServiceKey { kind: "AWS::Lambda".into(), name: "S".into() };
    let found = of_service(&key, &board);
    let patterns: Vec<&str> = found.iter().map(|lead| lead.pattern.as_str()).collect();
    assert_eq!((patterns[0], patterns.contains(&"S")), ("F", true), "those of a service as well");
}

#[test]
fn a_service_is_named_by_a_dimension() {
    let cases = [
        (metric("AWS/Lambda", "Errors", &[("FunctionName", "pay")]), Some("pay")),
        (metric("AWS/ApiGateway", "5XXError", &[("ApiName", "pay"), ("Stage", "v1")]), Some("pay/v1")),
        (metric("Mine", "Failed", &[]), None),
    ];
    for (metric, expected) in cases {
        assert_eq!(service(&[metric], &board()).as_deref(), expected);
    }
}

#[test]
fn an_expression_stands_on_its_inputs() {
    let input = |name: &str| MetricQuery::stat("N", name, &[], "Sum", 60);
    let rate = MetricQuery::expression("100*f/(s+f)", vec![("f".into(), input("F")), ("s".into(), input("S"))], 60);
    let twice = MetricQuery::expression("r+f", vec![("r".into(), rate), ("f".into(), input("F"))], 60);
    assert_eq!(metrics(&twice).iter().map(|metric| metric.name.as_str()).collect::<Vec<_>>(), ["F", "S"]);
}
