use super::*;

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn terms() {
    let (both, error, warn) = ("ERROR WARN message", "ERROR message", "WARN message");
    let cases = [
        ("", [true, true, true]),
        ("  ", [true, true, true]),
        ("\"\"", [true, true, true]),
        ("ERROR", [true, true, false]),
        ("ERR", [true, true, false]),
        ("error", [false, false, false]),
        ("?ERROR ?WARN", [true, true, true]),
        ("ERROR WARN", [true, false, false]),
        ("WARN ERROR", [true, false, false]),
        ("ERROR -WARN", [false, true, false]),
        ("ERROR - WARN", [false, true, false]),
        ("-WARN", [false, true, false]),
        ("\"WARN message\"", [true, false, true]),
        ("-\"ERROR m\" message", [true, false, true]),
        ("?nothing ERROR", [true, true, false]),
        ("%^ERROR%", [true, true, false]),
        ("%[A-Z]{5}.message% ", [false, true, false]),
        ("-%ERROR% ", [false, false, true]),
    ];
    for (text, expected) in cases {
        let pattern = pattern(text);
        assert_eq!([both, error, warn].map(|message| pattern.matches(message)), expected, "{text}");
    }
    assert!(pattern(r#""say \"hi\" \\ C:\dir""#).matches(r#"they say "hi" \ C:\dir"#));
}

const EVENT: &str = r#"{"eventType":"UpdateTrail","ip":"111.111.111.111","arrayKey":["value","another value"],
"list":[{"name":"a","id":1},{"name":"b","id":2}],"empty":null,"flag":true,"code":"404","latency":4.5,
"user":{"id":1,"e-mail":"John.Stiles@example.com"},"users":[{"email":"John.Doe@example.com"}],
"actions":["GET","PUT","DELETE"],"coordinates":[[0,1,2],[4,5,6]],"a.b":1,"note":"caf\u00e9 \u0041BC","numbers":[9,0.001]}"#;

#[test]
fn json() {
    let cases = [
        (r#"{ $.eventType = "UpdateTrail" }"#, true),
        ("{$.eventType=UpdateTrail}", true),
        (r#"{ $.eventType = "updatetrail" }"#, false),
        ("{ $.eventType = Update* }", true),
        ("{ $.eventType = *Trail }", true),
        ("{ $.eventType = \"*date*\" }", true),
        ("{ $.eventType = Up*Trail }", false),
        ("{ $.eventType = * }", true),
        ("{ $.empty = * }", false),
        ("{ $.missing = * }", false),
        ("{ $.eventType = %^Upd[a-z]+Tr% }", true),
        ("{ $.eventType != %Trail% }", false),
        ("{ $.ip != 123.123.* }", true),
        ("{ $.ip = 111.111.* }", true),
        ("{ $.missing != 1 }", false),
        (r#"{ $.arrayKey[0] = "value" }"#, true),
        (r#"{ $.arrayKey[2] = "value" }"#, false),
        (r#"{ $.arrayKey = "value" }"#, false),
        (r#"{ $.arrayKey != "value" }"#, false),
        ("{ $.list[1].id = 2 }", true),
        ("{ $.list[1].id = 2.0 }", true),
        ("{ $.list[1].id != 2 }", false),
        ("{ $.empty IS NULL }", true),
        ("{ $.missing IS NULL }", false),
        ("{ $.missing NOT EXISTS }", true),
        ("{ $.empty NOT EXISTS }", false),
        ("{ $.empty EXISTS }", true),
        ("{ $.flag IS TRUE }", true),
        ("{ $.flag is false }", false),
        ("{ $.latency IS TRUE }", false),
        ("{ $.latency >= 4.5 }", true),
        ("{ $.latency > 4.5 }", false),
        ("{ $.latency < +10e3 && $.numbers[1] <= 10e-3 }", true),
        ("{ $.latency = 4.50 }", true),
        ("{ $.code = 404 }", true),
        ("{ $.code >= 404 }", false),
        ("{ $.eventType > 3 }", false),
        ("{ $.user.e-mail = \"John.Stiles@example.com\" }", true),
        (r#"{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }"#, true),
        (r#"{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }"#, false),
        ("{ $.user.id = 1 || $.coordinates[0][1] = nonmatch && $.actions[2] = nomatch }", true),
        ("{ ($.user.id = 1 || $.coordinates[0][1] = nonmatch) && $.actions[2] = nomatch }", false),
        ("{ $.coordinates[1][0] = 4 }", true),
        ("{ $.['a.b'] = 1 && $[\"a.b\"] = 1 && $['a.b'] = 1 }", true),
        ("{ $.arrayKey[*] = %val.{2}% }", true),
        ("{ $.arrayKey[*] = \"other\" }", false),
        ("{ $.list[*].id = 2 }", true),
        ("{ $.* = %111\\.111\\.111\\.1[0-9]{1,2}% }", true),
        ("{ $.*.id = 1 }", true),
        ("{ $.users[*].phone NOT EXISTS }", true),
        ("{ $.note = \"café ABC\" }", true),
    ];
    for (text, expected) in cases {
        assert_eq!(pattern(text).matches(EVENT), expected, "{text}");
    }
    let absent = pattern("{ $.missing NOT EXISTS }");
    assert!(!absent.matches("plain text") && !absent.matches("{broken") && !absent.matches("12"));
}

#[test]
fn space_delimited() {
    let line = r#"127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534"#;
    let cases = [
        ("[ip, id, user, timestamp, request, status_code, size]", true),
        ("[ip, id, user, timestamp, request, status_code]", true),
        ("[ip, id, user, timestamp, request, status_code = 404]", false),
        ("[ip, id, user, timestamp, request, rest = \"404 1534\"]", true),
        ("[ip, id, user, timestamp, request, status_code, size, more]", false),
        ("[ip, id, user, timestamp, request, status_code=404, size]", true),
        ("[ip, id, user, timestamp, request, status_code=4*, size > 1000]", true),
        ("[ip, id, user, timestamp, request, status_code=4*, size > 1534]", false),
        ("[ip, id, user, timestamp, request = *html*, status_code != 5*, size]", true),
        ("[..., status=404, size]", true),
        ("[..., status=404]", false),
        ("[ip, ..., status_code = 403 || status_code = 404, bytes]", true),
        ("[ip, ..., (status_code = 403 || status_code = 404), bytes]", true),
        ("[ip, ..., status >= 400 && status < 404, bytes]", false),
        ("[ip = \"127.0.0.1\", user, username = fr*, ...]", true),
        ("[..., request=*.html*, status_code=4*,]", true),
        ("[ip, a, b, c, d, e, f, ..., g]", false),
        ("[ip = %^[0-9.]+$%, ...]", true),
        ("[..., bytes != none]", true),
    ];
    for (text, expected) in cases {
        assert_eq!(pattern(text).matches(line), expected, "{text}");
    }
    assert!(pattern("[w1=ERROR || w1=WARN, w2]").matches("WARN message"));
    assert!(!pattern("[w1!=ERROR && w1!=WARN, w2]").matches("WARN message"));
    assert!(pattern("[a, b]").matches("[unclosed \"quote"));
}

#[test]
fn a_pattern_says_what_it_demands() {
    let cases = [
        ("{ $.flag IS TRUE }", true),
        ("{ $.a = 1 && ($.b = 2 && $.flag IS TRUE) }", true),
        ("{ ($.flag IS TRUE && $.a = 1) || $.flag IS TRUE }", true),
        ("{ $.flag IS TRUE || $.a = 1 }", false),
        ("{ $.flag IS FALSE }", false),
        ("{ $.deep.flag IS TRUE }", false),
        ("{ $.* IS TRUE }", false),
        ("flag", false),
        ("", false),
    ];
    for (text, expected) in cases {
        assert_eq!(pattern(text).demands("flag", true), expected, "{text}");
    }
}

#[test]
fn errors_say_where() {
    let cases = [
        ("my-pattern", 2, "Invalid character(s) in term '-'"),
        ("?Status: x", 7, "Invalid character(s) in term ':'"),
        ("*", 0, "Invalid character(s) in term '*'"),
        ("a -", 3, "expected a term"),
        ("a \"b", 2, "this quote is never closed"),
        ("%abc", 0, "this regular expression has no closing `%`"),
        ("%a(b)%", 2, "a regular expression may not hold `(`"),
        ("%a[%", 1, "this is not a regular expression"),
        ("%a% %b% %c%", 8, "a pattern holds at most two regular expressions"),
        ("{ $.a = 1", 9, "If a filter pattern starts with '{' it must end with '}'"),
        ("{ $.a = 1 } x", 12, "`x` after the end of the pattern"),
        ("{ a = 1 }", 2, "expected a property selector such as `$.status`"),
        ("{ $ = 1 }", 3, "expected `.` and the name of a property"),
        ("{ $.\"a\" = 1 }", 4, "expected the name of a property"),
        ("{ $.a[x] = 1 }", 6, "expected the number of an element"),
        ("{ $.a }", 6, "expected one of = != < <= > >="),
        ("{ $.a = }", 8, "expected a value"),
        ("{ $.a = @b }", 8, "Invalid character(s) in term '@'"),
        ("{ $.a > b }", 8, "< <= > >= compare numbers only"),
        ("{ $.a IS 3 }", 9, "expected TRUE, FALSE or NULL"),
        ("{ $.a NOT 3 }", 10, "expected EXISTS"),
        ("{ ($.a = 1 }", 11, "expected `)`"),
        ("{ $.a = 1 $.b = 2 }", 10, "expected `&&`, `||` or `}`"),
        ("[]x", 2, "`x` after the end of the pattern"),
        ("[a, b", 5, "If a filter pattern starts with '[' it must end with ']'"),
        ("[a b]", 3, "expected one of = != < <= > >="),
        ("[^:*]*", 1, "Invalid character(s) in term '^'"),
        ("[..., a, ...]", 9, "only one ellipsis fits into a pattern"),
        ("[a = 1 && b = 2]", 10, "the conditions of one field must all name it"),
    ];
    for (text, position, message) in cases {
        assert_eq!(Pattern::parse(text), Err(PatternError { position, message: message.to_owned() }), "{text}");
    }
    let deep = format!("{{ {}$.a = 1{} }}", "(".repeat(5000), ")".repeat(5000));
    assert_eq!(Pattern::parse(&deep).map_err(|error| error.message), Err("too many parentheses".to_owned()));
}
