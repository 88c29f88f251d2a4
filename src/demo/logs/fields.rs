//! GetLogGroupFields.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta};

use super::identify;
use super::record;
use crate::demo::Estate;
use crate::demo::wire::{ApiError, Wire};

/// How far around the time that is asked about events are looked at (API Reference: eight minutes before and after).
const AROUND: TimeDelta = TimeDelta::minutes(8);
/// Without a time, how much of the past.
const PAST: TimeDelta = TimeDelta::minutes(15);
/// Events that are looked at.
const SAMPLE: usize = 500;

/// Names the fields of a group's events, each with the share of the events that have it, in whole percent.
pub(super) fn get(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let group = identify::one(estate, input)?;
    let now = estate.now();
    let (from, to) = match input.i64("time").and_then(|at| DateTime::from_timestamp(at, 0)) {
        Some(at) => (at - AROUND, now.min(at + AROUND)),
        None => (now - PAST, now),
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let (mut seen, mut end) = (0, to);
    while seen < SAMPLE && end > from {
        let start = from.max(end - TimeDelta::seconds(20));
        for event in estate.world.log_events(&group.name, start, end).into_iter().rev().take(SAMPLE - seen) {
            seen += 1;
            record::field_names(&event.message, |name| *counts.entry(name).or_default() += 1);
        }
        end = start;
    }
    if seen > 0 {
        for name in ["@ingestionTime", "@log", "@logStream", "@message", "@timestamp"] {
            counts.insert(name.to_owned(), seen);
        }
    }
    let mut fields: Vec<(String, usize)> = counts.into_iter().collect();
    fields.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let fields = fields.into_iter().map(|(name, count)| {
        Wire::map([("name", name.into()), ("percent", ((count * 100 / seen.max(1)) as i64).into())])
    });
    Ok(Wire::map([("logGroupFields", Wire::list(fields))]))
}
