//! What expressions say of traces, and what they are refused for.

use serde_json::json;

use super::*;
use crate::store::graph::ServiceKey;

fn key(kind: &str, name: &str) -> ServiceKey {
    ServiceKey { kind: kind.to_owned(), name: name.to_owned() }
}

fn summary() -> TraceSummary {
    TraceSummary {
        id: "1-5f2aef12-6b4f7a9c8d2e1f3a2b1c0d9e".to_owned(),
        start: "2026-01-15T10:28:00Z".parse().expect("a time"),
        duration_s: 24.1,
        response_time_s: 24.0,
        fault: true,
        error: false,
        throttle: false,
        http: ("POST".to_owned(), "https://api.example.com/v1/provision".to_owned(), 504),
        annotations: vec![
            ("Issuer".to_owned(), "Contoso_Bank".to_owned(), vec!["Api".to_owned()]),
            ("Tries".to_owned(), "3".to_owned(), vec!["Api".to_owned()]),
        ],
        services: vec![key("client", "client"), key("AWS::Lambda", "Api"), key("remote", "TSP")],
    }
}

fn whole() -> TraceRecord {
    let api = json!({"id": "a", "name": "Api", "start_time": 0.0, "end_time": 24.0, "fault": true,
        "subsegments": [{"id": "b", "name": "TSP", "start_time": 0.1, "end_time": 8.1, "namespace": "remote", "fault": true,
                         "http": {"response": {"status": 504}}}]});
    let tsp = json!({"id": "c", "parent_id": "b", "name": "TSP", "start_time": 0.2, "end_time": 8.0, "fault": true,
        "cause": {"exceptions": [{"type": "TspTimeout", "message": "no answer"}]}});
    let segments = vec![("a".to_owned(), api), ("c".to_owned(), tsp)];
    TraceRecord { id: summary().id, duration_s: 24.1, segments }
}

#[test]
fn expressions_hold_or_not() {
    for (text, expected) in [
        ("", true),
        ("fault", true),
        ("!fault", false),
        ("fault = false", false),
        ("fault != true", false),
        ("ok = false AND error = false", true),
        ("responsetime > 5", true),
        ("duration >= 24.1 AND duration <= 24.1", true),
        ("http.status = 504", true),
        ("http.status != 504", false),
        ("http.url CONTAINS \"/v1/\" AND http.method = \"POST\"", true),
        ("http.url BEGINSWITH \"http:\"", false),
        ("http.url ENDSWITH 'provision'", true),
        ("annotation.Issuer", true),
        ("annotation[Wallet]", false),
        ("annotation[Issuer] = \"Contoso_Bank\"", true),
        ("annotation[\"Issuer\"] != \"Contoso_Bank\"", false),
        ("annotation.Tries > 2", true),
        ("annotation.Tries = true", false),
        ("service(\"TSP\")", true),
        ("service(\"Nobody\")", false),
        ("service()", true),
        ("service(id(name: \"TSP\", type: \"remote\"))", true),
        ("service(id(name: \"TSP\", type: \"AWS::Lambda\"))", false),
        ("service(\"TSP\") { fault }", true),
        ("service(\"Api\") { fault }", true),
        ("service(\"Api\") { remote }", false),
        ("service(\"TSP\") { error }", false),
        ("service(\"TSP\") { responsetime > 7 AND http.status = 504 }", true),
        ("service(\"TSP\") { responsetime > 9 }", false),
        ("edge(\"Api\", \"TSP\")", true),
        ("edge(\"Api\", \"TSP\") { fault = true }", true),
        ("edge(\"TSP\", \"Api\")", false),
        ("error OR (fault AND responsetime > 3)", true),
        ("error OR fault AND responsetime > 30", false),
        ("!(error OR throttle)", true),
        ("fault !error duration > 3", true),
        ("http.url AND ResponseTime > 2", true),
        ("user CONTAINS \"\"", false),
        ("service(\"TSP\") { remote }", true),
        ("inferred", true),
        ("rootcause.fault.service { last and name = \"TSP\" }", true),
        ("rootcause.fault.service { first and name = \"TSP\" }", false),
        ("rootcause.fault.service { index >= 2 }", false),
        ("rootcause.error.service", false),
        ("rootcause.fault.exception { message CONTAINS \"answer\" and name = \"TspTimeout\" }", true),
        ("rootcause.fault.entity { remote and name = \"TSP\" }", true),
        ("rootcause.responsetime.entity { last and coverage > 0.9 and name = \"Api\" }", true),
        ("group.name = \"contoso\" AND fault", true),
        ("group.name != \"contoso\"", false),
        ("group.name = \"Default\" AND !(group.name != \"contoso\")", true),
    ] {
        let filter = Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(filter.takes(&summary(), &|| Some(whole())), expected, "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_said_with_its_place() {
    let deep = "(".repeat(5_000);
    for (text, part) in [
        ("falt", "the keyword falt is not known; did you mean fault? at position 0"),
        ("fault AND", "expected a condition at position 9"),
        ("fault )", "expected AND, OR or the end at position 6"),
        ("responsetime", "expected =, !="),
        ("responsetime > fast", "expected a number at position 15"),
        ("http.url = /v1", "quoted text"),
        ("http.url = \"open", "no closing quote at position 11"),
        ("service(\"x\" { fault }", "expected )"),
        ("service(\"x\") { service(\"y\") }", "within a block"),
        ("service(id(colour: \"red\"))", "no colour"),
        ("annotation[key", "expected ]"),
        ("group.name = \"x\"", "The group x does not exist"),
        ("fault AND rootcause.json = #[{}]", "does not answer the keyword rootcause.json"),
        (deep.as_str(), "nests too deep"),
    ] {
        let error = Filter::parse(text).expect_err(text);
        assert_eq!(error.code, "InvalidRequestException");
        assert!(error.message.contains(part), "{text:.40}: {}", error.message);
    }
}

#[test]
fn an_entity_selector_is_one_service_or_edge() {
    let Ok(EntitySelector::Service(tsp)) = entity_selector("service(\"TSP\")") else { panic!("a service") };
    assert!(tsp.takes(&key("remote", "TSP")) && !tsp.takes(&key("remote", "Api")));
    let text = "edge(\"a\", id(name: \"b\", type: \"remote\"))";
    let Ok(EntitySelector::Edge(from, to)) = entity_selector(text) else { panic!("an edge") };
    assert!(from.takes(&key("x", "a")) && to.takes(&key("remote", "b")) && !to.takes(&key("x", "b")));
    for text in ["fault", "service(\"a\") { fault }", "edge(\"a\")"] {
        assert!(entity_selector(text).is_err(), "{text}");
    }
}

#[test]
fn a_table_answers_by_its_own_name() {
    let call = json!({"id": "b", "name": "DynamoDB", "namespace": "aws", "start_time": 0.1, "end_time": 0.2, "error": true,
        "throttle": true, "aws": {"table_name": "Store"}});
    let api = json!({"id": "a", "name": "Api", "start_time": 0.0, "end_time": 1.0, "subsegments": [call]});
    let segments = vec![("a".to_owned(), api)];
    let whole = || Some(TraceRecord { id: summary().id, duration_s: 1.0, segments: segments.clone() });
    let services = vec![key("AWS::Lambda", "Api"), key("AWS::DynamoDB::Table", "Store")];
    let summary = TraceSummary { fault: false, error: true, throttle: true, services, ..summary() };
    for (text, expected) in [
        ("service(\"Store\") { throttle = true }", true),
        ("service(\"Store\") { ok }", false),
        ("edge(\"Api\", \"Store\")", true),
        ("edge(\"Api\", \"Store\") { throttle }", true),
        ("edge(\"Api\", \"Store\") { fault = true }", false),
        ("edge(\"Store\", \"Api\")", false),
    ] {
        let filter = Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(filter.takes(&summary, &whole), expected, "{text}");
    }
}
