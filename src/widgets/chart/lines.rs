//! The lines of a chart.

use chrono::TimeDelta;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::{Chart, Line, row};
use crate::clock::Time;
use crate::widgets::axis::Values;
use crate::widgets::braille::Braille;
use crate::widgets::legend::glyph;
use crate::widgets::theme::{Role, Theme};

/// How far left a glyph may move when another line's glyph has its cell.
const GLYPH_STEPS: u16 = 4;

impl Chart<'_> {
    pub(super) fn draw_lines(&self, axis: &Values, plot: Rect, buf: &mut Buffer, theme: &Theme) {
        let mut canvas = Braille::new(plot.width, plot.height);
        let behind = self.lines.iter().filter(|line| line.faint);
        for line in self.lines.iter().filter(|line| !line.faint).chain(behind) {
            let style =
                if line.faint { theme.style(Role::Muted).add_modifier(Modifier::DIM) } else { theme.ink(line.role) };
            self.trace(&mut canvas, line, axis, style, theme);
        }
        canvas.paint(plot, buf);
        self.draw_glyphs(axis, plot, buf, theme);
    }

    fn trace(&self, canvas: &mut Braille, line: &Line<'_>, axis: &Values, style: Style, theme: &Theme) {
        let (across, down) = canvas.dots();
        let x_of = |at: Time| (self.share_of(at) * f64::from(across)).floor() as i32;
        let y_of = |value: f64| ((1.0 - axis.share(value)) * f64::from(down - 1)).round() as i32;
        let gap = TimeDelta::milliseconds(self.period_s * 1500);
        let mut last: Option<(Time, i32, i32)> = None;
        for &(at, value) in self.shown(line) {
            if !value.is_finite() {
                continue;
            }
            let (x, y) = (x_of(at), y_of(value));
            if self.is_provisional(at) && !line.faint {
                canvas.dot(x, y, style.add_modifier(Modifier::DIM));
                continue;
            }
            // Consecutive points are joined, so points of one column make a stroke from the lowest to the highest.
            let style = if line.faint { style } else { self.breach(at, value).map_or(style, |role| theme.ink(role)) };
            match last {
                Some((before, from_x, from_y)) if at - before <= gap => canvas.line((from_x, from_y), (x, y), style),
                Some(_) | None => canvas.dot(x, y, style),
            }
            last = Some((at, x, y));
        }
    }

    /// What a value means that lies beyond a bound, or outside the band.
    fn breach(&self, at: Time, value: f64) -> Option<Role> {
        let passed = self.bounds.iter().find(|bound| bound.passed(value)).map(|bound| match bound.role {
            Role::Threshold => Role::AlarmFiring,
            role => role,
        });
        passed.or_else(|| {
            let band = self.band.as_ref()?;
            let (lower, upper) = (self.in_force(&band.lower, at)?, self.in_force(&band.upper, at)?);
            (value < lower || value > upper).then_some(Role::AlarmFiring)
        })
    }

    /// The points inside the chart, and one more on either side so that lines run to the edges.
    fn shown<'l>(&self, line: &'l Line<'_>) -> &'l [(Time, f64)] {
        let start = line.points.partition_point(|(at, _)| *at < self.from).saturating_sub(1);
        let end = line.points.partition_point(|(at, _)| *at < self.to);
        &line.points[start.min(end)..end]
    }

    /// Marks each line's newest final point with its glyph, where there are several lines.
    fn draw_glyphs(&self, axis: &Values, plot: Rect, buf: &mut Buffer, theme: &Theme) {
        if self.lines.iter().filter(|line| !line.faint).count() < 2 {
            return;
        }
        let mut taken: Vec<(u16, u16)> = Vec::new();
        for line in self.lines.iter().filter(|line| !line.faint) {
            let newest = self.shown(line).iter().rev().find(|(at, _)| *at >= self.from && !self.is_provisional(*at));
            let Some(&(at, value)) = newest else { continue };
            let Some(column) = self.column(at, plot.width) else { continue };
            let y = plot.y + row(axis.share(value), plot.height);
            let free = (0..=GLYPH_STEPS.min(column))
                .map(|step| (plot.x + column - step, y))
                .find(|spot| !taken.contains(spot));
            let Some(spot) = free else { continue };
            taken.push(spot);
            buf[spot].set_symbol(glyph(line.role)).set_style(theme.ink(line.role));
        }
    }
}
