//! Queries of others: each runs, or is refused with a reason and a place. The counts stand in `docs/insights.md`.
//!
//! `BARO_UPDATE_DOCS=1 cargo test --test all queries_of_others` writes them anew.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use barograph::insights::editor::{Kind, highlight, vocabulary};
use barograph::insights::{Fault, Record, parse};

use crate::text::real_data;

const PAGE: &str = "docs/insights.md";
const START: &str = "<!-- the table of queries of others begins -->\n";
const END: &str = "<!-- the table of queries of others ends -->";

/// The commands of a query, each once, as the documentation writes them.
fn commands(text: &str) -> Vec<&'static str> {
    let written = highlight(text).into_iter().filter(|(_, kind)| *kind == Kind::Command);
    let mut names: Vec<_> = written
        .filter_map(|(range, _)| vocabulary().iter().find(|word| word.name.eq_ignore_ascii_case(&text[range.clone()])))
        .map(|word| word.name)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[derive(Default)]
struct Count {
    run: usize,
    local: usize,
    syntax: usize,
}

#[test]
fn queries_of_others_run_or_are_refused_with_a_place() {
    let Some(rows) = real_data("logs-insights/queries.jsonl") else { return };
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut all = Count::default();
    let mut languages: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut refusals = String::new();
    for (row, number) in rows.lines().zip(1..) {
        let row: serde_json::Value = serde_json::from_str(row).unwrap_or_else(|error| panic!("row {number}: {error}"));
        let text = row["query"].as_str().unwrap_or_else(|| panic!("row {number} has no query"));
        let result = parse(text);
        if let Err(error) = &result {
            assert!(
                text.get(error.position..error.end).is_some() && !error.message.is_empty(),
                "row {number}: {error:?}"
            );
            if let Fault::Language(name) = error.fault {
                languages.entry(name).or_default().push(number);
                continue;
            }
            let from: String = text[error.position..].split('\n').next().unwrap_or_default().chars().take(30).collect();
            let from = from.replace('|', "\\|").replace('`', "'");
            let message = error.message.replace('|', "\\|");
            let _ = writeln!(refusals, "| {number} | {} | `{from}` | {message} |", error.position);
        }
        let count = |count: &mut Count| match &result {
            Ok(_) => count.run += 1,
            Err(error) if error.fault == Fault::Local => count.local += 1,
            Err(_) => count.syntax += 1,
        };
        count(&mut all);
        for name in commands(text) {
            count(counts.entry(name).or_default());
        }
        if let Ok(query) = result {
            let mut run = query.start();
            let time = "2026-01-15T10:28:00Z".parse().unwrap_or_else(|error| panic!("{error}"));
            for message in [text, r#"{"status":"FAILED","bytes":12,"Type":"Pod"}"#] {
                run.push(&Record::new(time, "/aws/lambda/f", "stream", message));
            }
            assert!(run.finish().len() <= 2, "row {number}");
        }
    }
    let mut page = String::from(
        "| command | queries | run | only the service does it | not in the language |\n| --- | ---: | ---: | ---: | ---: |\n",
    );
    let mut line = |name: &str, it: &Count| {
        let _ = writeln!(
            page,
            "| {name} | {} | {} | {} | {} |",
            it.run + it.local + it.syntax,
            it.run,
            it.local,
            it.syntax
        );
    };
    for (name, count) in &counts {
        line(&format!("`{name}`"), count);
    }
    line("**all**", &all);
    let _ = writeln!(
        page,
        "\nIn another language, so not counted above:\n\n| language | queries | rows |\n| --- | ---: | --- |"
    );
    for (name, rows) in &languages {
        let list: Vec<String> = rows.iter().map(ToString::to_string).collect();
        let _ = writeln!(page, "| {name} | {} | {} |", rows.len(), list.join(", "));
    }
    let _ =
        writeln!(page, "\nEvery refusal:\n\n| row | place | there | reason |\n| ---: | ---: | --- | --- |\n{refusals}");
    let known = fs::read_to_string(PAGE).unwrap_or_default();
    let (before, rest) = known.split_once(START).unwrap_or_else(|| panic!("{PAGE} has no place for the table"));
    let (old, after) = rest.split_once(END).unwrap_or_else(|| panic!("{PAGE} has no end of the table"));
    if std::env::var_os("BARO_UPDATE_DOCS").is_some() {
        fs::write(PAGE, format!("{before}{START}{page}{END}{after}")).unwrap_or_else(|error| panic!("{error}"));
        return;
    }
    assert_eq!(old, page, "write the table anew: BARO_UPDATE_DOCS=1 cargo test --test all queries_of_others");
}
