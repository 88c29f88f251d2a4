//! Where a chart's plot and axes stand, and the axes themselves.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Chart, Side, row};
use crate::board::Unit;
use crate::text::{units, width};
use crate::widgets::axis::{Scaling, Values, time_ticks};
use crate::widgets::theme::{Role, Theme};

/// Rows from which on a logarithmic plot has one below it for what has no logarithm.
const ROWS_FOR_NONE: u16 = 4;
/// What stands in that row, and beside it.
pub(super) const NONE_POSITIVE: &str = "▾";
const NONE_LABEL: &str = "≤0";

/// The parts of a chart's area.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Frame {
    /// What the values are drawn in.
    pub(super) plot: Rect,
    /// The axis on the left.
    pub(super) left: Option<Values>,
    /// The axis on the right.
    pub(super) right: Option<Values>,
    /// Cells of the axes' labels, left and right; 0 without.
    gutters: (u16, u16),
    /// The row below the plot for values that a logarithmic axis has no place for.
    pub(super) none: Option<u16>,
    /// Rows of the time axis.
    feet: u16,
}

impl Frame {
    /// The frame of a chart in an area; `None` where it has no point.
    pub(super) fn of(chart: &Chart<'_>, area: Rect) -> Option<Self> {
        let feet = feet(area.height);
        let mut rows = area.height - feet;
        let log = chart.is_log();
        let below = log && rows >= ROWS_FOR_NONE && chart.has_none_positive();
        rows -= u16::from(below);
        let (left, right) = (chart.extent(Side::Left), chart.extent(Side::Right));
        if left.is_none() && right.is_none() && !below {
            return None;
        }
        let scaling = if log { Scaling::Log } else { Scaling::Linear };
        let axis = |extent: Option<(f64, f64)>| extent.map(|(low, high)| Values::scaled(scaling, low, high, rows));
        let (left, right) = (axis(left), axis(right));
        let need = |axis: &Option<Values>, unit| {
            let labels = axis.iter().flat_map(|axis| &axis.ticks).map(|tick| width(&units::axis(*tick, unit)));
            let least = if below { width(NONE_LABEL) } else { 0 };
            let widest = labels.max().map(|widest| widest.max(least) as u16);
            widest.map(|widest| widest + 1).filter(|cells| cells * 3 <= area.width).unwrap_or(0)
        };
        let gutters = (need(&left, chart.unit), need(&right, chart.right_unit));
        let gutters = if (gutters.0 + gutters.1) * 2 > area.width { (gutters.0, 0) } else { gutters };
        let plot = Rect { x: area.x + gutters.0, width: area.width - gutters.0 - gutters.1, height: rows, ..area };
        let none = below.then_some(area.y + rows);
        Some(Self { plot, left, right, gutters, none, feet })
    }

    /// The axis of a side.
    pub(super) const fn axis(&self, side: Side) -> Option<&Values> {
        match side {
            Side::Left => self.left.as_ref(),
            Side::Right => self.right.as_ref(),
        }
    }

    /// The row under a share of the axis' height, on screen.
    pub(super) fn y(&self, axis: &Values, value: f64) -> u16 {
        self.plot.y + row(axis.share(value), self.plot.height)
    }

    /// The first row under the plot and its row of values without a logarithm.
    fn foot(&self) -> u16 {
        self.plot.bottom() + u16::from(self.none.is_some())
    }

    /// The line of the time axis; empty where there is room only for its labels.
    pub(super) fn line(&self) -> Rect {
        Rect { y: self.foot(), height: u16::from(self.feet == 2), ..self.plot }
    }

    /// Draws the axes of values.
    pub(super) fn draw_values(&self, chart: &Chart<'_>, buf: &mut Buffer, theme: &Theme) {
        if let Some(axis) = self.left.as_ref().filter(|_| self.gutters.0 > 0) {
            self.draw_axis(axis, Side::Left, chart.unit, buf, theme);
        }
        if let Some(axis) = self.right.as_ref().filter(|_| self.gutters.1 > 0) {
            self.draw_axis(axis, Side::Right, chart.right_unit, buf, theme);
        }
    }

    fn draw_axis(&self, axis: &Values, side: Side, unit: Unit, buf: &mut Buffer, theme: &Theme) {
        let style = theme.style(Role::Axis);
        let (x, tooth) = match side {
            Side::Left => (self.plot.x - 1, "┤"),
            Side::Right => (self.plot.right(), "├"),
        };
        let put = |buf: &mut Buffer, y: u16, label: &str| match side {
            Side::Left => {
                let left = x.saturating_sub(width(label) as u16).max(self.plot.x - self.gutters.0);
                buf.set_string(left, y, label, style);
            }
            Side::Right => buf.set_string(x + 1, y, label, style),
        };
        for y in self.plot.y..self.foot() {
            buf[(x, y)].set_symbol("│").set_style(style);
        }
        if let Some(y) = self.none {
            buf[(x, y)].set_symbol(tooth);
            put(buf, y, NONE_LABEL);
        }
        let mut free = self.plot.bottom();
        let mut said = String::new();
        for tick in &axis.ticks {
            let y = self.y(axis, *tick);
            let label = units::axis(*tick, unit);
            if y >= free || label == said {
                continue;
            }
            free = y;
            buf[(x, y)].set_symbol(tooth);
            put(buf, y, &label);
            said = label;
        }
    }

    /// Draws the time axis.
    pub(super) fn draw_times(&self, chart: &Chart<'_>, buf: &mut Buffer, theme: &Theme) {
        if self.feet == 0 || self.plot.width == 0 {
            return;
        }
        let style = theme.style(Role::Axis);
        let (line, joined) = (self.line(), self.gutters.0 > 0);
        for y in line.y..line.bottom() {
            for x in line.x..line.right() {
                buf[(x, y)].set_symbol("─").set_style(style);
            }
            if joined {
                buf[(line.x - 1, y)].set_symbol("└").set_style(style);
            }
            if self.gutters.1 > 0 {
                buf[(line.right(), y)].set_symbol("┘").set_style(style);
            }
        }
        let y = line.y + line.height;
        let end = line.right() + self.gutters.1;
        let mut free = if joined { line.x - 1 } else { line.x };
        for tick in time_ticks(chart.from, chart.to, line.width, chart.wall) {
            let x = line.x + tick.column;
            if line.height > 0 {
                buf[(x, line.y)].set_symbol("┬");
            }
            let size = width(&tick.label) as u16;
            let middle = x.saturating_sub(size / 2);
            let left = if free - middle.min(free) <= 2 { middle.max(free) } else { middle };
            if left < free || left + size > end {
                continue;
            }
            buf.set_string(left, y, &tick.label, style);
            free = left + size + 1;
        }
    }

    /// The values that a logarithmic axis has no place for: each has its mark in their row.
    pub(super) fn draw_none(&self, chart: &Chart<'_>, buf: &mut Buffer, theme: &Theme) {
        let Some(y) = self.none else { return };
        for line in chart.lines.iter().rev() {
            for (at, _) in chart.inside(&line.points).filter(|(_, value)| *value <= 0.0) {
                if let Some(column) = chart.column(at, self.plot.width) {
                    buf[(self.plot.x + column, y)].set_symbol(NONE_POSITIVE).set_style(theme.ink(line.role));
                }
            }
        }
    }
}

/// The rows of the time axis under a chart of this height.
pub(super) const fn feet(height: u16) -> u16 {
    match height {
        0..=2 => 0,
        3..=4 => 1,
        _ => 2,
    }
}
