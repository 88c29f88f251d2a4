//! A sliding window of values that knows its order statistics.

use std::collections::VecDeque;

use crate::clock::Time;

/// The last values of a line, at most `capacity` of them, in order of arrival and of size.
#[derive(Debug, Clone)]
pub(super) struct Window {
    capacity: usize,
    arrived: VecDeque<(Time, f64)>,
    sorted: Vec<f64>,
}

impl Window {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), arrived: VecDeque::new(), sorted: Vec::new() }
    }

    /// Takes in a finite value; the oldest one leaves a full window.
    pub(super) fn push(&mut self, at: Time, value: f64) {
        if self.arrived.len() == self.capacity {
            self.drop_oldest();
        }
        self.arrived.push_back((at, value));
        let place = self.sorted.partition_point(|known| *known < value);
        self.sorted.insert(place, value);
    }

    /// Lets go of what is older than `from`.
    pub(super) fn forget_before(&mut self, from: Time) {
        while self.arrived.front().is_some_and(|(at, _)| *at < from) {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        let Some((_, value)) = self.arrived.pop_front() else { return };
        let place = self.sorted.partition_point(|known| *known < value);
        self.sorted.remove(place);
    }

    pub(super) fn len(&self) -> usize {
        self.sorted.len()
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
