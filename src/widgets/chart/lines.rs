//! The lines of a chart.

use chrono::TimeDelta;
use ratatui::buffer::Buffer;
use ratatui::style::{Modifier, Style};

use super::frame::Frame;
use super::{Chart, Line, Side};
use crate::clock::Time;
use crate::widgets::axis::{Scaling, Values};
use crate::widgets::braille::Braille;
use crate::widgets::theme::{Role, Theme};

/// How far left a glyph may move when another line's glyph has its cell.
const GLYPH_STEPS: u16 = 4;

impl Chart<'_> {
    pub(super) fn draw_lines(&self, frame: &Frame, buf: &mut Buffer, theme: &Theme) {
        let mut canvas = Braille::new(frame.plot.width, frame.plot.height);
        for line in &self.lines {
            if let Some(axis) = frame.axis(line.side) {
                self.trace(&mut canvas, line, axis, theme);
            }
        }
        let faint = theme.style(Role::Muted).add_modifier(Modifier::DIM);
        for line in &self.lines {
            if let Some(axis) = frame.axis(line.side) {
                self.trace_earlier(&mut canvas, line, axis, faint);
            }
        }
        canvas.paint(frame.plot, buf);
        frame.draw_none(self, buf, theme);
        self.draw_glyphs(frame, buf, theme);
    }

    fn trace(&self, canvas: &mut Braille, line: &Line<'_>, axis: &Values, theme: &Theme) {
        let style = theme.ink(line.role);
        let mut last: Option<(Time, i32, i32)> = None;
        for &(at, value) in self.shown(&line.points) {
            if !has_place(axis, value) {
                last = None;
                continue;
            }
            let (x, y) = self.spot(canvas, axis, at, value);
            if self.is_running(at) {
                canvas.dot(x, y, style.add_modifier(Modifier::DIM));
                continue;
            }
            // Consecutive points are joined, so points of one column make a stroke from the lowest to the highest.
            let bound = if line.side == Side::Left { self.breach(at, value) } else { None };
            let style = bound.map_or(style, |role| theme.ink(role));
            match last {
                Some((before, from_x, from_y)) if at - before <= self.gap() && self.is_provisional(at) => {
                    canvas.dotted((from_x, from_y), (x, y), style.add_modifier(Modifier::DIM));
                }
                Some((before, from_x, from_y)) if at - before <= self.gap() => {
                    canvas.line((from_x, from_y), (x, y), style);
                }
                Some(_) | None => canvas.dot(x, y, style),
            }
            last = Some((at, x, y));
        }
    }

    fn trace_earlier(&self, canvas: &mut Braille, line: &Line<'_>, axis: &Values, style: Style) {
        let mut last: Option<(Time, i32, i32)> = None;
        for &(at, value) in self.shown(&line.earlier) {
            if !has_place(axis, value) {
                last = None;
                continue;
            }
            let (x, y) = self.spot(canvas, axis, at, value);
            match last {
                Some((before, from_x, from_y)) if at - before <= self.gap() => {
                    canvas.dotted((from_x, from_y), (x, y), style);
                }
                Some(_) | None => canvas.dot(x, y, style),
            }
            last = Some((at, x, y));
        }
    }

    /// The dot of a point.
    fn spot(&self, canvas: &Braille, axis: &Values, at: Time, value: f64) -> (i32, i32) {
        let (across, down) = canvas.dots();
        let x = (self.share_of(at) * f64::from(across)).floor() as i32;
        // A period of a far edge can lie far outside, and a line to it is as long as it is far.
        let x = x.clamp(-across - 1, 2 * across + 1);
        (x, ((1.0 - axis.share(value)) * f64::from((down - 1).max(0))).round() as i32)
    }

    /// The distance of two points from which on a period between them is missing.
    fn gap(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.period_s * 1500)
    }

    /// What a value means that lies beyond a bound, or outside the band.
    pub(super) fn breach(&self, at: Time, value: f64) -> Option<Role> {
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

    /// Marks each line's newest final point with its glyph, where there are several lines.
    fn draw_glyphs(&self, frame: &Frame, buf: &mut Buffer, theme: &Theme) {
        if self.lines.len() < 2 {
            return;
        }
        let plot = frame.plot;
        let mut taken: Vec<(u16, u16)> = Vec::new();
        for line in &self.lines {
            let Some(axis) = frame.axis(line.side) else { continue };
            let newest =
                self.inside(&line.points).filter(|(at, value)| !self.is_running(*at) && has_place(axis, *value));
            let Some((at, value)) = newest.last() else { continue };
            let Some(column) = self.column(at, plot.width) else { continue };
            let y = frame.y(axis, value);
            let free = (0..=GLYPH_STEPS.min(column))
                .map(|step| (plot.x + column - step, y))
                .find(|spot| !taken.contains(spot));
            let Some(spot) = free else { continue };
            taken.push(spot);
            buf[spot].set_symbol(line.glyph).set_style(theme.ink(line.role));
        }
    }
}

/// Whether an axis can show a value.
fn has_place(axis: &Values, value: f64) -> bool {
    match axis.scaling {
        Scaling::Linear => value.is_finite(),
        Scaling::Log => value.is_finite() && value > 0.0,
    }
}
