//! CloudWatch's rules for the state of a metric alarm: M of N, and four ways to treat missing data.
//!
//! Source: user guide, "Configuring how CloudWatch alarms treat missing data"; its tables for 3 of 3 and 2 of 3 are the
//! tests.

use crate::store::alarm::AlarmState;

/// How many periods beyond N are looked at for real datapoints. AWS gives no number; its tables look at 5 for N = 3.
pub(super) const EXTRA_PERIODS: u32 = 2;

/// How missing datapoints count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TreatMissing {
    /// Not at all; with no datapoint the state is `INSUFFICIENT_DATA`.
    Missing,
    /// Not at all; the state stays what it is.
    Ignore,
    /// As bad.
    #[cfg_attr(not(test), expect(dead_code, reason = "no alarm of the estate treats missing data so"))]
    Breaching,
    /// As good.
    NotBreaching,
}

impl TreatMissing {
    /// AWS's word.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Ignore => "ignore",
            Self::Breaching => "breaching",
            Self::NotBreaching => "notBreaching",
        }
    }
}

/// When an alarm fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    /// N.
    pub(super) evaluation_periods: u32,
    /// M.
    pub(super) datapoints_to_alarm: u32,
    /// How missing datapoints count.
    pub(super) missing: TreatMissing,
}

/// The state after an evaluation, `None` where it stays what it is.
///
/// `newest_first` tells of each period in the evaluation range, the newest first, whether its datapoint breaches; `None`
/// for a missing one.
pub(super) fn state(rule: Rule, newest_first: &[Option<bool>]) -> Option<AlarmState> {
    let (n, m) = (rule.evaluation_periods as usize, rule.datapoints_to_alarm as usize);
    let real: Vec<bool> = newest_first.iter().copied().flatten().take(n).collect();
    let breaching = real.iter().filter(|breaches| **breaches).count();
    let decided = |breaching: usize| Some(if breaching >= m { AlarmState::Alarm } else { AlarmState::Ok });
    let filled = n - real.len();
    if filled == 0 || breaching >= m {
        return decided(breaching);
    }
    match rule.missing {
        TreatMissing::Breaching => decided(breaching + filled),
        TreatMissing::NotBreaching => decided(breaching),
        TreatMissing::Missing | TreatMissing::Ignore if breaching < real.len() => Some(AlarmState::Ok),
        TreatMissing::Ignore => None,
        TreatMissing::Missing if real.is_empty() => Some(AlarmState::InsufficientData),
        // All that is known is bad, if it is at least M periods old: the periods since then would have told otherwise.
        TreatMissing::Missing => {
            let oldest = newest_first.iter().rposition(|point| *point == Some(true));
            oldest.is_some_and(|place| place + 1 >= m).then_some(AlarmState::Alarm)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALARM: Option<AlarmState> = Some(AlarmState::Alarm);
    const OK: Option<AlarmState> = Some(AlarmState::Ok);
    const NO_DATA: Option<AlarmState> = Some(AlarmState::InsufficientData);
    const RETAIN: Option<AlarmState> = None;

    fn check(m: u32, rows: &[(&str, [Option<AlarmState>; 4])]) {
        let modes = [TreatMissing::Missing, TreatMissing::Ignore, TreatMissing::Breaching, TreatMissing::NotBreaching];
        for (points, expected) in rows {
            let newest_first: Vec<Option<bool>> = points
                .split(' ')
                .rev()
                .map(|point| match point {
                    "0" => Some(false),
                    "X" => Some(true),
                    _ => None,
                })
                .collect();
            for (missing, expected) in modes.into_iter().zip(expected) {
                let rule = Rule { evaluation_periods: 3, datapoints_to_alarm: m, missing };
                assert_eq!(state(rule, &newest_first), *expected, "{m} of 3, {points}, {}", missing.name());
            }
        }
    }

    #[test]
    fn three_of_three_as_in_the_user_guide() {
        check(
            3,
            &[
                ("0 - X - X", [OK, OK, OK, OK]),
                ("0 - - - -", [OK, OK, OK, OK]),
                ("- - - - -", [NO_DATA, RETAIN, ALARM, OK]),
                ("0 X X - X", [ALARM, ALARM, ALARM, ALARM]),
                ("- - X - -", [ALARM, RETAIN, ALARM, OK]),
                ("X - - - -", [ALARM, RETAIN, ALARM, OK]),
            ],
        );
    }

    #[test]
    fn two_of_three_as_in_the_user_guide() {
        check(
            2,
            &[
                ("0 - X - X", [ALARM, ALARM, ALARM, ALARM]),
                ("0 0 X 0 X", [ALARM, ALARM, ALARM, ALARM]),
                ("0 - X - -", [OK, OK, ALARM, OK]),
                ("- - - - 0", [OK, OK, ALARM, OK]),
                ("- - - X -", [ALARM, RETAIN, ALARM, OK]),
            ],
        );
    }

    #[test]
    fn one_fresh_bad_datapoint_changes_nothing_yet() {
        check(3, &[("- - - - X", [RETAIN, RETAIN, ALARM, OK])]);
        check(2, &[("- - - - X", [RETAIN, RETAIN, ALARM, OK])]);
    }

    #[test]
    fn datapoints_beyond_n_are_ignored_where_none_is_missing() {
        check(3, &[("X X 0 X X", [OK, OK, OK, OK]), ("0 0 X X X", [ALARM, ALARM, ALARM, ALARM])]);
        check(2, &[("X X 0 0 X", [OK, OK, OK, OK])]);
    }
}
