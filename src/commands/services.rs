//! `baro services`: the service graph of X-Ray.

use std::io::{self, Write};
use std::ops::Range;
use std::sync::Mutex;
use std::time::Duration;

use chrono::TimeDelta;

use super::progress::{EVERY, Progress};
use super::sheet::columns_right;
use super::status::Status;
use crate::board::Unit;
use crate::clock::Time;
use crate::sources::{Client, service_graph};
use crate::store::graph::{Change, KEPT, ServiceGraph, ServiceKey, Statistics};
use crate::store::health::SourceError;
use crate::text::{clean, time, units};

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
    /// Whether progress is told.
    pub progress: bool,
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
    let graph = match asked(client, window, options, err).await? {
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
    if let Some(words) = kept(window, graph.window) {
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

/// Asks for the graph, and tells of progress.
async fn asked(
    client: &Client,
    window: (Time, Time),
    options: &Options,
    err: &mut dyn Write,
) -> io::Result<Result<ServiceGraph, SourceError>> {
    let come = Mutex::new((0, 0));
    let told = |read, all| {
        if let Ok(mut come) = come.lock() {
            *come = (read, all);
        }
    };
    let mut asking = Box::pin(service_graph(client, options.group.as_deref(), window, &told));
    let mut line = Progress::new();
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            graph = &mut asking => {
                line.wipe(err)?;
                return Ok(graph);
            }
            _ = ticks.tick(), if options.progress => {
                let come = come.lock().map_or((0, 0), |come| *come);
                line.tell(|passed| progress(passed, come), err)?;
            }
        }
    }
}

/// How far the graph has been read, in words.
fn progress(passed: Duration, (read, all): (usize, usize)) -> String {
    format!("{} s · {read} of {} read", passed.as_secs(), units::plural(all, "slice"))
}

/// That X-Ray has not kept what was asked for, where it has not.
fn kept((from, to): (Time, Time), answered: Option<(Time, Time)>) -> Option<String> {
    let (start, _) = answered?;
    let days = KEPT.num_days();
    if start > to {
        return Some(format!("X-Ray keeps traces for {days} days: it has none of this window"));
    }
    let since = time::rfc3339(start);
    (start - from > TimeDelta::minutes(1))
        .then(|| format!("X-Ray keeps traces for {days} days: these are since {since}"))
}

/// The headings of the figures, in the order of [`figures`].
const FIGURES: [&str; 10] = ["RATE", "OK", "ERROR", "THROTTLE", "FAULT", "AVG", "P50", "P90", "P99", "CHANGE"];

/// The columns of figures, which end below one another.
const RIGHT: Range<usize> = 2..2 + FIGURES.len() - 1;

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
    columns_right(&rows, RIGHT, out)?;
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
    columns_right(&rows, RIGHT, out)
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
    let share = |count: u64| units::share(statistics.share(count));
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
    let percent = |value: Option<f64>, what: &str| value.map(|value| format!("{} % {what}", signed(value)));
    let points = |value: Option<f64>, what: &str| value.map(|value| format!("{} pt {what}", signed(value)));
    let parts = [
        percent(change.requests, "requests"),
        points(change.error, "error"),
        points(change.fault, "fault"),
        percent(change.p99, "p99"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A difference with its sign; nothing has none.
fn signed(value: f64) -> String {
    let text = format!("{value:+.1}");
    if text.ends_with("0.0") && text.len() == 4 { "0.0".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_change_has_no_sign() {
        let cases = [(-0.04, "0.0"), (0.0, "0.0"), (0.04, "0.0"), (-0.06, "-0.1"), (10.0, "+10.0"), (-20.0, "-20.0")];
        for (value, shown) in cases {
            assert_eq!(signed(value), shown);
        }
    }

    #[test]
    fn what_is_no_longer_kept_is_told() {
        let now: Time = "2026-01-15T10:28:00Z".parse().expect("a time");
        let ago = |days| now - TimeDelta::days(days);
        assert_eq!(kept((ago(30), now), Some((ago(30), now))), None);
        assert_eq!(kept((ago(1), now), Some((ago(1) - TimeDelta::minutes(9), now))), None);
        let told = kept((ago(45), now), Some((ago(30), now))).expect("words");
        assert_eq!(told, "X-Ray keeps traces for 30 days: these are since 2025-12-16T10:28:00.000Z");
        assert!(kept((ago(45), ago(40)), Some((ago(30), ago(40)))).expect("words").contains("none of this window"));
    }

    #[test]
    fn progress_counts_slices() {
        assert_eq!(progress(Duration::from_millis(3_900), (12, 242)), "3 s · 12 of 242 slices read");
    }
}
