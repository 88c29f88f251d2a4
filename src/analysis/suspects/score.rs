//! How much better "the requests with these values fail, the others do not" fits the counts than "all fail alike".

use crate::analysis::cells::Tally;

/// Attempts of the overall good rate that every good rate is blended with, so that a few attempts decide nothing.
const PRIOR: f64 = 20.0;
/// Failures come in bunches (retries, batches): how many times the variance of independent ones is reckoned with.
const DISPERSION: f64 = 2.0;

/// Some requests and all the others, in both windows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split {
    /// Bad window: the requests looked at, the others.
    pub(super) bad: (Tally, Tally),
    /// Their rates of failure in the good window.
    pub(super) usual: (f64, f64),
    /// Attempts that those rates stand on.
    pub(super) usual_of: (f64, f64),
}

impl Split {
    /// Splits a whole by a part of it.
    pub(super) fn new(part: (Tally, Tally), whole: (Tally, Tally)) -> Self {
        let rest = (whole.0.minus(part.0), whole.1.minus(part.1));
        let overall = usual_rate(whole.1);
        let blended = |good: Tally| {
            let of = good.attempts as f64 + PRIOR;
            ((good.failures as f64 + PRIOR * overall) / of, of)
        };
        let ((inside, of_inside), (outside, of_outside)) = (blended(part.1), blended(rest.1));
        Self { bad: (part.0, rest.0), usual: (inside, outside), usual_of: (of_inside, of_outside) }
    }

    /// Failures beyond the usual.
    pub(super) fn excess(&self) -> f64 {
        self.bad.0.failures as f64 - self.bad.0.attempts as f64 * self.usual.0
    }

    /// The share of otherwise good attempts that now fail: inside, outside; 0 or more.
    pub(super) fn added(&self) -> (f64, f64) {
        let added = |tally: Tally, usual: f64| {
            let rate = tally.rate().unwrap_or(usual);
            ((rate - usual) / (1.0 - usual).max(f64::EPSILON)).max(0.0)
        };
        (added(self.bad.0, self.usual.0), added(self.bad.1, self.usual.1))
    }

    /// The log-likelihood ratio of two causes of failure against one: binomial counts, where each attempt that would
    /// have gone well fails with one probability inside and another outside, or with the same everywhere.
    pub(super) fn log_likelihood_ratio(&self) -> f64 {
        let (inside, outside) = self.added();
        if inside <= outside {
            return 0.0;
        }
        let (part, rest) = self.bad;
        let attempts = (part.attempts + rest.attempts) as f64;
        let expected = part.attempts as f64 * self.usual.0 + rest.attempts as f64 * self.usual.1;
        let failures = (part.failures + rest.failures) as f64;
        let everywhere = ((failures - expected) / (attempts - expected).max(f64::EPSILON)).clamp(0.0, 1.0);
        let with = |usual: f64, added: f64| usual + (1.0 - usual) * added;
        let gain = |tally: Tally, usual: f64, own: f64| {
            log_likelihood(tally, with(usual, own)) - log_likelihood(tally, with(usual, everywhere))
        };
        gain(part, self.usual.0, inside) + gain(rest, self.usual.1, outside)
    }

    /// The probability of a rise inside so much above the rise outside, were they the same.
    pub(super) fn chance(&self) -> f64 {
        let (part, rest) = self.bad;
        let rise = (smooth(part) - self.usual.0) - (smooth(rest) - self.usual.1);
        let variance = spread(smooth(part), part.attempts as f64)
            + spread(smooth(rest), rest.attempts as f64)
            + spread(self.usual.0, self.usual_of.0)
            + spread(self.usual.1, self.usual_of.1);
        above(rise / (DISPERSION * variance).sqrt().max(f64::MIN_POSITIVE))
    }
}

/// The overall rate of a good window; a window without attempts is taken to have had no failures.
pub(super) fn usual_rate(good: Tally) -> f64 {
    if good.attempts == 0 { 0.0 } else { (good.failures as f64 + 0.5) / (good.attempts as f64 + 1.0) }
}

/// The probability of as many failures in all, were the bad window like the good one.
pub(super) fn chance_of_all(bad: Tally, good: Tally) -> f64 {
    let usual = usual_rate(good);
    let variance = spread(smooth(bad), bad.attempts as f64) + spread(usual, good.attempts as f64 + PRIOR);
    above((smooth(bad) - usual) / (DISPERSION * variance).sqrt().max(f64::MIN_POSITIVE))
}

/// A rate that is never quite 0 or 1 (Agresti and Caffo, 2000).
fn smooth(tally: Tally) -> f64 {
    (tally.failures as f64 + 1.0) / (tally.attempts as f64 + 2.0)
}

/// The variance of a rate of so many attempts.
fn spread(rate: f64, attempts: f64) -> f64 {
    rate * (1.0 - rate) / (attempts + 2.0)
}

/// The probability that a standard normal variable is above `z`.
fn above(z: f64) -> f64 {
    0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
}

fn log_likelihood(tally: Tally, rate: f64) -> f64 {
    let rate = rate.clamp(1e-12, 1.0 - 1e-12);
    let (failures, attempts) = (tally.failures as f64, tally.attempts as f64);
    failures * rate.ln() + (attempts - failures) * (1.0 - rate).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(attempts: u64, failures: u64) -> Tally {
        Tally { attempts, failures }
    }

    fn split(bad: (u64, u64), good: (u64, u64)) -> Split {
        Split::new((tally(bad.0, bad.1), tally(good.0, good.1)), (tally(1_000, 120), tally(4_000, 80)))
    }

    #[test]
    fn the_part_that_fails_scores_above_a_wider_and_a_narrower_one() {
        let guilty = split((120, 110), (480, 10));
        let wider = split((240, 113), (960, 20));
        let narrower = split((60, 55), (240, 5));
        let score = Split::log_likelihood_ratio;
        assert!(score(&guilty) > score(&wider) + 10.0 && score(&guilty) > score(&narrower) + 10.0);
        assert!((guilty.excess() - (110.0 - 120.0 * 0.02)).abs() < 0.5, "{}", guilty.excess());
        assert!(guilty.chance() < 1e-12);
    }

    #[test]
    fn what_always_failed_so_much_is_no_news() {
        let chronic = Split::new((tally(100, 50), tally(400, 200)), (tally(1_000, 68), tally(4_000, 272)));
        assert!(chronic.log_likelihood_ratio() < 1.0 && chronic.chance() > 0.2, "{chronic:?}");
        assert!(chronic.excess().abs() < 5.0);
    }

    #[test]
    fn a_part_that_does_better_than_the_rest_scores_nothing() {
        let healthy = split((400, 4), (1_600, 32));
        assert!(healthy.log_likelihood_ratio().abs() < 1e-9);
        assert!(healthy.chance() > 0.99);
    }

    #[test]
    fn extreme_counts_are_finite() {
        let all = [0, 1, 1_000_000_000];
        for (bad, good) in all.iter().flat_map(|b| all.iter().map(move |g| (*b, *g))) {
            let whole = (tally(bad, bad), tally(good, 0));
            for part in [whole, (tally(0, 0), tally(0, 0))] {
                let split = Split::new(part, whole);
                assert!(split.log_likelihood_ratio().is_finite() && (0.0..=1.0).contains(&split.chance()), "{split:?}");
            }
            assert!((0.0..=1.0).contains(&chance_of_all(whole.0, whole.1)));
        }
    }

    #[test]
    fn the_normal_tail_is_right() {
        for (z, p) in [(0.0, 0.5), (1.644_853_6, 0.05), (2.326_347_9, 0.01), (-1.0, 0.841_344_7)] {
            assert!((above(z) - p).abs() < 1e-6, "{z}");
        }
    }
}
