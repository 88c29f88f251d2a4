//! When something happened, by an identifier alone: what spares a search the looking through of whole days.
//!
//! Correlation ids and token references are a shuffle of their client's minute and number, so that the minute is read off
//! them; a trace id says its second. Request ids are random: requests are drawn and compared, but no line is written.

use std::ops::Range;

use super::core::Core;
use super::dice::{About, Key};
use super::logs;
use super::request::unscramble;
use super::spans::SPANS;
use super::time::MINUTE_MS;

/// How long after the minute of its first attempt a client can be heard of, in minutes: a payment's last stage.
const HEARD_OF: i64 = 4;

/// The minutes of a client are known by their last 26 bits.
const MINUTE_BITS: u32 = 26;

/// A request id's 32 hex digits.
type RequestId = (u64, u64);

/// What a term is, if it is an identifier.
enum Kind {
    /// A correlation id or a token reference, with the key of its shuffle.
    Shuffled(Key, u64),
    /// A trace id, with its second.
    Trace(i64),
    /// A trace id as W3C writes it, with its second: spans alone have it.
    Foreign(i64),
    /// A request id, or an event's id in CloudTrail.
    Request(RequestId),
}

impl Core {
    /// The stretches, in milliseconds, in which lines with one of these terms can be, of a span; `None` where one of the
    /// terms is no identifier, so that it can be anywhere.
    pub(super) fn whereabouts(
        &self,
        group: Option<&str>,
        terms: &[String],
        span: &Range<i64>,
    ) -> Option<Vec<Range<i64>>> {
        let mut bases: Vec<i64> = Vec::new();
        let mut requests: Vec<RequestId> = Vec::new();
        for term in terms {
            match self.kind(term)? {
                Kind::Shuffled(key, number) => bases.extend(minute_of(unscramble(key, number), span)),
                Kind::Trace(second) => bases.extend([second.div_euclid(60) - 1, second.div_euclid(60)]),
                Kind::Foreign(second) if group.is_none_or(|group| group == SPANS) => {
                    bases.extend([second.div_euclid(60) - 1, second.div_euclid(60)]);
                }
                Kind::Foreign(_) => {}
                Kind::Request(id) => requests.push(id),
            }
        }
        // Other groups than these two have no request ids.
        if !requests.is_empty() && group.is_none_or(|group| group == logs::TOKENS || group == logs::TRAIL) {
            bases.extend(self.minutes_of(&requests, span));
        }
        bases.sort_unstable();
        let mut stretches: Vec<Range<i64>> = Vec::new();
        for base in bases {
            let from = (base * MINUTE_MS).max(span.start);
            let to = ((base + HEARD_OF) * MINUTE_MS).min(span.end);
            match stretches.last_mut() {
                Some(last) if from <= last.end => last.end = last.end.max(to),
                _ if from < to => stretches.push(from..to),
                _ => {}
            }
        }
        Some(stretches)
    }

    fn kind(&self, term: &str) -> Option<Kind> {
        let shuffled = |prefix: &str, about: About| {
            let digits = term.strip_prefix(prefix)?;
            Some(Kind::Shuffled(self.key.of(about), number(digits, 13)?))
        };
        let trace = || {
            let (epoch, tail) = term.strip_prefix("1-")?.split_once('-')?;
            let is_tail = tail.len() == 24 && tail.bytes().all(|digit| digit.is_ascii_hexdigit());
            Some(Kind::Trace(number(epoch, 8).filter(|_| is_tail)?.cast_signed()))
        };
        let foreign = || {
            let is_one = term.len() == 32 && term.bytes().all(|digit| digit.is_ascii_hexdigit());
            is_one.then(|| Some(Kind::Foreign(number(term.get(..8)?, 8)?.cast_signed())))?
        };
        let request = || {
            let parts: Vec<&str> = term.split('-').collect();
            let lengths = parts.iter().map(|part| part.len()).collect::<Vec<_>>();
            let digits = parts.concat();
            (lengths == [8, 4, 4, 4, 12])
                .then(|| Some(Kind::Request((number(&digits[..16], 16)?, number(&digits[16..], 16)?))))?
        };
        shuffled("corr_", About::RequestId)
            .or_else(|| shuffled("trm_", About::Card))
            .or_else(trace)
            .or_else(foreign)
            .or_else(request)
    }

    /// The base minutes of requests, as far as they or their events in CloudTrail are heard of in a span.
    fn minutes_of(&self, wanted: &[RequestId], span: &Range<i64>) -> Vec<i64> {
        let mut found = Vec::new();
        let mut changes = Vec::new();
        self.change_drafts(span, &mut changes);
        for change in changes {
            let id = change.key.of(About::TrailId);
            if wanted.contains(&(id.bits(), id.with(1).bits())) {
                found.push(change.ms.div_euclid(MINUTE_MS));
            }
        }
        let first = span.start.div_euclid(MINUTE_MS) - HEARD_OF;
        for base in first..=(span.end - 1).div_euclid(MINUTE_MS) {
            self.each(base, |request| {
                let trail = request.key.of(About::TrailId);
                let ids = [request.request_id(), (trail.bits(), trail.with(1).bits())];
                if ids.iter().any(|id| wanted.contains(id)) {
                    found.push(base);
                }
            });
            if found.len() >= wanted.len() {
                break;
            }
        }
        found
    }
}

/// The number of exactly so many lower-case hex digits.
fn number(digits: &str, count: usize) -> Option<u64> {
    let is_hex = digits.len() == count && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    is_hex.then(|| u64::from_str_radix(digits, 16).ok()).flatten()
}

/// The minute of a client of which the last bits are known: the one nearest to the span.
fn minute_of(client: u64, span: &Range<i64>) -> Option<i64> {
    let bits = (client >> 23).cast_signed();
    let size = 1_i64 << MINUTE_BITS;
    let near = span.end.div_euclid(MINUTE_MS);
    let base = near - (near - bits).rem_euclid(size);
    ((base + HEARD_OF) * MINUTE_MS > span.start).then_some(base)
}
