//! The drawing of the explorer.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::widgets::Widget;

use super::tree::{Item, Row};
use super::{Metrics, Part, is_of, legend};
use crate::panes::charts::{self, Charts};
use crate::panes::query_plot::{self, Named, Plotted};
use crate::panes::{Cx, plot, source_note};
use crate::store::catalogue::{Ending, MOST};
use crate::store::health::SourceId;
use crate::text::{Align, clean, width};
use crate::widgets::chart::Reading;
use crate::widgets::frame::pane_frame;
use crate::widgets::print::{line, put, put_next, shorten_middle};
use crate::widgets::selection::select;
use crate::widgets::theme::Role;

/// Below this the half that has the keys has the screen to itself.
const BOTH: u16 = 72;
/// Rows that the curve keeps before the picks stand under it.
const CHART_ROWS: u16 = 7;

pub(super) fn draw(pane: &mut Metrics, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
    let area = area.intersection(frame.area());
    if area.is_empty() {
        return;
    }
    let shown = pane.shown();
    let plotted = query_plot::plotted(&shown, 0, cx, &pane.look);
    if area.width < BOTH {
        match pane.part {
            Part::List => draw_list(pane, &plotted, frame.buffer_mut(), area, cx),
            Part::Chart => draw_charts(pane, &shown, &plotted, frame.buffer_mut(), area, cx),
        }
        return;
    }
    let side = (area.width * 2 / 5).clamp(34, 64);
    let [list, charts] = Layout::horizontal([Constraint::Length(side), Constraint::Min(0)]).areas(area);
    draw_list(pane, &plotted, frame.buffer_mut(), list, cx);
    draw_charts(pane, &shown, &plotted, frame.buffer_mut(), charts, cx);
}

fn draw_list(pane: &mut Metrics, plotted: &Plotted<'_>, buf: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let note = source_note(cx.store.health(SourceId::Catalogue), cx.now);
    let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
    let focused = cx.focused && pane.part == Part::List;
    let block = pane_frame(&heading(pane, cx), note, focused, cx.theme);
    let inner = block.inner(area);
    block.render(area, buf);
    let rows = pane.tree.rows();
    if rows.is_empty() {
        put(buf, inner, &nothing(pane, cx), cx.theme.style(Role::Muted), Align::Left);
        return;
    }
    let shown = pane.list.visible(rows.len(), usize::from(inner.height));
    for (at, index) in shown.enumerate() {
        let (Some(space), Some(row)) = (line(inner, at), pane.tree.rows().get(index)) else { return };
        draw_row(pane, row, plotted, buf, space, cx);
        if focused && index == pane.list.row() {
            select(buf, space, cx.theme);
        }
    }
}

/// `Metrics · 184 active`, `"lambda errors" 5 found · 184 active`, and what is left out.
fn heading(pane: &Metrics, cx: &Cx<'_>) -> String {
    let (count, ending) =
        pane.catalogue(cx).map_or((0, Ending::Coming), |catalogue| (catalogue.len(), catalogue.ending()));
    let which = if pane.all { "" } else { " active" };
    let more = match ending {
        Ending::Coming if count > 0 => " so far",
        Ending::Coming | Ending::Complete => "",
        Ending::Cut => " of more",
    };
    let search = pane.search.split_whitespace().collect::<Vec<_>>().join(" ");
    if search.is_empty() {
        return format!("Metrics · {count}{which}{more}");
    }
    format!("\"{}\" {} found · {count}{which}{more}", clean(&search), pane.tree.rows().len())
}

/// What stands where there is no row.
fn nothing(pane: &Metrics, cx: &Cx<'_>) -> String {
    match pane.catalogue(cx) {
        None => "asking for the list of metrics".to_owned(),
        Some(catalogue) if catalogue.ending() == Ending::Cut && !pane.search.is_empty() => {
            format!("none of the first {MOST} metrics is called that")
        }
        Some(_) if !pane.search.is_empty() => "no metric is called that; A lists all, not only active ones".to_owned(),
        Some(_) if pane.all => "this account has no metrics".to_owned(),
        Some(_) => "no metric had datapoints in the last three hours; A lists all".to_owned(),
    }
}

fn draw_row(pane: &Metrics, row: &Row, plotted: &Plotted<'_>, buf: &mut Buffer, space: Rect, cx: &Cx<'_>) {
    let style = |role| cx.theme.style(role);
    let mark = match &row.item {
        Item::Group { open: true, .. } => ("▾ ", Role::Muted),
        Item::Group { open: false, .. } => ("▸ ", Role::Muted),
        Item::Metric(metric) => match pane.picks.iter().position(|line| is_of(&line.query, metric)) {
            Some(nth) => legend::mark(plotted, nth),
            None => ("  ", Role::Muted),
        },
    };
    let indent = (row.depth * 2).min(space.width);
    let space = Rect { x: space.x + indent, width: space.width - indent, ..space };
    put(buf, space, mark.0, style(mark.1), Align::Left);
    let mut space = Rect { x: space.x + space.width.min(2), width: space.width.saturating_sub(2), ..space };
    if let Item::Group { count, .. } = &row.item {
        let count = count.to_string();
        put(buf, space, &count, style(Role::Muted), Align::Right);
        space.width = space.width.saturating_sub(width(&count) as u16 + 1);
    }
    let (text, values) = (clean(&row.text), clean(&row.values));
    let room = usize::from(space.width);
    // What tells rows apart are the values: where there is no room, names and keys give way.
    if row.is_dimensions() && width(&text) > room && !values.is_empty() {
        put(buf, space, &shorten_middle(&values, room), style(Role::Text), Align::Left);
        return;
    }
    let gap = if values.is_empty() || row.is_dimensions() { 0 } else { 2 };
    let values = if gap == 0 { String::new() } else { values.into_owned() };
    let for_values = width(&values).min(room.saturating_sub(gap + width(&text)).max(room / 2));
    let for_text = room.saturating_sub(gap + for_values);
    let rest = put_next(buf, space, &shorten_middle(&text, for_text), style(Role::Text));
    let rest = put_next(buf, rest, &" ".repeat(gap), style(Role::Text));
    let rest = put_next(buf, rest, &shorten_middle(&values, for_values), style(Role::Text));
    if !row.more.is_empty() {
        put(buf, rest, &format!("  {}", clean(&row.more)), style(Role::Muted), Align::Left);
    }
}

fn draw_charts(pane: &Metrics, shown: &[Named], plotted: &Plotted<'_>, buf: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let focused = cx.focused && pane.part == Part::Chart;
    if !pane.grid || shown.len() < 2 {
        draw_one(pane, shown, plotted, buf, area, cx, focused);
        return;
    }
    let (_, places) = Charts::places(area, shown.len(), pane.chosen);
    let all = places.len() == shown.len();
    for (index, place) in places {
        let Some(named) = shown.get(index) else { return };
        let first = plotted.parts.get(index).map_or(index, |part| part.lines.start);
        let chart = query_plot::plotted(std::slice::from_ref(named), first, cx, &pane.look).chart;
        let mut title = plot::title(&heading_of(pane, index, named), &chart, &pane.look);
        title.push_str(&query_plot::compared(&chart));
        if !all {
            title.push_str(&charts::nth(index, shown.len()));
        }
        charts::draw_chart(&title, &chart, None, focused && index == pane.chosen, place, buf, cx.theme);
    }
}

fn heading_of(pane: &Metrics, index: usize, named: &Named) -> String {
    pane.picks.get(index).map_or_else(|| named.title.clone(), |line| format!("{} {}", line.id, named.title))
}

/// One chart of everything, with what is on it listed below.
fn draw_one(
    pane: &Metrics,
    shown: &[Named],
    plotted: &Plotted<'_>,
    buf: &mut Buffer,
    area: Rect,
    cx: &Cx<'_>,
    focused: bool,
) {
    let note = source_note(cx.store.health(SourceId::Metrics), cx.now);
    let note = note.as_ref().filter(|_| !shown.is_empty()).map(|(text, role)| (text.as_str(), *role));
    let chart = &plotted.chart;
    let mut title = match (&pane.preview, pane.picks.len(), shown.first()) {
        (_, 0, None) => "Chart".to_owned(),
        (Some(metric), 0, Some(named)) => {
            plot::title(&format!("{} · {}", named.title, pane.statistic_of(metric)), chart, &pane.look)
        }
        (_, 0 | 1, Some(named)) => plot::title(&named.title, chart, &pane.look),
        (_, count, _) => plot::title(&format!("{count} charted"), chart, &pane.look),
    };
    if !shown.is_empty() {
        title.push_str(&query_plot::compared(chart));
    }
    let mut block = pane_frame(&title, note, focused, cx.theme);
    if let Some(reading) = chart.reading() {
        block = block.title_bottom(foot(reading, plotted, pane.chosen, area.width, cx));
    }
    let inner = block.inner(area);
    block.render(area, buf);
    if shown.is_empty() {
        let words = "p puts the metric under the cursor here, f an expression";
        put(buf, inner, words, cx.theme.style(Role::Muted), Align::Left);
        return;
    }
    let rows = legend::rows(&pane.picks, plotted);
    let most = inner.height.saturating_sub(CHART_ROWS).min(inner.height / 2);
    let below = most.min(rows.len() as u16);
    let curve = Rect { height: inner.height - below, ..inner };
    chart.draw(curve, buf, cx.theme);
    let list = Rect { y: curve.bottom(), height: below, ..inner };
    legend::draw(pane, plotted, &rows, focused, buf, list, cx);
}

/// The values under the cursor: all of them where they have room, else those of what is chosen; the legend has the others.
fn foot(
    mut reading: Reading,
    plotted: &Plotted<'_>,
    chosen: usize,
    room: u16,
    cx: &Cx<'_>,
) -> ratatui::text::Line<'static> {
    let whole = reading.foot(cx.theme);
    if whole.width() + 2 <= usize::from(room) {
        return whole;
    }
    let lines = plotted.parts.get(chosen).map_or(0..0, |part| part.lines.clone());
    reading.values = reading.values.get(lines).unwrap_or_default().to_vec();
    let fits = |reading: &Reading| reading.foot(cx.theme).width() + 2 <= usize::from(room);
    while reading.values.len() > 1 && !fits(&reading) {
        reading.values.pop();
    }
    if !fits(&reading) {
        reading.compared = None;
    }
    reading.foot(cx.theme)
}
