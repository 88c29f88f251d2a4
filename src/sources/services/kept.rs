//! Slices of the service graph that are over: what they say no longer changes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;

use super::merged::Merged;
use crate::clock::Time;
use crate::store::graph::slack;

/// How long after its end a slice may still change: traces come late.
const SETTLES: TimeDelta = TimeDelta::minutes(10);

/// Slices that are kept: 30 days of six hours each, and as much again of another group.
const MOST: usize = 256;

/// Group, start and end of a slice.
type Name = (Option<String>, Time, Time);

/// The slices that are over, for all who ask; cheap to clone.
#[derive(Debug, Clone, Default)]
pub(in crate::sources) struct KeptSlices(Arc<Mutex<BTreeMap<Name, Arc<Merged>>>>);

impl KeptSlices {
    /// A slice that stands for the one at `start` to `end` of the window, and when it really starts and ends.
    ///
    /// The ends of a window move on with the clock. A slice that begins with the window may have begun a little earlier,
    /// one that ends with it may have ended a little earlier, by less than a 72nd of the window.
    pub(super) fn find(
        &self,
        group: Option<&str>,
        (start, end): (Time, Time),
        (from, to): (Time, Time),
    ) -> Option<(Time, Time, Arc<Merged>)> {
        let loose = slack((from, to));
        let (is_first, is_last) = (start == from, end == to);
        let near =
            |was: Time, wanted: Time, moves: bool| was == wanted || moves && was <= wanted && wanted - was < loose;
        let kept = self.lock();
        let fits = kept.iter().filter(|((of, a, b), _)| {
            let same_length = !(is_first && is_last) || *b - *a == end - start;
            of.as_deref() == group && near(*a, start, is_first) && near(*b, end, is_last) && same_length
        });
        let newest = fits.max_by_key(|((_, a, b), _)| (*a, *b))?;
        Some((newest.0.1, newest.0.2, Arc::clone(newest.1)))
    }

    /// Keeps a slice that was asked for at `asked`, if it was over by then.
    pub(super) fn keep(&self, group: Option<&str>, (start, end): (Time, Time), asked: Time, slice: &Arc<Merged>) {
        if end > asked - SETTLES {
            return;
        }
        let mut kept = self.lock();
        if kept.len() >= MOST
            && let Some(oldest) = kept.keys().min_by_key(|(_, start, _)| *start).cloned()
        {
            kept.remove(&oldest);
        }
        kept.insert((group.map(str::to_owned), start, end), Arc::clone(slice));
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Name, Arc<Merged>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::slices::slices;
    use super::*;

    fn t(text: &str) -> Time {
        text.parse().expect("a time")
    }

    /// Asks for a window as the source does; how many slices had to be asked for.
    fn ask(kept: &KeptSlices, window: (Time, Time), now: Time) -> (usize, (Time, Time)) {
        let mut asked = 0;
        let mut covered: Option<(Time, Time)> = None;
        for slice in slices(window.0, window.1) {
            let (start, end) = if let Some((start, end, _)) = kept.find(None, slice, window) {
                (start, end)
            } else {
                asked += 1;
                kept.keep(None, slice, now, &Arc::default());
                slice
            };
            assert!(covered.is_none_or(|(_, last)| last == start), "the slices touch");
            covered = Some((covered.map_or(start, |(first, _)| first), end));
        }
        (asked, covered.expect("a window"))
    }

    #[test]
    fn a_long_window_asks_for_its_last_slice_alone_each_minute() {
        let kept = KeptSlices::default();
        let start = t("2026-01-15T10:28:00Z");
        let day = TimeDelta::hours(24);
        let mut asked = Vec::new();
        for minute in 0..30 {
            let now = start + TimeDelta::minutes(minute);
            let (n, covered) = ask(&kept, (now - day, now), now);
            assert_eq!(covered.1, now, "the newest is always there");
            assert!(now - day - covered.0 < TimeDelta::minutes(20));
            asked.push(n);
        }
        assert_eq!(asked[0], 5);
        assert_eq!(asked[1..].iter().sum::<usize>(), 29 + 1, "and once the first, when it has moved on");
    }

    #[test]
    fn the_window_before_is_asked_for_now_and_then() {
        let kept = KeptSlices::default();
        let start = t("2026-01-15T10:28:00Z");
        let span = TimeDelta::hours(3);
        let asked = (0..30).map(|minute| {
            let now = start + TimeDelta::minutes(minute);
            ask(&kept, (now - span * 2, now - span), now).0
        });
        assert_eq!(asked.sum::<usize>(), 10, "every 2.5 minutes of three hours");
    }

    #[test]
    fn what_may_still_change_is_not_kept() {
        let kept = KeptSlices::default();
        let now = t("2026-01-15T10:28:00Z");
        let window = (now - TimeDelta::hours(3), now);
        assert_eq!((ask(&kept, window, now).0, ask(&kept, window, now).0), (1, 1));
        let (group, past) = (Some("pay"), (now - TimeDelta::hours(6), now - TimeDelta::hours(3)));
        kept.keep(group, past, now, &Arc::default());
        assert!(kept.find(None, past, past).is_none(), "of another group");
        assert!(kept.find(group, past, past).is_some());
    }
}
