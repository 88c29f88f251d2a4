//! What waits to be written down: coalesced, bounded, never in the way.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indexmap::IndexMap;

use crate::store::episode::{Acknowledgement, Entry, Episode, Signal};

/// Entries that may wait. More come only from a disk that has long refused to take any.
const MOST: usize = 10_000;

/// What tells episodes of one account and region apart.
type Key = (Signal, String, i64);

/// The entries on their way from the loop to the thread that writes.
///
/// Tellings of one episode become one entry, so it holds as many as there are episodes that are not written yet. Where
/// even that is too much, an episode under way makes room, since its end will be told; what has ended goes last.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Debug, Default)]
struct State {
    episodes: IndexMap<Key, Episode>,
    said: Vec<Acknowledgement>,
    lost: u64,
    closed: bool,
    /// Nobody will ever take anything.
    abandoned: bool,
}

/// What was in the mailbox.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// The entries.
    pub(super) entries: Vec<Entry>,
    /// Finished episodes and acknowledgements that there was no room for since the last time.
    pub(super) lost: u64,
    /// Whether no more will come.
    pub(super) closed: bool,
}

impl Mailbox {
    /// Puts an entry in, at once: the lock is held only to move entries in and out.
    pub(super) fn put(&self, entry: Entry) {
        let mut state = self.lock();
        state.put(entry);
        drop(state);
        self.bell.notify_one();
    }

    /// Puts back what could not be written.
    pub(super) fn put_back(&self, entries: Vec<Entry>) {
        let mut state = self.lock();
        for entry in entries {
            state.put(entry);
        }
    }

    /// Says that no more will come.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.bell.notify_one();
    }

    /// Says that nothing will be taken any more, so that nothing piles up.
    pub(super) fn abandon(&self) {
        *self.lock() = State { abandoned: true, ..State::default() };
    }

    /// Takes all that is there; waits up to `wait` for something to be there, or for the end.
    pub(super) fn take(&self, wait: Duration) -> Taken {
        let nothing = |state: &mut State| state.episodes.is_empty() && state.said.is_empty() && !state.closed;
        let waited = self.bell.wait_timeout_while(self.lock(), wait, nothing);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let episodes = std::mem::take(&mut state.episodes).into_values().map(Entry::Episode);
        let said = std::mem::take(&mut state.said).into_iter().map(Entry::Acknowledgement);
        Taken { entries: episodes.chain(said).collect(), lost: std::mem::take(&mut state.lost), closed: state.closed }
    }

    /// Waits up to `wait`, or until no more will come; returns whether that is so.
    pub(super) fn rest(&self, wait: Duration) -> bool {
        let waited = self.bell.wait_timeout_while(self.lock(), wait, |state| !state.closed);
        waited.unwrap_or_else(PoisonError::into_inner).0.closed
    }

    /// The state. Nobody panics while holding it; if somebody did, what is in it is still good.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn put(&mut self, entry: Entry) {
        match entry {
            _ if self.abandoned => {}
            Entry::Episode(told) => {
                let key = (told.signal, told.name.clone(), told.began.timestamp_millis());
                if let Some(known) = self.episodes.get_mut(&key) {
                    known.merge(&told);
                } else {
                    self.make_room();
                    self.episodes.insert(key, told);
                }
            }
            Entry::Acknowledgement(said) => {
                if self.said.len() >= MOST {
                    self.said.remove(0);
                    self.lost += 1;
                }
                self.said.push(said);
            }
        }
    }

    fn make_room(&mut self) {
        if self.episodes.len() < MOST {
            return;
        }
        let under_way = self.episodes.values().position(|episode| episode.ended.is_none());
        self.lost += u64::from(under_way.is_none());
        self.episodes.shift_remove_index(under_way.unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{episode, said};
    use super::*;

    #[test]
    fn tellings_of_one_episode_wait_as_one() {
        let mailbox = Mailbox::default();
        for ended in [None, Some(7), None] {
            mailbox.put(Entry::Episode(episode("a", 5, ended)));
        }
        mailbox.put(Entry::Acknowledgement(said("a", 6)));
        let taken = mailbox.take(Duration::ZERO);
        assert_eq!(taken.entries, [Entry::Episode(episode("a", 5, Some(7))), Entry::Acknowledgement(said("a", 6))]);
        assert!(!taken.closed && mailbox.take(Duration::ZERO).entries.is_empty());
    }

    #[test]
    fn what_is_put_back_does_not_undo_what_was_told_since() {
        let mailbox = Mailbox::default();
        mailbox.put(Entry::Episode(episode("a", 5, None)));
        let taken = mailbox.take(Duration::ZERO);
        mailbox.put(Entry::Episode(episode("a", 5, Some(7))));
        mailbox.put_back(taken.entries);
        assert_eq!(mailbox.take(Duration::ZERO).entries, [Entry::Episode(episode("a", 5, Some(7)))]);
    }

    #[test]
    fn where_there_is_no_room_what_has_ended_stays() {
        let mailbox = Mailbox::default();
        let most = i64::try_from(MOST).expect("it fits");
        for minute in 0..most {
            let ended = (minute != 1).then_some(minute + 1);
            mailbox.put(Entry::Episode(episode("a", minute, ended)));
        }
        mailbox.put(Entry::Episode(episode("a", most, Some(most + 1))));
        let taken = mailbox.take(Duration::ZERO);
        assert_eq!((taken.entries.len(), taken.lost), (MOST, 0), "the one under way made room");
        mailbox.put_back(taken.entries);
        mailbox.put(Entry::Episode(episode("b", 0, Some(1))));
        assert_eq!(mailbox.take(Duration::ZERO).lost, 1, "and what is lost is counted");
    }

    #[test]
    fn where_nothing_will_be_taken_nothing_piles_up() {
        let mailbox = Mailbox::default();
        mailbox.put(Entry::Episode(episode("a", 5, None)));
        mailbox.abandon();
        mailbox.put(Entry::Episode(episode("b", 5, None)));
        assert_eq!(mailbox.take(Duration::ZERO).entries, []);
    }

    #[test]
    fn the_end_is_heard_at_once() {
        let mailbox = Mailbox::default();
        mailbox.close();
        assert!(mailbox.take(Duration::from_mins(5)).closed);
        assert!(mailbox.rest(Duration::from_mins(5)));
    }
}
