//! The query language and filter patterns that people really use.

use barograph::insights::pattern::Pattern;
use barograph::insights::{Record, parse};
use proptest::prelude::*;

use crate::text::real_data;

/// The values of one field in a file of JSON lines.
fn column(path: &str, field: &str) -> Option<Vec<String>> {
    let rows = real_data(path)?;
    let cell = |row: &str| {
        let row: serde_json::Value = serde_json::from_str(row).unwrap_or_else(|error| panic!("{path}: {error}"));
        row[field].as_str().map(str::to_owned)
    };
    Some(rows.lines().filter_map(cell).collect())
}

#[test]
fn queries_are_understood_or_refused_with_a_position() {
    let Some(queries) = column("logs-insights/queries.jsonl", "query") else { return };
    assert!(queries.len() > 200);
    let mut refused = 0;
    for text in &queries {
        match parse(text) {
            Ok(query) => {
                let mut run = query.start();
                let time = "2026-01-15T10:28:00Z".parse().unwrap_or_else(|error| panic!("{error}"));
                for message in [text.as_str(), r#"{"status":"FAILED","bytes":12,"Type":"Pod"}"#] {
                    run.push(&Record::new(time, "/aws/lambda/f", "stream", message));
                }
                assert!(run.finish().len() <= 2, "{text}");
            }
            Err(error) => {
                assert!(error.position <= text.len() && text.is_char_boundary(error.position), "{text}");
                let from: String = text[error.position..].chars().take(40).collect();
                eprintln!("refused: {error}: {from:?}");
                refused += 1;
            }
        }
    }
    eprintln!("{} read, {refused} refused", queries.len() - refused);
    // Other languages, placeholders and commands that are not supported are among them.
    assert!(refused * 5 < queries.len(), "{refused} of {} refused", queries.len());
}

proptest! {
    #[test]
    fn parsers_never_panic(query in "(fields|filter|stats|parse|sort|limit|dedup)? ?[a-z@*|/'\"`(),=<>!.0-9 %\\[\\]{}$&?-]{0,40}", message in any::<String>()) {
        if let Ok(query) = parse(&query) {
            let mut run = query.start();
            run.push(&Record::new("2026-01-15T10:28:00Z".parse().unwrap_or_default(), "g", "s", &message));
            run.finish();
        }
        for text in [&query, &message] {
            if let Ok(pattern) = Pattern::parse(text) {
                pattern.matches(&message);
            }
        }
    }
}
