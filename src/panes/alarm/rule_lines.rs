//! The drawing of a composite's rule and of a log alarm's query.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Paragraph, Widget, Wrap};

use super::draw::skip;
use super::{AlarmPane, AlarmView, RuleLine, Step};
use crate::panes::Cx;
use crate::text::{Align, clean, pad, width};
use crate::widgets::print::{line, put, put_next};
use crate::widgets::selection::select;
use crate::widgets::theme::Role;

/// A composite's rule as a tree, or as text where it can't be read; a log alarm's query. Returns the rows used, the blank
/// one below included.
pub(super) fn rule(pane: &AlarmPane, view: &AlarmView<'_>, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> u16 {
    let text = view.rule.as_deref().unwrap_or_default();
    let lines = width(text).div_ceil(usize::from(area.width.max(1))).clamp(1, 3) as u16;
    let space = Rect { height: lines.min(area.height), ..area };
    Paragraph::new(text).style(cx.theme.style(Role::Strong)).wrap(Wrap { trim: true }).render(space, buf);
    let list = skip(area, lines);
    let here = pane.next.key().and_then(Step::child);
    let names = view.tree.iter().map(|row| width(&row.tree) + width(&words(row))).max().unwrap_or(0).min(60);
    for (i, row) in view.tree.iter().enumerate() {
        let Some(space) = line(list, i) else { break };
        draw_rule_line(row, names, space, buf, cx);
        if cx.focused && here.is_some() && row.alarm.as_ref() == here {
            select(buf, space, cx.theme);
        }
    }
    (lines + view.tree.len() as u16 + 1).min(area.height)
}

/// `ALARM(HighLatency)`, or an operator.
fn words(row: &RuleLine) -> String {
    match &row.alarm {
        Some(name) => format!("{}({})", row.words, clean(name)),
        None => row.words.clone(),
    }
}

/// A line of the tree: whether it holds, what it says, and the alarm's state.
fn draw_rule_line(row: &RuleLine, names: usize, space: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    let theme = cx.theme;
    let (glyph, colour) = match row.holds {
        Some(true) if row.decides => ("◆ ", Role::AlarmFiring),
        Some(true) => ("◇ ", Role::Text),
        Some(false) => ("· ", Role::Muted),
        None => ("? ", Role::AlarmNoData),
    };
    let rest = put_next(buf, space, &row.tree, theme.style(Role::Muted));
    let rest = put_next(buf, rest, glyph, theme.style(colour));
    let words = words(row);
    let pad_to = names.saturating_sub(width(&row.tree)) + 2;
    let style = theme.style(if row.holds == Some(false) { Role::Text } else { Role::Strong });
    let rest = put_next(buf, rest, &pad(&words, pad_to, Align::Left), style);
    let holds = match row.holds {
        Some(true) if row.decides => "makes it true",
        Some(true) => "true",
        Some(false) => "not true",
        None => "not known",
    };
    let Some(alarm) = &row.row else {
        let state = row.state.map(|state| format!("{}, not on this board · ", state.name())).unwrap_or_default();
        put(buf, rest, &format!("{state}{holds}"), theme.style(Role::Muted), Align::Left);
        return;
    };
    let rest = put_next(buf, rest, alarm.glyph(), theme.style(alarm.role()));
    let rest = put_next(buf, rest, &format!(" {:<17} ", alarm.state.name()), theme.style(alarm.role()));
    let rest = put_next(buf, rest, &pad(&alarm.versus, 18, Align::Left), theme.style(Role::Text));
    let rest = put_next(buf, rest, &format!(" {:>7}  ", alarm.age), theme.style(Role::Muted));
    put(buf, rest, holds, theme.style(Role::Muted), Align::Left);
}
