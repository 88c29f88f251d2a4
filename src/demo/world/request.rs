//! One attempt to provision a token, and the identifiers and details that follow from its key.

use super::dice::{About, Key};
use super::vocabulary::Cell;

/// Why an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// The issuer said no.
    IssuerDeclined,
    /// The card's check value is wrong.
    CvvMismatch,
    /// The device may not hold tokens.
    DeviceNotEligible,
    /// The token service provider did not answer three times.
    TspTimeout,
    /// The token store throttled every try.
    StoreThrottled,
}

impl Reason {
    /// The word in the log line.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::IssuerDeclined => "ISSUER_DECLINED",
            Self::CvvMismatch => "CVV_MISMATCH",
            Self::DeviceNotEligible => "DEVICE_NOT_ELIGIBLE",
            Self::TspTimeout => "TSP_TIMEOUT",
            Self::StoreThrottled => "STORE_THROTTLED",
        }
    }

    /// The HTTP status that the client sees.
    pub(super) const fn status(self) -> u16 {
        match self {
            Self::IssuerDeclined => 402,
            Self::CvvMismatch => 422,
            Self::DeviceNotEligible => 403,
            Self::TspTimeout => 504,
            Self::StoreThrottled => 429,
        }
    }

    /// Draws why an unaffected request fails; the store throttles more in an incident.
    fn draw(key: Key, incident: bool) -> Self {
        let throttled = if incident { 30 } else { 2 };
        match key.of(About::Reason).below(100) {
            n if n < throttled => Self::StoreThrottled,
            n if n < throttled + (100 - throttled) * 55 / 100 => Self::IssuerDeclined,
            n if n < throttled + (100 - throttled) * 80 / 100 => Self::CvvMismatch,
            _ => Self::DeviceNotEligible,
        }
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A token was provisioned.
    Success,
    /// None was.
    Failure(Reason),
}

impl Outcome {
    /// The outcome of a request that the incident does not touch.
    pub(super) fn calm(fails: bool, key: Key, incident: bool) -> Self {
        if fails { Self::Failure(Reason::draw(key, incident)) } else { Self::Success }
    }

    /// Why it failed, if it did.
    pub(super) const fn reason(self) -> Option<Reason> {
        match self {
            Self::Success => None,
            Self::Failure(reason) => Some(reason),
        }
    }
}

/// One attempt.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'w> {
    /// Where its randomness comes from.
    pub(super) key: Key,
    /// Where the randomness of its client comes from: device and card are the same at both attempts.
    pub(super) client_key: Key,
    /// The minute in which its client's first attempt started.
    pub(super) base: i64,
    /// Its client's number in that minute, below 2²².
    pub(super) number: u32,
    /// Whether it is the client's second attempt.
    pub(super) second: bool,
    /// Whether it started in an incident.
    pub(super) incident: bool,
    /// Wallet, issuer, system, country.
    pub(super) cell: &'w Cell,
    /// Start in milliseconds since the epoch.
    pub(super) start: i64,
    /// End in milliseconds since the epoch.
    pub(super) end: i64,
    /// How it ended.
    pub(super) outcome: Outcome,
}

impl Request<'_> {
    /// How long it took, in milliseconds.
    pub(super) const fn took(&self) -> u32 {
        (self.end - self.start) as u32
    }

    /// The device it came from.
    pub(super) fn device(&self) -> &'static str {
        self.client_key.of(About::Device).pick(self.cell.platform().devices).unwrap_or_default()
    }

    /// A number that no other event of its group has in the same millisecond: below 2²⁷.
    pub(super) const fn sequence(&self, is_end: bool) -> u64 {
        ((self.base as u64 & 3) << 25) | ((self.number as u64) << 2) | ((self.second as u64) << 1) | is_end as u64
    }

    /// The correlation id, the same for both attempts: 13 hex digits.
    pub(super) const fn correlation(&self, world: Key) -> u64 {
        scramble(world.of(About::RequestId), self.client())
    }

    /// The token reference of this attempt: 13 hex digits.
    pub(super) const fn token(&self, world: Key) -> u64 {
        scramble(world.of(About::Card), self.client() | self.second as u64)
    }

    /// The request id's 32 hex digits.
    pub(super) const fn request_id(&self) -> (u64, u64) {
        let id = self.key.of(About::RequestId);
        // Version 4, variant 1, as UUIDs of random bits say of themselves.
        let high = (id.bits() & !0xf000) | 0x4000;
        let low = (id.with(1).bits() & !(0b11 << 62)) | (0b10 << 62);
        (high, low)
    }

    /// The trace id's last 24 hex digits, as 8 and 16 of them.
    pub(super) const fn trace_tail(&self) -> (u64, u64) {
        let id = self.key.of(About::TraceId);
        (id.half(), id.with(1).bits())
    }

    /// Minute and number in 49 bits, the lowest one free for the attempt.
    const fn client(&self) -> u64 {
        ((self.base as u64 & 0x3ff_ffff) << 23) | ((self.number as u64) << 1)
    }
}

/// A one-to-one shuffle of the numbers below 2⁵², so that identifiers look random and never collide.
const fn scramble(key: Key, number: u64) -> u64 {
    const MASK: u64 = (1 << 52) - 1;
    let mut x = (number ^ key.bits()) & MASK;
    let mut round = 0;
    while round < 3 {
        x = x.wrapping_mul(key.with(round).bits() | 1) & MASK;
        x ^= x >> 27;
        round += 1;
    }
    x
}

/// The number that was scrambled.
pub(super) const fn unscramble(key: Key, number: u64) -> u64 {
    const MASK: u64 = (1 << 52) - 1;
    let mut x = number & MASK;
    let mut round = 3;
    while round > 0 {
        round -= 1;
        // The upper 27 bits were left as they were, and 27 is more than half of 52.
        x ^= x >> 27;
        x = x.wrapping_mul(inverse(key.with(round).bits() | 1)) & MASK;
    }
    x ^ (key.bits() & MASK)
}

/// The inverse of an odd number in 64 bits: Newton's iteration, which doubles the right bits each time.
const fn inverse(odd: u64) -> u64 {
    let mut x = odd;
    let mut round = 0;
    while round < 6 {
        x = x.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(x)));
        round += 1;
    }
    x
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn identifiers_never_collide() {
        let key = Key::new(7);
        let seen: HashSet<u64> = (0..100_000).map(|n| scramble(key, n)).collect();
        assert_eq!(seen.len(), 100_000);
        assert!(seen.iter().all(|id| *id < 1 << 52));
    }

    #[test]
    fn a_scrambled_number_can_be_read_back() {
        for number in [0, 1, 0x1234_5678_9abc, (1 << 52) - 1] {
            let key = Key::new(number ^ 7);
            assert_eq!(unscramble(key, scramble(key, number)), number);
        }
    }

    #[test]
    fn throttling_is_rare_in_calm_times() {
        let throttled = |incident| {
            let reasons = (0..1000).map(|n| Reason::draw(Key::new(1).with(n), incident));
            reasons.filter(|r| *r == Reason::StoreThrottled).count()
        };
        assert!((5..40).contains(&throttled(false)));
        assert!((240..360).contains(&throttled(true)));
    }
}
