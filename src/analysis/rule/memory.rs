//! What a detector has said of a series so far, so that the next look goes on from there.

use chrono::TimeDelta;

use crate::analysis::surge::{Detector, Settings, Verdict};
use crate::clock::Time;

/// How long a datapoint may still change: a detector cannot take back what it has learnt.
const UNSETTLED: TimeDelta = TimeDelta::minutes(15);

/// What a rule remembers between two looks. It decides how long a look takes, not what it says: where the past has
/// changed, everything is worked out anew.
#[derive(Debug, Default)]
pub struct Memory {
    followed: Option<Followed>,
}

#[derive(Debug)]
struct Followed {
    settings: Settings,
    period: TimeDelta,
    detector: Detector,
    /// What the detector was shown, as far back as was asked for last, and what it said.
    points: Vec<(Time, f64)>,
    verdicts: Vec<(Time, Verdict)>,
}

impl Memory {
    /// What a detector says of each of `points`, ascending; at `now`, the newest may still change.
    pub(super) fn follow(
        &mut self,
        settings: &Settings,
        period: TimeDelta,
        points: &[(Time, f64)],
        now: Time,
    ) -> Vec<(Time, Verdict)> {
        let known = self.followed.take().filter(|known| known.settings == *settings && known.period == period);
        let mut followed = known.and_then(|known| known.from(points)).unwrap_or_else(|| Followed {
            settings: settings.clone(),
            period,
            detector: Detector::new(settings.clone(), period),
            points: Vec::new(),
            verdicts: Vec::new(),
        });
        let settled = points.partition_point(|(at, _)| *at < now - UNSETTLED).max(followed.points.len());
        let (old, new) = points.split_at(settled);
        for &(at, value) in &old[followed.points.len()..] {
            followed.verdicts.push((at, followed.detector.push(at, value)));
            followed.points.push((at, value));
        }
        let mut verdicts = followed.verdicts.clone();
        let mut detector = followed.detector.clone();
        verdicts.extend(new.iter().map(|&(at, value)| (at, detector.push(at, value))));
        self.followed = Some(followed);
        verdicts
    }
}

impl Followed {
    /// The same from the first of `points` on; `None` where they do not go on from what the detector was shown.
    fn from(mut self, points: &[(Time, f64)]) -> Option<Self> {
        let first = points.first()?.0;
        if self.points.first().is_none_or(|(at, _)| first < *at) {
            return None;
        }
        let gone = self.points.partition_point(|(at, _)| *at < first);
        self.points.drain(..gone);
        self.verdicts.drain(..gone);
        points.starts_with(&self.points).then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::surge::replay;

    const MINUTE: TimeDelta = TimeDelta::minutes(1);

    fn at(minute: i64) -> Time {
        "2026-01-15T00:00:00Z".parse::<Time>().expect("a time") + MINUTE * minute as i32
    }

    fn series(minutes: std::ops::Range<i64>) -> Vec<(Time, f64)> {
        minutes.map(|m| (at(m), 100.0 + (m * 7919 % 11) as f64 + if m % 400 > 380 { 60.0 } else { 0.0 })).collect()
    }

    #[test]
    fn going_on_says_what_a_look_at_everything_says() {
        let (settings, mut memory) = (Settings::default(), Memory::default());
        for end in [500, 501, 502, 560, 900] {
            let points = series(0..end);
            let found = memory.follow(&settings, MINUTE, &points, at(end));
            assert_eq!(found, replay(&settings, MINUTE, &points), "until {end}");
        }
    }

    #[test]
    fn a_past_that_changes_is_looked_at_anew() {
        let (settings, mut memory) = (Settings::default(), Memory::default());
        let mut points = series(100..700);
        let mut held = |points: &[(Time, f64)]| {
            assert_eq!(memory.follow(&settings, MINUTE, points, at(700)), replay(&settings, MINUTE, points));
        };
        held(&points);
        points[300].1 = 500.0;
        held(&points);
        points[599].1 = 500.0;
        held(&points);
        points.remove(40);
        held(&points);
        held(&series(0..700));
        held(&[]);
    }

    #[test]
    fn a_window_that_moves_on_is_not_looked_at_anew() {
        let (settings, mut memory) = (Settings::default(), Memory::default());
        memory.follow(&settings, MINUTE, &series(0..3000), at(3000));
        let verdicts = memory.follow(&settings, MINUTE, &series(1..3001), at(3001));
        assert_eq!((verdicts.len(), memory.followed.map(|known| known.points.len())), (3000, Some(2985)));
    }
}
