//! Drawing the screen of the logs.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::run::{self, Phase};
use super::{Cx, Logs, Over, Part, Popup};
use crate::analysis::log_query::bins;
use crate::analysis::log_query::estimate::{Estimate, cost_words};
use crate::panes::cursor::wall;
use crate::panes::query_plot::ROLES;
use crate::store::health::SourceId;
use crate::store::logbook::{LogGroup, Logbook};
use crate::store::rows::LogRows;
use crate::text::time::clock;
use crate::text::units::thousands;
use crate::text::{clean, units};
use crate::widgets::area::{cut_top, padded};
use crate::widgets::chart::{Chart, Line};
use crate::widgets::frame::pane_frame;
use crate::widgets::print::{Align, line, put, wrap};
use crate::widgets::theme::Role;

mod edit;
mod lists;
mod rows;

/// Rows of the editor's text at least.
const LEAST: usize = 3;
/// Width from which a record stands beside the rows.
const BESIDE: u16 = 120;

pub(super) fn draw(logs: &mut Logs, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
    let (above, below) = if logs.whole && logs.part == Part::Results {
        cut_top(area, 0)
    } else {
        cut_top(area, editor_height(logs, area))
    };
    let (row, column) = (below.y, below.x);
    if above.height > 0 {
        edit::draw(logs, frame, above, cx);
    }
    if below.height > 0 {
        results(logs, frame.buffer_mut(), Rect { x: column, y: row, ..below }, cx);
    }
    // Last, as they stand over everything.
    edit::draw_choices(logs, frame, area, above, cx);
    popup(logs, frame, area, cx);
}

fn editor_height(logs: &Logs, area: Rect) -> u16 {
    let said = usize::from(logs.editor.mistake().is_some() || logs.trouble.is_some());
    let most = if logs.part == Part::Results && area.height < 30 { LEAST } else { usize::from(area.height) * 2 / 5 };
    let lines = logs.editor.lines().len().clamp(LEAST, most.max(LEAST));
    u16::try_from(lines + said + 2).unwrap_or(u16::MAX).min(area.height)
}

/// What the chosen groups are called in a title.
fn groups_words(chosen: &[String]) -> String {
    match chosen {
        [] => "no log group".to_owned(),
        [one] => clean(one).into_owned(),
        [first, others @ ..] => format!("{} and {} more", clean(first), others.len()),
    }
}

/// What the query would cost; `None` while the groups are not known, and of files, which cost nothing.
fn estimate(logs: &Logs, cx: &Cx<'_>) -> Option<Estimate> {
    if cx.board.is_of_files() {
        return None;
    }
    let groups = run::resolved(&logs.groups(cx), cx).ok()??;
    let book = &cx.store.logbook;
    // Nothing is said before all that can be known is known.
    let waits = |name: &String| {
        !name.starts_with("arn:")
            && group(book, name).is_none()
            && cx.store.health(SourceId::LogGroups).trouble().is_none()
    };
    if groups.iter().any(waits) {
        return None;
    }
    Some(Estimate::of(groups.iter().map(|name| group(book, name)), cx.window.range(cx.now), cx.now))
}

fn group<'a>(book: &'a Logbook, name: &str) -> Option<&'a LogGroup> {
    book.groups.values().flat_map(|feed| &feed.data.groups).find(|group| group.name == name || group.arn == name)
}

/// The frame of the results, and what stands in it.
fn results(logs: &mut Logs, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let focused = cx.focused && logs.part == Part::Results && logs.popup.is_none();
    let Some(run) = &logs.run else {
        let block = pane_frame("Results", None, focused, cx.theme);
        let inner = padded(block.inner(area));
        block.render(area, buffer);
        let words = "Nothing has been run yet.";
        put(buffer, inner, words, cx.theme.style(Role::Muted), Align::Left);
        return;
    };
    let phase = run.phase(cx);
    let empty = LogRows::default();
    let known = run.answer(cx).map(|feed| &feed.data);
    let rows = known.unwrap_or(&empty);
    let (started, span) = run.asked(cx);
    let ended = run.answer(cx).and_then(|feed| feed.health.changed());
    let until = if matches!(phase, Phase::Running | Phase::Resolving) { cx.now } else { ended.unwrap_or(cx.now) };
    let took = (until - started).num_seconds().max(0);
    let trouble = run.answer(cx).and_then(|feed| feed.health.trouble()).map(|(error, _)| error.clone());
    let title = title(logs, &phase, rows, took, cx);
    let note = match &phase {
        // What tends to pass is tried again.
        Phase::Running | Phase::Resolving => Some(match &trouble {
            Some(error) => (clean(&error.brief()).into_owned(), Role::Failed),
            None => ("running…".to_owned(), Role::Pending),
        }),
        Phase::Stopped => Some(("stopped".to_owned(), Role::Warning)),
        Phase::Failed(_, Some(error)) => Some((clean(&error.brief()).into_owned(), Role::Failed)),
        Phase::Failed(_, None) => Some(("failed".to_owned(), Role::Failed)),
        Phase::Done => {
            let time = |at| clock(&cx.zone.at(at));
            Some((format!("{}–{}", time(span.0), time(span.1)), Role::Muted))
        }
    };
    let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
    let block = pane_frame(&title, note, focused, cx.theme);
    let inner = padded(block.inner(area));
    block.render(area, buffer);
    if rows.rows.is_empty() {
        nothing(&phase, span, buffer, inner, cx);
        return;
    }
    if logs.charted {
        return chart(logs, rows, span, buffer, inner, cx);
    }
    if let (Some(Over::Record(_)), true) = (&logs.over, inner.width >= BESIDE) {
        let left = Rect { width: inner.width / 2 - 1, ..inner };
        let right = Rect { x: left.right() + 2, width: inner.width - left.width - 2, ..inner };
        rows::draw(logs, rows, buffer, left, (false, cx));
        return record(logs, buffer, right, focused, cx);
    }
    match &mut logs.over {
        Some(Over::Record(_)) => record(logs, buffer, inner, focused, cx),
        Some(Over::Values(values)) => lists::values(values, buffer, inner, focused, cx),
        Some(Over::Patterns(patterns)) => lists::patterns(patterns, rows.rows.len(), buffer, inner, (focused, cx)),
        None => rows::draw(logs, rows, buffer, inner, (focused, cx)),
    }
}

fn title(logs: &Logs, phase: &Phase, rows: &LogRows, took: i64, cx: &Cx<'_>) -> String {
    let count = rows.rows.len();
    let word = if count == 1 { "row" } else { "rows" };
    let mut parts = Vec::new();
    let shown = logs.table.order.len();
    parts.push(match phase {
        Phase::Running | Phase::Resolving if count == 0 => "Results".to_owned(),
        Phase::Running | Phase::Resolving => format!("{} {word} so far", thousands(count)),
        _ if !logs.table.filter.is_empty() => {
            format!("{} of {} {word}", thousands(shown), thousands(count))
        }
        _ => format!("{} {word}", thousands(count)),
    });
    if rows.records_scanned > 0.0 {
        let (matched, scanned) = (thousands(rows.records_matched as usize), thousands(rows.records_scanned as usize));
        parts.push(format!("{matched} of {scanned} records"));
        parts.push(cost_words(rows.bytes_scanned, cx.store.spending.usd_per_scanned_gb));
    }
    if took > 0 {
        parts.push(units::span(took));
    }
    parts.join(" · ")
}

/// Why there are no rows.
fn nothing(
    phase: &Phase,
    span: (crate::clock::Time, crate::clock::Time),
    buffer: &mut Buffer,
    area: Rect,
    cx: &Cx<'_>,
) {
    let time = |at| clock(&cx.zone.at(at));
    let (words, role) = match phase {
        Phase::Resolving => ("Looking for the log groups…".to_owned(), Role::Muted),
        Phase::Running => ("The query is running; nothing is found yet.".to_owned(), Role::Muted),
        Phase::Stopped => ("The query was stopped.".to_owned(), Role::Muted),
        Phase::Done => (format!("Nothing matched between {} and {}.", time(span.0), time(span.1)), Role::Muted),
        Phase::Failed(message, error) => {
            let operation = error.as_ref().map(|error| format!("{}: {}: ", error.operation, error.kind.word()));
            (format!("{}{message}", operation.unwrap_or_default()), Role::Failed)
        }
    };
    for (row, words) in wrap(&clean(&words), usize::from(area.width)).iter().enumerate() {
        let Some(space) = line(area, row) else { return };
        put(buffer, space, words, cx.theme.style(role), Align::Left);
    }
}

/// The rows over time.
fn chart(
    logs: &Logs,
    rows: &LogRows,
    span: (crate::clock::Time, crate::clock::Time),
    buffer: &mut Buffer,
    area: Rect,
    cx: &Cx<'_>,
) {
    let Some(found) = bins::bins(&rows.rows) else {
        let words = "There is no chart of these rows: it needs stats … by bin(…) with a number.";
        for (row, words) in wrap(words, usize::from(area.width)).iter().enumerate() {
            let Some(space) = line(area, row) else { return };
            put(buffer, space, words, cx.theme.style(Role::Muted), Align::Left);
        }
        return;
    };
    let lines = found
        .lines
        .into_iter()
        .enumerate()
        .map(|(nth, (name, points))| Line::new(clean(&name).into_owned(), ROLES[nth % ROLES.len()], points.into()));
    // Bins begin before the window where it does not begin with one.
    let from = crate::clock::floor(span.0, found.period_s);
    let chart = Chart {
        kind: logs.kind,
        lines: lines.collect(),
        left_out: found.left_out,
        empty: "no figures".to_owned(),
        ..Chart::new((from, span.1), found.period_s, cx.now, crate::board::Unit::None, wall(cx.zone))
    };
    let (head, body) = cut_top(area, 1);
    chart.draw(body, buffer, cx.theme);
    chart.legend(usize::from(head.width), cx.theme).render(head, buffer);
}

fn record(logs: &mut Logs, buffer: &mut Buffer, area: Rect, focused: bool, cx: &Cx<'_>) {
    let health = cx.store.health(SourceId::LogRecord);
    let Some(Over::Record(record)) = &mut logs.over else { return };
    let trouble = health
        .trouble()
        .filter(|_| record.pointer().is_some_and(|pointer| !cx.store.logbook.records.contains_key(pointer)));
    let (said, rest) = cut_top(area, u16::from(trouble.is_some()));
    if let Some((error, _)) = trouble {
        let words = format!("only what the row has: {error}");
        put(buffer, said, &clean(&words), cx.theme.style(Role::Failed), Align::Left);
    }
    let empty =
        if record.search.is_empty() { "The record has no fields." } else { "Nothing in the record holds that." };
    record.browser.draw(buffer, rest, cx.theme, focused, empty);
}

fn popup(logs: &mut Logs, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
    let items = logs.items(cx);
    let (source, is_groups) = match &logs.popup {
        Some(Popup::Groups(_)) => (SourceId::LogGroups, true),
        Some(Popup::Queries(_)) => (SourceId::QueryDefinitions, false),
        None => return,
    };
    let health = cx.store.health(source);
    let empty = match health.trouble() {
        Some((error, _)) => clean(&error.to_string()).into_owned(),
        None if health.changed().is_none() => "waiting…".to_owned(),
        None if is_groups => "No log group is called that; end it with * for all that begin so.".to_owned(),
        None => "No query is called that.".to_owned(),
    };
    let words = if is_groups {
        ("Log groups", "Tab choose  ⏎ take  Esc close", empty.as_str())
    } else {
        ("Saved queries and history", "⏎ take  Esc close", empty.as_str())
    };
    if let Some(Popup::Groups(picker) | Popup::Queries(picker)) = &mut logs.popup {
        picker.draw(frame, area, &items, words, cx.theme);
    }
}
