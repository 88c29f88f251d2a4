//! Values of a field, and patterns of lines, as lists with shares.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{rows, title};
use crate::board::Unit;
use crate::panes::Cx;
use crate::panes::logs::patterns::{MOST_LINES, Patterns, shown};
use crate::panes::logs::values::Values;
use crate::text::{clean, clean_field, units, width};
use crate::widgets::area::cut_top;
use crate::widgets::bar::lying;
use crate::widgets::print::{Align, line, put, wrap};
use crate::widgets::selection::select;
use crate::widgets::theme::Role;

/// Cells of a bar.
const BAR: u16 = 16;
/// Lines that the pattern under the cursor takes at most.
const WHOLE: u16 = 6;
/// Cells of the figures before a pattern.
const FIGURES: usize = 28;

pub(super) fn values(values: &mut Values, buffer: &mut Buffer, area: Rect, focused: bool, cx: &Cx<'_>) {
    let Some(facet) = &values.facet else { return };
    let (head, body) = cut_top(area, 2);
    let share = |count: usize, of: usize| format!("{:.1} %", count as f64 / of.max(1) as f64 * 100.0);
    let figure = |value: f64| units::value(value, Unit::None);
    // The least and the greatest of secrets are secrets.
    let is_plain = facet.top.iter().all(|(value, _)| clean_field(&facet.name, value) == *value);
    let range = facet
        .range
        .filter(|_| is_plain)
        .map(|(low, mean, high)| format!(" · least {}, mean {}, greatest {}", figure(low), figure(mean), figure(high)));
    let words = format!(
        "{} · in {} of {} rows · {} {}{}",
        clean(&facet.name),
        facet.present,
        values.of,
        facet.distinct,
        if facet.distinct == 1 { "value" } else { "values" },
        range.unwrap_or_default()
    );
    put(buffer, head, &words, cx.theme.style(Role::Strong), Align::Left);
    let view = values.list.visible(facet.top.len(), usize::from(body.height));
    let most = facet.top.first().map_or(1, |(_, count)| *count) as f64;
    for (row, index) in view.enumerate() {
        let (Some(space), Some((value, count))) = (line(body, row), facet.top.get(index)) else { return };
        let figures = Rect { width: 18.min(space.width), ..space };
        put(
            buffer,
            figures,
            &format!("{count:>9} {:>7}", share(*count, values.of)),
            cx.theme.style(Role::Text),
            Align::Left,
        );
        let bar = Rect { x: figures.right() + 1, width: BAR.min(space.width.saturating_sub(19)), ..space };
        lying(buffer, bar, *count as f64, most, cx.theme.style(Role::Series1));
        let rest = Rect { x: bar.right() + 1, width: space.right().saturating_sub(bar.right() + 1), ..space };
        let text = shown(&facet.name, value, usize::from(rest.width) + 1);
        put(buffer, rest, &text, cx.theme.style(rows::role(&facet.name, value)), Align::Left);
        if focused && index == values.list.row() {
            select(buffer, space, cx.theme);
        }
    }
}

pub(super) fn patterns(
    patterns: &mut Patterns,
    rows: usize,
    buffer: &mut Buffer,
    area: Rect,
    (focused, cx): (bool, &Cx<'_>),
) {
    let (head, body) = cut_top(area, 2);
    let compared = patterns.found.iter().any(|pattern| pattern.before.is_some());
    let told = match (patterns.compares, compared) {
        (false, _) => "not compared with the window before",
        (true, false) => "asking the window before…",
        (true, true) => "against the window before",
    };
    let looked = if patterns.lines < rows && rows > MOST_LINES {
        format!("the first {MOST_LINES} of {rows} rows")
    } else {
        units::plural(patterns.lines, "line")
    };
    let words = title::patterns(patterns.found.len(), &patterns.column, &looked, told);
    put(buffer, head, &words, cx.theme.style(Role::Muted), Align::Left);
    let body = whole(patterns, buffer, body, cx);
    let view = patterns.list.visible(patterns.found.len(), usize::from(body.height));
    for (row, index) in view.enumerate() {
        let (Some(space), Some(pattern)) = (line(body, row), patterns.found.get(index)) else { return };
        let share = pattern.count as f64 / patterns.lines.max(1) as f64 * 100.0;
        let news = match pattern.before {
            None => String::new(),
            Some(0) => format!("{:>9} ", "new"),
            Some(before) => format!("{before:>9} "),
        };
        let figures = format!("{:>8} {share:>5.1} % {news}", pattern.count);
        let role = if pattern.before == Some(0) { Role::Warning } else { Role::Text };
        let used = put(buffer, space, &figures, cx.theme.style(role), Align::Left);
        let rest = Rect { x: space.x + used + 1, width: space.width.saturating_sub(used + 1), ..space };
        put(
            buffer,
            rest,
            &shown("", &pattern.template, usize::from(rest.width) + 1),
            cx.theme.style(Role::Text),
            Align::Left,
        );
        if focused && index == patterns.list.row() {
            select(buffer, space, cx.theme);
        }
    }
}

/// The pattern under the cursor, whole as far as a few lines go, at the bottom: what is cut tells patterns of long lines
/// apart in no way. Gives the space above.
fn whole(patterns: &Patterns, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) -> Rect {
    let wide = usize::from(area.width);
    let Some(pattern) = patterns.current() else { return area };
    let text = shown("", &pattern.template, wide * usize::from(WHOLE));
    let lines = wrap(&text, wide);
    let high = u16::try_from(lines.len()).unwrap_or(WHOLE).min(WHOLE);
    if width(&text) + FIGURES <= wide || area.height < high + 4 {
        return area;
    }
    let above = Rect { height: area.height - high - 1, ..area };
    let below = Rect { y: above.bottom() + 1, height: high, ..area };
    for (row, words) in lines.iter().enumerate() {
        let Some(space) = line(below, row) else { break };
        put(buffer, space, words, cx.theme.style(Role::Muted), Align::Left);
    }
    above
}
