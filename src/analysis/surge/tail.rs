//! How high a series' own extremes usually are.

use super::window::Window;
use crate::clock::Time;

/// The deviations of one side, as far back as is remembered.
#[derive(Debug, Clone)]
pub(super) struct Tail {
    ordinary: f64,
    deviations: Window,
}

impl Tail {
    pub(super) fn new(ordinary: f64, capacity: usize) -> Self {
        Self { ordinary, deviations: Window::new(capacity) }
    }

    pub(super) fn push(&mut self, at: Time, deviation: f64) {
        self.deviations.push(at, deviation);
    }

    /// How far from what is expected a datapoint may be, `sensitivity` extremes beyond the ordinary.
    ///
    /// Peaks over a threshold: the threshold is the `ordinary` quantile, and what lies above it falls off
    /// exponentially with the mean excess (a generalised Pareto tail of shape 0).
    pub(super) fn reach(&self, sensitivity: f64) -> f64 {
        let sorted = self.deviations.sorted();
        let place = ((sorted.len() as f64) * self.ordinary) as usize;
        let Some(edge) = sorted.get(place.min(sorted.len().saturating_sub(1))) else { return 0.0 };
        let above = &sorted[place.min(sorted.len() - 1)..];
        let excess = above.iter().map(|value| value - edge).sum::<f64>() / above.len() as f64;
        edge.max(0.0) + sensitivity * excess
    }
}
