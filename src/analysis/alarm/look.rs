//! A metric alarm's newest evaluation, over the datapoints that are known.

use chrono::TimeDelta;

use super::{Comparison, MofN, TreatMissing, Verdict};
use crate::clock::{Time, floor};
use crate::store::alarm::MetricAlarm;
use crate::store::series::{Series, SeriesSet};

/// One period as the alarm sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Looked {
    /// Its start.
    pub at: Time,
    /// Its datapoint, `None` where it is missing.
    pub value: Option<f64>,
    /// Whether the datapoint breaches; `None` where it is missing, or the band has no limits there.
    pub breaches: Option<bool>,
    /// Whether it is one of the datapoints that count.
    pub counts: bool,
}

/// An evaluation: the periods of the evaluation range, and what they come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// The periods, oldest first: N of them, and older ones as far as they stand in for missing ones.
    pub periods: Vec<Looked>,
    /// What they come to.
    pub verdict: Verdict,
    /// The rule.
    pub rule: MofN,
}

/// The limits of an alarm over time: a fixed threshold, or the two lines of its band.
#[derive(Debug, Clone, Copy)]
pub enum Limits<'a> {
    /// A number.
    Fixed(f64),
    /// Lower and upper line.
    Band(&'a Series, &'a Series),
}

impl<'a> Limits<'a> {
    /// The limits of an alarm; `band` is the answer to its band query, `None` while that is not known.
    pub fn of(alarm: &MetricAlarm, band: Option<&'a SeriesSet>) -> Option<Self> {
        if let Some(threshold) = alarm.threshold {
            return Some(Self::Fixed(threshold));
        }
        let (lower, upper) = edges(band?)?;
        Some(Self::Band(lower, upper))
    }

    /// The lower and upper limit of the period that starts at `at`.
    pub fn at(&self, at: Time) -> Option<(f64, f64)> {
        match self {
            Self::Fixed(limit) => Some((*limit, *limit)),
            Self::Band(lower, upper) => Some((lower.at(at)?, upper.at(at)?)),
        }
    }

    /// The limits of the period that starts at `at`, or of the newest before it, `within` at most: a band is asked for less
    /// often than the metric that it belongs to.
    pub fn near(&self, at: Time, within: TimeDelta) -> Option<(f64, f64)> {
        let Self::Band(lower, _) = self else { return self.at(at) };
        let known = lower.points.partition_point(|(known, _)| *known <= at).checked_sub(1)?;
        let newest = lower.points[known].0;
        if at - newest <= within { self.at(newest) } else { None }
    }
}

/// The lower and the upper line of a band query's answer, in whatever order they came.
pub fn edges(set: &SeriesSet) -> Option<(&Series, &Series)> {
    let [one, other] = set.series.as_slice() else { return None };
    let mean = |series: &Series| series.points.iter().map(|(_, value)| value).sum::<f64>() / series.points.len() as f64;
    Some(if mean(one) <= mean(other) { (one, other) } else { (other, one) })
}

/// Evaluates an alarm at `now` over the whole periods before it, aligned to the clock. `None` for an alarm that can't be
/// evaluated here: an operator or a way to treat missing data that AWS has newly found, or limits that are not known yet.
///
/// CloudWatch itself evaluates once a minute over periods that end then, so for some minutes the two may differ.
pub fn look(alarm: &MetricAlarm, series: &Series, limits: Option<Limits<'_>>, now: Time) -> Option<Look> {
    let comparison = Comparison::parse(&alarm.comparison)?;
    let missing = TreatMissing::parse(&alarm.treat_missing)?;
    let limits = limits?;
    let rule =
        MofN { evaluation_periods: alarm.evaluation_periods, datapoints_to_alarm: alarm.datapoints_to_alarm, missing };
    let step_s = i64::from(alarm.query.period_s.max(1));
    let newest = floor(now, step_s);
    let mut needed = rule.evaluation_periods;
    let mut periods = Vec::new();
    for back in 1..=i64::from(rule.range()) {
        let at = newest - TimeDelta::seconds(back * step_s);
        let value = series.at(at);
        let breaches = value.zip(limits.at(at)).map(|(value, (lower, upper))| comparison.breaches(value, lower, upper));
        let counts = breaches.is_some() && needed > 0;
        needed -= u32::from(counts);
        periods.push(Looked { at, value, breaches, counts });
    }
    let newest_first: Vec<Option<bool>> = periods.iter().map(|period| period.breaches).collect();
    let verdict = rule.evaluate(&newest_first);
    let oldest = periods.iter().rposition(|period| period.counts).map_or(0, |place| place + 1);
    periods.truncate(oldest.max(rule.evaluation_periods as usize));
    periods.reverse();
    Some(Look { periods, verdict, rule })
}

impl Look {
    /// `2 of 2 breached`, and how many were missing: `1 of 3 breached, 2 missing and taken as good`.
    pub fn words(&self) -> String {
        let Verdict { breaching, filled, .. } = self.verdict;
        let breached = format!("{breaching} of {} breached", self.rule.evaluation_periods);
        if filled == 0 {
            return breached;
        }
        let how = match self.rule.missing {
            TreatMissing::Missing => "",
            TreatMissing::Ignore => ", ignored",
            TreatMissing::Breaching => " and taken as breaching",
            TreatMissing::NotBreaching => " and taken as good",
        };
        format!("{breached}, {filled} missing{how}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::alarm::AlarmState;
    use crate::store::series::MetricQuery;

    fn t(minute: i64) -> Time {
        chrono::DateTime::from_timestamp(minute * 60, 0).expect("in range")
    }

    fn alarm(comparison: &str, threshold: Option<f64>, (m, n): (u32, u32), missing: &str) -> MetricAlarm {
        MetricAlarm {
            query: MetricQuery::stat("N", "M", &[], "Sum", 60),
            band: None,
            comparison: comparison.into(),
            threshold,
            evaluation_periods: n,
            datapoints_to_alarm: m,
            treat_missing: missing.into(),
        }
    }

    fn series(points: &[(i64, f64)]) -> Series {
        Series { label: String::new(), points: points.iter().map(|(at, value)| (t(*at), *value)).collect() }
    }

    #[test]
    fn the_newest_whole_periods_count() {
        let over = alarm("GreaterThanThreshold", Some(5.0), (2, 2), "missing");
        // The tenth minute still runs; the seventh is not needed.
        let known = series(&[(7, 9.0), (8, 6.0), (9, 7.0), (10, 0.0)]);
        let look = look(&over, &known, Limits::of(&over, None), t(10)).expect("evaluated");
        assert_eq!(
            look.periods.iter().map(|p| (p.at, p.breaches)).collect::<Vec<_>>(),
            [(t(8), Some(true)), (t(9), Some(true))]
        );
        assert_eq!((look.verdict.state, look.words()), (Some(AlarmState::Alarm), "2 of 2 breached".to_owned()));
    }

    #[test]
    fn a_band_that_lags_behind_still_says_where_a_value_lies() {
        let (lower, upper) = (series(&[(5, 1.0), (7, 2.0)]), series(&[(5, 3.0), (7, 4.0)]));
        let band = Limits::Band(&lower, &upper);
        let near = |at| band.near(t(at), TimeDelta::minutes(3));
        assert_eq!(
            [near(4), near(7), near(9), near(10), near(11)],
            [None, Some((2.0, 4.0)), Some((2.0, 4.0)), Some((2.0, 4.0)), None]
        );
        assert_eq!(Limits::Fixed(5.0).near(t(1), TimeDelta::zero()), Some((5.0, 5.0)));
    }

    #[test]
    fn older_datapoints_stand_in_for_missing_ones() {
        let over = alarm("GreaterThanThreshold", Some(5.0), (2, 3), "notBreaching");
        let known = series(&[(5, 9.0), (7, 9.0), (9, 1.0)]);
        let look = look(&over, &known, Limits::of(&over, None), t(10)).expect("evaluated");
        let periods: Vec<_> = look.periods.iter().map(|p| (p.at, p.counts)).collect();
        assert_eq!(periods, [(t(5), true), (t(6), false), (t(7), true), (t(8), false), (t(9), true)]);
        assert_eq!(look.words(), "2 of 3 breached");
        let empty = series(&[]);
        let look = super::look(&over, &empty, Limits::of(&over, None), t(10)).expect("evaluated");
        assert_eq!((look.periods.len(), look.words()), (3, "0 of 3 breached, 3 missing and taken as good".to_owned()));
    }

    #[test]
    fn a_band_is_compared_period_by_period() {
        let out = alarm("LessThanLowerOrGreaterThanUpperThreshold", None, (1, 2), "ignore");
        let set = SeriesSet {
            series: vec![series(&[(8, 9.0), (9, 9.0)]), series(&[(8, 1.0), (9, 1.0)])],
            ..SeriesSet::default()
        };
        let limits = Limits::of(&out, Some(&set));
        let look = look(&out, &series(&[(8, 5.0), (9, 10.0)]), limits, t(10)).expect("evaluated");
        assert_eq!(look.periods.iter().map(|p| p.breaches).collect::<Vec<_>>(), [Some(false), Some(true)]);
        assert!(super::look(&out, &series(&[]), Limits::of(&out, None), t(10)).is_none(), "no band is known");
    }

    #[test]
    fn what_aws_has_newly_found_is_not_guessed_at() {
        let odd = alarm("EqualToThreshold", Some(5.0), (1, 1), "missing");
        assert!(look(&odd, &series(&[]), Limits::of(&odd, None), t(10)).is_none());
        let odd = alarm("GreaterThanThreshold", Some(5.0), (1, 1), "sometimes");
        assert!(look(&odd, &series(&[]), Limits::of(&odd, None), t(10)).is_none());
    }
}
