//! Made-up series whose answer is plain.

use chrono::{DateTime, TimeDelta};

use super::*;
use crate::clock::Time;

fn start() -> Time {
    DateTime::from_timestamp(1_768_435_200, 0).unwrap()
}

/// A value in -1..1 that is as good as random, the same in every run.
fn noise(i: usize) -> f64 {
    let mut x = (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) as f64 / u64::MAX as f64) * 2.0 - 1.0
}

/// Noise that is about normal with a standard deviation of 1.
fn bell(i: usize) -> f64 {
    (0..12).map(|k| noise(i * 12 + k)).sum::<f64>() / 2.0
}

/// A side of the band.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Side {
    Spike,
    Decline,
}
use Side::{Decline, Spike};

fn side(verdict: &Verdict) -> Option<Side> {
    verdict.spike.map(|_| Spike).or(verdict.decline.map(|_| Decline))
}

/// Where something begins among `values`, one a minute: what is outside after something that was not.
fn begins(values: &[f64]) -> Vec<(usize, Side)> {
    let points: Vec<(Time, f64)> =
        values.iter().enumerate().map(|(i, v)| (start() + TimeDelta::minutes(i as i64), *v)).collect();
    let mut last = None;
    let sides = replay(&Settings::default(), TimeDelta::minutes(1), &points);
    let begins = sides.iter().enumerate().filter_map(|(i, (_, verdict))| {
        let side = side(verdict);
        (std::mem::replace(&mut last, side).is_none()).then_some((i, side?))
    });
    begins.collect()
}

#[test]
fn a_success_rate_that_falls_is_told_within_four_datapoints() {
    let values: Vec<f64> =
        (0..400).map(|i| if i < 350 { 98.0 + 0.5 * bell(i) } else { 80.0 + 2.0 * bell(i) }.min(100.0)).collect();
    let found = begins(&values);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!((350..354).contains(&found[0].0) && found[0].1 == Decline, "{found:?}");
}

#[test]
fn a_flat_line_that_steps_is_told_once() {
    let values: Vec<f64> = (0..300).map(|i| if i < 200 { 5.0 } else { 9.0 }).collect();
    assert_eq!(begins(&values), [(200, Spike)]);
}

/// Traffic with a daily rhythm and noise of 2 %, from the night's low to the day's high and back, one value a minute.
fn traffic(minute: usize) -> f64 {
    let day = (minute as f64 / 1440.0 * std::f64::consts::TAU).sin();
    1000.0 * (1.0 + 0.3 * day) * (1.0 + 0.02 * bell(minute))
}

#[test]
fn thirty_percent_more_requests_are_a_spike_at_any_time_of_day() {
    for hour in [1, 7, 13, 19] {
        let at = 4 * 1440 + hour * 60;
        let values: Vec<f64> = (0..at + 30).map(|i| traffic(i) * if i >= at { 1.3 } else { 1.0 }).collect();
        let found = begins(&values);
        let begin = found.last().copied();
        assert!(begin.is_some_and(|(i, side)| (at..at + 4).contains(&i) && side == Spike), "{hour}: {found:?}");
    }
}

#[test]
fn a_quiet_week_of_a_daily_rhythm_has_few_begins() {
    let values: Vec<f64> = (0..7 * 1440).map(traffic).collect();
    let found = begins(&values);
    let late = found.iter().filter(|(i, _)| *i > 1440).count();
    assert!(late <= 4, "{found:?}");
}

#[test]
fn something_after_nothing_is_told_and_nothing_is_not() {
    let mut values = vec![0.0; 300];
    assert_eq!(begins(&values), []);
    values.push(3.0);
    values.extend([0.0; 20]);
    assert_eq!(begins(&values), [(300, Spike)]);
}

#[test]
fn a_daily_job_is_expected_from_the_third_day_on() {
    let job = |i: usize| if (600..620).contains(&(i % 1440)) { 900.0 } else { 100.0 } + bell(i);
    let found = begins(&(0..5 * 1440).map(job).collect::<Vec<_>>());
    assert!(found.iter().all(|(i, _)| *i < 2 * 1440), "{found:?}");
    assert!(found.iter().any(|(i, side)| *i == 600 && *side == Spike), "{found:?}");
}

#[test]
fn an_incident_of_half_an_hour_is_told_once_and_its_end_is_no_decline() {
    for minutes in [1, 20, 50] {
        let value = |i: usize| if (300..300 + minutes).contains(&i) { 150.0 } else { 100.0 } + bell(i);
        let found = begins(&(0..500).map(value).collect::<Vec<_>>());
        let found: Vec<_> = found.into_iter().filter(|(i, _)| *i >= 300).collect();
        assert_eq!(found, [(300, Spike)], "{minutes}");
    }
}

#[test]
fn what_is_too_weak_for_one_datapoint_is_told_by_a_mean_and_ends_with_it() {
    let values: Vec<f64> =
        (0..2000).map(|i| 100.0 + 5.0 * bell(i) + if (1700..1850).contains(&i) { 6.0 } else { 0.0 }).collect();
    let points: Vec<(Time, f64)> = (0..).map(|i| start() + TimeDelta::minutes(i)).zip(values).collect();
    let verdicts = replay(&Settings::default(), TimeDelta::minutes(1), &points);
    let means: Vec<usize> = verdicts
        .iter()
        .enumerate()
        .filter(|(i, (_, verdict))| *i > 300 && verdict.spike.is_some_and(|stray| stray.span.is_some()))
        .map(|(i, _)| i)
        .collect();
    assert!(means.first().is_some_and(|first| (1700..1790).contains(first)), "{means:?}");
    assert!(means.last().is_some_and(|last| *last < 1870), "{means:?}");
}

#[test]
fn gaps_and_numbers_that_are_none_are_no_news() {
    let minute = |i: usize| start() + TimeDelta::minutes(i as i64);
    let mut detector = Detector::new(Settings::default(), TimeDelta::minutes(1));
    for i in (0..2000).filter(|i| i % 7 != 3 && !(900..960).contains(i)) {
        let verdict = detector.push(minute(i), 50.0 + bell(i));
        assert!(i < 300 || !verdict.strays(), "{i}: {verdict:?}");
    }
    assert_eq!(detector.push(minute(2001), f64::NAN), Verdict::default());
    assert_eq!(detector.push(minute(1998), 1e9), Verdict::default());
    assert!(detector.push(minute(2002), 80.0).spike.is_some());
}

#[test]
fn nothing_is_said_before_something_is_known() {
    let mut detector = Detector::new(Settings::default(), TimeDelta::minutes(1));
    for i in 0..12 {
        assert_eq!(detector.push(start() + TimeDelta::minutes(i), i as f64 * 1e6), Verdict::default());
    }
}

#[test]
fn what_comes_later_changes_nothing() {
    let points = |later: f64| -> Vec<(Time, f64)> {
        (0..500).map(|i| (start() + TimeDelta::minutes(i as i64), if i < 400 { traffic(i) } else { later })).collect()
    };
    let told = |later| replay(&Settings::default(), TimeDelta::minutes(1), &points(later))[..400].to_vec();
    assert_eq!(told(0.0), told(1e12));
}

#[test]
fn the_band_holds_what_it_says() {
    let points: Vec<(Time, f64)> =
        (0..3 * 1440).map(|i| (start() + TimeDelta::minutes(i as i64), traffic(i))).collect();
    for (at, verdict) in replay(&Settings::default(), TimeDelta::minutes(1), &points) {
        let (Some(low), Some(expected), Some(high)) = (verdict.low, verdict.expected, verdict.high) else { continue };
        assert!(low <= expected && expected <= high, "{at}: {verdict:?}");
    }
}

proptest::proptest! {
    #[test]
    fn no_numbers_and_no_times_break_it(
        steps in proptest::collection::vec((0_i64..100_000, proptest::num::f64::ANY), 0..300),
        period in 0_i64..4000,
    ) {
        let mut detector = Detector::new(Settings::default(), TimeDelta::seconds(period));
        let mut at = start();
        for (step, value) in steps {
            at += TimeDelta::seconds(step);
            let verdict = detector.push(at, value);
            let edges = verdict.low.zip(verdict.high);
            proptest::prop_assert!(edges.is_none_or(|(low, high)| low <= high), "{verdict:?}");
        }
    }
}
