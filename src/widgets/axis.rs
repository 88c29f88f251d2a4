//! Ticks: where they stand on an axis of values or of time, and what they say.

use chrono::{NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use crate::clock::Time;

/// What a clock on the wall shows at an instant, in the zone in which times are written.
pub type Wall = fn(Time) -> NaiveDateTime;

/// The steps of a time axis in minutes: each divides a day, so that ticks stand where people expect them.
const STEPS: [i64; 12] = [1, 2, 5, 10, 15, 30, 60, 180, 360, 720, 1440, 7 * 1440];

/// Cells between the beginnings of two time labels: `HH:MM` and some air.
const LABEL_ROOM: usize = 10;

/// How an axis measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Scaling {
    /// Equal distances are equal differences.
    #[default]
    Linear,
    /// Equal distances are equal ratios. Zero and what lies below have no place on it.
    Log,
}

/// The ends of a value axis and the values that have ticks.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// The value at the bottom.
    pub low: f64,
    /// The value at the top.
    pub high: f64,
    /// Round values between them, ascending.
    pub ticks: Vec<f64>,
    /// How it measures.
    pub scaling: Scaling,
}

impl Values {
    /// An axis that measures in a way; see [`Self::fit`] and [`Self::logarithmic`].
    pub fn scaled(scaling: Scaling, low: f64, high: f64, rows: u16) -> Self {
        match scaling {
            Scaling::Linear => Self::fit(low, high, rows),
            Scaling::Log => Self::logarithmic(low, high, rows),
        }
    }

    /// A logarithmic axis for values from `low` to `high`, both above zero, on so many rows.
    ///
    /// It begins and ends at 1, 2 or 5 times a power of ten; ticks stand on powers of ten, on as many of them as have
    /// room, and on 2 and 5 between them where there is room for those too.
    pub fn logarithmic(low: f64, high: f64, rows: u16) -> Self {
        let smallest = f64::MIN_POSITIVE * 10.0;
        let (low, high) = if low > 0.0 && low <= high { (low.max(smallest), high.max(smallest)) } else { (1.0, 10.0) };
        let (first, last) = ((low.log10() - 1e-9).floor() as i32, (high.log10() + 1e-9).floor() as i32);
        let round = |power: i32| [1.0, 2.0, 5.0].map(|factor| factor * 10f64.powi(power));
        let steps: Vec<f64> = (first..=last).flat_map(round).chain([10f64.powi(last + 1)]).collect();
        let bottom = steps.iter().rev().find(|step| **step <= low * (1.0 + 1e-9)).copied().unwrap_or(low);
        let top = steps.iter().find(|step| **step >= high * (1.0 - 1e-9) && **step > bottom);
        let top = top.copied().unwrap_or(high).max(bottom * 2.0);
        let inside = |step: &f64| (bottom..=top).contains(step);
        let room = usize::from(rows / 2).clamp(2, 12);
        let all: Vec<f64> = steps.iter().copied().filter(inside).collect();
        let powers: Vec<f64> = (first..=last + 1).map(|power| 10f64.powi(power)).filter(inside).collect();
        let ticks = match (all.len() <= room, powers.len()) {
            (true, _) | (false, 0..=1) => all,
            (false, count) => powers.into_iter().step_by(count.div_ceil(room)).collect(),
        };
        Self { low: bottom, high: top, ticks, scaling: Scaling::Log }
    }

    /// An axis for values from `low` to `high` on so many rows.
    ///
    /// It begins at zero, unless all values lie in the upper half of what that would show: then it begins at the round
    /// value below the smallest, so that the movement of a large number can be seen.
    pub fn fit(low: f64, high: f64, rows: u16) -> Self {
        let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
        let from_zero = low >= 0.0 && (low <= high / 2.0 || low >= high);
        let bottom = if from_zero { 0.0 } else { low };
        let spread = (high - bottom).max(high.abs() * 0.01);
        let spread = if spread > 0.0 { spread } else { 1.0 };
        let ideal = spread / f64::from((rows / 3).clamp(2, 6));
        // The fewer empty rows around the values, the better, and then the nearer to the wanted step; but an axis wants
        // ticks, and rows between them.
        let fits = [(2.0, 3), (2.0, 2), (1.0, 2)].into_iter().find_map(|(rows_a_step, ticks)| {
            let axes = steps(ideal).into_iter().filter_map(|step| {
                let (axis, k) = Self::on_rows(bottom, high.max(bottom + spread), step, rows)?;
                let cost = (axis.high - axis.low) * (1.0 + 0.1 * (step / ideal).ln().abs());
                (k >= rows_a_step && axis.ticks.len() >= ticks).then_some((axis, cost))
            });
            axes.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(axis, _)| axis)
        });
        fits.unwrap_or_else(|| {
            let step = rounded(ideal);
            let bottom = (bottom / step).floor() * step;
            let top = high.max(bottom + spread);
            Self { low: bottom, high: top, ticks: ticks(bottom, top, step), scaling: Scaling::Linear }
        })
    }

    /// An axis whose steps are a whole number of rows, so that ticks stand at even distances; with that number.
    fn on_rows(low: f64, high: f64, step: f64, rows: u16) -> Option<(Self, f64)> {
        let bottom = (low / step).floor() * step;
        let dots = f64::from(rows) * 4.0 - 1.0;
        let rows_a_step = (dots * step / (4.0 * (high - bottom))).floor();
        if !(1.0..1e4).contains(&rows_a_step) {
            return None;
        }
        let top = bottom + step * dots / (4.0 * rows_a_step);
        let ticks = ticks(bottom, top, step);
        Some((Self { low: bottom, high: top, ticks, scaling: Scaling::Linear }, rows_a_step))
    }

    /// Where a value lies: 0 at the bottom, 1 at the top.
    pub fn share(&self, value: f64) -> f64 {
        let share = match self.scaling {
            Scaling::Linear => (value - self.low) / (self.high - self.low),
            Scaling::Log if value <= 0.0 => 0.0,
            Scaling::Log => (value / self.low).log10() / (self.high / self.low).log10(),
        };
        if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
    }
}

/// Round values from `low` to `high`.
fn ticks(low: f64, high: f64, step: f64) -> Vec<f64> {
    let count = ((high - low) / step + 1e-9).floor().min(64.0) as usize;
    (0..=count).map(|i| low + i as f64 * step).collect()
}

/// Round steps near a size, descending.
fn steps(ideal: f64) -> Vec<f64> {
    let power = 10f64.powf(ideal.log10().floor());
    let near = |step: &f64| (ideal / 2.5..=ideal * 2.5).contains(step);
    [25.0, 20.0, 10.0, 5.0, 2.5, 2.0, 1.0, 0.5].into_iter().map(|factor| factor * power).filter(near).collect()
}

/// A step of about this size: 1, 2, 2.5 or 5 times a power of ten.
fn rounded(step: f64) -> f64 {
    if !step.is_finite() || step <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(step.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|candidate| *candidate >= step * 0.8)
        .unwrap_or(step)
}

/// A tick of a time axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeTick {
    /// The cell it stands on, from the left end of the axis.
    pub column: u16,
    /// The time of day, or the date where a day begins.
    pub label: String,
}

/// Ticks of the time from `from` to `to` on so many cells, on round times of the wall clock.
pub fn time_ticks(from: Time, to: Time, columns: u16, wall: Wall) -> Vec<TimeTick> {
    let seconds = (to - from).num_seconds();
    if seconds <= 0 || columns == 0 {
        return Vec::new();
    }
    let most = (usize::from(columns) / LABEL_ROOM).max(1) as i64;
    let step = STEPS.into_iter().find(|step| seconds / (step * 60) <= most).unwrap_or(30 * 1440) * 60;
    // The wall clock may jump inside the window (summer time); what counts is the zone's offset at its beginning.
    let start = wall(from);
    let midnight = start.date().and_time(NaiveTime::MIN);
    let into_day = (start - midnight).num_seconds() + i64::from(start.nanosecond() > 0);
    let first = into_day.div_ceil_to(step) - into_day;
    let mut ticks = Vec::new();
    let mut offset = first;
    while offset < seconds {
        let at = start + TimeDelta::seconds(offset);
        let form = if at.time() == NaiveTime::MIN { "%m-%d" } else { "%H:%M" };
        let label = at.format(form).to_string();
        ticks.push(TimeTick { column: (offset * i64::from(columns) / seconds) as u16, label });
        offset += step;
    }
    ticks
}

/// Rounding up to a multiple.
trait CeilTo {
    fn div_ceil_to(self, step: i64) -> i64;
}

impl CeilTo for i64 {
    fn div_ceil_to(self, step: i64) -> i64 {
        (self + step - 1).div_euclid(step) * step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(at: Time) -> NaiveDateTime {
        at.naive_utc()
    }

    fn kolkata(at: Time) -> NaiveDateTime {
        at.naive_utc() + TimeDelta::minutes(330)
    }

    fn labels(from: &str, to: &str, columns: u16, wall: Wall) -> Vec<String> {
        let (from, to) = (from.parse().expect("a time"), to.parse().expect("a time"));
        time_ticks(from, to, columns, wall).into_iter().map(|tick| format!("{}@{}", tick.label, tick.column)).collect()
    }

    #[test]
    fn value_axes_are_round() {
        let cases: [(f64, f64, u16, f64, &[f64]); 8] = [
            (0.0, 2400.0, 9, 0.0, &[0.0, 1000.0, 2000.0]),
            (0.0, 14.6, 12, 0.0, &[0.0, 5.0, 10.0]),
            (85.4, 98.2, 9, 85.0, &[85.0, 90.0, 95.0]),
            (2_400_000.0, 2_700_000.0, 6, 2_400_000.0, &[2_400_000.0, 2_600_000.0]),
            (0.0, 0.0, 6, 0.0, &[0.0, 0.5, 1.0]),
            (5.0, 5.0, 6, 0.0, &[0.0, 2.0, 4.0]),
            (-3.0, 4.0, 6, -5.0, &[-5.0, 0.0]),
            (f64::INFINITY, f64::NEG_INFINITY, 6, 0.0, &[0.0, 0.5, 1.0]),
        ];
        for (low, high, rows, bottom, ticks) in cases {
            let axis = Values::fit(low, high, rows);
            assert!((axis.low - bottom).abs() < 1e-9, "{low}..{high}: {axis:?}");
            assert!(axis.high >= high || high == f64::NEG_INFINITY, "{low}..{high}: {axis:?}");
            assert_eq!(axis.ticks.len(), ticks.len(), "{low}..{high}: {axis:?}");
            assert!(axis.ticks.iter().zip(ticks).all(|(a, b)| (a - b).abs() < 1e-9), "{low}..{high}: {axis:?}");
        }
    }

    #[test]
    fn shares_stay_inside() {
        let axis = Values { low: 0.0, high: 10.0, ticks: Vec::new(), scaling: Scaling::Linear };
        assert_eq!((axis.share(-5.0), axis.share(5.0), axis.share(50.0)), (0.0, 0.5, 1.0));
    }

    #[test]
    fn logarithmic_axes_are_round() {
        type Case<'a> = (f64, f64, u16, f64, f64, &'a [f64]);
        let cases: [Case<'_>; 5] = [
            (0.3, 240.0, 12, 0.2, 500.0, &[1.0, 10.0, 100.0]),
            (1.0, 1000.0, 24, 1.0, 1000.0, &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0]),
            (3.0, 4.0, 6, 2.0, 5.0, &[2.0, 5.0]),
            (7.0, 7.0, 6, 5.0, 10.0, &[5.0, 10.0]),
            (-1.0, 5.0, 6, 1.0, 10.0, &[1.0, 10.0]),
        ];
        for (low, high, rows, bottom, top, ticks) in cases {
            let axis = Values::logarithmic(low, high, rows);
            let near = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-9;
            assert!(near(axis.low, bottom) && near(axis.high, top), "{low}..{high}: {axis:?}");
            assert_eq!(axis.ticks.len(), ticks.len(), "{low}..{high}: {axis:?}");
            assert!(axis.ticks.iter().zip(ticks).all(|(a, b)| near(*a, *b)), "{low}..{high}: {axis:?}");
        }
        let axis = Values::logarithmic(1.0, 100.0, 9);
        assert!((axis.share(10.0) - 0.5).abs() < 1e-9);
        assert_eq!((axis.share(0.0), axis.share(-3.0), axis.share(1e9)), (0.0, 0.0, 1.0));
        for extreme in [f64::MIN_POSITIVE, 5e-324, 1e-300, 1e300, f64::MAX] {
            for rows in [0, 1, 3, 90] {
                let axis = Values::logarithmic(extreme, f64::MAX, rows);
                assert!(axis.share(1.0).is_finite() && !axis.ticks.is_empty(), "{extreme}: {axis:?}");
            }
        }
    }

    #[test]
    fn ticks_stand_on_rows_at_even_distances() {
        for (low, high, rows) in [(0.0, 2400.0, 15), (85.4, 98.2, 9), (0.0, 14.6, 12), (78.0, 98.3, 36), (0.0, 7.0, 5)]
        {
            let axis = Values::fit(low, high, rows);
            let dots = f64::from(rows) * 4.0 - 1.0;
            let on: Vec<f64> = axis.ticks.iter().map(|tick| axis.share(*tick) * dots / 4.0).collect();
            assert!(on.iter().all(|row| (row - row.round()).abs() < 1e-6), "{low}..{high} on {rows}: {on:?}");
        }
    }

    #[test]
    fn time_ticks_stand_on_round_times() {
        let (from, to) = ("2026-01-15T07:28:00Z", "2026-01-15T10:28:00Z");
        assert_eq!(labels(from, to, 60, utc), ["07:30@0", "08:00@10", "08:30@20", "09:00@30", "09:30@40", "10:00@50"]);
        assert_eq!(labels(from, to, 20, utc), ["09:00@10"]);
        assert_eq!(labels(from, to, 30, utc), ["08:00@5", "09:00@15", "10:00@25"]);
        assert_eq!(labels(from, to, 20, kolkata), ["15:00@13"]);
        assert_eq!(
            labels("2026-01-15T18:00:00Z", "2026-01-16T06:00:00Z", 40, utc),
            ["18:00@0", "21:00@10", "01-16@20", "03:00@30"]
        );
        assert_eq!(labels("2026-01-15T10:00:30Z", "2026-01-15T10:05:30Z", 60, utc).len(), 5);
        assert!(labels(from, from, 60, utc).is_empty());
        assert!(labels(from, to, 0, utc).is_empty());
    }

    #[test]
    fn long_windows_have_few_ticks() {
        let ticks = labels("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", 40, utc);
        assert!((1..=14).contains(&ticks.len()), "{ticks:?}");
    }
}
