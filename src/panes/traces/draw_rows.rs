//! The rows of a list of traces, and those of its groups.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::widgets::Widget;

use super::columns::Column;
use super::view::Look;
use super::{Part, TracesPane, TracesView};
use crate::panes::{Cx, verdict};
use crate::store::trace_list::TraceSummary;
use crate::text::{Align, clean, width};
use crate::widgets::legend::glyph;
use crate::widgets::print::{line, put};
use crate::widgets::selection::select;
use crate::widgets::table::{Cell, Heading, Table};
use crate::widgets::theme::Role;

/// The widest that a column is.
const WIDEST: usize = 100;
/// What a column keeps where not all have room.
const WIDE: usize = 30;
/// The same on a narrow screen.
const LEAST: usize = 20;
/// Cells of the sign that there are more columns, with a gap before it.
const SIGN: usize = 6;

pub(super) fn rows(
    pane: &mut TracesPane,
    look: &Look<'_>,
    view: &TracesView,
    buffer: &mut Buffer,
    area: Rect,
    cx: &Cx<'_>,
) {
    let keys = look.keys();
    let selected = pane.table.list.sync(keys);
    let headed = u16::from(!look.shown.is_empty());
    let visible = pane.table.list.visible(keys.len(), usize::from(area.height.saturating_sub(headed)));
    let cursor = selected.filter(|_| cx.focused && pane.part == Part::List && pane.fields.is_none());
    pane.last.end = look.more.filter(|_| selected == Some(look.shown.len()));
    let cursor = cursor.and_then(|row| row.checked_sub(visible.start));
    let seen = visible.start..visible.end.min(look.shown.len());
    if headed > 0 {
        let seen = look.shown.get(seen.clone()).unwrap_or_default();
        traces(pane, look.columns(), (seen, cursor), buffer, area, cx);
    }
    let below = line(area, usize::from(headed) + seen.len()).filter(|_| visible.contains(&look.shown.len()));
    if let (Some(place), Some(more)) = (below, &view.more) {
        put(buffer, place, more, cx.theme.style(Role::Muted), Align::Left);
        if cursor == Some(seen.len()) {
            select(buffer, place, cx.theme);
        }
    }
}

/// The traces that are on screen, under their headings.
fn traces(
    pane: &mut TracesPane,
    columns: &[Column],
    (seen, cursor): (&[&TraceSummary], Option<usize>),
    buffer: &mut Buffer,
    area: Rect,
    cx: &Cx<'_>,
) {
    let at = pane.table.at(columns);
    let texts: Vec<Vec<String>> =
        columns.iter().map(|column| seen.iter().map(|trace| column.text(trace, cx)).collect()).collect();
    let room = usize::from(area.width.saturating_sub(2));
    let longest = |(column, texts): (&Column, &Vec<String>)| {
        let longest = texts.iter().map(|text| width(text)).max().unwrap_or(0);
        pane.table.wide(column, longest.max(width(&clean(column.name())) + 1).clamp(4, WIDEST))
    };
    let widths = fitted(columns.iter().zip(&texts).map(longest).collect(), room);
    pane.table.first = first(pane.table.first, at, &widths, room);
    let from = pane.table.first;
    let shown = shown(columns, &widths, (from, at), room);
    let title =
        |at: usize| columns.get(at).map(|column| format!("{}{}", clean(column.name()), pane.table.arrow(column)));
    let mut headings = vec![Heading { title: String::new(), width: 1, align: Align::Left }];
    headings.extend(shown.iter().map(|(at, wide)| Heading {
        title: title(*at).unwrap_or_default(),
        width: u16::try_from(*wide).unwrap_or(u16::MAX),
        align: if columns.get(*at).is_some_and(Column::is_number) { Align::Right } else { Align::Left },
    }));
    let row = |(nth, trace): (usize, &&TraceSummary)| {
        let role = verdict::role(trace.verdict());
        let mut cells = vec![Cell::new(glyph(role), role)];
        cells.extend(shown.iter().filter_map(|(at, wide)| {
            let (column, texts) = (columns.get(*at)?, texts.get(*at)?);
            let text = texts.get(nth).filter(|text| !text.is_empty());
            let cell = text.map(|text| Cell::new(column.fitted(text, *wide), column.role(trace)));
            Some(cell.unwrap_or_else(|| Cell::new("–", Role::Muted)))
        }));
        cells
    };
    let rows: Vec<Vec<Cell>> = seen.iter().enumerate().map(row).collect();
    let cursor = cursor.filter(|row| *row < rows.len());
    Table { headings: &headings, headed: true, rows: &rows, cursor, theme: cx.theme }.render(area, buffer);
    if cx.focused && pane.part == Part::List && pane.table.column().is_some() {
        let before: usize = widths.iter().skip(from).take(at - from).map(|wide| wide + 1).sum();
        let x = area.x.saturating_add(2).saturating_add(u16::try_from(before).unwrap_or(u16::MAX));
        let wide = u16::try_from(widths.get(at).copied().unwrap_or(0)).unwrap_or(u16::MAX);
        let spot = Rect { x, width: wide, height: 1, ..area }.intersection(area).intersection(buffer.area);
        buffer.set_style(spot, cx.theme.style(Role::Strong).add_modifier(Modifier::UNDERLINED));
    }
    let hidden = columns.len() - from - shown.len();
    let is_cut = shown.last().is_some_and(|(at, wide)| widths.get(*at).is_some_and(|whole| wide < whole));
    others(from > 0, (hidden, is_cut), &headings, buffer, area, cx);
}

/// The columns from one on that have room, with their cells: the last may be cut, where enough of it is left to read. Where
/// others follow, the last gives way to the sign of them, unless the cursor stands there.
fn shown(columns: &[Column], widths: &[usize], (from, cursor): (usize, usize), room: usize) -> Vec<(usize, usize)> {
    let mut left = room;
    let mut found = Vec::new();
    for (at, (column, wide)) in columns.iter().zip(widths).enumerate().skip(from) {
        let is_last = at + 1 == columns.len();
        // What the heading leaves free: that of a number stands at the end of its column.
        let taken = if column.is_number() { *wide } else { width(&clean(column.name())) + 1 };
        let is_whole = *wide <= left && (is_last || left > taken);
        let can_be_cut = !column.is_number() && left >= taken + SIGN;
        if at > from && at != cursor && !is_whole && !can_be_cut {
            break;
        }
        found.push((at, left.min(*wide)));
        if *wide >= left {
            break;
        }
        left -= wide + 1;
    }
    found
}

/// Signs that there are columns to the left, and how many to the right, in the line of the headings.
fn others(
    to_the_left: bool,
    (hidden, is_cut): (usize, bool),
    headings: &[Heading],
    buffer: &mut Buffer,
    area: Rect,
    cx: &Cx<'_>,
) {
    let style = cx.theme.style(Role::Strong);
    let Some(head) = line(area, 0) else { return };
    if to_the_left {
        put(buffer, head, "‹", style, Align::Left);
    }
    let used: usize = headings.iter().map(|heading| usize::from(heading.width) + 1).sum();
    let blank = headings.last().filter(|heading| heading.align == Align::Left);
    let blank = blank.map_or(0, |heading| usize::from(heading.width).saturating_sub(width(&heading.title)));
    let free = (usize::from(area.width) + 1 + blank).saturating_sub(used);
    let sign = match hidden {
        0 if !is_cut => return,
        1.. if free >= SIGN => format!("+{hidden} ›"),
        _ => "›".to_owned(),
    };
    put(buffer, head, &sign, style, Align::Right);
}

/// How wide columns are: as their texts are, where there is room; else the widest give way first, down to what is still of
/// use. What then has no room is reached by going there.
fn fitted(mut widths: Vec<usize>, room: usize) -> Vec<usize> {
    let least = if room < 138 { LEAST } else { WIDE };
    let mut over = (widths.iter().sum::<usize>() + widths.len()).saturating_sub(room + 1);
    while over > 0 {
        let Some(widest) = widths.iter_mut().filter(|wide| **wide > least).max() else { break };
        *widest -= 1;
        over -= 1;
    }
    widths
}

/// The first column on screen, so that the one under the cursor is whole.
fn first(before: usize, at: usize, widths: &[usize], room: usize) -> usize {
    let mut first = before.min(at);
    while first < at && widths.iter().skip(first).take(at + 1 - first).map(|wide| wide + 1).sum::<usize>() > room {
        first += 1;
    }
    first
}
