use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Expr {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).unwrap_or_else(|| panic!("{text} is empty"))
}

/// The examples of the guide.
const EXAMPLES: &[&str] = &[
    "responsetime > 5",
    "duration >= 5 AND duration <= 8",
    "ok",
    "!ok",
    "ok = false",
    "rootcause.fault.entity { last and name = \"deserialize\" }",
    "rootcause.responsetime.entity { remote and coverage > 0.7 and name = \"traces\" }",
    "rootcause.fault.service { inferred and name = traces and type = \"AWS::DynamoDB\" }",
    "service(\"data-plane\") {root = true and fault = true}",
    "http.status != 200",
    "ok !partial duration <3",
    "rootcause.fault.service { index > 5 }",
    "rootcause.responsetime.entity { last and coverage > 0.8 }",
    "http.url CONTAINS \"/api/game/\"",
    "user CONTAINS \"\"",
    "rootcause.fault.service { name = \"Auth\" }",
    "rootcause.responsetime.service { last and type = \"AWS::DynamoDB\" }",
    "rootcause.fault.exception { last and message = \"Access Denied for account_id: 1234567890\" }",
    "service(\"api.example.com\") { fault }",
    "service() { fault }",
    "edge(\"api.example.com\", \"backend.example.com\") { error }",
    "http.url BEGINSWITH \"http://api.example.com/\" AND http.url CONTAINS \"/v2/\" AND !service(\"api.example.com\")",
    "http.url AND responseTime > 2",
    "annotation.gameid = \"817DL6VO\"",
    "annotation.age",
    "!annotation.age",
    "annotation.age > 29",
    "annotation[gameid.a] = \"817DL6VO\"",
    "group.name = \"high_response_time\" AND user = \"alice\"",
    "rootcause.json = #[{ \"Services\": [ { \"Name\": \"GetWeatherData\", \"EntityPath\": [{ \"Name\": \"GetWeatherData\" }, \
     { \"Name\": \"get_temperature\" } ] }, { \"Name\": \"GetTemperature\", \"EntityPath\": [ { \"Name\": \
     \"GetTemperature\" } ] } ] }]",
    "service(id(name: \"random-name\", type:\"AWS::Lambda::Function\")) { fault }",
    "edge(id(name: \"service-one\", type:\"service::type\"), id(name: \"service-two\", type:\"service::type\")) { ok }",
    "service(\"api.example.com\") { fault = true OR responsetime > 2.5 } AND annotation.account = \"12345\"",
];

#[test]
fn the_examples_of_the_guide_are_read() {
    for text in EXAMPLES {
        read(text);
    }
    assert_eq!(parse("  \n "), Ok(None));
}

#[test]
fn conditions_beside_each_other_all_hold() {
    assert_eq!(read("ok !partial duration <3"), read("ok AND !partial AND duration < 3"));
    assert_eq!(read("OK and Http.Status = 200"), read("ok AND http.status = 200"));
    let long = vec!["fault"; 20_000].join(" AND ");
    assert!(matches!(read(&long), Expr::And(parts) if parts.len() == 20_000), "long ones nest no deeper");
}

#[test]
fn what_is_wrong_is_said_where_it_is() {
    for (text, from, to, part) in [
        ("falt", 0, 4, "falt is not known; did you mean fault?"),
        ("fault AND", 9, 9, "expected a condition"),
        ("fault AND )", 10, 10, "expected a condition"),
        ("ok nonsense > 3", 3, 11, "nonsense is not known"),
        ("responsetime", 12, 12, "expected =, !="),
        ("responsetime > fast", 15, 19, "expected a number"),
        ("http.url = /v1", 11, 11, "quoted text"),
        ("http.url CONTAINS", 17, 17, "quoted text"),
        ("annotation.a BEGINSWITH 3", 24, 24, "quoted text"),
        ("http.url = \"open", 11, 11, "no closing quote"),
        ("service(\"x\" { fault }", 12, 12, "expected )"),
        ("service(\"x\") { service(\"y\") }", 15, 22, "within a block"),
        ("service(id(colour: \"red\"))", 11, 17, "no colour"),
        ("annotation[key", 11, 14, "expected ]"),
        ("rootcause.json = #{}", 18, 18, "as JSON"),
        ("group.name CONTAINS \"a\"", 23, 23, "expected ="),
        ("fault = maybe", 8, 8, "true or false"),
    ] {
        let error = parse(text).expect_err(text);
        assert!(error.message.contains(part), "{text}: {error}");
        assert_eq!(error.position, from, "{text}: {error}");
        assert!(error.end == to || from == error.end, "{text}: {error:?}");
    }
    assert!(parse(&"(".repeat(5_000)).is_err_and(|error| error.message.contains("too deep")));
    assert!(parse(&"!".repeat(5_000)).is_err_and(|error| error.message.contains("too deep")));
}

fn known() -> Known {
    Known {
        services: vec!["TSP".into(), "TokenStore".into()],
        kinds: vec!["AWS::Lambda".into()],
        annotations: vec![("Issuer".into(), vec!["Contoso_Bank".into()]), ("a.b".into(), Vec::new())],
        urls: vec!["https://api.example.com/".into()],
        users: vec!["alice".into()],
        groups: vec![["Default", "arn:d", ""].map(Into::into), ["slow", "arn:s", "responsetime > 2"].map(Into::into)],
    }
}

/// The first choices at the mark `|`.
fn choices(text: &str) -> Vec<String> {
    let at = text.find('|').expect("a cursor");
    let found = complete(&text.replace('|', ""), at, &known());
    found.words.into_iter().map(|(word, _)| word).collect()
}

#[test]
fn what_fits_is_offered() {
    assert_eq!(choices("fau|"), ["fault"]);
    assert_eq!(choices("fault AND res|")[0], "responsetime");
    assert_eq!(choices("ser|"), ["service("]);
    assert_eq!(choices("service(\"T|"), ["\"TSP\"", "\"TokenStore\""]);
    assert_eq!(choices("service(|"), ["\"TSP\"", "\"TokenStore\""]);
    assert_eq!(choices("edge(\"TSP\", \"to|"), ["\"TokenStore\""]);
    assert_eq!(choices("service(id(name: \"x\", type: \"|"), ["\"AWS::Lambda\""]);
    assert_eq!(choices("annotation[|"), ["Issuer]", "a.b]"]);
    assert_eq!(choices("annotation.I|"), ["annotation.Issuer"]);
    assert_eq!(choices("annotation.Issuer = \"C|"), ["\"Contoso_Bank\""]);
    assert_eq!(choices("annotation[Issuer] = |"), ["\"Contoso_Bank\""]);
    assert_eq!(choices("http.url BEGINSWITH |"), ["\"https://api.example.com/\""]);
    assert_eq!(choices("user = \"|\""), ["\"alice\""]);
    assert_eq!(choices("http.url c|"), ["CONTAINS"]);
    assert_eq!(choices("group.name |"), ["=", "!="]);
    assert_eq!(choices("group.name = |"), ["\"Default\"", "\"slow\""]);
    assert_eq!(choices("group.name = \"s|"), ["\"slow\""]);
    assert_eq!(choices("group.arn != \"|"), ["\"arn:d\"", "\"arn:s\""]);
    assert_eq!(choices("responsetime |").len(), 6);
    assert_eq!(choices("fault = t|"), ["true"]);
    assert_eq!(choices("service(\"TSP\") { fa|"), ["fault"]);
    assert_eq!(choices("fault |"), ["AND", "OR"]);
    assert_eq!(choices("responsetime > |"), [""; 0]);
    assert_eq!(choices("http.clientip = \"|"), [""; 0]);
}

#[test]
fn a_choice_replaces_the_word_and_its_quotes() {
    let found = complete("service(\"TS\") { fault }", 11, &known());
    assert_eq!((found.range, found.prefix.as_str()), (8..12, "TS"));
    let found = complete("fault AND thr", 13, &known());
    assert_eq!((found.range, found.prefix.as_str()), (10..13, "thr"));
}

#[test]
fn parts_are_told_apart() {
    let text = "service(\"a\") { fault } AND annotation[x] >= 3";
    let told: Vec<(&str, Kind)> = parts(text).into_iter().map(|(range, kind)| (&text[range], kind)).collect();
    assert_eq!(told[0], ("service", Kind::Complex));
    assert_eq!(told[2], ("\"a\"", Kind::Text));
    assert_eq!(told[5], ("fault", Kind::Keyword));
    assert_eq!(told[7], ("AND", Kind::Word));
    assert_eq!(told[10], ("x", Kind::Name));
    assert_eq!(told[12..], [(">=", Kind::Operator), ("3", Kind::Number)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused_at_a_place_in_it(text in "\\PC{0,60}") {
        check(&text);
    }

    #[test]
    fn anything_like_an_expression_is_read_or_refused_at_a_place_in_it(
        parts in prop::collection::vec(prop::sample::select(vec![
            "fault", "ok", "!", "AND", "OR", "(", ")", "{", "}", "service", "edge", "annotation", "[", "]", "é", "\"x\"",
            "\"", "'", "=", "!=", "<", ">=", "3", "1e999", "http.url", "responsetime", "CONTAINS", "rootcause.json", "#",
            "rootcause.fault.entity", ",", ":", "id", "name", "\\", "{\"a\":[1]}", "group.name", "true", ".", "annotation.é",
        ]), 0..14),
        glue in prop::sample::select(vec!["", " ", "\n"]),
    ) {
        check(&parts.join(glue));
    }
}

fn check(text: &str) {
    if let Err(error) = parse(text) {
        assert!(
            error.position <= text.len() && error.position <= error.end && error.end <= text.len(),
            "{text:?}: {error:?}"
        );
        assert!(text.is_char_boundary(error.position) && text.is_char_boundary(error.end), "{text:?}: {error:?}");
    }
    let parts = parts(text);
    assert!(parts.windows(2).all(|two| two[0].0.end <= two[1].0.start), "{text:?}");
    for at in 0..=text.len() {
        let found = complete(text, at, &known());
        assert!(text.get(found.range.clone()).is_some(), "{text:?} at {at}: {:?}", found.range);
    }
}
