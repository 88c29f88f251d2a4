//! What lines come to, and what is wrong where.

use super::*;
use crate::board;

fn lambda(name: &str, stat: &str, period_s: u32) -> MetricQuery {
    MetricQuery::stat("AWS/Lambda", name, &[("FunctionName", "f")], stat, period_s)
}

fn reference_board() -> Board {
    board::preset("token-provisioning").expect("the preset")
}

fn one(text: &str) -> Line {
    let board = reference_board();
    let mut lines = parse(text, &Scope::new(&board), 1).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(lines.len(), 1, "{text}");
    lines.remove(0)
}

#[test]
fn references_name_one_statistic() {
    let stat = MetricQuery::stat;
    let cases = [
        ("AWS/Lambda:Errors{FunctionName=f}:Sum:60", lambda("Errors", "Sum", 60)),
        ("AWS/Lambda:Errors{FunctionName=f}:Sum:5m", lambda("Errors", "Sum", 300)),
        ("AWS/Lambda:Errors{ FunctionName = f }:Sum", lambda("Errors", "Sum", 60)),
        ("AWS/Lambda:Errors{FunctionName=f}", lambda("Errors", "Sum", 60)),
        ("AWS/Lambda:Duration{FunctionName=f}", lambda("Duration", "Average", 60)),
        ("AWS/Lambda:Duration{FunctionName=f}:p99.9:1h", lambda("Duration", "p99.9", 3_600)),
        ("AWS/Lambda:Duration{FunctionName=f}:TM(5%:95%):60s", lambda("Duration", "TM(5%:95%)", 60)),
        ("AWS/Lambda:Duration{FunctionName=f}:PR(:300)", lambda("Duration", "PR(:300)", 60)),
        (
            "AWS/Kafka:SumOffsetLag{Consumer Group=a b, Cluster Name=payments}:Maximum",
            stat(
                "AWS/Kafka",
                "SumOffsetLag",
                &[("Cluster Name", "payments"), ("Consumer Group", "a b")],
                "Maximum",
                60,
            ),
        ),
        (r#""My: NS":"a \"b\"{}"{"x=y"="1,2"}:Sum"#, stat("My: NS", r#"a "b"{}"#, &[("x=y", "1,2")], "Sum", 60)),
        (
            "AWS/Kinesis:GetRecords.IteratorAgeMilliseconds:Maximum",
            stat("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", &[], "Maximum", 60),
        ),
    ];
    for (text, query) in cases {
        let line = one(text);
        assert_eq!((line.id.as_str(), &line.query), ("m1", &query), "{text}");
        assert_eq!(one(&super::text(&query)).query, query, "{text} written again: {}", super::text(&query));
    }
    assert_eq!(one("N:M:Sum@123456789012").query.account.as_deref(), Some("123456789012"));
}

#[test]
fn math_stands_on_references_and_ids() {
    let line =
        one("rate = 100 * AWS/Lambda:Errors{FunctionName=f}:Sum / AWS/Lambda:Invocations{FunctionName=f}:Sum:5m");
    assert_eq!((line.id.as_str(), line.query.period_s), ("rate", 300));
    let MetricSource::Expression { text, inputs } = &line.query.source else { panic!("{line:?}") };
    assert_eq!(text, "100 * m1 / m2");
    assert_eq!(inputs[0], ("m1".to_owned(), lambda("Errors", "Sum", 60)));
    assert_eq!(inputs[1], ("m2".to_owned(), lambda("Invocations", "Sum", 300)));
    let again = one(&super::text(&line.query)).query;
    assert_eq!(again, line.query, "{}", super::text(&line.query));

    let same = one("N:M:Sum + N:M:Sum");
    assert!(matches!(&same.query.source, MetricSource::Expression { text, .. } if text == "m1 + m1"), "{same:?}");
}

#[test]
fn the_boards_ids_mean_what_the_board_means() {
    let board = reference_board();
    for (id, query) in &board.metrics {
        let line = one(id);
        assert_eq!((line.id.as_str(), &line.query), (id.as_str(), query));
    }
    let rate = one("success_rate");
    assert_eq!(rate.title, "Success rate");
    let of_period = Scope { period_s: Some(300), ..Scope::new(&board) };
    let five = parse("success_rate", &of_period, 1).expect("valid").remove(0).query;
    let MetricSource::Expression { inputs, .. } = &five.source else { panic!("{five:?}") };
    assert!(five.period_s == 300 && inputs.iter().all(|(_, input)| input.period_s == 300));

    let chart = &board.charts[0];
    let lines = parse(&chart.id, &Scope::new(&board), 1).expect("valid");
    let ids: Vec<&str> = lines.iter().map(|line| line.id.as_str()).collect();
    assert_eq!(ids, chart.series.iter().map(|series| series.id.as_str()).collect::<Vec<_>>());
}

#[test]
fn searches_sql_and_labels() {
    let line = one(
        "SEARCH('{TokenServices,WalletProvider,Issuer} failure', 'Sum', 300) as \"${PROP('Dim.Issuer')}: ${LAST}\"",
    );
    assert_eq!((line.id.as_str(), line.query.period_s), ("e1", 300));
    assert_eq!(line.query.label.as_deref(), Some("${PROP('Dim.Issuer')}: ${LAST}"));
    assert_eq!(one(&super::text(&line.query)).query, line.query);
    let sql = one("  SELECT SUM(Errors) FROM SCHEMA(\"AWS/Lambda\", FunctionName) GROUP BY \"FunctionName\"");
    assert_eq!((sql.query.period_s, &sql.query.label), (60, &None));
    assert!(matches!(&sql.query.source, MetricSource::Expression { text, .. } if text.starts_with("SELECT")));
    assert_eq!(one("N:\"has\"").query, MetricQuery::stat("N", "has", &[], "Average", 60), "no label");
}

#[test]
fn lines_build_on_one_another() {
    let board = reference_board();
    let texts = ["N:A:Sum", "b = N:B:Sum", "m1 + b", "SUM(METRICS())", "e3 / MAX(METRICS('b'))"];
    let lines = parse_all(&texts, Scope::new(&board)).expect("valid");
    let ids: Vec<&str> = lines.iter().map(|line| line.id.as_str()).collect();
    assert_eq!(ids, ["m1", "b", "e3", "e4", "e5"]);
    let texts: Vec<&str> = lines
        .iter()
        .filter_map(|line| match &line.query.source {
            MetricSource::Expression { text, .. } => Some(text.as_str()),
            MetricSource::Stat { .. } => None,
        })
        .collect();
    assert_eq!(texts, ["m1 + b", "SUM([m1,b])", "e3 / MAX([b])"]);
    let whole = super::text(&lines[4].query);
    assert_eq!(whole, "(N:A:Sum:60s + N:B:Sum:60s) / MAX([N:B:Sum:60s])");
    assert_eq!(one(&whole).query.period_s, 60);
    let (index, error) = parse_all(&["N:A:Sum", "x + 1"], Scope::new(&board)).expect_err("x is nothing");
    assert_eq!((index, error.position), (1, 0));
}

#[test]
fn faults_are_named_at_their_place() {
    let cases = [
        ("", 0, "there is no expression"),
        ("e = ", 3, "there is no expression"),
        ("E = 1", 0, "'E' is no id"),
        ("AWS/Lambda:", 11, "expected the metric's name"),
        ("AWS/Lambda:Errors{FunctionName}:Sum", 30, "expected = and the dimension's value"),
        ("AWS/Lambda:Errors{FunctionName=}:Sum", 31, "expected the dimension's value"),
        ("AWS/Lambda:Errors{A=1,A=2}", 22, "the dimension A is named twice"),
        ("AWS/Lambda:Errors{A=1", 21, "expected , or }"),
        ("AWS/Lambda:Errors:Summ", 18, "no statistic 'Summ'; did you mean Sum? There are Average,"),
        ("AWS/Lambda:Errors:p101", 18, "no statistic 'p101'"),
        ("AWS/Lambda:Errors:Sum:45", 22, "a period is"),
        ("AWS/Lambda:Errors:Sum@1", 22, "an account is twelve digits"),
        ("1 + AWS/Lambda:Errors:Summ", 22, "no statistic 'Summ'"),
        ("100 * N:A:Sum / N:B:Sum)", 23, "Unexpected ')'"),
        ("N:A:Sum + nothing", 10, "no metric 'nothing'"),
        ("requets", 0, "no metric 'requets'; did you mean 'requests'?"),
        ("N:A:Sum + SUMM(N:B:Sum)", 10, "no function 'SUMM'; did you mean SUM?"),
        ("r = SEARCH('{A', 'Sum', 60)", 14, "Expected ',' or '}'"),
        ("SEARCH('{A}', 'Sume', 60)", 15, "no statistic 'Sume'"),
        ("SEARCH('{A}', 'Sum', 7)", 21, "the period is"),
        ("SEARCH('{A}')", 0, "SEARCH takes"),
        ("s = SELECT AVG(a) FROM", 22, "the query ends here"),
        ("SUM(METRICS())", 4, "METRICS() stands for"),
        ("42", 0, "this is no time series"),
        ("N:A:Sum as \"\"", 11, "the label is empty"),
        ("\"N:A", 0, "Unterminated string"),
    ];
    let board = reference_board();
    for (text, position, message) in cases {
        let error = parse(text, &Scope::new(&board), 1).expect_err(text);
        assert!(error.message.starts_with(message), "{text}: {error}");
        assert_eq!(error.position, position, "{text}: {error}");
    }
}

#[test]
fn periods_are_cloudwatchs() {
    for (text, seconds) in
        [("60", 60), ("60s", 60), ("5m", 300), ("1h", 3_600), ("1d", 86_400), ("10s", 10), ("30", 30)]
    {
        assert_eq!(period(text), Some(seconds), "{text}");
        assert_eq!(period(&period_text(seconds)), Some(seconds), "{text}");
    }
    for text in ["", "0", "s", "-60", "45", "1.5m", "90", "99999999999d", "366d", "1w"] {
        assert_eq!(period(text), None, "{text}");
    }
}

mod any_text {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,60}") {
            let board = reference_board();
            if let Err(error) = parse(&text, &Scope::new(&board), 1) {
                prop_assert!(error.position <= text.len());
            }
        }

        #[test]
        fn pieces_of_the_grammar_never_panic(pieces in prop::collection::vec(prop::sample::select(vec![
            "AWS/Lambda", ":", "Errors", "{", "}", "=", ",", "\"", "'", "Sum", "TM(", ")", "as ", " ", "METRICS(", "SEARCH(",
            "SELECT ", "FROM ", "m1", "+", "@", "60s", "é", "\\",
        ]), 0..14)) {
            let text = pieces.concat();
            let board = reference_board();
            if let Err(error) = parse(&text, &Scope::new(&board), 1) {
                prop_assert!(error.position <= text.len(), "{} {}", text, error);
                prop_assert!(text.is_char_boundary(error.position), "{} {}", text, error);
            }
        }

        #[test]
        fn any_metric_is_written_so_that_it_is_read_again(
            namespace in "[ -~é]{1,12}", name in "[ -~]{1,12}", key in "[!-~]{1,6}", value in "[ -~]{0,6}[!-~]",
        ) {
            let query = MetricQuery::stat(&namespace, &name, &[(&key, &value)], "Sum", 300);
            let written = super::super::text(&query);
            prop_assert_eq!(&one(&written).query, &query, "{}", written);
        }
    }
}
