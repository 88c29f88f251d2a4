//! How long a healthy request takes: a bounded log-normal, read from a table of quantiles.

use super::dice::Key;

/// Median in milliseconds.
const MEDIAN_MS: f64 = 900.0;

/// Standard deviation of the logarithm: the mean is 9 % above the median, p99 at 2.4 s.
const SIGMA: f64 = 0.42;

/// Steps of the table; the tails beyond the outermost half step are cut off, which bounds it by about 3.6 s.
const STEPS: usize = 1024;

/// The quantiles, ascending, in units of 1/16 ms.
#[derive(Debug, Clone)]
pub(super) struct Quantiles(Vec<u32>);

impl Quantiles {
    /// Computes the table; the same on every machine.
    pub(super) fn new() -> Self {
        let at = |i: usize| {
            let p = (i as f64 + 0.5) / (STEPS as f64 + 1.0);
            (16.0 * MEDIAN_MS * libm::exp(SIGMA * normal_quantile(p))) as u32
        };
        Self((0..=STEPS).map(at).collect())
    }

    /// A random duration in milliseconds.
    pub(super) fn draw(&self, key: Key) -> u32 {
        let place = key.half() * STEPS as u64;
        let step = (place >> 32) as usize;
        let within = (place & 0xffff_ffff) >> 16;
        let (low, high) = (u64::from(self.0[step]), u64::from(self.0[step + 1]));
        ((low * (65_536 - within) + high * within) >> 20) as u32
    }
}

/// The value below which a standard normal variable stays with probability `p`, by bisection on the error function.
fn normal_quantile(p: f64) -> f64 {
    let (mut low, mut high) = (-6.0, 6.0);
    for _ in 0..34 {
        let middle = f64::midpoint(low, high);
        let below = 0.5 * libm::erfc(-middle / std::f64::consts::SQRT_2);
        if below < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calm_latencies_have_the_documented_shape() {
        let quantiles = Quantiles::new();
        let mut drawn: Vec<u32> = (0..20_000).map(|i| quantiles.draw(Key::new(3).with(i))).collect();
        drawn.sort_unstable();
        let mean = drawn.iter().map(|&ms| f64::from(ms)).sum::<f64>() / drawn.len() as f64;
        assert!((880..920).contains(&drawn[10_000]), "median {}", drawn[10_000]);
        assert!((960.0..1010.0).contains(&mean), "mean {mean}");
        assert!((2200..2600).contains(&drawn[19_800]), "p99 {}", drawn[19_800]);
        assert!(drawn[19_999] < 8000 && drawn[0] > 100, "{} to {}", drawn[0], drawn[19_999]);
    }
}
