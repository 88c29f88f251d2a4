//! The keys that matter here.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::widgets::print::{cells, line, put_next};
use crate::widgets::theme::{Role, Theme};

/// Draws key and words, one after the other, as many as fit whole.
///
/// ```text
///  Tab pane  ⏎ open  / filter  e next error  Space freeze  t time  : commands  q quit
/// ```
///
/// The list comes from the keymap, the most important first; the last one (how to get out) is always there.
pub fn draw_footer(buffer: &mut Buffer, area: Rect, keys: &[(String, &str)], theme: &Theme) {
    let Some(row) = line(area.intersection(buffer.area), 0) else { return };
    buffer.set_style(row, theme.style(Role::Footer));
    let width = |(key, words): &(String, &str)| cells(key) + 1 + cells(words) + 2;
    let mut room = row.width.saturating_sub(1);
    let last = keys.last().map_or(0, width);
    let mut shown: Vec<&(String, &str)> = Vec::new();
    for (index, entry) in keys.iter().enumerate() {
        let kept = if index + 1 == keys.len() { 0 } else { last };
        if width(entry) + kept <= room + 2 {
            room = room.saturating_sub(width(entry));
            shown.push(entry);
        }
    }
    let mut space = Rect { x: row.x + 1.min(row.width), width: row.width.saturating_sub(1), ..row };
    for (index, (key, words)) in shown.into_iter().enumerate() {
        let gap = if index > 0 { "  " } else { "" };
        space = put_next(buffer, space, gap, theme.style(Role::Footer));
        space = put_next(buffer, space, key, theme.style(Role::Key));
        space = put_next(buffer, space, " ", theme.style(Role::Footer));
        space = put_next(buffer, space, words, theme.style(Role::Footer));
    }
}
