//! Which stretches of time have been asked for already.

use crate::clock::Time;

/// Disjoint stretches `[from, to)`, ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage(Vec<(Time, Time)>);

impl Coverage {
    /// Adds a stretch, joining what touches.
    pub fn add(&mut self, from: Time, to: Time) {
        if from >= to {
            return;
        }
        let (mut start, mut end) = (from, to);
        self.0.retain(|&(a, b)| {
            let apart = b < start || a > end;
            if !apart {
                start = start.min(a);
                end = end.max(b);
            }
            apart
        });
        let slot = self.0.partition_point(|(a, _)| *a < start);
        self.0.insert(slot, (start, end));
    }

    /// What of `[from, to)` is not covered, ascending.
    pub fn missing(&self, from: Time, to: Time) -> Vec<(Time, Time)> {
        let mut gaps = Vec::new();
        let mut start = from;
        for &(a, b) in &self.0 {
            if a >= to {
                break;
            }
            if a > start {
                gaps.push((start, a));
            }
            start = start.max(b);
        }
        if start < to {
            gaps.push((start, to));
        }
        gaps
    }

    /// The start of the first stretch.
    pub fn start(&self) -> Option<Time> {
        self.0.first().map(|(start, _)| *start)
    }

    /// The last stretch.
    pub fn newest(&self) -> Option<(Time, Time)> {
        self.0.last().copied()
    }

    /// The end of the last stretch.
    pub fn end(&self) -> Option<Time> {
        self.0.last().map(|(_, end)| *end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(s: i64) -> Time {
        chrono::DateTime::from_timestamp(s, 0).expect("in range")
    }

    #[test]
    fn stretches_join_and_gaps_are_found() {
        type Case<'a> = (i64, i64, &'a [(i64, i64)]);
        let mut covered = Coverage::default();
        for (a, b) in [(10, 20), (40, 50), (20, 25), (60, 60)] {
            covered.add(t(a), t(b));
        }
        let cases: [Case<'_>; 5] = [
            (10, 25, &[]),
            (0, 60, &[(0, 10), (25, 40), (50, 60)]),
            (26, 30, &[(26, 30)]),
            (45, 70, &[(50, 70)]),
            (0, 5, &[(0, 5)]),
        ];
        for (from, to, gaps) in cases {
            let expected: Vec<_> = gaps.iter().map(|&(a, b)| (t(a), t(b))).collect();
            assert_eq!(covered.missing(t(from), t(to)), expected, "{from}..{to}");
        }
        assert_eq!(covered.end(), Some(t(50)));
        covered.add(t(24), t(41));
        assert_eq!(covered, Coverage(vec![(t(10), t(50))]));
    }
}
