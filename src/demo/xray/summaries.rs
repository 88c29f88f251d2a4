//! GetTraceSummaries.
//!
//! `TimeRangeType` decides which time must lie in the range: a trace's start (`TraceId`, the default), when it was updated
//! last (`Event`), or when one of its segments ended (`Service`). `Sampling` leaves traces out, by their ids, so that the same
//! are left out every time: `FixedRate` keeps the share that its value names, `PartialScan` and no strategy a tenth.

use std::cell::OnceCell;
use std::collections::HashMap;

use chrono::{DateTime, TimeDelta};

use super::INVALID;
use super::causes::{self, Trail};
use super::filter::Filter;
use super::window::Window;
use crate::clock::Time;
use crate::demo::Estate;
use crate::demo::wire::token::{fingerprint, open, seal};
use crate::demo::wire::{ApiError, Wire};
use crate::demo::world::{TraceRecord, TraceSummary};
use crate::store::graph::ServiceKey;

/// The longest time range (API Reference, GetTraceSummaries).
const LONGEST: TimeDelta = TimeDelta::hours(24);

/// Summaries a page.
const PAGE: usize = 200;

/// Traces looked at for one page, matching or not.
const SCANNED: usize = 20_000;

/// Stretches of time read for one page.
const STRIDES: usize = 60;

/// How long after its start a trace can end; a search by start looks for ends this much later.
const LAG: TimeDelta = TimeDelta::minutes(3);

/// A place among traces, latest end first: after the trace `id` that ended then, or before all that ended later.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    end: Time,
    id: Option<String>,
}

/// Which time of a trace must lie in the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Start,
    Update,
    SegmentEnd,
}

impl By {
    fn read(input: &Wire) -> Result<Self, ApiError> {
        match input.text("TimeRangeType") {
            None | Some("TraceId") => Ok(Self::Start),
            Some("Event") => Ok(Self::Update),
            Some("Service") => Ok(Self::SegmentEnd),
            Some(other) => Err(ApiError::bad(INVALID, format!("TimeRangeType {other} is not known"))),
        }
    }

    /// Whether a trace lies in a range. Only where one of its segments ended asks for its segments.
    fn takes(self, window: &Window, summary: &TraceSummary, whole: &dyn Fn() -> Option<TraceRecord>) -> bool {
        let holds = |at: Time| window.from <= at && at <= window.end;
        match self {
            Self::Start => holds(summary.start),
            Self::Update => holds(end(summary)),
            Self::SegmentEnd => {
                let ended = |document: &serde_json::Value| {
                    let seconds = document.get("end_time").and_then(serde_json::Value::as_f64)?;
                    DateTime::from_timestamp_micros((seconds * 1e6).round() as i64)
                };
                // What starts later has ended nothing by then, and what ends in it has ended its root.
                if holds(end(summary)) || summary.start > window.end {
                    return holds(end(summary));
                }
                let segments = whole().map(|record| record.segments).unwrap_or_default();
                segments.iter().filter_map(|(_, document)| ended(document)).any(holds)
            }
        }
    }
}

/// The share of traces that sampling keeps where nothing says how many, and for a partial scan.
const KEPT: f64 = 0.1;

/// The share of the traces that is looked at.
fn share(input: &Wire) -> Result<f64, ApiError> {
    if input.bool("Sampling") != Some(true) {
        return Ok(1.0);
    }
    let Some(strategy) = input.get("SamplingStrategy") else { return Ok(KEPT) };
    match strategy.text("Name") {
        None | Some("PartialScan") => Ok(KEPT),
        Some("FixedRate") => match strategy.get("Value").and_then(Wire::as_f64).unwrap_or(KEPT) {
            value if (0.0..=1.0).contains(&value) => Ok(value),
            value => Err(ApiError::bad(INVALID, format!("a sampling rate of {value} is not between 0 and 1"))),
        },
        Some(other) => Err(ApiError::bad(INVALID, format!("the sampling strategy {other} is not known"))),
    }
}

/// Whether sampling keeps a trace: the last 32 bits of its id are as good as any dice.
fn is_kept(id: &str, share: f64) -> bool {
    let tail = id.get(id.len().saturating_sub(8)..).and_then(|tail| u32::from_str_radix(tail, 16).ok());
    tail.is_none_or(|tail| f64::from(tail) < share * f64::from(u32::MAX)) || share >= 1.0
}

/// Answers GetTraceSummaries: newest page first, a bounded amount of work a page.
pub(super) fn get(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let window = Window::read(estate, input, LONGEST)?;
    let by = By::read(input)?;
    let share = share(input)?;
    let filter = Filter::parse(input.text("FilterExpression").unwrap_or_default())?;
    let print = fingerprint("GetTraceSummaries", input, &["NextToken"]);
    // What started in the range, or had a segment that ended there, may have ended after it.
    let latest = if by == By::Update { window.to } else { (window.end + LAG).min(estate.now()) };
    let mut place = match input.text("NextToken") {
        None => Place { end: latest, id: None },
        Some(token) => Place::decode(&open(print, token, INVALID)?)
            .ok_or_else(|| ApiError::bad(INVALID, "The NextToken is invalid"))?,
    };
    let mut found = Vec::new();
    let (mut scanned, mut more) = (0, false);
    let mut stride = TimeDelta::seconds(20);
    for turn in 0.. {
        if place.end <= window.from && place.id.is_none() {
            break;
        }
        if found.len() >= PAGE || scanned >= SCANNED || turn >= STRIDES {
            more = true;
            break;
        }
        let to = if place.id.is_some() { place.end + TimeDelta::microseconds(1) } else { place.end };
        let from = window.from.max(to - stride);
        let mut summaries = estate.world.trace_summaries(from, to);
        stride = if summaries.len() < 500 { (stride * 3).min(TimeDelta::minutes(10)) } else { stride };
        summaries.sort_by(|a, b| (end(b), &b.id).cmp(&(end(a), &a.id)));
        let mut next = Place { end: from, id: None };
        summaries.retain(|summary| place.lies_before(summary));
        for chunk in summaries.chunks(PAGE) {
            // Segments are simulated for many traces at once, when the first of them is asked for.
            let records = OnceCell::new();
            let whole = |id: &str| {
                let all = records.get_or_init(|| records_of(estate, chunk));
                all.get(id).cloned()
            };
            for summary in chunk {
                if found.len() >= PAGE {
                    break;
                }
                next = Place { end: end(summary), id: Some(summary.id.clone()) };
                if !is_kept(&summary.id, share) {
                    continue;
                }
                scanned += 1;
                let whole = || whole(&summary.id);
                if by.takes(&window, summary, &whole) && filter.takes(summary, &whole) {
                    found.push(summary.clone());
                }
            }
        }
        place = if found.len() >= PAGE { next } else { Place { end: from, id: None } };
    }
    let approximate = found.first().map_or(window.from, |summary| summary.start);
    let records = records_of(estate, &found);
    let described = found.iter().map(|summary| {
        let documents = records.get(&summary.id).map_or(&[][..], |record| &record.segments);
        describe(summary, documents)
    });
    Ok(Wire::map([
        ("TraceSummaries", Wire::list(described)),
        ("ApproximateTime", approximate.into()),
        ("TracesProcessedCount", (scanned as i64).into()),
        ("NextToken", more.then(|| seal(print, &place.encode())).into()),
    ]))
}

/// Traces with their segments, by id.
fn records_of(estate: &Estate, summaries: &[TraceSummary]) -> HashMap<String, TraceRecord> {
    let ids: Vec<&str> = summaries.iter().map(|summary| summary.id.as_str()).collect();
    let records = estate.world.traces(&ids, estate.now()).into_iter();
    records.map(|record| (record.id.clone(), record)).collect()
}

impl Place {
    fn lies_before(&self, summary: &TraceSummary) -> bool {
        let ended = end(summary);
        match &self.id {
            None => ended < self.end,
            Some(id) => (ended, &summary.id) < (self.end, id),
        }
    }

    fn encode(&self) -> String {
        format!("{}|{}", self.end.timestamp_micros(), self.id.as_deref().unwrap_or_default())
    }

    fn decode(text: &str) -> Option<Self> {
        let (micros, id) = text.split_once('|')?;
        let end = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
        Some(Self { end, id: (!id.is_empty()).then(|| id.to_owned()) })
    }
}

/// When a trace ended, to the microsecond.
fn end(summary: &TraceSummary) -> Time {
    summary.start + TimeDelta::microseconds((summary.duration_s * 1e6).round() as i64)
}

fn describe(summary: &TraceSummary, documents: &[(String, serde_json::Value)]) -> Wire {
    let (method, url, status) = &summary.http;
    let asked = documents.iter().find(|(_, it)| it.get("parent_id").is_none()).map(|(_, it)| it);
    let header = |pointer: &str| asked.and_then(|it| it.pointer(pointer)).and_then(serde_json::Value::as_str);
    let services: Vec<&ServiceKey> = summary.services.iter().filter(|key| key.kind != "client").collect();
    let annotations = summary.annotations.iter().map(|(key, value, names)| {
        let value = Wire::map([
            ("AnnotationValue", Wire::map([("StringValue", value.as_str().into())])),
            ("ServiceIds", Wire::list(names.iter().map(|name| service_id(&services, name)))),
        ]);
        (key.as_str(), Wire::List(vec![value]))
    });
    Wire::map([
        ("Id", summary.id.as_str().into()),
        ("StartTime", summary.start.into()),
        ("Duration", summary.duration_s.into()),
        ("ResponseTime", summary.response_time_s.into()),
        ("HasFault", summary.fault.into()),
        ("HasError", summary.error.into()),
        ("HasThrottle", summary.throttle.into()),
        ("IsPartial", false.into()),
        (
            "Http",
            Wire::map([
                ("HttpURL", url.as_str().into()),
                ("HttpStatus", i64::from(*status).into()),
                ("HttpMethod", method.as_str().into()),
                ("UserAgent", header("/http/request/user_agent").into()),
                ("ClientIp", header("/http/request/client_ip").into()),
            ]),
        ),
        ("Annotations", Wire::map(annotations)),
        // No segment of this world names a user.
        ("Users", Wire::List(Vec::new())),
        ("FaultRootCauses", causes::of(documents, Trail::Fault)),
        ("ErrorRootCauses", causes::of(documents, Trail::Error)),
        ("ResponseTimeRootCauses", causes::of(documents, Trail::ResponseTime)),
        ("ServiceIds", Wire::list(services.iter().map(|key| service_id(&services, &key.name)))),
        ("EntryPoint", services.first().map(|key| service_id(&services, &key.name)).into()),
        ("Revision", 1_i64.into()),
        ("MatchedEventTime", end(summary).into()),
    ])
}

fn service_id(services: &[&ServiceKey], name: &str) -> Wire {
    let kind = services.iter().find(|key| key.name == name).map(|key| key.kind.as_str());
    Wire::map([
        ("Name", name.into()),
        ("Names", Wire::list([name])),
        ("AccountId", kind.filter(|kind| kind.starts_with("AWS::")).map(|_| Estate::ACCOUNT).into()),
        ("Type", kind.into()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_a_token() {
        let end = "2026-01-15T10:28:00.123456Z".parse().expect("a time");
        for place in [Place { end, id: None }, Place { end, id: Some("1-a-b".to_owned()) }] {
            assert_eq!(Place::decode(&place.encode()), Some(place));
        }
        assert_eq!(Place::decode("x|y"), None);
    }
}
