//! The drawing of one alarm.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Widget, Wrap};

use super::{AlarmPane, AlarmView, ribbon};
use crate::panes::alarms::columns::Columns;
use crate::panes::alarms::{glyph, role};
use crate::panes::{Cx, source_note};
use crate::store::health::Health;
use crate::text::{Align, pad, width};
use crate::widgets::frame::pane_frame;
use crate::widgets::print::{line, put, put_next};
use crate::widgets::selection::select;
use crate::widgets::theme::Role;

/// From this width on, facts and history stand right of the chart.
const SIDE_BY_SIDE: u16 = 120;
/// Rows of a chart that shares its column with facts and history.
const CHART_ROWS: u16 = 9;
/// Rows for the reason, and on a tall screen.
const REASON_ROWS: (u16, u16) = (2, 4);
/// Cells of a fact's label.
const LABEL: usize = 11;

pub(super) fn draw(pane: &AlarmPane, buf: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let health = pane.health(cx);
    let note = source_note(health, cx.now);
    let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
    let columns = Columns::fit(area.width);
    let view = pane.view(cx, usize::from(columns.spark));
    let mut block = pane_frame(&crate::text::clean(&pane.name), note, cx.focused, cx.theme);
    if let Some(reading) = view.as_ref().and_then(|view| view.reading.as_ref()) {
        let mut spans = vec![Span::raw(" ")];
        spans.extend(reading.line(cx.theme).spans);
        spans.push(Span::raw(" "));
        block = block.title_bottom(Line::from(spans));
    }
    let inner = block.inner(area);
    block.render(area, buf);
    let Some(view) = view else {
        let text = match health {
            Health::Live { .. } | Health::Stale { .. } => "there is no alarm of this name on this board",
            Health::Waiting => "waiting for the first answer",
            Health::Failed { .. } => "no answer yet",
        };
        put(buf, inner, text, cx.theme.style(Role::Muted), Align::Left);
        return;
    };
    let inner = Rect { x: inner.x + inner.width.min(1), width: inner.width.saturating_sub(2), ..inner };
    let rest = head(&view, inner, buf, cx);
    let rest = skip(rest, u16::from(rest.height >= 3 * CHART_ROWS));
    if rest.width >= SIDE_BY_SIDE {
        let left = Rect { width: rest.width * 3 / 5, ..rest };
        let right = Rect { x: left.right() + 2, width: rest.width - left.width - 2, ..rest };
        body(pane, &view, left, buf, cx);
        let below = facts(&view, right, buf, cx);
        history(pane, &view, below, buf, cx);
        return;
    }
    let needed = view.facts.len() as u16 + view.history.len().clamp(1, 4) as u16 + 2;
    let least = if view.chart.is_some() { CHART_ROWS } else { view.children.len() as u16 + 5 };
    let rows = rest.height.saturating_sub(needed).max(least).min(rest.height);
    body(pane, &view, Rect { height: rows, ..rest }, buf, cx);
    let below = skip(rest, rows);
    let below = facts(&view, below, buf, cx);
    history(pane, &view, below, buf, cx);
}

/// State, since, value and reason; returns what is left below.
fn head(view: &AlarmView<'_>, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> Rect {
    let row = &view.row;
    let colour = cx.theme.style(role(row.state));
    let rest = put_next(buf, area, &format!("{} {}", glyph(row.state), row.state.name()), colour);
    let since = if row.since.is_empty() { String::new() } else { format!(" since {}, {}", row.since, row.age) };
    let rest = put_next(buf, rest, &since, cx.theme.style(Role::Muted));
    put(buf, rest, &format!("   {}", row.versus), cx.theme.style(Role::Strong), Align::Left);
    let area = skip(area, 1);
    if row.reason.is_empty() || area.height < CHART_ROWS {
        return area;
    }
    let most = if area.height >= 4 * CHART_ROWS { REASON_ROWS.1 } else { REASON_ROWS.0 };
    // Words do not fill their lines: a tenth more than they need.
    let needed = (width(&row.reason) * 11 / 10).div_ceil(usize::from(area.width.max(1))) as u16;
    let rows = if width(&row.reason) > usize::from(area.width) { needed.clamp(2, most) } else { 1 };
    let space = Rect { height: rows, ..area };
    Paragraph::new(row.reason.as_str()).style(cx.theme.style(Role::Text)).wrap(Wrap { trim: true }).render(space, buf);
    skip(area, rows)
}

/// The chart with the ribbon under it; for a composite its rule, its children and the ribbon.
fn body(pane: &AlarmPane, view: &AlarmView<'_>, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    let above = Rect { height: area.height.saturating_sub(1), ..area };
    let Some(chart) = &view.chart else {
        let rows = composite(pane, view, area, buf, cx);
        draw_ribbon(pane, Rect { height: 1, ..skip(area, rows) }.intersection(area), buf, cx);
        return;
    };
    if area.height < 4 {
        chart.draw(area, buf, cx.theme);
        return;
    }
    chart.draw(above, buf, cx.theme);
    let plot = chart.plot(above);
    draw_ribbon(pane, Rect { x: plot.x, width: plot.width, y: above.bottom(), height: 1 }, buf, cx);
}

fn draw_ribbon(pane: &AlarmPane, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    for (x, state) in (area.x..area.right()).zip(pane.ribbon(cx, pane.scope(cx), area.width)) {
        let (symbol, role) = ribbon::cell(state);
        buf[(x, area.y)].set_symbol(symbol).set_style(cx.theme.ink(role));
    }
}

/// A composite's rule and children; returns the rows used.
fn composite(pane: &AlarmPane, view: &AlarmView<'_>, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> u16 {
    let rule = view.rule.as_deref().unwrap_or_default();
    let lines = width(rule).div_ceil(usize::from(area.width.max(1))).clamp(1, 3) as u16;
    let space = Rect { height: lines.min(area.height), ..area };
    Paragraph::new(rule).style(cx.theme.style(Role::Strong)).wrap(Wrap { trim: true }).render(space, buf);
    let list = skip(area, lines + 1);
    let columns = Columns::fit(list.width);
    let names = columns.names(&view.children.iter().collect::<Vec<_>>());
    for (i, row) in view.children.iter().enumerate() {
        let Some(space) = line(list, i) else { break };
        columns.draw(row, names, space, buf, cx.theme);
        if cx.focused && pane.children.row() == i {
            select(buf, space, cx.theme);
        }
    }
    let mut used = view.children.len();
    if !view.unknown.is_empty()
        && let Some(space) = line(list, used)
    {
        let text = format!("not on this board: {}", view.unknown.join(", "));
        put(buf, space, &text, cx.theme.style(Role::Muted), Align::Left);
        used += 1;
    }
    (lines + 2 + used as u16).min(area.height)
}

/// The facts, each in as many lines as it needs; returns what is left below.
fn facts(view: &AlarmView<'_>, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> Rect {
    let mut rest = area;
    let room = usize::from(area.width).saturating_sub(LABEL).max(1);
    for fact in &view.facts {
        if rest.is_empty() {
            break;
        }
        let lines = width(&fact.text).div_ceil(room).clamp(1, 3) as u16;
        let space = Rect { height: lines.min(rest.height), ..rest };
        let right = put_next(buf, space, &pad(fact.label, LABEL, Align::Left), cx.theme.style(Role::Muted));
        Paragraph::new(fact.text.as_str())
            .style(cx.theme.style(Role::Text))
            .wrap(Wrap { trim: true })
            .render(right, buf);
        rest = skip(rest, lines);
    }
    skip(rest, u16::from(rest.height > 2))
}

fn history(pane: &AlarmPane, view: &AlarmView<'_>, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    let Some(heading) = line(area, 0) else { return };
    put(buf, heading, "History", cx.theme.style(Role::Title), Align::Left);
    let area = skip(area, 1);
    if view.history.is_empty() {
        put(buf, area, view.no_history, cx.theme.style(Role::Muted), Align::Left);
        return;
    }
    let rows = view.history.get(pane.scroll.min(view.history.len() - 1)..).unwrap_or_default();
    let times = rows.iter().map(|row| width(&row.time)).max().unwrap_or(0);
    let kinds = rows.iter().map(|row| width(&row.kind)).max().unwrap_or(0);
    for (i, row) in rows.iter().enumerate() {
        let Some(space) = line(area, i) else { return };
        let rest = put_next(buf, space, &pad(&row.time, times + 2, Align::Left), cx.theme.style(Role::Muted));
        let rest = put_next(buf, rest, &pad(&row.kind, kinds + 2, Align::Left), cx.theme.style(Role::Muted));
        let colour = row.state.map_or(Role::Text, role);
        put(buf, rest, &row.text, cx.theme.style(colour), Align::Left);
    }
}

/// An area without its first rows.
fn skip(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}
