//! All that is said of an alarm, line by line: on a small screen it has no room beside the chart.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::draw::LABEL;
use super::{AlarmView, Fact};
use crate::panes::Cx;
use crate::panes::alarms::role;
use crate::text::{Align, pad};
use crate::widgets::print::{line, put, put_next, wrap};
use crate::widgets::theme::Role;

/// A line: what stands at its left, and the text with its colour.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The label, which is muted; empty where the text goes on from above.
    pub label: String,
    /// The text.
    pub text: String,
    /// Its colour.
    pub role: Role,
}

/// The lines for so many cells: the reason, the rule, the facts, links and history.
pub(super) fn lines(view: &AlarmView<'_>, cells: usize) -> Vec<Said> {
    let mut lines = Vec::new();
    if let Some(rule) = &view.rule {
        say(&mut lines, "", rule, Role::Strong, cells);
    }
    say(&mut lines, "", &view.row.reason, Role::Text, cells);
    facts(&mut lines, &view.facts, cells);
    if !view.links.is_empty() {
        heading(&mut lines, "Links");
        facts(&mut lines, &view.links, cells);
    }
    heading(&mut lines, "History");
    for row in &view.history {
        let colour = if row.failed { Role::Failed } else { row.state.map_or(Role::Text, role) };
        say(&mut lines, &format!("{}  ", row.time), &format!("{} {}", row.kind, row.text), colour, cells);
    }
    if view.history.is_empty() {
        say(&mut lines, "", view.no_history, Role::Muted, cells);
    }
    lines
}

fn facts(lines: &mut Vec<Said>, facts: &[Fact], cells: usize) {
    for fact in facts {
        say(lines, &pad(fact.label, LABEL, Align::Left), &fact.text, Role::Text, cells);
    }
}

fn heading(lines: &mut Vec<Said>, text: &str) {
    for text in ["", text] {
        lines.push(Said { label: String::new(), text: text.to_owned(), role: Role::Title });
    }
}

fn say(lines: &mut Vec<Said>, label: &str, text: &str, role: Role, cells: usize) {
    let indent = crate::text::width(label);
    for (i, text) in wrap(text, cells.saturating_sub(indent)).into_iter().enumerate() {
        let label = if i == 0 { label.to_owned() } else { " ".repeat(indent) };
        lines.push(Said { label, text, role });
    }
}

/// The first line that may stand on top, so that the last one is still on screen.
pub(super) fn last_top(view: &AlarmView<'_>, area: Rect) -> usize {
    // Around the text: the frame, the blanks within it, and the line of the state.
    let (cells, rows) = (area.width.saturating_sub(4), area.height.saturating_sub(3));
    lines(view, usize::from(cells)).len().saturating_sub(usize::from(rows))
}

/// Draws the lines from `top` on; the last row says how much there is below it.
pub(super) fn draw(view: &AlarmView<'_>, top: usize, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    let lines = lines(view, usize::from(area.width));
    let below = lines.len().saturating_sub(top + usize::from(area.height));
    for (i, said) in lines.iter().skip(top).enumerate() {
        let Some(place) = line(area, i) else { return };
        if below > 0 && i + 1 == usize::from(area.height) {
            put(buf, place, &format!("… {} more lines", below + 1), cx.theme.style(Role::Muted), Align::Left);
            return;
        }
        let rest = put_next(buf, place, &said.label, cx.theme.style(Role::Muted));
        put(buf, rest, &said.text, cx.theme.style(said.role), Align::Left);
    }
}
