//! A story's drawing.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::mark;
use super::story::{Key, Section, StoryPane};
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
    let narrow = area.width < WIDE;
    let lines = searched(&story, cx, usize::from(area.width.saturating_sub(4)));
    let (top, middle, bottom) = places(pane, &story, (&told, lines.len()), area);
    let note = progress(&story).map(|words| (words, Role::Muted));
    head(pane, &story, (&told, note), buffer, top, cx);
    events(pane, &story, &told, buffer, middle, cx);
    if bottom.height == 0 {
        return;
    }
    if let Some((_, browser)) = &mut pane.record {
        let block = pane_frame("Line", None, cx.focused, cx.theme);
        let inner = padded(block.inner(bottom));
        block.render(bottom, buffer);
        browser.draw(buffer, inner, cx.theme, cx.focused, "");
        return;
    }
    let cost = story.usd();
    let title = if cost > 0.0 { format!("Searched · ${cost:.4}") } else { "Searched".to_owned() };
    let focused = cx.focused && pane.section == Section::Searched;
    let seen = pane.searched.visible(lines.len(), usize::from(bottom.height.saturating_sub(2)));
    let hint = if narrow { "Tab" } else { "Tab: all of it" };
    let note = pane.searched.place().map(|place| (if focused { place } else { format!("{place} · {hint}") }, Role::Muted));
    framed(buffer, bottom, (&title, note, focused), cx, &lines[seen]);
}

/// Where summary, events and what was searched stand; what has the focus has more room.
fn places(pane: &StoryPane, story: &Story, (told, searched): (&Summary, usize), area: Rect) -> (Rect, Rect, Rect) {
    let nothing = Rect { height: 0, ..area };
    if pane.is_whole && pane.record.is_none() {
        return match pane.section {
            Section::Events => (nothing, area, nothing),
            Section::Searched => (nothing, nothing, area),
            Section::Summary => (area, nothing, nothing),
        };
    }
    let most = match (pane.section, area.width < WIDE) {
        (Section::Summary, _) => area.height / 2,
        (_, true) => area.height / 3,
        (_, false) => area.height / 4,
    };
    let (summary, ids) = told_lines(story, told, usize::from(area.width.saturating_sub(4)));
    let (top, rest) = cut_top(area, ((summary.len() + ids.len() + 2) as u16).min(most.max(3)));
    let below = match (&pane.record, pane.section) {
        (Some(_), _) => rest.height / 2,
        (None, Section::Searched) => ((searched + 2) as u16).min(rest.height * 2 / 3),
        (None, _) => ((searched + 2) as u16).min((rest.height / 4).max(4)).min(rest.height / 2),
    };
    let (middle, bottom) = cut_top(rest, rest.height.saturating_sub(if below < 3 { 0 } else { below }));
    (top, middle, bottom)
}

/// Draws lines in a frame, as many as fit.
fn framed(
    buffer: &mut Buffer,
    area: Rect,
    (title, note, focused): (&str, Option<(String, Role)>, bool),
    cx: &Cx<'_>,
    lines: &[(String, Role)],
) {
    let note = note.as_ref().map(|(words, role)| (words.as_str(), *role));
    let block = pane_frame(title, note, focused, cx.theme);
    let inner = padded(block.inner(area));
    block.render(area, buffer);
    for (row, (words, role)) in lines.iter().enumerate() {
        let Some(space) = line(inner, row) else { return };
        put(buffer, space, words, cx.theme.style(*role), Align::Left);
    }
}

/// Draws summary and identifiers. Where there is no room for all of it, each of both says that there is more of it.
fn head(
    pane: &mut StoryPane,
    story: &Story,
    (told, progress): (&Summary, Option<(String, Role)>),
    buffer: &mut Buffer,
    area: Rect,
    cx: &Cx<'_>,
) {
    if area.height == 0 {
        return;
    }
    let room = usize::from(area.height.saturating_sub(2));
    let (mut summary, mut ids) = told_lines(story, told, usize::from(area.width.saturating_sub(4)));
    let focused = cx.focused && pane.section == Section::Summary;
    let seen = pane.summary.visible(summary.len() + ids.len(), room);
    let place = pane.summary.place();
    let is_cut = place.is_some();
    if is_cut && !focused {
        let least = usize::from(room > 1 && !ids.is_empty());
        for (lines, most) in [(&mut summary, room.saturating_sub(least)), (&mut ids, usize::MAX)] {
            cut(lines, most);
        }
        cut(&mut ids, room.saturating_sub(summary.len()));
    }
    let mut lines = summary;
    lines.append(&mut ids);
    let lines = if focused { lines.get(seen).unwrap_or_default() } else { &lines };
    let more = place.map(|place| if focused { place } else { "Tab: all of it".to_owned() });
    let note = progress.or_else(|| more.map(|words| (words, Role::Muted)));
    framed(buffer, area, (&pane.title(cx), note, focused), cx, lines);
}

/// Keeps so many lines, and says at the end of the last where there are more.
fn cut(lines: &mut Vec<(String, Role)>, most: usize) {
    if lines.len() > most {
        lines.truncate(most);
        if let Some((last, _)) = lines.last_mut() {
            last.push_str(" …");
        }
    }
}

/// The lines of the summary, and those of the identifiers.
fn told_lines(story: &Story, told: &Summary, room: usize) -> (Vec<(String, Role)>, Vec<(String, Role)>) {
    let role = if told.shared { Role::Warning } else { mark(told.outcome).1 };
    // Two cells are left for what says that there is more.
    let summary = wrap(&told.words(story), room.saturating_sub(2)).into_iter().map(|words| (words, role)).collect();
    let ids = story.identifiers.iter().map(|known| {
        let field = if known.field.is_empty() { "given" } else { known.field.as_str() };
        format!("{} {}", clean(field), clean_field(field, &known.value))
    });
    // A value is never parted from its field.
    let mut packed: Vec<String> = Vec::new();
    for id in ids {
        match packed.last_mut() {
            Some(last) if width(last) + width(&id) + 5 <= room => last.extend([" · ", &id]),
            _ => packed.push(id),
        }
    }
    (summary, packed.into_iter().map(|words| (words, Role::Muted)).collect())
}

/// How far the search has come, while it goes on.
fn progress(story: &Story) -> Option<String> {
    story.running.then(|| format!("searching, {} of {} done", story.ended(), story.searched.len()))
}

fn events(pane: &mut StoryPane, story: &Story, told: &Summary, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    if area.height == 0 {
        return;
    }
    let rows = pane.rows(story);
    let number = rows.iter().filter(|(_, row)| matches!(row, Row::Event(_))).count();
    let day = story.events.first().map(|event| cx.zone.at(event.time).format(" · %Y-%m-%d").to_string());
    let filtered = if pane.filter.is_empty() {
        String::new()
    } else {
        format!(" of {} · /{}", story.events.len(), clean(&pane.filter))
    };
    let what = if told.shared { "Requests" } else { "Events" };
    let title = format!("{what} · {number}{filtered}{}", day.unwrap_or_default());
    let focused = cx.focused && pane.record.is_none() && pane.section == Section::Events;
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
    headings.push(heading(if told.shared { "Request" } else { "Service" }, service, Align::Left));
    headings.push(heading("Status", if wide { 10 } else { 8 }, Align::Left));
    let used: u16 = headings.iter().map(|heading| heading.width + 1).sum();
    headings.push(heading("What", inner.width.saturating_sub(used), Align::Left));
    let cells: Vec<Vec<Cell>> = rows[seen.clone()]
        .iter()
        .map(|(_, row)| match row {
            Row::Gap(gap, step) => gap_cells(story, *gap, *step, wide),
            Row::Event(index) => event_cells(&story.events[*index], told, told.failing == Some(*index), wide, cx),
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

fn event_cells(event: &Event, told: &Summary, failing: bool, wide: bool, cx: &Cx<'_>) -> Vec<Cell> {
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
            Some(Origin::CloudTrail(_)) => "trail",
            None => "",
        };
        cells.push(Cell::new(source, Role::Muted));
    }
    let who = event.request.as_ref().filter(|_| told.shared).unwrap_or(&event.service);
    cells.extend([
        Cell::new(format!("{indent}{}", clean(who)), Role::Strong),
        Cell::new(clean(&event.status), role),
        Cell::new(clean(&event.what), if failing { Role::Critical } else { Role::Text }),
    ]);
    cells
}

/// What a reader should know, and what was searched, the newest searches first, in lines.
fn searched(story: &Story, cx: &Cx<'_>, room: usize) -> Vec<(String, Role)> {
    let problems = story.problems.iter().map(|problem| (format!("! {}", clean(problem)), Role::Warning));
    let searches = story.searched.iter().rev().map(|search| {
        let places = match search.places.as_slice() {
            [one] => clean(one).into_owned(),
            places => format!("{} log groups", places.len()),
        };
        let at = |time| moment(&cx.zone.at(time), &cx.zone.at(cx.now));
        let (state, role) = match &search.state {
            SearchState::Done => (plural(search.found, "event"), Role::Muted),
            SearchState::Cut => (format!("{} and more", plural(search.found, "event")), Role::Warning),
            SearchState::Skipped(why) => (format!("not searched: {why}"), Role::Muted),
            SearchState::Running => ("searching …".to_owned(), Role::Pending),
            SearchState::Failed(error) => (error.brief(), Role::Failed),
            state => (state.word().to_owned(), Role::Warning),
        };
        let range = format!("{} → {}", at(search.from), at(search.to));
        let words = format!("{places}  {}  {range}  {}  {}", search.how.name(), clean(&state), clean(&search.why));
        (words.trim_end().to_owned(), role)
    });
    // What has no room in one line goes on in the next, a little to the right.
    let lines = problems.chain(searches).flat_map(|(words, role)| {
        let wrapped = wrap(&words, room.saturating_sub(2)).into_iter().enumerate();
        wrapped.map(move |(nth, words)| (if nth == 0 { words } else { format!("  {words}") }, role))
    });
    lines.collect()
}
