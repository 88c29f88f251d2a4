//! The editor: colours, cursor, what is wrong, and what completes a word.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::title;
use crate::insights::editor::{Kind, highlight};
use crate::panes::Cx;
use crate::panes::editor::draw as edit;
use crate::panes::fit;
use crate::panes::logs::{Logs, Part};
use crate::text::clean;
use crate::widgets::area::padded;
use crate::widgets::frame::pane_frame;
use crate::widgets::print::{Align, line, put};
use crate::widgets::theme::Role;

const fn role(kind: Kind) -> Role {
    match kind {
        Kind::Command => Role::Key,
        Kind::Function => Role::Series1,
        Kind::Field => Role::Text,
        Kind::Text | Kind::Regex => Role::JsonString,
        Kind::Number => Role::JsonNumber,
        Kind::Keyword => Role::JsonKey,
        Kind::Operator | Kind::Pipe | Kind::Punctuation | Kind::Comment => Role::Muted,
        Kind::Error => Role::Failed,
    }
}

pub(super) fn draw(logs: &mut Logs, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
    let focused = cx.focused && logs.part == Part::Editor && logs.popup.is_none();
    let price = cx.store.spending.usd_per_scanned_gb;
    let cost = logs.expected(cx).map(|expected| title::expected(expected, price));
    let title = title::editor(logs.reads(cx).as_deref(), fit::room(area.width, cost.as_deref()));
    let note = cost.as_deref().map(|words| (words, Role::Muted));
    let block = pane_frame(&title, note, focused, cx.theme);
    let inner = padded(block.inner(area));
    block.render(area, frame.buffer_mut());
    let said = said(logs);
    let room = Rect { height: inner.height.saturating_sub(u16::from(said.is_some())), ..inner };
    let written = logs.editor.text();
    let parts: Vec<_> = highlight(&written).into_iter().map(|(range, kind)| (range, role(kind))).collect();
    edit::text(&mut logs.editor, &parts, (frame, room), focused && logs.typing, cx.theme);
    if let Some((words, role)) = said
        && let Some(space) = line(inner, usize::from(room.height))
    {
        put(frame.buffer_mut(), space, &words, cx.theme.style(role), Align::Left);
    }
}

/// What is wrong, in one line.
fn said(logs: &Logs) -> Option<(String, Role)> {
    match &logs.trouble {
        Some(words) => Some((clean(words).into_owned(), Role::Failed)),
        None => logs.editor.said(logs.typing),
    }
}

/// The box below the word that can be completed.
pub(super) fn draw_choices(logs: &Logs, frame: &mut Frame<'_>, area: Rect, editor: Rect, cx: &Cx<'_>) {
    if logs.typing && logs.popup.is_none() {
        let text = Rect { x: editor.x + 2, y: editor.y + 1, ..editor };
        // What is wrong stands in the last line within the frame.
        let said = said(logs).is_some().then(|| editor.bottom().saturating_sub(2));
        edit::choices(&logs.editor, frame, area, (text, said), cx);
    }
}
