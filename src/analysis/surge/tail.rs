//! How far a series strays from what is expected, and how rarely.

use super::window::Window;

/// The fewest extremes that a tail is reckoned by: with less history, more of it counts as extreme.
const EXTREMES: usize = 8;

/// The deviations to one side, as far back as is remembered.
#[derive(Debug, Clone)]
pub(super) struct Tail {
    extremes: f64,
    deviations: Window,
}

impl Tail {
    pub(super) fn new(extremes: f64, capacity: usize) -> Self {
        Self { extremes, deviations: Window::new(capacity) }
    }

    pub(super) fn push(&mut self, deviation: f64) {
        self.deviations.push(deviation);
    }

    /// The deviation that is passed once in `returns` datapoints.
    ///
    /// Peaks over a threshold: the extremes begin at a quantile, and above it they fall off exponentially with their
    /// mean excess, which is a generalised Pareto tail of shape 0 (Siffer et al., KDD 2017, equation 1).
    pub(super) fn reach(&self, returns: f64) -> f64 {
        let sorted = self.deviations.sorted();
        let count = ((sorted.len() as f64 * self.extremes).ceil() as usize).max(EXTREMES).min(sorted.len());
        let extremes = &sorted[sorted.len() - count..];
        let Some(edge) = extremes.first() else { return 0.0 };
        let excess = extremes.iter().map(|value| value - edge).sum::<f64>() / count as f64;
        let share = count as f64 / sorted.len() as f64;
        (edge + excess * (share * returns).ln().max(0.0)).max(0.0)
    }
}
