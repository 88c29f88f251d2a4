//! Lines over time, in braille.

use std::borrow::Cow;

use chrono::TimeDelta;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::axis::{Values, Wall, time_ticks};
use super::sparkline::Bound;
use super::theme::{Role, Theme};
use crate::board::Unit;
use crate::clock::Time;
use crate::text::{truncate, units, width};

mod annotations;
mod lines;
mod read;

pub use annotations::Annotation;
pub use read::{Reading, figure, limit};

/// One line of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Line<'a> {
    /// Its name in legend and read-out, sanitised.
    pub label: String,
    /// What it means: its colour, and its glyph at its newest point.
    pub role: Role,
    /// Start of period and value, ascending. A missing period is a gap.
    pub points: Cow<'a, [(Time, f64)]>,
    /// Whether it stands behind the others, for comparison: thin, without glyph and read-out.
    pub faint: bool,
}

impl<'a> Line<'a> {
    /// A line in front.
    pub const fn new(label: String, role: Role, points: Cow<'a, [(Time, f64)]>) -> Self {
        Self { label, role, points, faint: false }
    }
}

/// A band between two lines, such as the expected range of an anomaly detector.
#[derive(Debug, Clone, PartialEq)]
pub struct Band<'a> {
    /// Its lower bound a period.
    pub lower: Cow<'a, [(Time, f64)]>,
    /// Its upper bound a period.
    pub upper: Cow<'a, [(Time, f64)]>,
}

/// Lines over time with axes, bounds, a band and a cursor.
///
/// ```text
///  3k┤                 ⢀⡠⠤⠤⠒⠒⠤⠤⠤⣀⣀         ╷  ⢠⠒⡄●
///    │   ⣀⣀⣀⡠⠤⠤⠒⠒⠒⠒⠉⠉⠉             ⠉⠉⠒⠒⠒⠤⠤⠤╎⠤⠤⡇
///  1k┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╎╌╌╌╌╌╌> 1k
///   0┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀╎⣀⣀⣇⣀✗
///    └──┬──────────┬──────────┬──────────┬──┴───────
///     07:30      08:00      08:30      09:00
/// ```
///
/// Where several points fall into one column of dots, the column is a stroke from the lowest to the highest of them, so
/// that neither a peak nor a dip is lost. A point whose period still runs at `now` is a dim dot of its own, since its
/// value is not final. Lines that are given first lie on top.
#[derive(Debug, Clone)]
pub struct Chart<'a> {
    /// The lines, the most important first.
    pub lines: Vec<Line<'a>>,
    /// The left end.
    pub from: Time,
    /// The right end.
    pub to: Time,
    /// Seconds between points; a longer distance is a gap.
    pub period_s: i64,
    /// The present, which decides which points are not final.
    pub now: Time,
    /// The unit of the values.
    pub unit: Unit,
    /// Horizontal lines.
    pub bounds: Vec<Bound>,
    /// A shaded band behind the lines.
    pub band: Option<Band<'a>>,
    /// Events on the time axis.
    pub annotations: Vec<Annotation>,
    /// The start of the period under the cursor.
    pub cursor: Option<Time>,
    /// The zone of the time axis.
    pub wall: Wall,
    /// What is said where there is no point at all.
    pub empty: String,
}

impl Chart<'_> {
    /// A chart of `[from, to)` without any line: the beginning of another one, by struct update.
    pub fn new((from, to): (Time, Time), period_s: i64, now: Time, unit: Unit, wall: Wall) -> Self {
        Self {
            lines: Vec::new(),
            from,
            to,
            period_s,
            now,
            unit,
            bounds: Vec::new(),
            band: None,
            annotations: Vec::new(),
            cursor: None,
            wall,
            empty: String::new(),
        }
    }

    /// Draws into `area`: the plot, and axes as far as there is room for them.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let feet = feet(area.height);
        let rows = area.height - feet;
        let Some((low, high)) = self.extent() else {
            let x = area.x + (area.width.saturating_sub(width(&self.empty) as u16)) / 2;
            let text = truncate(&self.empty, usize::from(area.width));
            buf.set_string(x, area.y + area.height / 2, text, theme.style(Role::Muted));
            return;
        };
        let axis = Values::fit(low, high, rows);
        let gutter = self.gutter(&axis, area.width);
        let plot = Rect { x: area.x + gutter, width: area.width - gutter, height: rows, ..area };
        if gutter > 0 {
            self.draw_values(&axis, Rect { width: gutter, height: rows, ..area }, buf, theme);
        }
        self.draw_band(&axis, plot, buf, theme);
        self.draw_bounds(&axis, plot, buf, theme);
        self.draw_lines(&axis, plot, buf, theme);
        self.draw_annotations(plot, buf, theme);
        if feet > 0 {
            let foot = Rect { y: area.y + rows, height: feet, ..plot };
            self.draw_times(foot, gutter > 0, buf, theme);
            self.mark_annotations(Rect { height: feet - 1, ..foot }, buf, theme);
        }
        self.draw_cursor(plot, feet == 2, buf, theme);
    }

    /// The part of `area` that the lines are drawn in, without the axes: where something that shares the time axis
    /// belongs.
    pub fn plot(&self, area: Rect) -> Rect {
        let rows = area.height - feet(area.height);
        let gutter = self.extent().map_or(0, |(low, high)| self.gutter(&Values::fit(low, high, rows), area.width));
        Rect { x: area.x + gutter, width: area.width - gutter, height: rows, ..area }
    }

    /// The smallest and largest value of everything that is drawn; `None` without any point.
    ///
    /// Points that are not final do not count: the first seconds of a minute's sum would pull the axis to zero.
    fn extent(&self) -> Option<(f64, f64)> {
        let shown = |points: &[(Time, f64)]| {
            let inside = |at: Time| at >= self.from && at < self.to;
            let points = points.iter().filter(|(at, value)| inside(*at) && value.is_finite());
            points.copied().collect::<Vec<_>>()
        };
        let points: Vec<(Time, f64)> = self.lines.iter().flat_map(|line| shown(&line.points)).collect();
        let is_final = points.iter().any(|(at, _)| !self.is_provisional(*at));
        let counts = points.iter().filter(|(at, _)| !is_final || !self.is_provisional(*at));
        let mut values: Vec<f64> = counts.map(|(_, value)| *value).collect();
        if values.is_empty() {
            return None;
        }
        values.extend(self.bounds.iter().map(|bound| bound.value));
        if let Some(band) = &self.band {
            values.extend(shown(&band.lower).iter().chain(&shown(&band.upper)).map(|(_, value)| *value));
        }
        Some((values.iter().copied().fold(f64::MAX, f64::min), values.iter().copied().fold(f64::MIN, f64::max)))
    }

    /// The cells left of the plot: the widest label and the axis; 0 where that would take more than a third.
    fn gutter(&self, axis: &Values, columns: u16) -> u16 {
        let widest = axis.ticks.iter().map(|tick| width(&units::axis(*tick, self.unit))).max().unwrap_or(0) as u16;
        if (widest + 1) * 3 > columns { 0 } else { widest + 1 }
    }

    fn draw_values(&self, axis: &Values, gutter: Rect, buf: &mut Buffer, theme: &Theme) {
        let x = gutter.right() - 1;
        for y in gutter.y..gutter.bottom() {
            buf[(x, y)].set_symbol("│").set_style(theme.style(Role::Axis));
        }
        let mut free = gutter.bottom();
        let mut said = String::new();
        for tick in &axis.ticks {
            let y = gutter.y + row(axis.share(*tick), gutter.height);
            let label = units::axis(*tick, self.unit);
            if y >= free || label == said {
                continue;
            }
            free = y;
            buf[(x, y)].set_symbol("┤");
            let left = x.saturating_sub(width(&label) as u16).max(gutter.x);
            buf.set_string(left, y, &label, theme.style(Role::Axis));
            said = label;
        }
    }

    fn draw_times(&self, foot: Rect, joined: bool, buf: &mut Buffer, theme: &Theme) {
        let style = theme.style(Role::Axis);
        let line = foot.height == 2;
        if line {
            for x in foot.x..foot.right() {
                buf[(x, foot.y)].set_symbol("─").set_style(style);
            }
            if joined {
                buf[(foot.x - 1, foot.y)].set_symbol("└").set_style(style);
            }
        }
        let y = foot.bottom() - 1;
        let mut free = if joined { foot.x - 1 } else { foot.x };
        for tick in time_ticks(self.from, self.to, foot.width, self.wall) {
            let x = foot.x + tick.column;
            if line {
                buf[(x, foot.y)].set_symbol("┬");
            }
            let size = width(&tick.label) as u16;
            let middle = x.saturating_sub(size / 2);
            let left = if free - middle.min(free) <= 2 { middle.max(free) } else { middle };
            if left < free || left + size > foot.right() {
                continue;
            }
            buf.set_string(left, y, &tick.label, style);
            free = left + size + 1;
        }
    }

    fn draw_bounds(&self, axis: &Values, plot: Rect, buf: &mut Buffer, theme: &Theme) {
        for bound in &self.bounds {
            let y = plot.y + row(axis.share(bound.value), plot.height);
            let style = theme.style(bound.role);
            for x in plot.x..plot.right() {
                buf[(x, y)].set_symbol("╌").set_style(style);
            }
            let sign = if bound.above { '>' } else { '<' };
            let label = format!("{sign} {}", limit(bound.value, self.unit));
            let size = width(&label) as u16;
            if size * 4 <= plot.width {
                buf.set_string(plot.x, y, label, style);
            }
        }
    }

    fn draw_band(&self, axis: &Values, plot: Rect, buf: &mut Buffer, theme: &Theme) {
        let Some(band) = &self.band else { return };
        let style = theme.style(Role::Threshold).add_modifier(Modifier::DIM);
        for column in 0..plot.width {
            let at = self.time_of(column, plot.width);
            let (Some(lower), Some(upper)) = (self.in_force(&band.lower, at), self.in_force(&band.upper, at)) else {
                continue;
            };
            let (top, bottom) = (row(axis.share(upper), plot.height), row(axis.share(lower), plot.height));
            for y in top..=bottom.max(top) {
                buf[(plot.x + column, plot.y + y)].set_symbol("░").set_style(style);
            }
        }
    }

    fn draw_cursor(&self, plot: Rect, axis_line: bool, buf: &mut Buffer, theme: &Theme) {
        let Some(column) = self.cursor.and_then(|at| self.column(at, plot.width)) else { return };
        let (x, style) = (plot.x + column, theme.style(Role::Cursor));
        for y in plot.y..plot.bottom() {
            let cell = &mut buf[(x, y)];
            if matches!(cell.symbol(), " " | "╌" | "░") {
                cell.set_symbol("│").set_style(style);
            } else {
                cell.modifier.insert(Modifier::REVERSED);
            }
        }
        if axis_line {
            buf[(x, plot.bottom())].set_symbol("┴").set_style(style);
        }
    }

    /// The share of the width at which the middle of a period lies.
    fn share_of(&self, at: Time) -> f64 {
        let span = (self.to - self.from).num_milliseconds().max(1) as f64;
        let middle = at + TimeDelta::milliseconds(self.period_s * 500);
        (middle - self.from).num_milliseconds() as f64 / span
    }

    /// The cell in which the middle of a period lies.
    fn column(&self, at: Time, columns: u16) -> Option<u16> {
        let share = self.share_of(at);
        let column = (share * f64::from(columns)).floor().min(f64::from(columns) - 1.0);
        (0.0..=1.0).contains(&share).then_some(column as u16)
    }

    /// The time in the middle of a cell.
    fn time_of(&self, column: u16, columns: u16) -> Time {
        let span = (self.to - self.from).num_milliseconds();
        self.from + TimeDelta::milliseconds(span * (2 * i64::from(column) + 1) / (2 * i64::from(columns.max(1))))
    }

    /// The value of the period that holds `at`.
    fn in_force(&self, points: &[(Time, f64)], at: Time) -> Option<f64> {
        let (start, value) = points[..points.partition_point(|(start, _)| *start <= at)].last()?;
        (at < *start + TimeDelta::seconds(self.period_s) && value.is_finite()).then_some(*value)
    }

    /// Whether the period that begins at `at` still runs.
    fn is_provisional(&self, at: Time) -> bool {
        at + TimeDelta::seconds(self.period_s) > self.now
    }
}

/// The rows of the time axis under a chart of this height.
const fn feet(height: u16) -> u16 {
    match height {
        0..=2 => 0,
        3..=4 => 1,
        _ => 2,
    }
}

/// The row, from the top, at which a share of the height lies.
fn row(share: f64, rows: u16) -> u16 {
    let dots = f64::from(rows) * 4.0 - 1.0;
    (((1.0 - share) * dots).round().max(0.0) as u16 / 4).min(rows.saturating_sub(1))
}

#[cfg(test)]
mod tests;
