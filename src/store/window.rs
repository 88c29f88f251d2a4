//! The stretch of time that is on screen.

use std::time::Duration;

use chrono::TimeDelta;

use crate::clock::{Time, floor};

/// A window: a span that follows the clock, or one that stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How long it is.
    pub span: Duration,
    /// Where it ends; `None` follows the clock.
    pub end: Option<Time>,
}

/// What a window is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shift {
    /// The window before it, of the same length.
    Window,
    /// The same hours of the day before.
    Day,
    /// The same hours of the week before.
    Week,
}

impl Shift {
    /// What comes after a comparison when one goes through all of them; `None` is without.
    pub const fn next(now: Option<Self>) -> Option<Self> {
        match now {
            None => Some(Self::Window),
            Some(Self::Window) => Some(Self::Day),
            Some(Self::Day) => Some(Self::Week),
            Some(Self::Week) => None,
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Window => "the window before",
            Self::Day => "the day before",
            Self::Week => "the week before",
        }
    }

    /// How far back that is, in whole periods, so that datapoints meet.
    pub fn back(self, window: Window, period_s: u32) -> TimeDelta {
        let period = i64::from(period_s.max(1));
        let seconds = match self {
            Self::Window => window.span.as_secs() as i64 / period * period,
            Self::Day => (86_400 + period / 2) / period * period,
            Self::Week => (7 * 86_400 + period / 2) / period * period,
        };
        TimeDelta::seconds(seconds.max(period))
    }
}

impl Window {
    /// A window of `span` that ends now, always.
    pub const fn live(span: Duration) -> Self {
        Self { span, end: None }
    }

    /// Whether it follows the clock.
    pub const fn is_live(&self) -> bool {
        self.end.is_none()
    }

    /// Its first and last instant, `[from, to)`, given the present.
    pub fn range(&self, now: Time) -> (Time, Time) {
        let to = self.end.unwrap_or(now);
        (to - TimeDelta::from_std(self.span).unwrap_or_default(), to)
    }

    /// The whole periods inside it: `[from, to)` with both ends on boundaries of `period_s` seconds.
    pub fn whole_periods(&self, now: Time, period_s: u32) -> (Time, Time) {
        let period = i64::from(period_s.max(1));
        let to = floor(self.end.unwrap_or(now), period);
        let span = (self.span.as_secs() as i64).div_euclid(period).max(1) * period;
        (to - TimeDelta::seconds(span), to)
    }
}

/// A stretch of time that something is asked about: between two instants, or from one until now, whenever that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First instant, inclusive.
    pub from: Time,
    /// Last instant, exclusive; `None` follows the clock.
    pub to: Option<Time>,
}

impl Span {
    /// The stretch that a window shows, given the present: it follows the clock where the window does.
    ///
    /// Its start then moves on in steps of a twelfth of the window, so that what is asked stays the same for a while.
    pub fn of(window: Window, now: Time) -> Self {
        let from = window.range(now).0;
        let step = (window.span.as_secs() as i64 / 12).max(60);
        Self { from: if window.is_live() { floor(from, step) } else { from }, to: window.end }
    }

    /// Its last instant, given the present.
    pub fn end(&self, now: Time) -> Time {
        self.to.unwrap_or(now).max(self.from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_is_whole_periods_back() {
        let window = Window::live(Duration::from_secs(3 * 3_600 + 90));
        let cases = [
            (Shift::Window, 60, 3 * 3_600 + 60),
            (Shift::Window, 300, 3 * 3_600),
            (Shift::Window, 86_400, 86_400),
            (Shift::Day, 60, 86_400),
            (Shift::Day, 420, 86_520),
            (Shift::Week, 3_600, 604_800),
            (Shift::Day, 604_800, 604_800),
        ];
        for (shift, period, back) in cases {
            assert_eq!(shift.back(window, period).num_seconds(), back, "{shift:?} of {period} s");
        }
    }

    #[test]
    fn comparisons_come_round() {
        let mut shift = None;
        let seen: Vec<_> = (0..4).map(|_| (shift, shift = Shift::next(shift)).0).collect();
        assert_eq!(seen, [None, Some(Shift::Window), Some(Shift::Day), Some(Shift::Week)]);
        assert_eq!(shift, None);
    }
}
