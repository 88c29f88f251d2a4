//! A sliding window of values that knows its order statistics.

use std::collections::VecDeque;

/// The last values of a line, at most `capacity` of them, in order of arrival and of size.
#[derive(Debug, Clone)]
pub(super) struct Window {
    capacity: usize,
    arrived: VecDeque<f64>,
    sorted: Vec<f64>,
}

impl Window {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), arrived: VecDeque::new(), sorted: Vec::new() }
    }

    /// Takes in a finite value; the oldest one leaves a full window.
    pub(super) fn push(&mut self, value: f64) {
        if self.arrived.len() == self.capacity
            && let Some(oldest) = self.arrived.pop_front()
        {
            let place = self.sorted.partition_point(|known| *known < oldest);
            self.sorted.remove(place);
        }
        self.arrived.push_back(value);
        let place = self.sorted.partition_point(|known| *known < value);
        self.sorted.insert(place, value);
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.arrived.clear();
        self.sorted.clear();
    }

    /// The values, the smallest first.
    pub(super) fn sorted(&self) -> &[f64] {
        &self.sorted
    }

    /// The middle value, or the mean of the two in the middle.
    pub(super) fn median(&self) -> Option<f64> {
        median(&self.sorted)
    }
}

/// The middle of sorted values, or the mean of the two in the middle.
pub(super) fn median(sorted: &[f64]) -> Option<f64> {
    let high = *sorted.get(sorted.len() / 2)?;
    let low = sorted[(sorted.len() - 1) / 2];
    Some(low + (high - low) / 2.0)
}
