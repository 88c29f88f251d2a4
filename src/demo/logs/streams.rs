//! DescribeLogStreams.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};

use super::quotas::Quotas;
use super::read::present;
use super::scan::{Direction, Scan};
use super::{INVALID, identify, limit};
use crate::clock::{Time, floor};
use crate::demo::Estate;
use crate::demo::wire::token::{fingerprint, page};
use crate::demo::wire::{ApiError, Wire};
use crate::demo::world::LogGroup;

/// Days whose streams are told, the present one included.
const DAYS: i32 = 7;

/// Events read at either end of a day to find its streams: a group writes to a handful of streams side by side.
const PROBE: usize = 150;

/// A stream with its first and last event.
#[derive(Debug, Clone)]
struct Stream {
    name: String,
    first: Time,
    last: Time,
}

/// Names the streams of a group in the last days, by name or by last event, 50 a page.
pub(super) fn describe(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let group = identify::one(estate, input)?;
    let prefix = input.text("logStreamNamePrefix");
    let by_time = input.text("orderBy") == Some("LastEventTime");
    if by_time && prefix.is_some() {
        return Err(ApiError::bad(INVALID, "Cannot order by LastEventTime with a logStreamNamePrefix."));
    }
    let mut streams = streams(estate, group);
    streams.retain(|stream| prefix.is_none_or(|prefix| stream.name.starts_with(prefix)));
    if by_time {
        streams.sort_by(|a, b| (a.last, &a.name).cmp(&(b.last, &b.name)));
    }
    if input.bool("descending") == Some(true) {
        streams.reverse();
    }
    let limit = limit(input, "limit", 50, 50)?;
    let print = fingerprint("DescribeLogStreams", input, &["limit", "nextToken"]);
    let (streams, next) = page(streams, limit, print, input.text("nextToken"), INVALID)?;
    let streams = streams.into_iter().map(|stream| {
        Wire::map([
            ("arn", format!("{}:log-stream:{}", identify::arn(&group.name), stream.name).into()),
            ("logStreamName", stream.name.into()),
            ("creationTime", stream.first.timestamp_millis().into()),
            ("firstEventTimestamp", stream.first.timestamp_millis().into()),
            ("lastEventTimestamp", stream.last.timestamp_millis().into()),
            ("lastIngestionTime", stream.last.timestamp_millis().into()),
            ("storedBytes", 0_i64.into()),
        ])
    });
    Ok(Wire::map([("logStreams", Wire::list(streams)), ("nextToken", next.into())]))
}

/// Whether a group has a stream of this name: on the day that its name begins with, or today.
pub(super) fn exists(estate: &Estate, group: &LogGroup, name: &str) -> bool {
    let now = estate.now();
    let start = day(name).map_or(floor(now, 86_400), |(start, _)| start);
    let mut found = BTreeMap::new();
    probe(estate, group, start, present(now).min(start + TimeDelta::days(1)), &mut found);
    found.contains_key(name)
}

/// The day that a stream's name begins with (`2026/01/15/…`), outside of which it has no event.
pub(super) fn day(name: &str) -> Option<(Time, Time)> {
    let date = NaiveDate::parse_from_str(name.get(..10)?, "%Y/%m/%d").ok()?;
    let start = date.and_hms_opt(0, 0, 0)?.and_utc();
    Some((start, start + TimeDelta::days(1)))
}

/// The streams of the last days, by name.
fn streams(estate: &Estate, group: &LogGroup) -> Vec<Stream> {
    let now = estate.now();
    let today = floor(now, 86_400);
    let mut found = BTreeMap::new();
    for back in 0..group.retention_days.clamp(1, DAYS) {
        let start = today - TimeDelta::days(i64::from(back));
        probe(estate, group, start, present(now).min(start + TimeDelta::days(1)), &mut found);
    }
    found.into_values().collect()
}

fn probe(estate: &Estate, group: &LogGroup, from: Time, to: Time, found: &mut BTreeMap<String, Stream>) {
    for direction in [Direction::Forward, Direction::Backward] {
        let scan = Scan {
            world: &estate.world,
            group: &group.name,
            from,
            to,
            direction,
            changes_alone: false,
            stretches: None,
        };
        for record in scan.page(None, PROBE, Quotas::default(), |_| true).events {
            let name = record.stream.to_string();
            let stream = found.entry(name.clone()).or_insert(Stream { name, first: record.time, last: record.time });
            stream.first = stream.first.min(record.time);
            stream.last = stream.last.max(record.time);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_streams_name_tells_its_day() {
        let (from, to) = day("2026/01/15/[$LATEST]abc").expect("a day");
        assert_eq!((from.to_rfc3339(), to - from), ("2026-01-15T00:00:00+00:00".to_owned(), TimeDelta::days(1)));
        for name in ["123456789012_CloudTrail_us-east-1_1", "short", "2026/13/15/x", "ääääää"] {
            assert_eq!(day(name), None, "{name}");
        }
    }
}
