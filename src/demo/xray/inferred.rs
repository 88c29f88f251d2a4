//! Segments that X-Ray infers: of what was called and sent none of its own, such as a table or a service elsewhere.

use serde_json::{Map, Value, json};

use crate::demo::world::TraceRecord;

/// What an inferred segment tells as its call does.
const TOLD: [&str; 8] = ["name", "start_time", "end_time", "http", "aws", "fault", "error", "throttle"];

/// The inferred segments of a trace: id and document.
pub(super) fn of(trace: &TraceRecord) -> Vec<(String, Value)> {
    let mut waiting: Vec<(&Value, Option<&Value>)> =
        trace.segments.iter().map(|(_, segment)| (segment, segment.get("trace_id"))).collect();
    let mut found = Vec::new();
    while let Some((part, trace_id)) = waiting.pop() {
        let below = part.get("subsegments").and_then(Value::as_array).into_iter().flatten();
        waiting.extend(below.map(|part| (part, trace_id)));
        let is_told = |id: &Value| trace.segments.iter().any(|(_, segment)| segment.get("parent_id") == Some(id));
        let has_ended = part.get("namespace").and(part.get("end_time")).is_some();
        let call = part.get("id").filter(|id| has_ended && !is_told(id));
        if let Some(call) = call.and_then(Value::as_str) {
            found.push(infer(part, call, trace_id));
        }
    }
    found
}

fn infer(part: &Value, call: &str, trace_id: Option<&Value>) -> (String, Value) {
    let id = id_from(call);
    let mut document = Map::new();
    document.insert("id".to_owned(), id.clone().into());
    document.insert("trace_id".to_owned(), trace_id.cloned().unwrap_or_default());
    document.insert("parent_id".to_owned(), call.into());
    document.insert("inferred".to_owned(), true.into());
    for key in TOLD {
        if let Some(value) = part.get(key) {
            document.insert(key.to_owned(), value.clone());
        }
    }
    if part.pointer("/aws/table_name").is_some() {
        document.insert("origin".to_owned(), json!("AWS::DynamoDB::Table"));
    }
    (id, document.into())
}

/// An id that no other call's segment has: multiplying by an odd number maps no two numbers to one.
fn id_from(call: &str) -> String {
    let number = u64::from_str_radix(call, 16).unwrap_or_default();
    format!("{:016x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23))
}
