//! The feed's drawing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::{Paragraph, Widget, Wrap};

use super::histogram::Histogram;
use super::view::FeedView;
use crate::panes::Cx;
use crate::widgets::area::{cut_top, padded};
use crate::widgets::frame::pane_frame;
use crate::widgets::table::Table;
use crate::widgets::theme::Role;

/// Draws the feed, frame included.
pub(super) fn draw(view: &FeedView, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let note = view.note.as_ref().map(|(text, role)| (text.as_str(), *role));
    let mut block = pane_frame(&view.title, note, cx.focused, cx.theme);
    if let Some(foot) = &view.foot {
        block = block.title_bottom(Line::styled(format!(" {foot} "), cx.theme.style(Role::Warning)));
    }
    let mut body = padded(block.inner(area));
    block.render(area, buffer);
    if let Some(histogram) = &view.histogram {
        histogram.draw(buffer, body, cx.theme, cx.zone);
        body = cut_top(body, Histogram::HEIGHT).1;
    }
    if let Some((text, role)) = &view.empty {
        let text = Text::styled(text.as_str(), cx.theme.style(*role));
        Paragraph::new(text).wrap(Wrap { trim: true }).render(body, buffer);
        return;
    }
    let cursor = cx.focused.then_some(view.cursor);
    Table { headings: &view.headings, headed: view.headed, rows: &view.rows, cursor, theme: cx.theme }
        .render(body, buffer);
}
