//! Drawing an editor: colours, cursor, what is wrong, and what completes a word.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::widgets::{Block, Clear};
use unicode_segmentation::UnicodeSegmentation;

use super::Editor;
use crate::panes::Cx;
use crate::text::{clean, width};
use crate::widgets::area::padded;
use crate::widgets::print::{Align, cells, line, put};
use crate::widgets::selection::select;
use crate::widgets::theme::{Role, Theme};

/// Choices on screen at a time.
const CHOICES: u16 = 8;
/// The widest the box of choices is.
const WIDEST: u16 = 64;

impl Editor {
    /// What is wrong, with its line and column; muted while a word is being typed, which is not wrong yet.
    pub(in crate::panes) fn said(&self, typing: bool) -> Option<(String, Role)> {
        let mistake = self.mistake()?;
        let text = self.text();
        let at = mistake.position.min(text.len());
        let before = text.get(..at).unwrap_or(&text);
        let number = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().graphemes(true).count() + 1;
        let role = if typing && self.choices.is_some() { Role::Muted } else { Role::Failed };
        Some((format!("{number}:{column} {}", clean(&mistake.message)), role))
    }
}

/// The text, with the role of each of its parts; with a cursor where it is being typed.
pub(in crate::panes) fn text(
    editor: &mut Editor,
    parts: &[(Range<usize>, Role)],
    (frame, area): (&mut Frame<'_>, Rect),
    has_cursor: bool,
    theme: &Theme,
) {
    let (row, column) = editor.cursor();
    let before: String = editor.lines().get(row).map(|line| line.chars().take(column).collect()).unwrap_or_default();
    let x = width(&before);
    let (height, room) = (usize::from(area.height), usize::from(area.width));
    // Scrolled as little as keeps the cursor in view.
    let top = editor.offset.0.min(row).max((row + 1).saturating_sub(height));
    let left = if x < room { 0 } else { editor.offset.1.min(x).max((x + 1).saturating_sub(room)) };
    editor.offset = (top, left);
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
                let kind = parts.get(place).filter(|(range, _)| range.contains(&byte)).map(|(_, role)| *role);
                let mut style = theme.style(kind.unwrap_or(Role::Text));
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
    if has_cursor && height > 0 && room > 0 {
        let short = |n: usize| u16::try_from(n).unwrap_or(0);
        frame.set_cursor_position((area.x + short(x - left), area.y + short(row - top)));
    }
}

/// The box below the word that can be completed; `text` is where the editor's text stands, and below `said`, a line that
/// says what is wrong, where there is room.
pub(in crate::panes) fn choices(
    editor: &Editor,
    frame: &mut Frame<'_>,
    area: Rect,
    (text, said): (Rect, Option<u16>),
    cx: &Cx<'_>,
) {
    let Some(choices) = editor.choices.as_ref() else { return };
    let (row, column) = editor.cursor();
    let before: String = editor.lines().get(row).map(|line| line.chars().take(column).collect()).unwrap_or_default();
    let x = text.x + u16::try_from(width(&before).saturating_sub(editor.offset.1)).unwrap_or(0);
    let y = text.y + u16::try_from(row.saturating_sub(editor.offset.0)).unwrap_or(0);
    let names = choices.words.iter().map(|(name, _)| cells(name)).max().unwrap_or(0);
    let details = choices.words.iter().map(|(_, what)| cells(what)).max().unwrap_or(0);
    let wide = (names + details + 6).min(WIDEST).min(area.width);
    let count = u16::try_from(choices.words.len()).unwrap_or(CHOICES).min(CHOICES);
    let below = said.filter(|said| (y + 1..y + 3 + count).contains(said) && said + 4 <= area.bottom());
    let y = below.unwrap_or(y);
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
