//! Drawing a list of traces.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::narrowing::range;
use super::{Origin, Part, TracesPane, TracesView, completion, draw_rows, grouping};
use crate::analysis::trace_groups::{BUCKETS, Histogram};
use crate::board::Unit;
use crate::panes::editor::draw as edit;
use crate::panes::{Cx, fit, source_note};
use crate::text::units::counted;
use crate::text::{Align, time, units};
use crate::widgets::area::{cut_top, padded};
use crate::widgets::bar::upright;
use crate::widgets::frame::pane_frame;
use crate::widgets::print::{line, put, put_next, wrap};
use crate::widgets::selection::select;
use crate::widgets::theme::Role;

/// Lines of the results from which a histogram has room.
const ROOM: u16 = 11;
/// Lines of the list from which what all of it has is told above it.
const LEAST: u16 = 4;

pub(super) fn draw(pane: &mut TracesPane, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
    if !pane.is_search() {
        return results(pane, frame, area, cx);
    }
    let said = pane.editor.said(pane.typing);
    let has_said = said.is_some();
    let (above, below) = cut_top(area, (3 + u16::from(said.is_some())).min(area.height));
    let inner = expression(pane, said, frame, above, cx);
    if below.height > 0 {
        results(pane, frame, below, cx);
    }
    if pane.typing {
        // What is wrong stands below the text, and is not covered.
        edit::choices(&pane.editor, frame, area, (inner, has_said.then_some(inner.y + 1)), cx);
    }
}

/// The editor of the expression; gives where its text stands.
fn expression(
    pane: &mut TracesPane,
    said: Option<(String, Role)>,
    frame: &mut Frame<'_>,
    area: Rect,
    cx: &Cx<'_>,
) -> Rect {
    let focused = cx.focused && pane.part == Part::Editor && pane.fields.is_none();
    let (title, note) = match &pane.origin {
        Origin::Search(run) => {
            let by = run.search.by;
            let sampled = run.search.sampled;
            let note = if sampled { "sampled: traces are left out" } else { "every trace" };
            let role = if sampled { Role::Warning } else { Role::Muted };
            (format!("Filter expression · {}, {}", by.name(), by.words()), (note, role))
        }
        Origin::About(_) => ("Filter expression".to_owned(), ("", Role::Muted)),
    };
    let block = pane_frame(&title, Some(note), focused, cx.theme);
    let inner = padded(block.inner(area));
    block.render(area, frame.buffer_mut());
    let (first, rest) = cut_top(inner, 1);
    if pane.editor.text().is_empty() && !pane.typing {
        let words = "every trace; ⇥ types an expression such as service(\"NAME\") { fault } or responsetime > 3";
        put(frame.buffer_mut(), first, words, cx.theme.style(Role::Muted), Align::Left);
        return first;
    }
    let written = pane.editor.text();
    let parts = completion::parts(&written);
    edit::text(&mut pane.editor, &parts, (frame, first), focused && pane.typing, cx.theme);
    if let Some((words, role)) = said {
        put(frame.buffer_mut(), rest, &words, cx.theme.style(role), Align::Left);
    }
    first
}

/// The frame of the results, and what stands in it.
fn results(pane: &mut TracesPane, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
    let look = pane.look(cx);
    let view = pane.view_of(&look, cx);
    let note = note(pane, cx);
    let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
    let title = view.as_ref().map_or("Traces", |view| view.title.as_str());
    // That there are more matters more than in which order these stand.
    let rank = |at: usize| [0, 2, 1].get(at).copied().unwrap_or(3);
    let parts = title.split(" · ").enumerate().map(|(at, part)| (rank(at), part.to_owned()));
    let title = fit::fitted(parts.collect(), fit::room(area.width, note.map(|(text, _)| text)));
    let focused = cx.focused && pane.part != Part::Editor && pane.fields.is_none();
    let block = pane_frame(&title, note, focused, cx.theme);
    let inner = padded(block.inner(area));
    let buffer = frame.buffer_mut();
    block.render(area, buffer);
    let Some(view) = view else {
        put(buffer, inner, "waiting for what these traces are about", cx.theme.style(Role::Muted), Align::Left);
        return;
    };
    let inner = if pane.is_search() {
        inner
    } else {
        let (head, rest) = cut_top(inner, 1);
        put(buffer, head, &view.expression, cx.theme.style(Role::Strong), Align::Left);
        rest
    };
    let (body, foot) = cut_top(inner, inner.height.saturating_sub(1));
    put(buffer, foot, &view.foot, cx.theme.style(Role::Muted), Align::Left);
    let body = if inner.height >= ROOM { histogram(pane, buffer, body, cx) } else { body };
    let body = narrowed(&view, buffer, body, cx);
    if pane.groups.is_some() {
        grouping::draw(pane, buffer, body, cx);
    } else {
        let body = match &view.common {
            _ if view.ids.is_empty() => nothing(&view, buffer, body, cx),
            Some(words) if body.height >= LEAST => common(words, buffer, body, cx),
            Some(_) | None => body,
        };
        draw_rows::rows(pane, &look, &view, buffer, body, cx);
    }
    if let Some((picker, items)) = &mut pane.fields {
        let words = ("Group by", "⏎ take  Esc leave", "No field is called that.");
        picker.draw(frame, area, items, words, cx.theme);
    }
}

/// What every trace has, in a line of its own; gives the space below.
fn common(words: &str, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) -> Rect {
    let (head, rest) = cut_top(area, 1);
    let left = put_next(buffer, head, "all: ", cx.theme.style(Role::Muted));
    put(buffer, left, words, cx.theme.style(Role::Text), Align::Left);
    rest
}

/// That there is nothing; gives the space below.
fn nothing(view: &TracesView, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) -> Rect {
    let lines = wrap(&view.empty, usize::from(area.width));
    for (n, text) in lines.iter().enumerate() {
        let Some(place) = line(area, n) else { break };
        put(buffer, place, text, cx.theme.style(Role::Muted), Align::Left);
    }
    cut_top(area, u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height)).1
}

/// What the frame says of the answer.
fn note(pane: &TracesPane, cx: &Cx<'_>) -> Option<(String, Role)> {
    let Origin::Search(run) = &pane.origin else { return source_note(pane.health(cx), cx.now) };
    let asked = run.asked(cx);
    if run.stopped {
        return Some(("stopped".to_owned(), Role::Warning));
    }
    if pane.trouble(cx).is_some() || pane.found(cx).is_none() {
        return source_note(pane.health(cx), cx.now);
    }
    if pane.last.running {
        return Some(("reading…".to_owned(), Role::Pending));
    }
    // What a source that failed has told before is as old as it is.
    if let Some((text, Role::Stale)) = source_note(pane.health(cx), cx.now) {
        return Some((text, Role::Stale));
    }
    let text = |at| {
        let (at, now) = (cx.zone.at(at), cx.zone.at(cx.now));
        if at.date_naive() == now.date_naive() { time::minute(&at) } else { time::moment(&at, &now) }
    };
    Some((format!("{} – {}", text(asked.from), text(asked.to)), Role::Muted))
}

/// What narrows the list, in a line of its own; gives the space below.
fn narrowed(view: &TracesView, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) -> Rect {
    let Some(words) = &view.narrowed else { return area };
    let (head, rest) = cut_top(area, 1);
    let left = put_next(buffer, head, "only ", cx.theme.style(Role::Muted));
    let left = put_next(buffer, left, words, cx.theme.style(Role::Strong));
    put(buffer, left, "  Esc takes it back", cx.theme.style(Role::Muted), Align::Left);
    rest
}

/// The response times, with a slice where one is selected; gives the space below.
fn histogram(pane: &TracesPane, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) -> Rect {
    let Some(histogram) = pane.sliced(cx) else { return area };
    let height = (area.height / 6).clamp(2, 5);
    let (bars, rest) = cut_top(area, height);
    let (axis, rest) = cut_top(rest, 1);
    let step = (bars.width / BUCKETS as u16).max(1);
    let wide = (step * BUCKETS as u16).min(bars.width);
    let most = histogram.counts.iter().copied().max().unwrap_or(1) as f64;
    let values: Vec<f64> =
        histogram.counts.iter().flat_map(|count| std::iter::repeat_n(*count as f64, usize::from(step))).collect();
    upright(buffer, Rect { width: wide, ..bars }, &values, most, cx.theme.style(Role::Series1));
    let focused = cx.focused && pane.part == Part::Histogram;
    let selected = if focused { Some(pane.bars.selected()) } else { sliced_buckets(pane, &histogram) };
    if let Some((from, to)) = selected {
        let x = bars.x + (from as u16 * step).min(wide);
        let end = bars.x + ((to as u16 + 1) * step).min(wide);
        let spot = Rect { x, width: end.saturating_sub(x), height: bars.height, ..bars };
        if focused {
            select(buffer, spot, cx.theme);
        } else {
            buffer.set_style(spot.intersection(buffer.area), cx.theme.style(Role::Strong));
        }
    }
    labels(pane, &histogram, focused, buffer, (axis, wide), cx);
    rest
}

/// The buckets of the slice that narrows the list.
fn sliced_buckets(pane: &TracesPane, histogram: &Histogram) -> Option<(usize, usize)> {
    let (from, to) = pane.narrowing.slice?;
    let last = if to.is_infinite() { BUCKETS - 1 } else { histogram.bucket(to * 0.999) };
    Some((histogram.bucket(from), last))
}

fn labels(
    pane: &TracesPane,
    histogram: &Histogram,
    focused: bool,
    buffer: &mut Buffer,
    (axis, wide): (Rect, u16),
    cx: &Cx<'_>,
) {
    let place = Rect { width: wide, ..axis };
    if focused {
        let (from, to) = pane.bars.selected();
        let count: usize = histogram.counts.iter().skip(from).take(to + 1 - from).sum();
        let all: usize = histogram.counts.iter().sum();
        let share = units::value(count as f64 / all.max(1) as f64 * 100.0, Unit::Percent);
        let words = format!("{} · {} · {share}", range(histogram.bounds(from, to)), counted(count, "trace"));
        put(buffer, axis, &words, cx.theme.style(Role::Strong), Align::Left);
        return;
    }
    let (low, high) = histogram.range;
    let style = cx.theme.style(Role::Muted);
    let text = |seconds| units::value(seconds, Unit::Seconds);
    put(buffer, place, &text(low), style, Align::Left);
    put(buffer, place, &text((low * high).sqrt()), style, Align::Center);
    put(buffer, place, &text(high), style, Align::Right);
}
