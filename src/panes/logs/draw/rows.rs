//! The rows as a table with a cell under the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::analysis::log_query::columns;
use crate::analysis::log_query::meaning::{self, Meaning};
use crate::panes::Cx;
use crate::panes::logs::Logs;
use crate::panes::logs::patterns::shown;
use crate::panes::logs::table::Breadth;
use crate::store::rows::LogRows;
use crate::text::{clean, truncate, width};
use crate::widgets::area::cut_top;
use crate::widgets::print::{Align, cells, line, put};
use crate::widgets::selection::select;
use crate::widgets::theme::Role;

/// The widest and the narrowest that a column is by itself.
const FIT: (usize, usize) = (4, 40);
/// Cells of a narrow column.
const NARROW: usize = 8;

/// A column as it is drawn.
struct Column {
    name: String,
    /// Its place among those that are shown.
    nth: usize,
    space: Rect,
    align: Align,
}

pub(super) fn draw(logs: &mut Logs, rows: &LogRows, buffer: &mut Buffer, area: Rect, (focused, cx): (bool, &Cx<'_>)) {
    let (head, body) = cut_top(area, 1);
    let table = &mut logs.table;
    let view = table.list.visible(table.order.len(), usize::from(body.height));
    let at: Vec<usize> = table.order.get(view.clone()).unwrap_or_default().to_vec();
    let seen: Vec<&[(String, String)]> = at.iter().filter_map(|at| rows.rows.get(*at)).map(Vec::as_slice).collect();
    let names: Vec<String> = table.shown().into_iter().map(str::to_owned).collect();
    if names.is_empty() || seen.is_empty() {
        let words = if table.filter.is_empty() { "No columns." } else { "No row holds that." };
        put(buffer, body, words, cx.theme.style(Role::Muted), Align::Left);
        return;
    }
    let room = usize::from(area.width);
    // Each is made clean once a frame.
    let texts: Vec<Vec<String>> = names.iter().map(|name| texts(name, &seen, room)).collect();
    let longest: Vec<usize> =
        texts.iter().map(|texts| texts.iter().map(|text| width(text)).max().unwrap_or(0)).collect();
    let widths: Vec<usize> =
        names.iter().zip(&longest).map(|(name, longest)| wide(logs, name, *longest, room)).collect();
    let is_cut = |(name, longest): (&String, &usize)| logs.table.breadth(name) == Breadth::Fit && *longest > FIT.1;
    let stretches: Vec<bool> = names.iter().zip(&longest).map(is_cut).collect();
    let places = place(logs, &names, (&widths, &stretches), room);
    let columns: Vec<Column> = places
        .into_iter()
        .filter_map(|(nth, x, wide)| {
            let name = names.get(nth)?.clone();
            let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
            let values = seen.iter().filter_map(|row| columns::value(row, &name)).filter(|value| !value.is_empty());
            let is_number =
                values.clone().next().is_some() && values.clone().all(|value| columns::number(value).is_some());
            let align = if is_number { Align::Right } else { Align::Left };
            Some(Column { name, nth, space: Rect { x: area.x + short(x), width: short(wide), ..area }, align })
        })
        .collect();
    let current = logs.table.current();
    for column in &columns {
        let is_current = focused && current.as_ref() == Some(&column.name);
        let style = cx.theme.style(if is_current { Role::Strong } else { Role::Muted });
        let space = Rect { y: head.y, height: 1, ..column.space };
        let used = put(buffer, space, &clean(&column.name), style, column.align);
        // The mark of the order stands in the gap behind, so that nothing moves when it comes.
        let arrow = logs.table.arrow(&column.name);
        let x = if column.align == Align::Right { space.right() } else { space.x + used };
        let x = x.min(area.right().saturating_sub(1));
        put(buffer, Rect { x, width: cells(arrow), ..space }, arrow, style, Align::Left);
    }
    let cursor = logs.table.list.row();
    for nth in 0..seen.len() {
        let Some(place) = line(body, nth) else { break };
        for column in &columns {
            let space = Rect { y: place.y, height: 1, ..column.space };
            match texts.get(column.nth).and_then(|texts| texts.get(nth)) {
                Some(text) if !text.is_empty() => {
                    let text = truncate(text, usize::from(space.width) + 1);
                    put(buffer, space, &text, cx.theme.style(role(&column.name, &text)), column.align);
                }
                _ => {
                    put(buffer, space, "–", cx.theme.style(Role::Muted), column.align);
                }
            }
        }
        if view.start + nth == cursor {
            select(buffer, place, cx.theme);
            if let Some(column) = columns.iter().find(|column| focused && current.as_ref() == Some(&column.name)) {
                let cell = Rect { y: place.y, height: 1, ..column.space };
                let strong = ratatui::style::Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
                buffer.set_style(cell.intersection(buffer.area), strong);
            }
        }
    }
}

/// What a value looks like: levels, statuses and outcomes by what they mean.
pub(super) fn role(column: &str, value: &str) -> Role {
    if matches!(column, "@timestamp" | "@ingestionTime") || column.starts_with("bin(") {
        return Role::Muted;
    }
    match meaning::of(column, value) {
        Meaning::Bad => Role::Failed,
        Meaning::Refused => Role::Error,
        Meaning::Doubtful => Role::Warning,
        Meaning::Good => Role::Good,
        Meaning::Plain => Role::Text,
    }
}

/// What the rows in view have in a column, as it is drawn; empty where they have nothing.
fn texts(name: &str, seen: &[&[(String, String)]], room: usize) -> Vec<String> {
    let text = |row: &&[(String, String)]| columns::value(row, name).map(|value| shown(name, value, room + 1));
    seen.iter().map(|row| text(row).unwrap_or_default()).collect()
}

/// The cells that a column takes.
fn wide(logs: &Logs, name: &str, longest: usize, room: usize) -> usize {
    let title = width(&clean(name));
    match logs.table.breadth(name) {
        Breadth::Narrow => NARROW.min(room),
        Breadth::Wide => longest.max(title).min(room),
        Breadth::Fit => longest.clamp(FIT.0, FIT.1).max(title.min(FIT.1)).min(room),
    }
}

/// Which columns stand where: pinned ones always, of the others those around the cursor. The last one takes what room is
/// left.
fn place(
    logs: &mut Logs,
    names: &[String],
    (widths, stretches): (&[usize], &[bool]),
    room: usize,
) -> Vec<(usize, usize, usize)> {
    let pins = logs.table.pins();
    let cursor = logs.table.at();
    let pinned: usize = widths.iter().take(pins).map(|wide| wide + 2).sum();
    let left = room.saturating_sub(pinned);
    let mut first = logs.table.first.clamp(pins, names.len().max(1) - 1);
    if cursor >= pins {
        first = first.min(cursor);
        let needs = |first: usize| {
            let before: usize = widths.get(first..cursor).unwrap_or_default().iter().map(|wide| wide + 2).sum();
            before + widths.get(cursor).copied().unwrap_or(0).min(left)
        };
        while first < cursor && needs(first) > left {
            first += 1;
        }
    }
    // Back to the left where there is room again.
    while first > pins
        && widths.get(first - 1..).unwrap_or_default().iter().map(|wide| wide + 2).sum::<usize>() <= left + 2
    {
        first -= 1;
    }
    logs.table.first = first;
    let mut x = 0;
    let mut placed: Vec<(usize, usize, usize)> = Vec::new();
    for nth in (0..pins).chain(first..names.len()) {
        let Some(free) = room.checked_sub(x).filter(|free| *free > 0) else { break };
        let wide = widths.get(nth).copied().unwrap_or(0).min(free);
        // A sliver of a column says nothing.
        if wide < FIT.0 && wide < widths.get(nth).copied().unwrap_or(0) {
            break;
        }
        placed.push((nth, x, wide));
        x += wide + 2;
    }
    // A text that is cut takes what room is left.
    if let Some((nth, x, wide)) = placed.last_mut()
        && stretches.get(*nth).copied().unwrap_or(false)
        && *nth + 1 == names.len()
    {
        *wide = room.saturating_sub(*x);
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_look_like_what_they_mean() {
        let cases = [
            ("level", "ERROR", Role::Failed),
            ("level", "WARN", Role::Warning),
            ("status", "503", Role::Failed),
            ("status", "404", Role::Error),
            ("event", "TOKEN_PROVISION_SUCCESS", Role::Good),
            ("@timestamp", "2026-01-15 10:28:00.722", Role::Muted),
            ("n", "503", Role::Text),
        ];
        for (column, value, expected) in cases {
            assert_eq!(role(column, value), expected, "{column} = {value}");
        }
    }
}
