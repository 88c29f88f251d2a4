//! GetTraceSummaries.

use chrono::{DateTime, TimeDelta};

use super::INVALID;
use super::filter::Filter;
use super::window::Window;
use crate::clock::Time;
use crate::demo::Estate;
use crate::demo::wire::token::{fingerprint, open, seal};
use crate::demo::wire::{ApiError, Wire};
use crate::demo::world::TraceSummary;
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

/// Answers GetTraceSummaries: newest page first, a bounded amount of work a page.
///
/// `TimeRangeType` decides which time must lie in the range: a trace's start (`TraceId`, the default), or its end.
pub(super) fn get(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let window = Window::read(estate, input, LONGEST)?;
    let by_start = match input.text("TimeRangeType") {
        None | Some("TraceId") => true,
        Some("Event" | "Service") => false,
        Some(other) => return Err(ApiError::bad(INVALID, format!("TimeRangeType {other} is not known"))),
    };
    let filter = Filter::parse(input.text("FilterExpression").unwrap_or_default())?;
    let print = fingerprint("GetTraceSummaries", input, &["NextToken"]);
    let latest = if by_start { (window.end + LAG).min(estate.now()) } else { window.to };
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
        for summary in summaries.into_iter().filter(|summary| place.lies_before(summary)) {
            if found.len() >= PAGE {
                break;
            }
            scanned += 1;
            next = Place { end: end(&summary), id: Some(summary.id.clone()) };
            let in_range = !by_start || (window.from <= summary.start && summary.start <= window.end);
            if in_range && filter.takes(&summary, &|| estate.world.trace(&summary.id, estate.now())) {
                found.push(summary);
            }
        }
        place = if found.len() >= PAGE { next } else { Place { end: from, id: None } };
    }
    let approximate = found.first().map_or(window.from, |summary| summary.start);
    Ok(Wire::map([
        ("TraceSummaries", Wire::list(found.iter().map(describe))),
        ("ApproximateTime", approximate.into()),
        ("TracesProcessedCount", (scanned as i64).into()),
        ("NextToken", more.then(|| seal(print, &place.encode())).into()),
    ]))
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

fn describe(summary: &TraceSummary) -> Wire {
    let (method, url, status) = &summary.http;
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
            ]),
        ),
        ("Annotations", Wire::map(annotations)),
        ("Users", Wire::List(Vec::new())),
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
