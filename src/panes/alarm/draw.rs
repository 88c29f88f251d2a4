//! The drawing of one alarm.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::{AlarmPane, AlarmView, Fact, graph, next, ribbon, rule_lines, words};
use crate::panes::alarms::columns::Columns;
use crate::panes::alarms::role;
use crate::panes::{Cx, source_note};
use crate::store::alarm::AlarmState;
use crate::store::health::Health;
use crate::text::{Align, pad, truncate, width};
use crate::widgets::area::padded;
use crate::widgets::frame::pane_frame;
use crate::widgets::print::{line, put, put_next, wrap};
use crate::widgets::theme::Role;

/// From this width on, facts stand right of the chart.
const SIDE_BY_SIDE: u16 = 120;
/// Rows of a chart that shares its column with facts and history, axis included, and at most.
const CHART_ROWS: (u16, u16) = (9, 20);
/// Rows under the chart: what breaches, and the states.
const RIBBONS: u16 = 2;
/// Rows for the reason, and on a tall screen.
const REASON_ROWS: (u16, u16) = (2, 4);
/// Cells of a fact's label.
pub(super) const LABEL: usize = 11;
/// Rows that the history keeps below facts: its heading and two lines.
const HISTORY_ROWS: u16 = 3;

pub(super) fn draw(pane: &AlarmPane, buf: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let health = pane.health(cx);
    let note = source_note(health, cx.now);
    let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
    let columns = Columns::fit(area.width);
    let view = pane.view(cx, usize::from(columns.spark));
    let mut block = pane_frame(&crate::text::clean(&pane.name), note, cx.focused, cx.theme);
    if let Some(reading) = view.as_ref().and_then(|view| view.reading.as_ref()) {
        block = block.title_bottom(reading.foot(cx.theme));
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
    let inner = padded(inner);
    if pane.in_words {
        words::draw(&view, pane.top, state_line(&view, inner, buf, cx), buf, cx);
        return;
    }
    let rest = head(&view, inner, buf, cx);
    let rest = next::draw(pane, rest, buf, cx);
    let rest = skip(rest, u16::from(rest.height >= 3 * CHART_ROWS.0));
    if rest.width >= SIDE_BY_SIDE {
        let left = Rect { width: rest.width * 3 / 5, ..rest };
        let right = Rect { x: left.right() + 2, width: rest.width - left.width - 2, ..rest };
        let least = rest.height.saturating_sub(HISTORY_ROWS + 1);
        let rows = if view.tree.is_empty() { CHART_ROWS.1.max(rest.height * 3 / 5) } else { rest.height * 3 / 4 };
        let below = body(pane, &view, Rect { height: rows.min(least), ..left }, buf, cx);
        history(pane, &view, Rect { y: below, height: left.bottom().saturating_sub(below), ..left }, buf, cx);
        let below = facts(&view.facts, right, buf, cx);
        section("Links", &view.links, below, buf, cx);
        return;
    }
    let wanted = facts_rows(&view.facts, rest.width) + view.history.len().clamp(1, 4) as u16 + 2;
    // On a small screen the chart gives up two rows of its own to what the alarm sees and is set to.
    let chart_rows = if rest.height < 2 * CHART_ROWS.0 + RIBBONS { CHART_ROWS.0 - 2 } else { CHART_ROWS.0 };
    let least = if view.chart.is_some() || !view.tree.is_empty() { chart_rows + RIBBONS } else { 5 };
    let least = if view.tree.is_empty() { least } else { (view.tree.len() as u16 + 3).max(5) };
    let rows = rest.height.saturating_sub(wanted).max(least).min(rest.height);
    let below = body(pane, &view, Rect { height: rows, ..rest }, buf, cx);
    let below = Rect { y: below, height: rest.bottom().saturating_sub(below), ..rest };
    let kept = Rect { height: below.height.saturating_sub(HISTORY_ROWS), ..below };
    let free = facts(&view.facts, kept, buf, cx);
    let free = Rect { height: below.bottom().saturating_sub(free.y), ..free };
    let spare = free.height.saturating_sub(HISTORY_ROWS + view.history.len().min(4) as u16);
    let used = section("Links", &view.links, Rect { height: spare, ..free }, buf, cx);
    history(pane, &view, skip(free, used), buf, cx);
}

/// State, since and value; returns what is left below.
fn state_line(view: &AlarmView<'_>, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> Rect {
    let row = &view.row;
    let colour = cx.theme.style(row.role());
    let rest = put_next(buf, area, &format!("{} {}", row.glyph(), row.state.name()), colour);
    let since = if row.since.is_empty() { String::new() } else { format!(" since {}, {}", row.since, row.age) };
    let rest = put_next(buf, rest, &since, cx.theme.style(Role::Muted));
    let role = if row.then { Role::Muted } else { Role::Strong };
    let mut rest = put_next(buf, rest, &format!("   {}", row.versus), cx.theme.style(role));
    if row.state == AlarmState::Alarm {
        rest = put_next(buf, rest, &format!("   {}", row.severity.name()), colour);
    }
    for note in &row.notes {
        rest = put_next(buf, rest, &format!(" · {note}"), cx.theme.style(Role::Text));
    }
    skip(area, 1)
}

/// State, since, value and reason; returns what is left below.
fn head(view: &AlarmView<'_>, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> Rect {
    let area = state_line(view, area, buf, cx);
    if view.row.reason.is_empty() || area.height < CHART_ROWS.0 {
        return area;
    }
    let most = if area.height >= 4 * CHART_ROWS.0 { REASON_ROWS.1 } else { REASON_ROWS.0 };
    let used = paragraph(&view.row.reason, Rect { height: most, ..area }, buf, cx);
    skip(area, used)
}

/// A text in as many lines as it needs and the area has; what has no room is cut with `…`. Returns the lines used.
fn paragraph(text: &str, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> u16 {
    let lines = wrap(text, usize::from(area.width));
    let shown = lines.len().min(usize::from(area.height));
    for (i, text) in lines.iter().take(shown).enumerate() {
        let Some(place) = line(area, i) else { break };
        let cut = i + 1 == shown && lines.len() > shown;
        let text =
            if cut { truncate(&format!("{text} …"), usize::from(area.width)).into_owned() } else { text.clone() };
        put(buf, place, &text, cx.theme.style(Role::Text), Align::Left);
    }
    shown as u16
}

/// The chart with marks and ribbon under it; for a composite its rule, then the chart of the alarm under the cursor.
/// Returns the first row below.
fn body(pane: &AlarmPane, view: &AlarmView<'_>, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> u16 {
    let mut rest = area;
    if view.rule.is_some() {
        let used = rule_lines::rule(pane, view, area, buf, cx);
        rest = skip(area, used);
    }
    let Some(chart) = &view.chart else {
        draw_ribbon(pane, Rect { height: 1, ..rest }.intersection(area), buf, cx);
        return (rest.y + 2).min(area.bottom());
    };
    if view.charted.is_some() && rest.height < CHART_ROWS.0 + RIBBONS {
        draw_ribbon(pane, Rect { height: 1, ..rest }.intersection(area), buf, cx);
        return (rest.y + 2).min(area.bottom());
    }
    if let Some(name) = &view.charted
        && let Some(heading) = line(rest, 0)
    {
        put(buf, heading, name, cx.theme.style(Role::Title), Align::Left);
        rest = skip(rest, 1);
    }
    if rest.height < 2 + RIBBONS {
        chart.draw(rest, buf, cx.theme);
        return rest.bottom();
    }
    let above = Rect { height: rest.height.saturating_sub(RIBBONS), ..rest };
    chart.draw(above, buf, cx.theme);
    let plot = chart.plot(above);
    let under = |row: u16| Rect { x: plot.x, width: plot.width, y: above.bottom() + row, height: 1 };
    let gutter = |row: u16| Rect { x: rest.x, width: plot.x - rest.x, ..under(row) };
    draw_marks(pane, view, chart, under(0), buf, cx);
    draw_ribbon(pane, under(1), buf, cx);
    for (row, word) in [(0, "breach"), (1, "state")] {
        label(word, gutter(row), buf, cx);
    }
    // A blank line below, where there is room to spare.
    rest.bottom() + u16::from(rest.height > CHART_ROWS.0 + RIBBONS)
}

/// A word left of a row of marks. One that is too long for its place goes on where the row is blank, with a gap.
fn label(word: &str, gutter: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    let space = gutter.intersection(buf.area);
    let style = cx.theme.style(Role::Muted);
    if width(word) < usize::from(space.width) {
        put(buf, Rect { width: space.width - 1, ..space }, word, style, Align::Right);
        return;
    }
    let long = Rect { width: width(word) as u16 + 1, ..space }.intersection(buf.area);
    let is_blank = |x: u16| buf.cell((x, space.y)).is_some_and(|cell| cell.symbol() == " ");
    if width(word) < usize::from(long.width) && (space.right()..long.right()).all(is_blank) {
        put(buf, long, word, style, Align::Left);
    }
}

fn draw_marks(
    pane: &AlarmPane,
    view: &AlarmView<'_>,
    chart: &crate::widgets::chart::Chart<'_>,
    area: Rect,
    buf: &mut Buffer,
    cx: &Cx<'_>,
) {
    let area = area.intersection(buf.area);
    let name = view.charted.as_deref().unwrap_or(&pane.name);
    let Some(metric) = cx.store.alarm(name).and_then(|alarm| alarm.metric()).filter(|_| !area.is_empty()) else {
        return;
    };
    let marks = graph::marks(metric, view.look.as_ref(), (chart.from, chart.to), cx, area.width);
    for (x, mark) in (area.x..area.right()).zip(marks) {
        let (symbol, role) = graph::cell(mark);
        buf[(x, area.y)].set_symbol(symbol).set_style(cx.theme.ink(role));
    }
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

/// The rows that facts take at a width.
fn facts_rows(facts: &[Fact], cells: u16) -> u16 {
    let room = usize::from(cells).saturating_sub(LABEL).max(1);
    facts.iter().map(|fact| wrap(&fact.text, room).len().clamp(1, 3) as u16).sum()
}

/// The facts, each in as many lines as it needs; returns what is left below.
fn facts(facts: &[Fact], area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> Rect {
    let mut rest = area;
    for fact in facts {
        if rest.is_empty() {
            break;
        }
        let lines = facts_rows(std::slice::from_ref(fact), area.width);
        let space = Rect { height: lines.min(rest.height), ..rest };
        let right = put_next(buf, space, &pad(fact.label, LABEL, Align::Left), cx.theme.style(Role::Muted));
        paragraph(&fact.text, right, buf, cx);
        rest = skip(rest, lines);
    }
    skip(rest, u16::from(rest.height > 2))
}

/// Facts under a heading, if there are any and there is room for one; returns the rows used, the blank one included.
fn section(title: &str, rows: &[Fact], area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> u16 {
    if rows.is_empty() || area.height < 2 {
        return 0;
    }
    put(buf, Rect { height: 1, ..area }, title, cx.theme.style(Role::Title), Align::Left);
    let rest = facts(rows, skip(area, 1), buf, cx);
    (rest.y - area.y).min(area.height)
}

/// Cells of what happened; AWS's words for it are shorter.
const LONGEST_KIND: usize = 32;

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
    let kinds = rows.iter().map(|row| width(&row.kind)).max().unwrap_or(0).min(LONGEST_KIND);
    for (i, row) in rows.iter().enumerate() {
        let Some(space) = line(area, i) else { return };
        let rest = put_next(buf, space, &pad(&row.time, times + 2, Align::Left), cx.theme.style(Role::Muted));
        let rest = put_next(buf, rest, &pad(&row.kind, kinds + 2, Align::Left), cx.theme.style(Role::Muted));
        let colour = if row.failed { Role::Failed } else { row.state.map_or(Role::Text, role) };
        put(buf, rest, &row.text, cx.theme.style(colour), Align::Left);
    }
}

/// An area without its first rows.
pub(super) fn skip(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}
