//! What a span names beside its parent.

use serde_json::Value;

/// Why another span is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkKind {
    /// A sibling that ended before this one began: `precursor_ids`.
    Precursor,
    /// A span of this or another trace that brought this one about, or was brought about by it: `links`.
    Link,
}

/// A span that another names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// Why.
    pub kind: LinkKind,
    /// The other trace; `None` where it is the same one.
    pub trace: Option<String>,
    /// Id of the span; `None` where only a trace is named.
    pub span: Option<String>,
    /// What is said of it: `parent`, `child`; empty where nothing is.
    pub relation: String,
}

/// Those that `precursor_ids` names.
pub(super) fn precursors(ids: &Value) -> Vec<Link> {
    let precursor = |id: &Value| {
        let span = Some(id.as_str()?.to_owned());
        Some(Link { kind: LinkKind::Precursor, trace: None, span, relation: String::new() })
    };
    ids.as_array().into_iter().flatten().filter_map(precursor).collect()
}

/// Those that `links` names, in X-Ray's form or that of OpenTelemetry.
pub(super) fn links(links: &Value) -> Vec<Link> {
    let link = |link: &Value| {
        let text = |names: [&str; 3]| names.iter().find_map(|name| link.get(*name)?.as_str()).map(str::to_owned);
        let trace = text(["trace_id", "traceId", "TraceId"]);
        let span = text(["id", "spanId", "span_id"]);
        let attributes = link.get("attributes");
        let said = |name: &str| attributes.and_then(|all| all.get(name)).and_then(Value::as_str);
        let relation = said("ReferenceType").or_else(|| said("aws.xray.reference_type")).unwrap_or_default().to_owned();
        (trace.is_some() || span.is_some()).then_some(Link { kind: LinkKind::Link, trace, span, relation })
    };
    links.as_array().into_iter().flatten().filter_map(link).collect()
}
