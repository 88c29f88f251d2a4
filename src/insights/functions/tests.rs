use super::*;
use crate::insights::{Record, parse};

const MESSAGE: &str = r#"{"user":"  Anna\t","n":"12.5","neg":-3,"ip":"192.0.2.7","six":"2001:db8::7","list":"[1,{\"a\":\"x\"},[true,null]]","ok":true,"empty":"","blank":" \t","at":1768471290000}"#;

/// What an expression gives for the record above; `-` where it gives nothing.
fn value(expression: &str) -> String {
    let query = parse(&format!("fields {expression} as it | display it"))
        .unwrap_or_else(|error| panic!("{expression}: {error}"));
    let mut run = query.at("2026-01-15T10:28:00Z".parse().expect("a time")).start();
    let time = "2026-01-15T10:01:30.250Z".parse().expect("a time");
    run.push(&Record::new(time, "/app/tokens", "stream", MESSAGE));
    let row = run.finish().remove(0);
    row.into_iter().find(|(name, _)| name == "it").map_or_else(|| "-".to_owned(), |(_, value)| value)
}

#[test]
fn every_function_does_what_its_documentation_says() {
    let cases = [
        // Numbers.
        ("abs(neg)", "3"),
        ("abs(user)", "-"),
        ("ceil(n)", "13"),
        ("floor(n)", "12"),
        ("floor(neg - 0.5)", "-4"),
        ("round(n)", "13"),
        ("log(1)", "0"),
        ("log(0)", "-"),
        ("sqrt(16)", "4"),
        ("sqrt(neg)", "-"),
        ("greatest(n, neg, user)", "12.5"),
        ("least(n, neg, nothing)", "-3"),
        ("greatest(user)", "-"),
        ("2 ^ 3", "8"),
        ("10 % 3", "1"),
        ("1 / 0", "-"),
        // Text, with the examples of the guide.
        ("strlen(\"grüße\")", "5"),
        ("toupper(\"grün\")", "GRÜN"),
        ("tolower(\"ÄB\")", "äb"),
        ("trim(user)", "Anna"),
        ("trim(\"xyZfooxyZ\", \"xyZ\")", "foo"),
        ("ltrim(\"xyZxyfooxyZ\", \"xyZ\")", "fooxyZ"),
        ("rtrim(\"xyZfooxyxyZ\", \"xyZ\")", "xyZfoo"),
        ("concat(n, \"/\", nothing, neg)", "12.5/-3"),
        ("substr(\"xyZfooxyZ\", 3)", "fooxyZ"),
        ("substr(\"xyZfooxyZ\", 3, 4)", "foox"),
        ("substr(\"ab\", 5)", ""),
        ("replace(\"foo.baz\", \".\", \"_\")", "foo_baz"),
        ("replace(nothing, \"a\", \"b\")", "-"),
        ("strcontains(ip, \"0.2\")", "1"),
        ("strcontains(nothing, \"a\")", "0"),
        ("isempty(empty)", "1"),
        ("isempty(blank)", "0"),
        ("isempty(nothing)", "1"),
        ("isblank(blank)", "1"),
        ("isblank(user)", "0"),
        // General.
        ("ispresent(empty)", "1"),
        ("ispresent(nothing)", "0"),
        ("coalesce(nothing, n, neg)", "12.5"),
        ("coalesce(nothing)", "-"),
        // Times.
        ("bin(1m)", "2026-01-15 10:01:00.000"),
        ("bin(90s)", "2026-01-15 10:01:30.000"),
        ("bin(@timestamp, 1h)", "2026-01-15 10:00:00.000"),
        ("datefloor(@timestamp, 1mo)", "2026-01-01 00:00:00.000"),
        ("datefloor(@timestamp, 1qtr)", "2026-01-01 00:00:00.000"),
        ("dateceil(@timestamp, 1y)", "2027-01-01 00:00:00.000"),
        ("dateceil(@timestamp, 2weeks)", "2026-01-29 00:00:00.000"),
        ("datefloor(@timestamp, 1hrs)", "2026-01-15 10:00:00.000"),
        ("dateceil(fromMillis(0), 1d)", "1970-01-01 00:00:00.000"),
        ("datefloor(\"2026-01-15 10:01:30.250\", 1h)", "2026-01-15 10:00:00.000"),
        ("datefloor(user, 1h)", "-"),
        ("fromMillis(at)", "2026-01-15 10:01:30.000"),
        ("toMillis(@timestamp)", "1768471290250"),
        ("toMillis(\"2026-01-15T10:01:30Z\")", "1768471290000"),
        ("now()", "1768472880"),
        // JSON.
        ("jsonParse(list)", r#"[1,{"a":"x"},[true,null]]"#),
        ("jsonParse(n)", "-"),
        ("jsonParse(user)", "-"),
        ("jsonStringify(jsonParse(list))", r#"[1,{"a":"x"},[true,null]]"#),
        ("jsonStringify(ip)", "\"192.0.2.7\""),
        // Addresses.
        ("isValidIp(ip)", "1"),
        ("isValidIp(six)", "1"),
        ("isValidIp(user)", "0"),
        ("isValidIpV4(six)", "0"),
        ("isvalidipv6(six)", "1"),
        ("isIpInSubnet(ip, \"192.0.2.0/24\")", "1"),
        ("isIpInSubnet(six, \"2001:db8::/32\")", "1"),
        ("isIpInSubnet(ip, \"192.0.3.0/24\")", "0"),
        ("isIpv4InSubnet(ip, \"0.0.0.0/0\")", "1"),
        ("isIpv4InSubnet(six, \"2001:db8::/32\")", "0"),
        ("isIpv6InSubnet(six, \"2001:db8::/129\")", "0"),
        ("isIpv6InSubnet(six, \"2001:db8::7/128\")", "1"),
        ("isIpInSubnet(ip, \"nonsense\")", "0"),
    ];
    for (expression, expected) in cases {
        assert_eq!(value(expression), expected, "{expression}");
    }
    for function in FUNCTIONS {
        let tested =
            cases.iter().any(|(text, _)| text.to_lowercase().contains(&format!("{}(", function.name.to_lowercase())));
        assert!(tested, "{} has no case", function.name);
    }
}

#[test]
fn parts_of_maps_and_lists_are_fields() {
    let value = |tail: &str| {
        let query =
            parse(&format!("fields jsonParse(list) as j | {tail}")).unwrap_or_else(|error| panic!("{tail}: {error}"));
        let mut run = query.start();
        run.push(&Record::new("2026-01-15T10:01:30Z".parse().expect("a time"), "g", "s", MESSAGE));
        let cells: Vec<Vec<String>> = run
            .finish()
            .into_iter()
            .map(|row| row.into_iter().filter(|(name, _)| name != "@ptr").map(|it| it.1).collect())
            .collect();
        cells.into_iter().map(|row| row.join("|")).collect::<Vec<_>>().join(";")
    };
    let cases = [
        ("display j[0]", "1"),
        ("display j[1].a", "x"),
        ("display j[1][\"a\"], j.1.a, j[1].`a`", "x"),
        ("display j[2][0], j[2][1], j[7]", "1"),
        ("display ispresent(j[2][1]), ispresent(j[1])", "0|1"),
        ("filter j[1].a = 'x' | display j[1]", r#"{"a":"x"}"#),
        ("unnest j into it | display it, n", r#"1|12.5;{"a":"x"}|12.5;[true,null]|12.5"#),
        ("unnest j into it | unnest it into deep | display deep", r#"1;{"a":"x"};1;"#),
        ("unnest n into it | display it", "12.5"),
        ("unnest nothing into it | stats count(*)", "1"),
        ("unnest j into it | filter it.a = 'x' | display it.a", "x"),
        ("unnest j into it | stats count(*) as all, count(it.a) as a", "3|1"),
    ];
    for (tail, expected) in cases {
        assert_eq!(value(tail), expected, "{tail}");
    }
}
