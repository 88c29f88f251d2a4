//! What happened in a minute, put together from the clients of that minute and of the one before.

use std::sync::Arc;

use super::cache::{Day, Part};
use super::core::Core;
use super::payments::Payment;
use super::tally::Tally;
use super::time::{DAY_MINUTES, MINUTE_MS};
use super::vocabulary::{COMBOS, ISSUERS, WALLETS};

/// Tokens that were active at every midnight.
const TOKENS_AT_MIDNIGHT: u64 = 1_200_000;

/// How often the dead-letter queue is emptied, in milliseconds.
const EMPTIED_MS: i64 = 15 * MINUTE_MS;

/// One minute, whole or up to an instant within it.
#[derive(Debug, Clone)]
pub(super) struct Minute {
    number: i64,
    /// What the clients of this minute did in it.
    own: Arc<Part>,
    /// What the clients of the minute before did, of which `next` counts; `None` where `own` has it already.
    before: Option<Arc<Part>>,
}

impl Minute {
    /// Its number since the epoch.
    pub(super) const fn number(&self) -> i64 {
        self.number
    }

    /// The tallies that make up the minute.
    fn tallies(&self) -> impl Iterator<Item = &Tally> {
        std::iter::once(&self.own.own).chain(self.before.iter().map(|part| &part.next))
    }

    /// The sum of a count over one combination or all.
    pub(super) fn count(&self, combo: Option<usize>, of: impl Fn(&Tally, usize) -> u32) -> u64 {
        let sum = |t: &Tally| -> u64 { combo.map_or(0..COMBOS, |c| c..c + 1).map(|c| u64::from(of(t, c))).sum() };
        self.tallies().map(sum).sum()
    }

    /// The sum of a count that is not kept by combination.
    pub(super) fn total(&self, of: impl Fn(&Tally) -> u32) -> u64 {
        self.tallies().map(|t| u64::from(of(t))).sum()
    }

    /// Milliseconds and count of the attempts that ended, ascending.
    pub(super) fn latencies(&self, of: super::tally::Of) -> Vec<(u32, u64)> {
        let mut all = Vec::new();
        for tally in self.tallies() {
            tally.latencies.collect(of, &mut all);
        }
        // Counting by millisecond beats sorting: a minute has thousands of attempts and few seconds.
        let longest = all.iter().map(|(ms, _)| *ms as usize + 1).max().unwrap_or(0);
        let mut counts = vec![0_u64; longest];
        for (ms, n) in all {
            counts[ms as usize] += n;
        }
        (0..).zip(counts).filter(|(_, n)| *n > 0).collect()
    }
}

impl Core {
    /// What became of the clients of a base minute.
    pub(super) fn part(&self, base: i64) -> Arc<Part> {
        self.cache.parts.get(base, || self.draw_part(base), |part| part.own.cost() + part.next.cost())
    }

    fn draw_part(&self, base: i64) -> Part {
        let border = (base + 1) * MINUTE_MS;
        let mut part = Part::default();
        self.each(base, |request| {
            if request.start < border {
                part.own.start(request);
            } else {
                part.next.start(request);
            }
            if request.end < border {
                part.own.end(request);
            } else {
                part.next.end(request);
            }
            part.dead_letters.extend(Payment::of(request).and_then(|payment| payment.died()));
        });
        part.own.seal();
        part.next.seal();
        part
    }

    /// A minute, with what had happened in it before the millisecond `until`.
    pub(super) fn minute(&self, number: i64, until: i64) -> Minute {
        if until >= (number + 1) * MINUTE_MS {
            return Minute { number, own: self.part(number), before: Some(self.part(number - 1)) };
        }
        let span = number * MINUTE_MS..until;
        let mut own = Tally::default();
        for base in [number - 1, number] {
            self.each(base, |request| {
                if span.contains(&request.start) {
                    own.start(request);
                }
                if span.contains(&request.end) {
                    own.end(request);
                }
            });
        }
        own.seal();
        Minute { number, own: Arc::new(Part { own, ..Part::default() }), before: None }
    }

    /// Attempts in flight at a minute's end (or at the instant up to which it is known).
    pub(super) fn pending(&self, minute: &Minute, combo: Option<usize>) -> u64 {
        let starts = minute.count(combo, |t, c| t.starts[c]);
        let ends = minute.count(combo, Tally::ends);
        (starts + self.in_flight_after(minute.number - 1, combo)).saturating_sub(ends)
    }

    /// Attempts in flight at the end of a minute: all of them are of its own clients.
    fn in_flight_after(&self, number: i64, combo: Option<usize>) -> u64 {
        let own = &self.part(number).own;
        let combos = combo.map_or(0..COMBOS, |c| c..c + 1);
        combos.map(|c| u64::from(own.starts[c]) - u64::from(own.ends(c))).sum()
    }

    /// Tokens active at a minute's end (or at the instant up to which it is known).
    pub(super) fn active_tokens(&self, minute: &Minute, combo: Option<usize>) -> u64 {
        let (day, of_day) = (minute.number.div_euclid(DAY_MINUTES), minute.number.rem_euclid(DAY_MINUTES));
        let midnight = self.part(day * DAY_MINUTES - 1);
        let planned = self.day(day);
        // What was planned for the clients of the minutes before this one has come true but for what ends in it.
        let previous = (of_day > 0).then(|| self.part(minute.number - 1));
        let combos = combo.map_or(0..COMBOS, |c| c..c + 1);
        combos
            .map(|c| {
                let before = u64::from(planned[of_day as usize][c]);
                let carried = previous.as_ref().map_or(0, |_| u64::from(midnight.next.successes[c]));
                let open = previous.as_ref().map_or(0, |part| u64::from(part.next.successes[c]));
                let here: u64 = minute.tallies().map(|t| u64::from(t.successes[c])).sum();
                tokens_at_midnight(c) + before + carried + here - open
            })
            .sum()
    }

    /// The successes planned of a day.
    fn day(&self, day: i64) -> Arc<Day> {
        let make = || {
            let mut sums = [0; COMBOS];
            let mut planned = vec![sums];
            for base in day * DAY_MINUTES..(day + 1) * DAY_MINUTES {
                for (sum, of_base) in sums.iter_mut().zip(self.successes_of(base)) {
                    *sum += of_base;
                }
                planned.push(sums);
            }
            planned
        };
        self.cache.days.get(day, make, |day| size_of_val(day.as_slice()))
    }

    /// Payments in the dead-letter queue at a millisecond; it is emptied every quarter of an hour.
    pub(super) fn dead_letters(&self, until: i64) -> u64 {
        let since = (until - 1).div_euclid(EMPTIED_MS) * EMPTIED_MS;
        let bases = since.div_euclid(MINUTE_MS) - 2..=(until - 1).div_euclid(MINUTE_MS);
        let died = |base| self.part(base).dead_letters.iter().filter(|ms| (since..until).contains(*ms)).count();
        bases.map(|base| died(base) as u64).sum()
    }

    /// Successes that come of the clients of a base minute, by combination.
    pub(super) fn successes_of(&self, base: i64) -> [u32; COMBOS] {
        if !self.incidents.is_boundary(base) {
            return self.plan(base).successes(&self.cells, &self.cause);
        }
        let part = self.part(base);
        std::array::from_fn(|c| part.own.successes[c] + part.next.successes[c])
    }
}

/// The tokens of a combination that were active at midnight: its share of all, exactly.
fn tokens_at_midnight(combo: usize) -> u64 {
    let (wallet, issuer) = (combo / ISSUERS.len(), combo % ISSUERS.len());
    TOKENS_AT_MIDNIGHT * WALLETS[wallet].1 * ISSUERS[issuer].1 / 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tokens_of_midnight_add_up() {
        assert_eq!((0..COMBOS).map(tokens_at_midnight).sum::<u64>(), TOKENS_AT_MIDNIGHT);
    }
}
