//! Values over time: lines, areas, bars or numbers, with axes, bounds, a band, events and a cursor.

use std::borrow::Cow;

use chrono::TimeDelta;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::axis::{Scaling, Wall};
use super::legend::glyph;
use super::sparkline::Bound;
use super::theme::{Role, Theme};
use crate::board::Unit;
use crate::clock::Time;
use crate::text::{truncate, width};

mod annotations;
mod columns;
mod extent;
mod frame;
mod legend;
mod lines;
mod marks;
mod numbers;
mod read;

pub use annotations::Annotation;
use frame::Frame;
pub use read::{Reading, Value, figure, limit};

/// How values are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Kind {
    /// A line each.
    #[default]
    Lines,
    /// Areas that lie on one another: the top is the total.
    Stacked,
    /// Bars, side by side where there is room, else one before the other.
    Bars,
    /// The newest value of each, or that under the cursor, with a sparkline.
    Numbers,
}

impl Kind {
    /// Every kind, in the order in which one goes through them.
    pub const ALL: [Self; 4] = [Self::Lines, Self::Stacked, Self::Bars, Self::Numbers];

    /// Its name in board files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Stacked => "stacked",
            Self::Bars => "bars",
            Self::Numbers => "numbers",
        }
    }

    /// The kind after this one.
    pub const fn next(self) -> Self {
        match self {
            Self::Lines => Self::Stacked,
            Self::Stacked => Self::Bars,
            Self::Bars => Self::Numbers,
            Self::Numbers => Self::Lines,
        }
    }
}

/// The axis that a line is measured on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Side {
    /// The left one.
    #[default]
    Left,
    /// The right one, for values of another unit or size.
    Right,
}

/// One line of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Line<'a> {
    /// Its name in legend and read-out, sanitised.
    pub label: String,
    /// What it means: its colour.
    pub role: Role,
    /// What stands at its newest point and in front of its name.
    pub glyph: &'static str,
    /// The axis it is measured on.
    pub side: Side,
    /// Start of period and value, ascending. A missing period is a gap.
    pub points: Cow<'a, [(Time, f64)]>,
    /// The same at an earlier time, moved into this window: faint, behind; empty without a comparison.
    pub earlier: Cow<'a, [(Time, f64)]>,
}

impl<'a> Line<'a> {
    /// A line on the left axis, compared with nothing.
    pub const fn new(label: String, role: Role, points: Cow<'a, [(Time, f64)]>) -> Self {
        Self { label, role, glyph: glyph(role), side: Side::Left, points, earlier: Cow::Borrowed(&[]) }
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

/// Values over time.
///
/// ```text
///  3k┤                 ⢀⡠⠤⠤⠒⠒⠤⠤⠤⣀⣀         ╷  ⢠⠒⡄●        ├ 30 s
///    │   ⣀⣀⣀⡠⠤⠤⠒⠒⠒⠒⠉⠉⠉             ⠉⠉⠒⠒⠒⠤⠤⠤╎⠤⠤⡇          │
///  1k┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╎╌╌╌╌╌╌> 1k   ├ 10 s
///   0┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀╎⣀⣀⣇⣀✗        ├  0 s
///    └──┬──────────┬──────────┬──────────┬──┴──◆────
///     07:30      08:00      08:30      09:00
/// ```
///
/// Where several points fall into one column of dots, the column is a stroke from the lowest to the highest of them, so
/// that neither a peak nor a dip is lost; an area or a bar shows the highest. Lines that are given first lie on top.
///
/// A point whose period still runs at `now` is a dim dot of its own; one that CloudWatch may still change, since
/// its period ended less than `settling` ago, hangs on a dotted line.
#[derive(Debug, Clone)]
pub struct Chart<'a> {
    /// How values are drawn.
    pub kind: Kind,
    /// The lines, the most important first.
    pub lines: Vec<Line<'a>>,
    /// How many lines are left out, since they could not be told apart.
    pub left_out: usize,
    /// The left end.
    pub from: Time,
    /// The right end.
    pub to: Time,
    /// Seconds between points; a longer distance is a gap.
    pub period_s: i64,
    /// The present, which decides which points are not final.
    pub now: Time,
    /// How long after its period a value may still change.
    pub settling: TimeDelta,
    /// The unit of the values on the left axis.
    pub unit: Unit,
    /// The unit of those on the right axis.
    pub right_unit: Unit,
    /// How the axes measure.
    pub scaling: Scaling,
    /// Horizontal lines, on the left axis.
    pub bounds: Vec<Bound>,
    /// A shaded band behind the lines, on the left axis.
    pub band: Option<Band<'a>>,
    /// Events on the time axis.
    pub annotations: Vec<Annotation>,
    /// What the earlier lines are, such as `the day before`; `None` without a comparison.
    pub compared: Option<&'static str>,
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
            kind: Kind::Lines,
            lines: Vec::new(),
            left_out: 0,
            from,
            to,
            period_s,
            now,
            settling: TimeDelta::zero(),
            unit,
            right_unit: unit,
            scaling: Scaling::Linear,
            bounds: Vec::new(),
            band: None,
            annotations: Vec::new(),
            compared: None,
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
        let Some(frame) = Frame::of(self, area) else {
            let x = area.x + (area.width.saturating_sub(width(&self.empty) as u16)) / 2;
            let text = truncate(&self.empty, usize::from(area.width));
            buf.set_string(x, area.y + area.height / 2, text, theme.style(Role::Muted));
            return;
        };
        match self.kind {
            Kind::Numbers => return self.draw_numbers(area, buf, theme),
            Kind::Lines => {
                frame.draw_values(self, buf, theme);
                self.draw_band(&frame, buf, theme);
                self.draw_bounds(&frame, buf, theme);
                self.draw_lines(&frame, buf, theme);
            }
            Kind::Stacked | Kind::Bars => {
                frame.draw_values(self, buf, theme);
                self.draw_columns(&frame, buf, theme);
                self.draw_bounds(&frame, buf, theme);
            }
        }
        frame.draw_times(self, buf, theme);
        self.draw_annotations(frame.plot, buf, theme);
        self.mark_annotations(frame.line(), buf, theme);
        self.draw_cursor(&frame, buf, theme);
    }

    /// The part of `area` that the lines are drawn in, without the axes: where something that shares the time axis
    /// belongs.
    pub fn plot(&self, area: Rect) -> Rect {
        Frame::of(self, area)
            .map_or(Rect { height: area.height - frame::feet(area.height), ..area }, |frame| frame.plot)
    }

    /// Whether a logarithmic axis is asked for and can be: areas add up, which logarithms do not, and zero has none.
    pub fn is_log(&self) -> bool {
        let positive = || self.lines.iter().flat_map(|line| self.shown(&line.points)).any(|(_, value)| *value > 0.0);
        self.scaling == Scaling::Log && matches!(self.kind, Kind::Lines | Kind::Bars) && positive()
    }

    /// The unit of a line's values.
    pub const fn unit_of(&self, line: &Line<'_>) -> Unit {
        match line.side {
            Side::Left => self.unit,
            Side::Right => self.right_unit,
        }
    }

    /// The points inside the chart, and one more on either side so that lines run to the edges.
    fn shown<'l>(&self, points: &'l [(Time, f64)]) -> &'l [(Time, f64)] {
        let start = points.partition_point(|(at, _)| *at < self.from).saturating_sub(1);
        let end = points.partition_point(|(at, _)| *at < self.to);
        &points[start.min(end)..end]
    }

    /// The share of the width at which the middle of a period lies.
    fn share_of(&self, at: Time) -> f64 {
        self.share_at(at + TimeDelta::milliseconds(self.period_s * 500))
    }

    /// The share of the width at which an instant lies.
    fn share_at(&self, at: Time) -> f64 {
        let span = (self.to - self.from).num_milliseconds().max(1) as f64;
        (at - self.from).num_milliseconds() as f64 / span
    }

    /// The cell in which the middle of a period lies.
    fn column(&self, at: Time, columns: u16) -> Option<u16> {
        let share = self.share_of(at);
        let column = (share * f64::from(columns)).floor().min(f64::from(columns) - 1.0);
        (columns > 0 && (0.0..=1.0).contains(&share)).then_some(column as u16)
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
    fn is_running(&self, at: Time) -> bool {
        at + TimeDelta::seconds(self.period_s) > self.now
    }

    /// Whether the value of the period that begins at `at` may still change.
    fn is_provisional(&self, at: Time) -> bool {
        at + TimeDelta::seconds(self.period_s) + self.settling > self.now
    }
}

/// The row, from the top, at which a share of the height lies.
fn row(share: f64, rows: u16) -> u16 {
    let dots = f64::from(rows) * 4.0 - 1.0;
    (((1.0 - share) * dots).round().max(0.0) as u16 / 4).min(rows.saturating_sub(1))
}

#[cfg(test)]
mod tests;
