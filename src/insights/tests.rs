use super::*;
use crate::clock::Time;

mod commands;
mod compare;

const LINES: [(&str, &str); 6] = [
    (
        "2026-01-15T10:00:00.100Z",
        r#"{"status":"SUCCESS","latency":0.8,"issuer":"DEMO_Bank","device":{"os":"iOS","tags":["a","b"]},"ok":true,"size":100}"#,
    ),
    (
        "2026-01-15T10:00:30.000Z",
        r#"{"status":"FAILED","latency":24.3,"issuer":"Contoso_Bank","reason":"TSP_TIMEOUT","ok":false,"size":300}"#,
    ),
    (
        "2026-01-15T10:01:00.000Z",
        r#"{"status":"FAILED","latency":8.5,"issuer":"DEMO_Bank","reason":"TSP_TIMEOUT","size":"200"}"#,
    ),
    (
        "2026-01-15T10:01:30.000Z",
        r#"{"status":"SUCCESS","latency":1.2,"issuer":"DEMO_Bank","device":{"os":"Android 14"},"a.b":{"c":7}}"#,
    ),
    ("2026-01-15T10:02:00.000Z", "plain text: user=anna at=12 ERROR"),
    ("2026-01-15T10:02:30.000Z", r#"{"status":"SUCCESS","latency":0.4,"issuer":"Northwind_CU","note":"50% / 2"}"#),
];

fn run(query: &str) -> Run {
    let mut run = parse(query).unwrap_or_else(|error| panic!("{query}: {error}")).start();
    for (time, message) in LINES {
        let time: Time = time.parse().expect("a time");
        run.push(&Record { account: "123456789012", ..Record::new(time, "/app/tokens", "stream-1", message) });
    }
    run
}

/// The rows without `@ptr`, cells joined by `|`, rows by `;`.
fn result(query: &str) -> String {
    let row = |row: Row| {
        row.into_iter().filter(|(name, _)| name != "@ptr").map(|(_, value)| value).collect::<Vec<_>>().join("|")
    };
    run(query).finish().into_iter().map(row).collect::<Vec<_>>().join(";")
}

#[test]
fn filters_count_what_they_let_pass() {
    let cases = [
        ("status = 'FAILED'", 2),
        ("status == \"FAILED\"", 2),
        ("status != \"FAILED\"", 3),
        ("not status = \"FAILED\"", 4),
        ("!(status = \"FAILED\")", 4),
        ("STATUS = \"FAILED\"", 0),
        ("latency > 1", 3),
        ("latency >= 1.2 and latency < 8.5", 1),
        ("size = 200", 1),
        ("size in [100, 200]", 2),
        ("size not in [100, 200]", 1),
        ("status in [\"FAILED\", \"PENDING\"] or latency < 0.5", 3),
        ("@message like /ERROR|TIMEOUT/", 3),
        ("@message like 'error'", 0),
        ("@message like /(?i)error/", 1),
        ("@message =~ /user=\\w+/", 1),
        ("@message not like \"FAILED\"", 4),
        ("reason not like /TIMEOUT/", 0),
        ("ispresent(reason)", 2),
        ("not ispresent(reason)", 4),
        ("device.os like \"iOS\"", 1),
        ("device.tags.1 = \"b\"", 1),
        ("a.b.c = 7", 1),
        ("`a.b.c` = 7", 1),
        ("ok", 1),
        ("ok = 1", 1),
        ("ok = \"true\"", 1),
        ("ok = false", 0),
        ("ok = 0", 1),
        ("device = \"x\" or ispresent(device)", 0),
        ("latency * 2 + 0.6 = 3", 1),
        ("latency - 0.2 * 2 < 0.01 and 2 ^ 3 ^ 2 = 512 and -2 ^ 2 = 4 - 8", 1),
        ("7 % 4 = 3 and 1 / 0 = 1", 0),
        ("@logStream = 'stream-1' and @log = '123456789012:/app/tokens'", 6),
        ("@timestamp >= 1768471320000", 2),
        ("@timestamp >= \"2026-01-15T10:02:00Z\"", 2),
        ("@timestamp >= \"2026-01-15 10:02:00\"", 2),
        ("@timestamp >= '2026-01-15T11:02:00.000+01:00'", 2),
        ("@timestamp < '2026-01-15T10:01Z' and '2026-01-15 10:00' < @timestamp", 2),
        ("@timestamp = '2026-01-15T10:02:00Z' or @timestamp in ['2026-01-15 10:02:30']", 2),
        ("@timestamp >= \"2026-01-15 10:02\" and @timestamp > \"2026-01-14\"", 2),
        ("toupper(issuer) = \"DEMO_BANK\" and strlen(issuer) = 9", 3),
        ("status = 'SUCCESS' # and nothing = 'more'", 3),
    ];
    for (filter, matched) in cases {
        let run = run(&format!("filter {filter}"));
        let expected =
            Statistics { records_scanned: 6, records_matched: matched, bytes_scanned: run.statistics().bytes_scanned };
        assert_eq!(run.statistics(), expected, "{filter}");
        assert_eq!(run.snapshot().len() as u64, matched, "{filter}");
    }
    let bytes: usize = LINES.iter().map(|(_, message)| message.len()).sum();
    assert_eq!(run("filter @message like 'x'").statistics().bytes_scanned, bytes as u64);
}

#[test]
fn rows() {
    let cases = [
        ("fields latency | sort latency desc | limit 2", "24.3;8.5"),
        ("fields latency | limit 2", "0.4;"),
        (
            "fields @timestamp, status | filter status = 'FAILED'",
            "2026-01-15 10:01:00.000|FAILED;2026-01-15 10:00:30.000|FAILED",
        ),
        ("fields status | sort @timestamp asc | limit 1", "SUCCESS"),
        (
            "sort @timestamp | limit 4 | filter status = 'FAILED' | display reason, latency * 2 as twice",
            "TSP_TIMEOUT|48.6;TSP_TIMEOUT|17",
        ),
        (
            "FIELDS issuer | FIELDS size | SORT size DESC, issuer | LIMIT 3",
            "Contoso_Bank|300;DEMO_Bank|200;DEMO_Bank|100",
        ),
        (
            "fields concat(issuer, '/', status) as both | filter both like 'Northwind' | display both",
            "Northwind_CU/SUCCESS",
        ),
        (
            "fields coalesce(reason, 'none') as why, ok | filter ok = 1 or reason = 'TSP_TIMEOUT'",
            "TSP_TIMEOUT;TSP_TIMEOUT|0;none|1",
        ),
        ("parse @message 'user=* at=* ' as user, at | filter at > 10 | display user, at + 1", "anna|13"),
        ("parse @message /user=(?<@user>\\w+)/ | filter ispresent(@user) | fields @user", "anna"),
        ("parse 'plain text: *' as rest | filter rest like 'user' | display rest", "user=anna at=12 ERROR"),
        ("parse @message 'TIMEOUT' as timeouts | stats count(timeouts) as n", "2"),
        (
            "filter latency = 0.8 | parse issuer '*_' as bank",
            "2026-01-15 10:00:00.100|{\"status\":\"SUCCESS\",\"latency\":0.8,\"issuer\":\"DEMO_Bank\",\"device\":{\"os\":\"iOS\",\"tags\":[\"a\",\"b\"]},\"ok\":true,\"size\":100}|DEMO",
        ),
        ("dedup status | fields status, latency", "SUCCESS|0.4;;FAILED|8.5"),
        (
            "filter ispresent(status) | sort latency desc | dedup issuer | fields issuer | limit 2",
            "Contoso_Bank;DEMO_Bank",
        ),
        ("filter latency = 1.2 | fields latency as a, a + 1 as b | display b, a", "2.2|1.2"),
        (
            "filter latency = 1.2 | fields abs(-3), ceil(1.2), floor(-1.2), round(2.5), greatest(1, 7, latency), least(4, 2)",
            "3|2|-2|3|7|2",
        ),
        (
            "filter latency = 1.2 | fields substr('abcdef', 2, 3), trim('  x '), replace('a-b-c', '-', '+'), strcontains('abc', 'bc')",
            "cde|x|a+b+c|1",
        ),
        ("filter latency = 1.2 | fields isempty(''), isblank('  '), isempty(nothing), isblank('x')", "1|1|1|0"),
        (
            "filter latency = 1.2 | fields datefloor(@timestamp, 1m), dateceil(@timestamp, 1h), tomillis(@timestamp), frommillis(0)",
            "2026-01-15 10:01:00.000|2026-01-15 11:00:00.000|1768471290000|1970-01-01 00:00:00.000",
        ),
        (
            "filter latency = 1.2 | fields isIpv4InSubnet('192.0.2.7', '192.0.2.0/24'), isIpInSubnet('10.0.0.1', '192.0.2.0/24')",
            "1|0",
        ),
    ];
    for (query, expected) in cases {
        assert_eq!(result(query), expected, "{query}");
    }
}

#[test]
fn statistics() {
    let cases = [
        ("stats count(*)", "6"),
        ("stats count(*) as all, count(latency), count_distinct(issuer), count()", "6|5|3|6"),
        ("stats sum(latency), avg(size), min(latency), max(latency)", "35.2|200|0.4|24.3"),
        (
            "stats pct(latency, 50), pct(latency, 90), pct(latency, 0), pct(latency, 100), median(latency)",
            "1.2|24.3|0.4|24.3|1.2",
        ),
        ("stats stddev(size), stddev(nothing), sum(nothing), count(nothing)", "100|0"),
        ("stats count(*) as n by status", "FAILED|2;SUCCESS|3;1"),
        ("stats count(*) by bin(1m)", "2026-01-15 10:02:00.000|2;2026-01-15 10:01:00.000|2;2026-01-15 10:00:00.000|2"),
        ("stats count(*) as n by bin(2m) as t | sort t", "2026-01-15 10:00:00.000|4;2026-01-15 10:02:00.000|2"),
        (
            "filter ispresent(status) | stats sum(status = 'FAILED') / count(*) * 100 as rate by issuer | sort rate desc",
            "Contoso_Bank|100;DEMO_Bank|33.3333;Northwind_CU|0",
        ),
        ("stats max(size) as most, min(size) as least, most - least as range", "300|100|200"),
        (
            "stats earliest(status), latest(issuer), earliest(@timestamp)",
            "SUCCESS|Northwind_CU|2026-01-15 10:00:00.100",
        ),
        ("stats count(*) by issuer | sort count(*) desc | limit 1", "DEMO_Bank|3"),
        ("stats count(*) as n by issuer | filter n > 2 | display n", "3"),
        (
            "stats count(*) as n by issuer, status | stats max(n) as top by status | sort top desc, status",
            "SUCCESS|2;FAILED|1;1",
        ),
        ("limit 2 | stats count(*)", "2"),
        ("stats ceil(avg(latency)) as c", "8"),
        ("filter nothing = 1 | stats count(*)", ""),
        ("fields strlen(status) as length | stats avg(length) by status | fields status", "FAILED|6;SUCCESS|7;"),
    ];
    for (query, expected) in cases {
        assert_eq!(result(query), expected, "{query}");
    }
}

#[test]
fn errors_say_where() {
    let cases = [
        ("", 0, "expected a command, but the query ends"),
        ("filter", 6, "expected a value, but the query ends"),
        ("| limit 3", 0, "expected a command, but there is `|`"),
        ("feilds a", 0, "unknown command `feilds`; did you mean `fields`?"),
        ("anomaly", 0, "the local engine does not do `anomaly`: its model is the service's"),
        ("fields a | dif", 11, "unknown command `dif`; did you mean `diff`?"),
        ("fields a | where b = 1", 11, "this is OpenSearch PPL, not the Logs Insights language"),
        ("SELECT * FROM x", 0, "this is SQL, not the Logs Insights language"),
        ("unnest a.b to c", 11, "expected `into`, but there is `to`"),
        ("filter a like /(?!b)/", 14, "the local engine does not look around in regular expressions"),
        ("filter a[x] = 1", 9, "expected a number or a name in quotes, but there is `x`"),
        ("fillmissing", 0, "`fillmissing` comes after `stats … by bin(…)`"),
        ("fields a |", 10, "expected a command, but the query ends"),
        ("fields a b", 9, "expected `|` or the end of the query, but there is `b`"),
        ("filter a = ", 11, "expected a value, but the query ends"),
        ("filter a ~= 'b'", 9, "`~=` is not an operator; did you mean `=~`?"),
        ("filter a = 'b", 11, "this text is never closed"),
        ("filter `a = 1", 7, "this name is never closed"),
        ("filter a like b", 14, "expected a text in quotes or a regular expression between slashes, but there is `b`"),
        ("filter a like /b", 14, "this regular expression has no closing `/`"),
        ("filter a like /(b/", 14, "this regular expression is not valid"),
        ("filter a not b", 13, "expected `like` or `in`, but there is `b`"),
        ("filter a in (1)", 12, "expected `[`, but there is `(`"),
        ("filter a + 1 in (SOURCE 'x')", 16, "only a field can be looked for in a query in parentheses"),
        ("filter a in (SOURCE 'x' | filter b in (SOURCE 'y'))", 39, "queries in parentheses do not nest"),
        ("join left=a right=b where a.id=c.id (SOURCE 'x')", 26, "the fields to join by are written `a.field=b.field`"),
        ("join where a.id=b.id (SOURCE 'x')", 11, "a join names both sides: `left=` and `right=`"),
        ("filter a and and b", 13, "expected a value, but there is `and`"),
        ("filter (a = 1", 13, "expected `)`, but the query ends"),
        ("filter ispresnt(a)", 7, "unknown function `ispresnt`; did you mean `ispresent`?"),
        ("fields strlen()", 7, "`strlen` takes 1 argument"),
        ("fields strlen(a, b)", 7, "`strlen` takes 1 argument"),
        ("fields substr(a)", 7, "`substr` takes 2 to 3 arguments"),
        ("fields concat()", 7, "`concat` takes 1 or more arguments"),
        ("fields count(*)", 7, "`count` belongs directly into `stats`"),
        ("stats avg(max(a))", 10, "`max` belongs directly into `stats`"),
        ("stats count(*) by sum(a)", 18, "`sum` belongs directly into `stats`"),
        ("stats pct(a)", 11, "expected `,`, but there is `)`"),
        ("stats pct(a, 101)", 13, "a percentile is a number from 0 to 100"),
        ("stats count(*) by bin(5x)", 22, "`5x` is neither a number nor a span such as 5m"),
        ("stats count(*) by bin(5)", 23, "expected `,`, but there is `)`"),
        ("stats count(*) as", 17, "expected a name, but the query ends"),
        ("limit 0", 6, "a limit is a whole number from 1 to 100,000"),
        ("limit x", 6, "expected a number of rows, but there is `x`"),
        ("parse @message 'a* b*' as x", 15, "the glob has 2 `*`, but there are 1 names"),
        ("parse @message /a(b)/", 15, "the regular expression names no group: write `(?<name>…)`"),
        ("parse @message 'a*'", 19, "expected `as` and a name for each `*`, but the query ends"),
        ("limit 1 | source 'a'", 10, "`source` comes first"),
        ("source logGruops()", 7, "unknown source `logGruops`; did you mean `logGroups`?"),
        ("source logGroups(name: 'a')", 17, "log groups are chosen by `namePrefix`, `accountIdentifiers` and `class`"),
        ("source dataSource('a')", 7, "the local engine knows log groups, but no data sources"),
    ];
    for (query, position, message) in cases {
        let error = parse(query).err().map(|error| (error.position, error.message));
        assert_eq!(error, Some((position, message.to_owned())), "{query}");
    }
}

#[test]
fn monstrous_queries_are_refused() {
    let nested =
        |open: &str, close: &str, count: usize| format!("filter {}1{}", open.repeat(count), close.repeat(count));
    assert!(parse(&nested("(", ")", 2000)).is_err());
    assert!(parse(&nested("- ", "", 2000)).is_err());
    assert!(parse(&nested("not ", "", 2000)).is_err());
    assert!(parse(&nested("2^", "", 2000)).is_err());
    assert!(parse(&nested("abs(", ")", 1500)).is_err());
    assert!(parse(&nested("", "+1", 4000)).is_err());
    assert!(parse(&nested("", " or 1", 1500)).is_ok());
    assert_eq!(parse(&" ".repeat(10_001)).err().map(|error| error.position), Some(10_000));
}

#[test]
fn sources_are_named() {
    let query = parse("SOURCE 'a', \"b\" | SOURCE 'c' | stats count(*)").expect("a query");
    assert_eq!(query.sources(), ["a", "b", "c"]);
    assert!(query.aggregates());
}

#[test]
fn a_long_run_keeps_what_counts() {
    let query = parse("fields n | filter n % 2 = 0 | sort n desc | limit 3").expect("a query");
    let mut run = query.start();
    for step in 0..1000_u64 {
        let n = step * 7919 % 1000;
        let message = format!(r#"{{"n":{n}}}"#);
        run.push(&Record::new("2026-01-15T10:00:00Z".parse().expect("a time"), "g", "s", &message));
    }
    let numbers: Vec<_> = run.snapshot().into_iter().map(|row| row[0].1.clone()).collect();
    assert_eq!(numbers, ["998", "996", "994"]);
    assert_eq!(run.statistics().records_matched, 500);
    let row = run.finish().remove(0);
    assert_eq!(row.len(), 2);
    assert!(row[1].0 == "@ptr" && !row[1].1.is_empty());
}

#[test]
fn a_lambda_line_with_json_in_it_is_searched() {
    let mut run = parse("filter level = 'error'").expect("a query").start();
    let time = "2026-01-15T10:00:00Z".parse().expect("a time");
    let message = "2026-01-15T10:00:00Z abc ERROR {\"level\":\"error\"} more";
    run.push(&Record::new(time, "/aws/lambda/f", "s", message));
    run.push(&Record::new(time, "/ecs/f", "s", message));
    assert_eq!(run.statistics().records_matched, 1);
}
