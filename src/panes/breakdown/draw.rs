//! Drawing suspects and the table below them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use super::view::{BreakdownView, Row, figures};
use crate::analysis::breakdown::Slice;
use crate::panes::Cx;
use crate::text::units;
use crate::widgets::area::{cut_top, padded};
use crate::widgets::frame::pane_frame;
use crate::widgets::list::ListState;
use crate::widgets::print::{Align, line, put, put_next, wrap};
use crate::widgets::selection::select;
use crate::widgets::table::{Cell, Heading, Table};
use crate::widgets::theme::Role;

/// Heading and width of each column after the value's, and which goes first where space is short (the highest).
const COLUMNS: [(&str, u16, u8); 8] = [
    ("requests", 9, 0),
    ("share", 7, 3),
    ("failed", 8, 0),
    ("success", 8, 0),
    ("change", 9, 1),
    ("volume", 8, 5),
    ("p50", 8, 4),
    ("p99", 8, 2),
];
/// The least and the greatest width of the value's column.
const VALUE: (u16, u16) = (16, 40);

pub(super) fn draw(view: &BreakdownView, list: &mut ListState<Row>, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let scanned = format!("{} scanned", units::value(view.scanned, crate::board::Unit::Bytes));
    let block = pane_frame(&view.title, Some((&scanned, Role::Muted)), cx.focused, cx.theme);
    let inner = padded(block.inner(area));
    block.render(area, buffer);
    let style = |role| cx.theme.style(role);
    let mut rest = inner;
    let mut next = |text: &str, style: Style, buffer: &mut Buffer| {
        let (top, below) = cut_top(rest, 1);
        put(buffer, top, text, style, Align::Left);
        rest = below;
        top
    };
    for words in view.note.iter().map(String::as_str).chain(view.caution) {
        for text in wrap(words, usize::from(inner.width)) {
            next(&text, style(Role::Warning), buffer);
        }
    }
    if let Some(nothing) = &view.nothing {
        next(&format!("No suspects: {nothing}."), style(Role::Strong), buffer);
    } else if !view.suspects.is_empty() {
        next("Suspects: what the failures have in common", style(Role::Muted), buffer);
    }
    let cursor = list.row();
    let mut spare = spare(view, inner.height);
    for (at, (what, how)) in view.suspects.iter().enumerate() {
        let role = if at == 0 { Role::Critical } else { Role::Strong };
        let lines = wrap(what, usize::from(inner.width).saturating_sub(2).max(1));
        let lines = if (2..=spare + 1).contains(&lines.len()) { lines } else { vec![what.clone()] };
        spare -= lines.len() - 1;
        let signs = std::iter::once("✗ ").chain(std::iter::repeat("  "));
        let mut places: Vec<Rect> =
            lines.iter().zip(signs).map(|(text, sign)| next(&format!("{sign}{text}"), style(role), buffer)).collect();
        places.push(next(&format!("  {how}"), style(Role::Text), buffer));
        if cursor == at && !view.slices.is_empty() | !view.suspects.is_empty() {
            for place in places {
                select(buffer, place, cx.theme);
            }
        }
    }
    let Some(chosen) = view.fields.1 else { return };
    if !view.suspects.is_empty() || view.nothing.is_some() {
        next("", style(Role::Text), buffer);
    }
    let (top, below) = cut_top(rest, 1);
    draw_fields(&view.fields.0, chosen, buffer, top, cx);
    draw_table(view, list, buffer, below, cx);
}

/// The lines that suspects may take beyond two each, where all rows of the table are in view.
fn spare(view: &BreakdownView, height: u16) -> usize {
    // The notes, what stands above the suspects, a blank line, the fields and the headings.
    let around = usize::from(view.note.is_some()) + usize::from(view.caution.is_some()) + 4;
    usize::from(height).saturating_sub(around + 2 * view.suspects.len() + view.slices.len().max(3))
}

/// The fields to choose from, the chosen one marked and always in view.
pub(in crate::panes) fn draw_fields(names: &[String], chosen: usize, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let muted = cx.theme.style(Role::Muted);
    let mut space = put_next(buffer, area, "split by ‹ ", muted);
    // From the chosen one on, and round: it stays in view however narrow the pane is.
    let room = usize::from(space.width);
    let whole: usize = names.iter().map(|name| name.chars().count() + 2).sum();
    let first = if whole + 2 > room { chosen } else { 0 };
    for (at, name) in names.iter().enumerate().skip(first) {
        let (text, role) =
            if at == chosen { (format!("▸{name}"), Role::Strong) } else { (name.clone(), Role::Muted) };
        space = put_next(buffer, space, &text, cx.theme.style(role));
        space = put_next(buffer, space, "  ", muted);
    }
    put(buffer, space, "›", muted, Align::Left);
}

fn draw_table(view: &BreakdownView, list: &mut ListState<Row>, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let Some(field) = view.fields.1.and_then(|at| view.fields.0.get(at)) else { return };
    let height = usize::from(area.height).saturating_sub(1);
    let before = view.suspects.len();
    list.visible(before + view.slices.len(), height);
    let cursor = list.row().checked_sub(before).filter(|_| !view.slices.is_empty());
    let most = view.slices.len().saturating_sub(height);
    let offset = cursor.map_or(0, |cursor| cursor.saturating_sub(height / 2).min(most));
    let shown = columns(area.width);
    let taken: u16 = shown.iter().map(|at| COLUMNS[*at].1 + 1).sum();
    let heading = |title: &str, width, align| Heading { title: title.to_owned(), width, align };
    let arrow = if view.order.1 { "↓" } else { "↑" };
    let sorted = |title: &str, is_sorted: bool| if is_sorted { format!("{title}{arrow}") } else { title.to_owned() };
    let first = sorted(field, view.order.0.is_none());
    let mut headings = vec![heading(&first, area.width.saturating_sub(taken).min(VALUE.1), Align::Left)];
    headings.extend(shown.iter().map(|at| {
        let (title, width, _) = COLUMNS[*at];
        heading(&sorted(title, view.order.0 == Some(title)), width, Align::Right)
    }));
    let rows: Vec<Vec<Cell>> =
        view.slices.iter().skip(offset).take(height).map(|slice| row(slice, view.field(), &shown)).collect();
    if view.slices.is_empty() && view.note.is_none() {
        if let Some(place) = line(area, 0) {
            put(buffer, place, "No request ended in the bad window.", cx.theme.style(Role::Muted), Align::Left);
        }
        return;
    }
    let cursor = cursor.map(|cursor| cursor - offset);
    Table { headings: &headings, headed: true, rows: &rows, cursor, theme: cx.theme }.render(area, buffer);
}

/// The columns for which there is room, in order.
fn columns(width: u16) -> Vec<usize> {
    let mut shown: Vec<usize> = (0..COLUMNS.len()).collect();
    let needed = |shown: &[usize]| VALUE.0 + shown.iter().map(|at| COLUMNS[*at].1 + 1).sum::<u16>();
    while needed(&shown) > width {
        let Some(least) = shown.iter().copied().max_by_key(|at| COLUMNS[*at].2) else { break };
        shown.retain(|at| *at != least);
    }
    shown
}

fn row(slice: &Slice, field: &str, shown: &[usize]) -> Vec<Cell> {
    let texts = figures(slice, field);
    let is_bad = slice.change_points().is_some_and(|change| change <= -2.0);
    let mut row = vec![Cell::new(texts[0].clone(), if is_bad { Role::Strong } else { Role::Text })];
    row.extend(shown.iter().map(|at| {
        let role = if is_bad && ["failed", "success", "change"].contains(&COLUMNS[*at].0) {
            Role::Critical
        } else {
            Role::Text
        };
        Cell::new(texts[at + 1].clone(), role)
    }));
    row
}
