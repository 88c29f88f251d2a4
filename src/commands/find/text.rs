//! Stories for a reader.

use std::io::{self, Write};

use crate::analysis::story::summary::seconds;
use crate::analysis::story::{Row, rows, summary};
use crate::commands::sheet;
use crate::store::story::{Search, SearchState, Story};
use crate::text::time::{rfc3339, rfc3339_s};
use crate::text::units::plural;
use crate::text::{clean, clean_field, units};

/// Writes the stories one after the other.
pub(super) fn write(stories: &[Story], out: &mut dyn Write) -> io::Result<()> {
    for (index, story) in stories.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        one(story, stories.len() == 1 || index + 1 == stories.len(), out)?;
    }
    Ok(())
}

fn one(story: &Story, searched: bool, out: &mut dyn Write) -> io::Result<()> {
    let summary = summary(story);
    writeln!(out, "{}", summary.words(story))?;
    writeln!(out)?;
    let ids: Vec<[String; 3]> = story
        .identifiers
        .iter()
        .map(|known| {
            let field = if known.field.is_empty() { "value" } else { &known.field };
            let join = known
                .join
                .as_ref()
                .map_or_else(|| "given".to_owned(), |join| format!("beside {} in {}", join.with, join.source));
            [clean(field), clean_field(field, &known.value), clean(&join)].map(std::borrow::Cow::into_owned)
        })
        .collect();
    sheet::columns(&ids, out)?;
    if !story.events.is_empty() {
        writeln!(out)?;
        if summary.shared {
            sheet::columns(&requests(story), out)?;
        } else {
            sheet::columns(&table(story, summary.failing), out)?;
        }
    }
    if searched {
        writeln!(out)?;
        sheet::columns(&searches(story), out)?;
        for problem in &story.problems {
            writeln!(out, "! {}", clean(problem))?;
        }
    }
    Ok(())
}

/// The requests to go on with, the newest first.
pub(super) fn requests(story: &Story) -> Vec<[String; 5]> {
    let mut table = vec![["LAST WORD (UTC)", "REQUEST", "SERVICE", "STATUS", "WHAT"].map(str::to_owned)];
    for event in story.events.iter().rev() {
        let request = event.request.clone().unwrap_or_default();
        let cells = [rfc3339(event.time), request, event.service.clone(), event.status.clone(), event.what.clone()];
        table.push(cells.map(|text| clean(&text).into_owned()));
    }
    table
}

fn table(story: &Story, failing: Option<usize>) -> Vec<[String; 7]> {
    let mut table = vec![["", "TIME (UTC)", "TOOK", "SOURCE", "SERVICE", "STATUS", "WHAT"].map(str::to_owned)];
    let mut day = None;
    for row in rows(story) {
        match row {
            Row::Gap(gap, step) => {
                let during =
                    step.and_then(|step| story.events.get(step)).map(|event| format!("{} at work", event.service));
                let during = clean(&during.unwrap_or_default()).into_owned();
                table.push(["", &format!("… {}", seconds(gap)), "", "", "", "", &during].map(str::to_owned));
            }
            Row::Event(index) => {
                let event = &story.events[index];
                let date = event.time.date_naive();
                if day.replace(date) != Some(date) {
                    table.push(["", &date.to_string(), "", "", "", "", ""].map(str::to_owned));
                }
                let indent = "  ".repeat(usize::from(event.depth.min(8)));
                let cells = [
                    if failing == Some(index) { "▶" } else { "" }.to_owned(),
                    event.time.format("%H:%M:%S%.3f").to_string(),
                    event.took_s.map(seconds).unwrap_or_default(),
                    event.source(),
                    format!("{indent}{}", event.service),
                    event.status.clone(),
                    event.what.clone(),
                ];
                table.push(cells.map(|text| clean(&text).into_owned()));
            }
        }
    }
    table
}

/// What was searched, alike searches as one line.
pub(super) fn searches(story: &Story) -> Vec<[String; 6]> {
    let mut table = vec![["SEARCHED", "BY", "FROM", "TO", "", "COST"].map(str::to_owned)];
    let mut groups: Vec<(&Search, Vec<&str>, usize, f64, f64)> = Vec::new();
    for search in &story.searched {
        let places = search.places.iter().map(String::as_str);
        let same = |(other, ..): &&mut (&Search, Vec<&str>, usize, f64, f64)| {
            (other.how, &other.why, other.from, other.to, &other.state)
                == (search.how, &search.why, search.from, search.to, &search.state)
        };
        match groups.iter_mut().find(same) {
            Some((_, known, found, usd, bytes)) => {
                known.extend(places);
                known.sort_unstable();
                known.dedup();
                *found += search.found;
                *usd += search.usd;
                *bytes += search.bytes;
            }
            None => groups.push((search, places.collect(), search.found, search.usd, search.bytes)),
        }
    }
    for (search, places, found, usd, bytes) in groups {
        let place = match places.as_slice() {
            [one] => (*one).to_owned(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
            [] => String::new(),
        };
        let state = match &search.state {
            SearchState::Done => plural(found, "event"),
            SearchState::Cut => format!("{} and more", plural(found, "event")),
            SearchState::Skipped(why) | SearchState::Ended(why) => format!("{}: {why}", search.state.word()),
            SearchState::Failed(error) => error.brief(),
            state => state.word().to_owned(),
        };
        let cost = match (usd, bytes) {
            (usd, bytes) if bytes > 0.0 => format!("${usd:.4}, {}", units::value(bytes, crate::board::Unit::Bytes)),
            (usd, _) if usd > 0.0 => format!("${usd:.4}"),
            _ => "free".to_owned(),
        };
        let cells = [place, search.how.name().to_owned(), rfc3339_s(search.from), rfc3339_s(search.to), state, cost];
        table.push(cells.map(|text| clean(&text).into_owned()));
    }
    table
}
