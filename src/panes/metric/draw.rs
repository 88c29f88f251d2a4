//! The drawing of a metric pane.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::{Figures, MetricView, summary_text};
use crate::panes::{Cx, source_note};
use crate::store::health::SourceId;
use crate::text::{Align, pad, width};
use crate::widgets::frame::pane_frame;
use crate::widgets::legend::glyph;
use crate::widgets::print::{line, put, put_next};
use crate::widgets::theme::{Role, Theme};

/// Rows that the curve keeps before anything stands under it.
const CHART_ROWS: u16 = 7;

pub(super) fn draw(view: Option<MetricView<'_>>, buf: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let note = source_note(cx.store.health(SourceId::Metrics), cx.now);
    let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
    let title = view.as_ref().map_or("Metric", |view| view.title.as_str());
    let mut block = pane_frame(title, note, cx.focused, cx.theme);
    if let Some(reading) = view.as_ref().and_then(|view| view.reading.as_ref()) {
        let mut spans = vec![Span::raw(" ")];
        spans.extend(reading.line(cx.theme).spans);
        spans.push(Span::raw(" "));
        block = block.title_bottom(Line::from(spans));
    }
    let inner = block.inner(area);
    block.render(area, buf);
    let Some(view) = view else {
        put(buf, inner, "not on this board", cx.theme.style(Role::Muted), Align::Left);
        return;
    };
    let head = u16::from(view.figures.is_some() && inner.height > CHART_ROWS);
    if let Some(figures) = view.figures.as_ref().filter(|_| head > 0) {
        draw_figures(figures, &view, buf, aired(Rect { height: 1, ..inner }), cx.theme);
    }
    let spare = inner.height.saturating_sub(head + CHART_ROWS);
    let wanted = view.summaries.len() + view.queries.len() + 1;
    let figures = view.summaries.len() as u16;
    let foot = spare.min(inner.height / 2).min(wanted as u16);
    let foot = if foot >= figures + 2 { foot } else { foot.min(figures) };
    let chart = Rect { y: inner.y + head, height: inner.height - head - foot, ..inner };
    view.chart.draw(chart, buf, cx.theme);
    draw_foot(&view, buf, aired(Rect { y: chart.bottom(), height: foot, ..inner }), cx.theme);
}

/// An area without its first and last column.
fn aired(area: Rect) -> Rect {
    Rect { x: area.x + area.width.min(1), width: area.width.saturating_sub(2), ..area }
}

fn draw_figures(figures: &Figures, view: &MetricView<'_>, buf: &mut Buffer, area: Rect, theme: &Theme) {
    let (value, role) = &figures.value;
    let mut rest = put_next(buf, area, value, theme.style(*role));
    if let Some(change) = &figures.change {
        rest = put_next(buf, rest, &format!("  {change}"), theme.style(Role::Text));
        rest = put_next(buf, rest, " against the window before", theme.style(Role::Muted));
    }
    for (threshold, role) in &figures.thresholds {
        rest = put_next(buf, rest, &format!("  {threshold}"), theme.style(*role));
    }
    if let Some(message) = &figures.message {
        put(buf, rest, &format!("  {message}"), theme.style(Role::Failed), Align::Left);
        return;
    }
    let faint = theme.style(Role::Muted).add_modifier(Modifier::DIM);
    let legend = "┄ the window before";
    let compared = view.chart.lines.iter().any(|line| line.faint && !line.points.is_empty());
    if compared && usize::from(rest.width) > width(legend) + 2 {
        put(buf, rest, legend, faint, Align::Right);
    }
}

/// Figures first, then queries; what has no room is left out from the end.
fn draw_foot(view: &MetricView<'_>, buf: &mut Buffer, area: Rect, theme: &Theme) {
    let labels = view.summaries.iter().map(|(label, _, _)| width(label)).max().unwrap_or(0);
    for (row, (label, role, summary)) in view.summaries.iter().enumerate() {
        let Some(space) = line(area, row) else { return };
        let rest = put_next(buf, space, glyph(*role), theme.style(*role));
        let rest = put_next(buf, rest, &format!(" {}  ", pad(label, labels, Align::Left)), theme.style(Role::Muted));
        put(buf, rest, &summary_text(*summary, view.chart.unit), theme.style(Role::Text), Align::Left);
    }
    let ids = view.queries.iter().map(|(id, _)| width(id)).max().unwrap_or(0);
    for (row, (id, text)) in view.queries.iter().enumerate() {
        let Some(space) = line(area, row + view.summaries.len() + 1) else { return };
        let rest = put_next(buf, space, &pad(id, ids, Align::Left), theme.style(Role::Strong));
        let rest = put_next(buf, rest, " = ", theme.style(Role::Muted));
        put(buf, rest, text, theme.style(Role::Muted), Align::Left);
    }
}
