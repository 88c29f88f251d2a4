//! What happened in a minute, in counts and latencies, by wallet and issuer.

use super::request::{Outcome, Reason, Request};
use super::steps;
use super::vocabulary::COMBOS;

/// Counts of what happened in a span of time, at most a minute.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    /// Attempts that started.
    pub(super) starts: [u32; COMBOS],
    /// Attempts that ended well.
    pub(super) successes: [u32; COMBOS],
    /// Attempts that failed.
    pub(super) failures: [u32; COMBOS],
    /// Attempts that failed for a fault of ours (5xx).
    pub(super) faults: u32,
    /// Reads of the token store that were throttled, by the end of their attempt.
    pub(super) throttled: u32,
    /// Reads of the token store that were answered, by the end of their attempt.
    pub(super) reads: u32,
    /// Latencies of what ended.
    pub(super) latencies: Latencies,
}

impl Tally {
    /// Notes that an attempt started.
    pub(super) const fn start(&mut self, request: &Request<'_>) {
        self.starts[request.cell.combo()] += 1;
    }

    /// Notes that an attempt ended.
    pub(super) fn end(&mut self, request: &Request<'_>) {
        let combo = request.cell.combo();
        let failed = request.outcome != Outcome::Success;
        if failed {
            self.failures[combo] += 1;
            self.faults += u32::from(request.outcome.reason() == Some(Reason::TspTimeout));
        } else {
            self.successes[combo] += 1;
        }
        self.throttled += steps::throttled_reads(request);
        self.reads += u32::from(request.outcome.reason() != Some(Reason::StoreThrottled));
        self.latencies.raw.push(Latencies::place(combo, failed, request.took()));
    }

    /// Attempts that ended, by combination.
    pub(super) fn ends(&self, combo: usize) -> u32 {
        self.successes[combo] + self.failures[combo]
    }

    /// Packs the latencies; nothing is added later.
    pub(super) fn seal(&mut self) {
        self.latencies.seal();
    }

    /// Bytes it holds.
    pub(super) const fn cost(&self) -> usize {
        size_of::<Self>() + self.latencies.packed.len() * size_of::<u32>()
    }
}

/// Sparse histograms of whole milliseconds, one for each combination and outcome.
#[derive(Debug, Clone, Default)]
pub(super) struct Latencies {
    /// While it is being filled: row and milliseconds, one entry an attempt.
    raw: Vec<u32>,
    /// Afterwards: milliseconds and count, ascending within a row.
    packed: Vec<u32>,
    /// Where each row begins in `packed`, and the end.
    rows: [u32; ROWS + 1],
}

/// Rows: successes and failures of every combination.
const ROWS: usize = COMBOS * 2;

/// Bits of a packed count; the rest holds the milliseconds, below 2¹⁵.
const COUNT_BITS: u32 = 17;

/// Which attempts a histogram is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Of {
    /// One combination, or all.
    pub(super) combo: Option<usize>,
    /// Successes alone, or failures as well.
    pub(super) only_successes: bool,
}

impl Latencies {
    const fn place(combo: usize, failed: bool, ms: u32) -> u32 {
        ((combo * 2 + failed as usize) as u32) << 16 | ms
    }

    fn seal(&mut self) {
        let mut raw = std::mem::take(&mut self.raw);
        raw.sort_unstable();
        let most = (1 << COUNT_BITS) - 1;
        let mut last = None;
        let mut row = 0;
        for entry in raw {
            while row <= (entry >> 16) as usize {
                self.rows[row] = self.packed.len() as u32;
                row += 1;
            }
            match self.packed.last_mut() {
                Some(packed) if last == Some(entry) && *packed & most < most => *packed += 1,
                _ => self.packed.push((entry & 0xffff) << COUNT_BITS | 1),
            }
            last = Some(entry);
        }
        self.rows[row..].fill(self.packed.len() as u32);
        self.packed.shrink_to_fit();
    }

    /// Milliseconds and count of some attempts, added to a list in no order.
    pub(super) fn collect(&self, of: Of, into: &mut Vec<(u32, u64)>) {
        let mask = (1 << COUNT_BITS) - 1;
        for row in 0..ROWS {
            let wanted = of.combo.is_none_or(|c| c == row / 2) && !(of.only_successes && row % 2 == 1);
            if wanted {
                let range = self.rows[row] as usize..self.rows[row + 1] as usize;
                into.extend(self.packed[range].iter().map(|p| (p >> COUNT_BITS, u64::from(p & mask))));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_keeps_every_latency() {
        let mut latencies = Latencies::default();
        let put = [(0, false, 900), (0, false, 900), (0, true, 24_500), (8, false, 1), (8, true, 32_767)];
        latencies.raw.extend(put.map(|(combo, failed, ms)| Latencies::place(combo, failed, ms)));
        latencies.seal();
        let read = |combo, only_successes| {
            let mut out = Vec::new();
            latencies.collect(Of { combo, only_successes }, &mut out);
            out
        };
        assert_eq!(read(Some(0), false), [(900, 2), (24_500, 1)]);
        assert_eq!(read(Some(8), true), [(1, 1)]);
        assert_eq!(read(Some(4), false), []);
        assert_eq!(read(None, false), [(900, 2), (24_500, 1), (1, 1), (32_767, 1)]);
    }
}
