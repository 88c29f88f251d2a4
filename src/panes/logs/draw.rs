//! Drawing the screen of the logs.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::run::Phase;
use super::{Cx, Logs, Over, Part, Popup};
use crate::clock::Time;
use crate::panes::fit;
use crate::store::health::{ErrorKind, SourceError, SourceId};
use crate::store::rows::LogRows;
use crate::text::clean;
use crate::text::time::clock;
use crate::widgets::area::{cut_top, padded};
use crate::widgets::frame::pane_frame;
use crate::widgets::print::{Align, line, put, wrap};
use crate::widgets::theme::Role;

mod chart;
mod edit;
mod lists;
mod rows;
mod title;

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
    let until = match phase {
        Phase::Running | Phase::Resolving => cx.now,
        _ => run.stopped.or(ended).unwrap_or(started),
    };
    let took = (until - started).num_seconds().max(0);
    let trouble = run.answer(cx).and_then(|feed| feed.health.trouble()).map(|(error, _)| error.clone());
    let note = match &phase {
        _ if logs.whole && logs.trouble.is_some() => {
            logs.trouble.as_ref().map(|words| (clean(words).into_owned(), Role::Failed))
        }
        Phase::Unsent => Some(("not sent".to_owned(), Role::Failed)),
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
    let room = fit::room(area.width, note.map(|(text, _)| text));
    let title = title::results(logs, &phase, rows, (took, logs.expected_of_run(cx)), (room, cx));
    let block = pane_frame(&title, note, focused, cx.theme);
    let inner = padded(block.inner(area));
    block.render(area, buffer);
    let inner = nothing((&phase, trouble.as_ref()), span, rows.rows.is_empty(), buffer, inner, cx);
    if rows.rows.is_empty() {
        return;
    }
    if logs.charted && logs.over.is_none() {
        return chart::chart(&mut logs.charting, span, buffer, inner, (focused, cx));
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
        Some(Over::Patterns(patterns)) => {
            lists::patterns(patterns, logs.table.order.len(), buffer, inner, (focused, cx));
        }
        None => rows::draw(logs, rows, buffer, inner, (focused, cx)),
    }
}

/// Why there are no rows, or not all of them; gives the space below.
fn nothing(
    (phase, trouble): (&Phase, Option<&SourceError>),
    span: (Time, Time),
    is_empty: bool,
    buffer: &mut Buffer,
    area: Rect,
    cx: &Cx<'_>,
) -> Rect {
    let time = |at| clock(&cx.zone.at(at));
    let (words, role) = match phase {
        Phase::Failed(message, error) => {
            let operation = error.as_ref().map(|error| format!("{}: {}: ", error.operation, error.kind.word()));
            let next = error.as_ref().map_or("", |error| next(error.kind));
            (format!("{}{message}{next}", operation.unwrap_or_default()), Role::Failed)
        }
        _ if !is_empty => return area,
        Phase::Unsent => ("It was not sent: what is wrong with it is marked above.".to_owned(), Role::Muted),
        Phase::Resolving | Phase::Running if let Some(error) = trouble => {
            let error = error.to_string();
            (format!("{}. It is tried again; ^s stops it.", error.trim_end_matches('.')), Role::Failed)
        }
        Phase::Resolving => ("Looking for the log groups…".to_owned(), Role::Muted),
        Phase::Running => ("The query is running; nothing is found yet.".to_owned(), Role::Muted),
        Phase::Stopped => ("The query was stopped.".to_owned(), Role::Muted),
        Phase::Done => (format!("Nothing matched between {} and {}.", time(span.0), time(span.1)), Role::Muted),
    };
    let lines = wrap(&clean(&words), usize::from(area.width));
    for (row, words) in lines.iter().enumerate() {
        let Some(space) = line(area, row) else { break };
        put(buffer, space, words, cx.theme.style(role), Align::Left);
    }
    cut_top(area, u16::try_from(lines.len() + 1).unwrap_or(u16::MAX).min(area.height)).1
}

/// What can be done about a failure, where AWS's words do not say.
const fn next(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Denied => ". Choose groups that may be read, or ask for the permission.",
        ErrorKind::Credentials => ". Renew them, and run the query again.",
        ErrorKind::NotFound => ". Choose other log groups.",
        ErrorKind::Server => ". Run the query again.",
        ErrorKind::Throttled
        | ErrorKind::Unreachable
        | ErrorKind::TimedOut
        | ErrorKind::Garbled
        | ErrorKind::Invalid => "",
    }
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
        ("Log groups", "Tab mark  ⏎ take  ^a mark those read now (○)  Esc leave", empty.as_str())
    } else {
        ("Saved queries and history", "⏎ take  Esc close", empty.as_str())
    };
    if let Some(Popup::Groups(picker) | Popup::Queries(picker)) = &mut logs.popup {
        picker.draw(frame, area, &items, words, cx.theme);
    }
}
