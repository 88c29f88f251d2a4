use std::fmt::Write;

use serde_json::json;

use super::*;

fn of(documents: &[&str]) -> Trace {
    Trace::from_documents("1-x", 2.0, documents.iter().copied())
}

/// Names by their depth.
fn shape(trace: &Trace) -> Vec<String> {
    trace.spans.iter().map(|span| format!("{}{}", "  ".repeat(span.depth), span.name)).collect()
}

#[test]
fn documents_in_any_order_make_one_tree() {
    let api = r#"{"id":"a","name":"Api","start_time":1.0,"end_time":3.0,"subsegments":[{"id":"b","name":"call","start_time":1.2,"end_time":2.8}]}"#;
    let service = r#"{"id":"c","name":"Service","parent_id":"b","start_time":1.3,"end_time":2.7,"fault":true}"#;
    let forward = of(&[api, service]);
    assert_eq!(forward, of(&[service, api]));
    assert_eq!(shape(&forward), ["Api", "  call", "    Service"]);
    assert!(forward.spans[2].fault);
    assert_eq!(forward.span(), Some((1.0, 3.0)));
    assert_eq!(forward.spans.iter().map(|span| span.size).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(forward.spans[2].parent, Some(1));
    assert_eq!(forward.find("c"), Some(2));
}

#[test]
fn siblings_stand_by_their_start_and_children_are_walked() {
    let root = r#"{"id":"a","name":"A","start_time":1,"end_time":9,"subsegments":[
        {"id":"d","name":"D","start_time":5,"end_time":6},
        {"id":"c","name":"C","start_time":3,"end_time":4,"subsegments":[{"id":"e","name":"E","start_time":3,"end_time":4}]},
        {"id":"b","name":"B","start_time":3,"end_time":4}]}"#;
    let trace = of(&[root, r#"{"id":"z","name":"Z","start_time":0,"end_time":1}"#]);
    assert_eq!(shape(&trace), ["Z", "A", "  B", "  C", "    E", "  D"]);
    assert_eq!(trace.roots().collect::<Vec<_>>(), [0, 1]);
    assert_eq!(trace.children(1).collect::<Vec<_>>(), [2, 3, 5]);
    assert_eq!(trace.children(0).count(), 0);
    assert_eq!(trace.children(99).count(), 0);
}

#[test]
fn orphans_and_garbage_are_kept_and_said() {
    let orphan = r#"{"id":"c","parent_id":"gone","name":"S","start_time":1,"subsegments":[{"id":"d","name":"T","start_time":1}]}"#;
    let trace = of(&[orphan, "{", "[1]", "{}", r#"{"id":"q","name":"Cut","start"#]);
    assert_eq!(shape(&trace), ["S", "  T"]);
    assert_eq!(trace.missing, [Missing { id: "gone".to_owned(), children: 1, spans: 2 }]);
    let said = [
        "the segment document is cut off: EOF while parsing an object at line 1 column 1",
        "a segment document is no JSON object but a list",
        "a document is no segment: it has neither id, name nor start_time",
        "the segment document of Cut is cut off: EOF while parsing a string at line 1 column 29",
    ];
    assert_eq!(trace.problems, said);
}

#[test]
fn what_is_kept_unread_is_sound() {
    let begin = r#"{"id":"a","name":"A","start_time":1,"subsegments":[{"id":"b","name":"B","start_time":2,"metadata":"#;
    for (value, said) in [
        ("1e999", "of A is not JSON: number out of range at line 1 column"),
        (r#"["\ud800"]"#, "of A is not JSON: unexpected end of hex escape"),
        (r#"{"x":}"#, "of A is not JSON: expected value"),
        ("[1", "of A is not JSON: expected `,` or `]`"),
    ] {
        let trace = of(&[&format!("{begin}{value}}}]}}")]);
        assert!(trace.spans.is_empty() && trace.problems[0].contains(said), "{:?}", trace.problems);
    }
    assert!(of(&[r#"{"id":"a","name":"A"}{}"#]).problems[0].contains("trailing characters"));
    // The last of two fields of one name holds, whatever they are.
    let trace = of(&[r#"{"id":7,"name":"A","id":"a","start_time":"1.5","end_time":[1],"fault":"true","aws":1}"#]);
    assert_eq!((trace.spans[0].id.as_str(), trace.spans[0].end_s, trace.spans[0].fault), ("a", None, false));
    assert_eq!(trace.spans[0].document["start_time"], "1.5");
}

#[test]
fn a_document_is_looked_through_without_what_is_not_its_own() {
    let root = r#"{"id":"a","name":"A","start_time":1,"end_time":4,"http":{"response":{"status":504}},"subsegments":[
        {"id":"b","name":"call","start_time":2,"end_time":3,"metadata":{"list":[true,null,{"deep":"\u0041pple"}]}}]}"#;
    let apart =
        r#"{"id":"c","type":"subsegment","parent_id":"b","trace_id":"1-x","name":"C","start_time":2.5,"end_time":3}"#;
    let guess = r#"{"id":"i","name":"Table","parent_id":"b","inferred":true,"origin":"AWS::DynamoDB::Table","start_time":2,
        "aws":{"operation":"GetItem","cloudwatch_logs":[{"log_group":"/t"}]}}"#;
    let trace = of(&[root, apart, guess]);
    let has = |row: usize, text: &str| trace.spans[row].document.any(|other| other == text);
    assert!(has(0, "504") && !has(0, "Apple") && !has(0, "status") && !has(0, "call"));
    assert!(has(1, "Apple") && has(1, "AWS::DynamoDB::Table") && !has(1, "Table"));
    assert!(has(2, "C") && has(2, "2.5") && !has(2, "subsegment") && !has(2, "b") && !has(2, "1-x"));
    // What is said once more is found where it was read, too.
    assert_eq!(trace.spans[2].document["name"], "C");
    assert!(has(2, "C") && !has(2, "b"));
    assert_eq!(
        (trace.spans[1].operation.as_str(), trace.spans[1].log_groups.as_slice()),
        ("GetItem", &["/t".to_owned()][..])
    );
}

#[test]
fn a_span_is_told_by_the_worst_of_it() {
    let verdict = |rest: &str| of(&[&format!(r#"{{"id":"a","name":"A","start_time":1{rest}}}"#)]).spans[0].verdict();
    let ended = r#","end_time":2"#;
    assert_eq!(verdict(&format!(r#"{ended},"fault":true,"error":true,"throttle":true"#)), Verdict::Fault);
    assert_eq!(verdict(&format!(r#"{ended},"error":true,"throttle":true"#)), Verdict::Throttle);
    assert_eq!(verdict(r#","error":true,"in_progress":true"#), Verdict::Error);
    assert_eq!((verdict(r#","in_progress":true"#), verdict(ended)), (Verdict::Pending, Verdict::Ok));
}

#[test]
fn a_circle_of_parents_ends() {
    let one = r#"{"id":"a","parent_id":"b","name":"A","start_time":1}"#;
    let two = r#"{"id":"b","parent_id":"a","name":"B","start_time":2}"#;
    let below = r#"{"id":"c","parent_id":"b","name":"C","start_time":3}"#;
    let own =
        r#"{"id":"d","parent_id":"d","name":"D","start_time":4,"subsegments":[{"id":"d","name":"D","start_time":4}]}"#;
    let trace = of(&[two, below, own, one]);
    assert_eq!(shape(&trace), ["A", "  B", "    C", "D"]);
    assert_eq!(trace.problems.len(), 2, "{:?}", trace.problems);
}

#[test]
fn of_one_id_the_ended_document_is_shown_with_the_children_of_both() {
    let begun = r#"{"id":"a","name":"A","start_time":1,"in_progress":true,"subsegments":[{"id":"b","name":"B","start_time":2,"in_progress":true}]}"#;
    let ended = r#"{"id":"a","name":"A","start_time":1,"end_time":4,"fault":true,"subsegments":[{"id":"c","name":"C","start_time":3,"end_time":4}]}"#;
    let late =
        r#"{"id":"b","type":"subsegment","parent_id":"a","trace_id":"1-x","name":"B","start_time":2,"end_time":3}"#;
    let trace = of(&[begun, ended, late]);
    assert_eq!(trace, of(&[late, ended, begun, ended]));
    assert_eq!(shape(&trace), ["A", "  B", "  C"]);
    assert!(trace.spans[0].fault && !trace.is_open());
    assert_eq!(*trace.spans[1].document, json!({"id":"b","name":"B","start_time":2,"end_time":3}));
    assert!(of(&[begun, ended]).is_open());
}

#[test]
fn an_inferred_segment_is_told_in_the_row_of_its_call() {
    let root = r#"{"id":"a","name":"A","start_time":1,"end_time":4,"subsegments":[
        {"id":"b","name":"DynamoDB","namespace":"aws","start_time":2,"end_time":3,"aws":{"operation":"GetItem"}},
        {"id":"c","name":"Lambda","namespace":"aws","start_time":3,"end_time":4}]}"#;
    let table = r#"{"id":"i","name":"DynamoDB","parent_id":"b","inferred":true,"origin":"AWS::DynamoDB::Table","start_time":2,"end_time":3,
        "throttle":true,"aws":{"operation":"PutItem","table_name":"users"}}"#;
    let function = r#"{"id":"f","name":"f","parent_id":"c","start_time":3,"end_time":4,"origin":"AWS::Lambda"}"#;
    let guess = r#"{"id":"g","name":"Lambda","parent_id":"c","inferred":true,"start_time":3,"end_time":4}"#;
    let lonely = r#"{"id":"l","name":"SNS","parent_id":"gone","inferred":true,"start_time":5,"end_time":6}"#;
    let trace = of(&[root, table, function, guess, lonely]);
    assert_eq!(shape(&trace), ["A", "  DynamoDB", "  Lambda", "    f", "SNS"]);
    let call = &trace.spans[1];
    assert_eq!(
        (call.kind, call.origin.as_str(), call.namespace.as_str()),
        (SpanKind::Inferred, "AWS::DynamoDB::Table", "aws")
    );
    assert_eq!((call.throttle, call.inferred.as_slice()), (true, ["i".to_owned()].as_slice()));
    assert_eq!(call.document["aws"], json!({"operation":"GetItem","table_name":"users"}));
    assert_eq!((trace.spans[2].kind, trace.spans[4].kind), (SpanKind::Subsegment, SpanKind::Inferred));
    assert_eq!(trace.find("i"), Some(1));
}

#[test]
fn links_are_read() {
    let document = r#"{"id":"a","name":"A","start_time":1,"precursor_ids":["p"],
        "links":[{"trace_id":"1-y","id":"q","attributes":{"ReferenceType":"parent"}},{"traceId":"z","spanId":"r"},7]}"#;
    let trace = of(&[document]);
    let told: Vec<_> = trace.spans[0]
        .links
        .iter()
        .map(|l| (l.kind, l.trace.as_deref(), l.span.as_deref(), l.relation.as_str()))
        .collect();
    let expected = [
        (LinkKind::Precursor, None, Some("p"), ""),
        (LinkKind::Link, Some("1-y"), Some("q"), "parent"),
        (LinkKind::Link, Some("z"), Some("r"), ""),
    ];
    assert_eq!(told, expected);
}

#[test]
fn ten_thousand_levels_neither_recurse_nor_take_long() {
    const LEVELS: usize = 10_000;
    let chain: Vec<String> = (0..LEVELS)
        .map(|n| {
            let (parent, start) = (n.wrapping_sub(1), n as f64);
            format!(r#"{{"id":"{n}","parent_id":"{parent}","type":"subsegment","name":"s","start_time":{start},"end_time":99999}}"#)
        })
        .collect();
    let trace = Trace::from_documents("1-x", 1.0, chain.iter().rev().map(String::as_str));
    assert_eq!((trace.spans.len(), trace.spans[LEVELS - 1].depth, trace.spans[0].size), (LEVELS, LEVELS - 1, LEVELS));
    // Within one document, deeper than a parser goes.
    let mut nested =
        String::from(r#"{"id":"0","name":"s","start_time":0,"metadata":{"subsegments":["[{\"",{"a":[1]}]}"#);
    for n in 1..LEVELS {
        let _ = write!(nested, r#" ,"subsegments" : [{{"id":"{n}","name":"s","start_time":{n}"#);
    }
    nested.push_str(&"}]".repeat(LEVELS - 1));
    let cut = nested.clone();
    nested.push('}');
    let trace = of(&[&nested]);
    assert_eq!(trace.problems, Vec::<String>::new());
    assert_eq!((trace.spans.len(), trace.spans[LEVELS - 1].depth), (LEVELS, LEVELS - 1));
    assert_eq!(trace.spans[0].document["metadata"], json!({"subsegments":["[{\"",{"a":[1]}]}));
    let trace = of(&[&cut]);
    assert!(trace.spans.is_empty() && trace.problems[0].contains("cut off"), "{:?}", trace.problems);
}

#[test]
fn spans_without_an_id_or_a_start_keep_their_place() {
    let trace =
        of(&[r#"{"id":"a","name":"A","start_time":5,"subsegments":[{"name":"B"},{"name":"B","start_time":6}]}"#]);
    assert_eq!(shape(&trace), ["A", "  B", "  B"]);
    assert!((trace.spans[1].start_s - 5.0).abs() < 1e-9);
    assert_eq!(trace.problems, ["B () does not say when it began"]);
    assert_eq!(trace.keys(), ["a", "a/B/0", "a/B/1"]);
    let below = r#""subsegments":[{"name":"C","start_time":2},{"name":"C","start_time":3}]"#;
    let trace = of(&[&format!(
        r#"{{"name":"A","start_time":1,"subsegments":[{{"name":"B","start_time":2,{below}}},{{"name":"B","start_time":3,{below}}}]}}"#
    )]);
    let below = |n: u8| [format!("/A/0/B/{n}"), format!("/A/0/B/{n}/C/0"), format!("/A/0/B/{n}/C/1")];
    assert_eq!(trace.keys(), [&["/A/0".to_owned()][..], &below(0), &below(1)].concat());
}

#[test]
fn spans_of_opentelemetry_are_the_segments_that_they_tell() {
    let server = r#"{"resource":{"attributes":{"service.name":"checkout","cloud.platform":"aws_lambda","cloud.region":"eu-west-1"}},
        "traceId":"5759e988bd862e3fe1be46a994272793","spanId":"a1","parentSpanId":"","kind":"SERVER","name":"POST /pay",
        "startTimeUnixNano":1768472880123000000,"endTimeUnixNano":1768472881123456000,
        "attributes":{"http.request.method":"POST","url.full":"https://x/pay","http.response.status_code":429,"tenant":"EMEA",
            "aws.xray.annotations":["tenant"],"order":7,"aws.log.group.names":["/app"]},
        "status":{"code":"ERROR"},"links":[{"traceId":"0f","spanId":"ff","attributes":[{"key":"ReferenceType","value":{"stringValue":"parent"}}]}]}"#;
    let client = r#"{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"checkout"}}]},
        "traceId":"5759e988bd862e3fe1be46a994272793","spanId":"b2","parentSpanId":"a1","kind":3,"name":"DynamoDB.GetItem",
        "startTimeUnixNano":"1768472880200000000","endTimeUnixNano":"1768472880300000000",
        "attributes":[{"key":"rpc.system","value":{"stringValue":"aws-api"}},{"key":"rpc.service","value":{"stringValue":"DynamoDB"}},
            {"key":"rpc.method","value":{"stringValue":"GetItem"}},{"key":"http.status_code","value":{"intValue":"500"}},
            {"key":"aws.dynamodb.table_names","value":{"arrayValue":{"values":[{"stringValue":"users"}]}}}],
        "events":[{"name":"exception","attributes":{"exception.type":"Timeout","exception.message":"late",
            "exception.stacktrace":"Timeout: late\n  at f(a.js:3)\n  at g(b.js:4)"}}],
        "status":{"code":2,"message":"late"}}"#;
    let running = r#"{"traceId":"57","spanId":"c3","parentSpanId":"a1","kind":"SPAN_KIND_INTERNAL","name":"work","startTimeUnixNano":1768472880400000000}"#;
    let trace = of(&[running, client, server]);
    assert_eq!(trace.problems, Vec::<String>::new());
    assert_eq!(shape(&trace), ["checkout", "  DynamoDB", "  work"]);
    let [server, client, running] = &trace.spans[..] else { panic!("{:?}", shape(&trace)) };
    assert_eq!(
        (server.kind, server.origin.as_str(), server.error, server.throttle, server.fault),
        (SpanKind::Segment, "AWS::Lambda::Function", true, true, false)
    );
    assert!((server.took_s().expect("an end") - 1.000_456).abs() < 1e-5);
    assert_eq!(server.document["annotations"], json!({"tenant":"EMEA"}));
    assert_eq!(
        server.document["http"],
        json!({"request":{"method":"POST","url":"https://x/pay"},"response":{"status":429}})
    );
    assert_eq!(server.document["metadata"]["attributes"], json!({"order":7,"name":"POST /pay"}));
    assert_eq!(server.document["aws"]["cloudwatch_logs"], json!([{"log_group":"/app"}]));
    assert_eq!((server.links[0].span.as_deref(), server.links[0].relation.as_str()), (Some("ff"), "parent"));
    assert_eq!((client.kind, client.namespace.as_str(), client.fault), (SpanKind::Subsegment, "aws", true));
    assert_eq!(client.document["aws"], json!({"operation":"GetItem","table_name":"users"}));
    assert_eq!(
        client.document["cause"]["exceptions"],
        json!([{"type":"Timeout","message":"late","stack":[{"label":"f(a.js:3)"},{"label":"g(b.js:4)"}]}])
    );
    assert_eq!((running.end_s, running.namespace.as_str()), (None, ""));
}

#[test]
fn what_several_threads_read_is_one_tree_in_any_order() {
    let documents: Vec<String> = (0..4_000)
        .map(|n| {
            let padding = "x".repeat(100);
            format!(
                r#"{{"id":"{n}","parent_id":"c{}","name":"s","start_time":{n},"end_time":9999,"metadata":"{padding}",
                "subsegments":[{{"id":"c{n}","name":"call","start_time":{n},"end_time":9998}}]}}"#,
                i64::from(n) - 1
            )
        })
        .collect();
    assert!(documents.iter().map(String::len).sum::<usize>() > 600_000);
    let forward = Trace::from_documents("1-x", 1.0, documents.iter().map(String::as_str));
    let backward = Trace::from_documents("1-x", 1.0, documents.iter().rev().map(String::as_str));
    assert!(forward == backward && forward.problems.is_empty());
    assert_eq!((forward.spans.len(), forward.roots().count(), forward.missing.len()), (8_000, 1, 1));
}
