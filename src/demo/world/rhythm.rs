//! The daily rhythm, and what is expected of a minute.

use super::Expected;
use super::time::DAY_MINUTES;

/// Share of calm requests that fail.
pub(super) const FAILURE_SHARE: f64 = 0.02;

/// Share of failed clients that try once more.
pub(super) const RETRY_SHARE: f64 = 0.6;

/// How far the day swings around its mean.
const SWING: f64 = 0.26;

/// Minute of the day, rising, at which the load is the mean: 10:15 UTC.
const MEAN_AT: f64 = 615.0;

/// Standard deviation of the requests of a minute, as a share of what is expected.
const REQUESTS_SD: f64 = 0.02;

/// Standard deviation of the success rate, in points.
const SUCCESS_RATE_SD: f64 = 0.5;

/// Requests expected to start in a minute, retries among them, at a mean rate a second.
pub(super) fn expected_requests(rate: f64, minute: i64) -> f64 {
    let of_day = minute.rem_euclid(DAY_MINUTES) as f64 + 0.5;
    let turn = (of_day - MEAN_AT) / DAY_MINUTES as f64 * std::f64::consts::TAU;
    rate * 60.0 * (1.0 + SWING * libm::sin(turn))
}

/// What is expected of a minute under a name: `TokenProvisioningRequests` or `SuccessRate` (percent).
///
/// One request more or less, or one failure, is never unexpected: the deviations stay at that where the load is low.
pub(super) fn expected(rate: f64, name: &str, minute: i64) -> Option<Expected> {
    let requests = expected_requests(rate, minute);
    match name {
        "TokenProvisioningRequests" => Some(Expected { mean: requests, sd: (requests * REQUESTS_SD).max(1.0) }),
        "SuccessRate" => {
            let one_failure = 100.0 / requests.max(1.0);
            Some(Expected { mean: 100.0 * (1.0 - FAILURE_SHARE), sd: SUCCESS_RATE_SD.max(one_failure) })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_morning_is_the_mean_and_the_afternoon_the_peak() {
        assert!((expected_requests(40.0, 615) - 2400.0).abs() < 2.0);
        assert!(expected_requests(40.0, 16 * 60 + 15) > 2950.0);
        assert!(expected_requests(40.0, 4 * 60 + 15) < 1850.0);
        assert_eq!(expected(40.0, "Nothing", 0), None);
    }
}
