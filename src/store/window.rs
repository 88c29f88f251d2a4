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
