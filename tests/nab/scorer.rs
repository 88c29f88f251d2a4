//! The benchmark's scoring, standard profile: Lavin and Ahmad, "Evaluating Real-Time Anomaly Detection Algorithms –
//! the Numenta Anomaly Benchmark", ICMLA 2015, section II.

use super::corpus::Recording;

/// Weight of a false alarm in the standard profile; true positives and misses weigh 1.
const FALSE_ALARM: f64 = 0.11;

pub(crate) struct Score {
    /// 1 a window found at its first row, -1 a window missed, less for false alarms.
    pub(crate) raw: f64,
    pub(crate) found: usize,
    pub(crate) false_alarms: usize,
}

/// How many rows at the begin are for learning and not scored: 15 %, at most 750.
fn probation(rows: usize) -> usize {
    (rows * 15 / 100).min(750)
}

/// From 1 at -1 over 0 at a window's end towards -1 after it.
fn sigmoid(position: f64) -> f64 {
    if position > 3.0 { -1.0 } else { 2.0 / (1.0 + (5.0 * position).exp()) - 1.0 }
}

/// The score of a detection a row; of those in one window the earliest counts.
pub(crate) fn score(recording: &Recording, detections: &[bool]) -> Score {
    let mut best: Vec<Option<f64>> = vec![None; recording.windows.len()];
    let (mut costs, mut false_alarms) = (0.0, 0);
    for (row, _) in detections.iter().enumerate().skip(probation(detections.len())).filter(|(_, hit)| **hit) {
        if let Some(window) = recording.windows.iter().position(|(from, to)| (*from..=*to).contains(&row)) {
            let (from, to) = recording.windows[window];
            let position = -((to - row + 1) as f64) / (to - from + 1) as f64;
            best[window].get_or_insert(sigmoid(position) / sigmoid(-1.0));
        } else {
            let before = recording.windows.iter().rfind(|(_, to)| *to < row);
            let share = before.map_or(-1.0, |(from, to)| sigmoid((row - to) as f64 / (to - from) as f64));
            costs += FALSE_ALARM * share;
            false_alarms += 1;
        }
    }
    let raw = best.iter().map(|score| score.unwrap_or(-1.0)).sum::<f64>() + costs;
    Score { raw, found: best.iter().flatten().count(), false_alarms }
}

/// 0 for a detector that says nothing, 100 for one that finds every window at its first row and nothing else.
pub(crate) fn normalised(raw: f64, windows: usize) -> f64 {
    let windows = windows as f64;
    100.0 * (raw + windows) / (2.0 * windows)
}
