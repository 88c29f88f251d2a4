//! What is on the explorer's chart: a row a pick with its value, and below a search or SQL what it finds.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Metrics;
use crate::analysis::expression;
use crate::panes::Cx;
use crate::panes::query_plot::{Part, Plotted};
use crate::store::series::{MetricQuery, MetricSource};
use crate::text::{Align, clean, pad, units, width};
use crate::widgets::chart::Side;
use crate::widgets::legend::glyph;
use crate::widgets::print::{line, put, put_next};
use crate::widgets::selection::select;
use crate::widgets::theme::Role;

/// Below this there is no room for what a value is compared with.
const ROOM_FOR_EARLIER: u16 = 64;

/// A row of the legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LegendRow {
    /// What was picked, by its place.
    Pick(usize),
    /// A line that the pick above has found.
    Member(usize),
    /// How many more it has found than are drawn.
    More(usize),
}

/// The rows of all picks.
pub(super) fn rows(picks: &[expression::Line], plotted: &Plotted<'_>) -> Vec<LegendRow> {
    let of_pick = |(index, part): (usize, &Part)| {
        let mut rows = vec![LegendRow::Pick(index)];
        if part.found > 1 {
            rows.extend(part.lines.clone().map(LegendRow::Member));
            let left_out = part.found - part.lines.len();
            rows.extend((left_out > 0).then_some(LegendRow::More(left_out)));
        }
        rows
    };
    plotted.parts.iter().take(picks.len()).enumerate().flat_map(of_pick).collect()
}

/// The glyph and colour of a pick: its line's, where it has one alone.
pub(super) fn mark(plotted: &Plotted<'_>, pick: usize) -> (&'static str, Role) {
    let part = plotted.parts.get(pick).filter(|part| part.found == 1);
    let line = part.and_then(|part| plotted.chart.lines.get(part.lines.start));
    line.map_or((glyph(Role::Muted), Role::Muted), |line| (line.glyph, line.role))
}

/// Widths of the columns in front of the names.
struct Columns {
    id: usize,
    value: usize,
    earlier: usize,
    axes: bool,
}

/// ```text
///  ● m1    12  Errors orders-ingest · Sum · 60s · AWS/Lambda
///  ┄ e2        3 series · SEARCH('{AWS/Lambda,FunctionName} Invocations', 'Sum', 60)
///    ■    512  orders-ingest
///    ▲     34  payments-risk
///              … and 1 more
///  ◆ e3 → 2 %  100 * m1 / AWS/Lambda:Invocations:Sum · 60s
/// ```
pub(super) fn draw(
    pane: &Metrics,
    plotted: &Plotted<'_>,
    rows: &[LegendRow],
    focused: bool,
    buf: &mut Buffer,
    area: Rect,
    cx: &Cx<'_>,
) {
    let values: Vec<(String, String)> = plotted
        .chart
        .lines
        .iter()
        .map(|one| {
            let value = plotted.chart.number(one).0;
            let earlier = plotted.chart.compared.map(|_| value.against().trim().to_owned());
            (value.text(), earlier.unwrap_or_default())
        })
        .collect();
    let widest = |of: fn(&(String, String)) -> &String| values.iter().map(|value| width(of(value))).max().unwrap_or(0);
    let columns = Columns {
        id: pane.picks.iter().map(|line| width(&line.id)).max().unwrap_or(0),
        value: widest(|value| &value.0).max(1),
        earlier: if area.width < ROOM_FOR_EARLIER { 0 } else { widest(|value| &value.1) },
        axes: plotted.parts.iter().any(|part| part.side == Side::Right),
    };
    // What is chosen is in view, with as much of what it has found as there is room for.
    let of_chosen = |row: &LegendRow| *row == LegendRow::Pick(pane.chosen);
    let chosen = rows.iter().position(of_chosen).unwrap_or(0);
    let members = rows.iter().skip(chosen + 1).take_while(|row| !matches!(row, LegendRow::Pick(_))).count();
    let first = (chosen + members + 1).saturating_sub(usize::from(area.height)).min(chosen);
    let legend = Legend { pane, plotted, values: &values, columns: &columns };
    for (at, row) in rows.iter().skip(first).enumerate() {
        let Some(space) = line(area, at) else { return };
        match *row {
            LegendRow::Pick(index) => {
                draw_pick(&legend, index, buf, space, cx);
                if focused && index == pane.chosen {
                    select(buf, space, cx.theme);
                }
            }
            LegendRow::Member(index) => draw_member(&legend, index, buf, space, cx),
            LegendRow::More(count) => {
                let indent = " ".repeat(columns.before_names());
                put(buf, space, &format!("{indent}… and {count} more"), cx.theme.style(Role::Muted), Align::Left);
            }
        }
    }
}

impl Columns {
    const fn before_names(&self) -> usize {
        let axes = if self.axes { 2 } else { 0 };
        let earlier = if self.earlier > 0 { self.earlier + 2 } else { 0 };
        3 + self.id + axes + 1 + self.value + earlier + 2
    }

    /// The axis, the value and what it is compared with.
    fn put(&self, side: Side, value: Option<&(String, String)>, buf: &mut Buffer, space: Rect, cx: &Cx<'_>) -> Rect {
        let axis = match side {
            Side::Right if self.axes => " →",
            Side::Left if self.axes => "  ",
            Side::Left | Side::Right => "",
        };
        let (text, earlier) = value.map_or(("", ""), |(text, earlier)| (text, earlier));
        let rest = put_next(buf, space, axis, cx.theme.style(Role::Muted));
        let rest =
            put_next(buf, rest, &format!(" {}", pad(text, self.value, Align::Right)), cx.theme.style(Role::Strong));
        let earlier =
            if self.earlier > 0 { format!("  {}", pad(earlier, self.earlier, Align::Left)) } else { String::new() };
        put_next(buf, rest, &format!("{earlier}  "), cx.theme.style(Role::Muted))
    }
}

/// What the rows of a legend have in common.
struct Legend<'l, 'c> {
    pane: &'l Metrics,
    plotted: &'l Plotted<'c>,
    /// Of each line the value and the earlier one, as text.
    values: &'l [(String, String)],
    columns: &'l Columns,
}

fn draw_pick(legend: &Legend<'_, '_>, index: usize, buf: &mut Buffer, space: Rect, cx: &Cx<'_>) {
    let Legend { pane, plotted, values, columns } = *legend;
    let (Some(picked), Some(part)) = (pane.picks.get(index), plotted.parts.get(index)) else { return };
    let (glyph, role) = mark(plotted, index);
    let rest = put_next(buf, space, &format!(" {glyph} "), cx.theme.style(role));
    let rest = put_next(buf, rest, &pad(&picked.id, columns.id, Align::Left), cx.theme.style(Role::Strong));
    let none = (units::NOTHING.to_owned(), String::new());
    let value =
        if part.found > 1 { None } else { values.get(part.lines.start).filter(|_| part.found == 1).or(Some(&none)) };
    let rest = columns.put(part.side, value, buf, rest, cx);
    let query = picked.query.drawn(cx.window, pane.look.compare, cx.now);
    let (words, role) = match &part.message {
        Some(message) => (message.clone(), Role::Failed),
        None if part.found > 1 => (format!("{} series · {}", part.found, picked.title), Role::Muted),
        None => (described(picked, &query), Role::Muted),
    };
    put(buf, rest, &clean(&words), cx.theme.style(role), Align::Left);
}

fn draw_member(legend: &Legend<'_, '_>, index: usize, buf: &mut Buffer, space: Rect, cx: &Cx<'_>) {
    let Legend { plotted, values, columns, .. } = *legend;
    let Some(one) = plotted.chart.lines.get(index) else { return };
    let rest = put_next(buf, space, "   ", cx.theme.style(Role::Muted));
    let rest = put_next(buf, rest, &pad(one.glyph, columns.id, Align::Left), cx.theme.style(one.role));
    let rest = columns.put(one.side, values.get(index), buf, rest, cx);
    put(buf, rest, one.label.trim_end_matches(" →"), cx.theme.style(Role::Text), Align::Left);
}

/// `Errors orders-ingest · Sum · 60s · AWS/Lambda`; an expression as it was typed.
fn described(picked: &expression::Line, query: &MetricQuery) -> String {
    let period = expression::period_text(query.period_s);
    match &query.source {
        MetricSource::Stat { namespace, .. } => format!("{} · {period} · {namespace}", expression::title(query)),
        MetricSource::Expression { .. } => format!("{} · {period}", picked.title),
    }
}
