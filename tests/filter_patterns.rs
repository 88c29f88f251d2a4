//! The examples of the CloudWatch Logs user guide, "Filter pattern syntax for metric filters, subscription filters, filter
//! log events, and Live Tail" (pages of 2025), and patterns of public repositories.

use barograph::insights::pattern::Pattern;
use proptest::prelude::*;

use crate::text::real_data;

/// A pattern, and which of the lines below it matches, by their numbers.
type Case = (&'static str, &'static [usize]);

fn check(lines: &[&str], cases: &[Case]) {
    for (text, expected) in cases {
        let pattern = Pattern::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let matched: Vec<usize> = (0..lines.len()).filter(|n| pattern.matches(lines[*n])).collect();
        assert_eq!(matched, *expected, "{text}");
        for (n, line) in lines.iter().enumerate() {
            assert_eq!(pattern.explain(line).is_some(), expected.contains(&n), "{text} over {line}");
        }
    }
}

/// What of a line made it match.
fn marked<'l>(pattern: &str, line: &'l str) -> Vec<&'l str> {
    let pattern = Pattern::parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
    pattern.explain(line).unwrap_or_default().into_iter().map(|mark| &line[mark]).collect()
}

#[test]
fn unstructured_lines() {
    let lines = [
        "[ERROR 400] BAD REQUEST",
        "[ERROR 401] UNAUTHORIZED REQUEST",
        "[ERROR 419] MISSING ARGUMENTS",
        "[ERROR 420] INVALID ARGUMENTS",
        "[ERROR 500] INTERNAL SERVER ERROR",
        "[SUCCESS 200] AUTHORIZED REQUEST",
        "[INFO] REQUEST FAILED",
        "[WARN] UNAUTHORIZED REQUEST",
    ];
    check(
        &lines,
        &[
            ("ERROR", &[0, 1, 2, 3, 4]),
            ("ERROR ARGUMENTS", &[2, 3]),
            ("?ERROR ?ARGUMENTS", &[0, 1, 2, 3, 4]),
            ("?ERROR ?ARGUMENTS REQUEST", &[0, 1, 5, 6, 7]),
            ("\"INTERNAL SERVER ERROR\"", &[4]),
            ("ERROR -ARGUMENTS", &[0, 1, 4]),
            ("%AUTHORIZED%", &[1, 5, 7]),
            ("\" \"", &[0, 1, 2, 3, 4, 5, 6, 7]),
            ("", &[0, 1, 2, 3, 4, 5, 6, 7]),
        ],
    );
    assert!(Pattern::parse("\" \"").is_ok_and(|everything| everything.matches("oneword")));
    assert_eq!(marked("ERROR ARGUMENTS -SERVER", lines[2]), ["ERROR", "ARGUMENTS"]);
    assert_eq!(marked("?ERROR ?ARGUMENTS", lines[4]), ["ERROR", "ERROR"]);
    assert_eq!(marked("%AUTHORIZED%", lines[1]), ["AUTHORIZED"]);
    assert_eq!(marked("-ERROR", lines[6]), Vec::<&str>::new(), "nothing stands there for what is not there");
}

#[test]
fn regular_expressions() {
    let cases: [(&str, &[&str], &[&str]); 20] = [
        ("%^[hc]at%", &["hat", "cat and dog"], &["a hat"]),
        ("%[hc]at$%", &["the cat", "hat"], &["cats"]),
        ("%colou?r%", &["color", "colour"], &["colouur"]),
        ("%[abc]%", &["a", "xb"], &["xyz"]),
        ("%[a-z]%", &["Ab"], &["AB"]),
        ("%[abcx-z]%", &["y"], &["d"]),
        ("%^a{3,5}$%", &["aaa", "aaaaa"], &["aa", "aaaaaa"]),
        ("%^a{,2}$%", &["", "aa"], &["aaa"]),
        ("%^a{2,}$%", &["aa", "aaaaaaa"], &["a"]),
        ("%gra|ey%", &["gray", "grey"], &["groy"]),
        (
            "%^starting|^initializing|^shutting down%",
            &["starting ...", "initializing ...", "shutting down"],
            &["skipping initializing ..."],
        ),
        ("%abcc|ab[^c]$%", &["abcc ...", "aba"], &["aac ..."]),
        (r"%\[.\]%", &["[a]", "[7]", "[@]", "[ ]", "[]]"], &["a", "[ab]"]),
        (r"%10\.10\.0\.1%", &["10.10.0.1"], &["10010,051"]),
        ("%ab*c%", &["ac", "abc", "abbbc"], &["adc"]),
        ("%ab[0-9]*%", &["ab", "ab0", "ab129"], &["a"]),
        ("%ab+c%", &["abc", "abbbc"], &["ac"]),
        ("%.at%", &["hat", "4at", "#at", " at"], &["at"]),
        (r"%^\w\d\s\W\D\S$%", &["a1 -xy", "_9\t!_."], &["\u{e9}1 -xy", "a\u{661} -xy"]),
        (r"%\x3A\x28%", &["f:(x"], &["f(:x"]),
    ];
    for (text, matching, others) in cases {
        let pattern = Pattern::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        for line in matching {
            assert!(pattern.matches(line), "{text} should match {line:?}");
        }
        for line in others {
            assert!(!pattern.matches(line), "{text} should not match {line:?}");
        }
    }
    for (text, position) in [("%something!%", 10), ("%(a)%", 1), ("%abcc|ab[^c]$", 0), ("%\u{e9}%", 1)] {
        assert_eq!(Pattern::parse(text).map_err(|error| error.position), Err(position), "{text}");
    }
}

#[test]
fn json_lines() {
    let event = r#"{"eventType":"UpdateTrail","sourceIPAddress":"111.111.111.111","arrayKey":["value","another value"],"objectList":[{"name":"a","id":1},{"name":"b","id":2}],"SomeObject":null,"ThisFlag":true,"cluster.name":"c"}"#;
    let user = r#"{"user":{"id":1,"email":"John.Stiles@example.com"},"users":[{"id":2,"email":"John.Doe@example.com"},{"id":3,"email":"Jane.Doe@example.com"}],"actions":["GET","PUT","DELETE"],"coordinates":[[0,1,2],[4,5,6],[7,8,9]]}"#;
    let numbers = r#"{"bandwidth":80,"latency":20,"refreshRate":60,"responseTime":5,"errorCode":400,"number":[1000]}"#;
    check(
        &[event, user, numbers],
        &[
            (r#"{ $.eventType = "UpdateTrail" }"#, &[0]),
            ("{ $.sourceIPAddress != 123.123.* }", &[0]),
            (r#"{ $.arrayKey[0] = "value" }"#, &[0]),
            ("{ $.eventType = %Trail% }", &[0]),
            ("{ $.arrayKey[*] = %val.{2}% }", &[0]),
            (r"{ $.* = %111\.111\.111\.1[0-9]{1,2}% }", &[0]),
            (r#"{ $.['cluster.name'] = "c" }"#, &[0]),
            ("{ $.objectList[1].id = 2 }", &[0]),
            ("{ $.SomeObject IS NULL }", &[0]),
            ("{ $.SomeOtherObject NOT EXISTS }", &[0, 1, 2]),
            ("{ $.ThisFlag IS TRUE }", &[0]),
            ("{ $.ThisFlag IS FALSE }", &[]),
            (r#"{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }"#, &[1]),
            (
                r#"{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch" && $.actions[2] = "nonmatch" }"#,
                &[1],
            ),
            (
                r#"{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch") && $.actions[2] = "nonmatch" }"#,
                &[],
            ),
            (r#"{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }"#, &[]),
            ("{ $.users = 1 }", &[]),
            ("{ $.users != 1 }", &[]),
            ("{ $.bandwidth > 75 }", &[2]),
            ("{ $.latency < 50 }", &[2]),
            ("{ $.refreshRate >= 60 }", &[2]),
            ("{ $.responseTime <= 5 }", &[2]),
            ("{ $.errorCode = 400}", &[2]),
            ("{ $.errorCode != 500 }", &[2]),
            ("{ $.number[0] = 1e+3 }", &[2]),
            ("{ $.number[0] != 1e-3 }", &[2]),
            ("{ $.number[0] < 10e3 }", &[2]),
            ("{ $.latency > +10 }", &[2]),
            ("{ $.errorCode = 4* }", &[2]),
        ],
    );
    assert_eq!(marked("{ $.arrayKey[*] = %val.{2}% }", event), ["\"value\"", "\"another value\""]);
    assert_eq!(marked(r#"{ $.['cluster.name'] = "c" }"#, event), [r#""cluster.name":"c""#]);
    assert_eq!(marked("{ $.SomeObject IS NULL || $.missing = 1 }", event), [r#""SomeObject":null"#]);
    assert_eq!(marked("{ $.SomeOtherObject NOT EXISTS }", event), Vec::<&str>::new());
    assert_eq!(marked("{ ($.user.id = 1) && ($.users[1].id = 3) }", user), [r#""id":1"#, r#""id":3"#]);
    // The guide of 2023 counted on these, too; its `IS NOT` and `EXISTS` are said not to be supported.
    for (text, position) in [
        ("{ $.a IS NOT NULL }", 9),
        ("{ $.a[*][*] = 1 }", 11),
        ("{ $.a[*] = 1 && $.b[*] = 1 && $.c[*] = 1 && $.d[*] = 1 }", 56),
        ("{ $.a = %b% && $.c = %d% && $.e = %f% }", 34),
    ] {
        assert_eq!(Pattern::parse(text).map_err(|error| error.position), Err(position), "{text}");
    }
}

#[test]
fn space_delimited_lines() {
    let request = r#"127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534"#;
    check(
        &[request, &request.replace("404", "410"), &request.replace("404", "200"), &request.replace("0.1 ", "0.10 ")],
        &[
            ("[ip, user, username, timestamp, request, status_code, bytes]", &[0, 1, 2, 3]),
            (
                r"[ip=%127\.0\.0\.[1-9]$%, user, username, timestamp, request =*.html*, status_code = 4*, bytes]",
                &[0, 1],
            ),
            (
                r"[ip=%127\.0\.0\.[1-9]%, user, username, timestamp, request =*.html*, status_code = 4*, bytes]",
                &[0, 1, 3],
            ),
            ("[..., request =*.html*, status_code = 4*, bytes]", &[0, 1, 3]),
            (
                "[ip, user, username, timestamp, request =*.html*, status_code = 404 || status_code = 410, bytes]",
                &[0, 1, 3],
            ),
            ("[..., status_code, bytes]", &[0, 1, 2, 3]),
            ("[ip, user, ...]", &[0, 1, 2, 3]),
            ("[ip, user, username, timestamp, request, status_code = 4* && status_code != 404, bytes]", &[1]),
            ("[..., request=*.html*, status_code=4*,]", &[0, 1, 3]),
        ],
    );
    assert_eq!(
        marked("[..., request =*.html*, status_code = 4*, bytes]", request),
        ["GET /index.html HTTP/1.0", "404"]
    );
    let words = [
        "INFO 09/25/2014 12:00:00 GET /service/resource/67 1200",
        "INFO 09/25/2014 12:00:01 POST /service/resource/67/part/111 1310",
        "WARNING 09/25/2014 12:00:02 Invalid user request",
        "ERROR 09/25/2014 12:00:02 Failed to process request",
    ];
    check(
        &words,
        &[
            ("[w1=ERROR, w2]", &[3]),
            ("[w1=ERROR || w1=WARNING, w2]", &[2, 3]),
            ("[w1!=ERROR && w1!=WARNING, w2]", &[0, 1]),
            ("[logLevel, date, time, method, url=%/service/resource/[0-9]+$%, response_time]", &[0]),
            ("[logLevel, date, time, method, url=%/service/resource/[0-9]+/part/[0-9]+$%, response_time]", &[1]),
        ],
    );
    assert_eq!(marked("[w1=ERROR || w1=WARNING, w2]", words[3]), ["ERROR"]);
    // What CloudWatch's own form offers for Lambda's logs: the last field is all that is left of the line.
    let lambda = "2026-01-15T10:28:00.123Z 5c3e-77 {\"level\": \"ERROR\", \"why\": \"no answer\"}";
    assert_eq!(marked("[timestamp=*Z, request_id=\"*-*\", event]", lambda), ["2026-01-15T10:28:00.123Z", "5c3e-77"]);
    // An older guide writes the operator the wrong way round.
    assert_eq!(Pattern::parse("[w1=!ERROR&&w1=!WARN, w2]").map_err(|error| error.position), Err(4));
}

/// Why a pattern of a public repository is none, by how it begins; everything else is read.
const REFUSED: [(&str, usize, &str); 12] = [
    ("my-filter-pattern", 2, "a placeholder of the guide; a term with a hyphen needs quotes"),
    ("VALID_METRIC_FILTER_PATTERN]", 27, "a placeholder of the guide, cut"),
    ("{$.userIdentity.type=\\\"IAMUser\\\"}", 21, "quotes escaped for the template around it"),
    ("#Send all the logs", 0, "a comment"),
    ("[^:*]*", 1, "the regular expression of a name"),
    ("[^:*$]*", 1, "the regular expression of a name"),
    ("[0-9A-Za-z\\.\\-_/#:]*", 10, "the regular expression of a name"),
    ("[^:*]*$", 1, "the regular expression of a name"),
    ("*", 0, "a wildcard alone, which CloudWatch Logs refuses"),
    ("str | None", 4, "a type of Python"),
    ("filterPattern{i}", 13, "a template"),
    ("Token=", 5, "a term with an equals sign needs quotes"),
];

#[test]
fn patterns_of_public_repositories_are_read_or_refused_for_a_reason() {
    let Some(rows) = real_data("logs-insights/filter_patterns.jsonl") else { return };
    let (mut read, mut refused) = (0, 0);
    for row in rows.lines() {
        let row: serde_json::Value = serde_json::from_str(row).unwrap_or_else(|error| panic!("{error}"));
        let Some(text) = row["pattern"].as_str() else { continue };
        match (
            Pattern::parse(text),
            REFUSED.iter().find(|(start, _, _)| text == *start || (start.len() > 8 && text.starts_with(start))),
        ) {
            (Ok(_), None) => read += 1,
            (Err(error), Some((_, position, _))) => {
                assert_eq!(error.position, *position, "{text}: {error}");
                refused += 1;
            }
            (Ok(_), Some((_, _, why))) => panic!("{text} is read, though it is {why}"),
            (Err(error), None) => panic!("{text}: {error}"),
        }
    }
    assert_eq!((read, refused), (25, 12));
}

proptest! {
    #[test]
    fn what_is_explained_is_what_matches(
        pattern in "(ERROR -b|[?]a [?]é|%[a-c]+%|\\{ [$][.]a = [*]b[*] \\}|\\{ [$][.][*] = %b% \\}|\\[a, b = [*]c[*], [.]{3}\\])",
        line in "(\\{\"a\": ?\"[a-cé ]{0,6}\", \"x\": \\[1, \"b\"\\]\\}|[a-cé ERO\\[\\]\"]{0,24})",
    ) {
        let pattern = Pattern::parse(&pattern).unwrap_or(Pattern::EVERYTHING);
        let marks = pattern.explain(&line);
        prop_assert_eq!(marks.is_some(), pattern.matches(&line));
        let mut end = 0;
        for mark in marks.unwrap_or_default() {
            prop_assert!(mark.start >= end && mark.start < mark.end && line.get(mark.clone()).is_some(), "{mark:?}");
            end = mark.end;
        }
    }
}
