//! Drawing a list of traces.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::widgets::Widget;

use super::columns::Column;
use super::narrowing::range;
use super::{Origin, Part, TracesPane, TracesView, completion, fields};
use crate::analysis::trace_groups::{BUCKETS, Histogram};
use crate::board::Unit;
use crate::panes::editor::draw as edit;
use crate::panes::{Cx, fit, source_note, verdict};
use crate::store::trace_list::TraceSummary;
use crate::text::units::counted;
use crate::text::{Align, clean, clean_field, time, units, width};
use crate::widgets::area::{cut_top, padded};
use crate::widgets::bar::upright;
use crate::widgets::frame::pane_frame;
use crate::widgets::legend::glyph;
use crate::widgets::print::{cells, line, put, put_next, wrap};
use crate::widgets::selection::select;
use crate::widgets::table::{Cell, Heading, Table};
use crate::widgets::theme::Role;

/// Lines of the results from which a histogram has room.
const ROOM: u16 = 11;
/// The widest that a column is, where all have room so.
const WIDEST: [usize; 2] = [100, 44];
/// The same on a narrow screen.
const LEAST: usize = 26;

pub(super) fn draw(pane: &mut TracesPane, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
    if !pane.is_search() {
        return results(pane, frame, area, cx);
    }
    let said = pane.editor.said(pane.typing);
    let (above, below) = cut_top(area, (3 + u16::from(said.is_some())).min(area.height));
    let inner = expression(pane, said, frame, above, cx);
    if below.height > 0 {
        results(pane, frame, below, cx);
    }
    if pane.typing {
        edit::choices(&pane.editor, frame, area, inner, cx);
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
    let view = pane.view(cx);
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
        groups(pane, buffer, body, cx);
    } else if view.ids.is_empty() {
        for (n, text) in wrap(&view.empty, usize::from(body.width)).iter().enumerate() {
            let Some(place) = line(body, n) else { break };
            put(buffer, place, text, cx.theme.style(Role::Muted), Align::Left);
        }
    } else {
        rows(pane, &view, buffer, body, cx);
    }
    if pane.fields.is_some() {
        let items = fields(cx, &pane.origin);
        if let Some(picker) = &mut pane.fields {
            let words = ("Group by", "⏎ take  Esc leave", "No field is called that.");
            picker.draw(frame, area, &items, words, cx.theme);
        }
    }
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
    if pane.running {
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

fn rows(pane: &mut TracesPane, view: &TracesView, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let selected = pane.table.list.sync(&view.ids);
    let visible = pane.table.list.visible(view.ids.len(), usize::from(area.height.saturating_sub(1)));
    let shown = pane.shown(cx);
    let columns = pane.columns(cx);
    let seen: Vec<&TraceSummary> = shown.get(visible.clone()).unwrap_or_default().to_vec();
    let at = pane.table.at(&columns);
    let texts: Vec<Vec<String>> =
        columns.iter().map(|column| seen.iter().map(|trace| column.text(trace, cx)).collect()).collect();
    let room = usize::from(area.width.saturating_sub(2));
    let widths = |widest: usize| -> Vec<usize> {
        let wide = |(column, texts): (&Column, &Vec<String>)| {
            let longest = texts.iter().map(|text| width(text)).max().unwrap_or(0);
            longest.max(width(&clean(column.name())) + 1).clamp(4, widest)
        };
        columns.iter().zip(&texts).map(wide).collect()
    };
    let fits = |widths: &Vec<usize>| widths.iter().map(|wide| wide + 1).sum::<usize>() <= room;
    let widest = WIDEST.into_iter().map(widths).find(fits);
    let widths = widest.unwrap_or_else(|| widths(if area.width < 140 { LEAST } else { WIDEST[1] }));
    pane.table.first = first(pane.table.first, at, &widths, room);
    let from = pane.table.first;
    let is_moved = cx.focused && pane.part == Part::List && pane.table.column().is_some();
    let mut headings = vec![Heading { title: String::new(), width: 1, align: Align::Left }];
    headings.extend(columns.iter().zip(&widths).skip(from).map(|(column, wide)| Heading {
        title: format!("{}{}", clean(column.name()), pane.table.arrow(column)),
        width: u16::try_from(*wide).unwrap_or(u16::MAX),
        align: if column.is_number() { Align::Right } else { Align::Left },
    }));
    let row = |(nth, trace): (usize, &&TraceSummary)| {
        let role = verdict::role(trace.verdict());
        let mut cells = vec![Cell::new(glyph(role), role)];
        cells.extend(columns.iter().enumerate().skip(from).map(|(at, column)| {
            let text = texts.get(at).and_then(|texts| texts.get(nth)).filter(|text| !text.is_empty());
            text.map_or_else(|| Cell::new("–", Role::Muted), |text| Cell::new(text.as_str(), column.role(trace)))
        }));
        cells
    };
    let rows: Vec<Vec<Cell>> = seen.iter().enumerate().map(row).collect();
    let cursor = selected.filter(|_| cx.focused && pane.part == Part::List && pane.fields.is_none());
    let cursor = cursor.and_then(|row| row.checked_sub(visible.start));
    Table { headings: &headings, headed: true, rows: &rows, cursor, theme: cx.theme }.render(area, buffer);
    if is_moved {
        let before: usize = widths.iter().skip(from).take(at - from).map(|wide| wide + 1).sum();
        let x = area.x.saturating_add(2).saturating_add(u16::try_from(before).unwrap_or(u16::MAX));
        let wide = u16::try_from(widths.get(at).copied().unwrap_or(0)).unwrap_or(u16::MAX);
        let spot = Rect { x, width: wide, height: 1, ..area }.intersection(area).intersection(buffer.area);
        buffer.set_style(spot, cx.theme.style(Role::Strong).add_modifier(Modifier::UNDERLINED));
    }
}

/// The first column on screen, so that the one under the cursor is whole.
fn first(before: usize, at: usize, widths: &[usize], room: usize) -> usize {
    let mut first = before.min(at);
    while first < at && widths.iter().skip(first).take(at + 1 - first).map(|wide| wide + 1).sum::<usize>() > room {
        first += 1;
    }
    first
}

fn groups(pane: &mut TracesPane, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let found = pane.grouped(cx);
    let Some(grouping) = &mut pane.groups else { return };
    let values: Vec<Option<String>> = found.iter().map(|group| group.value.clone()).collect();
    let selected = grouping.list.sync(&values);
    let visible = grouping.list.visible(values.len(), usize::from(area.height.saturating_sub(1)));
    let name = clean(grouping.field.name()).into_owned();
    let texts: Vec<String> = found
        .iter()
        .map(|group| match &group.value {
            Some(value) => clean_field(grouping.field.name(), value).into_owned(),
            None => "none".to_owned(),
        })
        .collect();
    // Seven figures of at most nine cells stand beside it.
    let most = area.width.saturating_sub(62).max(12);
    let wide = texts.iter().map(|text| cells(text)).max().unwrap_or(0).max(cells(&name)).clamp(8, most);
    let heading = |title: &str, width: u16| Heading { title: title.to_owned(), width, align: Align::Right };
    let mut headings = vec![Heading { title: name, width: wide, align: Align::Left }];
    headings.extend(
        [("count", 7), ("share", 7), ("faults", 7), ("errors", 7), ("p50", 8), ("p90", 8), ("p99", 8)]
            .map(|(title, width)| heading(title, width)),
    );
    let seconds = |value: f64| Cell::new(units::value(value, Unit::Seconds), Role::Text);
    let count = |count: usize, role: Role| {
        Cell::new(units::value(count as f64, Unit::Count), if count == 0 { Role::Muted } else { role })
    };
    let rows: Vec<Vec<Cell>> = visible
        .clone()
        .filter_map(|at| {
            let (group, text) = (found.get(at)?, texts.get(at)?);
            let role = if group.value.is_some() { Role::Strong } else { Role::Muted };
            let [p50, p90, p99] = group.percentiles.map(seconds);
            Some(vec![
                Cell::new(text.as_str(), role),
                count(group.count, Role::Text),
                Cell::new(units::value(group.share * 100.0, Unit::Percent), Role::Muted),
                count(group.faults, Role::Fault),
                count(group.errors, Role::Error),
                p50,
                p90,
                p99,
            ])
        })
        .collect();
    let cursor = selected.filter(|_| cx.focused).and_then(|row| row.checked_sub(visible.start));
    Table { headings: &headings, headed: true, rows: &rows, cursor, theme: cx.theme }.render(area, buffer);
}
