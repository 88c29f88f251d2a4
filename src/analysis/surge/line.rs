//! One way to look at a series: the datapoints themselves, or their means over a span.

use std::collections::VecDeque;

use chrono::TimeDelta;

use super::season::Season;
use super::settings::Settings;
use super::tail::Tail;
use super::verdict::Side;
use super::window::{Window, median};
use crate::clock::Time;

/// The most values that a window of time holds, whatever the period: the bound on a detector's memory.
const MOST: usize = 4096;

/// The fewest values of the recent past that something is expected by.
const FEWEST: usize = 12;

/// Of how many of the newest datapoints the middle says whether what a mean tells of goes on.
const LATEST: usize = 5;

/// How often means are remembered: they change slowly, so that more often would say the same again.
const GRID: TimeDelta = TimeDelta::minutes(5);

/// A line of values with what is expected of the next one.
#[derive(Debug, Clone)]
pub(super) struct Line {
    span: TimeDelta,
    grid: TimeDelta,
    /// In how many steps of the grid the rarest ordinary deviation returns.
    returns: f64,
    within: VecDeque<(Time, f64)>,
    recent: Window,
    season: Season,
    above: Tail,
    below: Tail,
    began: Option<Time>,
    remembered: Option<Time>,
    excursion: Excursion,
}

/// What has been told of a mean that is outside its band.
#[derive(Debug, Clone, Copy)]
enum Excursion {
    /// Nothing: it is inside, or the datapoints are on their way back.
    None,
    /// That it is outside, since then.
    Told(Time),
    /// Everything.
    Over,
}

/// A value held against what was expected of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// What was held against it: the datapoint, or the mean up to it.
    pub(super) value: f64,
    pub(super) expected: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    /// What was expected at least and at most, of which the band is wider.
    beyond: (f64, f64),
    /// How far the value is from what was expected, where 1 is the edge of the band.
    pub(super) distance: f64,
    /// The side to which `distance` goes.
    pub(super) side: Side,
}

impl Line {
    /// A line of datapoints for a span of zero, of means over the span otherwise.
    pub(super) fn new(settings: &Settings, period: TimeDelta, span: TimeDelta) -> Self {
        let means = span > TimeDelta::zero();
        let grid = if means { period.max(GRID) } else { period };
        let steps = |time: TimeDelta| time.as_seconds_f64() / grid.as_seconds_f64().max(1e-3);
        let capacity = |time: TimeDelta| (steps(time).ceil() as usize).clamp(FEWEST, MOST);
        Self {
            span,
            grid,
            returns: steps(settings.ordinary),
            within: VecDeque::new(),
            recent: Window::new(capacity(if means { settings.day } else { settings.recent })),
            season: Season::new(settings.days, settings.jitter, grid),
            above: Tail::new(settings.extremes, capacity(settings.memory)),
            below: Tail::new(settings.extremes, capacity(settings.memory)),
            began: None,
            remembered: None,
            excursion: Excursion::None,
        }
    }

    /// Takes in a datapoint; `None` while too little is known to expect anything. `strayed` is when anything of the
    /// series was last told to be outside.
    pub(super) fn push(
        &mut self,
        (at, value): (Time, f64),
        strayed: Option<Time>,
        settings: &Settings,
    ) -> Option<Reading> {
        let began = *self.began.get_or_insert(at);
        let value = self.mean(at, value);
        if at - began + self.grid < self.span {
            return None;
        }
        if self.remembered.is_some_and(|last| at - last > TimeDelta::days(1)) {
            self.recent.clear();
        }
        let remember = self.remembered.is_none_or(|last| at - last >= self.grid);
        let reading = self.read(at, value, settings, remember).map(|reading| self.told(at, reading, strayed, settings));
        if remember {
            self.recent.push(value);
            self.season.push(at, value);
            self.remembered = Some(at);
        }
        reading
    }

    fn mean(&mut self, at: Time, value: f64) -> f64 {
        while self.within.len() >= MOST || self.within.front().is_some_and(|(then, _)| at - *then >= self.span) {
            self.within.pop_front();
        }
        self.within.push_back((at, value));
        self.within.iter().map(|(_, value)| value).sum::<f64>() / self.within.len() as f64
    }

    /// The reading, inside the band where it has nothing to tell: a mean is far off long after the datapoints are back,
    /// for days after they have gone to another level, and when it holds what has been told already.
    fn told(&mut self, at: Time, reading: Reading, strayed: Option<Time>, settings: &Settings) -> Reading {
        if self.span == TimeDelta::zero() {
            return reading;
        }
        if reading.distance <= 1.0 {
            self.excursion = Excursion::None;
            return reading;
        }
        let latest = self.latest();
        let (from, to) = reading.beyond;
        let goes_on = match reading.side {
            Side::Spike => latest > f64::midpoint(reading.value, to),
            Side::Decline => latest < f64::midpoint(reading.value, from),
        };
        self.excursion = match self.excursion {
            Excursion::None if strayed.is_some_and(|last| at - last < self.span) => Excursion::Over,
            Excursion::None if goes_on => Excursion::Told(at),
            Excursion::Told(since) if !goes_on || at - since >= settings.held => Excursion::Over,
            known => known,
        };
        let is_told = matches!(self.excursion, Excursion::Told(_));
        Reading { distance: if is_told { reading.distance } else { 1.0 }, ..reading }
    }

    /// The middle of the newest datapoints.
    fn latest(&self) -> f64 {
        let mut latest: Vec<f64> = self.within.iter().rev().take(LATEST).map(|(_, value)| *value).collect();
        latest.sort_by(f64::total_cmp);
        median(&latest).unwrap_or_default()
    }

    fn read(&mut self, at: Time, value: f64, settings: &Settings, remember: bool) -> Option<Reading> {
        if self.recent.sorted().len() < FEWEST {
            return None;
        }
        let recent = self.recent.median()?;
        let then = self.season.same_time(at);
        let from = then.map_or(recent, |then| recent.min(then.low));
        let to = then.map_or(recent, |then| recent.max(then.high));
        let (up, down) = (self.above.reach(self.returns), self.below.reach(self.returns));
        // One side may never have strayed yet: then the other one tells what scale this series has.
        let least = settings.least * recent.abs();
        let (height, depth) = (up.max(down * OTHER_SIDE).max(least), down.max(up * OTHER_SIDE).max(least));
        if remember {
            self.above.push(learned(value - to, height, settings.learned));
            self.below.push(learned(from - value, depth, settings.learned));
        }
        let (height, depth) = (height * settings.sensitivity, depth * settings.sensitivity);
        let (over, under) = (distance(value - to, height), distance(from - value, depth));
        Some(Reading {
            value,
            expected: then.map_or(recent, |then| f64::midpoint(recent, then.middle)),
            low: from - depth,
            high: to + height,
            beyond: (from, to),
            distance: over.max(under),
            side: if over >= under { Side::Spike } else { Side::Decline },
        })
    }
}

/// How much of the wider side's reach the narrower side has at least.
const OTHER_SIDE: f64 = 0.2;

/// What is remembered of a deviation: some reaches at most, and all where nothing has ever strayed.
fn learned(deviation: f64, reach: f64, most: f64) -> f64 {
    if reach > 0.0 { deviation.min(reach * most) } else { deviation }
}

fn distance(deviation: f64, reach: f64) -> f64 {
    if deviation <= 0.0 { 0.0 } else { deviation / reach.max(f64::MIN_POSITIVE) }
}
