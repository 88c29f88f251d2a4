//! Stories for a ticket.

use std::io::{self, Write};

use super::text::{requests, searches};
use crate::analysis::story::summary::seconds;
use crate::analysis::story::{Row, rows, summary};
use crate::store::story::Story;
use crate::text::time::rfc3339;
use crate::text::{clean, clean_field};

/// Writes the stories under one heading each, then what was searched and the command that finds this again, where nothing in it is masked.
pub(super) fn write(stories: &[Story], command: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
    for story in stories {
        one(story, out)?;
    }
    let Some(story) = stories.first() else { return Ok(()) };
    writeln!(out, "### Searched\n")?;
    for (number, row) in searches(story).into_iter().enumerate() {
        line(&row, out)?;
        if number == 0 {
            writeln!(out, "|{}", " --- |".repeat(row.len()))?;
        }
    }
    for problem in &story.problems {
        writeln!(out, "\n> {}", clean(problem))?;
    }
    match command {
        Some(command) => writeln!(out, "\n```sh\n{command}\n```"),
        None => writeln!(out, "\n> The command that finds this again is left out: what was looked for is masked."),
    }
}

fn one(story: &Story, out: &mut dyn Write) -> io::Result<()> {
    let told = summary(story);
    let title = story.identifiers.first().map(|known| escaped(&known.value)).unwrap_or_default();
    writeln!(out, "## {title}\n\n{}\n", escaped(&told.words(story)))?;
    for known in &story.identifiers {
        let field = if known.field.is_empty() { "value" } else { &known.field };
        let join =
            known.join.as_ref().map_or_else(String::new, |join| format!(" (beside {} in {})", join.with, join.source));
        writeln!(
            out,
            "- {}: `{}`{}",
            escaped(field),
            clean_field(field, &known.value).replace('`', "'"),
            escaped(&join)
        )?;
    }
    writeln!(out)?;
    if story.events.is_empty() {
        return Ok(());
    }
    if told.shared {
        for (number, row) in requests(story).into_iter().enumerate() {
            line(&row, out)?;
            if number == 0 {
                writeln!(out, "|{}", " --- |".repeat(row.len()))?;
            }
        }
        return writeln!(out);
    }
    line(&["", "Time", "Took", "Source", "Service", "Status", "What"].map(str::to_owned), out)?;
    writeln!(out, "|{}", " --- |".repeat(7))?;
    for row in rows(story) {
        let cells = match row {
            Row::Gap(gap, at_work) => {
                let what = at_work.map(|step| format!("{} at work", story.events[step].service)).unwrap_or_default();
                ["", "…", &seconds(gap), "", "", "", &what].map(str::to_owned)
            }
            Row::Event(index) => {
                let event = &story.events[index];
                [
                    if told.failing == Some(index) { "▶" } else { "" }.to_owned(),
                    rfc3339(event.time),
                    event.took_s.map(seconds).unwrap_or_default(),
                    event.source(),
                    format!("{}{}", "· ".repeat(usize::from(event.depth.min(8))), event.service),
                    event.status.clone(),
                    event.what.clone(),
                ]
            }
        };
        line(&cells, out)?;
    }
    writeln!(out)
}

fn line(cells: &[String], out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
    writeln!(out, "| {} |", cells.join(" | "))
}

/// Clean text that Markdown leaves as it is.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        if "\\`*_{}[]<>|#".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
