//! The detector: what is expected now, and how far from it is still ordinary.

use chrono::TimeDelta;

use super::season::Season;
use super::settings::Settings;
use super::tail::Tail;
use super::verdict::{Side, THRESHOLD, Verdict};
use super::window::Window;
use crate::clock::Time;

/// The fewest and the most datapoints that any memory of a detector holds, whatever the period.
const RECENT: (i64, i64) = (12, 120);
const MEMORY: (i64, i64) = (288, 12_096);

/// A series' detector: takes in datapoints in order of time and says of each whether a spike or decline begins.
///
/// It never looks ahead: a verdict depends on the datapoint and those before it, and the same datapoints give the same
/// verdicts. Its memory is bounded by `Settings::memory` over the period, whatever is pushed.
#[derive(Debug, Clone)]
pub struct Detector {
    settings: Settings,
    recent: Window,
    season: Season,
    above: Tail,
    below: Tail,
    last: Option<Time>,
    /// Until when what was detected goes on: leaving the band before is no news.
    busy_until: Option<Time>,
}

/// What is expected: between the recent past and the same time on earlier days, or either where only one is known.
struct Expected {
    low: f64,
    middle: f64,
    high: f64,
}

impl Detector {
    /// A detector that knows nothing yet of a series with a datapoint each `period`.
    pub fn new(settings: Settings, period: TimeDelta) -> Self {
        let periods = |span: TimeDelta, bounds: (i64, i64)| {
            (span.num_milliseconds() / period.num_milliseconds().max(1)).clamp(bounds.0, bounds.1) as usize
        };
        let recent = periods(settings.recent, RECENT);
        let memory = periods(settings.memory, MEMORY);
        let days = periods(TimeDelta::days(settings.days as i64) + settings.jitter, MEMORY);
        Self {
            recent: Window::new(recent),
            season: Season::new(settings.days, settings.jitter, days),
            above: Tail::new(settings.ordinary, memory),
            below: Tail::new(settings.ordinary, memory),
            last: None,
            busy_until: None,
            settings,
        }
    }

    /// What the datapoint at `at` is, held against those before it; then it counts as one of those.
    ///
    /// A datapoint that is not newer than the last one, or is not finite, is judged by nobody and not remembered.
    pub fn push(&mut self, at: Time, value: f64) -> Verdict {
        if !value.is_finite() || self.last.is_some_and(|last| at <= last) {
            return Verdict::default();
        }
        self.last = Some(at);
        self.recent.forget_before(at - TimeDelta::days(1));
        let verdict = match self.expected(at) {
            Some(expected) => self.judge(at, value, &expected),
            None => Verdict::default(),
        };
        self.recent.push(at, value);
        self.season.push(at, value);
        verdict
    }

    fn expected(&self, at: Time) -> Option<Expected> {
        if self.recent.len() < self.settings.warm_up.min(RECENT.0 as usize) {
            return None;
        }
        let recent = self.recent.median()?;
        Some(match self.season.same_time(at) {
            Some(then) => Expected {
                low: recent.min(then.low),
                middle: f64::midpoint(recent, then.middle),
                high: recent.max(then.high),
            },
            None => Expected { low: recent, middle: recent, high: recent },
        })
    }

    fn judge(&mut self, at: Time, value: f64, expected: &Expected) -> Verdict {
        let least = self.settings.least * expected.middle.abs();
        let up = self.above.reach(self.settings.sensitivity).max(least);
        let down = self.below.reach(self.settings.sensitivity).max(least);
        let (low, high) = (expected.low - down, expected.high + up);
        self.above.push(at, value - expected.high);
        self.below.push(at, expected.low - value);
        let side = if value > high {
            Some(Side::Spike)
        } else if value < low {
            Some(Side::Decline)
        } else {
            None
        };
        let surprise = surprise(value - expected.high, up).max(surprise(expected.low - value, down));
        let busy = self.busy_until.is_some_and(|until| at < until);
        let score = if busy { surprise.min(THRESHOLD - f64::EPSILON) } else { surprise };
        if side.is_some() {
            self.busy_until = Some(at + self.settings.rest);
        }
        Verdict { expected: Some(expected.middle), low: Some(low), high: Some(high), score, side }
    }
}

/// From 0 at what is expected over [`THRESHOLD`] at the edge of the band towards 1.
fn surprise(deviation: f64, reach: f64) -> f64 {
    if deviation <= 0.0 {
        0.0
    } else if deviation <= reach {
        (THRESHOLD - f64::EPSILON).min(THRESHOLD * deviation / reach)
    } else {
        1.0 - (1.0 - THRESHOLD) * reach / deviation
    }
}
