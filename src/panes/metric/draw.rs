//! The drawing of a metric pane.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::widgets::Widget;

use super::{Figures, MetricView, SummaryRow};
use crate::panes::{Cx, source_note};
use crate::store::health::SourceId;
use crate::text::{Align, pad, units, width};
use crate::widgets::area::padded;
use crate::widgets::frame::pane_frame;
use crate::widgets::print::{line, put, put_next};
use crate::widgets::theme::{Role, Theme};

/// The figures of a line.
const COLUMNS: [&str; 5] = ["min", "mean", "max", "last", "sum"];
/// Rows that the curve keeps before anything stands under it.
const CHART_ROWS: u16 = 7;

pub(super) fn draw(view: Option<MetricView<'_>>, buf: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let note = source_note(cx.store.health(SourceId::Metrics), cx.now);
    let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
    let title = view.as_ref().map_or("Metric", |view| view.title.as_str());
    let mut block = pane_frame(title, note, cx.focused, cx.theme);
    if let Some(reading) = view.as_ref().and_then(|view| view.reading.as_ref()) {
        block = block.title_bottom(reading.foot(cx.theme));
    }
    let inner = block.inner(area);
    block.render(area, buf);
    let Some(view) = view else {
        put(buf, inner, "not on this board", cx.theme.style(Role::Muted), Align::Left);
        return;
    };
    let head = u16::from((view.figures.is_some() || view.chart.compared.is_some()) && inner.height > CHART_ROWS);
    if head > 0 && view.figures.is_none() {
        draw_compared(&view, padded(Rect { height: 1, ..inner }), buf, cx.theme);
    }
    if let Some(figures) = view.figures.as_ref().filter(|_| head > 0) {
        draw_figures(figures, &view, buf, padded(Rect { height: 1, ..inner }), cx.theme);
    }
    let spare = inner.height.saturating_sub(head + CHART_ROWS);
    let wanted = view.summaries.len() + view.queries.len() + 2;
    let figures = view.summaries.len() as u16 + 1;
    let foot = spare.min(inner.height / 2).min(wanted as u16);
    let foot = if foot >= figures + 2 { foot } else { foot.min(figures) };
    let chart = Rect { y: inner.y + head, height: inner.height - head - foot, ..inner };
    view.chart.draw(chart, buf, cx.theme);
    draw_foot(&view, buf, padded(Rect { y: chart.bottom(), height: foot, ..inner }), cx.theme);
}

fn draw_figures(figures: &Figures, view: &MetricView<'_>, buf: &mut Buffer, area: Rect, theme: &Theme) {
    let (value, role) = &figures.value;
    let rest = put_next(buf, area, value, theme.style(*role));
    let mut rest = put_next(buf, rest, &format!("  {}", figures.over), theme.style(Role::Muted));
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
    draw_compared(view, rest, buf, theme);
}

/// What the faint line is, where there is room for it.
fn draw_compared(view: &MetricView<'_>, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let Some(words) = view.chart.compared else { return };
    let known = view.chart.lines.iter().any(|line| !line.earlier.is_empty());
    let legend = if known { format!("┄ {words}") } else { format!("no datapoints {words}") };
    if usize::from(area.width) > width(&legend) + 2 {
        let faint = theme.style(Role::Muted).add_modifier(Modifier::DIM);
        put(buf, area, &legend, faint, Align::Right);
    }
}

/// Figures first, then queries; what has no room is left out from the end.
fn draw_foot(view: &MetricView<'_>, buf: &mut Buffer, area: Rect, theme: &Theme) {
    let rows = draw_summaries(view, area, buf, theme);
    let ids = view.queries.iter().map(|(id, _)| width(id)).max().unwrap_or(0);
    for (row, (id, text)) in view.queries.iter().enumerate() {
        let Some(space) = line(area, row + rows + 1) else { return };
        let rest = put_next(buf, space, &pad(id, ids, Align::Left), theme.style(Role::Strong));
        let rest = put_next(buf, rest, " = ", theme.style(Role::Muted));
        put(buf, rest, text, theme.style(Role::Muted), Align::Left);
    }
}

/// The figures of each line as a table; returns the rows used. Columns that have no room are left out from the end.
fn draw_summaries(view: &MetricView<'_>, area: Rect, buf: &mut Buffer, theme: &Theme) -> usize {
    let labels = view.summaries.iter().map(|row| width(&row.label)).max().unwrap_or(0);
    let read = view.reading.as_ref().map(|reading| reading.time.clone());
    let count = if view.summaries.iter().any(|row| row.adds_up) { COLUMNS.len() } else { COLUMNS.len() - 1 };
    let heads: Vec<String> = read.into_iter().chain(COLUMNS.map(str::to_owned).into_iter().take(count)).collect();
    let table: Vec<Vec<String>> = view.summaries.iter().map(figures).collect();
    let widths: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(column, head)| {
            let cells = table.iter().filter_map(|row| row.get(column)).map(|cell| width(cell));
            cells.chain([width(head)]).max().unwrap_or(0)
        })
        .collect();
    let Some(heading) = line(area, 0) else { return 0 };
    let mut rest = put_next(buf, heading, &" ".repeat(labels + 2), theme.style(Role::Muted));
    for (head, size) in heads.iter().zip(&widths) {
        rest = put_column(buf, rest, head, *size, theme.style(Role::Muted));
    }
    for (index, (row, cells)) in view.summaries.iter().zip(&table).enumerate() {
        let Some(space) = line(area, index + 1) else { return index + 1 };
        let rest = put_next(buf, space, row.glyph, theme.style(row.role));
        let mut rest =
            put_next(buf, rest, &format!(" {}", pad(&row.label, labels, Align::Left)), theme.style(Role::Muted));
        for (cell, size) in cells.iter().zip(&widths) {
            rest = put_column(buf, rest, cell, *size, theme.style(Role::Text));
        }
        if row.summary.is_none() && row.read.is_none() {
            put(buf, rest, "  no datapoints", theme.style(Role::Muted), Align::Left);
        }
    }
    view.summaries.len() + 1
}

/// A cell of the table, if all of it has room.
fn put_column(buf: &mut Buffer, space: Rect, text: &str, size: usize, style: ratatui::style::Style) -> Rect {
    if usize::from(space.width) < size + 2 {
        return Rect { width: 0, ..space };
    }
    put_next(buf, space, &format!("  {}", pad(text, size, Align::Right)), style)
}

/// What a line's figures say, in the order of the columns; the value under the cursor stands before them.
fn figures(row: &SummaryRow) -> Vec<String> {
    let mut cells: Vec<String> = row.read.clone().into_iter().collect();
    let Some(summary) = row.summary else { return cells };
    let values = [summary.min, summary.mean, summary.max, summary.last];
    cells.extend(values.map(|value| units::value(value, row.unit)));
    cells.push(if row.adds_up { units::value(summary.sum, row.unit) } else { String::new() });
    cells
}
