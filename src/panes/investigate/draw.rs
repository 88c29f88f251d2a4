//! A story's drawing.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::mark;
use super::story::{Section, StoryPane};
use super::table::events;
use crate::analysis::story::{Summary, summary};
use crate::panes::{Cx, Pane};
use crate::store::story::{SearchState, Story};
use crate::text::time::moment;
use crate::text::units::plural;
use crate::text::{clean, clean_field, width};
use crate::widgets::area::{cut_top, padded};
use crate::widgets::frame::pane_frame;
use crate::widgets::print::{Align, line, put, wrap};
use crate::widgets::theme::Role;

/// From so many columns on the source has one of its own.
pub(super) const WIDE: u16 = 100;

/// Lines of a text, each in its role.
type Lines = Vec<(String, Role)>;

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
    let note =
        pane.searched.place().map(|place| (if focused { place } else { format!("{place} · {hint}") }, Role::Muted));
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
fn cut(lines: &mut Lines, most: usize) {
    if lines.len() > most {
        lines.truncate(most);
        if let Some((last, _)) = lines.last_mut() {
            last.push_str(" …");
        }
    }
}

/// The lines of the summary, and those of the identifiers.
fn told_lines(story: &Story, told: &Summary, room: usize) -> (Lines, Lines) {
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

/// What a reader should know, and what was searched, the newest searches first, in lines.
fn searched(story: &Story, cx: &Cx<'_>, room: usize) -> Lines {
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
            SearchState::Skipped(why) | SearchState::Ended(why) => {
                (format!("{}: {why}", search.state.word()), Role::Muted)
            }
            SearchState::Running => ("searching …".to_owned(), Role::Pending),
            SearchState::Failed(error) => (error.brief(), Role::Failed),
            state => (state.word().to_owned(), Role::Warning),
        };
        let range = format!("{} → {}", at(search.from), at(search.to));
        let mut words = format!("{places} · {} · {range} · {}", search.how.name(), clean(&state));
        if !search.why.is_empty() {
            words.extend([" · ", &clean(&search.why)]);
        }
        (words, role)
    });
    // What has no room in one line goes on in the next, a little to the right.
    let lines = problems.chain(searches).flat_map(|(words, role)| {
        let wrapped = wrap(&words, room.saturating_sub(2)).into_iter().enumerate();
        wrapped.map(move |(nth, words)| (if nth == 0 { words } else { format!("  {words}") }, role))
    });
    lines.collect()
}
