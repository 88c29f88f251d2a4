//! The query language and filter patterns that people really use.

use barograph::insights::editor::{completion_at, highlight};
use barograph::insights::pattern::Pattern;
use barograph::insights::{Fault, Record, check, parse};
use proptest::prelude::*;

mod file;
mod table;

proptest! {
    #[test]
    fn parsers_never_panic(query in "(fields|filter|stats|parse|sort|limit|dedup|pattern|diff|logcompare|lookup|unnest|source|accum|join|fillmissing)? ?[a-z@*|/'\"`(),=<>!.0-9 %\\[\\]{}$&?-]{0,40}", message in any::<String>()) {
        for text in [&query, &message] {
            let parts = highlight(text);
            let mut end = 0;
            for (range, _) in &parts {
                prop_assert!(end <= range.start && range.start < range.end && range.end <= text.len());
                prop_assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
                end = range.end;
            }
            for cursor in 0..=text.len() {
                let completion = completion_at(text, cursor);
                prop_assert!(text.get(completion.range.clone()).is_some());
                completion.words();
            }
            if let Err(error) = parse(text) {
                prop_assert!(text.get(error.position..error.end).is_some(), "{:?}", error);
                prop_assert_eq!(check(text).is_ok(), error.fault == Fault::Local);
            }
        }
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
