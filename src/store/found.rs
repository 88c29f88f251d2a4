//! The lines that pass the filter of the screen in front: found block by block, newest first, and kept up with what comes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::analysis::scan::{Hit, Scope};
use crate::store::lines::{Kind, Place};
use crate::store::request::{Requests, Second};

/// How many of the lines that pass are kept; further ones are counted.
pub const KEPT_HITS: usize = 1_000_000;

/// Starts that wait for their ends; when there are more, those that have ended are looked for.
const STARTS: usize = 4_096;

/// What is looked for; its equality decides whether an answer is still wanted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FindKey {
    /// The filter as it was typed.
    pub text: String,
    /// Which lines are looked at.
    pub scope: Scope,
    /// Seconds east of UTC in which times are written.
    pub offset_s: i32,
}

/// A part of what a scan has found.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundBatch {
    /// Grows from scan to scan.
    pub id: u64,
    /// What is looked for.
    pub key: Arc<FindKey>,
    /// Whether this scan looks at all lines, and not only at those that came since the last.
    pub anew: bool,
    /// Lines that pass.
    pub hits: Vec<Hit>,
    /// Lines that were looked at for this part.
    pub seen: u64,
    /// In milliseconds, the time after which every line has been looked at; `None` where all have.
    pub back_to: Option<i64>,
    /// Lines that the scan looks at in all.
    pub of: u64,
    /// How many lines had come when it began.
    pub upto: u64,
    /// Whether the scan has come to its end.
    pub done: bool,
}

/// What has been found so far.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The scan that was heard of last.
    pub id: u64,
    /// What is looked for; `None` before the first answer.
    pub key: Option<Arc<FindKey>>,
    /// Lines that were looked at.
    pub seen: u64,
    /// In milliseconds, the time after which every line has been looked at; `None` where all have.
    pub back_to: Option<i64>,
    /// Lines there were to look at.
    pub of: u64,
    /// How many lines that have come are covered, once the scan is done.
    pub upto: u64,
    /// Whether the newest scan has come to its end.
    pub done: bool,
    /// How many lines pass, kept or not.
    pub count: u64,
    /// Ascending by place; starts of requests are apart.
    hits: VecDeque<Hit>,
    starts: BTreeSet<Place>,
    seconds: BTreeMap<i64, Second>,
}

impl Found {
    /// Takes in a part; one of an earlier scan is too late.
    pub fn take(&mut self, batch: FoundBatch, requests: &Requests) {
        if batch.id < self.id {
            return;
        }
        if batch.id > self.id {
            if batch.anew || self.key.as_ref() != Some(&batch.key) {
                *self = Self { key: Some(batch.key), ..Self::default() };
            }
            self.id = batch.id;
            (self.seen, self.of) = (0, batch.of);
        }
        self.seen += batch.seen;
        self.back_to = batch.back_to;
        self.done = batch.done;
        if batch.done {
            self.upto = batch.upto;
        }
        let mut hits = batch.hits;
        let scope = self.key.as_ref().map_or(Scope::Lines, |key| key.scope);
        if scope == Scope::Requests {
            let starts = hits.extract_if(.., |hit| hit.kind == Kind::Start).map(|hit| hit.place);
            // A start whose request has ended never stands in a row again.
            self.starts.extend(starts.filter(|place| requests.order().contains_key(place)));
            if self.starts.len() > STARTS {
                self.starts.retain(|place| requests.order().contains_key(place));
            }
        }
        self.count += hits.len() as u64;
        for hit in &hits {
            self.tally(hit);
        }
        hits.sort_unstable_by_key(|hit| hit.place);
        self.merge(hits);
        while self.hits.len() > KEPT_HITS {
            self.hits.pop_front();
        }
    }

    fn tally(&mut self, hit: &Hit) {
        let at = hit.place.ms.div_euclid(1000);
        let second = self.seconds.entry(at).or_insert(Second { at, ..Second::default() });
        match hit.kind {
            Kind::Failed | Kind::Trouble => second.failed += 1,
            Kind::Success | Kind::Other | Kind::Start => second.ok += 1,
        }
    }

    /// Puts ascending hits in: nearly always they are all older or all newer than what is there.
    fn merge(&mut self, hits: Vec<Hit>) {
        let (front, back) = (self.hits.front().copied(), self.hits.back().copied());
        let (Some(front), Some(back)) = (front, back) else {
            self.hits = hits.into();
            return;
        };
        let older = hits.partition_point(|hit| hit.place < front.place);
        let within = hits.partition_point(|hit| hit.place <= back.place);
        for hit in hits[..older].iter().rev() {
            self.hits.push_front(*hit);
        }
        let between = &hits[older..within.max(older)];
        if !between.is_empty() {
            self.hits.extend(between);
            let all = self.hits.make_contiguous();
            // Two sorted runs: a stable sort merges them.
            all.sort_by_key(|hit| hit.place);
            let mut last = None;
            self.hits.retain(|hit| last.replace(hit.place) != Some(hit.place));
        }
        self.hits.extend(&hits[within.max(older)..]);
    }

    /// Forgets lines that are not kept any more.
    pub fn forget_before(&mut self, oldest: Place) {
        while self.hits.front().is_some_and(|hit| hit.place < oldest) {
            self.hits.pop_front();
        }
        self.seconds = self.seconds.split_off(&oldest.ms.div_euclid(1000));
    }

    /// The nearest line that passes before a place, or after it; of errors alone where those are wanted.
    pub fn near(&self, place: Place, later: bool, errors: bool, requests: &Requests) -> Option<Place> {
        let wanted = |hit: &&Hit| !errors || hit.kind.is_error();
        let pending = |place: &&Place| !errors && requests.order().contains_key(place);
        if later {
            let from = self.hits.partition_point(|hit| hit.place <= place);
            let hit = self.hits.range(from..).find(wanted).map(|hit| hit.place);
            let above = (std::ops::Bound::Excluded(place), std::ops::Bound::Unbounded);
            let start = self.starts.range(above).find(pending).copied();
            hit.into_iter().chain(start).min()
        } else {
            let to = self.hits.partition_point(|hit| hit.place < place);
            let hit = self.hits.range(..to).rev().find(wanted).map(|hit| hit.place);
            hit.into_iter().chain(self.starts.range(..place).rev().find(pending).copied()).max()
        }
    }

    /// Whether the line of a place passes.
    pub fn contains(&self, place: Place, requests: &Requests) -> bool {
        self.hits.binary_search_by_key(&place, |hit| hit.place).is_ok()
            || (self.starts.contains(&place) && requests.order().contains_key(&place))
    }

    /// How many pass by the second, ascending, in `[from, to)` of epoch seconds.
    pub fn seconds(&self, from: i64, to: i64) -> impl Iterator<Item = &Second> {
        self.seconds.range(from..to.max(from)).map(|(_, second)| second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::lines::Lines;
    use crate::store::log::LogEvent;

    fn key() -> Arc<FindKey> {
        Arc::new(FindKey { text: "x".into(), scope: Scope::Lines, offset_s: 0 })
    }

    fn hits(from: i64, to: i64) -> Vec<Hit> {
        let mut lines = Lines::default();
        let mut hit = |ms| {
            let time = chrono::DateTime::from_timestamp_millis(ms).expect("in range");
            let place = lines.push(&LogEvent { time, group: 0, message: "x".into() }, Kind::Other);
            Hit { place, kind: if ms % 4 == 0 { Kind::Failed } else { Kind::Success } }
        };
        (from..to).map(&mut hit).collect()
    }

    fn batch(id: u64, anew: bool, hits: Vec<Hit>, done: bool) -> FoundBatch {
        FoundBatch { id, key: key(), anew, seen: hits.len() as u64, hits, back_to: None, of: 100, upto: id * 10, done }
    }

    fn all(found: &Found) -> Vec<i64> {
        found.hits.iter().map(|hit| hit.place.ms).collect()
    }

    #[test]
    fn parts_come_newest_first_and_new_lines_behind() {
        let (mut found, requests) = (Found::default(), Requests::default());
        found.take(batch(1, true, hits(20, 30), false), &requests);
        found.take(batch(1, true, hits(10, 20), false), &requests);
        assert!(!found.done);
        found.take(batch(1, true, hits(0, 10), true), &requests);
        assert!(found.done && found.upto == 10 && found.seen == 30);
        found.take(batch(2, false, hits(30, 34), true), &requests);
        assert_eq!(all(&found), (0..34).collect::<Vec<_>>());
        assert_eq!((found.count, found.upto), (34, 20));
        let newest = Place::before(i64::MAX);
        assert_eq!(found.near(newest, false, true, &requests).map(|place| place.ms), Some(32));
        assert_eq!(found.near(newest, false, false, &requests).map(|place| place.ms), Some(33));
        assert_eq!(found.seconds(0, 1).map(|second| (second.ok, second.failed)).collect::<Vec<_>>(), [(25, 9)]);
    }

    #[test]
    fn late_lines_are_put_in_place_and_late_answers_are_left_out() {
        let (mut found, requests) = (Found::default(), Requests::default());
        found.take(batch(2, true, hits(0, 5).into_iter().chain(hits(10, 20)).collect(), true), &requests);
        found.take(batch(3, false, hits(5, 10), true), &requests);
        found.take(batch(1, true, hits(100, 110), true), &requests);
        assert_eq!(all(&found), (0..20).collect::<Vec<_>>());
        found.forget_before(Place::before(12));
        assert_eq!(all(&found).first(), Some(&12));
        found.take(batch(4, true, hits(50, 51), false), &requests);
        assert_eq!(all(&found), [50]);
    }
}
