//! Minutes worked out before: nothing here changes an answer, only how soon it comes.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::calls::Calls;
use super::latency::Latencies;
use super::tally::Tally;
use super::vocabulary::COMBOS;

/// What became of the clients of one base minute, in counts.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// What happened within the minute.
    pub(super) own: Tally,
    /// What happened in the next.
    pub(super) next: Tally,
    /// When payments that came of it died, in milliseconds since the epoch.
    pub(super) dead_letters: Box<[i64]>,
}

/// How long the attempts of the clients of one base minute took.
#[derive(Debug, Default)]
pub(super) struct Times {
    /// Those that ended within the minute.
    pub(super) own: Latencies,
    /// Those that ended in the next.
    pub(super) next: Latencies,
}

/// Base minutes that may be drawn at once.
const SEATS: usize = 16;

/// Successes planned since midnight, by combination, before each base minute of a day and after the last.
pub(super) type Day = Vec<[u32; COMBOS]>;

/// A bounded memory for each kind of thing.
#[derive(Debug)]
pub(super) struct Cache {
    /// Held while a base minute is drawn, so that calls which read the same window side by side draw it once.
    drawing: [Mutex<()>; SEATS],
    /// By base minute; all that a window of the longest kind draws take about 28 MB, at any load.
    pub(super) parts: Ring<Part>,
    /// By base minute; a day of the documented load takes about 7 MB.
    pub(super) times: Ring<Times>,
    /// By the minute in which attempts ended and by whose they were; six hours of the documented load take about 3 MB for all.
    pub(super) calls: Ring<Calls>,
    /// By day.
    pub(super) days: Ring<Day>,
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            drawing: Default::default(),
            parts: Ring::new(32 << 20),
            times: Ring::new(6 << 20),
            calls: Ring::new(8 << 20),
            days: Ring::new(1 << 19),
        }
    }
}

impl Cache {
    /// Waits until nobody else draws a base minute.
    pub(super) fn seat(&self, base: i64) -> MutexGuard<'_, ()> {
        self.drawing[base.rem_euclid(SEATS as i64) as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Part {
    /// Bytes it holds.
    pub(super) const fn cost(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.dead_letters)
    }
}

impl Times {
    /// Bytes it holds.
    pub(super) const fn cost(&self) -> usize {
        self.own.cost() + self.next.cost()
    }
}

/// Values by number; the ones that came first go first when it is full.
#[derive(Debug)]
pub(super) struct Ring<T> {
    kept: Mutex<Kept<T>>,
    /// How many bytes it may hold, besides the newest value.
    most: usize,
}

#[derive(Debug)]
struct Kept<T> {
    values: BTreeMap<i64, (Arc<T>, usize)>,
    order: VecDeque<i64>,
    cost: usize,
}

impl<T> Ring<T> {
    /// An empty ring for so many bytes.
    const fn new(most: usize) -> Self {
        Self { kept: Mutex::new(Kept { values: BTreeMap::new(), order: VecDeque::new(), cost: 0 }), most }
    }

    /// The value of a number, made if it is not kept. It is made outside the lock: two askers may both make it, alike.
    pub(super) fn get(&self, number: i64, make: impl FnOnce() -> T, cost: impl FnOnce(&T) -> usize) -> Arc<T> {
        self.find(number).unwrap_or_else(|| {
            let value = make();
            let cost = cost(&value);
            self.put(number, value, cost)
        })
    }

    /// The value of a number, if it is kept.
    pub(super) fn find(&self, number: i64) -> Option<Arc<T>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.values.get(&number).map(|(value, _)| Arc::clone(value))
    }

    /// Keeps the value of a number, which holds so many bytes.
    pub(super) fn put(&self, number: i64, value: T, cost: usize) -> Arc<T> {
        let value = Arc::new(value);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.values.insert(number, (Arc::clone(&value), cost)).is_none() {
            kept.order.push_back(number);
            kept.cost += cost;
        }
        while kept.cost > self.most && kept.order.len() > 1 {
            let Some(oldest) = kept.order.pop_front() else { break };
            if let Some((_, cost)) = kept.values.remove(&oldest) {
                kept.cost -= cost;
            }
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_stays_within_its_bytes() {
        let ring = Ring::new(100);
        for number in 0..50 {
            assert_eq!(*ring.get(number, || number * 2, |_| 10), number * 2);
        }
        let kept = ring.kept.lock().expect("a lock");
        assert_eq!((kept.values.len(), kept.order.len(), kept.cost), (10, 10, 100));
        drop(kept);
        assert_eq!(*ring.get(49, || unreachable!(), |_| 10), 98);
    }
}
