use super::*;

/// The rows of a query over a minute of lines and the minute before.
fn compared(query: &str) -> String {
    let query = parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let own = (time("2026-01-15T10:01:00Z"), time("2026-01-15T10:02:00Z"));
    query.over(own);
    let mut run = query.start();
    let lines = [
        ("2026-01-15T10:00:10Z", "user 1 logged in"),
        ("2026-01-15T10:00:20Z", "user 2 logged in"),
        ("2026-01-15T10:00:30Z", "cache refreshed"),
        ("2026-01-15T10:01:10Z", "user 3 logged in"),
        ("2026-01-15T10:01:20Z", "ERROR order 7 failed"),
        ("2026-01-15T10:01:30Z", "ERROR order 8 failed"),
        ("2026-01-15T10:01:40Z", "ERROR order 9 failed"),
        ("2026-01-15T10:02:00Z", "user 4 logged in"),
        ("2026-01-14T10:01:30Z", "user 5 logged in"),
    ];
    for (at, message) in lines {
        run.push(&Record::new(time(at), "g", "s", message));
    }
    let row = |row: Row| row.into_iter().map(|(_, value)| value).collect::<Vec<_>>().join("|");
    assert_eq!(run.snapshot(), run.snapshot());
    run.finish().into_iter().map(row).collect::<Vec<_>>().join(";")
}

fn time(text: &str) -> Time {
    text.parse().expect("a time")
}

#[test]
fn patterns_are_compared_with_the_time_before() {
    let all = "ERROR order <Number-1> failed|0.75|3|Error|0|3|new;user <Number-1> logged in|0.25|1|2|-1|less often;\
               cache refreshed|0|0|1|-1|gone";
    for query in
        ["diff", "pattern @message | diff", "diff | pattern @message", "fields @message | sort @timestamp | diff"]
    {
        assert_eq!(compared(query), all, "{query}");
    }
    let day = "ERROR order <Number-1> failed|0.75|3|Error|0|3|new;user <Number-1> logged in|0.25|1|1|0|as often";
    for query in ["diff previousDay", "DIFF PREVIOUSDAY", "logcompare timeshift 1d"] {
        assert_eq!(compared(query), day, "{query}");
    }
    let cases = [
        ("filter @message like /user/ | pattern @message | diff", "user <Number-1> logged in|1|1|2|-1|less often"),
        ("diff | filter @differenceDescription = 'gone' | display @pattern", "cache refreshed"),
        ("diff | stats sum(@difference) as d, count(*) as n", "1|3"),
        ("pattern @message | sort @sampleCount | limit 2 | diff | display @sampleCount", "0;1"),
        // A limit before it holds for each window.
        (
            "sort @timestamp | limit 1 | diff | display @pattern, @sampleCount, @previousCount",
            "user <Number-1> logged in|1|1",
        ),
        ("dedup @message | limit 3 | diff | display @sampleCount, @previousCount", "3|0;0|2;0|1"),
    ];
    for (query, expected) in cases {
        assert_eq!(compared(query), expected, "{query}");
    }
    let query = parse("pattern @message | diff").expect("a query");
    let own = (time("2026-01-15T10:01:00Z"), time("2026-01-15T10:02:00Z"));
    assert_eq!(query.windows(own).len(), 2);
    query.over(own);
    assert_eq!(query.start().compared().expect("two windows").windows[1].1, own.0);
    assert_eq!(parse("pattern @message").expect("a query").windows(own), [own]);
}

#[test]
fn what_is_not_compared_is_refused_with_its_place() {
    for (text, position, local) in [
        ("stats count(*) by a | diff", 22, true),
        ("filter a in (SOURCE 'x' | diff)", 26, true),
        ("pattern a | pattern b | diff", 24, true),
        ("diff | diff", 7, false),
        ("diff previousYear", 5, false),
        ("logcompare timeshift 3", 21, false),
        ("logcompare 3d", 11, false),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!((error.position, error.fault == Fault::Local), (position, local), "{text}: {error}");
        assert!(error.end > error.position, "{text}");
    }
}

#[test]
fn rows_get_columns_of_a_table() {
    let sheet = Sheet {
        names: ["bank", "status", "country", "tier"].map(str::to_owned).to_vec(),
        rows: [
            ["DEMO_Bank", "FAILED", "DE", "1"],
            ["DEMO_Bank", "SUCCESS", "AT", ""],
            ["DEMO_Bank", "FAILED", "FR", "2"],
            ["Northwind_CU", "SUCCESS", "CH", "3"],
        ]
        .map(|row| row.map(str::to_owned).to_vec())
        .to_vec(),
    };
    let looked_up = |text: &str| {
        let query = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        for lookup in query.lookups() {
            assert!(!lookup.is_answered());
            lookup.answer(&sheet).expect("its columns");
        }
        let mut run = query.fresh().start();
        for (time, message) in LINES {
            run.push(&Record::new(time.parse().expect("a time"), "/app/tokens", "stream-1", message));
        }
        let row = |row: Row| {
            row.into_iter().filter(|(name, _)| name != "@ptr").map(|(_, value)| value).collect::<Vec<_>>().join("|")
        };
        run.finish().into_iter().map(row).collect::<Vec<_>>().join(";")
    };
    let cases = [
        (
            "filter ispresent(issuer) | lookup banks bank as issuer OUTPUT country | fields issuer | sort @timestamp",
            "DE|DEMO_Bank;Contoso_Bank;DE|DEMO_Bank;DE|DEMO_Bank;CH|Northwind_CU",
        ),
        (
            "fields issuer | lookup banks bank as issuer, status OUTPUT country, tier | filter ispresent(country) | sort @timestamp",
            "DEMO_Bank|AT|;DEMO_Bank|DE|1;DEMO_Bank|AT|;Northwind_CU|CH|3",
        ),
        // What the record has of that name is hidden where the table has a row.
        (
            "lookup banks bank as issuer OUTPUT status | stats count(*) as n by status | sort n desc | limit 1",
            "FAILED|4",
        ),
        (
            "stats count(*) as n by issuer | lookup banks bank as issuer OUTPUT tier | sort n desc | limit 1",
            "DEMO_Bank|3|1",
        ),
    ];
    for (query, expected) in cases {
        assert_eq!(looked_up(query), expected, "{query}");
    }
    let query = parse("lookup my-table a OUTPUT `b c` | lookup \"t 2\" a as x.y OUTPUT d").expect("a query");
    let names: Vec<(&str, _)> = query.lookups().map(|lookup| (lookup.name.as_str(), lookup.place.clone())).collect();
    assert_eq!(names, [("my-table", 7..15), ("t 2", 40..45)]);
    assert_eq!(query.lookups().next().expect("one").answer(&sheet), Err("a".to_owned()));
    for text in ["lookup t a OUTPUT", "lookup t OUTPUT a", "lookup t a as b, OUTPUT c", "lookup"] {
        assert_eq!(parse(text).expect_err(text).fault, Fault::Syntax, "{text}");
    }
}

#[test]
fn a_first_row_of_each_is_kept_whatever_comes_before() {
    let query = "fields @timestamp, status | sort latency desc | dedup status | display status, latency";
    assert_eq!(result(query), "FAILED|24.3;SUCCESS|1.2;");
    assert_eq!(result("dedup issuer | display issuer"), "Northwind_CU;;DEMO_Bank;Contoso_Bank");
    assert_eq!(result("dedup issuer, status | stats count(*) as n"), "5");
    // Of many records alike, few are kept.
    let mut run = parse("dedup a").expect("a query").start();
    for number in 0..10_000_u32 {
        run.push(&Record::new(Time::default(), "g", "s", &format!("{{\"a\":{},\"n\":{number}}}", number % 7)));
    }
    assert_eq!(run.snapshot().len(), 7);
    assert_eq!(run.kept(), 7);
    // What lacks the field is no double; the newest of it are kept, however many come, and the first of each.
    let mut run = parse("fields n | dedup a | limit 5").expect("a query").start();
    for number in 0..1_000_u32 {
        let message = if number % 3 == 0 {
            format!("{{\"n\":{number}}}")
        } else {
            format!("{{\"a\":{},\"n\":{number}}}", number % 7)
        };
        run.push(&Record::new(Time::default() + chrono::TimeDelta::seconds(number.into()), "g", "s", &message));
        assert!(run.kept() < 11);
    }
    let shown: Vec<String> = run.finish().iter().map(|row| row[0].1.clone()).collect();
    assert_eq!(shown, ["999", "998", "997", "996", "995"]);
    let mut run = parse("fields n | dedup a | limit 5").expect("a query").start();
    for number in (0..1_000_u32).rev() {
        let message = format!("{{\"a\":{},\"n\":{number}}}", number % 4);
        run.push(&Record::new(Time::default() + chrono::TimeDelta::seconds(number.into()), "g", "s", &message));
    }
    let shown: Vec<String> = run.finish().iter().map(|row| row[0].1.clone()).collect();
    assert_eq!(shown, ["999", "998", "997", "996"]);
}
