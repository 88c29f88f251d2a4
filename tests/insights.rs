//! The query language and filter patterns that people really use.

use barograph::insights::pattern::Pattern;

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
fn filter_patterns_are_understood_or_refused_with_a_position() {
    let Some(patterns) = column("logs-insights/filter_patterns.jsonl", "pattern") else { return };
    assert!(patterns.len() > 30);
    for text in patterns {
        match Pattern::parse(&text) {
            Ok(pattern) => {
                pattern.matches(&text);
                eprintln!("read:    {text}");
            }
            Err(error) => {
                assert!(error.position <= text.len() && text.is_char_boundary(error.position), "{text}");
                eprintln!("refused: {text}: {error}");
            }
        }
    }
}
