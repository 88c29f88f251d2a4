//! The smallest and largest value of what a chart draws.

use super::{Chart, Kind, Side};
use crate::clock::Time;

/// Values beyond this are drawn at the edge: the distance of two of them must stay a number.
const HUGE: f64 = f64::MAX / 8.0;

impl Chart<'_> {
    /// The smallest and largest value on one axis; `None` without any point.
    ///
    /// Points that still run do not count: the first seconds of a minute's sum would pull the axis to zero.
    pub(super) fn extent(&self, side: Side) -> Option<(f64, f64)> {
        let lines = || self.lines.iter().filter(|line| line.side == side);
        let points: Vec<(Time, f64)> = lines().flat_map(|line| self.inside(&line.points)).collect();
        let is_over = points.iter().any(|(at, _)| !self.is_running(*at));
        let counts = |at: Time| !is_over || !self.is_running(at);
        let mut values: Vec<f64> = match self.kind {
            Kind::Lines | Kind::Bars | Kind::Numbers => {
                points.iter().filter(|(at, _)| counts(*at)).map(|(_, value)| *value).collect()
            }
            Kind::Stacked => {
                let columns = self.periods(side);
                columns.iter().filter(|(at, _)| counts(**at)).flat_map(|(_, values)| totals(values)).collect()
            }
        };
        if self.kind != Kind::Stacked {
            values.extend(lines().flat_map(|line| self.inside(&line.earlier)).map(|(_, value)| value));
        }
        if values.is_empty() {
            return None;
        }
        if matches!(self.kind, Kind::Bars | Kind::Stacked) && !self.is_log() {
            values.push(0.0);
        }
        if side == Side::Left {
            values.extend(self.bounds.iter().map(|bound| bound.value).filter(|value| value.is_finite()));
            if let Some(band) = self.band.as_ref().filter(|_| self.kind == Kind::Lines) {
                values.extend(self.inside(&band.lower).chain(self.inside(&band.upper)).map(|(_, value)| value));
            }
        }
        if self.is_log() {
            values.retain(|value| *value > 0.0);
        }
        let clamped = values.iter().map(|value| value.clamp(-HUGE, HUGE));
        let ends = (clamped.clone().fold(f64::MAX, f64::min), clamped.fold(f64::MIN, f64::max));
        (!values.is_empty()).then_some(ends)
    }

    /// Whether a value is drawn that a logarithmic axis has no place for.
    pub(super) fn has_none_positive(&self) -> bool {
        self.lines.iter().flat_map(|line| self.inside(&line.points)).any(|(_, value)| value <= 0.0)
    }

    /// The finite points inside the chart.
    pub(super) fn inside<'p>(&self, points: &'p [(Time, f64)]) -> impl Iterator<Item = (Time, f64)> + 'p {
        let start = points.partition_point(|(at, _)| *at < self.from);
        let end = points.partition_point(|(at, _)| *at < self.to);
        points[start.min(end)..end].iter().copied().filter(|(_, value)| value.is_finite())
    }
}

/// What lies above zero together, and what lies below.
pub(super) fn totals(values: &[Option<f64>]) -> [f64; 2] {
    let sum = |above: bool| values.iter().flatten().filter(|value| (**value >= 0.0) == above).sum::<f64>();
    [sum(true).min(HUGE), sum(false).max(-HUGE)]
}
