//! A series in a few lines of text.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use ratatui::style::{Modifier, Style};

use super::theme::{Role, Theme};

const BARS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// What stands for a missing value: never a bar, since missing is not zero.
const MISSING: &str = "·";

/// What the lowest bar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Zero (or the smallest value, where it is negative): heights compare as the values do. For counts.
    FromZero,
    /// The smallest value: shows how it moves. The ends are at least 5 % of the largest value apart, so that noise on
    /// a steady value stays small. For rates and gauges.
    Fit,
}

/// Cells from some value on take another colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// The value.
    pub value: f64,
    /// Whether it is values above it or below it that are coloured.
    pub above: bool,
    /// Their colour.
    pub role: Role,
}

impl Bound {
    /// Whether a value lies beyond it.
    pub fn passed(&self, value: f64) -> bool {
        if self.above { value > self.value } else { value < self.value }
    }
}

/// A series as bars, the newest value rightmost: `▁▂▃▄▅▆▇█`, `·` for a missing value; more lines make finer bars.
#[derive(Debug, Clone, PartialEq)]
pub struct Sparkline<'a> {
    /// Values, oldest first, one a cell; the oldest are left out where there are too many.
    pub values: &'a [Option<f64>],
    /// What the lowest bar stands for.
    pub scale: Scale,
    /// The colour of values within all bounds.
    pub role: Role,
    /// Bounds, the most severe first.
    pub bounds: &'a [Bound],
    /// Eighths of a line that stay empty at the top, so that sparklines in lines of a list do not run together.
    pub air: usize,
}

impl Sparkline<'_> {
    /// Draws into `area`, flush right.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let room = usize::from(area.width);
        let shown = &self.values[self.values.len().saturating_sub(room)..];
        let ends = self.ends(shown);
        let left = area.x + (room - shown.len()) as u16;
        let most = (usize::from(area.height) * 8).saturating_sub(self.air).max(1);
        for (x, value) in (left..).zip(shown) {
            let Some(value) = value else {
                buf[(x, area.bottom() - 1)].set_symbol(MISSING).set_style(theme.style(Role::Muted));
                continue;
            };
            let style = self.style_of(*value, theme);
            let mut eighths = height(*value, ends, most);
            for y in (area.y..area.bottom()).rev() {
                buf[(x, y)].set_symbol(BARS[eighths.min(8)]).set_style(style);
                eighths = eighths.saturating_sub(8);
            }
        }
    }

    /// What is within all bounds is dim: a bar is much colour, and what is loud should be wrong.
    fn style_of(&self, value: f64, theme: &Theme) -> Style {
        let passed = self.bounds.iter().find(|bound| bound.passed(value));
        passed.map_or_else(|| theme.ink(self.role).add_modifier(Modifier::DIM), |bound| theme.ink(bound.role))
    }

    /// The values of the lowest and the highest bar.
    fn ends(&self, shown: &[Option<f64>]) -> (f64, f64) {
        let values = || shown.iter().flatten().copied().filter(|value| value.is_finite());
        let Some(highest) = values().reduce(f64::max) else { return (0.0, 1.0) };
        let lowest = values().fold(highest, f64::min);
        match self.scale {
            Scale::FromZero => (lowest.min(0.0), highest.max(0.0)),
            Scale::Fit => (lowest.min(highest - highest.abs() * 0.05), highest),
        }
    }
}

/// The height of a value's bar, from 1 to `most` eighths of a line.
fn height(value: f64, (low, high): (f64, f64), most: usize) -> usize {
    if high <= low {
        return 1;
    }
    let share = ((value - low) / (high - low)).clamp(0.0, 1.0);
    1 + (share * (most - 1) as f64).round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(width: u16, values: &[Option<f64>], scale: Scale) -> String {
        let area = Rect::new(0, 0, width, 1);
        let mut buffer = Buffer::empty(area);
        Sparkline { values, scale, role: Role::Text, bounds: &[], air: 0 }.draw(area, &mut buffer, &Theme::plain("t"));
        buffer.content().iter().map(|cell| cell.symbol().to_owned()).collect()
    }

    #[test]
    fn bars_gaps_and_scales() {
        let all = |values: &[f64]| values.iter().copied().map(Some).collect::<Vec<_>>();
        let cases = [
            (8, all(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), Scale::FromZero, "▁▂▃▄▅▆▇█"),
            (4, all(&[50.0, 100.0]), Scale::FromZero, "  ▅█"),
            (2, all(&[50.0, 100.0]), Scale::Fit, "▁█"),
            (2, all(&[99.9, 100.0]), Scale::Fit, "██"),
            (3, vec![Some(1.0), None, Some(1.0)], Scale::FromZero, "█·█"),
            (2, all(&[9.0, 0.0, 1.0]), Scale::FromZero, "▁█"),
            (3, all(&[0.0, 0.0, 0.0]), Scale::FromZero, "▁▁▁"),
            (2, all(&[-1.0, 0.0]), Scale::FromZero, "▁█"),
            (2, vec![], Scale::Fit, "  "),
            (0, all(&[1.0]), Scale::Fit, ""),
        ];
        for (width, values, scale, expected) in cases {
            assert_eq!(draw(width, &values, scale), expected, "{values:?}");
        }
    }

    #[test]
    fn values_beyond_a_bound_take_its_colour() {
        use ratatui::style::{Color, Style};
        let mut theme = Theme::plain("t");
        theme.set(Role::Critical, Style::new().fg(Color::Red));
        let area = Rect::new(0, 0, 2, 1);
        let mut buffer = Buffer::empty(area);
        let bounds = [Bound { value: 5.0, above: true, role: Role::Critical }];
        Sparkline {
            values: &[Some(5.0), Some(6.0)],
            scale: Scale::FromZero,
            role: Role::Text,
            bounds: &bounds,
            air: 0,
        }
        .draw(area, &mut buffer, &theme);
        assert_eq!((buffer[(0, 0)].fg, buffer[(1, 0)].fg), (Color::Reset, Color::Red));
    }

    #[test]
    fn lines_share_a_bar_and_air_stays_above() {
        let area = Rect::new(0, 0, 3, 2);
        let mut buffer = Buffer::empty(area);
        let spark = Sparkline {
            values: &[Some(0.0), None, Some(9.0)],
            scale: Scale::FromZero,
            role: Role::Text,
            bounds: &[],
            air: 1,
        };
        spark.draw(area, &mut buffer, &Theme::plain("t"));
        assert_eq!(crate::widgets::screen::rows(&buffer), ["  ▇", "▁·█"]);
    }
}
