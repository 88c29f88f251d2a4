//! The frame around a pane.

use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Block;

use super::theme::{Role, Theme};

/// A pane's frame: its title left, the state of its source right.
///
/// ```text
/// ┌ Alarms ── 6 ALARM · 12 OK ─── stale 40s · throttled, retry in 8s ┐
/// ```
///
/// Where the two meet, the note wins: what is wrong matters more than what it is called.
pub fn pane_frame(title: &str, note: Option<(&str, Role)>, focused: bool, theme: &Theme) -> Block<'static> {
    let (border, heading) =
        if focused { (Role::BorderFocused, Role::TitleFocused) } else { (Role::Border, Role::Title) };
    let mut block = Block::bordered().style(theme.style(Role::Text)).border_style(theme.style(border));
    if !title.is_empty() {
        block = block.title(Span::styled(format!(" {title} "), theme.style(heading)));
    }
    if let Some((note, role)) = note {
        let style = theme.style(role).remove_modifier(Modifier::REVERSED);
        block = block.title(Line::styled(format!(" {note} "), style).right_aligned());
    }
    block
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::widgets::Widget;

    use super::*;

    fn top(width: u16, title: &str, note: Option<(&str, Role)>) -> String {
        let area = Rect::new(0, 0, width, 3);
        let mut buffer = Buffer::empty(area);
        pane_frame(title, note, false, &Theme::plain("t")).render(area, &mut buffer);
        (0..width).map(|x| buffer[(x, 0)].symbol().to_owned()).collect()
    }

    #[test]
    fn title_stands_left_and_note_right() {
        assert_eq!(top(30, "Alarms", Some(("waiting…", Role::Muted))), "┌ Alarms ────────── waiting… ┐");
        assert_eq!(top(12, "Alarms", None), "┌ Alarms ──┐");
    }

    #[test]
    fn the_note_wins_where_space_is_short() {
        assert_eq!(top(16, "Alarms of all", Some(("stale 4s", Role::Stale))), "┌ Ala stale 4s ┐");
    }

    #[test]
    fn tiny_areas_are_no_trouble() {
        for (w, h) in [(0, 0), (1, 1), (2, 1), (3, 2)] {
            let area = Rect::new(0, 0, w, h);
            let mut buffer = Buffer::empty(area);
            pane_frame("A", Some(("b", Role::Failed)), true, &Theme::plain("t")).render(area, &mut buffer);
        }
    }
}
