//! The segments of a trace in the form of OpenTelemetry, as Transaction Search gives them.

use serde_json::{Map, Value, json};

use super::TraceRecord;

/// Fields of a span, and what it says under them.
type Fields<'a> = [(&'a str, &'a str)];

impl TraceRecord {
    /// Its spans, a document each, with their ids.
    pub fn spans(&self) -> Vec<(String, Value)> {
        let mut spans = Vec::new();
        for (_, segment) in &self.segments {
            let service = segment.get("name").cloned().unwrap_or_default();
            let platform = match segment.get("origin").and_then(Value::as_str) {
                Some("AWS::Lambda::Function") => "aws_lambda",
                Some("AWS::ECS::Container") => "aws_ecs",
                _ => "",
            };
            let parent = segment.get("parent_id").cloned();
            let resource = json!({ "attributes": { "service.name": service, "cloud.platform": platform } });
            let mut waiting = vec![(segment, parent, true)];
            while let Some((part, parent, is_segment)) = waiting.pop() {
                let id = part.get("id").cloned().unwrap_or_default();
                let below = part.get("subsegments").and_then(Value::as_array).into_iter().flatten();
                waiting.extend(below.map(|child| (child, Some(id.clone()), false)));
                let trace: String = self.id.chars().skip(2).filter(|c| *c != '-').collect();
                let span = span(part, &resource, &trace, parent, is_segment);
                spans.push((id.as_str().unwrap_or_default().to_owned(), span));
            }
        }
        spans
    }
}

fn span(part: &Value, resource: &Value, trace: &str, parent: Option<Value>, is_segment: bool) -> Value {
    let nanos = |name: &str| {
        let seconds = part.get(name).and_then(Value::as_f64)?;
        Some((seconds * 1e3).round() as i64 * 1_000_000)
    };
    let is = |name: &str| part.get(name) == Some(&Value::Bool(true));
    let mut attributes = part.get("annotations").and_then(Value::as_object).cloned().unwrap_or_default();
    if !attributes.is_empty() {
        attributes.insert("aws.xray.annotations".to_owned(), attributes.keys().cloned().collect());
    }
    let put = |attributes: &mut Map<String, Value>, names: &Fields<'_>| {
        for (name, pointer) in names {
            if let Some(value) = part.pointer(pointer) {
                attributes.insert((*name).to_owned(), value.clone());
            }
        }
    };
    put(
        &mut attributes,
        &[
            ("http.request.method", "/http/request/method"),
            ("url.full", "/http/request/url"),
            ("user_agent.original", "/http/request/user_agent"),
            ("client.address", "/http/request/client_ip"),
            ("http.response.status_code", "/http/response/status"),
            ("aws.dynamodb.table_names", "/aws/resource_names"),
            ("aws.request_id", "/aws/request_id"),
        ],
    );
    let is_aws = part.get("namespace").is_some_and(|namespace| namespace == "aws");
    if is_aws {
        attributes.insert("rpc.system".to_owned(), "aws-api".into());
        put(&mut attributes, &[("rpc.service", "/name"), ("rpc.method", "/aws/operation")]);
    } else if !is_segment {
        put(&mut attributes, &[("peer.service", "/name")]);
    }
    let exceptions = part.pointer("/cause/exceptions").and_then(Value::as_array).into_iter().flatten();
    let events = exceptions.map(|exception| {
        let said = json!({ "exception.type": exception["type"], "exception.message": exception["message"] });
        json!({ "name": "exception", "timeUnixNano": nanos("end_time"), "attributes": said })
    });
    let failed = is("fault") || is("error");
    let mut span = json!({
        "resource": resource,
        "traceId": trace,
        "spanId": part.get("id"),
        "name": part.get("name"),
        "kind": if is_segment { "SERVER" } else { "CLIENT" },
        "startTimeUnixNano": nanos("start_time"),
        "attributes": attributes,
        "events": events.collect::<Vec<_>>(),
        "status": { "code": if failed { "ERROR" } else { "UNSET" } },
    });
    if let Some(parent) = parent {
        span["parentSpanId"] = parent;
    }
    if let Some(end) = nanos("end_time") {
        span["endTimeUnixNano"] = end.into();
    }
    span
}
