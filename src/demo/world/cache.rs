//! Minutes worked out before: nothing here changes an answer, only how soon it comes.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use super::calls::Calls;
use super::tally::Tally;
use super::vocabulary::COMBOS;

/// What became of the clients of one base minute.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// What happened within the minute.
    pub(super) own: Tally,
    /// What happened in the next.
    pub(super) next: Tally,
    /// When payments that came of it died, in milliseconds since the epoch.
    pub(super) dead_letters: Vec<i64>,
}

/// Successes planned since midnight, by combination, before each base minute of a day and after the last.
pub(super) type Day = Vec<[u32; COMBOS]>;

/// A bounded memory for each kind of thing.
#[derive(Debug)]
pub(super) struct Cache {
    /// By base minute; six hours of the documented load take about 4 MB.
    pub(super) parts: Ring<Part>,
    /// By the minute in which attempts ended; six hours of the documented load take about 3 MB.
    pub(super) calls: Ring<Calls>,
    /// By day.
    pub(super) days: Ring<Day>,
}

impl Default for Cache {
    fn default() -> Self {
        Self { parts: Ring::new(5 << 20), calls: Ring::new(4 << 20), days: Ring::new(1 << 19) }
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
        let lock = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((value, _)) = lock().values.get(&number) {
            return Arc::clone(value);
        }
        let value = Arc::new(make());
        let cost = cost(&value);
        let mut kept = lock();
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
