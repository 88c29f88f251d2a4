//! The box that an overlay stands in.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear};

use crate::widgets::area::padded;
use crate::widgets::theme::{Role, Theme};

/// Clears a box in the middle of the area, as large as wanted or as there is room, frames it, and returns what is
/// inside, with a blank cell left and right.
///
/// ```text
/// ┌ Time range ───────────────┐
/// │ …                         │
/// └──────── ⏎ take  Esc close ┘
/// ```
pub fn popup(
    frame: &mut Frame<'_>,
    area: Rect,
    (width, height): (u16, u16),
    title: &str,
    hint: &str,
    theme: &Theme,
) -> Rect {
    let area = area.intersection(frame.area());
    let (width, height) = (width.min(area.width), height.min(area.height));
    let spot = Rect {
        x: area.x + (area.width - width) / 2,
        // A little above the middle, where the eye is.
        y: area.y + (area.height - height) / 3,
        width,
        height,
    };
    frame.render_widget(Clear, spot);
    let block = Block::bordered()
        .style(theme.style(Role::Text))
        .border_style(theme.style(Role::BorderFocused))
        .title(Span::styled(format!(" {title} "), theme.style(Role::TitleFocused)))
        .title_bottom(Line::styled(format!(" {hint} "), theme.style(Role::Muted)).right_aligned());
    let inner = block.inner(spot);
    frame.render_widget(block, spot);
    padded(inner)
}
