use proptest::prelude::*;

use super::*;
use crate::store::trace::Missing;

fn of(documents: &[&str]) -> Trace {
    Trace::from_documents("1-x", 10.0, documents.iter().copied())
}

/// A segment document of name, times and subsegments; its id is its name.
fn span(name: &str, from: f64, to: f64, below: &[String]) -> String {
    let below = below.join(",");
    format!(r#"{{"id":"{name}","name":"{name}","start_time":{from},"end_time":{to},"subsegments":[{below}]}}"#)
}

/// The sections of a path, rounded to the millisecond.
fn sections(trace: &Trace) -> Vec<(&str, f64, f64)> {
    let path = path(trace);
    let name = |section: &Section| (trace.spans[section.row].name.as_str(), section.from_s, section.to_s);
    path.sections.iter().map(name).collect()
}

#[test]
fn own_time_is_what_no_child_covers() {
    // b and c overlap from 3 to 4, d reaches beyond the end, e is outside.
    let below =
        [span("b", 2.0, 4.0, &[]), span("c", 3.0, 5.0, &[]), span("d", 9.0, 12.0, &[]), span("e", 11.0, 13.0, &[])];
    let running = r#"{"id":"r","name":"r","parent_id":"c","start_time":4.5}"#;
    let trace = of(&[&span("a", 0.0, 10.0, &below), running]);
    let own: Vec<Option<f64>> = own_s(&trace);
    let rows = ["a", "b", "c", "r", "d", "e"];
    assert_eq!(trace.spans.iter().map(|span| span.name.as_str()).collect::<Vec<_>>(), rows);
    assert_eq!(own, [Some(6.0), Some(2.0), Some(1.5), None, Some(3.0), Some(2.0)]);
    assert_eq!(Waterfall::of(&trace).slowest, Some(0));
}

#[test]
fn the_path_goes_back_through_what_ended_last() {
    // The case of the paper: b and c run at once, then d; c ends later than b.
    let below = [span("b", 1.0, 4.0, &[]), span("c", 1.0, 6.0, &[span("f", 2.0, 3.0, &[])]), span("d", 7.0, 9.0, &[])];
    let trace = of(&[&span("a", 0.0, 10.0, &below)]);
    let expected = [
        ("a", 0.0, 1.0),
        ("c", 1.0, 2.0),
        ("f", 2.0, 3.0),
        ("c", 3.0, 6.0),
        ("a", 6.0, 7.0),
        ("d", 7.0, 9.0),
        ("a", 9.0, 10.0),
    ];
    assert_eq!(sections(&trace), expected);
    let path = path(&trace);
    assert!(!path.takes(trace.find("b").expect("b")) && path.takes(trace.find("f").expect("f")));
    assert!((path.seconds.iter().sum::<f64>() - 10.0).abs() < 1e-9);
}

#[test]
fn what_runs_on_after_the_answer_is_not_on_the_path() {
    let below = [span("b", 8.0, 20.0, &[]), span("c", 11.0, 12.0, &[])];
    let trace = of(&[&span("a", 0.0, 10.0, &below)]);
    // b is a part of a up to the end of a; the trace ends with it.
    assert_eq!(sections(&trace), [("a", 0.0, 8.0), ("b", 8.0, 10.0)]);
    // Roots one after the other are one path.
    let trace = of(&[&span("a", 0.0, 2.0, &[]), &span("b", 3.0, 5.0, &[])]);
    assert_eq!(sections(&trace), [("a", 0.0, 2.0), ("b", 3.0, 5.0)]);
    assert_eq!(sections(&Trace::default()), []);
}

fn call(rest: &str) -> Trace {
    let api = format!(
        r#"{{"id":"a","name":"Api","start_time":0,"end_time":5,"subsegments":[
            {{"id":"b","name":"call","start_time":1,"end_time":4{rest}}}]}}"#
    );
    of(&[
        &api,
        r#"{"id":"c","name":"Service","parent_id":"b","start_time":0.75,"end_time":4.5,"subsegments":[
        {"id":"d","name":"own","start_time":0.5,"end_time":4.6}]}"#,
    ])
}

#[test]
fn clocks_that_differ_are_noticed_and_the_tree_stays() {
    let trace = call("");
    let skews = skews(&trace);
    assert_eq!(skews.len(), 1);
    assert_eq!(
        (skews[0].from.as_str(), skews[0].to.as_str(), skews[0].early_s, skews[0].late_s),
        ("Api", "Service", 0.25, 0.5)
    );
    assert_eq!(
        skews[0].words(),
        "Service begins 250 ms before Api calls it and ends 500 ms after: their clocks differ"
    );
    assert!((trace.spans[2].start_s - 0.75).abs() < 1e-9);
    // A message may be worked on after it was handed over, yet not before.
    let message = super::skews(&call(r#","aws":{"operation":"SendMessage"}"#));
    assert_eq!((message[0].early_s, message[0].late_s), (0.25, 0.0));
    let fine = of(&[
        &span("a", 0.0, 5.0, &[span("b", 1.0, 4.0, &[])]),
        r#"{"id":"c","name":"S","parent_id":"b","start_time":0.9995,"end_time":4.001}"#,
        r#"{"id":"e","name":"E","parent_id":"b","start_time":4.2,"end_time":9}"#,
    ]);
    assert_eq!(super::skews(&fine), []);
}

#[test]
fn what_is_missing_is_said() {
    let mut trace = of(&[
        r#"{"id":"c","name":"S","parent_id":"gone","start_time":1,"subsegments":[{"id":"d","name":"T","start_time":2}]}"#,
    ]);
    (trace.limit_exceeded, trace.unprocessed) = (true, true);
    let words: Vec<String> = gaps(&trace).iter().map(Gap::words).collect();
    let expected = [
        "X-Ray did not get round to the whole trace",
        "X-Ray left documents out: the trace is larger than it keeps",
        "the span gone did not come; 2 spans in all below it",
        "2 spans in progress",
    ];
    assert_eq!(words, expected);
    let one = Gap::Parent(Missing { id: "p".to_owned(), children: 1, spans: 1 });
    assert_eq!(one.words(), "the span p did not come; 1 span below it");
}

#[test]
fn the_deepest_failure_that_is_explained_is_the_culprit() {
    let trace = of(&[r#"{"id":"a","name":"A","start_time":1,"fault":true,"cause":{},"subsegments":[
        {"id":"b","name":"B","start_time":1,"error":true,"cause":{},"subsegments":[{"id":"e","name":"E","start_time":1,"error":true,"cause":{}}]},
        {"id":"c","name":"C","start_time":2,"fault":true,"cause":{}},
        {"id":"d","name":"D","start_time":3,"fault":true,"subsegments":[{"id":"f","name":"F","start_time":3,"fault":true}]}]}"#]);
    assert_eq!(culprit(&trace).map(|row| trace.spans[row].name.as_str()), Some("C"));
    assert_eq!(culprit(&of(&[&span("a", 0.0, 1.0, &[])])), None);
}

#[test]
fn exceptions_are_read_with_chain_stack_and_references() {
    let trace = of(&[r#"{"id":"a","name":"A","start_time":1,"cause":"e2","subsegments":[
        {"id":"b","name":"B","start_time":1,"cause":{"working_directory":"/var/task","paths":["/lib"],"exceptions":[
            {"id":"e3","type":"Refused","message":"port 5432","remote":true},
            {"id":"e1","type":"Outer","message":"no","cause":"e2","truncated":2,"skipped":1,
             "stack":[{"path":"a.py","line":3,"label":"f"},{"label":"main"}]},
            {"id":"e2","type":"Inner","message":"why","cause":"e3"}]}},
        {"id":"c","name":"C","start_time":2,"cause":"nowhere"},
        {"id":"d","name":"D","start_time":3,"cause":{"exceptions":[{"id":"x","cause":"y"},{"id":"y","cause":"x"}]}},
        {"id":"e","name":"E","start_time":4,"cause":{"exceptions":7}}]}"#]);
    let told = causes(&trace, 1).expect("a cause");
    let chain: Vec<_> = told.exceptions.iter().map(|e| (e.kind.as_str(), e.depth, e.stack.len())).collect();
    assert_eq!(chain, [("Outer", 0, 2), ("Inner", 1, 0), ("Refused", 2, 0)]);
    assert_eq!((told.exceptions[0].truncated, told.exceptions[0].skipped, told.exceptions[2].remote), (2, 1, true));
    assert_eq!(told.exceptions[0].stack[0], Frame { path: "a.py".to_owned(), line: Some(3), label: "f".to_owned() });
    assert_eq!(
        (told.working_directory.as_deref(), told.paths.as_slice()),
        (Some("/var/task"), ["/lib".to_owned()].as_slice())
    );
    let referred = causes(&trace, 0).expect("a reference");
    assert_eq!(
        (referred.told_by, referred.exceptions.len(), referred.exceptions[0].kind.as_str()),
        (Some(1), 2, "Inner")
    );
    assert_eq!(causes(&trace, 2).and_then(|cause| cause.unknown).as_deref(), Some("nowhere"));
    assert_eq!(causes(&trace, 3).map(|cause| cause.exceptions.len()), Some(2), "a circle ends");
    assert_eq!(causes(&trace, 4), Some(Causes::default()));
    assert_eq!(causes(&trace, 9), None);
}

#[test]
fn the_same_steps_of_two_traces_are_aligned() {
    let call = |id: &str, name: &str, from: f64, to: f64, below: &str| {
        format!(r#"{{"id":"{id}","name":"{name}","start_time":{from},"end_time":{to},"subsegments":[{below}]}}"#)
    };
    let level = |calls: &[String]| of(&[&call("0", "Api", 0.0, 10.0, &calls.join(","))]);
    let left = level(&[
        call("1", "Read", 1.0, 2.0, ""),
        call("2", "Cache", 2.0, 2.5, &call("9", "Miss", 2.0, 2.5, "")),
        call("3", "Pay", 3.0, 4.0, ""),
        call("4", "Log", 5.0, 6.0, ""),
    ]);
    let right = level(&[
        call("a", "Log", 0.5, 0.75, ""),
        call("b", "Read", 1.0, 4.0, ""),
        call("c", "Pay", 4.0, 4.5, ""),
        call("d", "Pay", 5.0, 6.0, &call("e", "Retry", 5.0, 6.0, "")),
    ]);
    let steps = compare(&left, &right);
    let told: Vec<_> = steps
        .iter()
        .map(|step| {
            let side = match step.side {
                Side::Both(..) => "=",
                Side::Left(_) => "<",
                Side::Right(_) => ">",
            };
            (side, step.depth, step.name.as_str(), step.difference_s())
        })
        .collect();
    let expected = [
        ("=", 0, "Api", Some(0.0)),
        ("=", 1, "Read", Some(2.0)),
        ("<", 1, "Cache", None),
        ("<", 2, "Miss", None),
        ("=", 1, "Pay", Some(-0.5)),
        ("=", 1, "Log", Some(-0.75)),
        (">", 1, "Pay", None),
        (">", 2, "Retry", None),
    ];
    assert_eq!(told, expected);
}

fn any_trace() -> impl Strategy<Value = Trace> {
    let drawn = proptest::collection::vec((any::<prop::sample::Index>(), 0_u8..4, 0_u8..30, 0_u8..30), 0..30);
    drawn.prop_map(|spans| {
        let document = |(n, (parent, name, from, took)): (usize, &(prop::sample::Index, u8, u8, u8))| {
            let parent = if n == 0 { "none".to_owned() } else { parent.index(n).to_string() };
            let to = if took % 7 == 6 { String::new() } else { format!(r#","end_time":{}"#, from + took) };
            format!(r#"{{"id":"{n}","parent_id":"{parent}","name":"{name}","start_time":{from}{to}}}"#)
        };
        let texts: Vec<String> = spans.iter().enumerate().map(document).collect();
        Trace::from_documents("1-x", 1.0, texts.iter().map(String::as_str))
    })
}

proptest! {
    #[test]
    fn the_path_is_one_way_through_the_root(trace in any_trace()) {
        let path = path(&trace);
        prop_assert!(path.sections.windows(2).all(|two| two[0].to_s <= two[1].from_s));
        if let Some(root) = trace.spans.first() {
            let end = root.end_s.or_else(|| trace.span().map(|(_, end)| end)).unwrap_or(root.start_s);
            let whole: f64 = path.seconds.iter().sum();
            // There is one root, and no gap within it.
            prop_assert!((whole - (end - root.start_s).max(0.0)).abs() < 1e-6, "{whole} {root:?}");
        }
        for (span, own) in trace.spans.iter().zip(own_s(&trace)) {
            prop_assert!(own.is_none_or(|own| own >= 0.0 && span.took_s().is_some_and(|took| own <= took)));
        }
    }

    #[test]
    fn a_comparison_tells_every_span_once(left in any_trace(), right in any_trace()) {
        let steps = compare(&left, &right);
        let mut ours: Vec<usize> = Vec::new();
        let mut theirs: Vec<usize> = Vec::new();
        for step in &steps {
            match step.side {
                Side::Both(left, right) => { ours.push(left); theirs.push(right); }
                Side::Left(left) => ours.push(left),
                Side::Right(right) => theirs.push(right),
            }
        }
        prop_assert_eq!(&ours, &(0..left.spans.len()).collect::<Vec<_>>());
        theirs.sort_unstable();
        prop_assert_eq!(theirs, (0..right.spans.len()).collect::<Vec<_>>());
        prop_assert!(compare(&left, &left).iter().all(|step| matches!(step.side, Side::Both(a, b) if a == b)));
    }
}
