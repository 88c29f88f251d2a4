//! What happened in a minute, in counts, by wallet and issuer.

use super::latency::Of;
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
    /// Milliseconds that the attempts took that ended well, all together.
    success_ms: [u64; COMBOS],
    /// Milliseconds that the attempts took that failed, all together.
    failure_ms: [u64; COMBOS],
}

/// The places of one combination, or of all.
pub(super) fn combos(combo: Option<usize>) -> std::ops::Range<usize> {
    combo.map_or(0..COMBOS, |combo| combo..combo + 1)
}

impl Tally {
    /// Notes that an attempt started.
    pub(super) const fn start(&mut self, request: &Request<'_>) {
        self.starts[request.cell.combo()] += 1;
    }

    /// Notes that an attempt ended.
    pub(super) fn end(&mut self, request: &Request<'_>) {
        let combo = request.cell.combo();
        let took = u64::from(request.took());
        match request.outcome {
            Outcome::Success => {
                self.successes[combo] += 1;
                self.success_ms[combo] += took;
            }
            Outcome::Failure(reason) => {
                self.failures[combo] += 1;
                self.failure_ms[combo] += took;
                self.faults += u32::from(reason == Reason::TspTimeout);
            }
        }
        self.throttled += steps::throttled_reads(request);
        self.reads += u32::from(request.outcome.reason() != Some(Reason::StoreThrottled));
    }

    /// Adds what another counted.
    pub(super) fn add(&mut self, other: &Self) {
        for combo in 0..COMBOS {
            self.starts[combo] += other.starts[combo];
            self.successes[combo] += other.successes[combo];
            self.failures[combo] += other.failures[combo];
            self.success_ms[combo] += other.success_ms[combo];
            self.failure_ms[combo] += other.failure_ms[combo];
        }
        self.faults += other.faults;
        self.throttled += other.throttled;
        self.reads += other.reads;
    }

    /// Attempts that ended, by combination.
    pub(super) fn ends(&self, combo: usize) -> u32 {
        self.successes[combo] + self.failures[combo]
    }

    /// The sum of a count over one combination or all.
    pub(super) fn count(&self, combo: Option<usize>, of: impl Fn(&Self, usize) -> u32) -> u64 {
        combos(combo).map(|combo| u64::from(of(self, combo))).sum()
    }

    /// How many latencies there are, and their sum in milliseconds.
    pub(super) fn latency(&self, of: Of) -> (u64, u64) {
        let failures = u64::from(!of.only_successes);
        combos(of.combo).fold((0, 0), |(count, ms), combo| {
            let ended = u64::from(self.successes[combo]) + failures * u64::from(self.failures[combo]);
            (count + ended, ms + self.success_ms[combo] + failures * self.failure_ms[combo])
        })
    }
}
