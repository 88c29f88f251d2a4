//! The row or value under the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

use super::theme::{Role, Theme};

/// Marks what stands in `area` as the thing under the cursor.
///
/// Ordinary text takes the selection's colours. What has a colour of its own keeps it where the selection is a ground
/// that every theme colour can be read on, so that a failure is still red under the cursor.
pub fn select(buffer: &mut Buffer, area: Rect, theme: &Theme) {
    let selection = theme.style(Role::Selection);
    let area = area.intersection(buffer.area);
    let Some(ground @ Color::Rgb(..)) = selection.bg else {
        buffer.set_style(area, selection);
        return;
    };
    let plain = [Role::Text, Role::Muted, Role::Strong].map(|role| theme.style(role).fg.unwrap_or_default());
    for position in area.positions() {
        let cell = &mut buffer[position];
        if plain.contains(&cell.fg) || cell.fg == Color::Reset {
            cell.set_style(selection);
        } else if cell.bg == Color::Reset {
            cell.set_bg(ground);
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;

    fn selected(selection: Style) -> [(Color, Color); 2] {
        let mut theme = Theme::plain("t");
        theme.set(Role::Text, Style::new().fg(Color::Rgb(9, 9, 9)));
        theme.set(Role::Selection, selection);
        let area = Rect::new(0, 0, 2, 1);
        let mut buffer = Buffer::empty(area);
        buffer[(0, 0)].set_style(theme.style(Role::Text));
        buffer[(1, 0)].set_fg(Color::Rgb(200, 0, 0));
        select(&mut buffer, Rect::new(0, 0, 9, 9), &theme);
        [0, 1].map(|x| (buffer[(x, 0)].fg, buffer[(x, 0)].bg))
    }

    #[test]
    fn what_has_a_colour_keeps_it_where_it_can_be_read() {
        let (white, blue, red) = (Color::Rgb(255, 255, 255), Color::Rgb(0, 0, 60), Color::Rgb(200, 0, 0));
        assert_eq!(selected(Style::new().fg(white).bg(blue)), [(white, blue), (red, blue)]);
        let sixteen = Style::new().fg(Color::Black).bg(Color::Cyan);
        assert_eq!(selected(sixteen), [(Color::Black, Color::Cyan); 2]);
    }
}
