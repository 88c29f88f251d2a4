//! Stories as the contract has them.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::analysis::story::summary;
use crate::store::story::{Event, Origin, Search, SearchState, Shared, Story};
use crate::text::time::rfc3339;
use crate::text::units::round;
use crate::text::{clean, clean_field};

/// The document of one story, or of several as `stories`.
pub(super) fn whole(stories: &[Story]) -> Value {
    match stories {
        [story] => document(story),
        stories => json!({ "schema": "barograph/v1", "stories": stories.iter().map(document).collect::<Vec<_>>() }),
    }
}

/// The document of a story.
pub fn document(story: &Story) -> Value {
    let mut document = head(story);
    let failing = summary(story).failing;
    let events = story.events.iter().enumerate();
    let events: Vec<Value> = events.map(|(index, _)| event(story, index, failing)).collect();
    document.insert("events".to_owned(), events.into());
    Value::Object(document)
}

/// Events a line each, then the rest of the story.
pub(super) fn lines(stories: &[Story], out: &mut dyn Write) -> io::Result<()> {
    for (number, story) in stories.iter().enumerate() {
        let failing = summary(story).failing;
        for index in 0..story.events.len() {
            let mut line = json!({ "schema": "barograph/v1", "type": "event", "story": number });
            if let (Some(line), Value::Object(event)) = (line.as_object_mut(), event(story, index, failing)) {
                line.extend(event);
            }
            writeln!(out, "{line}")?;
        }
        let mut line = json!({ "schema": "barograph/v1", "type": "story", "story": number });
        if let Some(line) = line.as_object_mut() {
            line.extend(head(story));
        }
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Everything but the events.
fn head(story: &Story) -> Map<String, Value> {
    let mut identifiers: Map<String, Value> = Map::new();
    for known in &story.identifiers {
        let field = if known.field.is_empty() { "value" } else { known.field.as_str() };
        let values = identifiers.entry(clean(field)).or_insert_with(|| Value::Array(Vec::new()));
        if let Some(values) = values.as_array_mut() {
            values.push(clean_field(&known.field, &known.value).into());
        }
    }
    let joins = story.identifiers.iter().filter_map(|known| {
        let join = known.join.as_ref()?;
        Some(json!({
            "field": clean(&known.field), "value": clean_field(&known.field, &known.value),
            "with": clean(&join.with), "source": clean(&join.source),
        }))
    });
    let told = summary(story);
    let values = json!({
        "schema": "barograph/v1",
        "identifiers": identifiers,
        "joins": joins.collect::<Vec<_>>(),
        "summary": told.words(story),
        "outcome": told.word(),
        "reason": told.reason.as_deref().map(clean),
        "total_s": round(told.total_s, 3),
        "tries": told.tries,
        "shared": story.shared.iter().map(shared).collect::<Vec<_>>(),
        "searched": story.searched.iter().map(search).collect::<Vec<_>>(),
        "problems": story.problems.iter().map(|problem| clean(problem)).collect::<Vec<_>>(),
        "cost_usd": round(story.usd(), 6),
    });
    match values {
        Value::Object(values) => values,
        _ => Map::new(),
    }
}

fn event(story: &Story, index: usize, failing: Option<usize>) -> Value {
    let event: &Event = &story.events[index];
    let before = index.checked_sub(1).and_then(|before| story.events.get(before));
    let gap = before.map_or(0.0, |before| (event.time - before.time).as_seconds_f64());
    let group = event.origin.as_ref().and_then(Origin::group).map(|group| clean(group));
    json!({
        "time": rfc3339(event.time),
        "source": clean(&event.source()),
        "service": clean(&event.service),
        "status": clean(&event.status),
        "what": clean(&event.what),
        "reason": event.reason.as_deref().map(clean),
        "duration_s": event.took_s.map(|took| round(took, 6)),
        "gap_s": round(gap, 3),
        "failed": event.outcome == crate::store::story::Outcome::Failed,
        "failing": failing == Some(index),
        "log_group": group,
        "request_id": event.request.as_deref().map(clean),
        "trace_id": event.trace.as_deref().map(clean),
        "segment_id": event.segment.as_deref().map(clean),
        "depth": event.depth,
        "message": clean(&event.text),
    })
}

fn shared(shared: &Shared) -> Value {
    json!({
        "value": clean(&shared.value),
        "read": shared.read,
        "lines": shared.lines,
        "requests": shared.requests,
        "failed": shared.failed,
        "from": rfc3339(shared.from),
        "to": rfc3339(shared.to),
        "more": shared.more,
    })
}

fn search(search: &Search) -> Value {
    let error = match &search.state {
        SearchState::Failed(error) => Some(error.to_string()),
        SearchState::Skipped(why) | SearchState::Ended(why) => Some(why.clone()),
        _ => None,
    };
    json!({
        "places": search.places.iter().map(|place| clean(place)).collect::<Vec<_>>(),
        "operation": search.how.name(),
        "why": clean(&search.why),
        "sought": search.sought.iter().map(|value| clean(value)).collect::<Vec<_>>(),
        "from": rfc3339(search.from),
        "to": rfc3339(search.to),
        "state": search.state.word(),
        "error": error.as_deref().map(clean),
        "events": search.found,
        "calls": search.calls,
        "bytes_scanned": search.bytes,
        "usd": round(search.usd, 6),
    })
}
