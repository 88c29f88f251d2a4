//! Requests, log lines, traces and services, and what they have in common, as tables.

use super::Exported;
use crate::analysis::breakdown::Slice;
use crate::analysis::suspects::Suspect;
use crate::analysis::trace_groups::Group;
use crate::board::FeedRules;
use crate::clock::Time;
use crate::export::{Cell, Table};
use crate::panes::split::SplitView;
use crate::store::graph::{Change, Edge, Service, Statistics};
use crate::store::request::Request;
use crate::store::trace::{Span, Trace};
use crate::store::trace_list::TraceSummary;
use crate::text::units::round;

/// Requests, by the names of `baro snapshot`'s feed.
pub fn requests<'a>(rules: &FeedRules, shown: impl Iterator<Item = &'a Request>) -> Exported {
    let own = rules.columns.iter().map(|column| column.id.as_str());
    let columns = ["time", "id", "status"].into_iter().chain(own);
    let columns = columns.chain(["reason", "latency_s", "correlation_id", "trace_id"]);
    let rows = shown.map(|request| {
        let mut row = vec![Cell::time(request.time), Cell::text(&request.id), Cell::text(request.status.name())];
        row.extend(request.columns.iter().map(Cell::text));
        row.resize(3 + rules.columns.len(), Cell::None);
        row.push(Cell::maybe(request.reason.as_ref()));
        row.push(Cell::number(request.latency_s));
        row.extend([&request.correlation_id, &request.trace_id].map(|id| Cell::maybe(id.as_ref())));
        row
    });
    Exported::new("requests", Table::new("Requests", columns, rows))
}

/// Log lines, by the names of `baro tail`.
pub fn lines<'a>(title: &str, lines: impl Iterator<Item = (Time, &'a str, &'a str)>) -> Exported {
    let row = |(at, group, message): (Time, &str, &str)| {
        // A last line end belongs to the line, not to what it says.
        vec![Cell::time(at), Cell::text(group), Cell::text(message.trim_end_matches(['\r', '\n']))]
    };
    Exported::new("lines", Table::new(title, ["time", "log_group", "message"], lines.map(row)))
}

/// Traces of a list.
pub fn traces(title: &str, traces: &[&TraceSummary]) -> Exported {
    let row = |trace: &&TraceSummary| {
        // Name and value apart, so that a name that makes a secret of a value does so here.
        let annotations = trace.annotations.iter();
        let annotations = annotations.map(|(name, value)| format!("{name}={}", crate::text::clean_field(name, value)));
        let cause = trace.cause().map(|cause| match &cause.exception {
            Some((name, message)) => format!("{}: {name}: {message}", cause.service),
            None => cause.service.clone(),
        });
        vec![
            Cell::text(&trace.id),
            Cell::time(trace.start),
            Cell::number(trace.duration_s),
            Cell::text(trace.verdict().name()),
            Cell::text(&trace.entry),
            Cell::text(trace.http()),
            Cell::text(annotations.collect::<Vec<_>>().join(" ")),
            Cell::number(trace.response()),
            Cell::text(&trace.method),
            Cell::text(&trace.url),
            Cell::text(trace.status.map(|status| status.to_string()).unwrap_or_default()),
            Cell::text(trace.users.join(" ")),
            Cell::text(cause.unwrap_or_default()),
        ]
    };
    let columns = [
        "id",
        "start",
        "duration_s",
        "status",
        "entry",
        "http",
        "annotations",
        "response_s",
        "method",
        "url",
        "http_status",
        "users",
        "cause",
    ];
    Exported::new("traces", Table::new(title, columns, traces.iter().map(row)))
}

/// Groups of traces by a field.
pub fn trace_groups(title: &str, field: &str, groups: &[Group]) -> Exported {
    let row = |group: &Group| {
        let value = group.value.as_deref().map(|value| crate::text::clean_field(field, value).into_owned());
        let [p50, p90, p99] = group.percentiles.map(Cell::number);
        vec![
            Cell::text(value.unwrap_or_default()),
            Cell::number(group.count as f64),
            Cell::number(group.share),
            Cell::number(group.faults as f64),
            Cell::number(group.errors as f64),
            Cell::number(group.throttles as f64),
            p50,
            p90,
            p99,
        ]
    };
    let columns = ["value", "count", "share", "faults", "errors", "throttles", "p50_s", "p90_s", "p99_s"];
    Exported::new("trace-groups", Table::new(title, columns, groups.iter().map(row)))
}

/// Decimals of seconds: X-Ray counts milliseconds, at times microseconds.
const DECIMALS: i32 = 6;

/// The segments of a trace, each below its parent, with how deep it stands.
pub fn spans(trace: &Trace) -> Exported {
    let start = trace.spans.first().map_or(0.0, |root| root.start_s);
    let row = |span: &Span| {
        vec![
            Cell::text(&span.id),
            Cell::count(span.depth as u64),
            Cell::text(&span.name),
            Cell::text(span.place()),
            Cell::number(round(span.start_s - start, DECIMALS)),
            Cell::number(span.end_s.map(|end| round(end - span.start_s, DECIMALS))),
            Cell::text(span.verdict().name()),
        ]
    };
    let columns = ["id", "depth", "name", "origin", "start_s", "duration_s", "status"];
    Exported::new("trace", Table::new(&trace.id, columns, trace.spans.iter().map(row)))
}

/// Figures of services and calls, by the names of the contract.
const FIGURES: [&str; 12] = [
    "requests",
    "ok",
    "error",
    "throttle",
    "fault",
    "p50_s",
    "p90_s",
    "p99_s",
    "average_s",
    "requests_change_percent",
    "fault_change_points",
    "p99_change_percent",
];

fn figures(statistics: &Statistics, change: Option<Change>) -> Vec<Cell> {
    let counts = [statistics.total, statistics.ok, statistics.error, statistics.throttle, statistics.fault];
    let times = [0.5, 0.9, 0.99].map(|q| statistics.percentile(q)).into_iter().chain([statistics.mean()]);
    let change = change.unwrap_or_default();
    let changes = [change.requests, change.fault, change.p99];
    counts.map(Cell::count).into_iter().chain(times.chain(changes).map(Cell::number)).collect()
}

/// Services, by the names of the contract.
pub fn services(services: &[&Service], selected: Option<usize>) -> Exported {
    let row = |service: &&Service| {
        let names = [Cell::text(&service.key.name), Cell::text(&service.key.kind)];
        names.into_iter().chain(figures(&service.statistics, service.change())).collect()
    };
    let columns = ["name", "type"].into_iter().chain(FIGURES);
    Exported::new("services", Table::new("Services", columns, services.iter().map(row))).at(selected)
}

/// Calls between services, by the names of the contract.
pub fn calls(calls: &[&Edge], selected: Option<usize>) -> Exported {
    let row = |edge: &&Edge| {
        let names = [&edge.from.name, &edge.to.name, &edge.from.kind, &edge.to.kind].map(Cell::text);
        names.into_iter().chain(figures(&edge.statistics, edge.change())).collect()
    };
    let columns = ["from", "to", "from_type", "to_type"].into_iter().chain(FIGURES);
    Exported::new("calls", Table::new("Calls between services", columns, calls.iter().map(row))).at(selected)
}

/// What failures have in common, by the names of `baro suspects`.
pub fn suspects(suspects: &[Suspect], selected: usize) -> Exported {
    let row = |suspect: &Suspect| {
        vec![
            Cell::text(suspect.words()),
            Cell::number(suspect.share_of_excess),
            Cell::count(suspect.bad.failures),
            Cell::count(suspect.bad.attempts),
            Cell::count(suspect.good.failures),
            Cell::count(suspect.good.attempts),
            Cell::number(suspect.lift),
        ]
    };
    let columns = ["suspect", "share_of_excess", "failures", "attempts", "good_failures", "good_attempts", "lift"];
    Exported::new("suspects", Table::new("Suspects", columns, suspects.iter().map(row))).at(Some(selected))
}

/// Requests by the values of a field.
pub fn slices(title: &str, field: &str, slices: &[Slice], selected: Option<usize>) -> Exported {
    let row = |slice: &Slice| {
        vec![
            Cell::maybe(slice.value.as_ref()),
            Cell::count(slice.bad.attempts),
            Cell::number(slice.share),
            Cell::count(slice.bad.failures),
            Cell::number(slice.success()),
            Cell::number(slice.change_points()),
            Cell::number(slice.more),
            Cell::number(slice.latency.map(|(p50, _)| p50)),
            Cell::number(slice.latency.map(|(_, p99)| p99)),
        ]
    };
    let columns = [field, "attempts", "share", "failures", "success", "change_points", "more", "p50_s", "p99_s"];
    Exported::new("breakdown", Table::new(title, columns, slices.iter().map(row))).at(selected)
}

/// A metric by the values of a dimension.
pub fn split(view: &SplitView, selected: Option<usize>) -> Exported {
    let by = view.dimensions.0.get(view.dimensions.1).map_or("value", String::as_str);
    let rows = view.rows.iter().map(|row| {
        let figures = [Some(row.now), row.share, row.before].map(Cell::number);
        std::iter::once(Cell::text(&row.value)).chain(figures).collect()
    });
    Exported::new("split", Table::new(&view.title, [by, view.counted, "share", "before"], rows)).at(selected)
}
