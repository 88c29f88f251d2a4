//! A whole series at once.

use chrono::TimeDelta;

use super::detector::Detector;
use super::settings::Settings;
use super::verdict::Verdict;
use crate::clock::Time;

/// What a new detector says of each of `points`, in their order, so that a chart can draw the band.
///
/// Each verdict knows the points before it alone: the band is what it was when the datapoint came.
pub fn replay(settings: &Settings, period: TimeDelta, points: &[(Time, f64)]) -> Vec<(Time, Verdict)> {
    let mut detector = Detector::new(settings.clone(), period);
    points.iter().map(|&(at, value)| (at, detector.push(at, value))).collect()
}
