//! Root causes of a trace: the paths through its services and their calls that its faults, errors and time went.
//!
//! X-Ray follows what failed from the root to where it began; for the response time it follows the slowest calls. A call of
//! a service that sent no segment of its own ends in an inferred service.

use serde_json::Value;

use crate::demo::wire::Wire;

/// Calls with less of the root's time than this are no cause of it.
const LEAST: f64 = 0.5;

/// What a path follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trail {
    Fault,
    Error,
    ResponseTime,
}

/// A service on a path, with the segments and subsegments that it goes through.
#[derive(Debug)]
struct Stop<'a> {
    document: &'a Value,
    inferred: bool,
    path: Vec<&'a Value>,
}

/// The root causes of one kind, as GetTraceSummaries lists them.
pub(super) fn of(documents: &[(String, Value)], trail: Trail) -> Wire {
    let Some(root) = documents.iter().map(|(_, document)| document).find(|it| it.get("parent_id").is_none()) else {
        return Wire::List(Vec::new());
    };
    if !trail.follows(root, took(root)) {
        return Wire::List(Vec::new());
    }
    let stops = stops(documents, root, trail);
    let services = stops.iter().map(|stop| describe(stop, took(root), trail));
    Wire::List(vec![Wire::map([("Services", Wire::list(services)), ("ClientImpacting", true.into())])])
}

impl Trail {
    /// Whether a path goes on to a segment, given how long the root took.
    fn follows(self, document: &Value, whole: f64) -> bool {
        let flag = |name: &str| document.get(name).and_then(Value::as_bool).unwrap_or(false);
        match self {
            Self::Fault => flag("fault"),
            Self::Error => flag("error"),
            Self::ResponseTime => whole > 0.0 && took(document) >= whole * LEAST,
        }
    }
}

/// Seconds that a segment took; 0 while it is in progress.
fn took(document: &Value) -> f64 {
    let time = |name: &str| document.get(name).and_then(Value::as_f64);
    time("end_time").zip(time("start_time")).map_or(0.0, |(end, start)| end - start)
}

fn stops<'a>(documents: &'a [(String, Value)], root: &'a Value, trail: Trail) -> Vec<Stop<'a>> {
    let whole = took(root);
    let mut stops = vec![Stop { document: root, inferred: false, path: vec![root] }];
    let mut at = root;
    loop {
        // The segment of the service that this call reached.
        let called = documents.iter().map(|(_, document)| document);
        let mut called = called.filter(|it| it.get("parent_id").is_some() && it.get("parent_id") == at.get("id"));
        if let Some(segment) = called.find(|segment| trail.follows(segment, whole)) {
            stops.push(Stop { document: segment, inferred: false, path: vec![segment] });
            at = segment;
            continue;
        }
        let calls = at.get("subsegments").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let calls = calls.iter().filter(|call| trail.follows(call, whole));
        let Some(next) = calls.max_by(|a, b| took(a).total_cmp(&took(b))) else { break };
        if let Some(stop) = stops.last_mut() {
            stop.path.push(next);
        }
        at = next;
    }
    // A call that ends the path, of what sent no segment, has reached an inferred service.
    if at.get("namespace").is_some() {
        stops.push(Stop { document: at, inferred: true, path: vec![at] });
    }
    stops
}

fn describe(stop: &Stop<'_>, whole: f64, trail: Trail) -> Wire {
    let text = |document: &Value, key: &str| document.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let name = text(stop.document, "name");
    let kind = match stop.document.get("origin").and_then(Value::as_str) {
        Some(origin) => origin.to_owned(),
        None => text(stop.document, "namespace"),
    };
    let path = stop.path.iter().map(|entity| {
        let remote = entity.get("namespace").is_some();
        if trail == Trail::ResponseTime {
            let coverage = if whole > 0.0 { took(entity) / whole } else { 0.0 };
            return Wire::map([
                ("Name", text(entity, "name").into()),
                ("Coverage", coverage.into()),
                ("Remote", remote.into()),
            ]);
        }
        let exceptions = entity.pointer("/cause/exceptions").and_then(Value::as_array);
        let exceptions = exceptions.into_iter().flatten().map(|exception| {
            Wire::map([("Name", text(exception, "type").into()), ("Message", text(exception, "message").into())])
        });
        Wire::map([
            ("Name", text(entity, "name").into()),
            ("Exceptions", Wire::list(exceptions)),
            ("Remote", remote.into()),
        ])
    });
    Wire::map([
        ("Name", name.as_str().into()),
        ("Names", Wire::list([name.as_str()])),
        ("Type", kind.into()),
        ("EntityPath", Wire::list(path)),
        ("Inferred", stop.inferred.into()),
    ])
}
