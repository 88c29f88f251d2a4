//! A trace as events: one for each segment and subsegment.

use serde_json::Value;

use super::ids;
use crate::analysis::waterfall::own_s;
use crate::board::Board;
use crate::store::story::{Event, Origin, Outcome};
use crate::store::trace::{Span, Trace, Verdict, instant};

/// Reads a trace; the identifiers come with their fields.
pub fn read(trace: &Trace, board: &Board) -> (Vec<Event>, Vec<(String, String)>) {
    let rules = board.feed.as_ref();
    let (fields, trace_field) = (ids::fields(rules), rules.map_or("traceId", |rules| rules.trace_field.as_str()));
    let mut found = vec![(trace_field.to_owned(), trace.id.clone())];
    let mut events = Vec::new();
    for (span, own) in trace.spans.iter().zip(own_s(trace)) {
        for pair in ids::within(&span.document, &fields, trace_field) {
            if !found.contains(&pair) {
                found.push(pair);
            }
        }
        events.extend(event(span, own, &trace.id));
    }
    (events, found)
}

fn event(segment: &Span, own_s: Option<f64>, trace: &str) -> Option<Event> {
    let time = instant(segment.start_s)?;
    let document = &segment.document;
    let http = http(document);
    let message = exception(document);
    let verdict = segment.verdict();
    let outcome = match verdict {
        Verdict::Fault | Verdict::Throttle | Verdict::Error => Outcome::Failed,
        Verdict::Pending => Outcome::Pending,
        Verdict::Ok => Outcome::Good,
    };
    let operation = Some(segment.operation.clone()).filter(|operation| !operation.is_empty());
    let sql = document.pointer("/sql/sanitized_query").and_then(Value::as_str).map(str::to_owned);
    let parts: Vec<String> = [operation.or(sql), http, message.clone()].into_iter().flatten().collect();
    let what = if parts.is_empty() { segment.place().to_owned() } else { parts.join(" · ") };
    Some(Event {
        time,
        took_s: segment.took_s(),
        own_s,
        origin: Some(Origin::XRay),
        service: segment.name.clone(),
        status: verdict.name().to_uppercase(),
        outcome,
        what,
        reason: message,
        text: document.to_string(),
        request: None,
        correlation: None,
        trace: Some(trace.to_owned()),
        segment: Some(segment.id.clone()),
        depth: u16::try_from(segment.depth).unwrap_or(u16::MAX),
        ids: Vec::new(),
    })
}

/// Method, URL and status of a segment's call, as far as they are known.
fn http(document: &Value) -> Option<String> {
    let text = |path: &str| document.pointer(path).and_then(Value::as_str).map(str::to_owned);
    let status = document.pointer("/http/response/status").map(ToString::to_string);
    let parts = [text("/http/request/method"), text("/http/request/url"), status];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The first exception of a segment: its type and message.
fn exception(document: &Value) -> Option<String> {
    let first = document.pointer("/cause/exceptions/0")?;
    let text = |key: &str| first.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    match (text("type"), text("message")) {
        (Some(kind), Some(message)) => Some(format!("{kind}: {message}")),
        (kind, message) => kind.or(message).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_events_with_their_own_time() {
        let document = r#"{"id":"a","name":"Api","start_time":1.0,"end_time":3.0,"annotations":{"correlationId":"corr_0123"},
            "http":{"request":{"method":"POST","url":"https://x/y"},"response":{"status":504}},
            "subsegments":[{"id":"b","name":"TSP","start_time":1.2,"end_time":2.9,"fault":true,
              "cause":{"exceptions":[{"id":"e","type":"Timeout","message":"no answer"}]}}]}"#;
        let trace = Trace::from_documents("1-6968c1a0-0123456789abcdef01234567", 2.0, [document]);
        let board = crate::board::preset("token-provisioning").expect("a preset");
        let (events, found) = read(&trace, &board);
        assert_eq!(events.len(), 2);
        assert_eq!(
            (events[0].what.as_str(), events[0].status.as_str(), events[0].depth),
            ("POST https://x/y 504", "OK", 0)
        );
        assert!(events[0].own_s.is_some_and(|own| (own - 0.3).abs() < 1e-9), "{:?}", events[0].own_s);
        assert_eq!((events[1].what.as_str(), events[1].outcome), ("Timeout: no answer", Outcome::Failed));
        assert!(found.contains(&("correlationId".to_owned(), "corr_0123".to_owned())), "{found:?}");
    }

    #[test]
    fn calls_at_once_take_their_time_once() {
        let call = |id: &str, from: f64, to: f64| {
            format!(r#"{{"id":"{id}","name":"{id}","start_time":{from},"end_time":{to}}}"#)
        };
        // b and c overlap; d runs on after its caller.
        let below = [call("b", 1.0, 5.0), call("c", 2.0, 6.0), call("d", 9.0, 14.0)].join(",");
        let document = format!(r#"{{"id":"a","name":"a","start_time":0,"end_time":10,"subsegments":[{below}]}}"#);
        let trace = Trace::from_documents("1-6968c1a0-0123456789abcdef01234567", 14.0, [document.as_str()]);
        let board = crate::board::preset("token-provisioning").expect("a preset");
        let own: Vec<Option<f64>> = read(&trace, &board).0.iter().map(|event| event.own_s).collect();
        assert_eq!(own, [Some(4.0), Some(4.0), Some(4.0), Some(5.0)]);
    }
}
