//! How long attempts took: the latencies of a minute as they are kept, and a histogram of those of any number of minutes.

use super::vocabulary::COMBOS;

/// Set in a kept latency whose attempt failed; latencies stay below 2¹⁵ ms.
const FAILED: u16 = 1 << 15;

/// Which attempts are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Of {
    /// One combination, or all.
    pub(super) combo: Option<usize>,
    /// Successes alone, or failures as well.
    pub(super) only_successes: bool,
}

/// Latencies in whole milliseconds, those of one combination side by side.
#[derive(Debug, Clone, Default)]
pub(super) struct Latencies {
    values: Vec<u16>,
    /// Where those of each combination end.
    ends: [u32; COMBOS],
    longest: u16,
}

impl Latencies {
    /// Adds a latency; combinations come in their order.
    pub(super) fn push(&mut self, combo: usize, failed: bool, ms: u32) {
        self.values.push(ms as u16 | if failed { FAILED } else { 0 });
        self.ends[combo] = self.values.len() as u32;
        self.longest = self.longest.max(ms as u16);
    }

    /// Ends the adding.
    pub(super) fn seal(&mut self) {
        let mut last = 0;
        for end in &mut self.ends {
            last = last.max(*end);
            *end = last;
        }
        self.values.shrink_to_fit();
    }

    /// Bytes it holds.
    pub(super) const fn cost(&self) -> usize {
        size_of::<Self>() + self.values.len() * size_of::<u16>()
    }

    fn of_combo(&self, combo: Option<usize>) -> &[u16] {
        let Some(combo) = combo else { return &self.values };
        let from = combo.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.values[from as usize..self.ends[combo] as usize]
    }
}

/// How many attempts took each number of milliseconds.
///
/// Counting by millisecond beats sorting: a minute has thousands of attempts and few seconds.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    counts: Vec<u64>,
}

impl Histogram {
    /// Adds latencies, each of which stands for so many.
    pub(super) fn add(&mut self, latencies: &Latencies, of: Of, weight: u64) {
        let longest = usize::from(latencies.longest);
        if self.counts.len() <= longest {
            self.counts.resize(longest + 1, 0);
        }
        for value in latencies.of_combo(of.combo) {
            if !(of.only_successes && value & FAILED != 0) {
                self.counts[usize::from(value & !FAILED)] += weight;
            }
        }
    }

    /// Milliseconds and count, ascending.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (u32, u64)> {
        (0..).zip(&self.counts).filter(|(_, n)| **n > 0).map(|(ms, n)| (ms, *n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_latency_is_kept() {
        let mut latencies = Latencies::default();
        let put = [(0, false, 900), (0, true, 24_500), (0, false, 900), (8, false, 1), (8, true, 32_767)];
        for (combo, failed, ms) in put {
            latencies.push(combo, failed, ms);
        }
        latencies.seal();
        let read = |combo, only_successes| {
            let mut histogram = Histogram::default();
            histogram.add(&latencies, Of { combo, only_successes }, 2);
            histogram.pairs().collect::<Vec<_>>()
        };
        assert_eq!(read(Some(0), false), [(900, 4), (24_500, 2)]);
        assert_eq!(read(Some(8), true), [(1, 2)]);
        assert_eq!(read(Some(4), false), []);
        assert_eq!(read(None, false), [(1, 2), (900, 4), (24_500, 2), (32_767, 2)]);
    }
}
