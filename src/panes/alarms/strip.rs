//! What is known of the alarm under the cursor, below a list that has the room.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;
use ratatui::widgets::{Block, Borders, Paragraph, Widget, Wrap};

use crate::store::alarm::{Alarm, AlarmKind};
use crate::text::clean;
use crate::widgets::theme::{Role, Theme};

/// Rows of the strip: its edge, and two lines of text; one more where the list leaves it.
const ROWS: u16 = 3;
/// The smallest list that gives up rows for it.
const SMALLEST: (u16, u16) = (76, 16);

/// The list of `count` rows and the strip below it, empty where there is no room.
pub(super) fn split(area: Rect, count: usize) -> (Rect, Rect) {
    let fits = area.width >= SMALLEST.0 && area.height >= SMALLEST.1;
    let free = usize::from(area.height).saturating_sub(count);
    let rows = if fits { ROWS + u16::from(free > usize::from(ROWS)) } else { 0 };
    let list = Rect { height: area.height - rows, ..area };
    (list, Rect { y: list.bottom(), height: rows, ..area })
}

/// Draws the alarm's reason in full, and what it is about.
pub(super) fn draw(alarm: &Alarm, area: Rect, buf: &mut Buffer, theme: &Theme) {
    if area.is_empty() {
        return;
    }
    let rule = match &alarm.kind {
        AlarmKind::Composite { rule, .. } => rule.as_str(),
        AlarmKind::Logs(logs) => logs.query.as_str(),
        AlarmKind::Metric(_) => "",
    };
    let parts = [alarm.reason.as_str(), rule, alarm.description.as_str()];
    let text = parts.iter().filter(|part| !part.is_empty()).map(|part| clean(part)).collect::<Vec<_>>().join(" · ");
    let edge = Block::new()
        .borders(Borders::TOP)
        .border_style(theme.style(Role::Border))
        .title(Span::styled(format!(" {} ", clean(&alarm.name)), theme.style(Role::Title)));
    let inner = edge.inner(area);
    edge.render(area, buf);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    Paragraph::new(text).style(theme.style(Role::Muted)).wrap(Wrap { trim: true }).render(inner, buf);
}
