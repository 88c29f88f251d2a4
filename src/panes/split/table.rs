//! Drawing a split metric.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::SplitView;
use crate::panes::breakdown::draw_fields;
use crate::panes::{Cx, source_note};
use crate::store::health::SourceId;
use crate::text::width;
use crate::widgets::area::{cut_top, padded};
use crate::widgets::frame::pane_frame;
use crate::widgets::list::ListState;
use crate::widgets::print::{Align, put};
use crate::widgets::table::{Cell, Heading, Table};
use crate::widgets::theme::Role;

/// Width of each column after the value's.
const WIDTHS: [u16; 4] = [9, 8, 9, 9];
/// The least and the greatest width of the value's column.
const VALUE: (u16, u16) = (12, 48);

pub(super) fn draw(
    view: &SplitView,
    (cursor, list): (Option<usize>, &mut ListState<String>),
    buffer: &mut Buffer,
    area: Rect,
    cx: &Cx<'_>,
) {
    let note = source_note(cx.store.health(SourceId::Metrics), cx.now);
    let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
    let block = pane_frame(&view.title, note, cx.focused, cx.theme);
    let inner = padded(block.inner(area));
    block.render(area, buffer);
    let (top, below) = cut_top(inner, 1);
    if !view.dimensions.0.is_empty() {
        draw_fields(&view.dimensions.0, view.dimensions.1, buffer, top, cx);
    }
    if let Some(note) = &view.note {
        put(buffer, cut_top(below, 1).0, note, cx.theme.style(Role::Muted), Align::Left);
        return;
    }
    let titles = [view.counted, "share", "before", "change"];
    let widest = view.rows.iter().map(|row| width(&row.value)).max().unwrap_or_default();
    let room = below.width.saturating_sub(WIDTHS.iter().map(|width| width + 1).sum());
    let first = u16::try_from(widest).unwrap_or(u16::MAX).clamp(VALUE.0, VALUE.1).min(room);
    let by = view.dimensions.0.get(view.dimensions.1).cloned().unwrap_or_default();
    let mut headings = vec![Heading { title: by, width: first, align: Align::Left }];
    let right = |(title, width): (&str, u16)| Heading { title: title.to_owned(), width, align: Align::Right };
    headings.extend(titles.into_iter().zip(WIDTHS).map(right));
    let shown = list.visible(view.rows.len(), usize::from(below.height).saturating_sub(1));
    let cursor = cursor.and_then(|cursor| cursor.checked_sub(shown.start));
    let rows: Vec<Vec<Cell>> = view.rows[shown]
        .iter()
        .map(|row| row.texts().into_iter().map(|text| Cell::new(text, Role::Text)).collect())
        .collect();
    Table { headings: &headings, headed: true, rows: &rows, cursor, theme: cx.theme }.render(below, buffer);
}
