//! Root causes of a trace: the paths through its services and their calls that its faults, errors and time went.
//!
//! X-Ray follows what failed from the root to where it began; for the response time it follows the slowest calls. A call of
//! a service that sent no segment of its own ends in an inferred service.

use serde_json::Value;

use crate::analysis::trace_filter::CausePart;
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

/// A part of a root cause: a service, a segment or subsegment of one, or an exception of one.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    /// Its place among the parts of its kind, from the root on.
    pub(super) index: usize,
    /// How many there are of its kind.
    pub(super) count: usize,
    pub(super) name: String,
    /// Of a service.
    pub(super) kind: String,
    pub(super) inferred: bool,
    pub(super) remote: bool,
    /// Of a segment: its share of the root's time.
    pub(super) coverage: Option<f64>,
    /// Of an exception.
    pub(super) message: String,
}

/// The parts of one kind of the root cause of a trace; none where it has no such cause.
pub(super) fn parts(documents: &[(String, Value)], trail: Trail, of: CausePart) -> Vec<Part> {
    let root = documents.iter().map(|(_, document)| document).find(|it| it.get("parent_id").is_none());
    let Some(root) = root.filter(|root| trail.follows(root, took(root))) else { return Vec::new() };
    let stops = stops(documents, root, trail);
    let entities = stops.iter().flat_map(|stop| &stop.path);
    let mut parts: Vec<Part> = match of {
        CausePart::Service => {
            let part = |stop: &Stop<'_>| Part {
                name: text(stop.document, "name"),
                kind: kind(stop.document),
                inferred: stop.inferred,
                ..Part::default()
            };
            stops.iter().map(part).collect()
        }
        CausePart::Entity => {
            let part = |entity: &&Value| Part {
                name: text(entity, "name"),
                remote: entity.get("namespace").is_some(),
                coverage: Some(took(entity) / took(root)).filter(|share| share.is_finite()),
                ..Part::default()
            };
            entities.map(part).collect()
        }
        CausePart::Exception => {
            let part = |thrown: &Value| Part {
                name: text(thrown, "type"),
                message: text(thrown, "message"),
                ..Part::default()
            };
            entities.flat_map(|entity| exceptions(entity)).map(part).collect()
        }
    };
    let count = parts.len();
    for (index, part) in parts.iter_mut().enumerate() {
        (part.index, part.count) = (index, count);
    }
    parts
}

fn text(document: &Value, key: &str) -> String {
    document.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The type of a service.
fn kind(document: &Value) -> String {
    let origin = text(document, "origin");
    if origin.is_empty() { text(document, "namespace") } else { origin }
}

fn exceptions(document: &Value) -> impl Iterator<Item = &Value> {
    document.pointer("/cause/exceptions").and_then(Value::as_array).into_iter().flatten()
}

fn describe(stop: &Stop<'_>, whole: f64, trail: Trail) -> Wire {
    let name = text(stop.document, "name");
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
        let exceptions = exceptions(entity).map(|exception| {
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
        ("Type", kind(stop.document).into()),
        ("EntityPath", Wire::list(path)),
        ("Inferred", stop.inferred.into()),
    ])
}
