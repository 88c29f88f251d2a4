//! Bars of block characters: upright ones side by side, and lying ones a line each.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

const UPRIGHT: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const LYING: [&str; 9] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];

/// Draws one upright bar a column, `max` as high as the area. What is above zero shows at least its foot.
pub fn upright(buffer: &mut Buffer, area: Rect, values: &[f64], max: f64, style: Style) {
    let area = area.intersection(buffer.area);
    for (x, value) in (area.x..area.right()).zip(values) {
        let mut eighths = eighths(*value, max, area.height);
        for y in (area.y..area.bottom()).rev() {
            buffer.set_stringn(x, y, UPRIGHT[eighths.min(8)], 1, style);
            eighths = eighths.saturating_sub(8);
        }
    }
}

/// Draws a lying bar into the first line of the area, `max` as long as the area.
pub fn lying(buffer: &mut Buffer, area: Rect, value: f64, max: f64, style: Style) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let mut eighths = eighths(value, max, area.width);
    for x in area.x..area.right() {
        buffer.set_stringn(x, area.y, LYING[eighths.min(8)], 1, style);
        eighths = eighths.saturating_sub(8);
    }
}

fn eighths(value: f64, max: f64, cells: u16) -> usize {
    if value.is_nan() || max.is_nan() || value <= 0.0 || max <= 0.0 {
        return 0;
    }
    let whole = usize::from(cells) * 8;
    ((value / max * whole as f64).round() as usize).clamp(1, whole.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(area: Rect, draw: impl FnOnce(&mut Buffer)) -> Vec<String> {
        let mut buffer = Buffer::empty(area);
        draw(&mut buffer);
        (0..area.height).map(|y| (0..area.width).map(|x| buffer[(x, y)].symbol()).collect()).collect()
    }

    #[test]
    fn heights_are_in_eighths_and_nothing_vanishes() {
        let area = Rect::new(0, 0, 6, 2);
        let values = [0.0, 0.001, 50.0, 75.0, 100.0, f64::NAN];
        assert_eq!(drawn(area, |b| upright(b, area, &values, 100.0, Style::new())), vec!["   ▄█ ", " ▁███ "]);
    }

    #[test]
    fn lengths_are_in_eighths() {
        let area = Rect::new(0, 0, 4, 1);
        for (value, expected) in [(0.0, "    "), (100.0, "████"), (50.0, "██  "), (12.5, "▌   "), (250.0, "████")]
        {
            assert_eq!(drawn(area, |b| lying(b, area, value, 100.0, Style::new())), vec![expected], "{value}");
        }
        assert_eq!(drawn(area, |b| lying(b, area, 1.0, 0.0, Style::new())), vec!["    "]);
    }
}
