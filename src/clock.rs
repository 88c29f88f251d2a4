//! The program's only source of the time of day.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// An instant in UTC; every time in the program is one of these.
pub type Time = DateTime<Utc>;

/// A clock: the system's, a fixed instant, or one that starts somewhere and runs at its own speed.
#[derive(Debug, Clone)]
pub struct Clock(Kind);

#[derive(Debug, Clone)]
enum Kind {
    System,
    Fixed(Time),
    Running { origin: Time, started: Instant, speed: f64 },
}

impl Clock {
    /// The system's clock.
    pub const fn system() -> Self {
        Self(Kind::System)
    }

    /// A clock that always shows `at`: for commands that print once, and for tests.
    pub const fn fixed(at: Time) -> Self {
        Self(Kind::Fixed(at))
    }

    /// A clock that shows `origin` now and runs `speed` virtual seconds a second from there.
    pub fn running(origin: Time, speed: f64) -> Self {
        Self(Kind::Running { origin, started: Instant::now(), speed })
    }

    /// The present instant of this clock.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system for the time")]
    pub fn now(&self) -> Time {
        match &self.0 {
            Kind::System => Utc::now(),
            Kind::Fixed(at) => *at,
            Kind::Running { origin, started, speed } => {
                let nanos = started.elapsed().as_secs_f64() * speed * 1e9;
                *origin + TimeDelta::nanoseconds(nanos as i64)
            }
        }
    }

    /// Whether time passes at all.
    pub const fn is_fixed(&self) -> bool {
        matches!(self.0, Kind::Fixed(_))
    }

    /// The real time that passes while this clock advances by `virtual_span` (unchanged where time stands still).
    pub fn real(&self, virtual_span: Duration) -> Duration {
        match self.0 {
            Kind::Running { speed, .. } if speed > 0.0 => virtual_span.div_f64(speed),
            _ => virtual_span,
        }
    }
}

/// The start of the period of `period_s` seconds that holds `at`, aligned to the epoch as CloudWatch aligns it.
pub fn floor(at: Time, period_s: i64) -> Time {
    let seconds = at.timestamp().div_euclid(period_s) * period_s;
    DateTime::from_timestamp(seconds, 0).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().expect("a time")
    }

    #[test]
    fn floor_aligns_to_the_period() {
        assert_eq!(floor(at("2026-01-15T10:28:59.999Z"), 300), at("2026-01-15T10:25:00Z"));
        assert_eq!(floor(at("2026-01-15T10:25:00Z"), 300), at("2026-01-15T10:25:00Z"));
        assert_eq!(floor(at("1969-12-31T23:59:59Z"), 60), at("1969-12-31T23:59:00Z"));
    }

    #[test]
    fn a_scaled_clock_waits_less() {
        let clock = Clock::running(at("2026-01-15T10:00:00Z"), 60.0);
        assert_eq!(clock.real(Duration::from_mins(1)), Duration::from_secs(1));
        assert!(clock.now() >= at("2026-01-15T10:00:00Z"));
        assert_eq!(Clock::fixed(at("2026-01-15T10:00:00Z")).now(), at("2026-01-15T10:00:00Z"));
    }
}
