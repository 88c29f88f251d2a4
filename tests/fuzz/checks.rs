//! What must hold for any bytes: run by libFuzzer without end, and by `cargo test` over the corpus.

use barograph::board;
use barograph::insights::pattern::Pattern;
use barograph::insights::{self, Record, Sheet, editor};
use barograph::local::{self, Input};
use barograph::store::lines::Lines;
use barograph::store::log::LogEvent;
use barograph::store::request::Requests;
use barograph::store::trace::Trace;
use barograph::text;

/// A name and the check of its target.
pub(super) type Check = (&'static str, fn(&[u8]));

/// Every check, by the name of its target and of its folder in the corpus.
pub(super) const ALL: [Check; 5] =
    [("insights", insights), ("patterns", patterns), ("lines", lines), ("boards", boards), ("traces", traces)];

/// A time that records have.
fn time() -> barograph::clock::Time {
    at(1_768_472_880)
}

fn at(seconds: u64) -> barograph::clock::Time {
    (std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds)).into()
}

/// The bytes as text, in two parts: before and after the first line that is empty.
fn parts(data: &[u8]) -> (String, String) {
    let text = String::from_utf8_lossy(data);
    let (one, two) = text.split_once("\n\n").unwrap_or((&text, ""));
    (one.to_owned(), two.to_owned())
}

/// A place in a text that a message may point at.
fn assert_place(text: &str, position: usize, message: &str) {
    assert!(position <= text.len(), "{position} is beyond {text:?}: {message}");
    assert!(text.is_char_boundary(position), "{position} is inside a character of {text:?}: {message}");
    assert!(!message.is_empty());
}

/// A query, and after an empty line the messages that it runs over.
pub(super) fn insights(data: &[u8]) {
    let (query, messages) = parts(data);
    let mut end = 0;
    for (range, _) in editor::highlight(&query) {
        assert!(range.start >= end && query.get(range.clone()).is_some(), "{range:?} of {query:?}");
        end = range.end;
    }
    let cursor = (0..=query.len() / 2).rev().find(|at| query.is_char_boundary(*at)).unwrap_or(0);
    assert!(query.get(editor::completion_at(&query, cursor).range).is_some(), "{query:?} at {cursor}");
    if let Err(error) = insights::check(&query) {
        assert_place(&query, error.position, &error.message);
        assert!(insights::parse(&query).is_err(), "the service refuses what the local engine takes: {query:?}");
    }
    let parsed = match insights::parse(&query) {
        Ok(parsed) => parsed,
        Err(error) => return assert_place(&query, error.position, &error.message),
    };
    // The records are in the query's own window, and in the one that it may be compared with.
    let second = std::time::Duration::from_secs(1);
    parsed.over((time(), time() + second));
    for lookup in parsed.lookups() {
        let names = vec!["id".to_owned(), "name".to_owned()];
        let _ = lookup.answer(&Sheet { names, rows: vec![vec!["7".to_owned(), "Anna".to_owned()], Vec::new()] });
    }
    let mut run = parsed.start();
    if let Some(compared) = run.compared() {
        let (from, to) = compared.windows[1];
        assert!(to == from + second && from <= time());
        run.push(&Record::new(from, "/group", "stream", "before"));
    }
    for message in messages.lines().chain([r#"{"a":1,"b":{"c":["x",2.5]},"d":"text"}"#, "plain text 12 ms", ""]) {
        run.push(&Record::new(time(), "/group", "stream", message));
    }
    let statistics = run.statistics();
    assert!(statistics.records_matched <= statistics.records_scanned);
    assert_eq!(run.snapshot(), run.finish(), "{query:?}");
}

/// A filter pattern, and after an empty line the message that it looks at.
pub(super) fn patterns(data: &[u8]) {
    let (pattern, message) = parts(data);
    match Pattern::parse(&pattern) {
        Err(error) => assert_place(&pattern, error.position, &error.message),
        Ok(parsed) => {
            let explained = parsed.explain(&message);
            assert_eq!(parsed.matches(&message), explained.is_some(), "{pattern:?} in {message:?}");
            for range in explained.into_iter().flatten() {
                assert!(message.get(range.clone()).is_some(), "{range:?} of {message:?}");
            }
        }
    }
}

/// Log lines.
pub(super) fn lines(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Some(rules) = board::preset("token-provisioning").and_then(|board| board.feed) else { return };
    let events: Vec<LogEvent> =
        text.lines().map(|line| LogEvent { time: time(), group: 0, message: line.into() }).collect();
    let mut requests = Requests::default();
    let mut kept = Lines::default();
    requests.fold(&rules, &events, &mut kept);
    assert!(requests.len() <= events.len());
    assert_eq!(kept.len(), events.len());
    file(data);
    for line in text.lines() {
        let shown = text::clean(line);
        assert!(!shown.chars().any(char::is_control), "{line:?} -> {shown:?}");
        assert_eq!(text::clean(&shown), shown, "a second time changes {line:?}");
    }
}

/// The bytes as a log file of this machine.
fn file(data: &[u8]) {
    let path = std::env::temp_dir().join(format!("barograph-fuzz-{}", std::process::id()));
    let Ok(query) = insights::parse("fields @timestamp, @message | sort @timestamp asc") else { return };
    if std::fs::write(&path, data).is_err() {
        return;
    }
    let outcome = local::run(&query, &[Input::File(path.clone())], None, &mut |_| std::ops::ControlFlow::Continue(()));
    let _ = std::fs::remove_file(&path);
    // A file that is packed badly is an error; any other is read, line by line.
    let packed = data.starts_with(&[0x1f, 0x8b]);
    assert!(packed || outcome.is_ok(), "{outcome:?}");
    if let Ok(outcome) = outcome {
        assert_eq!(outcome.rows.len() as u64, outcome.statistics.records_matched.min(10_000));
    }
}

/// A board file.
pub(super) fn boards(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (_, problems) = board::load_text("board.toml", &text, &[]);
    let lines = text.lines().count() + 1;
    for problem in problems {
        assert!(problem.place.line.is_none_or(|line| line <= lines), "{problem}");
        assert!(!problem.to_string().chars().any(char::is_control), "{problem}");
    }
}

/// Segment documents, one a line.
pub(super) fn traces(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let trace = Trace::from_documents("1-5759e988-bd862e3fe1be46a994272793", 1.0, text.lines());
    // What could not be read is told, and what was read can be walked through.
    assert!(!trace.spans.is_empty() || !trace.problems.is_empty() || text.lines().next().is_none(), "{text:?}");
    let mut below = vec![1; trace.spans.len()];
    for (row, span) in trace.spans.iter().enumerate().rev() {
        assert_eq!(span.size, below[row], "{text:?}");
        match span.parent {
            Some(parent) => below[parent] += span.size,
            None => assert_eq!(span.depth, 0),
        }
    }
    let reached: usize = trace.roots().map(|root| trace.spans[root].size).sum();
    assert_eq!(reached, trace.spans.len(), "{text:?}");
}
