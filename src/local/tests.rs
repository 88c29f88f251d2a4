use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;
use crate::insights::parse;

/// `time message` of every entry, and the problems.
fn entries(bytes: &[u8]) -> (Vec<String>, Vec<(u64, String)>) {
    let mut entries = Entries::new(Source::of(bytes.to_vec()).expect("a source")).expect("entries");
    let mut out = Vec::new();
    while let Some(entry) = entries.next().expect("an entry") {
        out.push(format!("{} {}", entry.time.format("%H:%M:%S"), entry.message));
    }
    (out, entries.problems())
}

fn packed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("packed");
    encoder.finish().expect("packed")
}

#[test]
fn a_stack_trace_belongs_to_its_entry() {
    let text = "2026-01-15 10:00:01,000 ERROR failed\r\njava.lang.Exception: x\r\n\tat a.b(C.java:1)\r\nCaused by: y\r\n\r\n2026-01-15 10:00:02,000 INFO on\n";
    let (found, problems) = entries(text.as_bytes());
    assert_eq!(
        found,
        [
            "10:00:01 2026-01-15 10:00:01,000 ERROR failed\njava.lang.Exception: x\n\tat a.b(C.java:1)\nCaused by: y\n",
            "10:00:02 2026-01-15 10:00:02,000 INFO on"
        ]
    );
    assert_eq!(problems, []);
}

#[test]
fn json_lines_emf_and_exports() {
    let text = "{\"timestamp\":\"2026-01-15T10:00:01Z\",\"a\":1}\n{\"_aws\":{\"Timestamp\":1768471202000}}\n2026-01-15T10:00:03.000Z {\"a\":2}\n\n{\"a\":3}\n";
    let (found, problems) = entries(text.as_bytes());
    assert_eq!(
        found,
        [
            "10:00:01 {\"timestamp\":\"2026-01-15T10:00:01Z\",\"a\":1}",
            "10:00:02 {\"_aws\":{\"Timestamp\":1768471202000}}",
            "10:00:03 {\"a\":2}\n",
            "10:00:03 {\"a\":3}"
        ]
    );
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].1, "1 entry has no time of its own: it has that of the entry before");
}

#[test]
fn lines_without_any_time_are_entries_unless_they_are_indented() {
    let (found, problems) = entries(b"first\n  more\nsecond\n\xff\xfe third");
    let words: Vec<&str> = problems.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(
        words,
        [
            "1 line is not UTF-8: what is wrong there is replaced",
            "nothing in it has a time: all entries have that of the file, 2026-01-15T10:28:07.000Z"
        ]
    );
    assert_eq!(found, ["10:28:07 first\n  more", "10:28:07 second", "10:28:07 \u{fffd}\u{fffd} third"]);
}

#[test]
fn packed_files_of_several_parts_are_one() {
    let mut bytes = packed("2026-01-15T10:00:01Z a\n2026-01-15T10:00:02Z");
    bytes.extend(packed(" b\n2026-01-15T10:00:03Z c\n"));
    let (found, _) = entries(&bytes);
    assert_eq!(found.len(), 3);
    assert_eq!(found[1], "10:00:02 2026-01-15T10:00:02Z b");
    // What is cut off still gives what came before.
    bytes.truncate(bytes.len() - 4);
    let (found, problems) = entries(&bytes);
    assert!(found.len() >= 2 && problems.len() == 1, "{found:?} {problems:?}");
}

#[test]
fn a_file_that_is_cut_off_within_a_line_says_so_once() {
    // What repeats itself is packed as copies, so that the cut leaves a line without its end.
    let line = |n: u32| format!("2026-01-15T10:00:{n:02}Z user {} did {}\n", n * 7, n * n);
    let lines = (0..40).map(line).collect::<Vec<_>>().concat();
    let whole = packed(&lines);
    for cut in [1, 9, 12, 40, 80] {
        let (found, problems) = entries(&whole[..whole.len() - cut]);
        assert_eq!(problems.len(), 1, "cut by {cut}: {problems:?}");
        assert!(problems[0].1.starts_with("it can't be read further: "), "{problems:?}");
        assert!(!found.is_empty() && found.len() <= 40, "{found:?}");
    }
}

#[test]
fn what_no_time_is_known_of_is_of_the_present() {
    let now: Time = "2026-01-15T10:30:00Z".parse().expect("a time");
    let query = parse("fields @timestamp").expect("a query");
    assert_eq!(query.at(now).now(), Some(now));
    let mut source = Source::of(b"one\ntwo\n".to_vec()).expect("a source");
    (source.written, source.is_file) = (now, false);
    let mut entries = Entries::new(source).expect("entries");
    let mut times = Vec::new();
    while let Some(entry) = entries.next().expect("an entry") {
        times.push(entry.time);
    }
    assert_eq!(times, [now, now]);
    let words = "nothing in it has a time: all entries have the time when it was read, 2026-01-15T10:30:00.000Z";
    assert_eq!(entries.problems(), [(0, words.to_owned())]);
}

#[test]
fn long_lines_are_cut_and_told() {
    let mut text = vec![b'x'; (1 << 20) + 10];
    text.extend(b"\nnext\n");
    let (found, problems) = entries(&text);
    assert_eq!(found[0].len(), "10:28:07 ".len() + (1 << 20));
    assert_eq!(found[1], "10:28:07 next");
    assert_eq!(problems[0], (1, "it is longer than 1 MiB and was cut".to_owned()));
}

#[test]
fn a_file_is_queried() {
    let folder = std::env::temp_dir().join(format!("barograph-local-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("app.log.gz");
    let lines = "START RequestId: 5f1c-77 Version: $LATEST\n2026-01-15T10:00:01Z\t5f1c-77\tINFO\t{\"n\":2}\nREPORT RequestId: 5f1c-77\tDuration: 12.5 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 70 MB\t\nXRAY TraceId: 1-68f0-9b\tSegmentId: 07\tSampled: true\n";
    std::fs::write(&path, packed(lines)).expect("a file");
    let query =
        parse("stats count(*) as n, max(@duration) as d, sum(n), latest(@logStream) as s, max(@xrayTraceId) as x")
            .expect("a query");
    let mut told = 0;
    let outcome = run(&query, &[Input::File(path.clone())], None, &mut |_| {
        told += 1;
        ControlFlow::Continue(())
    });
    let outcome = outcome.expect("rows");
    let cells: Vec<&str> = outcome.rows[0].iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(cells, ["3", "12.5", "2", "app.log.gz", "1-68f0-9b"]);
    assert_eq!((told, outcome.statistics.records_scanned), (1, 3));
    let window =
        Some(("2027-01-01T00:00:00Z".parse().expect("a time"), "2028-01-01T00:00:00Z".parse().expect("a time")));
    let none = run(&query, &[Input::File(path)], window, &mut |_| ControlFlow::Continue(())).expect("rows");
    assert_eq!(none.statistics.records_scanned, 0);
    let stopped = run(&query, &[Input::File(folder.join("nothing"))], None, &mut |_| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(LocalError::Read { .. })));
    let other = folder.join("users.log");
    std::fs::write(&other, "{\"id\":2,\"name\":\"Anna\"}\n").expect("a file");
    let both = [Input::File(folder.join("app.log.gz")), Input::File(other)];
    let query =
        "filter ispresent(n) | join left=a right=u where a.n=u.id (SOURCE 'users.log') | display u.name, @logStream";
    let outcome = run(&parse(query).expect("a query"), &both, None, &mut |_| ControlFlow::Continue(()));
    let rows = outcome.expect("rows").rows;
    assert_eq!((rows.len(), rows[0][0].1.as_str(), rows[0][1].1.as_str()), (1, "Anna", "app.log.gz"));
    let narrowed = parse("SOURCE 'users.log' | stats count(*) as n").expect("a query");
    let outcome = run(&narrowed, &both, None, &mut |_| ControlFlow::Continue(())).expect("rows");
    assert_eq!(outcome.rows[0][0].1, "1");
    let unknown = parse("filter a in (SOURCE 'nobody' | fields a)").expect("a query");
    let error = run(&unknown, &both, None, &mut |_| ControlFlow::Continue(())).err().map(|error| error.to_string());
    assert_eq!(error.as_deref(), Some("no input is called nobody, which a query in parentheses asks"));
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn files_are_compared_as_far_as_they_reach() {
    let folder = std::env::temp_dir().join(format!("barograph-compared-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("app.log");
    let line = |minute| format!("2026-01-15T10:{minute:02}:00Z {} {minute}", if minute < 11 { "old" } else { "new" });
    let lines = (0..20).map(line).collect::<Vec<_>>().join("\n");
    std::fs::write(&path, lines).expect("a file");
    let asked = |query: &str, inputs: &[Input], window: Option<Window>| {
        run(&parse(query).expect("a query"), inputs, window, &mut |_| ControlFlow::Continue(()))
    };
    let file = [Input::File(path.clone())];
    let cells = |outcome: &Outcome| -> Vec<String> {
        outcome
            .rows
            .iter()
            .map(|row| row[1..].iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" "))
            .collect()
    };
    let outcome = asked("diff", &file, None).expect("rows");
    assert_eq!(outcome.compared.expect("windows").records, [10, 10]);
    assert_eq!(cells(&outcome), ["0.9 9 0 9 new", "0.1 1 10 -9 less often"]);
    let at = |text: &str| text.parse::<Time>().expect("a time");
    let window = Some((at("2026-01-15T10:09:00Z"), at("2026-01-15T10:12:00Z")));
    let outcome = asked("diff", &file, window).expect("rows");
    assert_eq!(cells(&outcome), ["0.6667 2 3 -1 less often", "0.3333 1 0 1 new"]);
    assert_eq!(outcome.statistics.records_scanned, 6);
    for (query, inputs, words) in [
        ("fields @message | diff previousWeek", &file[..], "the records are of too short a time"),
        ("fields @message | diff", &[Input::Stdin], "standard input is read once"),
        (
            "fields @message | lookup t a OUTPUT b",
            &file,
            "there is no lookup table `t`: give it with --lookup t=FILE.csv",
        ),
    ] {
        let Err(LocalError::Refused { place, message }) = asked(query, inputs, None) else { panic!("{query}") };
        assert!(message.starts_with(words), "{message}");
        assert!(["diff previousWeek", "diff", "t"].contains(&&query[place]), "{query}");
    }
    let table = folder.join("names.csv");
    std::fs::write(&table, "\u{feff}stream,owner\napp.log,\"Team A, B\"\n").expect("a file");
    let query =
        parse("lookup names stream as @logStream OUTPUT owner | stats count(*) as n by owner").expect("a query");
    furnish(&query, &[Table { name: "names".to_owned(), file: table }]).expect("a table");
    let outcome = run(&query, &file, None, &mut |_| ControlFlow::Continue(())).expect("rows");
    assert_eq!(outcome.rows[0], [("owner".to_owned(), "Team A, B".to_owned()), ("n".to_owned(), "20".to_owned())]);
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn what_a_runtime_writes_is_of_a_function() {
    let line = "2026-01-15T10:00:01.000Z\t8f507cfc-1a2b-4697-b07a-ac58fc914c95\tINFO\tdone\n";
    assert!(Entries::new(Source::of(line.into()).expect("a source")).expect("entries").is_lambda());
    assert!(!Entries::new(Source::of(b"a\tb\tc\td".to_vec()).expect("a source")).expect("entries").is_lambda());
}

proptest! {
    #[test]
    fn any_bytes_are_entries(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "([\\[{\"a-zA-Z :/.,+0-9T-]{0,60}\\r?\\n){0,8}") {
        for bytes in [&bytes, text.as_bytes()] {
            // What begins as gzip does and is none can't be read, which is said.
            if bytes.starts_with(&[0x1f, 0x8b]) {
                continue;
            }
            let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty() && *line != b"\r").count();
            let (found, _) = entries(bytes);
            prop_assert!(found.len() <= lines && found.is_empty() == (lines == 0), "{found:?}");
        }
    }
}
