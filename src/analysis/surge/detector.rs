//! The detector: a series looked at in several ways.

use chrono::TimeDelta;

use super::line::Line;
use super::settings::Settings;
use super::verdict::{Side, Stray, Verdict};
use crate::clock::Time;

/// The largest value that sums and differences of many can be taken of.
const MOST: f64 = 1e150;

/// A series' detector: takes in datapoints in order of time and says of each whether it, or a mean up to it, is outside
/// what those before it let expect.
///
/// It never looks ahead: a verdict depends on the datapoint and those before it, and the same datapoints give the same
/// verdicts. Its memory is bounded whatever is pushed.
#[derive(Debug, Clone)]
pub struct Detector {
    settings: Settings,
    points: Line,
    means: Vec<(TimeDelta, Line)>,
    last: Option<Time>,
    incident: Option<Incident>,
    /// When anything was last outside.
    strayed: Option<Time>,
}

/// A stretch of datapoints outside the band, and what was ordinary before it.
#[derive(Debug, Clone, Copy)]
struct Incident {
    low: f64,
    high: f64,
    /// The first datapoint outside.
    since: Time,
    /// The newest datapoint outside.
    last: Time,
    /// Whether the newest datapoint of all is outside.
    goes_on: bool,
}

impl Detector {
    /// A detector that knows nothing yet of a series with a datapoint each `period`.
    pub fn new(settings: Settings, period: TimeDelta) -> Self {
        Self {
            points: Line::new(&settings, period, TimeDelta::zero()),
            means: settings.spans.iter().map(|&span| (span, Line::new(&settings, period, span))).collect(),
            last: None,
            incident: None,
            strayed: None,
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
        let mut verdict = Verdict::default();
        if let Some(own) = self.points.push((at, value), None, &self.settings) {
            let (low, high) = self.held(at, own.low, own.high);
            let stray = |edge: f64| Some(Stray { span: None, value, edge });
            verdict = Verdict {
                expected: Some(own.expected.clamp(low, high)),
                low: Some(low),
                high: Some(high),
                spike: if value > high { stray(high) } else { None },
                decline: if value < low { stray(low) } else { None },
            };
            self.note(at, verdict.strays(), (low, high));
        }
        let mut furthest = [1.0_f64; 2];
        let own = [verdict.spike, verdict.decline];
        for (span, line) in &mut self.means {
            let Some(reading) = line.push((at, value), self.strayed, &self.settings) else { continue };
            let (index, edge) = match reading.side {
                Side::Spike => (0, reading.high),
                Side::Decline => (1, reading.low),
            };
            if own[index].is_none() && reading.distance > furthest[index] {
                furthest[index] = reading.distance;
                let stray = Some(Stray { span: Some(*span), value: reading.value, edge });
                match reading.side {
                    Side::Spike => verdict.spike = stray,
                    Side::Decline => verdict.decline = stray,
                }
            }
        }
        if verdict.strays() {
            self.strayed = Some(at);
        }
        verdict
    }

    /// The band that counts: a band that followed an incident would soon hold it, and then take the end for another.
    ///
    /// So an incident is held against what was ordinary before it, for [`Settings::held`] at most: what lasts longer is
    /// the new ordinary. As long after its end, what was ordinary before it is ordinary too.
    fn held(&self, at: Time, low: f64, high: f64) -> (f64, f64) {
        match self.incident {
            Some(known) if known.goes_on && at - known.since < self.settings.held => (known.low, known.high),
            Some(known) if !known.goes_on && at - known.last < self.settings.held => {
                (low.min(known.low), high.max(known.high))
            }
            Some(_) | None => (low, high),
        }
    }

    fn note(&mut self, at: Time, strays: bool, (low, high): (f64, f64)) {
        self.incident = match self.incident {
            Some(known) if strays && known.goes_on => Some(Incident { last: at, ..known }),
            _ if strays => Some(Incident { low, high, since: at, last: at, goes_on: true }),
            Some(known) => Some(Incident { goes_on: false, ..known }),
            None => None,
        };
    }
}
