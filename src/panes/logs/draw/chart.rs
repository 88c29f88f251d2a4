//! The rows over time, with all lines by name.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::analysis::log_query::bins::Bins;
use crate::analysis::log_query::meaning::Meaning;
use crate::clock::{Time, floor};
use crate::panes::Cx;
use crate::panes::cursor::wall;
use crate::panes::logs::charting::Charting;
use crate::panes::query_plot::{GLYPHS, ROLES};
use crate::text::clean;
use crate::text::time::clock;
use crate::text::units::plural;
use crate::widgets::area::cut_top;
use crate::widgets::chart::{Chart, Kind, Line, Side};
use crate::widgets::print::{Align, cells, line, put, put_next, wrap};
use crate::widgets::selection::select;
use crate::widgets::theme::Role;

/// Width from which the names stand beside the chart.
const BESIDE: u16 = 100;
/// The most cells that the names take there.
const WIDEST: u16 = 44;

pub(super) fn chart(
    charting: &mut Charting,
    span: (Time, Time),
    buffer: &mut Buffer,
    area: Rect,
    (focused, cx): (bool, &Cx<'_>),
) {
    let (kind, one_axis, at, drawn) = (charting.kind, charting.one_axis, charting.at, charting.drawn());
    let (Some(bins), list) = charting.parts() else {
        let words = "There is no chart of these rows: it needs stats … by bin(…) with a number.";
        for (row, words) in wrap(words, usize::from(area.width)).iter().enumerate() {
            let Some(space) = line(area, row) else { return };
            put(buffer, space, words, cx.theme.style(Role::Muted), Align::Left);
        }
        return;
    };
    let looks = looks(bins);
    let apart = |figure: usize| !one_axis && bins.figures.get(figure).is_some_and(|(_, differs)| *differs);
    // Those that are not drawn have a value too.
    let lines: Vec<Line<'_>> = bins
        .lines
        .iter()
        .zip(&looks)
        .map(|(line, (glyph, role))| Line {
            glyph,
            side: if apart(line.figure) { Side::Right } else { Side::Left },
            ..Line::new(clean(&line.name).into_owned(), *role, line.points.as_slice().into())
        })
        .collect();
    let count = lines.len();
    // Bins begin before the window where it does not begin with one.
    let from = floor(span.0, bins.period_s);
    let all = Chart {
        kind,
        lines,
        cursor: at,
        empty: "no figures".to_owned(),
        ..Chart::new((from, span.1), bins.period_s, cx.now, crate::board::Unit::None, wall(cx.zone))
    };
    let values: Vec<String> = all.lines.iter().map(|line| all.number(line).0.text()).collect();
    let names: Vec<String> = all.lines.iter().map(|line| named(line)).collect();
    let shown = Chart { lines: drawn.iter().filter_map(|nth| all.lines.get(*nth)).cloned().collect(), ..all.clone() };
    let (body, below) = parts(area, count, &names, &values);
    shown.draw(body, buffer, cx.theme);
    let read = at.map_or_else(|| "newest whole bin".to_owned(), |at| format!("at {}", clock(&cx.zone.at(at))));
    let listed = usize::from(below.height.saturating_sub(1));
    let head = match (listed < count, shown.lines.len() < count) {
        (true, _) => format!("{listed} of {} · {read}", plural(count, "line")),
        (false, true) => format!("{} of {} drawn · {read}", shown.lines.len(), plural(count, "line")),
        (false, false) => read,
    };
    let rest = if below.height > 1 {
        let (top, rest) = cut_top(below, 1);
        put(buffer, top, &head, cx.theme.style(Role::Muted), Align::Left);
        rest
    } else {
        below
    };
    let view = list.visible(count, usize::from(rest.height));
    for (row, nth) in view.enumerate() {
        let (Some(space), Some(one)) = (line(rest, row), all.lines.get(nth)) else { return };
        let is_drawn = drawn.contains(&nth) && kind != Kind::Numbers;
        let glyph = if is_drawn { one.glyph } else { " " };
        let left = put_next(buffer, space, &format!("{glyph} "), cx.theme.style(one.role));
        let value = values.get(nth).map_or("", String::as_str);
        let need = cells(value).saturating_add(1).min(left.width);
        let name = Rect { width: left.width - need, ..left };
        let used =
            put(buffer, name, names.get(nth).map_or("", String::as_str), cx.theme.style(Role::Text), Align::Left);
        let after = Rect { x: left.x + used + 1, width: left.width.saturating_sub(used + 1), ..left };
        // A figure far from its name is hard to follow: it stands at the edge only in a narrow list.
        let align = if area.width >= BESIDE { Align::Right } else { Align::Left };
        put(buffer, after, value, cx.theme.style(Role::Strong), align);
        if focused && count > 1 && nth == list.row() {
            select(buffer, space, cx.theme);
        }
    }
}

fn named(line: &Line<'_>) -> String {
    if line.side == Side::Right { format!("{} →", line.label) } else { line.label.clone() }
}

/// Where the chart and the names stand: side by side where there is room for both, else one above the other.
fn parts(area: Rect, count: usize, names: &[String], values: &[String]) -> (Rect, Rect) {
    let rows = u16::try_from(count).unwrap_or(u16::MAX);
    if count > 1 && area.width >= BESIDE {
        let need = names.iter().zip(values).map(|(name, value)| cells(name) + cells(value) + 3).max().unwrap_or(0);
        let wide = need.clamp(18, WIDEST);
        let body = Rect { width: area.width - wide - 2, ..area };
        return (body, Rect { x: body.right() + 2, width: wide, ..area });
    }
    let high = rows.saturating_add(u16::from(count > 1)).min((area.height / 3).max(1));
    let (list, body) = cut_top(area, high);
    (body, list)
}

/// What each line looks like: what failed and what went well in their colours, where they are the only ones of their kind,
/// the others in those of series; no two marks are the same as far as marks go.
fn looks(bins: &Bins) -> Vec<(&'static str, Role)> {
    let alone = |meaning: Meaning, figure: usize| {
        bins.lines.iter().filter(|line| line.meaning == meaning && line.figure == figure).count() == 1
    };
    let looks = bins.lines.iter().enumerate().map(|(nth, line)| {
        let role = match line.meaning {
            Meaning::Bad if alone(line.meaning, line.figure) => Role::Failed,
            Meaning::Refused if alone(line.meaning, line.figure) => Role::Error,
            Meaning::Doubtful if alone(line.meaning, line.figure) => Role::Warning,
            Meaning::Good if alone(line.meaning, line.figure) => Role::Good,
            _ => ROLES[nth % ROLES.len()],
        };
        (GLYPHS[nth % GLYPHS.len()], role)
    });
    looks.collect()
}
