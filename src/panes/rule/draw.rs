//! The drawing of one rule.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Paragraph, Widget, Wrap};

use super::{EpisodeRow, RulePane, RuleView, graph};
use crate::panes::{Cx, Pane, source_note};
use crate::text::{Align, pad, width};
use crate::widgets::area::padded;
use crate::widgets::frame::pane_frame;
use crate::widgets::print::{line, put, put_next};
use crate::widgets::theme::Role;

/// From this width on, facts and episodes stand right of the chart.
const SIDE_BY_SIDE: u16 = 120;
/// Rows that the chart is given at least.
const CHART_ROWS: u16 = 8;
/// Cells of a fact's label.
const LABEL: usize = 11;

pub(super) fn draw(pane: &RulePane, buf: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let note = source_note(pane.health(cx), cx.now);
    let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
    let view = pane.view(cx);
    let mut block = pane_frame(&pane.title(cx), note, cx.focused, cx.theme);
    if let Some(reading) = view.as_ref().and_then(|view| view.reading.as_ref()) {
        block = block.title_bottom(reading.foot(cx.theme));
    }
    let inner = block.inner(area);
    block.render(area, buf);
    let Some(view) = view else {
        put(buf, inner, "there is no rule of this id on this board", cx.theme.style(Role::Muted), Align::Left);
        return;
    };
    let inner = padded(inner);
    let rest = head(&view, inner, buf, cx);
    let rest = pane.ways.draw(&pane.about(), rest, buf, cx);
    if rest.width >= SIDE_BY_SIDE {
        let left = Rect { width: rest.width * 3 / 5, ..rest };
        let right = Rect { x: left.right() + 2, width: rest.width - left.width - 2, ..rest };
        curve(pane, &view, left, buf, cx);
        let below = facts(&view, right, buf, cx);
        episodes(pane, &view, below, buf, cx);
        return;
    }
    let needed = view.facts.len() as u16 + view.episodes.len().clamp(1, 4) as u16 + 3;
    let rows = rest.height.saturating_sub(needed).max(CHART_ROWS).min(rest.height);
    curve(pane, &view, Rect { height: rows, ..rest }, buf, cx);
    let below = facts(&view, skip(rest, rows), buf, cx);
    episodes(pane, &view, below, buf, cx);
}

/// The chart with the ribbon of states under it.
fn curve(pane: &RulePane, view: &RuleView<'_>, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    if area.height < 4 {
        view.chart.draw(area, buf, cx.theme);
        return;
    }
    let above = Rect { height: area.height - 1, ..area };
    view.chart.draw(above, buf, cx.theme);
    let plot = view.chart.plot(above);
    let row = Rect { y: above.bottom(), height: 1, ..plot }.intersection(buf.area);
    for (x, state) in (row.x..row.right()).zip(pane.ribbon(cx, row.width)) {
        let (symbol, role) = graph::cell(state);
        buf[(x, row.y)].set_symbol(symbol).set_style(cx.theme.ink(role));
    }
}

/// The episodes, newest first, from the one that is scrolled to.
fn episodes(pane: &RulePane, view: &RuleView<'_>, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    let Some(heading) = line(area, 0) else { return };
    put(buf, heading, "Episodes", cx.theme.style(Role::Title), Align::Left);
    let area = skip(area, 1);
    let Some(rows) = view.episodes.get(pane.scroll.min(view.episodes.len().saturating_sub(1))..) else { return };
    if rows.is_empty() {
        put(buf, area, "none since the rule has been followed", cx.theme.style(Role::Muted), Align::Left);
        return;
    }
    let widest = |text: fn(&EpisodeRow) -> &String| rows.iter().map(|row| width(text(row))).max().unwrap_or(0) + 2;
    let (began, lasted, values) = (widest(|row| &row.began), widest(|row| &row.lasted), widest(|row| &row.values));
    for (index, row) in rows.iter().enumerate() {
        let Some(space) = line(area, index) else { return };
        let role = if row.open { Role::AlarmFiring } else { Role::Muted };
        let rest = put_next(buf, space, &pad(&row.began, began, Align::Left), cx.theme.ink(role));
        let rest = put_next(buf, rest, &pad(&row.lasted, lasted, Align::Left), cx.theme.style(Role::Muted));
        let rest = put_next(buf, rest, &pad(&row.values, values, Align::Left), cx.theme.style(Role::Strong));
        put(buf, rest, &row.reason, cx.theme.style(Role::Text), Align::Left);
    }
}

/// State, since, value and reason; returns what is left below.
fn head(view: &RuleView<'_>, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> Rect {
    let rest = put_next(buf, area, &view.head.state, cx.theme.style(view.head.role));
    let rest = put_next(buf, rest, &view.head.since, cx.theme.style(Role::Muted));
    put(buf, rest, &format!("   {}", view.head.versus), cx.theme.style(Role::Strong), Align::Left);
    let area = skip(area, 1);
    if view.reason.is_empty() || area.is_empty() {
        return area;
    }
    put(buf, area, &view.reason, cx.theme.style(Role::Text), Align::Left);
    skip(area, 1)
}

/// The facts, each in as many lines as it needs; returns what is left below.
fn facts(view: &RuleView<'_>, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> Rect {
    let mut rest = area;
    let room = usize::from(area.width).saturating_sub(LABEL).max(1);
    for fact in &view.facts {
        if rest.is_empty() {
            break;
        }
        let lines = width(&fact.text).div_ceil(room).clamp(1, 3) as u16;
        let space = Rect { height: lines.min(rest.height), ..rest };
        let right = put_next(buf, space, &pad(fact.label, LABEL, Align::Left), cx.theme.style(Role::Muted));
        let text = Paragraph::new(fact.text.as_str()).style(cx.theme.style(Role::Text));
        text.wrap(Wrap { trim: true }).render(right, buf);
        rest = skip(rest, lines);
    }
    skip(rest, u16::from(rest.height > 2))
}

/// An area without its first rows.
fn skip(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}
