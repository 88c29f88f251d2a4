//! Rows under headings.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::print::{Align, line, put, put_marked};
use super::selection::select;
use super::theme::{Role, Theme};

/// A column: its heading and its space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// What stands over it.
    pub title: String,
    /// Its cells, without the gap that follows.
    pub width: u16,
    /// On which side its texts stand.
    pub align: Align,
}

/// What stands in one column of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The text, already clean.
    pub text: String,
    /// What it means.
    pub role: Role,
    /// Byte ranges of the text that a filter matched.
    pub marks: Vec<Range<usize>>,
}

impl Cell {
    /// A cell without marks.
    pub fn new(text: impl Into<String>, role: Role) -> Self {
        Self { text: text.into(), role, marks: Vec::new() }
    }
}

/// A table: as many rows as are drawn, no more.
#[derive(Debug)]
pub struct Table<'a> {
    /// Columns, left to right.
    pub headings: &'a [Heading],
    /// Whether the headings are drawn.
    pub headed: bool,
    /// Rows, top to bottom.
    pub rows: &'a [Vec<Cell>],
    /// The row under the cursor.
    pub cursor: Option<usize>,
    /// How things look.
    pub theme: &'a Theme,
}

impl Table<'_> {
    fn spaces(&self, area: Rect) -> impl Iterator<Item = Rect> {
        let mut x = area.x;
        self.headings.iter().map(move |heading| {
            let left = area.right().saturating_sub(x);
            let space = Rect { x, width: heading.width.min(left), height: 1, ..area };
            x = x.saturating_add(heading.width).saturating_add(1);
            space
        })
    }
}

impl Widget for Table<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        if area.is_empty() {
            return;
        }
        if self.headed {
            for (heading, space) in self.headings.iter().zip(self.spaces(area)) {
                put(buffer, space, &heading.title, self.theme.style(Role::Muted), heading.align);
            }
        }
        let first = usize::from(self.headed);
        for (index, row) in self.rows.iter().enumerate() {
            let Some(place) = line(area, first + index) else { break };
            let columns = self.headings.iter().zip(self.spaces(place));
            for ((heading, space), cell) in columns.zip(row) {
                let marked = self.theme.style(Role::Match);
                let style = self.theme.style(cell.role);
                put_marked(buffer, space, &cell.text, style, heading.align, (&cell.marks, marked));
            }
            if self.cursor == Some(index) {
                select(buffer, place, self.theme);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_their_headings() {
        let heading = |title: &str, width, align| Heading { title: title.to_owned(), width, align };
        let headings = [heading("name", 6, Align::Left), heading("p99", 5, Align::Right)];
        let rows = [vec![Cell::new("TokenService", Role::Text), Cell::new("1.2s", Role::Text)]];
        let theme = Theme::plain("t");
        let area = Rect::new(0, 0, 12, 3);
        let mut buffer = Buffer::empty(area);
        Table { headings: &headings, headed: true, rows: &rows, cursor: Some(0), theme: &theme }
            .render(area, &mut buffer);
        let text = |y| (0..12).map(|x| buffer[(x, y)].symbol().to_owned()).collect::<String>();
        assert_eq!((text(0).as_str(), text(1).as_str()), ("name     p99", "Token…  1.2s"));
    }
}
