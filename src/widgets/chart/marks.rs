//! What stands behind a chart's values and over them: bounds, the band, the cursor.

use ratatui::buffer::Buffer;
use ratatui::style::Modifier;

use super::frame::Frame;
use super::{Chart, limit};
use crate::text::width;
use crate::widgets::axis::Scaling;
use crate::widgets::theme::{Role, Theme};

impl Chart<'_> {
    /// Dashed lines with their words; over areas and bars only where these leave room.
    pub(super) fn draw_bounds(&self, frame: &Frame, buf: &mut Buffer, theme: &Theme) {
        let (plot, Some(axis)) = (frame.plot, &frame.left) else { return };
        let has_place = |value: f64| value.is_finite() && (axis.scaling == Scaling::Linear || value > 0.0);
        for bound in self.bounds.iter().filter(|bound| has_place(bound.value)) {
            let y = frame.y(axis, bound.value);
            let style = theme.style(bound.role);
            for x in plot.x..plot.right() {
                let cell = &mut buf[(x, y)];
                if matches!(cell.symbol(), " " | "╌" | "░") {
                    cell.set_symbol("╌").set_style(style);
                }
            }
            let sign = if bound.above { '>' } else { '<' };
            let label = format!("{sign} {}", limit(bound.value, self.unit));
            let size = width(&label) as u16;
            if size * 4 <= plot.width {
                buf.set_string(plot.x, y, label, style);
            }
        }
    }

    pub(super) fn draw_band(&self, frame: &Frame, buf: &mut Buffer, theme: &Theme) {
        let (plot, Some(axis), Some(band)) = (frame.plot, &frame.left, &self.band) else { return };
        let style = theme.style(Role::Threshold).add_modifier(Modifier::DIM);
        for column in 0..plot.width {
            let at = self.time_of(column, plot.width);
            let (Some(lower), Some(upper)) = (self.in_force(&band.lower, at), self.in_force(&band.upper, at)) else {
                continue;
            };
            let (top, bottom) = (frame.y(axis, upper), frame.y(axis, lower));
            for y in top..=bottom.max(top) {
                buf[(plot.x + column, y)].set_symbol("░").set_style(style);
            }
        }
    }

    pub(super) fn draw_cursor(&self, frame: &Frame, buf: &mut Buffer, theme: &Theme) {
        let plot = frame.plot;
        let Some(column) = self.cursor.and_then(|at| self.column(at, plot.width)) else { return };
        let (x, style) = (plot.x + column, theme.style(Role::Cursor));
        for y in plot.y..plot.bottom() {
            let cell = &mut buf[(x, y)];
            if matches!(cell.symbol(), " " | "╌" | "░" | "┊") {
                cell.set_symbol("│").set_style(style);
            } else {
                cell.modifier.insert(Modifier::REVERSED);
            }
        }
        for y in frame.line().y..frame.line().bottom() {
            buf[(x, y)].set_symbol("┴").set_style(style);
        }
    }
}
