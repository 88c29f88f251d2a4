//! A log line as an event, and the identifiers in it.

use serde_json::Value;

use super::ids;
use crate::board::{Board, Status};
use crate::clock::Time;
use crate::store::story::{Event, Origin, Outcome};
use crate::text::{clean_field, clean_head};

/// Fields that say what happened, where the board does not: the first that is there.
const WHAT: [&str; 6] = ["event", "eventName", "message", "msg", "error", "name"];
/// Fields that say why something failed.
const WHY: [&str; 6] = ["reason", "errorCode", "error", "errorMessage", "exception", "cause"];
/// Words of a status or a level, and what they mean.
const WORDS: [(&str, Outcome); 15] = [
    ("SUCCESS", Outcome::Good),
    ("SUCCEEDED", Outcome::Good),
    ("OK", Outcome::Good),
    ("COMPLETED", Outcome::Good),
    ("DONE", Outcome::Good),
    ("PENDING", Outcome::Pending),
    ("STARTED", Outcome::Pending),
    ("FAILED", Outcome::Failed),
    ("FAILURE", Outcome::Failed),
    ("ERROR", Outcome::Failed),
    ("FATAL", Outcome::Failed),
    ("CRITICAL", Outcome::Failed),
    ("DECLINED", Outcome::Failed),
    ("REJECTED", Outcome::Failed),
    ("TIMEOUT", Outcome::Failed),
];
/// The longest line that is shown where it has no fields, in bytes.
const LONGEST: usize = 200;

/// Reads a line; the identifiers come with their fields.
pub fn read(group: &str, time: Time, text: &str, board: &Board) -> (Event, Vec<(String, String)>) {
    let rules = board.feed.as_ref();
    let (fields, trace_field) = (ids::fields(rules), rules.map_or("traceId", |rules| rules.trace_field.as_str()));
    let origin = Origin::Logs(group.to_owned());
    let blank =
        Event { time, origin: Some(origin), service: service(group), text: text.to_owned(), ..Event::default() };
    let Some(document) = json(text) else {
        let found = ids::in_text(text, &fields, trace_field);
        let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let what = clean_head(line, LONGEST).into_owned();
        let failed = ["ERROR", "Exception", "Traceback", "Task timed out"].iter().any(|word| text.contains(word));
        let (status, outcome) = if failed { ("ERROR", Outcome::Failed) } else { ("", Outcome::Silent) };
        return (Event { what, status: status.to_owned(), outcome, ..blank }.of(&found, board), found);
    };
    let found = ids::within(&document, &fields, trace_field);
    let event = match span(&blank, &document) {
        Some(span) => span,
        None if is_trail(&document) => trail(blank, &document),
        None => line(blank, &document, board),
    };
    (event.of(&found, board), found)
}

impl Event {
    /// The event with the request and the trace that it belongs to.
    fn of(mut self, found: &[(String, String)], board: &Board) -> Self {
        let Some(rules) = &board.feed else { return self };
        let value = |name: &str| found.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
        self.request = value(&rules.id_field);
        self.trace = value(&rules.trace_field);
        self.correlation = value(&rules.correlation_field);
        self
    }
}

/// The JSON object of a line, which may stand behind a prefix.
fn json(text: &str) -> Option<Value> {
    let at = text.find('{')?;
    serde_json::from_str::<Value>(text.get(at..)?.trim_end()).ok().filter(Value::is_object)
}

/// The service that writes to a log group: the last part of its name.
fn service(group: &str) -> String {
    let name = group.rsplit_once(":log-group:").map_or(group, |(_, name)| name);
    let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [.., "aws", _, name] | [name] => (*name).to_owned(),
        [.., family, name] => format!("{family}/{name}"),
        [] => name.to_owned(),
    }
}

/// Whether a line is one of CloudTrail's events.
///
/// Source: CloudTrail User Guide, "CloudTrail record contents".
fn is_trail(document: &Value) -> bool {
    ["eventSource", "eventName", "eventVersion"].iter().all(|key| document.get(key).is_some_and(Value::is_string))
}

fn text<'v>(document: &'v Value, key: &str) -> Option<&'v str> {
    document.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn number(document: &Value, key: &str) -> Option<f64> {
    let value = document.get(key)?;
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).filter(|number: &f64| number.is_finite() && *number >= 0.0)
}

fn meaning(word: &str) -> Outcome {
    WORDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map_or(Outcome::Silent, |(_, outcome)| *outcome)
}

fn line(blank: Event, document: &Value, board: &Board) -> Event {
    let rules = board.feed.as_ref();
    let own = rules.filter(|rules| !rules.event_field.is_empty()).and_then(|rules| text(document, &rules.event_field));
    let what = own.or_else(|| WHAT.iter().find_map(|key| text(document, key)));
    let known = rules.zip(own).and_then(|(rules, event)| rules.statuses.iter().find(|(name, _)| name == event));
    let level = ["level", "severity", "logLevel"].iter().find_map(|key| text(document, key)).unwrap_or_default();
    let (status, outcome) = match (known, ["status", "outcome", "state"].iter().find_map(|key| text(document, key))) {
        (Some((_, status)), _) => (status.name().to_owned(), of_status(*status)),
        (None, Some(status)) => (status.to_owned(), meaning(status)),
        (None, None) => (level.to_owned(), Outcome::Silent),
    };
    let outcome =
        if outcome == Outcome::Silent && meaning(level) == Outcome::Failed { Outcome::Failed } else { outcome };
    let own_reason =
        rules.filter(|rules| !rules.reason_field.is_empty()).and_then(|rules| text(document, &rules.reason_field));
    let reason = own_reason.or_else(|| WHY.iter().find_map(|key| text(document, key)));
    let reason = reason.filter(|_| outcome == Outcome::Failed).map(str::to_owned);
    let seconds =
        rules.filter(|rules| !rules.latency_field.is_empty()).and_then(|rules| number(document, &rules.latency_field));
    let millis =
        || ["durationMs", "duration_ms", "latencyMs", "elapsedMs"].iter().find_map(|key| number(document, key));
    let took_s = seconds.or_else(|| millis().map(|millis| millis / 1000.0));
    let mut told = what.map_or_else(|| clean_head(&blank.text, LONGEST).into_owned(), str::to_owned);
    if let Some(reason) = reason.as_deref().filter(|reason| *reason != told) {
        told = format!("{told}: {reason}");
    }
    let service = ["service", "serviceName"].iter().find_map(|key| text(document, key));
    Event {
        service: service.map_or_else(|| blank.service.clone(), str::to_owned),
        status,
        outcome,
        what: told,
        reason,
        took_s,
        ..blank
    }
}

/// A span as Transaction Search writes it to `aws/spans`, in OpenTelemetry's words.
///
/// Source: CloudWatch User Guide, "Spans"; OpenTelemetry, trace data model.
fn span(blank: &Event, document: &Value) -> Option<Event> {
    let id = text(document, "spanId")?;
    let nanos = |key: &str| number(document, key);
    let (start, end) = (nanos("startTimeUnixNano")?, nanos("endTimeUnixNano"));
    // Binary fractions hold nanoseconds of today to some hundreds of them.
    let time = chrono::DateTime::from_timestamp_micros((start / 1e3).round() as i64)?;
    let took = nanos("durationNano").or_else(|| Some((end? - start).max(0.0))).map(|nanos| nanos / 1e9);
    let (status, outcome) = match document.pointer("/status/code").and_then(Value::as_str) {
        Some("ERROR" | "STATUS_CODE_ERROR") => ("ERROR", Outcome::Failed),
        _ => ("OK", Outcome::Good),
    };
    let service = document.pointer("/resource/attributes/service.name").and_then(Value::as_str);
    let reason = document.pointer("/status/message").and_then(Value::as_str).filter(|words| !words.is_empty());
    let name = text(document, "name").unwrap_or_default();
    Some(Event {
        time,
        took_s: took,
        service: service.map_or_else(|| blank.service.clone(), str::to_owned),
        status: status.to_owned(),
        outcome,
        what: reason.map_or_else(|| name.to_owned(), |reason| format!("{name}: {reason}")),
        reason: reason.map(str::to_owned).filter(|_| outcome == Outcome::Failed),
        segment: Some(id.to_owned()),
        ..blank.clone()
    })
}

const fn of_status(status: Status) -> Outcome {
    match status {
        Status::Pending => Outcome::Pending,
        Status::Success => Outcome::Good,
        Status::Failed => Outcome::Failed,
    }
}

fn trail(blank: Event, document: &Value) -> Event {
    let error = text(document, "errorCode");
    let answer = document.get("responseElements");
    let told = answer.and_then(Value::as_object).and_then(|members| {
        members.iter().find(|(key, _)| key.ends_with("tatus")).and_then(|(_, value)| value.as_str())
    });
    let (status, outcome) = match (error, told) {
        (Some(_), None) => ("FAILED", Outcome::Failed),
        (Some(_), Some(word)) => (word, Outcome::Failed),
        (None, Some(word)) => (word, if meaning(word) == Outcome::Silent { Outcome::Good } else { meaning(word) }),
        (None, None) => ("OK", Outcome::Good),
    };
    let mut what = text(document, "eventName").unwrap_or_default().to_owned();
    if let Some(error) = error {
        what = format!("{what}: {error}");
    }
    let parameters = document.get("requestParameters").map(flat).unwrap_or_default();
    if !parameters.is_empty() {
        what = format!("{what} ({parameters})");
    }
    let source = text(document, "eventSource").unwrap_or_default();
    Event {
        origin: blank.origin.as_ref().and_then(Origin::group).cloned().map(Origin::CloudTrail),
        service: source.trim_end_matches(".amazonaws.com").to_owned(),
        status: status.to_owned(),
        outcome,
        what,
        reason: error.map(str::to_owned),
        took_s: answer.and_then(|answer| number(answer, "processingTime")),
        ..blank
    }
}

/// The scalars of a document as `key value, key value`, as many as are of use on one line.
fn flat(document: &Value) -> String {
    fn walk(value: &Value, key: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => members.iter().for_each(|(key, value)| walk(value, key, found)),
            Value::Array(items) => items.iter().for_each(|item| walk(item, key, found)),
            Value::Null => {}
            Value::String(text) => found.push(format!("{key} {}", clean_field(key, text))),
            Value::Bool(_) | Value::Number(_) => {
                found.push(format!("{key} {}", clean_field(key, &value.to_string())));
            }
        }
    }
    let mut found = Vec::new();
    walk(document, "", &mut found);
    found.truncate(6);
    found.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(group: &str, text: &str) -> (Event, Vec<(String, String)>) {
        let board = crate::board::preset("token-provisioning").expect("a preset");
        read(group, "2026-01-15T10:28:00Z".parse().expect("a time"), text, &board)
    }

    #[test]
    fn lines_say_what_happened_and_how() {
        let cases = [
            (
                r#"{"level":"ERROR","event":"TOKEN_PROVISION_FAILURE","reason":"TSP_TIMEOUT","processingTime":24.3}"#,
                ("TOKEN_PROVISION_FAILURE: TSP_TIMEOUT", "FAILED", Outcome::Failed, Some(24.3)),
            ),
            (r#"{"event":"TOKEN_PROVISION_START"}"#, ("TOKEN_PROVISION_START", "PENDING", Outcome::Pending, None)),
            (
                r#"{"event":"PAYMENT_SETTLED","status":"OK","durationMs":1500}"#,
                ("PAYMENT_SETTLED", "OK", Outcome::Good, Some(1.5)),
            ),
            (r#"{"level":"ERROR","msg":"boom"}"#, ("boom", "ERROR", Outcome::Failed, None)),
            ("plain words", ("plain words", "", Outcome::Silent, None)),
            ("Task timed out after 3 s", ("Task timed out after 3 s", "ERROR", Outcome::Failed, None)),
        ];
        for (text, expected) in cases {
            let (event, _) = event("/payments/settlement", text);
            assert_eq!((event.what.as_str(), event.status.as_str(), event.outcome, event.took_s), expected, "{text}");
            assert_eq!(event.service, "payments/settlement");
        }
    }

    #[test]
    fn events_of_cloudtrail_are_known_by_their_fields() {
        let text = r#"{"eventVersion":"1.09","eventSource":"tokenization.amazonaws.com","eventName":"ProvisionToken",
            "requestParameters":{"walletProvider":"GooglePay"},"errorCode":"TSP_TIMEOUT","requestID":"a1b2c3d4",
            "responseElements":{"tokenProvisioningStatus":"FAILED","processingTime":24.5}}"#;
        let (event, found) = event("trail", text);
        assert_eq!(event.source(), "cloudtrail");
        assert_eq!(event.origin.as_ref().and_then(Origin::group).map(String::as_str), Some("trail"));
        assert_eq!((event.service.as_str(), event.status.as_str()), ("tokenization", "FAILED"));
        assert_eq!(event.what, "ProvisionToken: TSP_TIMEOUT (walletProvider GooglePay)");
        assert_eq!(found, [("requestId".to_owned(), "a1b2c3d4".to_owned())]);
        assert_eq!(event.request.as_deref(), Some("a1b2c3d4"));
    }

    #[test]
    fn spans_of_transaction_search_are_segments() {
        let text = r#"{"resource":{"attributes":{"service.name":"TSP"}},"traceId":"6968c1a00123456789abcdef01234567",
            "spanId":"0123456789abcdef","name":"POST /dpan","startTimeUnixNano":1768472855004000000,
            "endTimeUnixNano":1768472863004000000,"durationNano":8000000000,"status":{"code":"ERROR","message":"no answer"},
            "attributes":{"correlationId":"corr_0123"}}"#;
        let (event, found) = event("aws/spans", text);
        assert_eq!((event.service.as_str(), event.what.as_str()), ("TSP", "POST /dpan: no answer"));
        assert_eq!((event.took_s, event.outcome), (Some(8.0), Outcome::Failed));
        assert_eq!(
            (event.time.timestamp_millis(), event.ended().timestamp_millis()),
            (1_768_472_855_004, 1_768_472_863_004)
        );
        assert_eq!(event.trace.as_deref(), Some("1-6968c1a0-0123456789abcdef01234567"));
        assert!(found.contains(&("correlationId".to_owned(), "corr_0123".to_owned())), "{found:?}");
    }

    #[test]
    fn services_are_named_by_their_group() {
        let cases = [
            ("/aws/lambda/token-provisioning-service", "token-provisioning-service"),
            ("/payments/risk", "payments/risk"),
            ("app", "app"),
            ("arn:aws:logs:us-east-1:1:log-group:/aws/lambda/x", "x"),
        ];
        for (group, expected) in cases {
            assert_eq!(service(group), expected);
        }
    }
}
