//! CloudWatch's rules for the state of a metric alarm: M of N, and four ways to treat missing data.
//!
//! Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data", section "How alarm state is
//! evaluated when data is missing" (`alarms-and-missing-data.html`, read on 2026-11-22). Its two tables are the tests.

use crate::store::alarm::AlarmState;

/// How many periods beyond N are looked at for real datapoints. AWS gives no number; its tables look at 5 for N = 3.
pub const EXTRA_PERIODS: u32 = 2;

/// How missing datapoints count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TreatMissing {
    /// Not at all; with no datapoint the state is `INSUFFICIENT_DATA`.
    Missing,
    /// Not at all; the state stays what it is.
    Ignore,
    /// As bad.
    Breaching,
    /// As good.
    NotBreaching,
}

impl TreatMissing {
    /// Every way, in the order of the user guide's columns.
    pub const ALL: [Self; 4] = [Self::Missing, Self::Ignore, Self::Breaching, Self::NotBreaching];

    /// AWS's word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Ignore => "ignore",
            Self::Breaching => "breaching",
            Self::NotBreaching => "notBreaching",
        }
    }

    /// The way of AWS's word, `None` for a word that is none.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.name() == word)
    }
}

/// When an alarm fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MofN {
    /// N: how many datapoints are needed.
    pub evaluation_periods: u32,
    /// M: how many of them must breach.
    pub datapoints_to_alarm: u32,
    /// How missing datapoints count.
    pub missing: TreatMissing,
}

/// What an evaluation came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The state, `None` where the alarm stays in the one that it is in.
    pub state: Option<AlarmState>,
    /// How many of the real datapoints that counted breach.
    pub breaching: u32,
    /// How many of the N datapoints were missing, so that `TreatMissingData` stood in for them.
    pub filled: u32,
}

impl MofN {
    /// How many periods are looked at: N and [`EXTRA_PERIODS`].
    pub const fn range(self) -> u32 {
        self.evaluation_periods.saturating_add(EXTRA_PERIODS)
    }

    /// Evaluates the datapoints of the evaluation range.
    ///
    /// `newest_first` tells of each period in the range, the newest first, whether its datapoint breaches; `None` for a
    /// missing one. The newest N real datapoints count; missing ones fill what is left.
    pub fn evaluate(self, newest_first: &[Option<bool>]) -> Verdict {
        let (n, m) = (self.evaluation_periods as usize, self.datapoints_to_alarm as usize);
        let real: Vec<bool> = newest_first.iter().copied().flatten().take(n).collect();
        let breaching = real.iter().filter(|breaches| **breaches).count();
        let filled = n - real.len();
        let decided = |breaching: usize| Some(if breaching >= m { AlarmState::Alarm } else { AlarmState::Ok });
        let state = if filled == 0 || breaching >= m {
            decided(breaching)
        } else {
            match self.missing {
                TreatMissing::Breaching => decided(breaching + filled),
                TreatMissing::NotBreaching => decided(breaching),
                TreatMissing::Missing | TreatMissing::Ignore if breaching < real.len() => Some(AlarmState::Ok),
                TreatMissing::Ignore => None,
                TreatMissing::Missing if real.is_empty() => Some(AlarmState::InsufficientData),
                // Premature: all that is known is bad. It fires if that is at least M periods old, since the periods
                // after it would have told otherwise.
                TreatMissing::Missing => {
                    let oldest = newest_first.iter().rposition(|point| *point == Some(true));
                    oldest.is_some_and(|place| place + 1 >= m).then_some(AlarmState::Alarm)
                }
            }
        };
        Verdict { state, breaching: breaching as u32, filled: filled as u32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALARM: Option<AlarmState> = Some(AlarmState::Alarm);
    const OK: Option<AlarmState> = Some(AlarmState::Ok);
    const NO_DATA: Option<AlarmState> = Some(AlarmState::InsufficientData);
    const RETAIN: Option<AlarmState> = None;

    /// A row of the user guide: datapoints, oldest first; how many must be filled; the state in each of the four ways.
    type Row = (&'static str, u32, [Option<AlarmState>; 4]);

    /// "Datapoints to Alarm and Evaluation Periods are both 3"; the evaluation range is 5.
    const THREE_OF_THREE: [Row; 5] = [
        ("0 - X - X", 0, [OK, OK, OK, OK]),
        ("0 - - - -", 2, [OK, OK, OK, OK]),
        ("- - - - -", 3, [NO_DATA, RETAIN, ALARM, OK]),
        ("0 X X - X", 0, [ALARM, ALARM, ALARM, ALARM]),
        ("- - X - -", 2, [ALARM, RETAIN, ALARM, OK]),
    ];

    /// "Datapoints to Alarm is only 2 while Evaluation Periods is 3"; the evaluation range is 5.
    const TWO_OF_THREE: [Row; 5] = [
        ("0 - X - X", 0, [ALARM, ALARM, ALARM, ALARM]),
        ("0 0 X 0 X", 0, [ALARM, ALARM, ALARM, ALARM]),
        ("0 - X - -", 1, [OK, OK, ALARM, OK]),
        ("- - - - 0", 2, [OK, OK, ALARM, OK]),
        ("- - - X -", 2, [ALARM, RETAIN, ALARM, OK]),
    ];

    fn newest_first(points: &str) -> Vec<Option<bool>> {
        let one = |point: &str| match point {
            "0" => Some(false),
            "X" => Some(true),
            "-" => None,
            other => panic!("no datapoint: {other}"),
        };
        points.split(' ').rev().map(one).collect()
    }

    fn check(m: u32, rows: &[Row]) {
        for (points, filled, states) in rows {
            for (missing, state) in TreatMissing::ALL.into_iter().zip(*states) {
                let rule = MofN { evaluation_periods: 3, datapoints_to_alarm: m, missing };
                let points_of = newest_first(points);
                assert_eq!(points_of.len(), rule.range() as usize, "the evaluation range");
                let verdict = rule.evaluate(&points_of);
                assert_eq!(verdict.state, state, "{m} of 3, {points}, {}", missing.name());
                assert_eq!(verdict.filled, *filled, "{m} of 3, {points}");
            }
        }
    }

    #[test]
    fn three_of_three_as_in_the_user_guide() {
        check(3, &THREE_OF_THREE);
    }

    #[test]
    fn two_of_three_as_in_the_user_guide() {
        check(2, &TWO_OF_THREE);
    }

    /// "Avoiding premature transitions to alarm state", the same page: with M = 3 neither goes into ALARM at once.
    #[test]
    fn fresh_bad_datapoints_change_nothing_yet() {
        let rows = [("- - - - X", 2, [RETAIN, RETAIN, ALARM, OK]), ("- - - X -", 2, [RETAIN, RETAIN, ALARM, OK])];
        check(3, &rows);
        check(2, &rows[..1]);
        // And the next datapoint, if it is good, settles it.
        check(3, &[("- - - X 0", 1, [OK; 4]), ("- - X - 0", 1, [OK; 4])]);
    }

    /// The first two rules of the section: extra datapoints fill gaps, and count for nothing where there is no gap.
    #[test]
    fn datapoints_beyond_n_are_ignored_where_none_is_missing() {
        check(3, &[("X X 0 X X", 0, [OK; 4]), ("0 0 X X X", 0, [ALARM; 4])]);
        check(2, &[("X X 0 0 X", 0, [OK; 4])]);
    }

    #[test]
    fn what_breached_is_counted() {
        let rule = MofN { evaluation_periods: 3, datapoints_to_alarm: 2, missing: TreatMissing::Missing };
        let cases = [("0 0 X 0 X", (2, 0)), ("- - - X -", (1, 2)), ("X X 0 0 0", (0, 0)), ("- - - - -", (0, 3))];
        for (points, expected) in cases {
            let verdict = rule.evaluate(&newest_first(points));
            assert_eq!((verdict.breaching, verdict.filled), expected, "{points}");
        }
    }

    #[test]
    fn an_alarm_without_periods_does_not_panic() {
        let rule = MofN { evaluation_periods: 0, datapoints_to_alarm: 0, missing: TreatMissing::Missing };
        assert_eq!(rule.evaluate(&[]).state, ALARM, "nothing is enough of nothing");
    }
}
