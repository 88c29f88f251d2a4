//! Drawing the history.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::view::{DayRow, EpisodeRow, NameRow, row};
use super::{History, Part, key};
use crate::panes::Cx;
use crate::text::units;
use crate::text::width::width;
use crate::widgets::area::{cut_left, cut_top, padded};
use crate::widgets::bar;
use crate::widgets::frame::pane_frame;
use crate::widgets::print::{Align, put};
use crate::widgets::table::{Cell, Heading, Table};
use crate::widgets::theme::Role;

/// Cells of the list of days, bar included.
const DAYS: u16 = 36;
/// The bar in it.
const BAR: u16 = 6;
/// Cells below which no reason is shown.
const SHORTEST_REASON: u16 = 24;

pub(super) fn draw(pane: &mut History, buf: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let trouble = cx.store.history.trouble.as_deref().map(|_| ("not kept, see problems", Role::Warning));
    let view = pane.view(cx);
    let block = pane_frame(&view.title, trouble, cx.focused, cx.theme);
    let inner = padded(block.inner(area));
    block.render(area, buf);
    let top = match inner.height {
        0..=9 => 0,
        height => (height * 2 / 5).min(view.days.len().max(view.names.len()) as u16 + 1).max(3),
    };
    let (head, rest) = cut_top(inner, top);
    let (days, names) = cut_left(head, DAYS.min(head.width / 2));
    let (_, names) = cut_left(names, 3);
    draw_days(pane, &view.days, days, buf, cx);
    draw_names(pane, &view.names, names, buf, cx);
    let (_, rest) = cut_top(rest, u16::from(top > 0));
    if view.episodes.is_empty() {
        put(buf, rest, &view.empty, cx.theme.style(Role::Muted), Align::Left);
        return;
    }
    draw_episodes(pane, rest, buf, cx);
}

fn draw_days(pane: &mut History, rows: &[DayRow], area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    let keys: Vec<_> = rows.iter().map(|row| row.day).collect();
    let cursor = pane.days.sync(&keys);
    let seen = pane.days.visible(rows.len(), usize::from(area.height.saturating_sub(1)));
    let label = area.width.saturating_sub(BAR + 3 + 9).min(14);
    let headings = [
        heading("Day", label, Align::Left),
        heading("", BAR, Align::Left),
        heading("n", 4, Align::Right),
        heading("total", 8, Align::Right),
    ];
    let cells: Vec<Vec<Cell>> = rows[seen.clone()]
        .iter()
        .map(|row| {
            vec![
                Cell::new(&row.label, Role::Text),
                Cell::new("", Role::Text),
                Cell::new(row.episodes.to_string(), Role::Strong),
                Cell::new(units::span(row.total.num_seconds()), Role::Muted),
            ]
        })
        .collect();
    let cursor = cursor.filter(|_| pane.part == Part::Days || pane.days.key().is_some_and(Option::is_some));
    table(&headings, &cells, cursor, seen.start, area, buf, cx);
    let most = rows.iter().skip(1).map(|row| row.episodes).max().unwrap_or(0);
    for (line, row) in rows[seen].iter().enumerate().filter(|(_, row)| row.day.is_some()) {
        let y = area.y + 1 + line as u16;
        let space = Rect { x: area.x + label + 1, y, width: BAR, height: 1 }.intersection(area);
        bar::lying(buf, space, row.episodes as f64, most as f64, cx.theme.style(Role::Series1));
    }
}

fn draw_names(pane: &mut History, rows: &[NameRow], area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    let keys: Vec<_> = rows.iter().map(|row| row.key.clone()).collect();
    let cursor = pane.names.sync(&keys);
    let seen = pane.names.visible(rows.len(), usize::from(area.height.saturating_sub(1)));
    let mut headings = vec![heading("n", 4, Align::Right), heading("total", 7, Align::Right)];
    if area.width >= 44 {
        headings.push(heading("longest", 7, Align::Right));
    }
    if area.width >= 58 {
        headings.push(heading("last", 16, Align::Right));
    }
    let used: u16 = headings.iter().map(|heading| heading.width + 1).sum();
    let longest = rows.iter().map(|row| width(&row.label)).max().unwrap_or(0) as u16;
    headings.insert(0, heading("Name", area.width.saturating_sub(used).min(longest.max(12)), Align::Left));
    let cells: Vec<Vec<Cell>> = rows[seen.clone()]
        .iter()
        .map(|row| {
            vec![
                Cell::new(&row.label, Role::Text),
                Cell::new(row.episodes.to_string(), Role::Strong),
                Cell::new(units::span(row.total.num_seconds()), Role::Muted),
                Cell::new(units::span(row.longest.num_seconds()), Role::Muted),
                Cell::new(&row.last, Role::Muted),
            ]
        })
        .collect();
    let cursor = cursor.filter(|_| pane.part == Part::Names || pane.names.key().is_some_and(Option::is_some));
    table(&headings, &cells, cursor, seen.start, area, buf, cx);
}

fn draw_episodes(pane: &mut History, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    let listed = pane.listed(cx);
    let keys: Vec<_> = listed.iter().map(|episode| key(episode)).collect();
    let cursor = pane.episodes.sync(&keys);
    let seen = pane.episodes.visible(listed.len(), usize::from(area.height.saturating_sub(1)));
    let rows: Vec<EpisodeRow> = listed[seen.clone()].iter().map(|episode| row(episode, cx)).collect();
    let widest = |of: fn(&EpisodeRow) -> &str| rows.iter().map(|row| width(of(row))).max().unwrap_or(0) as u16;
    let wide = area.width >= 120;
    let name = widest(|row| &row.name).clamp(4, if wide { 40 } else { 26 });
    let peak = widest(|row| &row.peak).clamp(4, if wide { 32 } else { 20 });
    let mut headings = vec![
        heading("", 1, Align::Left),
        heading("Began", widest(|row| &row.began).max(8), Align::Left),
        heading("Lasted", widest(|row| &row.lasted).max(6), Align::Right),
        heading("Name", name, Align::Left),
        heading("", widest(|row| row.kind), Align::Left),
        heading("Peak", peak, Align::Left),
    ];
    let used: u16 = headings.iter().map(|heading| heading.width + 1).sum();
    let left = area.width.saturating_sub(used);
    let note = widest(|row| &row.note).min(if wide { 48 } else { left });
    headings.push(heading(if note > 0 { "Note" } else { "" }, note, Align::Left));
    // A reason that is cut after a few words says nothing.
    let reason = left.saturating_sub(note + 1);
    let reason = if reason < SHORTEST_REASON { 0 } else { reason };
    headings.push(heading(if reason > 0 { "Reason" } else { "" }, reason, Align::Left));
    let cells: Vec<Vec<Cell>> = rows
        .into_iter()
        .map(|row| {
            let (glyph, role) = if row.firing { ("▲", Role::AlarmFiring) } else { ("✓", Role::AlarmOk) };
            vec![
                Cell::new(glyph, role),
                Cell::new(row.began, Role::Text),
                Cell::new(row.lasted, if row.firing { role } else { Role::Text }),
                Cell::new(row.name, Role::Strong),
                Cell::new(row.kind, Role::Muted),
                Cell::new(row.peak, Role::Text),
                Cell::new(row.note, Role::Text),
                Cell::new(row.reason, Role::Muted),
            ]
        })
        .collect();
    let cursor = cursor.filter(|_| pane.part == Part::Episodes);
    table(&headings, &cells, cursor, seen.start, area, buf, cx);
}

/// Draws a table whose first row is the list's row `first`.
fn table(
    headings: &[Heading],
    rows: &[Vec<Cell>],
    cursor: Option<usize>,
    first: usize,
    area: Rect,
    buf: &mut Buffer,
    cx: &Cx<'_>,
) {
    let cursor = cursor.and_then(|row| row.checked_sub(first)).filter(|_| cx.focused);
    Table { headings, headed: true, rows, cursor, theme: cx.theme }.render(area, buf);
}

fn heading(title: &str, width: u16, align: Align) -> Heading {
    Heading { title: title.to_owned(), width, align }
}
