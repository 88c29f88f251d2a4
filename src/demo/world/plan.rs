//! What a minute holds, in counts, before any request is drawn.

use super::cause::Cause;
use super::dice::{About, Key, Sampler};
use super::incident::Incidents;
use super::rhythm::{self, FAILURE_SHARE, RETRY_SHARE};
use super::vocabulary::{COMBOS, Cell};

/// How far the first attempts of a minute may be from what is expected, as a share of it.
const LOAD_NOISE: f64 = 0.008;

/// How far the failure share of a minute may be from what is expected, as a share of it.
const FAILURE_NOISE: f64 = 0.1;

/// The most first attempts of a minute: identifiers have 22 bits for the number within the minute.
const MOST: f64 = 4_194_303.0;

/// The counts of one base minute: the first attempts that start in it, and what becomes of them and their retries.
///
/// First attempts are numbered `0..starts`, cell by cell; every choice is a [`Sampler`] over those numbers, so that the
/// counts of any run of cells follow without a look at single requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    /// First attempts.
    pub(super) starts: u64,
    /// Whether requests that start in this minute meet the incident.
    pub(super) incident: bool,
    /// The key of the minute.
    pub(super) key: Key,
    rounding: u64,
    fails: Sampler,
    retries: Sampler,
    refails: Sampler,
}

/// What becomes of a calm request's client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Succeeds at the first attempt.
    Succeeds,
    /// Fails and gives up.
    GivesUp,
    /// Fails, and tries once more; `refails` says what comes of that in calm times.
    Retries {
        /// Whether the second attempt fails too.
        refails: bool,
    },
}

impl Plan {
    /// The plan of a minute.
    pub(super) fn new(world: Key, rate: f64, incidents: &Incidents, minute: i64) -> Self {
        let key = world.with(minute as u64);
        let load = 1.0 + LOAD_NOISE * key.of(About::Load).noise();
        let failing = FAILURE_SHARE * (1.0 + FAILURE_NOISE * key.of(About::FailureShare).noise());
        let first = rhythm::expected_requests(rate, minute) / (1.0 + RETRY_SHARE * FAILURE_SHARE);
        let rounding = key.of(About::CellRounding);
        Self {
            starts: (first * load + rounding.with(1).unit()).clamp(0.0, MOST) as u64,
            incident: incidents.covers(minute),
            key,
            rounding: rounding.half(),
            fails: Sampler::new(failing, key.of(About::FailurePick)),
            retries: Sampler::new(RETRY_SHARE, key.of(About::RetryPick)),
            refails: Sampler::new(failing, key.of(About::RefailPick)),
        }
    }

    /// How many first attempts there are up to and with a cell.
    pub(super) const fn upto(&self, cell: &Cell) -> u64 {
        (self.starts * cell.upto + self.rounding) >> 32
    }

    /// What becomes of calm number `n`.
    pub(super) const fn fate(&self, n: u64) -> Fate {
        if !self.fails.takes(n) {
            return Fate::Succeeds;
        }
        self.fate_of_failure(self.fails.upto(n))
    }

    /// What becomes of number `n`, which the incident makes fail.
    pub(super) const fn fate_of_affected(&self, n: u64) -> Fate {
        self.fate_of_failure(n)
    }

    const fn fate_of_failure(&self, failure: u64) -> Fate {
        if self.retries.takes(failure) {
            return Fate::Retries { refails: self.refails.takes(self.retries.upto(failure)) };
        }
        Fate::GivesUp
    }

    /// Successes, second attempts among them, that come of the calm numbers before `n`, but for a constant.
    const fn successes_before(&self, n: u64) -> u64 {
        let failures = self.fails.upto(n);
        let retries = self.retries.upto(failures);
        n + retries - failures - self.refails.upto(retries)
    }

    /// Successes that come of this minute's first attempts, by combination.
    ///
    /// Not for a minute at an incident's start or end, where a retry may meet other weather than the first attempt.
    pub(super) fn successes(&self, cells: &[Cell], cause: &Cause) -> [u32; COMBOS] {
        let mut sums = [0; COMBOS];
        let mut rest = cells;
        let mut from = 0;
        while let Some(first) = rest.first() {
            // Whole combinations at once where all their cells fare alike.
            let alike =
                |c: &Cell| c.combo() == first.combo() && (!self.incident || cause.affects(c) == cause.affects(first));
            let run = rest.iter().take_while(|c| alike(c)).count();
            let to = self.upto(&rest[run - 1]);
            if !(self.incident && cause.affects(first)) {
                sums[first.combo()] += (self.successes_before(to) - self.successes_before(from)) as u32;
            }
            from = to;
            rest = &rest[run..];
        }
        sums
    }
}
