//! The drawing of the explorer.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::widgets::Widget;

use super::tree::{Item, Row};
use super::{Metrics, Part, is_of};
use crate::analysis::expression;
use crate::panes::charts::Charts;
use crate::panes::query_plot::{self, Named, ROLES};
use crate::panes::{Cx, plot, source_note};
use crate::store::catalogue::{Ending, MOST};
use crate::store::health::SourceId;
use crate::store::series::{MetricQuery, MetricSource};
use crate::text::{Align, clean, width};
use crate::widgets::frame::pane_frame;
use crate::widgets::legend::glyph;
use crate::widgets::print::{line, put, put_next};
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
    if area.width < BOTH {
        match pane.part {
            Part::List => draw_list(pane, frame.buffer_mut(), area, cx),
            Part::Chart => draw_charts(pane, frame.buffer_mut(), area, cx),
        }
        return;
    }
    let side = (area.width * 2 / 5).clamp(34, 64);
    let [list, charts] = Layout::horizontal([Constraint::Length(side), Constraint::Min(0)]).areas(area);
    draw_list(pane, frame.buffer_mut(), list, cx);
    draw_charts(pane, frame.buffer_mut(), charts, cx);
}

fn draw_list(pane: &mut Metrics, buf: &mut Buffer, area: Rect, cx: &Cx<'_>) {
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
        draw_row(pane, row, buf, space, cx);
        if focused && index == pane.list.row() {
            select(buf, space, cx.theme);
        }
    }
}

/// `Metrics · 184 active · Average`, and what is left out.
fn heading(pane: &Metrics, cx: &Cx<'_>) -> String {
    let (count, ending) =
        pane.catalogue(cx).map_or((0, Ending::Coming), |catalogue| (catalogue.len(), catalogue.ending()));
    let which = if pane.all { "" } else { " active" };
    let more = match ending {
        Ending::Coming if count > 0 => " so far",
        Ending::Coming | Ending::Complete => "",
        Ending::Cut => " of more",
    };
    let search = if pane.search.is_empty() { String::new() } else { format!(" · {} found", pane.tree.rows().len()) };
    format!("Metrics · {count}{which}{more}{search}")
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

fn draw_row(pane: &Metrics, row: &Row, buf: &mut Buffer, space: Rect, cx: &Cx<'_>) {
    let style = |role| cx.theme.style(role);
    let mark = match &row.item {
        Item::Group { open: true, .. } => ("▾ ", Role::Muted),
        Item::Group { open: false, .. } => ("▸ ", Role::Muted),
        Item::Metric(metric) => match pane.picks.iter().position(|line| is_of(&line.query, metric)) {
            Some(nth) => (glyph(ROLES[nth % ROLES.len()]), ROLES[nth % ROLES.len()]),
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
    let rest = put_next(buf, space, &clean(&row.text), style(Role::Text));
    if !row.more.is_empty() {
        put(buf, rest, &format!("  {}", clean(&row.more)), style(Role::Muted), Align::Left);
    }
}

fn draw_charts(pane: &Metrics, buf: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let shown = pane.shown();
    let focused = cx.focused && pane.part == Part::Chart;
    if !pane.grid || shown.len() < 2 {
        draw_one(pane, &shown, buf, area, cx, focused);
        return;
    }
    let (_, places) = Charts::places(area, shown.len(), pane.chosen);
    for (index, place) in places {
        let Some(named) = shown.get(index) else { return };
        let chart = query_plot::chart(std::slice::from_ref(named), index, cx, &pane.look);
        let title = plot::title(&heading_of(pane, index, named), &chart, &pane.look);
        let block = pane_frame(&title, None, focused && index == pane.chosen, cx.theme);
        let inner = block.inner(place);
        block.render(place, buf);
        chart.draw(inner, buf, cx.theme);
    }
}

/// `Errors orders-ingest · Sum · 60s · AWS/Lambda`; an expression as it was typed.
fn described(picked: &expression::Line, query: &MetricQuery) -> String {
    let period = expression::period_text(query.period_s);
    match &query.source {
        MetricSource::Stat { namespace, .. } => format!("{} · {period} · {namespace}", expression::title(query)),
        MetricSource::Expression { .. } => format!("{} · {period}", picked.title),
    }
}

fn heading_of(pane: &Metrics, index: usize, named: &Named) -> String {
    pane.picks.get(index).map_or_else(|| named.title.clone(), |line| format!("{} {}", line.id, named.title))
}

/// One chart of everything, with what is on it listed below.
fn draw_one(pane: &Metrics, shown: &[Named], buf: &mut Buffer, area: Rect, cx: &Cx<'_>, focused: bool) {
    let note = source_note(cx.store.health(SourceId::Metrics), cx.now);
    let note = note.as_ref().filter(|_| !shown.is_empty()).map(|(text, role)| (text.as_str(), *role));
    let chart = query_plot::chart(shown, 0, cx, &pane.look);
    let title = match (pane.picks.len(), shown.first()) {
        (0, None) => "Chart".to_owned(),
        (0, Some(named)) => plot::title(&format!("{} · {}", named.title, pane.statistic), &chart, &pane.look),
        (1, Some(named)) => plot::title(&named.title, &chart, &pane.look),
        (count, _) => plot::title(&format!("{count} on the chart"), &chart, &pane.look),
    };
    let mut block = pane_frame(&title, note, focused, cx.theme);
    if let Some(reading) = chart.reading() {
        block = block.title_bottom(reading.foot(cx.theme));
    }
    let inner = block.inner(area);
    block.render(area, buf);
    if shown.is_empty() {
        let words = "p puts the metric under the cursor here, f an expression";
        put(buf, inner, words, cx.theme.style(Role::Muted), Align::Left);
        return;
    }
    let most = inner.height.saturating_sub(CHART_ROWS).min(inner.height / 2);
    let foot = most.min(pane.picks.len() as u16);
    let curve = Rect { height: inner.height - foot, ..inner };
    chart.draw(curve, buf, cx.theme);
    let list = Rect { y: curve.bottom(), height: foot, ..inner };
    let first = pane.chosen.saturating_sub(usize::from(foot).saturating_sub(1));
    let mut drawn = 0;
    for (index, picked) in pane.picks.iter().enumerate() {
        let query = picked.query.drawn(cx.window, pane.look.compare, cx.now);
        let series = cx.store.series(&query).map_or(0, |set| set.series.len());
        let role = ROLES[drawn % ROLES.len()];
        drawn += series;
        let Some(space) = index.checked_sub(first).and_then(|row| line(list, row)) else { continue };
        let role = if series == 1 { role } else { Role::Muted };
        let rest = put_next(buf, space, &format!(" {} ", glyph(role)), cx.theme.style(role));
        let rest = put_next(buf, rest, &format!("{}  ", picked.id), cx.theme.style(Role::Strong));
        let message = cx.store.series(&query).and_then(|set| set.message.as_deref());
        let (words, role) = match message {
            Some(message) => (message.to_owned(), Role::Failed),
            None if series > 1 => (format!("{series} series · {}", picked.title), Role::Muted),
            None => (described(picked, &query), Role::Muted),
        };
        put(buf, rest, &clean(&words), cx.theme.style(role), Align::Left);
        if focused && index == pane.chosen {
            select(buf, space, cx.theme);
        }
    }
}
