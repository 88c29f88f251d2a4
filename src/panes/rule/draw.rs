//! The drawing of one rule.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Paragraph, Widget, Wrap};

use super::{RulePane, RuleView};
use crate::panes::{Cx, Pane};
use crate::text::{Align, pad, width};
use crate::widgets::frame::pane_frame;
use crate::widgets::print::{put, put_next};
use crate::widgets::theme::Role;

/// Cells of a fact's label.
const LABEL: usize = 11;

pub(super) fn draw(pane: &RulePane, buf: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let block = pane_frame(&pane.title(cx), None, cx.focused, cx.theme);
    let inner = block.inner(area);
    block.render(area, buf);
    let Some(view) = pane.view(cx) else {
        put(buf, inner, "there is no rule of this id on this board", cx.theme.style(Role::Muted), Align::Left);
        return;
    };
    let inner = Rect { x: inner.x + inner.width.min(1), width: inner.width.saturating_sub(2), ..inner };
    let rest = head(&view, inner, buf, cx);
    facts(&view, rest, buf, cx);
}

/// State, since, value and reason; returns what is left below.
fn head(view: &RuleView, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> Rect {
    let rest = put_next(buf, area, &view.head.state, cx.theme.style(view.head.role));
    let rest = put_next(buf, rest, &view.head.since, cx.theme.style(Role::Muted));
    put(buf, rest, &format!("   {}", view.head.versus), cx.theme.style(Role::Strong), Align::Left);
    let area = skip(area, 1);
    if view.reason.is_empty() || area.is_empty() {
        return area;
    }
    put(buf, area, &view.reason, cx.theme.style(Role::Text), Align::Left);
    skip(area, 1)
}

/// The facts, each in as many lines as it needs; returns what is left below.
fn facts(view: &RuleView, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> Rect {
    let mut rest = area;
    let room = usize::from(area.width).saturating_sub(LABEL).max(1);
    for fact in &view.facts {
        if rest.is_empty() {
            break;
        }
        let lines = width(&fact.text).div_ceil(room).clamp(1, 3) as u16;
        let space = Rect { height: lines.min(rest.height), ..rest };
        let right = put_next(buf, space, &pad(fact.label, LABEL, Align::Left), cx.theme.style(Role::Muted));
        let text = Paragraph::new(fact.text.as_str()).style(cx.theme.style(Role::Text));
        text.wrap(Wrap { trim: true }).render(right, buf);
        rest = skip(rest, lines);
    }
    rest
}

/// An area without its first rows.
fn skip(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}
