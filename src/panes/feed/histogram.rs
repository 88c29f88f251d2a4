//! How many requests went well and failed, bar by bar over time.

use chrono::{DateTime, TimeDelta};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::board::Unit;
use crate::clock::Time;
use crate::panes::Zone;
use crate::store::request::Second;
use crate::text::time;
use crate::text::units::value;
use crate::widgets::bar;
use crate::widgets::print::{Align, line, put};
use crate::widgets::theme::{Role, Theme};

/// Lengths of a bar in seconds. Shorter ones would move all bars, and cost a thin line, every second.
const STEPS: [i64; 7] = [5, 10, 15, 30, 60, 120, 300];

/// Seconds between times under the bars.
const TICKS: [i64; 8] = [15, 30, 60, 120, 300, 600, 1800, 3600];
/// Cells from one time to the next at least.
const TICK_ROOM: i64 = 14;

/// Cells left of the bars, and right of them.
const LABEL: u16 = 8;
const PEAK: u16 = 9;

/// Bars over time, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// Start of the first bar.
    pub from: Time,
    /// Seconds a bar.
    pub step_s: i64,
    /// Cells a bar.
    pub wide: u16,
    /// Requests that ended well, by bar.
    pub ok: Vec<f64>,
    /// Requests that failed, by bar.
    pub failed: Vec<f64>,
}

impl Histogram {
    /// Lines it takes.
    pub(super) const HEIGHT: u16 = 5;

    /// The bars that fit `width` cells: all that is known of the last `span`, in the finest steps that show it whole.
    pub(super) fn of(
        seconds: impl Fn(Time, Time) -> Vec<Second>,
        (from, to): (Time, Time),
        width: u16,
    ) -> Option<Self> {
        let cells = i64::from(width.saturating_sub(LABEL + PEAK));
        if cells < 8 {
            return None;
        }
        let first = seconds(from, to).first()?.at.max(from.timestamp());
        let known = (to.timestamp() - first).max(60);
        let step_s = STEPS.into_iter().find(|step| step * cells >= known + step).unwrap_or(300);
        // Short of data, bars are wide instead of few.
        let wide = [8, 4, 2, 1].into_iter().find(|wide| cells / wide * step_s >= known + step_s).unwrap_or(1);
        let bars = cells / wide;
        // The last bar is whole: one that has just begun would look like a fall.
        let end = to.timestamp().div_euclid(step_s) * step_s;
        let start = end - step_s * bars;
        let mut ok = vec![0.0; bars as usize];
        let mut failed = ok.clone();
        let (start_time, end_time) = (DateTime::from_timestamp(start, 0)?, DateTime::from_timestamp(end, 0)?);
        for second in seconds(start_time, end_time) {
            let bar = ((second.at - start) / step_s) as usize;
            if let (Some(ok), Some(failed)) = (ok.get_mut(bar), failed.get_mut(bar)) {
                *ok += f64::from(second.ok);
                *failed += f64::from(second.failed);
            }
        }
        Some(Self { from: start_time, step_s, wide: wide as u16, ok, failed })
    }

    /// Draws it.
    ///
    /// ```text
    /// ✓ ok    ▃▃▄▄▅▅▅▆▆▇▇█▇▆▆▅▅▅▅█  max 391
    ///         ████████████████████
    /// ✗ failed▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▂▄▇█   max 58
    ///         ████████████████████
    ///         10:20      10:24      10 s a bar
    /// ```
    pub(super) fn draw(&self, buffer: &mut Buffer, area: Rect, theme: &Theme, zone: Zone) {
        let rows = [("✓ ok", &self.ok, Role::Good), ("✗ failed", &self.failed, Role::Critical)];
        for (row, (label, values, role)) in rows.into_iter().enumerate() {
            let top = row as u16 * 2;
            if top + 2 > area.height || area.width <= LABEL + PEAK {
                return;
            }
            let band = Rect { y: area.y + top, height: 2, ..area };
            let bars = Rect { x: band.x + LABEL + 1, width: band.width - LABEL - PEAK, ..band };
            let most = values.iter().copied().fold(0.0, f64::max);
            // Flush right, where the present is.
            let drawn = self.wide * values.len() as u16;
            let bars = Rect { x: bars.x + bars.width.saturating_sub(drawn), width: drawn.min(bars.width), ..bars };
            let each: Vec<f64> = values.iter().flat_map(|value| vec![*value; usize::from(self.wide)]).collect();
            // Some air on top keeps the two rows of bars apart.
            bar::upright(buffer, bars, &each, most * 1.07, theme.ink(role));
            let foot = Rect { y: band.y + 1, height: 1, ..band };
            put(buffer, Rect { width: LABEL, ..foot }, label, theme.style(role), Align::Left);
            let peak = Rect { x: band.right() - PEAK + 1, width: PEAK - 1, height: 1, ..band };
            put(buffer, peak, &format!("max {}", value(most, Unit::Count)), theme.style(Role::Muted), Align::Right);
        }
        let Some(axis) = line(area, 4) else { return };
        self.draw_axis(buffer, Rect { x: axis.x + LABEL + 1, width: axis.width - LABEL - 1, ..axis }, theme, zone);
    }

    /// Times under the bars that begin at a round one.
    fn draw_axis(&self, buffer: &mut Buffer, axis: Rect, theme: &Theme, zone: Zone) {
        let style = theme.style(Role::Axis);
        let legend = format!("{} a bar", crate::text::units::span(self.step_s));
        put(buffer, Rect { x: axis.right().saturating_sub(12), width: 12, ..axis }, &legend, style, Align::Right);
        let room = axis.width.saturating_sub(PEAK - 1);
        let left = room.saturating_sub(self.wide * self.ok.len() as u16);
        let apart = |tick: i64| tick / self.step_s * i64::from(self.wide) >= TICK_ROOM && tick % self.step_s == 0;
        let Some(tick) = TICKS.into_iter().find(|tick| apart(*tick)) else { return };
        for bar in 0..self.ok.len() as u16 {
            let at = self.from + TimeDelta::seconds(self.step_s * i64::from(bar));
            let x = left + bar * self.wide;
            if at.timestamp() % tick != 0 || x + 8 > room {
                continue;
            }
            let label = if tick < 60 { time::clock(&zone.at(at)) } else { time::minute(&zone.at(at)) };
            put(buffer, Rect { x: axis.x + x, width: 8, ..axis }, &label, style, Align::Left);
        }
    }
}
