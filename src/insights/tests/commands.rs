use super::*;

/// Rows of a query whose queries in parentheses see the same records.
fn nested(query: &str) -> String {
    let query = parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let feed = |run: &mut Run| {
        for (time, message) in LINES {
            run.push(&Record::new(time.parse().expect("a time"), "/app/tokens", "stream-1", message));
        }
    };
    for subquery in query.subqueries() {
        let mut run = subquery.query().start();
        feed(&mut run);
        subquery.answer(run.finish());
    }
    let mut run = query.start();
    feed(&mut run);
    let row = |row: Row| {
        row.into_iter().filter(|(name, _)| name != "@ptr").map(|(_, value)| value).collect::<Vec<_>>().join("|")
    };
    run.finish().into_iter().map(row).collect::<Vec<_>>().join(";")
}

#[test]
fn queries_in_parentheses_are_answered_first() {
    let cases = [
        (
            "filter issuer in (SOURCE 'x' | filter status = 'FAILED' | fields issuer) | fields issuer, status | sort latency",
            "DEMO_Bank|SUCCESS;DEMO_Bank|SUCCESS;DEMO_Bank|FAILED;Contoso_Bank|FAILED",
        ),
        (
            "filter issuer not in (SOURCE 'x' | stats count(*) as n by issuer | filter n > 1) | stats count(*) as n by issuer",
            "Contoso_Bank|1;Northwind_CU|1",
        ),
        (
            "filter status = 'FAILED' | join type=inner left=a right=b where a.issuer=b.issuer (SOURCE 'x' | filter status = 'SUCCESS') \
             | fields a.issuer, a.latency, b.latency | sort b.latency",
            "DEMO_Bank|8.5|0.8;DEMO_Bank|8.5|1.2",
        ),
        (
            "filter status = 'FAILED' | join type=left left=a right=b where b.issuer=a.issuer (SOURCE 'x' | filter status = 'SUCCESS' | \
             stats count(*) as n by issuer) | display a.issuer, b.n | sort a.issuer",
            "Contoso_Bank;DEMO_Bank|2",
        ),
        (
            "join left=a right=b where a.issuer=b.issuer (SOURCE 'x') | stats count(*) as n by a.issuer | sort n desc, a.issuer",
            "DEMO_Bank|9;Contoso_Bank|1;Northwind_CU|1",
        ),
    ];
    for (query, expected) in cases {
        assert_eq!(nested(query), expected, "{query}");
    }
    let query = parse("filter a in (SOURCE 'one', 'two' | fields a)").expect("a query");
    assert_eq!(query.subqueries()[0].query().sources(), ["one", "two"]);
    let mut run = query.start();
    run.push(&Record::new(Time::default(), "g", "s", "{\"a\":1}"));
    assert_eq!(run.statistics().records_matched, 0, "without an answer nothing is in it");
}

#[test]
fn patterns_are_counted() {
    let lines = ["user 1 in 10ms: ERROR", "user 2 in 7ms: ERROR", "started at 10.0.0.1", "user 3 in 1ms: ERROR"];
    let result = |query: &str| {
        let mut run = parse(query).expect("a query").start();
        for line in lines {
            run.push(&Record::new(Time::default(), "g", "s", line));
        }
        let row = |row: Row| row.into_iter().map(|(_, value)| value).collect::<Vec<_>>().join("|");
        run.finish().into_iter().map(row).collect::<Vec<_>>().join(";")
    };
    let all = "user <Number-1> in <Number-2>: ERROR|0.75|3|Error;started at <IP-1>|0.25|1";
    assert_eq!(result("pattern @message"), all);
    assert_eq!(result("fields @message | filter @message like /user/ | pattern @message | display @sampleCount"), "3");
    assert_eq!(
        result("sort @timestamp | limit 3 | pattern toupper(@message) | fields @sampleCount as n | sort n | limit 1"),
        "STARTED AT <IP-1>|0.3333|1|1"
    );
}

#[test]
fn series_look_at_rows_in_their_order() {
    let cases = [
        ("fields latency | sort latency | limit 3 | accum latency as sum", "0.4|0.4;0.8|1.2;1.2|2.4"),
        ("fields latency | sort latency | limit 3 | autoregress latency p=1-2", "0.4;0.8|0.4;1.2|0.8|0.4"),
        ("fields latency | sort latency | limit 2 | autoregress latency as before", "0.4;0.8|0.4"),
        (
            "filter ispresent(status) | fields reason | sort @timestamp | filldown",
            ";TSP_TIMEOUT;TSP_TIMEOUT;TSP_TIMEOUT;TSP_TIMEOUT",
        ),
        (
            "filter ispresent(status) | fields reason | sort @timestamp desc | filldown rea*",
            ";;TSP_TIMEOUT;TSP_TIMEOUT;TSP_TIMEOUT",
        ),
        (
            "filter status = 'FAILED' or ispresent(note) | stats count(*) as n by bin(30s) as t | fillmissing with 0 for n | display n",
            "1;0;0;1;1",
        ),
        (
            "stats count(*) as n, sum(latency) as s by status | addtotals col=true n, s",
            "FAILED|2|32.8|34.8;SUCCESS|3|2.4|5.4;1|1;6|35.2|41.2",
        ),
        (
            "filter ispresent(issuer) | sessionize issuer maxspan 45s as s | sort @timestamp | display issuer, s",
            "DEMO_Bank|1;Contoso_Bank|2;DEMO_Bank|3;DEMO_Bank|3;Northwind_CU|4",
        ),
        ("countFrequent status | limit 1", "SUCCESS|3"),
    ];
    for (query, expected) in cases {
        assert_eq!(result(query), expected, "{query}");
    }
}

#[test]
fn every_form_of_source_is_read() {
    let query = parse(
        "SOURCE logGroups(namePrefix: ['/a', \"/b\"], class: 'STANDARD', accountIdentifiers: ['111122223333']) | limit 1",
    );
    let query = query.expect("a query");
    let selection = query.selection().expect("a selection");
    assert_eq!(
        (selection.prefixes.len(), selection.accounts.len(), selection.class.as_deref()),
        (2, 1, Some("STANDARD"))
    );
    assert!(selection.takes("/b/c") && !selection.takes("/c"));
    assert!(parse("SOURCE logGroups() | limit 1").expect("a query").selection().is_some_and(|it| it.takes("/x")));
    assert_eq!(parse("SOURCE lg | limit 1").expect("a query").sources(), ["lg"]);
    for text in [
        "SOURCE lg start=-1d end=now | logcompare timeshift 7d",
        "parse @message logfmt",
        "stats rate(a, 1m) by bin(1m)",
        "stats count(*) by bin(5m) offset 1h",
        "relevantfields a, b where a > 1",
        "appendcols max=5 ( SOURCE lg | limit 1 )",
        "fields a | anomaly",
    ] {
        let refusal = check(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(refusal.is_some_and(|it| it.fault == Fault::Local && it.position < it.end), "{text}");
        assert!(parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_query_tells_what_it_shows() {
    let query = parse("filter a = 1 | stats avg(b) as mean by bin(5m) as t, c | sort t").expect("a query");
    let names: Vec<String> = query.columns().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["t", "c", "mean"]);
    assert_eq!(query.binned().as_deref(), Some("t"));
    assert_eq!(query.commands(), ["filter", "stats", "sort"]);
    assert_eq!(parse("fields a").expect("a query").binned(), None);
}
