//! Keyed chance: every random choice of the world is a hash of what it is about, so nothing depends on order.

/// A key that names one choice; more parts make it narrower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key(u64);

/// The golden ratio in 64 bits, the increment of the splitmix64 generator (Steele, Lea, Flood 2014).
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// What a choice is about, so that two choices about one thing are independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub(super) enum About {
    /// The noise of a minute's load.
    Load = 1,
    /// The noise of a minute's failure share.
    FailureShare,
    /// The offset at which a minute's cells are rounded.
    CellRounding,
    /// The offset at which failures are picked.
    FailurePick,
    /// The offset at which retries are picked.
    RetryPick,
    /// The offset at which failing retries are picked.
    RefailPick,
    /// One request.
    Request,
    /// A second attempt.
    Retry,
    /// How long a request takes.
    Latency,
    /// Why a request fails.
    Reason,
    /// The device.
    Device,
    /// The request id.
    RequestId,
    /// The trace id.
    TraceId,
    /// The CloudTrail event id.
    TrailId,
    /// The event id in a log group.
    EventId,
    /// The log stream.
    Stream,
    /// The card.
    Card,
    /// How a request's time is spent.
    Steps,
    /// Segment ids.
    Segment,
    /// Throttled reads.
    Throttle,
    /// What goes on into payments.
    Payment,
    /// The order stream.
    Order,
    /// The cause of incidents.
    Cause,
    /// Changes that people made.
    Change,
    /// Gauges of streams and queues.
    Gauge,
    /// Metrics of the resources that do nothing else.
    Resource,
}

impl Key {
    /// The key of a whole world.
    pub(super) const fn new(seed: u64) -> Self {
        Self(finish(seed ^ GOLDEN))
    }

    /// The key of a choice about one part.
    pub(super) const fn of(self, about: About) -> Self {
        self.with(about as u64)
    }

    /// The key narrowed by a number.
    pub(super) const fn with(self, part: u64) -> Self {
        Self(finish(self.0.wrapping_add(part.wrapping_add(1).wrapping_mul(GOLDEN))))
    }

    /// Sixty-four random bits.
    pub(super) const fn bits(self) -> u64 {
        self.0
    }

    /// Thirty-two random bits.
    pub(super) const fn half(self) -> u64 {
        self.0 >> 32
    }

    /// A whole number in `0..n`, for `n` up to 2³².
    pub(super) const fn below(self, n: u64) -> u64 {
        (self.half() * n) >> 32
    }

    /// A number in `0..1`, exact in binary.
    pub(super) const fn unit(self) -> f64 {
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Noise in `-1..1`, most often near nothing (triangular) and never beyond.
    pub(super) const fn noise(self) -> f64 {
        self.unit() - self.with(1).unit()
    }

    /// One of some options, the same chance for each.
    pub(super) fn pick<T: Copy>(self, options: &[T]) -> Option<T> {
        options.get(self.below(options.len() as u64) as usize).copied()
    }
}

/// The output function of splitmix64.
const fn finish(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Takes a fixed share of an ordered row, evenly: how many of the first `n` are taken is known without looking at them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sampler {
    /// The share, in units of 2⁻³².
    share: u64,
    /// Where the comb starts, below 2³².
    offset: u64,
}

impl Sampler {
    /// A sampler of a share of `0..=1`.
    pub(super) const fn new(share: f64, offset: Key) -> Self {
        Self { share: (share * 4_294_967_296.0) as u64, offset: offset.half() }
    }

    /// How many of the first `n` are taken.
    pub(super) const fn upto(self, n: u64) -> u64 {
        (n * self.share + self.offset) >> 32
    }

    /// Whether number `n` is taken.
    pub(super) const fn takes(self, n: u64) -> bool {
        self.upto(n + 1) > self.upto(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sampler_knows_its_counts_without_looking() {
        let sampler = Sampler::new(0.02, Key::new(7));
        for n in [0, 1, 49, 50, 51, 2400, 1_000_000] {
            let counted = (0..n).filter(|&i| sampler.takes(i)).count() as u64;
            assert_eq!(sampler.upto(n) - sampler.upto(0), counted);
        }
        assert!((19_999..=20_001).contains(&sampler.upto(1_000_000)));
    }

    #[test]
    fn chance_is_even_and_bounded() {
        let key = Key::new(1);
        let mut seen = [0; 6];
        for i in 0..6000 {
            seen[key.with(i).below(6) as usize] += 1;
            assert!(key.with(i).noise().abs() < 1.0);
        }
        assert!(seen.iter().all(|n| (850..1150).contains(n)), "{seen:?}");
        assert_ne!(key.of(About::Load).bits(), key.of(About::Stream).bits());
    }
}
