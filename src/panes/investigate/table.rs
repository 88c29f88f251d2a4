//! A story's events as a table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::draw::WIDE;
use super::mark;
use super::story::{Key, Section, StoryPane};
use crate::analysis::story::summary::seconds;
use crate::analysis::story::{Row, Summary};
use crate::panes::Cx;
use crate::store::story::{Event, Origin, Story};
use crate::text::clean;
use crate::text::time::clock_ms;
use crate::widgets::area::padded;
use crate::widgets::frame::pane_frame;
use crate::widgets::print::{Align, put};
use crate::widgets::table::{Cell, Heading, Table};
use crate::widgets::theme::Role;

/// Columns before the one for what happened.
const EVENTS: [(&str, u16, Align); 5] = [
    ("", 1, Align::Left),
    ("Time", 12, Align::Left),
    ("Took", 7, Align::Right),
    ("Service", 20, Align::Left),
    ("Status", 8, Align::Left),
];
/// The same where there is room for more.
const WIDE_EVENTS: [(&str, u16, Align); 6] = [
    ("", 1, Align::Left),
    ("Time", 12, Align::Left),
    ("Took", 7, Align::Right),
    ("Source", 6, Align::Left),
    ("Service", 34, Align::Left),
    ("Status", 10, Align::Left),
];
/// The same of requests to go on with: there is room for a whole UUID.
const REQUESTS: [(&str, u16, Align); 4] =
    [("", 1, Align::Left), ("Time", 12, Align::Left), ("Request", 36, Align::Left), ("Status", 8, Align::Left)];

/// Draws the events, or the requests of a shared text.
pub(super) fn events(
    pane: &mut StoryPane,
    story: &Story,
    told: &Summary,
    buffer: &mut Buffer,
    area: Rect,
    cx: &Cx<'_>,
) {
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
    if !pane.placed && told.shared {
        pane.list.select_row(keys.len() - 1, &keys);
    } else if !pane.placed
        && let Some(at) =
            rows.iter().position(|(_, row)| matches!(row, Row::Event(index) if Some(*index) == told.failing))
    {
        pane.list.select_row(at, &keys);
    }
    let cursor = pane.list.sync(&keys);
    let seen = pane.list.visible(keys.len(), usize::from(inner.height.saturating_sub(1)));
    let wide = inner.width >= WIDE;
    let (headings, cells) = if told.shared {
        let cells = rows[seen.clone()].iter().filter_map(|(_, row)| match row {
            Row::Event(index) => Some(request_cells(&story.events[*index], cx)),
            Row::Gap(..) => None,
        });
        (columns(&REQUESTS, inner.width), cells.collect::<Vec<_>>())
    } else {
        let cells = rows[seen.clone()].iter().map(|(_, row)| match row {
            Row::Gap(gap, step) => gap_cells(story, *gap, *step, wide),
            Row::Event(index) => event_cells(&story.events[*index], told.failing == Some(*index), wide, cx),
        });
        (columns(if wide { &WIDE_EVENTS } else { &EVENTS }, inner.width), cells.collect())
    };
    let cursor = cursor.and_then(|row| row.checked_sub(seen.start)).filter(|_| focused);
    Table { headings: &headings, headed: true, rows: &cells, cursor, theme: cx.theme }.render(inner, buffer);
}

/// Columns of these titles and widths, and one for what happened, which has the rest.
fn columns(of: &[(&str, u16, Align)], width: u16) -> Vec<Heading> {
    let used: u16 = of.iter().map(|(_, width, _)| width + 1).sum();
    let rest = [("What", width.saturating_sub(used), Align::Left)];
    let heading = |(title, width, align): &(&str, u16, Align)| Heading {
        title: (*title).to_owned(),
        width: *width,
        align: *align,
    };
    of.iter().chain(&rest).map(heading).collect()
}

/// A request of a shared text.
fn request_cells(event: &Event, cx: &Cx<'_>) -> Vec<Cell> {
    let (_, role) = mark(event.outcome);
    vec![
        Cell::new("", Role::Text),
        Cell::new(clock_ms(&cx.zone.at(event.time)), Role::Text),
        Cell::new(clean(event.request.as_deref().unwrap_or_default()), Role::Strong),
        Cell::new(clean(&event.status), role),
        Cell::new(clean(&event.what), Role::Text),
    ]
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
            Some(Origin::CloudTrail(_)) => "trail",
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
