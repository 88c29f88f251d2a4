//! `baro snapshot`: one frame of a screen, without a terminal.

use std::io::{self, Write};
use std::time::Duration;

use ratatui::buffer::Buffer;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::find;
use crate::analysis::card;
use crate::app::App;
use crate::app::effect::Effects;
use crate::app::msg::{Msg, Update};
use crate::app::runner::Runner;
use crate::app::screen::ScreenId;
use crate::board::ChangeUnit;
use crate::clock::Clock;
use crate::export::colour::Ground;
use crate::export::{ansi, svg, text};
use crate::store::Store;
use crate::store::alarm::Alarm;
use crate::store::catalogue::{CatalogueScope, Ending};
use crate::store::graph::{Edge, Service, Statistics};
use crate::store::health::Feed;
use crate::store::request::Request;
use crate::store::rows::{LogQuery, LogRows};
use crate::store::series::Series;
use crate::store::trace_list::{TraceList, TraceQuery, TraceSummary};
use crate::text::time::{rfc3339, rfc3339_s};
use crate::text::units::round;
use crate::text::units::{lasted, plural};
use crate::text::{clean, clean_field};

/// How many feed rows the JSON holds.
const FEED_ROWS: usize = 500;

/// How a frame is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Plain lines.
    Text,
    /// Lines with SGR colours.
    Ansi,
    /// A picture.
    Svg,
    /// The figures behind the screen, schema `barograph/v1`.
    Json,
}

/// Lets the sources answer once, for at most `wait`, and keeps `app` up to date meanwhile.
///
/// Returns whether everything that is visible has been answered.
pub async fn settle(
    app: &mut App,
    feed: &mut mpsc::Receiver<Msg>,
    runner: &mut Runner,
    clock: &Clock,
    wait: Duration,
) -> bool {
    let carry_out = |effects: Effects, runner: &mut Runner| effects.into_iter().for_each(|e| runner.carry_out(e));
    carry_out(app.start(clock.now()), runner);
    let deadline = tokio::time::Instant::now() + wait;
    loop {
        let Ok(Some(message)) = tokio::time::timeout_at(deadline, feed.recv()).await else { return false };
        let settled = match &message {
            Msg::Feed(Update::Settled { watch, .. }) => app.is_watching(watch),
            _ => false,
        };
        let effects = app.update(message);
        let more = !effects.is_empty();
        carry_out(effects, runner);
        // What an answer made visible (the lines of an opened request, say) is waited for as well.
        if settled && !more {
            carry_out(app.update(Msg::Tick(clock.now())), runner);
            return true;
        }
    }
}

/// What is not in the picture, where not everything was answered within `wait`.
pub fn unfinished(app: &App, wait: Duration) -> String {
    let wait = lasted(wait.as_secs() as i64);
    let running = app.store().rows.values().find(|feed| feed.data.running);
    let what = match running {
        Some(feed) => format!("Logs Insights is not done after {wait}: {} so far", plural(feed.data.rows.len(), "row")),
        None => format!("not everything was answered within {wait}"),
    };
    format!("{what}; --wait SPAN waits longer")
}

/// Draws the app on a screen of `size` columns and lines.
pub fn frame(app: &mut App, size: (u16, u16)) -> Buffer {
    app.frame(size)
}

/// Writes one frame.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write(app: &mut App, size: (u16, u16), format: Format, ground: Ground, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => out.write_all(text(&frame(app, size)).as_bytes()),
        Format::Ansi => out.write_all(ansi::ansi(&frame(app, size)).as_bytes()),
        Format::Svg => out.write_all(svg::svg(&frame(app, size), ground).as_bytes()),
        Format::Json => writeln!(out, "{}", document(app)),
    }
}

/// What Logs Insights has found, as `baro query` writes it, at most the first rows of each.
fn queries(store: &Store) -> Value {
    const MOST: usize = 500;
    let mut found: Vec<_> = store.rows.iter().collect();
    found.sort_by(|a, b| a.0.cmp(b.0));
    let row = |row: &Vec<(String, String)>| -> Value {
        row.iter().map(|(field, value)| (field.clone(), Value::from(value.as_str()))).collect()
    };
    let query = |(query, feed): (&LogQuery, &Feed<LogRows>)| {
        json!({
            "query": clean(&query.text),
            "log_groups": query.groups,
            "status": if feed.data.running { "Running" } else { "Complete" },
            "rows": feed.data.rows.iter().take(MOST).map(row).collect::<Vec<Value>>(),
            "statistics": {
                "records_matched": feed.data.records_matched as u64,
                "records_scanned": feed.data.records_scanned as u64,
                "bytes_scanned": feed.data.bytes_scanned as u64,
            },
        })
    };
    found.into_iter().map(query).collect()
}

/// The figures behind the screen: the contract `barograph/v1`. A screen's document has the parts that the screen shows.
pub fn document(app: &App) -> Value {
    let (store, board, now) = (app.store(), app.board(), app.now());
    let mut document = json!({
        "schema": "barograph/v1",
        "screen": app.screen().name(),
        "at": rfc3339(now),
        "window_s": app.window().span.as_secs(),
        "region": app.place().region,
    });
    let parts = match app.screen() {
        ScreenId::Overview => vec![
            ("cards", cards(app)),
            ("alarms", alarms(store)),
            ("feed", feed(app)),
            ("services", store.graph.data.services.iter().map(service).collect()),
            ("trend", trend(app)),
        ],
        ScreenId::Alarms => vec![("alarms", alarms(store))],
        ScreenId::Metrics => vec![("catalogue", catalogue(store))],
        ScreenId::Requests => vec![("feed", feed(app))],
        ScreenId::Services => {
            let graph = &store.graph.data;
            let services = graph.services.iter().map(service).collect();
            vec![("services", services), ("edges", graph.edges.iter().map(edge).collect())]
        }
        ScreenId::Traces => vec![("traces", traces(app))],
        ScreenId::Logs => vec![("queries", queries(store))],
        ScreenId::Investigate => {
            let mut stories: Vec<_> = store.stories.iter().collect();
            stories.sort_by_key(|(query, _)| *query);
            vec![("stories", stories.into_iter().map(|(_, feed)| find::document(&feed.data)).collect())]
        }
        ScreenId::History => vec![("episodes", episodes(store))],
    };
    for (key, value) in parts {
        document[key] = value;
    }
    document["problems"] = store
        .problems()
        .filter_map(|(source, health)| {
            let (error, since) = health.trouble()?;
            Some(json!({
                "source": source.name(),
                "health": health.word(),
                "error": clean(&format!("{}: {}", error.brief(), error.message)),
                "since": rfc3339(since),
            }))
        })
        .collect();
    document["cost"] = json!({
        "usd_per_hour": round(store.spending.hourly_usd, 4),
        "usd_session": round(store.spending.session_usd, 4),
    });
    if board.feed.is_some() {
        let counts = store.requests.counts();
        document["feed_counts"] = json!({ "events": counts.events, "other": counts.other, "dropped": counts.dropped });
    }
    document
}

fn cards(app: &App) -> Value {
    let (store, board, now, window) = (app.store(), app.board(), app.now(), app.window());
    board
        .cards
        .iter()
        .map(|definition| {
            let view = card::card_value(definition, board, store, window, now);
            json!({
                "id": definition.id,
                "title": definition.title,
                "value": view.value.map(|v| round(v, 6)),
                "unit": definition.unit.name(),
                "change": view.change.map(|v| round(v, 6)),
                "change_unit": match definition.change {
                    ChangeUnit::Percent => "percent",
                    ChangeUnit::Points => "points",
                },
                "state": view.state.name(),
                "health": view.health,
            })
        })
        .collect()
}

fn alarms(store: &Store) -> Value {
    store.alarms.data.iter().map(alarm).collect()
}

/// One alarm of the contract.
pub fn alarm(alarm: &Alarm) -> Value {
    json!({
        "name": clean(&alarm.name),
        "kind": alarm.kind.name(),
        "state": alarm.state.name(),
        "since": alarm.since.map(rfc3339),
        "reason": clean(&alarm.reason),
        "value": alarm.value,
        "threshold": alarm.threshold(),
    })
}

/// How many metrics there are, as far as the list has come.
fn catalogue(store: &Store) -> Value {
    let feed = store.catalogues.get(&CatalogueScope { namespace: None, recent: true });
    json!({
        "metrics": feed.map_or(0, |feed| feed.data.len()),
        "complete": feed.is_some_and(|feed| feed.data.ending() == Ending::Complete),
    })
}

fn episodes(store: &Store) -> Value {
    let history = &store.history;
    history.episodes.iter().map(|episode| super::history::document(episode, history.said_during(episode))).collect()
}

/// What lists of traces hold, those asked last included.
fn traces(app: &App) -> Value {
    let mut lists: Vec<_> = app.store().trace_lists.iter().collect();
    lists.sort_by_key(|(query, _)| *query);
    let trace = |trace: &TraceSummary| {
        json!({
            "id": clean(&trace.id),
            "start": trace.start.map(rfc3339),
            "duration_s": round(trace.duration_s, 6),
            "response_s": round(trace.response(), 6),
            "fault": trace.fault,
            "error": trace.error,
            "throttle": trace.throttle,
            "entry": clean(&trace.entry),
            "method": clean(&trace.method),
            "url": clean(&trace.url),
            "status": trace.status,
            "users": trace.users.iter().map(|user| clean(user)).collect::<Vec<_>>(),
            "annotations": trace.annotations.iter()
                .map(|(name, value)| json!({ "name": clean(name), "value": clean_field(name, value) }))
                .collect::<Vec<_>>(),
            "cause": trace.cause().map(|cause| clean(&cause.service).into_owned()),
        })
    };
    let list = |(query, feed): (&TraceQuery, &Feed<TraceList>)| {
        json!({
            "filter": clean(&query.filter),
            "time_range_type": query.by.name(),
            "sampled": query.sampled,
            "from": rfc3339(query.span.from),
            "more": feed.data.rest.is_some(),
            "scanned": feed.data.scanned,
            "traces": feed.data.traces.iter().map(trace).collect::<Vec<_>>(),
        })
    };
    lists.into_iter().map(list).collect()
}

fn feed(app: &App) -> Value {
    let Some(rules) = &app.board().feed else { return json!([]) };
    let row = |request: &Request| {
        let mut row = json!({
            "time": rfc3339(request.time),
            "id": clean(&request.id),
            "status": request.status.name(),
        });
        for (column, value) in rules.columns.iter().zip(&request.columns) {
            row[&column.id] = Value::from(clean(value));
        }
        row["reason"] = request.reason.as_deref().map(clean).into();
        row["latency_s"] = request.latency_s.into();
        row["correlation_id"] = request.correlation_id.as_deref().map(clean).into();
        row["trace_id"] = request.trace_id.as_deref().map(clean).into();
        row
    };
    app.store().requests.newest_first().take(FEED_ROWS).map(row).collect()
}

fn service(service: &Service) -> Value {
    let named = json!({ "name": clean(&service.key.name), "type": clean(&service.key.kind) });
    with_figures(named, &service.statistics)
}

fn edge(edge: &Edge) -> Value {
    let named = json!({
        "from": clean(&edge.from.name),
        "to": clean(&edge.to.name),
        "from_type": clean(&edge.from.kind),
        "to_type": clean(&edge.to.kind),
    });
    with_figures(named, &edge.statistics)
}

/// Counts and times, behind what they are of.
fn with_figures(mut of: Value, statistics: &Statistics) -> Value {
    let seconds = |q: f64| statistics.percentile(q).map_or(0.0, |s| round(s, 6));
    of["requests"] = statistics.total.into();
    of["ok"] = statistics.ok.into();
    of["error"] = statistics.error.into();
    of["throttle"] = statistics.throttle.into();
    of["fault"] = statistics.fault.into();
    of["p50_s"] = seconds(0.5).into();
    of["p99_s"] = seconds(0.99).into();
    of
}

fn trend(app: &App) -> Value {
    let (store, board, now) = (app.store(), app.board(), app.now());
    let Some(chart) = board.charts.first() else { return Value::Null };
    let mut period_s = 60;
    let mut series: Vec<Value> = Vec::new();
    for line in &chart.series {
        let Some(metric) = board.metrics.get(&line.metric) else { continue };
        let query = &metric.drawn(app.window(), None, now);
        period_s = query.period_s;
        let (from, to) = app.window().whole_periods(now, query.period_s);
        let found = store.series(query).map_or(&[][..], |set| &set.series);
        let points = |one: &Series| -> Vec<Value> {
            one.range(from, to).iter().map(|(at, v)| json!([rfc3339_s(*at), v])).collect()
        };
        match found {
            // What has no answer yet has its place all the same.
            [] => series.push(json!({ "id": line.id, "points": [] })),
            [one] => series.push(json!({ "id": line.id, "points": points(one) })),
            // A search finds several, which their labels tell apart.
            many => series.extend(
                many.iter().map(|one| json!({ "id": line.id, "label": clean(&one.label), "points": points(one) })),
            ),
        }
    }
    json!({ "period_s": period_s, "series": series })
}
