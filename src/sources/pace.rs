//! Keeps each operation below AWS's rate for it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::operation::Operation;

/// One token bucket an operation, each holding one second's worth of calls.
///
/// Written as a generic cell rate algorithm: all that is kept is the time at which the bucket would be full again.
#[derive(Debug)]
pub(super) struct Pace {
    quotas: f64,
    full_at: Mutex<HashMap<&'static str, Instant>>,
}

impl Pace {
    /// Buckets that fill at `quotas` times AWS's rates.
    pub(super) fn new(quotas: f64) -> Self {
        Self { quotas, full_at: Mutex::default() }
    }

    /// Waits until one more call is within the rate.
    pub(super) async fn wait(&self, operation: &Operation) {
        let wait = self.take(operation, Instant::now());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    /// Takes a token, and says how long to wait before using it.
    fn take(&self, operation: &Operation, now: Instant) -> Duration {
        let rate = operation.per_second * self.quotas;
        if !rate.is_finite() || rate <= 0.0 {
            return Duration::ZERO;
        }
        let every = Duration::from_secs_f64(1.0 / rate);
        let burst = every.mul_f64((rate - 1.0).max(0.0));
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let full = full_at.entry(operation.name).or_insert(now);
        let start = (*full).max(now);
        *full = start + every;
        start.saturating_duration_since(now).saturating_sub(burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::operation::{DESCRIBE_ALARM_HISTORY, GET_METRIC_DATA};

    #[test]
    fn a_burst_passes_and_the_rest_is_spread() {
        let pace = Pace::new(1.0);
        let now = Instant::now();
        let waits: Vec<u128> = (0..5).map(|_| pace.take(&DESCRIBE_ALARM_HISTORY, now).as_millis()).collect();
        assert_eq!(waits, [0, 0, 0, 333, 666]);
        assert_eq!(pace.take(&GET_METRIC_DATA, now), Duration::ZERO, "each operation has its own bucket");
        assert_eq!(pace.take(&DESCRIBE_ALARM_HISTORY, now + Duration::from_secs(5)), Duration::ZERO, "it fills again");
    }

    #[test]
    fn lifted_quotas_never_wait() {
        let pace = Pace::new(f64::INFINITY);
        let now = Instant::now();
        assert!((0..1_000).all(|_| pace.take(&DESCRIBE_ALARM_HISTORY, now).is_zero()));
    }
}
