//! Where a line stands among all.

use chrono::DateTime;

use crate::clock::Time;

/// A line's place in the order of time. Lines of the same instant stand in an order that depends on their text alone, so
/// that the same lines always make the same screen; only lines that are equal are told apart by which came first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Milliseconds since the epoch.
    pub ms: i64,
    tie: u32,
    seq: u32,
}

impl Place {
    /// The place of the line that was the `arrival`-th to come.
    pub(super) fn of(time: Time, group: u16, text: &str, arrival: u64) -> Self {
        Self { ms: time.timestamp_millis(), tie: digest(group, text.as_bytes()), seq: arrival as u32 }
    }

    /// A place from its parts.
    pub(super) const fn new(ms: i64, tie: u32, seq: u32) -> Self {
        Self { ms, tie, seq }
    }

    /// What tells lines of one instant apart.
    pub(super) const fn tie(self) -> u32 {
        self.tie
    }

    /// The lower half of the number of its arrival.
    pub(super) const fn seq(self) -> u32 {
        self.seq
    }

    /// The place before all lines of an instant.
    pub const fn before(ms: i64) -> Self {
        Self { ms, tie: 0, seq: 0 }
    }

    /// Its instant.
    pub fn time(self) -> Time {
        DateTime::from_timestamp_millis(self.ms).unwrap_or_default()
    }
}

/// A digest that is stable from run to run, unlike the standard library's hasher, eight bytes at a time.
fn digest(group: u16, text: &[u8]) -> u32 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(ODD).rotate_left(29);
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    let mut lanes = [u64::from(group) ^ ODD, text.len() as u64];
    let mut chunks = text.chunks_exact(16);
    for chunk in &mut chunks {
        let (low, high) = chunk.split_at(8);
        let whole = |half: &[u8]| half.try_into().map_or(0, u64::from_le_bytes);
        lanes = [mix(lanes[0], whole(low)), mix(lanes[1], whole(high))];
    }
    let rest = chunks.remainder();
    let (low, high) = rest.split_at(rest.len().min(8));
    let hash = mix(mix(lanes[0], word(low)), mix(lanes[1], word(high)));
    (hash ^ hash >> 32) as u32
}
