//! What happened in a minute, put together from the clients of that minute and of the one before.

use std::ops::Range;
use std::sync::Arc;

use super::cache::{Day, Part, Times};
use super::core::Core;
use super::dice::About;
use super::latency::{Histogram, Latencies, Of};
use super::payments::{self, Payment};
use super::request::{Outcome, Request};
use super::tally::{Tally, combos};
use super::thinning::Drawn;
use super::time::{DAY_MINUTES, MINUTE_MS};
use super::vocabulary::{COMBOS, ISSUERS, WALLETS};

/// Tokens that were active at every midnight.
const TOKENS_AT_MIDNIGHT: u64 = 1_200_000;

/// How often the dead-letter queue is emptied, in milliseconds.
const EMPTIED_MS: i64 = 15 * MINUTE_MS;

/// One minute, in counts.
#[derive(Debug, Clone)]
pub(super) struct Minute {
    number: i64,
    kind: Kind,
    /// What happened in it.
    pub(super) tally: Tally,
}

/// What a minute shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// All that happened in it.
    Whole,
    /// What happened in it before a millisecond.
    Until(i64),
    /// What its own clients did.
    Sample,
}

impl Minute {
    /// Its number since the epoch.
    pub(super) const fn number(&self) -> i64 {
        self.number
    }
}

impl Core {
    /// What became of the clients of a base minute, in counts.
    pub(super) fn part(&self, base: i64) -> Arc<Part> {
        let find = || self.cache.parts.find(base);
        find().unwrap_or_else(|| {
            let _seat = self.cache.seat(base);
            find().unwrap_or_else(|| self.draw(base).0)
        })
    }

    /// How long the attempts of the clients of a base minute took.
    fn times(&self, base: i64) -> Arc<Times> {
        let find = || self.cache.times.find(base);
        find().unwrap_or_else(|| {
            let _seat = self.cache.seat(base);
            find().unwrap_or_else(|| self.draw(base).1)
        })
    }

    fn draw(&self, base: i64) -> (Arc<Part>, Arc<Times>) {
        let border = (base + 1) * MINUTE_MS;
        let (mut part, mut times, mut dead_letters) = (Part::default(), Times::default(), Vec::new());
        self.each(base, |request| {
            let started = if request.start < border { &mut part.own } else { &mut part.next };
            started.start(request);
            let (ended, took) =
                if request.end < border { (&mut part.own, &mut times.own) } else { (&mut part.next, &mut times.next) };
            ended.end(request);
            took.push(request.cell.combo(), request.outcome != Outcome::Success, request.took());
            dead_letters.extend(Payment::of(request).and_then(|payment| payment.died()));
        });
        times.own.seal();
        times.next.seal();
        part.dead_letters = dead_letters.into();
        let (cost_of_part, cost_of_times) = (part.cost(), times.cost());
        (self.cache.parts.put(base, part, cost_of_part), self.cache.times.put(base, times, cost_of_times))
    }

    /// A minute, with what had happened in it before the millisecond `until`.
    pub(super) fn minute(&self, drawn: Drawn, until: i64) -> Minute {
        let number = drawn.minute;
        let (mut tally, mut kind) = (Tally::default(), Kind::Whole);
        if drawn.is_sample {
            let part = self.part(number);
            kind = Kind::Sample;
            tally.add(&part.own);
            tally.add(&part.next);
        } else if until >= (number + 1) * MINUTE_MS {
            tally.add(&self.part(number).own);
            tally.add(&self.part(number - 1).next);
        } else {
            kind = Kind::Until(until);
            self.each_until(number, until, |request, span| {
                if span.contains(&request.start) {
                    tally.start(request);
                }
                if span.contains(&request.end) {
                    tally.end(request);
                }
            });
        }
        Minute { number, kind, tally }
    }

    /// Adds the latencies of a minute, of attempts that had ended before the millisecond `until`.
    pub(super) fn add_latencies(&self, drawn: Drawn, until: i64, of: Of, histogram: &mut Histogram) {
        let number = drawn.minute;
        if drawn.is_sample {
            let times = self.times(number);
            histogram.add(&times.own, of, drawn.weight);
            histogram.add(&times.next, of, drawn.weight);
        } else if until >= (number + 1) * MINUTE_MS {
            histogram.add(&self.times(number).own, of, 1);
            histogram.add(&self.times(number - 1).next, of, 1);
        } else {
            let mut by_base = [Latencies::default(), Latencies::default()];
            self.each_until(number, until, |request, span| {
                if span.contains(&request.end) {
                    let failed = request.outcome != Outcome::Success;
                    by_base[usize::from(request.base == number)].push(request.cell.combo(), failed, request.took());
                }
            });
            for mut latencies in by_base {
                latencies.seal();
                histogram.add(&latencies, of, 1);
            }
        }
    }

    /// Draws what may have happened in a minute before a millisecond; with each attempt the span in question.
    fn each_until<'w>(&'w self, number: i64, until: i64, mut visit: impl FnMut(&Request<'w>, &Range<i64>)) {
        let span = number * MINUTE_MS..until;
        for base in [number - 1, number] {
            self.each(base, |request| visit(request, &span));
        }
    }

    /// Attempts in flight at a minute's end (or at the instant up to which it is known).
    pub(super) fn pending(&self, minute: &Minute, combo: Option<usize>) -> u64 {
        match minute.kind {
            Kind::Whole | Kind::Sample => self.in_flight_after(minute.number, combo),
            Kind::Until(_) => {
                let starts = minute.tally.count(combo, |t, c| t.starts[c]);
                let ends = minute.tally.count(combo, Tally::ends);
                (starts + self.in_flight_after(minute.number - 1, combo)).saturating_sub(ends)
            }
        }
    }

    /// Attempts in flight at the end of a minute: all of them are of its own clients.
    fn in_flight_after(&self, number: i64, combo: Option<usize>) -> u64 {
        let own = &self.part(number).own;
        own.count(combo, |t, c| t.starts[c]) - own.count(combo, Tally::ends)
    }

    /// Tokens active at a minute's end (or at the instant up to which it is known).
    pub(super) fn active_tokens(&self, minute: &Minute, combo: Option<usize>) -> u64 {
        let (day, of_day) = (minute.number.div_euclid(DAY_MINUTES), minute.number.rem_euclid(DAY_MINUTES));
        let midnight = self.part(day * DAY_MINUTES - 1);
        let planned = self.day(day);
        // What was planned for the clients of the minutes before this one has come true but for what ends in it.
        let before = |c: usize| {
            tokens_at_midnight(c) + u64::from(planned[of_day as usize][c]) + u64::from(midnight.next.successes[c])
        };
        let known: u64 = combos(combo).map(before).sum();
        match minute.kind {
            Kind::Whole | Kind::Sample => known + self.part(minute.number).own.count(combo, |t, c| t.successes[c]),
            Kind::Until(_) => {
                let open = self.part(minute.number - 1).next.count(combo, |t, c| t.successes[c]);
                known + minute.tally.count(combo, |t, c| t.successes[c]) - open
            }
        }
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

    /// Payments in the dead-letter queue at a minute's end (or at the instant up to which it is known).
    pub(super) fn dead_letters(&self, minute: &Minute) -> u64 {
        let until = match minute.kind {
            Kind::Whole | Kind::Sample => (minute.number + 1) * MINUTE_MS,
            Kind::Until(until) => until,
        };
        let since = (until - 1).div_euclid(EMPTIED_MS) * EMPTIED_MS;
        let first = since.div_euclid(MINUTE_MS);
        if minute.kind == Kind::Sample {
            return (first..=minute.number).map(|base| self.likely_deaths(base)).sum();
        }
        let died = |base| self.part(base).dead_letters.iter().filter(|ms| (since..until).contains(*ms)).count();
        (first - 2..=minute.number).map(|base| died(base) as u64).sum()
    }

    /// As many payments as are likely to die of the clients of a base minute, without a look at any of them.
    fn likely_deaths(&self, base: i64) -> u64 {
        let successes: u64 = self.successes_of(base).into_iter().map(u64::from).sum();
        let chance = self.key.of(About::Payment).with(base as u64);
        (successes + chance.below(payments::DEATH_ONE_IN)) / payments::DEATH_ONE_IN
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
