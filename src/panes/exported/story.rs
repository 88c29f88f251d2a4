//! Stories as tables, by the names of `baro find --output json`.

use super::Exported;
use crate::analysis::story::summary;
use crate::export::{Cell, Table};
use crate::store::story::{Origin, Outcome, Story, StoryQuery};
use crate::text::units::round;

const COLUMNS: [&str; 16] = [
    "time",
    "source",
    "service",
    "status",
    "what",
    "reason",
    "duration_s",
    "gap_s",
    "failed",
    "failing",
    "log_group",
    "request_id",
    "trace_id",
    "segment_id",
    "depth",
    "message",
];

/// Events of a story, by their places in it.
pub fn story(title: &str, story: &Story, events: &[usize]) -> Exported {
    let failing = summary(story).failing;
    let yes = |is: bool| Cell::text(if is { "true" } else { "false" });
    let rows = events.iter().filter_map(|index| {
        let event = story.events.get(*index)?;
        let before = index.checked_sub(1).and_then(|before| story.events.get(before));
        let gap = before.map_or(0.0, |before| (event.time - before.time).as_seconds_f64());
        let group = event.origin.as_ref().and_then(Origin::group);
        Some(vec![
            Cell::time(event.time),
            Cell::text(event.source()),
            Cell::text(&event.service),
            Cell::text(&event.status),
            Cell::text(&event.what),
            Cell::maybe(event.reason.as_ref()),
            Cell::number(event.took_s.map(|took| round(took, 6))),
            Cell::number(round(gap, 3)),
            yes(event.outcome == Outcome::Failed),
            yes(failing == Some(*index)),
            Cell::maybe(group),
            Cell::maybe(event.request.as_ref()),
            Cell::maybe(event.trace.as_ref()),
            Cell::maybe(event.segment.as_ref()),
            Cell::count(u64::from(event.depth)),
            Cell::text(&event.text),
        ])
    });
    Exported::new("story", Table::new(title, COLUMNS, rows))
}

/// What has been investigated, each with what came of it.
pub fn investigations<'a>(stories: impl Iterator<Item = (&'a StoryQuery, &'a Story)>) -> Exported {
    let row = |(query, story): (&StoryQuery, &Story)| {
        let told = summary(story);
        vec![
            Cell::text(query.identifiers.join(" ")),
            Cell::count(story.events.len() as u64),
            Cell::text(told.word()),
            Cell::maybe(told.reason.as_ref()),
            Cell::number(round(told.total_s, 3)),
            Cell::count(told.tries as u64),
            Cell::number(round(story.usd(), 6)),
            Cell::text(told.words(story)),
        ]
    };
    let columns = ["identifiers", "events", "outcome", "reason", "total_s", "tries", "cost_usd", "summary"];
    Exported::new("investigations", Table::new("Investigate", columns, stories.map(row)))
}
