//! Calls of a span of time, counted by service.

use super::node::{NODES, Node};
use super::steps::{Call, Verdict};

/// Buckets of a histogram: whole milliseconds up to 128, then 64 steps for each doubling, up to 32 s.
pub(super) const BUCKETS: usize = 128 + 64 * 8;

/// Bits of a packed count; the rest holds the bucket.
const COUNT_BITS: u32 = 22;

/// What one service answered.
#[derive(Debug, Clone, Default)]
pub(super) struct Answers {
    /// Calls by verdict: ok, error, throttle, fault.
    pub(super) verdicts: [u32; 4],
    /// The sum of their times in milliseconds.
    pub(super) total_ms: u64,
    /// Bucket and count, packed, ascending.
    histogram: Vec<u32>,
}

impl Answers {
    /// Bucket and count, ascending.
    pub(super) fn histogram(&self) -> impl Iterator<Item = (usize, u64)> {
        let mask = (1 << COUNT_BITS) - 1;
        self.histogram.iter().map(move |packed| ((packed >> COUNT_BITS) as usize, u64::from(packed & mask)))
    }
}

/// Calls counted by service, sealed.
#[derive(Debug, Clone, Default)]
pub(super) struct Calls([Answers; NODES.len()]);

impl Calls {
    /// What a service answered.
    pub(super) const fn answers(&self, node: Node) -> &Answers {
        &self.0[node as usize]
    }

    /// Bytes it holds.
    pub(super) fn cost(&self) -> usize {
        size_of::<Self>() + self.0.iter().map(|a| a.histogram.len() * size_of::<u32>()).sum::<usize>()
    }
}

/// Calls while they are being counted.
pub(super) struct Counting {
    answers: [Answers; NODES.len()],
    dense: Vec<u32>,
}

impl Counting {
    /// Nothing counted yet.
    pub(super) fn new() -> Self {
        Self { answers: Default::default(), dense: vec![0; NODES.len() * BUCKETS] }
    }

    /// Counts a call.
    pub(super) fn count(&mut self, node: Node, call: Call) {
        let answers = &mut self.answers[node as usize];
        let took = call.to - call.from;
        let slot = match call.verdict {
            Verdict::Ok => 0,
            Verdict::Error => 1,
            Verdict::Throttle => 2,
            Verdict::Fault => 3,
        };
        answers.verdicts[slot] += 1;
        answers.total_ms += u64::from(took);
        self.dense[node as usize * BUCKETS + bucket(took)] += 1;
    }

    /// Packs the histograms.
    pub(super) fn seal(mut self) -> Calls {
        for (answers, dense) in self.answers.iter_mut().zip(self.dense.chunks_exact(BUCKETS)) {
            let filled = dense.iter().enumerate().filter(|(_, n)| **n > 0);
            answers.histogram = filled.map(|(place, n)| (place as u32) << COUNT_BITS | n).collect();
        }
        Calls(self.answers)
    }
}

/// The bucket whose value is nearest to a time in milliseconds.
fn bucket(ms: u32) -> usize {
    if ms < 128 {
        return ms as usize;
    }
    let half = 1 << (ms.ilog2() - 7);
    let rounded = ms + half;
    let shift = rounded.ilog2() - 6;
    let place = 128 + (shift as usize - 1) * 64 + (rounded >> shift) as usize - 64;
    place.min(BUCKETS - 1)
}

/// A bucket's value in milliseconds.
pub(super) const fn value_ms(bucket: usize) -> u32 {
    if bucket < 128 {
        return bucket as u32;
    }
    let shift = (bucket - 128) / 64 + 1;
    (((bucket - 128) % 64 + 64) << shift) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_near_and_ascending() {
        let mut last = 0;
        for ms in 0..30_000 {
            let place = bucket(ms);
            assert!(place >= last, "{ms}");
            last = place;
            let off = f64::from(value_ms(place)) - f64::from(ms);
            assert!(off.abs() <= f64::from(ms) / 127.0, "{ms} in {}", value_ms(place));
        }
        assert_eq!(value_ms(bucket(8000)), 8000);
        assert!((1..BUCKETS).all(|b| value_ms(b) > value_ms(b - 1)));
    }
}
