//! The editor: colours, cursor, what is wrong, and what completes a word.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::widgets::{Block, Clear, Widget};
use unicode_segmentation::UnicodeSegmentation;

use super::title;
use crate::insights::editor::{Kind, highlight};
use crate::panes::Cx;
use crate::panes::fit;
use crate::panes::logs::{Logs, Part};
use crate::text::{clean, width};
use crate::widgets::area::padded;
use crate::widgets::frame::pane_frame;
use crate::widgets::print::{Align, cells, line, put};
use crate::widgets::selection::select;
use crate::widgets::theme::{Role, Theme};

/// Choices on screen at a time.
const CHOICES: u16 = 8;
/// The widest the box of choices is.
const WIDEST: u16 = 64;

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
    text(logs, frame, room, focused, cx.theme);
    if let Some((words, role)) = said
        && let Some(space) = line(inner, usize::from(room.height))
    {
        put(frame.buffer_mut(), space, &words, cx.theme.style(role), Align::Left);
    }
}

/// What is wrong, in one line.
fn said(logs: &Logs) -> Option<(String, Role)> {
    if let Some(words) = &logs.trouble {
        return Some((clean(words).into_owned(), Role::Failed));
    }
    let mistake = logs.editor.mistake()?;
    let text = logs.editor.text();
    let at = mistake.position.min(text.len());
    let before = text.get(..at).unwrap_or(&text);
    let number = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().graphemes(true).count() + 1;
    // While a word is being typed it is not wrong yet.
    let role = if logs.typing && logs.editor.choices.is_some() { Role::Muted } else { Role::Failed };
    Some((format!("{number}:{column} {}", clean(&mistake.message)), role))
}

fn text(logs: &mut Logs, frame: &mut Frame<'_>, area: Rect, focused: bool, theme: &Theme) {
    let editor = &mut logs.editor;
    let (row, column) = editor.cursor();
    let before: String = editor.lines().get(row).map(|line| line.chars().take(column).collect()).unwrap_or_default();
    let x = width(&before);
    let (height, room) = (usize::from(area.height), usize::from(area.width));
    // Scrolled as little as keeps the cursor in view.
    let top = editor.offset.0.min(row).max((row + 1).saturating_sub(height));
    let left = if x < room { 0 } else { editor.offset.1.min(x).max((x + 1).saturating_sub(room)) };
    editor.offset = (top, left);
    let whole = editor.text();
    let parts = highlight(&whole);
    let mistake = editor.mistake().map(|mistake| mistake.position..mistake.end.max(mistake.position + 1));
    let selection = editor.selection();
    let mut start: usize = editor.lines().iter().take(top).map(|line| line.len() + 1).sum();
    let buffer = frame.buffer_mut();
    for (nth, text) in editor.lines().iter().skip(top).take(height).enumerate() {
        let Some(space) = line(area, nth) else { break };
        let mut at_cell = 0;
        for (offset, grapheme) in text.grapheme_indices(true) {
            let byte = start + offset;
            let wide = usize::from(cells(grapheme));
            let shown = at_cell >= left && at_cell + wide <= left + room;
            if shown && wide > 0 {
                let place = parts.partition_point(|(range, _)| range.end <= byte);
                let kind = parts.get(place).filter(|(range, _)| range.contains(&byte)).map(|(_, kind)| *kind);
                let mut style = theme.style(kind.map_or(Role::Text, role));
                if mistake.as_ref().is_some_and(|range| range.contains(&byte)) {
                    style = style.patch(theme.style(Role::Failed)).add_modifier(Modifier::UNDERLINED);
                }
                if selection.as_ref().is_some_and(|range| range.contains(&byte)) {
                    style = style.patch(theme.style(Role::Selection));
                }
                let x = space.x + u16::try_from(at_cell - left).unwrap_or(0);
                buffer.set_stringn(x, space.y, grapheme, wide, style);
            }
            at_cell += wide;
        }
        start += text.len() + 1;
    }
    if focused && logs.typing && height > 0 && room > 0 {
        let short = |n: usize| u16::try_from(n).unwrap_or(0);
        frame.set_cursor_position((area.x + short(x - left), area.y + short(row - top)));
    }
}

/// The box below the word that can be completed.
pub(super) fn draw_choices(logs: &Logs, frame: &mut Frame<'_>, area: Rect, editor: Rect, cx: &Cx<'_>) {
    let Some(choices) = logs.editor.choices.as_ref().filter(|_| logs.typing && logs.popup.is_none()) else { return };
    let (row, column) = logs.editor.cursor();
    let before: String =
        logs.editor.lines().get(row).map(|line| line.chars().take(column).collect()).unwrap_or_default();
    let x = editor.x + 2 + u16::try_from(width(&before).saturating_sub(logs.editor.offset.1)).unwrap_or(0);
    let y = editor.y + 1 + u16::try_from(row.saturating_sub(logs.editor.offset.0)).unwrap_or(0);
    let names = choices.words.iter().map(|(name, _)| cells(name)).max().unwrap_or(0);
    let details = choices.words.iter().map(|(_, what)| cells(what)).max().unwrap_or(0);
    let wide = (names + details + 6).min(WIDEST).min(area.width);
    let count = u16::try_from(choices.words.len()).unwrap_or(CHOICES).min(CHOICES);
    let high = (count + 2).min(area.bottom().saturating_sub(y + 1));
    if high < 3 || wide < 8 {
        return;
    }
    let spot = Rect { x: x.min(area.right().saturating_sub(wide)), y: y + 1, width: wide, height: high };
    let spot = spot.intersection(frame.area());
    frame.render_widget(Clear, spot);
    let block = Block::bordered().style(cx.theme.style(Role::Text)).border_style(cx.theme.style(Role::Border));
    let inner = padded(block.inner(spot));
    frame.render_widget(block, spot);
    let rows = usize::from(inner.height);
    let first = (choices.at + 1).saturating_sub(rows);
    let buffer = frame.buffer_mut();
    for (nth, (name, what)) in choices.words.iter().enumerate().skip(first).take(rows) {
        let Some(space) = line(inner, nth - first) else { return };
        let used =
            put(buffer, space, &clean(name), cx.theme.style(Role::Strong), Align::Left).max(names.min(space.width));
        let rest = Rect { x: space.x + used, width: space.width.saturating_sub(used), ..space };
        put(buffer, rest, &format!("  {}", clean(what)), cx.theme.style(Role::Muted), Align::Left);
        if nth == choices.at {
            select(buffer, space, cx.theme);
        }
    }
}
