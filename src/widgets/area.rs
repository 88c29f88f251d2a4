//! Areas cut in parts.

use ratatui::layout::Rect;

/// The upper lines of an area, as many as there are, and the rest.
pub fn cut_top(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    (Rect { height, ..area }, Rect { y: area.y + height, height: area.height - height, ..area })
}

/// The left cells of an area, as many as there are, and the rest.
pub fn cut_left(area: Rect, width: u16) -> (Rect, Rect) {
    let width = width.min(area.width);
    (Rect { width, ..area }, Rect { x: area.x + width, width: area.width - width, ..area })
}

/// An area without a blank cell left and right.
pub fn padded(area: Rect) -> Rect {
    Rect { x: area.x + area.width.min(1), width: area.width.saturating_sub(2), ..area }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_never_leave_the_area() {
        let area = Rect::new(2, 3, 10, 4);
        assert_eq!(cut_top(area, 1), (Rect::new(2, 3, 10, 1), Rect::new(2, 4, 10, 3)));
        assert_eq!(cut_left(area, 99), (area, Rect::new(12, 3, 0, 4)));
        assert_eq!(padded(Rect::new(0, 0, 1, 1)).width, 0);
    }
}
