//! What is known of the alarm under the cursor, below a list that has the room.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;
use ratatui::widgets::{Block, Borders, Paragraph, Widget, Wrap};

use super::item::Item;
use super::order::{Placed, What};
use super::row::{REASON, named};
use super::{heading, notes};
use crate::panes::Cx;
use crate::panes::alarm::graph;
use crate::panes::cursor::Cursor;
use crate::store::alarm::{Alarm, AlarmKind, AlarmState, MetricAlarm};
use crate::text::{clean, clean_head, truncate, width};
use crate::widgets::area::{cut_top, padded};
use crate::widgets::print::{Align, put};
use crate::widgets::theme::Role;

/// Rows of the strip: its edge, and two lines of text; one more where the list leaves it.
const ROWS: u16 = 3;
/// The smallest list that gives up rows for it.
const SMALLEST: (u16, u16) = (76, 16);
/// The free rows from which on a narrow list has it as well, with a blank line above.
const FREE: u16 = 6;
/// The rows of text at most, and beside a chart.
const TEXT: (u16, u16) = (6, 3);
/// The rows and cells from which on there is a chart.
const CHART: (u16, u16) = (6, 36);

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

/// Draws the row's reason in full, what it is about, and its metric where there is room for a chart.
pub(super) fn draw(row: &Placed<'_>, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    if area.is_empty() {
        return;
    }
    let theme = cx.theme;
    let (title, text, watched) = match &row.what {
        What::Item(item @ Item::Alarm(alarm)) => (clean(&alarm.name), words(*item, cx), watched(alarm, cx)),
        What::Item(item @ Item::Rule(rule)) => (clean(&rule.title), words(*item, cx), None),
        What::Incident(incident) => ("One incident".into(), heading::words(incident, cx), None),
    };
    let edge = Block::new()
        .borders(Borders::TOP)
        .border_style(theme.style(Role::Border))
        .title(Span::styled(format!(" {title} "), theme.style(Role::Title)));
    let inner = edge.inner(area);
    edge.render(area, buf);
    let inner = padded(inner);
    let watched = watched.filter(|_| inner.height >= TEXT.1 + CHART.0 && inner.width >= CHART.1);
    // Words do not fill their lines: a tenth more than they need.
    let lines = (width(&text) * 11 / 10).div_ceil(usize::from(inner.width.max(1))).max(1) as u16;
    let (head, rest) = cut_top(inner, lines.min(if watched.is_some() { TEXT.1 } else { TEXT.0 }));
    let text = truncate(&text, usize::from(head.height) * usize::from(head.width) * 10 / 11).into_owned();
    Paragraph::new(text).style(theme.style(Role::Muted)).wrap(Wrap { trim: true }).render(head, buf);
    let (Some((watched, metric)), What::Item(item)) = (watched, &row.what) else { return };
    let is_other = watched.name != item.name();
    let (line, chart) = cut_top(rest, u16::from(is_other || rest.height > CHART.0));
    if is_other {
        put(buf, line, &clean(&watched.name), theme.style(Role::Title), Align::Left);
    }
    graph::chart(watched, metric, cx, Cursor::default()).draw(chart, buf, theme);
}

/// The metric alarm to draw: the alarm itself, or the first child of a composite that fires.
fn watched<'a>(alarm: &'a Alarm, cx: &Cx<'a>) -> Option<(&'a Alarm, &'a MetricAlarm)> {
    match &alarm.kind {
        AlarmKind::Metric(metric) => Some((alarm, metric)),
        AlarmKind::Composite { children, .. } => {
            let mut firing =
                children.iter().filter_map(|name| cx.store.alarm(name)).filter(|a| a.state == AlarmState::Alarm);
            firing.find_map(|child| Some((child, child.metric()?)))
        }
        AlarmKind::Logs(_) => None,
    }
}

fn words(item: Item<'_>, cx: &Cx<'_>) -> String {
    let mut parts = notes::notes(item, item.acknowledged(cx), cx);
    match item {
        Item::Alarm(alarm) => {
            let rule = match &alarm.kind {
                AlarmKind::Composite { rule, .. } => rule.as_str(),
                AlarmKind::Logs(logs) => logs.query.as_str(),
                AlarmKind::Metric(_) => "",
            };
            parts.extend([clean(&alarm.description).into_owned(), clean(rule).into_owned()]);
            parts.push(named(&clean_head(&alarm.reason, REASON)));
        }
        Item::Rule(rule) => parts.push(clean_head(&rule.reason, REASON).into_owned()),
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}
