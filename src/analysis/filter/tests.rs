use chrono::FixedOffset;

use super::*;
use crate::store::lines::Kind;

fn rules() -> FeedRules {
    crate::board::preset("token-provisioning").expect("the preset").feed.expect("a feed")
}

const LINE: &str = r#"{"level":"ERROR","requestId":"req-1","event":"TOKEN_PROVISION_FAILURE","walletProvider":"GooglePay",
 "issuer":"Contoso_Bank","device":"Pixel 8","os":"Android 14","processingTime":24.3,"reason":"TSP_TIMEOUT",
 "http":{"status":504,"tries":[8,8.5,{"took":8.1}]},"note":"say \"issuer\": twice","empty":null,"code":"0042"}"#;

fn passes(filter: &str) -> bool {
    let filter = Filter::parse(filter, &rules());
    assert_eq!(filter.error(), None, "{}", filter.text());
    let utc = FixedOffset::east_opt(0).expect("UTC");
    // 10:28:06.747
    let line = LineView { ms: 1_768_472_886_747, kind: Kind::Failed, text: LINE.as_bytes() };
    Judge::new(&filter, utc).passes(line)
}

#[test]
fn the_language() {
    let cases = [
        ("", true),
        ("timeout", true),
        ("Timeout", false),
        ("TIMEOUT", true),
        ("timeout pixel", true),
        ("timeout northwind", false),
        ("\"pixel 8\"", true),
        ("\"8 pixel\"", false),
        ("!northwind timeout", true),
        ("not timeout", false),
        ("northwind or timeout", true),
        ("northwind or declined", false),
        ("timeout and (northwind or pixel)", true),
        ("timeout and not (northwind or pixel)", false),
        ("~ tsp_(time|knock)out", true),
        ("~ TSP_(time|knock)out", false),
        ("/android 1[45]/", true),
        ("/^.\"level\"/", true),
        ("/\"level\"$/", false),
        ("issuer = Contoso_Bank", true),
        ("issuer = contoso_bank", true),
        ("issuer = \"CONTOSO_BANK\"", false),
        ("issuer = contoso", false),
        ("issuer contains contoso", true),
        ("issuer ~ ^contoso", true),
        ("issuer !~ ^contoso", false),
        ("issuer != DEMO_Bank", true),
        ("latency > 3 and issuer = \"Contoso_Bank\"", true),
        ("latency > 24.3", false),
        ("latency >= 24.3", true),
        ("latency < 24300ms", false),
        ("latency <= 24300ms", true),
        ("latency=24.30", true),
        ("status = failed", true),
        ("status:fail", true),
        ("status = success || status = pending", false),
        ("event = TOKEN_PROVISION_FAILURE", true),
        ("http.status = 504", true),
        ("http.status >= 500 && http.status < 600", true),
        ("http.tries[1] = 8.5", true),
        ("http.tries[2].took < 8.2", true),
        ("took < 8.2", true),
        ("nothing = 1", false),
        ("nothing != 1", true),
        ("nothing <= 1", false),
        ("empty = null", false),
        ("code = 42", true),
        ("code contains 00", true),
        ("os:\"android 14\"", true),
        ("\"os:android 14\"", true),
        ("time:10:28:06", true),
        ("time >= 10:28 and time < 10:29", true),
        ("status:", true),
        ("!", true),
        ("\"", true),
        ("~", true),
        ("a=b", false),
        ("unknown:field", false),
        ("level:ERROR", true),
        ("level:error", true),
        ("level:INFO", false),
        ("took:>8", true),
        ("took:<8", false),
        ("\"level\":\"ERROR\"", true),
        ("\"level\":\"INFO\"", false),
        ("\"code\":\"0042\", \"processingTime\":24.3}", true),
        ("\"level\":", true),
    ];
    for (filter, expected) in cases {
        assert_eq!(passes(filter), expected, "{filter}");
    }
}

#[test]
fn a_name_in_a_text_is_no_field() {
    assert!(!passes("issuer = twice"));
    let field = Field::of_path("issuer");
    assert_eq!(field.first(LINE.as_bytes()).map(|value| value.text().into_owned()).as_deref(), Some("Contoso_Bank"));
}

#[test]
fn errors_say_where() {
    let cases = [
        ("latency >", 9, "a value must stand behind `>`"),
        ("latency > soon", 10, "a latency compares with seconds, such as 3, 0.5s or 800ms"),
        ("issuer ~ (", 9, "unclosed group"),
        ("~ [a", 2, "unclosed character class"),
        ("/a(/", 1, "unclosed group"),
        ("(timeout", 8, "a parenthesis is not closed"),
        ("timeout)", 7, "no parenthesis is open"),
        ("= 3", 0, "a field must stand before this"),
        ("and pixel", 3, "something must stand before `and`"),
        ("pixel and", 9, "something must stand behind `and`"),
        ("pixel or", 8, "something must stand beside `or`"),
    ];
    for (text, position, message) in cases {
        let filter = Filter::parse(text, &rules());
        let error = filter.error().unwrap_or_else(|| panic!("{text} is wrong"));
        assert_eq!((error.position, error.message.as_str()), (position, message), "{text}");
    }
    let deep = "(".repeat(200);
    assert_eq!(
        Filter::parse(&deep, &rules()).error().map(|error| error.message.as_str()),
        Some("this is nested too deep")
    );
}

#[test]
fn what_was_meant_goes_on_while_something_is_typed_that_means_nothing() {
    let before = Filter::parse("latency > 3", &rules());
    let typed = before.clone().typed_over(Filter::parse("latency > 3 and", &rules()));
    assert_eq!((typed.expr(), typed.text()), (before.expr(), "latency > 3 and"));
    assert!(typed.error().is_some());
}

proptest::proptest! {
    #[test]
    fn nothing_that_is_typed_breaks_it(text in "[a-z:=<>~!()\"/\\\\ .\\[\\]0-9é|&]{0,40}") {
        let filter = Filter::parse(&text, &rules());
        let utc = FixedOffset::east_opt(0).expect("UTC");
        Judge::new(&filter, utc).passes(LineView { ms: 0, kind: Kind::Other, text: LINE.as_bytes() });
        if let Some(error) = filter.error() {
            proptest::prop_assert!(error.position <= text.len());
        }
    }
}

#[test]
fn a_part_without_letters_is_looked_for_as_it_stands() {
    let needle = Needle::folded("took: 10-0-7-9 ms").expect("a text");
    let Find::Folded { rarest, .. } = needle.finder().0 else { panic!("in either case") };
    let Find::Literal(finder) = *rarest else { panic!("byte for byte") };
    assert_eq!(finder.needle(), b": 10-0-7-9 ");
    assert!(matches!(Needle::folded("corr_00a").expect("a text").finder().0, Find::Folded { rarest, .. }
        if matches!(*rarest, Find::Pattern(_))));
}

fn json_value() -> impl proptest::strategy::Strategy<Value = serde_json::Value> {
    use proptest::prelude::*;
    prop_oneof![
        any::<i32>().prop_map(serde_json::Value::from),
        (-1e6..1e6_f64).prop_map(serde_json::Value::from),
        any::<String>().prop_map(serde_json::Value::from),
        any::<bool>().prop_map(serde_json::Value::from),
        Just(serde_json::Value::Null),
        Just(serde_json::json!(["\"wanted\":1", { "a": "wanted" }])),
    ]
}

proptest::proptest! {
    #[test]
    fn a_field_read_in_place_is_the_field_of_the_json(
        fields in proptest::collection::vec(("[a-c]{1,2}|wanted|say \"wanted\":", json_value()), 0..6),
        pretty in proptest::bool::ANY,
    ) {
        let json: serde_json::Map<_, _> = fields.into_iter().collect();
        let json = serde_json::Value::from(json);
        let text = if pretty { serde_json::to_string_pretty(&json) } else { serde_json::to_string(&json) };
        let text = text.expect("JSON");
        let field = Field::of_path("wanted");
        let found = field.first(text.as_bytes());
        match json.get("wanted") {
            None | Some(serde_json::Value::Null) => proptest::prop_assert_eq!(found, None),
            Some(serde_json::Value::Number(number)) => {
                let near = found.and_then(|value| value.number()).zip(number.as_f64());
                proptest::prop_assert!(near.is_some_and(|(one, other)| (one - other).abs() <= f64::EPSILON * other.abs()));
            }
            Some(serde_json::Value::String(text)) => {
                proptest::prop_assert_eq!(found, Some(Value::Text(text.as_str().into())));
            }
            Some(other) => proptest::prop_assert_eq!(found, Some(Value::Text(other.to_string().into()))),
        }
    }
}
