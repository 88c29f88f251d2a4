//! When matching log events happened: what rules over log groups count.

use std::collections::VecDeque;

use crate::clock::Time;

/// How many times of one query are kept; the oldest go first.
const KEPT: usize = 200_000;

/// Which log events are counted; its equality decides whether two rules share one answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CountQuery {
    /// Log groups by name or ARN.
    pub groups: Vec<String>,
    /// CloudWatch Logs filter pattern; `None` for every event.
    pub pattern: Option<String>,
}

/// Matching events of one read.
#[derive(Debug, Clone, PartialEq)]
pub struct CountBatch {
    /// When it came.
    pub at: Time,
    /// What was counted.
    pub query: CountQuery,
    /// Times of events that had not been told before, in any order.
    pub times: Vec<Time>,
    /// From here on everything has been read, without a gap.
    pub from: Time,
    /// Up to here.
    pub to: Time,
}

/// The times of matching events, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counts {
    /// Times of events, ascending; equal times are several events.
    pub times: VecDeque<Time>,
    /// `[from, to]` within which every event is known; `None` before the first answer.
    pub known: Option<(Time, Time)>,
}

impl Counts {
    /// Takes in a batch. A batch that does not join what is known begins anew.
    pub fn take(&mut self, batch: &CountBatch) {
        match &mut self.known {
            Some((from, to)) if batch.from <= *to => {
                *from = (*from).min(batch.from);
                *to = (*to).max(batch.to);
            }
            Some(_) | None => {
                self.times.clear();
                self.known = Some((batch.from, batch.to));
            }
        }
        let in_order =
            batch.times.is_sorted() && self.times.back().zip(batch.times.first()).is_none_or(|(a, b)| a <= b);
        self.times.extend(&batch.times);
        if !in_order {
            self.times.make_contiguous().sort_unstable();
        }
        let spare = self.times.len().saturating_sub(KEPT);
        if spare > 0 {
            self.times.drain(..spare);
            if let (Some((from, _)), Some(oldest)) = (&mut self.known, self.times.front()) {
                *from = (*from).max(*oldest);
            }
        }
    }

    /// Drops what happened before `from`.
    pub fn forget_before(&mut self, from: Time) {
        let old = self.times.partition_point(|time| *time < from);
        self.times.drain(..old);
        if let Some((known, to)) = &mut self.known {
            *known = (*known).max(from).min(*to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(s: i64) -> Time {
        chrono::DateTime::from_timestamp(s, 0).expect("in range")
    }

    fn batch(from: i64, to: i64, times: &[i64]) -> CountBatch {
        let query = CountQuery { groups: vec!["g".into()], pattern: None };
        CountBatch { at: t(to), query, times: times.iter().map(|s| t(*s)).collect(), from: t(from), to: t(to) }
    }

    fn seconds(counts: &Counts) -> Vec<i64> {
        counts.times.iter().map(Time::timestamp).collect()
    }

    #[test]
    fn late_events_find_their_place() {
        let mut counts = Counts::default();
        counts.take(&batch(0, 10, &[1, 9, 4]));
        counts.take(&batch(5, 20, &[15, 8]));
        assert_eq!(seconds(&counts), [1, 4, 8, 9, 15]);
        assert_eq!(counts.known, Some((t(0), t(20))));
    }

    #[test]
    fn a_gap_begins_anew() {
        let mut counts = Counts::default();
        counts.take(&batch(0, 10, &[1]));
        counts.take(&batch(11, 20, &[12]));
        assert_eq!((seconds(&counts), counts.known), (vec![12], Some((t(11), t(20)))));
    }

    #[test]
    fn it_stays_bounded_and_says_from_when_it_knows() {
        let mut counts = Counts::default();
        let many: Vec<i64> = (0..KEPT as i64 + 5).collect();
        counts.take(&batch(0, KEPT as i64 + 5, &many));
        assert_eq!(counts.times.len(), KEPT);
        assert_eq!(counts.known, Some((t(5), t(KEPT as i64 + 5))));
        counts.forget_before(t(KEPT as i64));
        assert_eq!((seconds(&counts).len(), counts.known.map(|(from, _)| from)), (5, Some(t(KEPT as i64))));
    }
}
