//! Lets each feed event through once, whichever way and however often it comes.
//!
//! FilterLogEvents gives every event an id, Live Tail gives none. So an event is known by its group, time, stream and
//! text; of equal ones as many pass as the better informed way has brought.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use crate::clock::Time;

/// How often one event's likeness has come each way.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    live: u32,
    read: u32,
}

/// What has passed within the stretch of time that may be read again.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    hasher: RandomState,
    /// By event time in whole seconds, so that the past is forgotten cheaply.
    seconds: BTreeMap<i64, Second>,
    forgotten_before: i64,
}

#[derive(Debug, Default)]
struct Second {
    seen: HashMap<u64, Seen>,
    ids: HashSet<u64>,
}

/// An event as the ledger looks at it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Likeness<'a> {
    pub(super) group: u16,
    pub(super) time: Time,
    pub(super) stream: &'a str,
    pub(super) message: &'a str,
}

impl Ledger {
    /// Whether an event that Live Tail brought is new.
    pub(super) fn pass_live(&mut self, event: Likeness<'_>) -> bool {
        let hash = self.hash(event);
        let Some(second) = self.second(event.time) else { return true };
        let seen = second.seen.entry(hash).or_default();
        seen.live += 1;
        seen.live > seen.read
    }

    /// Whether an event that FilterLogEvents brought is new.
    pub(super) fn pass_read(&mut self, event: Likeness<'_>, id: Option<&str>) -> bool {
        let hash = self.hash(event);
        let id = id.map(|id| self.hasher.hash_one((event.group, id)));
        let Some(second) = self.second(event.time) else { return false };
        if let Some(id) = id
            && !second.ids.insert(id)
        {
            return false;
        }
        let seen = second.seen.entry(hash).or_default();
        seen.read += 1;
        seen.read > seen.live
    }

    /// Forgets events older than `time`: no read will reach back so far.
    pub(super) fn forget_before(&mut self, time: Time) {
        let second = time.timestamp();
        if second > self.forgotten_before {
            self.forgotten_before = second;
            self.seconds = self.seconds.split_off(&second);
        }
    }

    /// How many likenesses are known.
    pub(super) fn len(&self) -> usize {
        self.seconds.values().map(|second| second.seen.len()).sum()
    }

    fn hash(&self, event: Likeness<'_>) -> u64 {
        self.hasher.hash_one((event.group, event.time, event.stream, event.message))
    }

    /// The page of an event's second, `None` when it has been forgotten.
    fn second(&mut self, time: Time) -> Option<&mut Second> {
        let second = time.timestamp();
        (second >= self.forgotten_before).then(|| self.seconds.entry(second).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(millis: i64, message: &str) -> Likeness<'_> {
        let time = chrono::DateTime::from_timestamp_millis(millis).expect("in range");
        Likeness { group: 0, time, stream: "s", message }
    }

    #[test]
    fn the_same_event_passes_once_whichever_way_it_comes_first() {
        let mut ledger = Ledger::default();
        assert!(ledger.pass_live(event(1_000, "a")));
        assert!(!ledger.pass_read(event(1_000, "a"), Some("1")));
        assert!(ledger.pass_read(event(1_001, "b"), Some("2")));
        assert!(!ledger.pass_live(event(1_001, "b")));
        assert!(!ledger.pass_read(event(1_001, "b"), Some("2")), "read again in the overlap");
    }

    #[test]
    fn equal_lines_are_two_events() {
        let mut ledger = Ledger::default();
        assert!(ledger.pass_live(event(1_000, "a")));
        assert!(ledger.pass_live(event(1_000, "a")));
        assert!(!ledger.pass_read(event(1_000, "a"), Some("1")));
        assert!(!ledger.pass_read(event(1_000, "a"), Some("2")));
        assert!(ledger.pass_read(event(1_000, "a"), Some("3")), "a third one that Live Tail left out");
        assert!(!ledger.pass_live(event(1_000, "a")), "and brings after all");
    }

    #[test]
    fn groups_streams_and_times_tell_events_apart() {
        let mut ledger = Ledger::default();
        let one = event(1_000, "a");
        let others =
            [Likeness { group: 1, ..one }, Likeness { stream: "t", ..one }, event(1_001, "a"), event(1_000, "b")];
        assert!(ledger.pass_read(one, Some("1")));
        for (n, other) in others.into_iter().enumerate() {
            assert!(ledger.pass_read(other, Some(&format!("x{n}"))), "{other:?}");
        }
    }

    #[test]
    fn what_is_forgotten_is_not_read_twice_but_a_late_live_event_passes() {
        let mut ledger = Ledger::default();
        assert!(ledger.pass_read(event(5_000, "a"), Some("1")));
        ledger.forget_before(event(10_500, "").time);
        assert!(!ledger.pass_read(event(5_000, "a"), Some("1")));
        assert!(ledger.pass_live(event(5_000, "late")));
        assert!(ledger.pass_read(event(10_000, "b"), Some("2")));
    }
}
