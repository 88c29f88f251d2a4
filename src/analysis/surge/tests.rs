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

/// The begins among `values`, one a minute.
fn begins(values: &[f64]) -> Vec<(usize, Side)> {
    let points: Vec<(Time, f64)> =
        values.iter().enumerate().map(|(i, v)| (start() + TimeDelta::minutes(i as i64), *v)).collect();
    replay(&Settings::default(), TimeDelta::minutes(1), &points)
        .iter()
        .enumerate()
        .filter(|(_, (_, verdict))| verdict.begins())
        .map(|(i, (_, verdict))| (i, verdict.side.unwrap()))
        .collect()
}

#[test]
fn a_success_rate_that_falls_is_told_within_four_datapoints() {
    let values: Vec<f64> =
        (0..400).map(|i| if i < 350 { 98.0 + 0.5 * bell(i) } else { 80.0 + 2.0 * bell(i) }.min(100.0)).collect();
    let found = begins(&values);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!((350..354).contains(&found[0].0) && found[0].1 == Side::Decline, "{found:?}");
}

#[test]
fn a_flat_line_that_steps_is_told_once() {
    let values: Vec<f64> = (0..300).map(|i| if i < 200 { 5.0 } else { 9.0 }).collect();
    assert_eq!(begins(&values), [(200, Side::Spike)]);
}
