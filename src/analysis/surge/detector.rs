//! The detector: a series looked at in several ways, and when it is news.

use chrono::TimeDelta;

use super::line::{Line, Reading};
use super::settings::Settings;
use super::verdict::{THRESHOLD, Verdict};
use crate::clock::Time;

/// The largest value that sums and differences of many can be taken of.
const MOST: f64 = 1e150;

/// A series' detector: takes in datapoints in order of time and says of each whether a spike or decline begins.
///
/// It never looks ahead: a verdict depends on the datapoint and those before it, and the same datapoints give the same
/// verdicts. Its memory is bounded whatever is pushed.
#[derive(Debug, Clone)]
pub struct Detector {
    settings: Settings,
    points: Line,
    means: Vec<(TimeDelta, Line)>,
    last: Option<Time>,
    episode: Option<Episode>,
}

/// What was detected last.
#[derive(Debug, Clone, Copy)]
struct Episode {
    /// Until when leaving the band is no news.
    until: Time,
    /// How far out it has been.
    peak: f64,
}

impl Detector {
    /// A detector that knows nothing yet of a series with a datapoint each `period`.
    pub fn new(settings: Settings, period: TimeDelta) -> Self {
        Self {
            points: Line::new(&settings, period, TimeDelta::zero()),
            means: settings.spans.iter().map(|&span| (span, Line::new(&settings, period, span))).collect(),
            last: None,
            episode: None,
            settings,
        }
    }

    /// What the datapoint at `at` is, held against those before it; then it counts as one of those.
    ///
    /// A datapoint that is not newer than the last one, or no number that can be reckoned with, is neither judged nor
    /// remembered.
    pub fn push(&mut self, at: Time, value: f64) -> Verdict {
        if !value.is_finite() || value.abs() > MOST || self.last.is_some_and(|last| at <= last) {
            return Verdict::default();
        }
        self.last = Some(at);
        let own = self.points.push(at, value, &self.settings);
        let mut furthest: Option<(Option<TimeDelta>, Reading)> = own.map(|reading| (None, reading));
        for (span, line) in &mut self.means {
            let Some(reading) = line.push(at, value, &self.settings) else { continue };
            if reading.distance > 1.0 && furthest.is_none_or(|(_, other)| reading.distance > other.distance) {
                furthest = Some((Some(*span), reading));
            }
        }
        let Some((span, reading)) = furthest else { return Verdict::default() };
        let outside = reading.distance > 1.0;
        Verdict {
            expected: own.map(|own| own.expected),
            low: own.map(|own| own.low),
            high: own.map(|own| own.high),
            score: self.news(at, reading.distance),
            side: outside.then_some(reading.side),
            span: span.filter(|_| outside),
        }
    }

    /// The score of a distance: below the threshold while an episode goes on, unless it becomes much worse.
    fn news(&mut self, at: Time, distance: f64) -> f64 {
        let running = self.episode.filter(|episode| at < episode.until);
        let known = running.is_some_and(|episode| distance <= episode.peak * self.settings.worse);
        if distance > 1.0 {
            let peak = running.map_or(distance, |episode| episode.peak.max(distance));
            self.episode = Some(Episode { until: at + self.settings.rest, peak });
        }
        let score = 1.0 - 1.0 / (1.0 + distance);
        if known || distance <= 1.0 { score.min(THRESHOLD - f64::EPSILON) } else { score }
    }
}
