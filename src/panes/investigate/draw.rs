//! A story's drawing.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::mark;
use super::story::{Key, StoryPane};
use crate::analysis::story::summary::seconds;
use crate::analysis::story::{Row, Summary, summary};
use crate::panes::{Cx, Pane};
use crate::store::story::{Event, Origin, SearchState, Story};
use crate::text::time::{clock_ms, moment};
use crate::text::units::plural;
use crate::text::{clean, clean_field, width};
use crate::widgets::area::{cut_top, padded};
use crate::widgets::frame::pane_frame;
use crate::widgets::print::{Align, line, put, wrap};
use crate::widgets::table::{Cell, Heading, Table};
use crate::widgets::theme::Role;

/// The most lines of the summary.
const SUMMARY: usize = 3;
/// From so many columns on the source has one of its own.
const WIDE: u16 = 100;

/// Draws summary, events, and below them the open line or what was searched.
pub(super) fn draw(pane: &mut StoryPane, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
    let story = pane.story(cx);
    let title = pane.title(cx);
    let buffer = frame.buffer_mut();
    let Some(story) = story else {
        let block = pane_frame(&title, Some(("searching …", Role::Muted)), cx.focused, cx.theme);
        let inner = padded(block.inner(area));
        block.render(area, buffer);
        put(
            buffer,
            inner,
            "Looking for it in log groups, X-Ray and CloudTrail …",
            cx.theme.style(Role::Muted),
            Align::Left,
        );
        return;
    };
    let told = summary(&story);
    let head = head(&story, &told, usize::from(area.width.saturating_sub(4)));
    let most = usize::from(area.height / 4).max(3);
    let height = (head.len() + 2).min(most) as u16;
    let (top, rest) = cut_top(area, height);
    let note = progress(&story);
    let note = note.as_deref().map(|words| (words, Role::Muted));
    framed(buffer, top, &title, note, cx, &head);
    let below = match &pane.record {
        Some(_) => rest.height / 2,
        None => ((story.searched.len().min(6) + story.problems.len().min(4) + 2) as u16).min(rest.height / 4),
    };
    let (middle, bottom) = cut_top(rest, rest.height.saturating_sub(if below < 3 { 0 } else { below }));
    events(pane, &story, &told, buffer, middle, cx);
    if bottom.height == 0 {
        return;
    }
    if let Some((_, browser)) = &mut pane.record {
        let block = pane_frame("Line", None, cx.focused, cx.theme);
        let inner = padded(block.inner(bottom));
        block.render(bottom, buffer);
        browser.draw(buffer, inner, cx.theme, cx.focused, "");
    } else {
        searched(&story, buffer, bottom, cx);
    }
}

/// Draws lines in a frame, as many as fit.
fn framed(
    buffer: &mut Buffer,
    area: Rect,
    title: &str,
    note: Option<(&str, Role)>,
    cx: &Cx<'_>,
    lines: &[(String, Role)],
) {
    let block = pane_frame(title, note, false, cx.theme);
    let inner = padded(block.inner(area));
    block.render(area, buffer);
    for (row, (words, role)) in lines.iter().enumerate() {
        let Some(space) = line(inner, row) else { return };
        put(buffer, space, words, cx.theme.style(*role), Align::Left);
    }
}

/// The summary and the identifiers in lines.
fn head(story: &Story, told: &Summary, room: usize) -> Vec<(String, Role)> {
    let (_, role) = mark(told.outcome);
    let mut summary = wrap(&told.words(story), room);
    summary.truncate(if room < usize::from(WIDE) { SUMMARY - 1 } else { SUMMARY });
    let mut lines: Vec<(String, Role)> = summary.into_iter().map(|words| (words, role)).collect();
    let ids = story.identifiers.iter().map(|known| {
        let field = if known.field.is_empty() { "given" } else { known.field.as_str() };
        format!("{} {}", clean(field), clean_field(field, &known.value))
    });
    // A value is never parted from its field.
    let mut packed: Vec<String> = Vec::new();
    for id in ids {
        match packed.last_mut() {
            Some(last) if width(last) + width(&id) + 3 <= room => last.extend([" · ", &id]),
            _ => packed.push(id),
        }
    }
    lines.extend(packed.into_iter().take(2).map(|words| (words, Role::Muted)));
    lines
}

/// How far the search has come, while it goes on.
fn progress(story: &Story) -> Option<String> {
    let done = story.searched.iter().filter(|search| search.state != SearchState::Running).count();
    story.running.then(|| format!("searching, {done} of {} done", story.searched.len()))
}

fn events(pane: &mut StoryPane, story: &Story, told: &Summary, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let rows = pane.rows(story);
    let number = rows.iter().filter(|(_, row)| matches!(row, Row::Event(_))).count();
    let day = story.events.first().map(|event| cx.zone.at(event.time).format(" · %Y-%m-%d").to_string());
    let filtered = if pane.filter.is_empty() {
        String::new()
    } else {
        format!(" of {} · /{}", story.events.len(), clean(&pane.filter))
    };
    let title = format!("Events · {number}{filtered}{}", day.unwrap_or_default());
    let focused = cx.focused && pane.record.is_none();
    let block = pane_frame(&title, None, focused, cx.theme);
    let inner = padded(block.inner(area));
    block.render(area, buffer);
    if rows.is_empty() {
        let words = if story.running { "Nothing yet." } else { "Nothing. What was searched is below." };
        put(buffer, inner, words, cx.theme.style(Role::Muted), Align::Left);
        return;
    }
    let keys: Vec<Key> = rows.iter().map(|(key, _)| key.clone()).collect();
    if !pane.placed
        && let Some(at) =
            rows.iter().position(|(_, row)| matches!(row, Row::Event(index) if Some(*index) == told.failing))
    {
        pane.list.select_row(at, &keys);
    }
    let cursor = pane.list.sync(&keys);
    let seen = pane.list.visible(keys.len(), usize::from(inner.height.saturating_sub(1)));
    let wide = inner.width >= WIDE;
    let service = if wide { 34 } else { 20 };
    let heading = |title: &str, width, align| Heading { title: title.to_owned(), width, align };
    let mut headings =
        vec![heading("", 1, Align::Left), heading("Time", 12, Align::Left), heading("Took", 7, Align::Right)];
    if wide {
        headings.push(heading("Source", 6, Align::Left));
    }
    headings.push(heading("Service", service, Align::Left));
    headings.push(heading("Status", if wide { 10 } else { 8 }, Align::Left));
    let used: u16 = headings.iter().map(|heading| heading.width + 1).sum();
    headings.push(heading("What", inner.width.saturating_sub(used), Align::Left));
    let cells: Vec<Vec<Cell>> = rows[seen.clone()]
        .iter()
        .map(|(_, row)| match row {
            Row::Gap(gap, step) => gap_cells(story, *gap, *step, wide),
            Row::Event(index) => event_cells(&story.events[*index], told.failing == Some(*index), wide, cx),
        })
        .collect();
    let cursor = cursor.and_then(|row| row.checked_sub(seen.start)).filter(|_| focused);
    Table { headings: &headings, headed: true, rows: &cells, cursor, theme: cx.theme }.render(inner, buffer);
}

fn gap_cells(story: &Story, gap: f64, step: Option<usize>, wide: bool) -> Vec<Cell> {
    let words = step.and_then(|step| story.events.get(step)).map(|event| format!("{} at work", clean(&event.service)));
    let muted = |text: String| Cell::new(text, Role::Muted);
    let mut cells = vec![muted(String::new()), muted("…".to_owned()), muted(seconds(gap))];
    if wide {
        cells.push(muted(String::new()));
    }
    cells.extend([muted(String::new()), muted(String::new()), muted(words.unwrap_or_default())]);
    cells
}

fn event_cells(event: &Event, failing: bool, wide: bool, cx: &Cx<'_>) -> Vec<Cell> {
    let (_, role) = mark(event.outcome);
    let indent = " ".repeat(usize::from(event.depth.min(8)) * if wide { 2 } else { 1 });
    let mut cells = vec![
        Cell::new(if failing { "▶" } else { "" }, Role::Critical),
        Cell::new(clock_ms(&cx.zone.at(event.time)), Role::Text),
        Cell::new(event.took_s.map(seconds).unwrap_or_default(), Role::Muted),
    ];
    if wide {
        let source = match &event.origin {
            Some(Origin::XRay) => "xray",
            Some(Origin::Logs(_)) => "logs",
            Some(Origin::CloudTrail) => "trail",
            None => "",
        };
        cells.push(Cell::new(source, Role::Muted));
    }
    cells.extend([
        Cell::new(format!("{indent}{}", clean(&event.service)), Role::Strong),
        Cell::new(clean(&event.status), role),
        Cell::new(clean(&event.what), if failing { Role::Critical } else { Role::Text }),
    ]);
    cells
}

/// What was searched, the newest searches first where not all have room, and what a reader should know.
fn searched(story: &Story, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let cost = story.usd();
    let title = if cost > 0.0 { format!("Searched · ${cost:.4}") } else { "Searched".to_owned() };
    let mut lines: Vec<(String, Role)> =
        story.problems.iter().map(|problem| (format!("! {}", clean(problem)), Role::Warning)).collect();
    for search in story.searched.iter().rev() {
        let places = match search.places.as_slice() {
            [one] => clean(one).into_owned(),
            places => format!("{} log groups", places.len()),
        };
        let at = |time| moment(&cx.zone.at(time), &cx.zone.at(cx.now));
        let (state, role) = match &search.state {
            SearchState::Done => (plural(search.found, "event"), Role::Muted),
            SearchState::Running => ("searching …".to_owned(), Role::Pending),
            SearchState::Failed(error) => (error.brief(), Role::Failed),
            state => (state.word().to_owned(), Role::Warning),
        };
        let range = format!("{} → {}", at(search.from), at(search.to));
        let words = format!("{places}  {}  {range}  {state}  {}", search.how, clean(&search.why));
        lines.push((words.trim_end().to_owned(), role));
    }
    framed(buffer, area, &title, None, cx, &lines);
}
