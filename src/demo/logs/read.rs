//! FilterLogEvents and GetLogEvents.

use chrono::{DateTime, TimeDelta};

use super::quotas::Quotas;
use super::scan::{Direction, Page, Place, Scan};
use super::{INVALID, demand, identify, limit, streams};
use crate::clock::Time;
use crate::demo::Estate;
use crate::demo::wire::token::{fingerprint, open, seal};
use crate::demo::wire::{ApiError, Wire};
use crate::demo::world::{LogGroup, LogRecord, World};
use crate::insights::pattern::Pattern;

/// Searches a group: both ends of the time range are inclusive, in epoch milliseconds (API Reference, FilterLogEvents).
///
/// A page ends after 10,000 events, 1 MB, or enough events looked at; an empty page with a token is normal.
pub(super) fn filter(estate: &Estate, quotas: Quotas, input: &Wire) -> Result<Wire, ApiError> {
    let group = identify::one(estate, input)?;
    let pattern = pattern(input, "filterPattern")?;
    let names = input.texts("logStreamNames");
    let prefix = input.text("logStreamNamePrefix");
    if prefix.is_some() && !names.is_empty() {
        return Err(ApiError::bad(INVALID, "logStreamNames and logStreamNamePrefix are mutually exclusive"));
    }
    let limit = limit(input, "limit", quotas.page_events, quotas.page_events)?;
    let from = millis(input, "startTime")?.unwrap_or(group.created);
    let end = millis(input, "endTime")?.map(|end| end + TimeDelta::milliseconds(1));
    let print = fingerprint("FilterLogEvents", input, &["limit", "nextToken", "startFromHead"]);
    let (direction, place) = match input.text("nextToken") {
        None if input.bool("startFromHead") == Some(false) => (Direction::Backward, None),
        None => (Direction::Forward, None),
        Some(token) => resume(&open(print, token, INVALID)?)?,
    };
    let range = range(estate, group, from, end);
    let changes_alone = group.name == World::TRAIL && pattern.demands("managementEvent", true);
    let demanded = input.text("filterPattern").and_then(demand::of_pattern);
    let stretches = demanded.and_then(|terms| estate.world.whereabouts(Some(&group.name), &terms, range.0, range.1));
    let scan = Scan {
        world: &estate.world,
        group: &group.name,
        from: range.0,
        to: range.1,
        direction,
        changes_alone,
        stretches,
    };
    let page = scan.page(place, limit, quotas, |record| {
        (names.is_empty() || names.contains(&&*record.stream))
            && prefix.is_none_or(|prefix| record.stream.starts_with(prefix))
            && pattern.matches(&record.message)
    });
    let next = page.next.map(|place| seal(print, &suspend(direction, &place)));
    let events = page.events.into_iter().map(|record| {
        Wire::map([
            ("logStreamName", (*record.stream).into()),
            ("timestamp", record.time.timestamp_millis().into()),
            ("message", record.message.into()),
            ("ingestionTime", record.time.timestamp_millis().into()),
            ("eventId", record.id.into()),
        ])
    });
    let events = Wire::list(events);
    Ok(Wire::map([("events", events), ("searchedLogStreams", Wire::List(Vec::new())), ("nextToken", next.into())]))
}

/// Reads one stream, from its end or its head; the end of the time range is exclusive here (API Reference, GetLogEvents).
///
/// Both tokens are always given; at an end of the stream the token is the one that was passed.
pub(super) fn get(estate: &Estate, quotas: Quotas, input: &Wire) -> Result<Wire, ApiError> {
    let group = identify::one(estate, input)?;
    let Some(stream) = input.text("logStreamName") else {
        return Err(ApiError::bad(INVALID, "logStreamName must be specified"));
    };
    if !streams::exists(estate, group, stream) {
        return Err(ApiError::bad("ResourceNotFoundException", "The specified log stream does not exist."));
    }
    let limit = limit(input, "limit", quotas.page_events, quotas.page_events)?;
    let from = millis(input, "startTime")?.unwrap_or(group.created);
    let mut range = range(estate, group, from, millis(input, "endTime")?);
    if let Some((from, to)) = streams::day(stream) {
        range = (range.0.max(from), range.1.min(to));
    }
    let print = fingerprint("GetLogEvents", input, &["limit", "nextToken", "startFromHead"]);
    let token = input.text("nextToken");
    let (direction, place) = match token {
        None if input.bool("startFromHead") == Some(true) => (Direction::Forward, None),
        None => (Direction::Backward, None),
        Some(token) => {
            let sealed = token.strip_prefix("f/").or_else(|| token.strip_prefix("b/")).unwrap_or_default();
            resume(&open(print, sealed, INVALID)?)?
        }
    };
    let scan = Scan {
        world: &estate.world,
        group: &group.name,
        from: range.0,
        to: range.1,
        direction,
        changes_alone: false,
        stretches: None,
    };
    let page = scan.page(place.clone(), limit, quotas, |record| &*record.stream == stream);
    let (backward, forward) = ends(&scan, place, &page);
    let exhausted = page.events.is_empty() && page.next.is_none();
    let write = |direction: Direction, place: &Place| {
        let prefix = if direction == Direction::Forward { "f/" } else { "b/" };
        match token {
            Some(token) if exhausted && token.starts_with(prefix) => token.to_owned(),
            _ => format!("{prefix}{}", seal(print, &suspend(direction, place))),
        }
    };
    let tokens = (write(Direction::Forward, &forward), write(Direction::Backward, &backward));
    let mut events = page.events;
    if direction == Direction::Backward {
        events.reverse();
    }
    let events = events.into_iter().map(|record| {
        Wire::map([
            ("timestamp", record.time.timestamp_millis().into()),
            ("message", record.message.into()),
            ("ingestionTime", record.time.timestamp_millis().into()),
        ])
    });
    Ok(Wire::map([
        ("events", Wire::list(events)),
        ("nextForwardToken", tokens.0.into()),
        ("nextBackwardToken", tokens.1.into()),
    ]))
}

/// The places before and after what a page holds.
fn ends(scan: &Scan<'_>, from: Option<Place>, page: &Page) -> (Place, Place) {
    let first: Option<&LogRecord> = page.events.first();
    match scan.direction {
        Direction::Forward => {
            let before = first.map(Place::of).or(from).unwrap_or_else(|| Place::before(scan.from));
            (before, page.next.clone().unwrap_or_else(|| Place::before(scan.to)))
        }
        Direction::Backward => {
            let after = first.map(Place::of).or(from).unwrap_or_else(|| Place::before(scan.to));
            (page.next.clone().unwrap_or_else(|| Place::before(scan.from)), after)
        }
    }
}

/// What can be read of a group: nothing older than its retention, nothing later than the present.
fn range(estate: &Estate, group: &LogGroup, from: Time, end: Option<Time>) -> (Time, Time) {
    let now = estate.now();
    let oldest = group.created.max(now - TimeDelta::days(i64::from(group.retention_days.max(1))));
    let present = present(now);
    (from.max(oldest), end.map_or(present, |end| end.min(present)))
}

/// The first millisecond that has not begun yet.
pub(super) fn present(now: Time) -> Time {
    let next = now.timestamp_millis() + 1;
    DateTime::from_timestamp_millis(next).unwrap_or(now)
}

/// The filter pattern of a request; a malformed one is said with its position.
pub(super) fn pattern(input: &Wire, key: &str) -> Result<Pattern, ApiError> {
    let text = input.text(key).unwrap_or_default();
    Pattern::parse(text).map_err(|error| ApiError::bad(INVALID, format!("Invalid filter pattern: {error}")))
}

fn millis(input: &Wire, key: &str) -> Result<Option<Time>, ApiError> {
    let Some(value) = input.get(key) else { return Ok(None) };
    let millis = value.as_i64().filter(|millis| *millis >= 0).and_then(DateTime::from_timestamp_millis);
    match millis {
        Some(time) => Ok(Some(time)),
        None => Err(ApiError::bad(INVALID, format!("{key} must be epoch milliseconds"))),
    }
}

fn suspend(direction: Direction, place: &Place) -> String {
    let mark = if direction == Direction::Forward { 'f' } else { 'b' };
    format!("{mark}{}", place.encode())
}

fn resume(state: &str) -> Result<(Direction, Option<Place>), ApiError> {
    let read = || {
        let direction = if state.starts_with('f') { Direction::Forward } else { Direction::Backward };
        Some((direction, Some(Place::decode(state.get(1..)?)?)))
    };
    read().ok_or_else(|| ApiError::bad(INVALID, "The specified nextToken is invalid."))
}
