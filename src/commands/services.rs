//! `baro services`: the service graph of X-Ray.

use std::io::{self, Write};

use super::sheet::columns;
use super::status::Status;
use crate::board::Unit;
use crate::clock::Time;
use crate::sources::{Client, service_graph};
use crate::store::graph::{Change, ServiceGraph, ServiceKey, Statistics};
use crate::text::{clean, units};

mod document;
mod dot;

/// How the graph is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Output {
    /// Columns for people.
    #[default]
    Table,
    /// The contract `barograph/v1`.
    Json,
    /// A graph for Graphviz.
    Dot,
}

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// X-Ray's group; `None` for all traces.
    pub group: Option<String>,
    /// How it is written.
    pub output: Output,
}

/// Writes the service graph of a window to `out`; what went wrong, and what in X-Ray's answer was odd, to `err`.
///
/// # Errors
/// Where `out` or `err` cannot be written to; a closed pipe ends quietly.
pub async fn run(
    client: &Client,
    window: (Time, Time),
    options: &Options,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Status> {
    let graph = match service_graph(client, options.group.as_deref(), window).await {
        Ok(graph) => graph,
        Err(error) => {
            writeln!(err, "baro: {error}")?;
            return Ok(Status::Refused);
        }
    };
    let written = match options.output {
        Output::Table if graph.services.is_empty() => Ok(()),
        Output::Table => table(&graph, out),
        Output::Json => writeln!(out, "{}", document::document(&graph)),
        Output::Dot => dot::write(&graph, out),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
        Err(_) | Ok(()) => {}
    }
    if let Some(words) = graph.flaws.words() {
        writeln!(err, "baro: {words}")?;
    }
    if graph.old_group {
        writeln!(err, "baro: X-Ray's group was defined otherwise in part of the window")?;
    }
    if graph.services.is_empty() {
        writeln!(err, "baro: X-Ray saw no requests in this window")?;
        return Ok(Status::Found);
    }
    Ok(Status::Done)
}

/// The headings of the figures, in the order of [`figures`].
const FIGURES: [&str; 10] = ["RATE", "OK", "ERROR", "THROTTLE", "FAULT", "AVG", "P50", "P90", "P99", "CHANGE"];

/// Writes a line a service, then a line an edge.
fn table(graph: &ServiceGraph, out: &mut dyn Write) -> io::Result<()> {
    let text = |key: &str| clean(key).into_owned();
    let row = |who: [String; 2], statistics: &Statistics, before: Option<&Statistics>| {
        let change = before.map(|before| (statistics.change_from(before), before.total));
        who.into_iter().chain(figures(statistics, change, graph.seconds())).collect::<Vec<String>>()
    };
    let headed = |first: [&str; 2]| first.into_iter().chain(FIGURES).map(str::to_owned).collect::<Vec<String>>();
    let mut rows = vec![headed(["SERVICE", "TYPE"])];
    rows.extend(graph.services.iter().map(|service| {
        row([text(&service.key.name), text(&service.key.kind)], &service.statistics, service.before.as_ref())
    }));
    columns(&rows, out)?;
    if graph.edges.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let mut rows = vec![headed(["FROM", "TO"])];
    rows.extend(graph.edges.iter().map(|edge| {
        let arrow = if edge.is_link() { "⇢ " } else { "→ " };
        let to = format!("{arrow}{}", clean(&edge.to.name));
        row([called(&edge.from), to], &edge.statistics, edge.before.as_ref())
    }));
    columns(&rows, out)
}

/// A caller: a client often has the name of what it calls.
fn called(key: &ServiceKey) -> String {
    if key.kind == "client" && key.name != "client" {
        format!("client {}", clean(&key.name))
    } else {
        clean(&key.name).into_owned()
    }
}

fn figures(statistics: &Statistics, change: Option<(Change, u64)>, seconds: f64) -> Vec<String> {
    if statistics.total == 0 && statistics.histogram.is_empty() {
        // Where requests come from answers none.
        return vec!["-".to_owned(); FIGURES.len()];
    }
    let share = |count: u64| format!("{:.1} %", 100.0 * statistics.share(count));
    let time = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| units::value(value, Unit::Seconds));
    vec![
        units::per_minute(statistics.total, seconds),
        share(statistics.ok),
        share(statistics.error),
        share(statistics.throttle),
        share(statistics.fault),
        time(statistics.mean()),
        time(statistics.percentile(0.5)),
        time(statistics.percentile(0.9)),
        time(statistics.percentile(0.99)),
        change.map_or_else(|| "-".to_owned(), |(change, before)| changed(&change, before)),
    ]
}

/// What has changed since the window before, in words.
fn changed(change: &Change, before: u64) -> String {
    if before == 0 {
        return "new".to_owned();
    }
    let percent = |value: Option<f64>, what: &str| value.map(|value| format!("{value:+.1} % {what}"));
    let points = |value: Option<f64>, what: &str| value.map(|value| format!("{value:+.1} pt {what}"));
    let parts = [
        percent(change.requests, "requests"),
        points(change.error, "error"),
        points(change.fault, "fault"),
        percent(change.p99, "p99"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
