//! How long to wait before the next try.

use std::time::Duration;

use super::tuning::Tuning;
use crate::store::health::ErrorKind;

/// Exponential backoff with equal jitter: half the span is fixed, half is drawn, so that consoles do not march in step.
#[derive(Debug, Clone)]
pub(super) struct Backoff {
    first: Duration,
    most: Duration,
    failures: u32,
    state: u64,
}

impl Backoff {
    /// The first wait is at most `tuning.backoff_first`; `salt` keeps sources from drawing the same jitter.
    pub(super) const fn new(tuning: &Tuning, salt: u64) -> Self {
        Self {
            first: tuning.backoff_first,
            most: tuning.backoff_most,
            failures: 0,
            state: tuning.seed ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15),
        }
    }

    /// The wait after one more failure. What a retry rarely heals waits the longest from the start.
    pub(super) fn after(&mut self, kind: ErrorKind) -> Duration {
        let doublings = if is_transient(kind) { self.failures.min(20) } else { 20 };
        self.failures = self.failures.saturating_add(1);
        let full = self.first.saturating_mul(1 << doublings).min(self.most);
        full.mul_f64(0.5 + self.draw() / 2.0)
    }

    /// How many failures there have been since the last answer.
    pub(super) const fn failures(&self) -> u32 {
        self.failures
    }

    /// Starts over after an answer.
    pub(super) const fn reset(&mut self) {
        self.failures = 0;
    }

    /// A number in `[0, 1)`: splitmix64, Steele, Lea and Flood, 2014.
    fn draw(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Whether trouble of this kind tends to pass by itself within seconds.
pub(super) const fn is_transient(kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::Throttled
        | ErrorKind::Credentials
        | ErrorKind::Unreachable
        | ErrorKind::TimedOut
        | ErrorKind::Garbled
        | ErrorKind::Server => true,
        ErrorKind::Denied | ErrorKind::Invalid | ErrorKind::NotFound => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backoff(seed: u64) -> Backoff {
        Backoff::new(&Tuning { seed, ..Tuning::default() }, 1)
    }

    #[test]
    fn waits_double_up_to_the_most_and_start_over() {
        let mut waits = backoff(7);
        for expected in [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0] {
            let wait = waits.after(ErrorKind::Throttled).as_secs_f64();
            assert!((expected / 2.0..=expected).contains(&wait), "{wait} s instead of {expected} s");
        }
        waits.reset();
        assert!(waits.after(ErrorKind::TimedOut) <= Duration::from_secs(1));
    }

    #[test]
    fn a_denied_call_waits_long_at_once() {
        assert!(backoff(7).after(ErrorKind::Denied) >= Duration::from_secs(30));
    }

    #[test]
    fn jitter_follows_the_seed() {
        let draw = |seed| {
            let mut waits = backoff(seed);
            [waits.after(ErrorKind::Server), waits.after(ErrorKind::Server)]
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
