//! The drawing of log lines behind a metric.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::row::{self, LineRow};
use super::{LeadRow, MatchesPane, MatchesView, Pattern, Role};
use crate::panes::{Cx, source_note};
use crate::text::width::split;
use crate::text::{clean_head, width};
use crate::widgets::area::{cut_top, padded};
use crate::widgets::frame::pane_frame;
use crate::widgets::print::{Align, line, put, put_marked, put_next, wrap};
use crate::widgets::selection::select;

/// Leads that are listed at most.
const MOST_LEADS: usize = 4;
/// Lines of the pane from which the line under the cursor is shown whole.
const TALL: u16 = 14;
/// Lines of the list from which its columns have headings.
const LINES_FOR_HEADINGS: u16 = 4;
/// Cells of the time and the sign before a line's cells.
const BEFORE_CELLS: usize = 15;

pub(super) fn draw(pane: &mut MatchesPane, buf: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let inquiry = pane.about.inquire(cx);
    if let Some(inquiry) = &inquiry {
        let found = pane.found(inquiry, cx);
        pane.keep_up(&found, inquiry, cx);
    }
    let view = pane.view(cx);
    let note = source_note(pane.health(inquiry.as_ref(), cx), cx.now);
    let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
    let title = view.as_ref().map_or("Lines", |view| view.title.as_str());
    let block = pane_frame(title, note, cx.focused, cx.theme);
    let inner = padded(block.inner(area));
    block.render(area, buf);
    let (Some(view), Some(inquiry)) = (view, inquiry) else {
        put(buf, inner, "waiting for what these lines are about", cx.theme.style(Role::Muted), Align::Left);
        return;
    };
    let rest = head(&view, inner, buf, cx);
    let found = pane.found(&inquiry, cx);
    let lines = pane.passing(&found);
    let keys = row::keys(&lines);
    let selected = pane.list.sync(&keys);
    let pattern = pane.shown(&inquiry).and_then(|lead| Pattern::parse(&lead.pattern).ok());
    let tree = pane.tree.take_if(|(key, _)| !keys.contains(key)).map_or_else(|| pane.tree.is_some(), |_| false);
    let needed =
        selected.map_or(0, |row| clean_head(&lines[row].message, row::HEAD).len()) / usize::from(rest.width.max(1)) + 1;
    let whole = match (rest.height >= TALL, tree) {
        (_, true) => rest.height / 2,
        (true, false) => (rest.height / 3).clamp(4, 10).min(needed as u16),
        (false, false) => 0,
    };
    let (list, below) = cut_top(rest, rest.height.saturating_sub(whole + 1));
    let (foot, below) = cut_top(below, 1);
    put(buf, foot, &view.foot, cx.theme.style(Role::Muted), Align::Left);
    if lines.is_empty() {
        for (n, text) in wrap(&view.empty, usize::from(list.width)).iter().enumerate() {
            let Some(place) = line(list, n) else { return };
            put(buf, place, text, cx.theme.style(Role::Muted), Align::Left);
        }
        return;
    }
    let list = headings(pane, list, buf, cx);
    let shown = pane.list.visible(lines.len(), usize::from(list.height));
    for (n, index) in shown.enumerate() {
        let Some(place) = line(list, n) else { break };
        let row = LineRow::new(lines[index], pattern.as_ref(), pane.digest.cells(lines[index]), cx);
        draw_line(&row, pane.shift, place, buf, cx);
        if cx.focused && selected == Some(index) {
            select(buf, place, cx.theme);
        }
    }
    if let Some((_, browser)) = pane.tree.as_mut() {
        browser.draw(buf, below, cx.theme, cx.focused, "an empty line");
    } else if let Some(index) = selected {
        draw_whole(&LineRow::new(lines[index], pattern.as_ref(), String::new(), cx), below, buf, cx);
    }
}

/// The leads, and what is wrong; returns what is left below.
fn head(view: &MatchesView, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> Rect {
    let mut row = 0;
    let room = usize::from(area.height / 3).clamp(1, MOST_LEADS);
    if let Some(trouble) = &view.trouble
        && let Some(place) = line(area, row)
    {
        put(buf, place, trouble, cx.theme.style(Role::Failed), Align::Left);
        row += 1;
    }
    // The lead that is shown is always in view.
    let shown = view.leads.iter().position(|lead| lead.shown).unwrap_or(0);
    let first = (shown + 1).saturating_sub(room);
    for lead in view.leads.iter().skip(first).take(room) {
        let Some(place) = line(area, row) else { break };
        draw_lead(lead, place, buf, cx);
        row += 1;
    }
    if let Some(summary) = &view.summary
        && let Some(place) = line(area, row)
    {
        put(buf, place, summary, cx.theme.style(Role::Strong), Align::Left);
        row += 1;
    }
    cut_top(area, row as u16).1
}

/// The headings of the columns, where there are some and there is room; returns what is left below.
fn headings(pane: &MatchesPane, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> Rect {
    if pane.digest.columns.is_empty() || area.height < LINES_FOR_HEADINGS {
        return area;
    }
    let (place, below) = cut_top(area, 1);
    let rest = put_next(buf, place, &" ".repeat(BEFORE_CELLS), cx.theme.style(Role::Muted));
    let headings = pane.digest.headings();
    let (hidden, _) = split(&headings, pane.shift);
    put(buf, rest, &headings[hidden.len()..], cx.theme.style(Role::Muted), Align::Left);
    below
}

fn draw_lead(lead: &LeadRow, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    let (sign, role) = if lead.shown { ("▸ ", Role::Strong) } else { ("  ", Role::Muted) };
    let rest = put_next(buf, area, sign, cx.theme.style(role));
    let metric = if lead.metric.is_empty() { String::new() } else { format!("{}  ", lead.metric) };
    let rest = put_next(buf, rest, &metric, cx.theme.style(role));
    let rest = put_next(buf, rest, &lead.pattern, cx.theme.style(if lead.shown { Role::Match } else { role }));
    put(buf, rest, &format!("  {}", lead.place), cx.theme.style(Role::Muted), Align::Left);
}

fn draw_line(row: &LineRow, shift: usize, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    let rest = put_next(buf, area, &row.time, cx.theme.style(Role::Muted));
    let (sign, role) = if row.failed { (" ✗ ", Role::Critical) } else { ("   ", Role::Text) };
    let rest = put_next(buf, rest, sign, cx.theme.style(role));
    if !row.cells.is_empty() {
        // Cells first, then the line itself, of less weight.
        let (hidden, shown) = split(&row.cells, shift);
        let rest = put_next(buf, rest, shown, cx.theme.style(Role::Text));
        let (hidden, _) = split(&row.text, shift.saturating_sub(width(hidden)));
        let (text, marks) = part(row, hidden.len()..row.text.len());
        let styles = (cx.theme.style(Role::Muted), cx.theme.style(Role::Match));
        put_marked(buf, rest, text, styles.0, Align::Left, (&marks, styles.1));
        return;
    }
    let start = row.start(shift, usize::from(rest.width));
    let rest = if start > 0 { put_next(buf, rest, "…", cx.theme.style(Role::Muted)) } else { rest };
    let (text, marks) = part(row, start..row.text.len());
    let styles = (cx.theme.style(Role::Text), cx.theme.style(Role::Match));
    put_marked(buf, rest, text, styles.0, Align::Left, (&marks, styles.1));
}

/// The whole line, over as many rows as there are.
fn draw_whole(row: &LineRow, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    let mut start = 0;
    for n in 0..usize::from(area.height) {
        let Some(place) = line(area, n) else { return };
        let (head, tail) = split(&row.text[start..], usize::from(place.width));
        let last = n + 1 == usize::from(area.height);
        let end = if last { row.text.len() } else { start + head.len() };
        let (text, marks) = part(row, start..end);
        let styles = (cx.theme.style(Role::Text), cx.theme.style(Role::Match));
        put_marked(buf, place, text, styles.0, Align::Left, (&marks, styles.1));
        start += head.len();
        if tail.is_empty() || head.is_empty() {
            return;
        }
    }
}

/// A part of a row's text, with its marks.
fn part(row: &LineRow, range: Range<usize>) -> (&str, Vec<Range<usize>>) {
    let inside = |mark: &Range<usize>| {
        let (from, to) = (mark.start.max(range.start), mark.end.min(range.end));
        (from < to).then(|| from - range.start..to - range.start)
    };
    (&row.text[range.clone()], row.marks.iter().filter_map(inside).collect())
}
