//! `baro query --file` as it is typed.

use std::io::Write;
use std::process::{Command, Stdio};

const LINES: &str = "{\"timestamp\":\"2026-01-15T10:00:01Z\",\"level\":\"ERROR\",\"card\":\"4111 1111 1111 1111\"}\n\
                     {\"timestamp\":\"2026-01-15T10:00:02Z\",\"level\":\"INFO\"}\n";

/// Exit status, output and errors of the program with these lines on its standard input.
fn baro(args: &[&str]) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_baro"))
        .env_clear()
        .arg("query")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{error}"));
    if let Some(mut input) = child.stdin.take() {
        // A query that is refused does not read.
        let _ = input.write_all(LINES.as_bytes());
    }
    let done = child.wait_with_output().unwrap_or_else(|error| panic!("{error}"));
    let text = |bytes| String::from_utf8(bytes).unwrap_or_else(|error| panic!("{error}"));
    (done.status.code().unwrap_or(-1), text(done.stdout), text(done.stderr))
}

#[test]
fn every_form_of_output() {
    let query = "stats count(*) as n by level";
    assert_eq!(baro(&[query, "--file"]), (0, "level  n\nERROR  1\nINFO   1\n".to_owned(), String::new()));
    assert_eq!(baro(&[query, "--output", "csv", "--file=-"]).1, "level,n\nERROR,1\nINFO,1\n");
    let (status, out, _) = baro(&["filter level = 'ERROR' | display level, card", "--output", "ndjson", "--file", "-"]);
    assert_eq!(status, 0);
    assert!(out.contains("\"card\":\"4111 11** **** 1111\"") && out.contains("\"@ptr\""), "{out}");
    let (_, out, _) = baro(&[query, "--output", "json", "--file"]);
    let document: serde_json::Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(document["schema"], "barograph/v1");
    assert_eq!(document["rows"][0]["n"], "1");
    assert_eq!(document["statistics"]["records_scanned"], 2);
    let none = "baro: 0 rows of 2 records: none passes the filters; `fields @timestamp, @message | limit 5` shows what there is\n";
    assert_eq!(baro(&["filter level = 'NOTHING'", "--file"]), (1, String::new(), none.to_owned()));
    let (status, _, err) = baro(&["fields level", "--file=-", "--since", "1m"]);
    assert!(status == 1 && err.starts_with("baro: 0 rows of 0 records: none is from "), "{err}");
    assert_eq!(baro(&["display level | sort level", "--limit", "1", "--file"]).1, "level\nERROR\n");
}

#[test]
fn a_field_that_no_record_has_is_told_with_the_one_that_was_meant() {
    let told = "baro: no record has a field lvel; did you mean level?\n";
    let (status, out, err) = baro(&["display level | sort lvel", "--output", "csv", "--file"]);
    assert_eq!((status, out.as_str(), err.as_str()), (0, "level\nERROR\nINFO\n", told));
    assert_eq!(baro(&["stats count(*) as n by lvel", "--output", "csv", "--file"]).1, "lvel,n\n,2\n");
    let (status, _, err) = baro(&["filter lvel = 'ERROR'", "--file"]);
    assert!(status == 1 && err.starts_with(told) && err.lines().count() == 2, "{err}");
    assert_eq!(baro(&["filter not ispresent(lvel) | stats count(*) as n", "--file"]).2, "");
}

#[test]
fn a_wrong_query_is_shown_with_its_place() {
    let (status, out, err) = baro(&["fields level |\n filtre a = 1", "--file"]);
    assert_eq!((status, out.as_str()), (2, ""));
    let expected =
        "baro: unknown command `filtre`; did you mean `filter`? (line 2, position 2)\n   filtre a = 1\n   ^^^^^^\n";
    assert_eq!(err, expected);
    let (status, _, err) = baro(&["fields level", "--file", "/no/such/file"]);
    assert_eq!(status, 2);
    assert!(err.starts_with("baro: can't read /no/such/file: "), "{err}");
    let (status, _, err) = baro(&["fields level | diff", "--file"]);
    let place = "baro: standard input is read once: say with --since which time is compared (line 1, position 16)\n  fields level | diff\n                 ^^^^\n";
    assert_eq!((status, err.as_str()), (2, place));
    let (status, _, err) = baro(&["lookup users id OUTPUT name", "--file"]);
    assert_eq!(status, 2);
    assert!(err.contains("--lookup users=FILE.csv") && err.contains("\n         ^^^^^\n"), "{err}");
    assert_eq!(baro(&["diff", "--file", "--since", "1m"]).0, 1);
}
