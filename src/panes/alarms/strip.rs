//! What is known of the alarm under the cursor, below a list that has the room.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;
use ratatui::widgets::{Block, Borders, Paragraph, Widget, Wrap};

use super::row::named;
use crate::panes::Cx;
use crate::panes::alarm::graph;
use crate::panes::cursor::Cursor;
use crate::store::alarm::{Alarm, AlarmKind};
use crate::text::{clean, width};
use crate::widgets::area::cut_top;
use crate::widgets::theme::Role;

/// Rows of the strip: its edge, and two lines of text; one more where the list leaves it.
const ROWS: u16 = 3;
/// The smallest list that gives up rows for it.
const SMALLEST: (u16, u16) = (76, 16);
/// The free rows from which on a narrow list has it as well, with a blank line above.
const FREE: u16 = 6;
/// The rows of text at most.
const TEXT: u16 = 6;
/// The rows and cells from which on there is a chart.
const CHART: (u16, u16) = (7, 36);

/// The list of `count` rows and the strip below it, empty where there is no room.
pub(super) fn split(area: Rect, count: usize) -> (Rect, Rect) {
    let free = usize::from(area.height).saturating_sub(count) as u16;
    let large = area.width >= SMALLEST.0 && area.height >= SMALLEST.1;
    let rows = match (free >= FREE, large) {
        (true, _) => free - 1,
        (false, true) => ROWS + u16::from(free > ROWS),
        (false, false) => 0,
    };
    let list = Rect { height: area.height - rows, ..area };
    (list, Rect { y: list.bottom(), height: rows, ..area })
}

/// Draws the alarm's reason in full, what it is about, and its metric where there is room for a chart.
pub(super) fn draw(alarm: &Alarm, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    if area.is_empty() {
        return;
    }
    let theme = cx.theme;
    let edge = Block::new()
        .borders(Borders::TOP)
        .border_style(theme.style(Role::Border))
        .title(Span::styled(format!(" {} ", clean(&alarm.name)), theme.style(Role::Title)));
    let inner = edge.inner(area);
    edge.render(area, buf);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let text = words(alarm);
    // Words do not fill their lines: a tenth more than they need.
    let lines = (width(&text) * 11 / 10).div_ceil(usize::from(inner.width.max(1))).clamp(1, usize::from(TEXT));
    let (head, rest) = cut_top(inner, lines as u16);
    Paragraph::new(text).style(theme.style(Role::Muted)).wrap(Wrap { trim: true }).render(head, buf);
    let below = cut_top(rest, 1).1;
    if let AlarmKind::Metric(metric) = &alarm.kind
        && below.height >= CHART.0
        && below.width >= CHART.1
    {
        graph::chart(alarm, metric, cx, Cursor::default()).draw(below, buf, theme);
    }
}

fn words(alarm: &Alarm) -> String {
    let rule = match &alarm.kind {
        AlarmKind::Composite { rule, .. } => rule.as_str(),
        AlarmKind::Logs(logs) => logs.query.as_str(),
        AlarmKind::Metric(_) => "",
    };
    let reason = named(&clean(&alarm.reason));
    let parts = [clean(&alarm.description), reason.into(), clean(rule)];
    parts.iter().filter(|part| !part.is_empty()).map(AsRef::as_ref).collect::<Vec<&str>>().join(" · ")
}
