//! Reading a buffer back in tests.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The rows of a buffer as text.
pub(crate) fn rows(buf: &Buffer) -> Vec<String> {
    let area = buf.area;
    let row = |y| (area.left()..area.right()).map(|x| buf[(x, y)].symbol()).collect();
    (area.top()..area.bottom()).map(row).collect()
}

/// Draws into an empty buffer of this size and gives its rows, printed too (`--nocapture` shows them).
pub(crate) fn drawn(width: u16, height: u16, draw: impl FnOnce(Rect, &mut Buffer)) -> Vec<String> {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    draw(area, &mut buffer);
    let rows = rows(&buffer);
    print(&rows);
    rows
}

/// Prints rows.
pub(crate) fn print(rows: &[String]) {
    println!("\n{}", rows.join("\n"));
}
